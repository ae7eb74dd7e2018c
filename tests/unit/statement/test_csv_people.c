/* Files for people, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "statement/words.h"

enum { LIMIT = 4096 };

static void wrote(struct csv_people *w, const char *want)
{
    assert_false(w->failed);
    assert_int_equal(w->len, strlen(want));
    assert_memory_equal(w->at, want, w->len);
    csv_people_free(w);
}

static void rows_and_marks(void **state)
{
    struct csv_people w;

    (void)state;
    csv_people_start(&w, LIMIT);
    csv_people_text(&w, TEXT("单位"));
    csv_people_text(&w, TEXT("a,\"b\"\r\nc"));
    csv_people_end_row(&w);
    csv_people_fen(&w, fen_of(-123450));
    csv_people_none(&w);
    csv_people_percent(&w, 35750);
    csv_people_int(&w, -7);
    csv_people_date(&w, date_of(2026, 6, 30));
    csv_people_date(&w, DATE_NONE);
    csv_people_month(&w, month_of(2026, 9));
    csv_people_end_row(&w);
    assert_int_equal(w.rows, 2);
    wrote(&w, "\xef\xbb\xbf单位,\"a,\"\"b\"\"\r\nc\"\r\n-1234.50,,3.575,-7,2026-06-30,,202609\r\n");
}

static void formulas(void **state)
{
    static const char *const texts[][2] = {
        {"=1+1", "'=1+1"},     {"+86", "'+86"},
        {"-", "'-"},           {"@SUM(A1)", "'@SUM(A1)"},
        {"\tx", "'\tx"},       {"\rx", "\"'\rx\""},
        {"＝1", "'＝1"},       {"＠x", "'＠x"},
        {"a=b", "a=b"},        {"'=1", "'=1"},
        {" =1", " =1"},        {"", ""},
        {"=1,2", "\"'=1,2\""}, {"=\"x\"", "\"'=\"\"x\"\"\""},
    };
    struct csv_people w;
    char want[64];

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        csv_people_start(&w, LIMIT);
        csv_people_text(&w, text_of(texts[i][0]));
        want[0] = '\0';
        strcat(strcat(want, "\xef\xbb\xbf"), texts[i][1]);
        wrote(&w, want);
    }
    /* Minus is an amount's own. */
    csv_people_start(&w, LIMIT);
    csv_people_fen(&w, fen_of(-1));
    wrote(&w, "\xef\xbb\xbf-0.01");
}

static void numbers_that_are_names(void **state)
{
    static const char *const numbers[][2] = {
        {"12345678901", "12345678901"},
        {"123456789012", "\"=\"\"123456789012\"\"\""},
        {"0871", "\"=\"\"0871\"\"\""},
        {"0", "0"},
        {"L2026", "L2026"},
        {"-1", "'-1"},
        {"=1", "'=1"},
        {"12345678901234567890", "\"=\"\"12345678901234567890\"\"\""},
        {"123456789012\"", "\"123456789012\"\"\""},
    };
    struct csv_people w;
    char want[64];

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        csv_people_start(&w, LIMIT);
        csv_people_number(&w, text_of(numbers[i][0]));
        want[0] = '\0';
        strcat(strcat(want, "\xef\xbb\xbf"), numbers[i][1]);
        wrote(&w, want);
    }
}

static void a_limit(void **state)
{
    struct csv_people w;

    (void)state;
    csv_people_start(&w, 40);
    for (int i = 0; i < 100; i++) {
        csv_people_text(&w, TEXT("0123456789"));
        csv_people_end_row(&w);
    }
    assert_true(w.failed);
    assert_true(w.len <= 40);
    csv_people_free(&w);
}

static void heads(void **state)
{
    struct csv_people w;

    (void)state;
    for (int kind = STATEMENT_CONTRIBUTIONS; kind <= STATEMENT_LOAN_HISTORY; kind++) {
        size_t commas[2] = {0, 0};

        for (int english = 0; english < 2; english++) {
            csv_people_start(&w, LIMIT);
            statement_heads(&w, (enum statement_kind)kind, english);
            for (size_t i = 0; i < w.len; i++) {
                commas[english] += w.at[i] == ',';
            }
            assert_int_equal(w.rows, 1);
            csv_people_free(&w);
        }
        assert_true(commas[0] >= 6);
        assert_int_equal(commas[0], commas[1]);
    }
    assert_true(text_equal(statement_entry_word(9, false), TEXT("年度结息")));
    assert_true(text_equal(statement_reason_word(0, true), TEXT("")));
    assert_true(text_equal(statement_entry_word(100, true), TEXT("")));
    assert_true(text_equal(statement_loan_entry_word(-1, true), TEXT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_marks),
        cmocka_unit_test(formulas),
        cmocka_unit_test(numbers_that_are_names),
        cmocka_unit_test(a_limit),
        cmocka_unit_test(heads),
    };

    return cmocka_run_group_tests_name("csv_people", tests, NULL, NULL);
}
