#include "check.h"

#include <time.h>

#include "base/date.h"
#include "base/random.h"

/* Every day from 1900 to 2199, counted up by hand and compared with the C library. */
static void every_day_round_trips(void **state)
{
    civil_date d = date_of(1900, 1, 1), back;
    int last_year = 1899, days = 0;
    char out[DATE_TEXT_MAX];

    (void)state;
    assert_int_equal(d.day, -25567);
    for (; d.day <= date_of(2199, 12, 31).day; d = date_plus(d, 1), days++) {
        time_t seconds = (time_t)d.day * 86400;
        int year, month, day;
        struct tm tm;

        date_split(d, &year, &month, &day);
        assert_non_null(gmtime_r(&seconds, &tm));
        assert_int_equal(year, tm.tm_year + 1900);
        assert_int_equal(month, tm.tm_mon + 1);
        assert_int_equal(day, tm.tm_mday);
        assert_int_equal(date_of(year, month, day).day, d.day);
        assert_int_equal(date_format(d, out), 10);
        assert_true(date_parse(text_of(out), &back));
        assert_int_equal(back.day, d.day);
        assert_int_equal(date_month(d).n, month_of(year, month).n);
        assert_true(month_first(date_month(d)).day <= d.day);
        assert_true(month_last(date_month(d)).day >= d.day);
        if (year != last_year)
            assert_true(month == 1 && day == 1 && year == last_year + 1);
        last_year = year;
    }
    /* 300 years with 73 leap years: 1900, 2100 and their like are none but 2000 is one:
     * 75 years that four divides, less 1900 and 2100. */
    assert_int_equal(days, 300 * 365 + 73);
}

static void known_days(void **state)
{
    (void)state;
    assert_int_equal(date_of(1970, 1, 1).day, 0);
    assert_int_equal(date_of(2000, 3, 1).day, 11017);
    assert_int_equal(date_of(2026, 6, 30).day, 20634);
    assert_int_equal(days_between(date_of(2025, 6, 30), date_of(2026, 6, 30)), 365);
    assert_int_equal(days_between(date_of(2027, 6, 30), date_of(2028, 6, 30)), 366);
    assert_true(date_is_none(DATE_NONE));
    assert_false(date_is_none(date_of(1970, 1, 1)));
}

static void days_far_away_can_be_split(void **state)
{
    int year, month, day;

    (void)state;
    date_split((civil_date){-719468}, &year, &month, &day);
    assert_true(year == 0 && month == 3 && day == 1);
    date_split((civil_date){-719469}, &year, &month, &day);
    assert_true(year == 0 && month == 2 && day == 29);
    date_split((civil_date){INT32_MAX}, &year, &month, &day);
    assert_true(year == 5881580 && month == 7 && day == 11);
    date_split((civil_date){INT32_MIN + 1}, &year, &month, &day);
    assert_true(year == -5877641 && month == 6 && day == 24);
}

static void parse_takes_nothing_else(void **state)
{
    static const char *const bad[] = {
        "",           "2026-6-30",  "2026-06-3",   "26-06-30",   "2026/06/30", "20260630",
        "2026-06-31", "2026-02-29", "2100-02-29",  "1900-02-29", "2026-00-10", "2026-13-10",
        "2026-06-00", "2026-06-32", "1899-12-31",  "2200-01-01", "0000-00-00", " 026-06-30",
        "2026-0a-30", "2026-06-3O", "2026-06-30 ", "-026-06-30", "2026-+6-30", "2026-06-30T",
    };
    static const char *const bad_months[] = {"",        "2026-6",  "2026-13", "2026-00",
                                             "202606",  "1899-12", "2200-01", "2026/06",
                                             "2026-0x", "2026-066"};
    civil_date d = {123};
    civil_month m = {456};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(date_parse(text_of(bad[i]), &d));
    for (size_t i = 0; i < COUNT(bad_months); i++)
        assert_false(month_parse(text_of(bad_months[i]), &m));
    assert_false(date_parse((struct text){NULL, 0}, &d));
    assert_false(date_parse((struct text){"2026\0"
                                          "06-30",
                                          10},
                            &d));
    assert_int_equal(d.day, 123);
    assert_int_equal(m.n, 456);
    assert_true(date_parse(TEXT("2028-02-29"), &d));
    assert_true(date_parse(TEXT("2000-02-29"), &d));
}

/* One byte changed in a good date gives a good date or none, never a wrong one. */
static void mutated_dates_are_refused_or_exact(void **state)
{
    struct random r;

    (void)state;
    random_seeded(&r, 3);
    for (int i = 0; i < 300000; i++) {
        char text[DATE_TEXT_MAX], again[DATE_TEXT_MAX];
        civil_date d = date_plus(date_of(1900, 1, 1), (int32_t)random_below(&r, 109572));

        date_format(d, text);
        text[random_below(&r, 10)] = (char)random_below(&r, 256);
        if (date_parse((struct text){text, 10}, &d)) {
            date_format(d, again);
            assert_memory_equal(again, text, 10);
        }
    }
}

static void months(void **state)
{
    char out[MONTH_TEXT_MAX];
    civil_month m;

    (void)state;
    assert_int_equal(month_of(2026, 1).n, 2026 * 12);
    assert_int_equal(month_of(2026, 12).n, 2026 * 12 + 11);
    for (int n = 1900 * 12; n < 2200 * 12; n++) {
        civil_date last = month_last((civil_month){n});
        int year, month, day;

        assert_int_equal(month_format((civil_month){n}, out), 7);
        assert_true(month_parse(text_of(out), &m));
        assert_int_equal(m.n, n);
        date_split(month_first(m), &year, &month, &day);
        assert_true(year == month_year(m) && month == month_number(m) && day == 1);
        assert_int_equal(date_plus(last, 1).day, month_first((civil_month){n + 1}).day);
        date_split(last, &year, &month, &day);
        assert_true(month == month_number(m));
        if (month == 2)
            assert_int_equal(day, year % 400 == 0 || (year % 4 == 0 && year % 100) ? 29 : 28);
    }
}

/* Interest years run from 1 July to 30 June. */
static void settlement_days(void **state)
{
    (void)state;
    for (int year = 1901; year < 2199; year++) {
        civil_date settled = date_of(year, 6, 30), next = date_of(year + 1, 6, 30);

        for (civil_date d = date_plus(settled, 1); d.day <= next.day; d = date_plus(d, 1)) {
            assert_int_equal(settlement_before(d).day, settled.day);
            assert_int_equal(settlement_on_or_after(d).day, next.day);
        }
    }
    assert_int_equal(settlement_before(date_of(2026, 6, 30)).day, date_of(2025, 6, 30).day);
    assert_int_equal(settlement_on_or_after(date_of(2026, 6, 30)).day, date_of(2026, 6, 30).day);
    assert_int_equal(settlement_before(date_of(2026, 7, 1)).day, date_of(2026, 6, 30).day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_round_trips),
        cmocka_unit_test(known_days),
        cmocka_unit_test(days_far_away_can_be_split),
        cmocka_unit_test(parse_takes_nothing_else),
        cmocka_unit_test(mutated_dates_are_refused_or_exact),
        cmocka_unit_test(months),
        cmocka_unit_test(settlement_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
