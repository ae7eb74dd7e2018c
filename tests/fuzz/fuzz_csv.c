/* Any line: refused, or split into views that lie in it, which written again give the same. */
#include "check.h"

#include "base/csv.h"

static size_t write_again(char *out, const struct text *fields, int n)
{
    size_t len = 0;

    for (int i = 0; i < n; i++) {
        if (i > 0)
            out[len++] = ',';
        len += csv_put(out + len, fields[i]);
    }
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct text first[CSV_FIELDS_MAX], second[CSV_FIELDS_MAX];
    char *line = malloc(size ? size : 1), *again = malloc(2 * size + 3 * CSV_FIELDS_MAX);
    size_t len;
    int n;

    CHECK(line && again);
    if (size)
        memcpy(line, bytes, size);
    n = csv_split(line, size, first);
    CHECK(n == -1 || (n >= 1 && n <= CSV_FIELDS_MAX));
    for (int i = 0; i < n; i++)
        CHECK(first[i].at >= line && first[i].at + first[i].len <= line + size);
    len = n > 0 ? write_again(again, first, n) : 0;
    if (n > 0 && len <= CSV_RECORD_MAX) {
        CHECK(csv_split(again, len, second) == n);
        for (int i = 0; i < n; i++)
            CHECK(text_equal(first[i], second[i]));
    }
    free(again);
    free(line);
    return 0;
}
