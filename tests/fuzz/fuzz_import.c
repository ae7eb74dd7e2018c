/* Any bytes as a file of an exchange set, or as its manifest: refused line by line, or read into
 * values that keep what their columns promise. The first byte says which file. */
#include "check.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/money.h"
#include "exchange/source.h"

/* What is said has the form FILE:LINE:COLUMN CODE words and no control character. */
static void show(void *context, const char *line)
{
    struct text t = text_of(line);

    (void)context;
    CHECK(t.len > 0 && t.len < FAULT_LINE_MAX);
    CHECK(text_is_clean_utf8(t));
    CHECK(strstr(line, " E-") != NULL);
}

static void check_value(const struct column *c, const struct value *v, const struct judge *j)
{
    CHECK(text_is_clean_utf8(v->text));
    CHECK(v->there || v->n == 0);
    if (!v->there)
        return;
    switch (c->form) {
    case FORM_NUMBER:
    case FORM_OFFICE_LINE: CHECK(v->text.len <= (size_t)c->limit); break;
    case FORM_TEXT: CHECK(text_characters(v->text) <= (size_t)c->limit); break;
    case FORM_DATE: CHECK(v->n <= j->as_of.day); break;
    case FORM_AMOUNT: CHECK(v->n <= FEN_LIMIT && v->n >= -FEN_LIMIT); break;
    case FORM_AMOUNT_NOT_LESS: CHECK(v->n >= 0 && v->n <= FEN_LIMIT); break;
    case FORM_AMOUNT_MORE: CHECK(v->n > 0 && v->n <= FEN_LIMIT); break;
    case FORM_COUNT: CHECK(v->n >= 0 && v->n <= c->limit); break;
    case FORM_COUNT_FROM_1: CHECK(v->n >= 1 && v->n <= c->limit); break;
    case FORM_SEQUENCE: CHECK(v->n >= 1); break;
    case FORM_FLAG: CHECK(v->n == 0 || v->n == 1); break;
    case FORM_CODE: CHECK(v->n >= 1 && v->n <= 99); break;
    default: break;
    }
}

/* Rows come in the order of their keys; a key's number or text is above the one before. */
static void read_all(struct source *s, struct faults *faults)
{
    char previous[KEY_TEXT_MAX];
    size_t previous_len = 0;
    struct error err;
    int64_t line = 1;

    while (s->there) {
        int64_t before = faults->count;

        CHECK(s->line > line);
        line = s->line;
        for (int i = 0; i < s->kind->column_count; i++)
            check_value(&s->kind->columns[i], &s->v[i], &s->in->judge);
        CHECK(text_compare(source_account(s), (struct text){previous, previous_len}) >= 0);
        previous_len = source_account(s).len;
        CHECK(previous_len > 0 && previous_len <= KEY_TEXT_MAX);
        memcpy(previous, source_account(s).at, previous_len);
        CHECK(source_next(s, &err) == RESULT_OK);
        CHECK(!s->gap || faults->count > before);
    }
}

static void fuzz_file(int file, const uint8_t *bytes, size_t size)
{
    struct faults faults = {.show = show};
    struct reading in = {.faults = &faults,
                         .judge = {.as_of = date_of(2026, 11, 23), .demo = file % 2 == 0}};
    struct manifest_file expected = {.records = 1};
    struct source s;
    struct error err;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    CHECK(fd >= 0);
    CHECK(write(fd, bytes, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    CHECK(source_start(&s, &kinds[file], &expected, fd, &in, false, &err) == RESULT_OK);
    read_all(&s, &faults);
    CHECK(in.done == size);
    source_finish(&s);
    CHECK(faults.count > 0); /* the digest of all zeros is nobody's */
    source_close(&s);
}

static void fuzz_manifest(const uint8_t *bytes, size_t size)
{
    struct faults faults = {.show = show};
    struct manifest m;
    struct error err;
    enum result result = manifest_parse((const char *)bytes, size, &m, &faults, &err);

    CHECK((result == RESULT_OK) == (faults.count == 0));
    if (result == RESULT_OK)
        CHECK(m.number >= 1 && m.set_id[0] && m.whole == (m.number == 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    if (bytes[0] - '0' == FILE_COUNT)
        fuzz_manifest(bytes + 1, size - 1);
    else
        fuzz_file(bytes[0] % FILE_COUNT, bytes + 1, size - 1);
    return 0;
}
