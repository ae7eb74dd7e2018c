/* The six demo depositors are what they are said to be, whichever day a demo is made on. */
#include "set.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { PEOPLE = 50, SPECIALS_THERE = 6, DAYS_APART = 4, DAYS_IN_ALL = 800 };

/* The truth's lines of the demo depositors, by their number from 1. */
static void read_special(const char *dir, json_t *special[SPECIALS_THERE + 1])
{
    static char line[65536];
    char path[FOLDER_MAX + 16];
    FILE *f;

    snprintf(path, sizeof path, "%s/truth.jsonl", dir);
    f = fopen(path, "r");
    assert_non_null(f);
    for (int i = 0; i <= SPECIALS_THERE; i++)
        special[i] = NULL;
    while (fgets(line, sizeof line, f) != NULL) {
        json_t *o = json_loads(line, 0, NULL);
        json_t *demo = json_object_get(o, "demo");

        if (json_is_integer(demo)) {
            assert_null(special[json_integer_value(demo)]);
            special[json_integer_value(demo)] = json_incref(o);
        }
        json_decref(o);
    }
    fclose(f);
}

static int64_t number(const json_t *o, const char *key)
{
    assert_true(json_is_integer(json_object_get(o, key)));
    return json_integer_value(json_object_get(o, key));
}

static const char *word(const json_t *o, const char *key)
{
    const char *w = json_string_value(json_object_get(o, key));

    return w ? w : "";
}

static size_t length(const json_t *o, const char *key)
{
    return json_array_size(json_object_get(o, key));
}

static void check_everybody(const json_t *o)
{
    assert_non_null(o);
    assert_int_equal(strlen(word(o, "id_number")), 18);
    assert_int_equal(strlen(word(o, "phone")), 11);
    assert_true(strlen(word(json_object_get(o, "special"), "zh")) > 0);
    assert_true(strlen(word(json_object_get(o, "special"), "en")) > 0);
    assert_int_equal(length(o, "planted"), 0);
}

static void check_special(json_t *const s[])
{
    const json_t *loan = json_object_get(s[1], "loan");
    const json_t *applications = json_object_get(s[5], "applications");

    for (int i = 1; i <= SPECIALS_THERE; i++)
        check_everybody(s[i]);
    assert_int_equal(length(s[1], "missing"), 1);
    assert_int_equal(length(s[1], "short"), 1);
    assert_int_equal(number(loan, "overdue_periods"), 0);
    assert_true(json_is_string(json_object_get(loan, "next_due")));
    /* opened, one remittance, and in July the interest of some days */
    assert_int_equal(number(s[2], "entries"),
                     2 + json_is_object(json_object_get(s[2], "settlement")));
    assert_int_equal(number(s[2], "consecutive_full"), 1);
    assert_int_equal(length(s[2], "missing") + length(s[2], "short"), 0);
    assert_int_equal(number(s[3], "state"), 2);
    assert_int_equal(number(s[3], "consecutive_full"), 0);
    assert_int_equal(number(s[4], "state"), 1);
    assert_string_equal(word(s[4], "frozen"), "30000.00");
    assert_int_equal(number(applications, "refused"), 1);
    assert_int_equal(number(applications, "received"), 1);
    assert_true(number(applications, "paid") > 0);
    assert_memory_equal(word(s[6], "id_number"), "810000", 6);
    assert_int_equal(number(json_object_get(s[6], "loan"), "overdue_periods"), 2);
}

static void test_special(void **state)
{
    json_t *special[SPECIALS_THERE + 1];
    char dir[FOLDER_MAX], until[DATE_TEXT_MAX];

    (void)state;
    for (int32_t i = 0; i < DAYS_IN_ALL; i += DAYS_APART) {
        date_format(date_plus(date_of(2026, 1, 1), i), until);
        folder_new(dir);
        set_write(dir, PEOPLE, (uint64_t)i, until);
        read_special(dir, special);
        check_special(special);
        for (int k = 1; k <= SPECIALS_THERE; k++)
            json_decref(special[k]);
        folder_remove(dir);
    }
}

/* The fifth one's other account, merged, has entries before the two rates ended. */
static void test_merged_reaches_back(void **state)
{
    static struct table t;
    char dir[FOLDER_MAX];
    int64_t out = 0, in = 0;

    (void)state;
    folder_new(dir);
    set_write(dir, PEOPLE, 1, "2026-11-23");
    table_open(&t, dir, "accounts.csv");
    while (!field_is(&t, "GRBH", "P00000005"))
        table_next(&t);
    assert_true(field_is(&t, "GRZHZT", "03"));
    assert_true(field_is(&t, "HBZH", "0871000000052"));
    assert_true(field_day(&t, "KHRQ") < date_of(2013, 1, 1).day);
    while (t.more)
        table_next(&t);
    table_close(&t);
    for (table_open(&t, dir, "ledger.csv"); t.more; table_next(&t)) {
        if (field_is(&t, "GJHTQYWLX", "71") && field_is(&t, "GRZH", "0871000000051"))
            out += field_fen(&t, "FSE");
        if (field_is(&t, "GJHTQYWLX", "71") && field_is(&t, "GRZH", "0871000000052"))
            in += field_fen(&t, "SNJZFSE");
    }
    table_close(&t);
    assert_true(in > 0 && out == -in);
    folder_remove(dir);
}

/* One settlement in two thousand accounts is wrong, and in each city of two hundred at least. */
static void test_planted(void **state)
{
    static struct coverage c;
    char dir[FOLDER_MAX];
    int planted = 0;
    static char line[65536];
    char path[FOLDER_MAX + 16];
    FILE *f;

    (void)state;
    folder_new(dir);
    set_write(dir, 4200, 2, "2026-11-23");
    set_check(dir, "2026-11-23", &c); /* that what is planted is what is wrong */
    snprintf(path, sizeof path, "%s/truth.jsonl", dir);
    f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f) != NULL)
        planted += strstr(line, "\"planted\":[]") == NULL;
    fclose(f);
    assert_int_equal(planted, 3);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_special),
        cmocka_unit_test(test_merged_reaches_back),
        cmocka_unit_test(test_planted),
    };

    return cmocka_run_group_tests_name("city special", tests, NULL, NULL);
}
