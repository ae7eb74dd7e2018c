/* Any fields: the row read again has them all, no text is a formula, and amounts stay numbers. A line
 * of the input is a field: its first byte says which kind. */
#include "check.h"

#include "base/csv.h"
#include "statement/csv_people.h"

enum { FIELDS = 24, LIMIT = 1 << 16 };

static bool starts_like_a_formula(struct text t)
{
    return t.len > 0 && memchr("=+-@\t\r", t.at[0], 6) != NULL;
}

/* What the field must read as: itself, or itself behind an apostrophe. */
static void check_text(struct text got, struct text want)
{
    CHECK(!starts_like_a_formula(got));
    if (got.len == want.len + 1 && got.at[0] == '\'') {
        got.at++;
        got.len--;
    }
    CHECK(text_equal(got, want));
}

static bool digits_only(struct text t)
{
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] < '0' || t.at[i] > '9') {
            return false;
        }
    }
    return t.len > 0;
}

/* Digits as they are, or inside ="…"; anything else is a text. */
static void check_number(struct text got, struct text want)
{
    if (!digits_only(want)) {
        check_text(got, want);
    } else if (got.len > want.len) {
        CHECK(got.len == want.len + 3 && memcmp(got.at, "=\"", 2) == 0);
        CHECK(memcmp(got.at + 2, want.at, want.len) == 0 && got.at[got.len - 1] == '"');
    } else {
        CHECK(text_equal(got, want) && want.len <= 11 && (want.len == 1 || want.at[0] != '0'));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct csv_people w;
    struct text lines[FIELDS], fields[CSV_FIELDS_MAX];
    const char *at = (const char *)bytes, *end = at + size;
    int count = 0;

    csv_people_start(&w, LIMIT);
    while (at < end && count < FIELDS) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct text line = {at + 1, (size_t)((stop ? stop : end) - at)};

        line.len -= line.len > 0;
        lines[count++] = (struct text){at, line.len + 1};
        switch (*at) {
        case 'A': csv_people_fen(&w, fen_of(-(int64_t)line.len)); break;
        case 'N': csv_people_number(&w, line); break;
        default: csv_people_text(&w, line);
        }
        at = stop ? stop + 1 : end;
    }
    csv_people_end_row(&w);
    CHECK(w.len <= LIMIT);
    if (!w.failed && count > 0 && w.len < CSV_RECORD_MAX) {
        CHECK(memcmp(w.at, "\xef\xbb\xbf", 3) == 0 && memcmp(w.at + w.len - 2, "\r\n", 2) == 0);
        CHECK(csv_split(w.at + 3, w.len - 5, fields) == count);
        for (int i = 0; i < count; i++) {
            struct text want = {lines[i].at + 1, lines[i].len - 1};
            fen amount;

            if (lines[i].at[0] == 'A') {
                CHECK(fen_parse(fields[i], &amount) && amount.n == -(int64_t)want.len);
            } else if (lines[i].at[0] == 'N') {
                check_number(fields[i], want);
            } else {
                check_text(fields[i], want);
            }
        }
    }
    csv_people_free(&w);
    return 0;
}
