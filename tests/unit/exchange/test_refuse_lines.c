/* Mistakes of whole lines, of several lines together, of files and of the manifest, with the line
 * and column they are said at. */
#include "set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- whole lines ---------------------------------------------------------------------------------- */

static void lines(void **state)
{
    struct fixture *f = *state;
    char *long_line = malloc(16400);
    struct set s;

    set_make(&s);
    set_insert(&s, FILE_UNITS, 3, "U0015,\"open");
    set_refused(&s, f, "units.csv:3:- E-LINE the quoting is broken", NULL);
    set_line(&s, FILE_UNITS, 3, "U0015,a,b");
    set_refused(&s, f, "units.csv:3:- E-LINE a wrong number of fields", NULL);
    set_line(&s, FILE_UNITS, 3, "");
    set_refused(&s, f, "units.csv:3:- E-LINE", NULL);
    memset(long_line, 'x', 16399);
    long_line[16399] = '\0';
    set_line(&s, FILE_UNITS, 3, long_line);
    set_refused(&s, f, "units.csv:3:- E-LINE longer than", NULL);
    free(long_line);
    set_free(&s);
}

static void encoding(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    set_cell(&s, FILE_UNITS, 3, "DWMC", "\xC0\xAF");
    set_refused(&s, f, "units.csv:3:DWMC E-ENCODING", NULL);
    set_cell(&s, FILE_UNITS, 3, "DWMC", "a\tb");
    set_refused(&s, f, "units.csv:3:DWMC E-ENCODING", NULL);
    set_cell(&s, FILE_UNITS, 3, "DWMC", "\xED\xA0\x80");
    set_refused(&s, f, "units.csv:3:DWMC E-ENCODING", NULL);
    set_cell(&s, FILE_UNITS, 3, "DWMC", "ok");
    set_line(&s, FILE_UNITS, 1,
             "\xEF\xBB\xBF"
             "DWZH,DWMC,ZZJGDM,DWZHZT,DWKHRQ,DWXHRQ,DWJCBL,GRJCBL,JZNY,JBRXM,JBRGDDHHM,GLBM");
    set_refused(&s, f, "units.csv:1:- E-ENCODING", NULL);
    set_free(&s);
}

static void headers(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    set_line(&s, FILE_RATES, 1, "JKRGJJZH,DKZH,SXRQ,DQJHHKJE,DKLL");
    set_refused(&s, f, "loan_rates.csv:1:DKLL E-HEADER", NULL);
    set_line(&s, FILE_RATES, 1, "JKRGJJZH,DKZH,SXRQ,DKLL,DQJHHKJE,MORE");
    set_refused(&s, f, "loan_rates.csv:1:- E-HEADER", NULL);
    s.files[FILE_RATES].count = 0;
    s.keep_manifest = true;
    set_refused(&s, f, "loan_rates.csv:1:- E-HEADER", "loan_rates.csv:1:- E-DIGEST");
    s.files[FILE_RATES].absent = true;
    set_refused(&s, f, "loan_rates.csv:1:- E-FILE", NULL);
    s.files[FILE_RATES].count = 2;
    set_free(&s);
}

/* A pipe or a folder of a file's name is no file. */
static void no_files(void **state)
{
    struct fixture *f = *state;
    char path[160];
    struct set s;

    set_make(&s);
    set_write(&s);
    snprintf(path, sizeof path, "%s/terms.csv", s.folder);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(set_import(&s, f, false), RESULT_INVALID);
    assert_int_equal(s.said_count, 1);
    assert_memory_equal(s.said[0], "terms.csv:1:- E-FILE", 20);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(set_import(&s, f, false), RESULT_INVALID);
    assert_memory_equal(s.said[0], "terms.csv:1:- E-FILE", 20);
    rmdir(path);
    set_free(&s);
}

