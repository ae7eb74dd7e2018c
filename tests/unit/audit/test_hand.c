/* The second opinion against figures that were worked out by hand. 36,000.00 earns a hundred times the
 * rate in fen a day: 36,000.00 x 1.50 % / 360 = 1.50 yuan. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit.h"

static const int64_t sum = 3600000; /* 36,000.00 */
static struct rates rates;

static int32_t day(const char *text)
{
    int32_t n;

    assert_true(calendar_parse(text, &n));
    return n;
}

static int setup(void **state)
{
    char why[512];

    (void)state;
    calendar_fill();
    return rates_read("policy/kunming.yaml", &rates, why, sizeof why) ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    rates_free(&rates);
    return 0;
}

static int64_t earned(const struct moves *m, const char *first, const char *last)
{
    struct earned e = moves_earned(m, &rates, day(first), day(last));

    assert_true(e.known);
    return nearest(e.weighted, (__int128)1000000 * rates.day_count);
}

/* What one amount earns that counts from the first day on. */
static int64_t alone(int64_t year, int64_t carried, const char *first, const char *last)
{
    struct moves m = {0};
    int64_t interest;

    assert_true(moves_add(&m, day(first), year, carried));
    interest = earned(&m, first, last);
    free(m.at);
    return interest;
}

static void test_calendar(void **state)
{
    char text[DAY_ROOM];
    int32_t n;

    (void)state;
    assert_int_equal(day("1970-01-01"), 0);
    assert_int_equal(day("2023-06-15"), 19523);
    assert_int_equal(day("2000-03-01") - day("2000-02-28"), 2);
    assert_int_equal(day("2024-07-01") - day("2023-07-01"), 366);
    assert_int_equal(day("2025-07-01") - day("2024-07-01"), 365);
    assert_false(calendar_parse("2100-02-29", &n));
    assert_false(calendar_parse("2023-02-29", &n));
    assert_false(calendar_parse("2023-2-9", &n));
    calendar_write(day("2024-02-29"), text);
    assert_string_equal(text, "2024-02-29");
    assert_int_equal(calendar_due(day("2024-01-31"), 1, 31), day("2024-02-29"));
    assert_int_equal(calendar_due(day("2025-01-31"), 1, 31), day("2025-02-28"));
    assert_int_equal(calendar_due(day("2025-01-31"), 2, 31), day("2025-03-31"));
    assert_int_equal(calendar_due(day("2025-12-05"), 1, 5), day("2026-01-05"));
}

static void test_whole_years(void **state)
{
    (void)state;
    assert_int_equal(alone(0, 5000000, "2024-07-01", "2025-06-30"), 76042);
    assert_int_equal(alone(0, 5000000, "2023-07-01", "2024-06-30"), 76250);
    /* 28 and 29 February 2024 are two days, 28 February 2025 is one. */
    assert_int_equal(alone(0, sum, "2024-02-28", "2024-02-29"), 300);
    assert_int_equal(alone(0, sum, "2025-02-28", "2025-02-28"), 150);
}

/* 56 days at 1.60, 59 at 1.35, 120 at 1.10 and 131 at 1.50 are 366; this year's part has 235 days at
 * 0.35 and 131 at 1.50. */
static void test_rate_changes_and_two_rates(void **state)
{
    (void)state;
    assert_int_equal(alone(0, sum, "2015-07-01", "2016-06-30"),
                     56 * 160 + 59 * 135 + 120 * 110 + 131 * 150);
    assert_int_equal(alone(sum, 0, "2015-07-01", "2016-06-30"), 235 * 35 + 131 * 150);
    assert_int_equal(alone(sum, 0, "2016-02-20", "2016-02-21"), 35 + 150);
}

/* A deposit on 30 June earns for that day; what is settled then earns from 1 July. */
static void test_settlement_day(void **state)
{
    struct moves m = {0};

    (void)state;
    assert_int_equal(alone(sum, 0, "2025-06-30", "2025-06-30"), 150);
    assert_true(moves_add(&m, day("2024-07-01"), 0, sum));
    assert_true(moves_add(&m, day("2025-06-30"), sum, 0));
    assert_true(moves_add(&m, day("2025-07-02"), sum, 0));
    assert_int_equal(earned(&m, "2024-07-01", "2025-06-30"), 365 * 150 + 150);
    assert_int_equal(moves_later(&m, day("2025-06-30")).year, sum);
    assert_true(moves_settle(&m, day("2025-06-30"), 0, 2 * sum + 54900));
    assert_int_equal(m.count, 2);
    /* 1 July: 72,549.00 earns 3.0229; 2 July: 108,549.00 earns 4.5229. */
    assert_int_equal(earned(&m, "2025-07-01", "2025-07-01"), 302);
    assert_int_equal(earned(&m, "2025-07-01", "2025-07-02"), 755);
    free(m.at);
}

/* Deposit and withdrawal of one day leave what stands at its end. A closing on 30 June pays to the
 * 29th, one on 1 July pays nothing. */
