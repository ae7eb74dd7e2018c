/* Any text through every reader of src/base: what is accepted is written back byte for byte, and
 * no mask shows a number whole. */
#include "check.h"

#include "base/date.h"
#include "base/identity.h"
#include "base/json.h"
#include "base/money.h"
#include "base/text.h"

static void numbers(struct text t)
{
    char out[64];
    millionths rate;
    civil_date d;
    civil_month m;
    fen amount;

    if (fen_parse(t, &amount))
        CHECK((size_t)fen_format(amount, out) == t.len && memcmp(out, t.at, t.len) == 0);
    if (date_parse(t, &d))
        CHECK((size_t)date_format(d, out) == t.len && memcmp(out, t.at, t.len) == 0);
    if (month_parse(t, &m))
        CHECK((size_t)month_format(m, out) == t.len && memcmp(out, t.at, t.len) == 0);
    if (millionths_parse_percent(t, &rate))
        CHECK((size_t)millionths_format_percent(rate, out) == t.len &&
              memcmp(out, t.at, t.len) == 0);
}

static void documents(struct text t)
{
    static const enum id_type types[] = {ID_RESIDENT, ID_OFFICER, ID_PASSPORT, ID_FOREIGN_PERMANENT,
                                         ID_OTHER};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (id_valid(types[i], t))
            CHECK(t.len >= 1 && t.len <= 18 && text_is_clean_utf8(t));
    CHECK(!(id_resident_valid(t) && id_foreign_permanent_valid(t)));
    if (credit_code_valid(t))
        CHECK(t.len == 18);
    if (bank_card_valid(t))
        CHECK(bank_card_check_digit((struct text){t.at, t.len - 1}) == t.at[t.len - 1]);
    if (mobile_phone_valid(t))
        CHECK(t.len == 11);
}

static void masks(struct text t)
{
    void (*const all[])(struct text, char *, size_t) = {mask_id, mask_phone, mask_card};
    char out[256];

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        all[i](t, out, sizeof out);
        CHECK(strlen(out) <= t.len);
        if (text_is_clean_utf8(t))
            CHECK(text_is_clean_utf8(text_of(out)) && (out[0] == '\0' || strchr(out, '*')));
    }
    mask_name(t, out, sizeof out);
    CHECK(strlen(out) <= t.len);
    if (text_is_clean_utf8(t))
        CHECK(text_is_clean_utf8(text_of(out)));
}

/* Between the quotes of the outcome stands clean UTF-8 without a naked quote. */
static void json(struct text t)
{
    struct json j;

    json_start(&j, 8 * t.len + 16);
    json_put_text(&j, NULL, t);
    CHECK(!j.failed && j.len >= 2 && j.at[0] == '"' && j.at[j.len - 1] == '"');
    for (size_t i = 1; i + 1 < j.len; i++) {
        CHECK((unsigned char)j.at[i] >= 0x20 && j.at[i] != '"');
        if (j.at[i] == '\\')
            CHECK(++i + 1 < j.len);
        if (j.at[i] == 0x7F) /* stands for itself in JSON, but is not clean */
            j.at[i] = ' ';
    }
    CHECK(text_is_clean_utf8((struct text){j.at, j.len}));
    json_free(&j);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct text t = {(const char *)bytes, size};

    CHECK(text_characters(t) <= size);
    numbers(t);
    documents(t);
    masks(t);
    json(t);
    return 0;
}