static void order(void **state)
{
    struct fixture *f = *state;
    char *moved;
    struct set s;

    set_make(&s);
    moved = strdup(s.files[FILE_ACCOUNTS].lines[1]);
    set_insert(&s, FILE_ACCOUNTS, 3, moved);
    set_refused(&s, f, "accounts.csv:3:GRZH E-DUPLICATE", NULL);
    set_remove(&s, FILE_ACCOUNTS, 2);
    set_remove(&s, FILE_ACCOUNTS, 2);
    set_insert(&s, FILE_ACCOUNTS, 3, moved);
    /* The other files were there before: their lines are said to miss their account. */
    set_refused(&s, f, "terms.csv:2:GRZH E-REFERENCE", "ledger.csv:2:GRZH E-REFERENCE");
    assert_int_equal(s.said_count, 5);
    assert_memory_equal(s.said[4], "accounts.csv:3:GRZH E-ORDER", 27);
    free(moved);
    set_free(&s);

    set_make(&s);
    moved = strdup(s.files[FILE_TERMS].lines[2]);
    set_line(&s, FILE_TERMS, 3, s.files[FILE_TERMS].lines[3]);
    set_line(&s, FILE_TERMS, 4, moved);
    set_refused(&s, f, "terms.csv:4:SXNY E-ORDER", NULL);
    free(moved);
    set_free(&s);
}

/* Lines of an account that accounts.csv does not have are named once for each file. */
static void references(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    set_remove(&s, FILE_ACCOUNTS, 2);
    assert_int_equal(set_import(&s, f, true), RESULT_INVALID);
    assert_int_equal(s.said_count, 5);
    assert_memory_equal(s.said[0], "terms.csv:2:GRZH E-REFERENCE", 28);
    assert_memory_equal(s.said[1], "ledger.csv:2:GRZH E-REFERENCE", 29);
    assert_memory_equal(s.said[2], "applications.csv:2:GRZH E-REFERENCE", 35);
    assert_memory_equal(s.said[3], "applications.csv:3:GRZH E-REFERENCE", 35);
    assert_memory_equal(s.said[4], "loan_contracts.csv:2:JKRGJJZH E-REFERENCE", 41);
    set_free(&s);
}

/* --- rules over several lines ---------------------------------------------------------------------- */

static void closings(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    set_insert(&s, FILE_LEDGER, 14,
               "5301990002,3,2024-06-30,2024-06-30,09,,,,,,0.00,0.00,0.00,0.00,0.00,0.00,0.00,,"
               "F0003,0,");
    set_refused(&s, f, "ledger.csv:14:GJHTQYWLX E-RULE the account was closed", NULL);
    set_free(&s);

    set_make(&s); /* a closing that leaves something */
    set_line(&s, FILE_LEDGER, 13,
             "5301990002,2,2024-03-10,2024-03-10,12,,,,,,0.00,0.00,-999.00,-999.00,0.00,2.50,1.00,"
             "03,F0002,0,");
    set_refused(&s, f, "ledger.csv:13:FSE E-RULE a closing takes out the whole", NULL);
    set_free(&s);

    set_make(&s); /* merged money that does not arrive */
    set_line(&s, FILE_LEDGER, 16,
             "5301990004,1,2024-04-02,2024-04-02,71,,,,,,0.00,0.00,500.00,0.00,500.00,0.00,500.00,,"
             "F0001,0,");
    set_refused(&s, f, "ledger.csv:15:FSE E-RULE the other account", NULL);
    set_line(&s, FILE_LEDGER, 16,
             "5301990004,1,2024-04-01,2024-04-01,71,,,,,,0.00,0.00,500.00,500.00,0.00,0.00,500.00,,"
             "F0001,0,");
    set_refused(&s, f, "ledger.csv:16:DNGJFSE E-RULE what comes from a merged", NULL);
    set_free(&s);
}