static void test_closing_and_same_day(void **state)
{
    struct moves m = {0};

    (void)state;
    assert_true(moves_add(&m, day("2025-06-21"), sum, 0));
    assert_true(moves_add(&m, day("2025-06-25"), sum, 0));
    assert_true(moves_add(&m, day("2025-06-25"), -sum, 0));
    assert_int_equal(earned(&m, "2024-07-01", "2025-06-29"), 9 * 150);
    assert_int_equal(earned(&m, "2024-07-01", "2025-06-30"), 10 * 150);
    assert_int_equal(earned(&m, "2025-07-01", "2025-06-30"), 0);
    free(m.at);
}

/* An amount that was too small for a while is found to be so later: it is reversed and posted anew
 * with its own day, and the days in between count what is right. */
static void test_backdated(void **state)
{
    struct moves m = {0};
    struct earned e;

    (void)state;
    assert_true(moves_add(&m, day("2025-03-10"), sum / 10, 0));
    assert_true(moves_add(&m, day("2025-04-09"), sum, 0));
    assert_true(moves_add(&m, day("2025-03-10"), -sum / 10, 0));
    assert_true(moves_add(&m, day("2025-03-10"), sum, 0));
    e = moves_earned(&m, &rates, day("2025-03-10"), day("2025-05-08"));
    assert_true(e.product == (__int128)sum * (60 + 30));
    assert_true(e.product_year == e.product);
    assert_int_equal(earned(&m, "2025-03-10", "2025-05-08"), 90 * 150);
    free(m.at);
}

static void test_instalments(void **state)
{
    (void)state;
    assert_int_equal(equal_instalment(70000000, 26000, 360), 280238);
    assert_int_equal(equal_instalment(100000000, 26000, 360), 400340);
    assert_int_equal(equal_instalment(100000000, 28500, 360), 413557);
    assert_int_equal(equal_instalment(100000000, 31000, 360), 427016);
    assert_int_equal(equal_instalment(70000000, 21000, 60), 1230008);
    assert_int_equal(equal_instalment(1200, 0, 12), 100);
    assert_int_equal(nearest(70000000, 360) + month_interest(70000000, 26000), 346111);
    assert_int_equal(nearest(5, 10), 1);
    assert_int_equal(nearest(4, 10), 0);
    assert_int_equal(nearest(-5, 10), -1);
    assert_int_equal(nearest(-4, 10), 0);
}

/* The worked example of docs/stores.md. */
static void test_hash(void **state)
{
    static const char row[] =
        "SELECT '5301990001', 2, 19523, 19523, 1, 24281, 'U001', 800000, 120000, 120000, 96000, "
        "96000, 192000, 192000, 0, 0, 192000, NULL, 'F0002', 0, NULL, 1";
    static const uint8_t previous[AUDIT_HASH] = {0xB0, 0x28, 0xC3, 0x38, 0x75, 0x7B, 0xF1, 0xEA,
                                                 0x37, 0xC8, 0x25, 0x59, 0x38, 0xB1, 0x17, 0x87,
                                                 0xB9, 0x26, 0x5D, 0x36, 0x8A, 0xF1, 0x55, 0xD1,
                                                 0x17, 0x29, 0x0D, 0xB4, 0xA0, 0x0D, 0x84, 0x30};
    char home[] = "/tmp/anju-audit-XXXXXX", file[64], why[256];
    uint8_t hash[AUDIT_HASH];
    struct source *s;
    struct cursor *c;
    sqlite3 *made;

    (void)state;
    assert_non_null(mkdtemp(home));
    for (int i = 0; i < 2; i++) {
        snprintf(file, sizeof file, "%s/%s.db", home, i ? "desk" : "ledger");
        assert_int_equal(sqlite3_open(file, &made), SQLITE_OK);
        assert_int_equal(sqlite3_exec(made, "CREATE TABLE t (n)", NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(made);
    }
    s = source_open(home, "", why, sizeof why);
    assert_non_null(s);
    c = cursor_open(s, row);
    assert_true(cursor_there(c));
    chain_hash(c, 'E', "TIIIIITIIIIIIIIIIITIII", previous, hash);
    cursor_close(c);
    /* Nothing can be written through it. */
    c = cursor_open(s, "DELETE FROM ledger.t");
    assert_true(cursor_failed(c));
    cursor_close(c);
    source_close(s);
    snprintf(file, sizeof file, "%s/desk.db", home);
    unlink(file);
    snprintf(file, sizeof file, "%s/ledger.db", home);
    unlink(file);
    rmdir(home);
    assert_int_equal(hash[0], 0xDD);
    assert_int_equal(hash[1], 0xB9);
    assert_int_equal(hash[30], 0x94);
    assert_int_equal(hash[31], 0xDC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_whole_years),
        cmocka_unit_test(test_rate_changes_and_two_rates),
        cmocka_unit_test(test_settlement_day),
        cmocka_unit_test(test_closing_and_same_day),
        cmocka_unit_test(test_backdated),
        cmocka_unit_test(test_instalments),
        cmocka_unit_test(test_hash),
    };

    return cmocka_run_group_tests_name("audit by hand", tests, setup, teardown);
}
