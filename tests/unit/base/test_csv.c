#include "check.h"

#include "base/csv.h"
#include "base/random.h"

static void check_split(const char *line, int want, const char *const *fields)
{
    struct text out[CSV_FIELDS_MAX];
    size_t len = strlen(line);
    char *exact = malloc(len ? len : 1); /* so that a sanitizer sees overreading */

    assert_non_null(exact);
    memcpy(exact, line, len);
    assert_int_equal(csv_split(exact, len, out), want);
    for (int i = 0; i < want; i++) {
        assert_true(text_equal(out[i], text_of(fields[i])));
        assert_true(out[i].at >= exact && out[i].at + out[i].len <= exact + len);
    }
    free(exact);
}

#define SPLITS(line, ...)                              \
    do {                                               \
        const char *const fields[] = {__VA_ARGS__};    \
        check_split(line, (int)COUNT(fields), fields); \
    } while (0)

/* RFC 4180, section 2. */
static void lines_are_split(void **state)
{
    static const char *const broken[] = {"\"",     "\"a",      "a,\"b",     "a\"b",
                                         "a,b\"",  "\"a\"b",   "\"a\" ,b",  " \"a\"",
                                         "\"\"\"", "\"a\",\"", "\"a\"\"b,c"};

    (void)state;
    SPLITS("", "");
    SPLITS("a", "a");
    SPLITS(",", "", "");
    SPLITS("a,", "a", "");
    SPLITS(",a", "", "a");
    SPLITS("a,b,c", "a", "b", "c");
    SPLITS("530100000000000001,2026-06-30,,-12.30,01", "530100000000000001", "2026-06-30", "",
           "-12.30", "01");
    SPLITS("\"\"", "");
    SPLITS("\"\",\"\"", "", "");
    SPLITS("\"a,b\",c", "a,b", "c");
    SPLITS("x,\"a\"\"b\",c", "x", "a\"b", "c");
    SPLITS("\"\"\"\"", "\"");
    SPLITS("\"\"\"a\"\"\",\"b\"", "\"a\"", "b");
    SPLITS("\"昆明, 云南\",末", "昆明, 云南", "末");
    SPLITS("\"a\r\nb\",c", "a\r\nb", "c");
    SPLITS("\"a\",", "a", "");
    for (size_t i = 0; i < COUNT(broken); i++)
        check_split(broken[i], -1, NULL);
}

static void limits_hold(void **state)
{
    struct text out[CSV_FIELDS_MAX];
    char *line = malloc(CSV_RECORD_MAX + 1);

    (void)state;
    memset(line, ',', CSV_FIELDS_MAX + 1);
    assert_int_equal(csv_split(line, CSV_FIELDS_MAX - 1, out), CSV_FIELDS_MAX);
    assert_int_equal(csv_split(line, CSV_FIELDS_MAX, out), -1);
    assert_int_equal(csv_split(line, CSV_FIELDS_MAX + 1, out), -1);
    memcpy(line, "\"\"", 2); /* the same by the other road */
    assert_int_equal(csv_split(line, CSV_FIELDS_MAX + 1, out), CSV_FIELDS_MAX);
    assert_int_equal(csv_split(line, CSV_FIELDS_MAX + 2 - 1, out), CSV_FIELDS_MAX);
    memset(line, ',', CSV_FIELDS_MAX + 8);
    memcpy(line, "\"\"", 2);
    assert_int_equal(csv_split(line, CSV_FIELDS_MAX + 2, out), -1);
    memset(line, 'a', CSV_RECORD_MAX + 1);
    assert_int_equal(csv_split(line, CSV_RECORD_MAX, out), 1);
    assert_int_equal(csv_split(line, CSV_RECORD_MAX + 1, out), -1);
    free(line);
}

/* What csv_put writes csv_split reads back, whatever the fields hold. */
static void written_records_are_read_back(void **state)
{
    static const char letters[] = "ab1,\"\r\n 中-.";
    struct random r;

    (void)state;
    random_seeded(&r, 9);
    for (int i = 0; i < 100000; i++) {
        char fields[8][12], line[8 * 32];
        struct text out[CSV_FIELDS_MAX];
        size_t sizes[8], len = 0;
        int n = 1 + (int)random_below(&r, 8);

        for (int k = 0; k < n; k++) {
            size_t before = len;
            struct text t;

            sizes[k] = random_below(&r, sizeof fields[k] + 1);
            for (size_t b = 0; b < sizes[k]; b++)
                fields[k][b] = letters[random_below(&r, sizeof letters - 1)];
            t = (struct text){fields[k], sizes[k]};
            if (k > 0)
                line[len++] = ',';
            len += csv_put(line + len, t);
            assert_true(len - before <= 2 * sizes[k] + 2 + 1);
        }
        assert_int_equal(csv_split(line, len, out), n);
        for (int k = 0; k < n; k++)
            assert_true(text_equal(out[k], (struct text){fields[k], sizes[k]}));
    }
}

/* A plain field is written as it is. */
static void quotes_only_where_needed(void **state)
{
    char out[32];

    (void)state;
    assert_int_equal(csv_put(out, TEXT("abc")), 3);
    assert_memory_equal(out, "abc", 3);
    assert_int_equal(csv_put(out, (struct text){NULL, 0}), 0);
    assert_int_equal(csv_put(out, TEXT("a,b")), 5);
    assert_memory_equal(out, "\"a,b\"", 5);
    assert_int_equal(csv_put(out, TEXT("\"")), 4);
    assert_memory_equal(out, "\"\"\"\"", 4);
    assert_int_equal(csv_put(out, TEXT("\r")), 3);
    assert_int_equal(csv_put(out, TEXT("\n")), 3);
}

static void lines_end_in_lf_or_crlf_or_not(void **state)
{
    static const char *const want[] = {"a,b", "", "c\rd", "e"};
    char all[] = "a,b\n\r\nc\rd\r\ne", *at = all, *end = all + sizeof all - 1, *line;
    size_t len = 0, n = 0;

    (void)state;
    for (; (line = csv_line(&at, end, &len)) != NULL; n++) {
        assert_true(n < sizeof want / sizeof *want);
        assert_int_equal(len, strlen(want[n]));
        assert_memory_equal(line, want[n], len);
    }
    assert_int_equal(n, sizeof want / sizeof *want);
    assert_ptr_equal(at, end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_lf_or_crlf_or_not),
        cmocka_unit_test(lines_are_split),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(written_records_are_read_back),
        cmocka_unit_test(quotes_only_where_needed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