static void settlements(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s); /* half of this year's part stays behind */
    set_line(&s, FILE_LEDGER, 4,
             "5301990001,3,2023-06-30,2023-06-30,09,,,,,,0.00,0.00,1.28,-1000.00,1001.28,1.28,"
             "1921.28,,F0003,0,");
    set_refused(&s, f, "ledger.csv:4:DNGJFSE E-RULE the yearly interest carries", NULL);
    set_free(&s);

    set_make(&s); /* more than there is of this year's part */
    set_line(&s, FILE_LEDGER, 9,
             "5301990001,8,2023-10-10,2023-10-10,11,,,,,,0.00,0.00,-1000.00,-2881.00,1881.00,0.00,"
             "3801.28,07,F0008,0,");
    set_refused(&s, f, "ledger.csv:9:DNGJFSE E-BALANCE this year's part becomes negative", NULL);
    set_line(&s, FILE_LEDGER, 9,
             "5301990001,8,2023-10-10,2023-10-10,11,,,,,,0.00,0.00,-1000.00,1000.00,-2000.00,0.00,"
             "3801.28,07,F0008,0,");
    set_refused(&s, f, "ledger.csv:9:SNJZFSE E-BALANCE the carried-over part", NULL);
    set_line(&s, FILE_LEDGER, 9,
             "5301990001,8,2023-10-10,2023-10-10,11,,,,,,0.00,0.00,-5000.00,-2880.00,-2120.00,0.00,"
             "-198.72,07,F0008,0,");
    set_refused(&s, f, "ledger.csv:9:YE E-BALANCE the balance becomes negative", NULL);
    set_free(&s);
}

static void reversals(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s); /* other amounts */
    set_line(&s, FILE_LEDGER, 8,
             "5301990001,7,2023-09-05,2023-09-01,01,2023-08,U001,8000.00,12.00,12.00,-960.00,"
             "-959.00,-1919.00,-1919.00,0.00,0.00,4802.28,,F0007,1,6");
    set_refused(&s, f, "ledger.csv:8:CZXH E-RULE the amounts are not the opposite", NULL);
    set_free(&s);

    set_make(&s); /* twice */
    set_line(&s, FILE_LEDGER, 9,
             "5301990001,8,2023-10-10,2023-09-01,01,2023-08,U001,8000.00,12.00,12.00,-960.00,"
             "-960.00,-1920.00,-1920.00,0.00,0.00,2881.28,,F0008,1,6");
    set_refused(&s, f, "ledger.csv:9:CZXH E-RULE the entry was reversed before", NULL);
    set_line(&s, FILE_LEDGER, 9,
             "5301990001,8,2023-10-10,2023-09-01,01,2023-08,U001,8000.00,12.00,12.00,960.00,"
             "960.00,1920.00,1920.00,0.00,0.00,6721.28,,F0008,1,7");
    set_refused(&s, f, "ledger.csv:9:CZXH E-RULE a reversing entry cannot", NULL);
    set_free(&s);
}

/* --- the manifest ---------------------------------------------------------------------------------- */

static void manifest(void **state)
{
    static const struct {
        const char *old, *new, *said;
    } cases[] = {
        {"anju-exchange/1", "anju-exchange/2", "manifest.json:1:format E-MANIFEST"},
        {"\"test-1\"", "\"\"", "manifest.json:1:set_id E-MANIFEST"},
        {"\"test-1\"", "\"a b\"", "manifest.json:1:set_id E-MANIFEST"},
        {"\"set_number\":1", "\"set_number\":0", "manifest.json:1:set_number E-MANIFEST"},
        {"\"set_number\":1", "\"set_number\":\"1\"", "manifest.json:1:set_number E-MANIFEST"},
        {"\"set_number\":1", "\"set_number\":2", "manifest.json:1:kind E-MANIFEST"},
        {"\"whole\"", "\"increment\"", "manifest.json:1:kind E-MANIFEST"},
        {"\"whole\"", "\"half\"", "manifest.json:1:kind E-MANIFEST"},
        {"2024-07-31", "2024-07-32", "manifest.json:1:as_of E-MANIFEST"},
        {"\"demo\":true", "\"demo\":1", "manifest.json:1:demo E-MANIFEST"},
        {"\"demo\":true", "\"demo\":false", "manifest.json:1:demo E-DEMO"},
        {"units.csv", "unit.csv", "manifest.json:1:units.csv E-MANIFEST"},
        {"\"totals\":{}", "\"totals\":{\"X\":\"0.00\"}", "manifest.json:1:units.csv E-MANIFEST"},
        {"\"GRZHYE\":\"", "\"GRZHYE\":\"0", "manifest.json:1:accounts.csv E-MANIFEST"},
        {"\"sha256\":\"", "\"sha256\":\"0", "manifest.json:1:units.csv E-MANIFEST"},
        {"\"records\":2", "\"records\":-2", "manifest.json:1:records E-MANIFEST"},
        {"\"kind\":", "\"kind\"", "manifest.json:2:- E-MANIFEST"},
        {"\"kind\":", "\"set_id\":\"b\",\"kind\":", "manifest.json:2:- E-MANIFEST"},
    };
    struct fixture *f = *state;
    struct set s;
    char path[160];

    set_make(&s);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set_write(&s);
        set_manifest_replace(&s, cases[i].old, cases[i].new);
        assert_int_equal(set_import(&s, f, false), RESULT_INVALID);
        if (strncmp(s.said[0], cases[i].said, strlen(cases[i].said)) != 0)
            fail_msg("%s: %s", cases[i].said, s.said[0]);
    }
    snprintf(path, sizeof path, "%s/manifest.json", s.folder);
    unlink(path);
    assert_int_equal(set_import(&s, f, false), RESULT_INVALID);
    assert_memory_equal(s.said[0], "manifest.json:1:- E-MANIFEST", 28);
    set_free(&s);
}

/* The lines are still checked, so that the place is named. */
static void digests_and_totals(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    set_write(&s);
    s.keep_manifest = true;
    set_cell(&s, FILE_LEDGER, 3, "YE", "1920.01");
    set_refused(&s, f, "ledger.csv:3:YE E-BALANCE", "ledger.csv:1:- E-DIGEST");
    set_free(&s);

    set_make(&s);
    set_write(&s);
    s.keep_manifest = true;
    set_cell(&s, FILE_UNITS, 3, "DWMC", "another name");
    set_refused(&s, f, "units.csv:1:- E-DIGEST", NULL);
    set_free(&s);

    set_make(&s);
    set_write(&s);
    set_manifest_replace(&s, "\"GRZHYE\":\"6282.50\"", "\"GRZHYE\":\"6282.51\"");
    s.keep_manifest = true;
    set_refused(&s, f, "accounts.csv:1:GRZHYE E-TOTAL", NULL);
    set_manifest_replace(&s, "\"records\":4", "\"records\":5");
    set_refused(&s, f, "accounts.csv:1:- E-TOTAL the manifest says 5 records, the file has 4",
                "accounts.csv:1:GRZHYE E-TOTAL");
    set_free(&s);
}

/* At most fifty are shown, all are counted. */
static void bounded(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    while (s.files[FILE_RATES].count < SET_LINES_MAX)
        set_insert(&s, FILE_RATES, 3, "5301990001,L1,2024-01-20,x,x");
    assert_int_equal(set_import(&s, f, true), RESULT_INVALID);
    assert_int_equal(s.said_count, 50);
    assert_true(s.report.faults > 100);
    set_free(&s);
}

/* No line repeats what a file says of a person. */
static void no_values(void **state)
{
    static const char *const secrets[] = {"530199199003070016", "10012345678", "李示范", "5780.63",
                                          "9999990000000000015"};
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    set_cell(&s, FILE_ACCOUNTS, 2, "ZJHM", secrets[0]);
    set_cell(&s, FILE_ACCOUNTS, 2, "GRZHYE", secrets[3]);
    set_cell(&s, FILE_ACCOUNTS, 2, "GRCKZHHM", secrets[4]);
    assert_int_equal(set_import(&s, f, true), RESULT_INVALID);
    assert_true(s.said_count >= 3);
    for (int i = 0; i < s.said_count; i++)
        for (size_t k = 0; k < sizeof secrets / sizeof secrets[0]; k++)
            assert_null(strstr(s.said[i], secrets[k]));
    set_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(encoding),
        cmocka_unit_test(headers),
        cmocka_unit_test(no_files),
        cmocka_unit_test(order),
        cmocka_unit_test(references),
        cmocka_unit_test(closings),
        cmocka_unit_test(settlements),
        cmocka_unit_test(reversals),
        cmocka_unit_test(manifest),
        cmocka_unit_test(digests_and_totals),
        cmocka_unit_test(bounded),
        cmocka_unit_test(no_values),
    };

    return run_on_both("import refused", tests, sizeof tests / sizeof tests[0]);
}
