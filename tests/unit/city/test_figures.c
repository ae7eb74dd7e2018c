/* The city's arithmetic against figures worked out by hand. */
#include "set.h"

#include <stdlib.h>

#include "city/annuity.h"
#include "city/interest.h"
#include "city/rates.h"
#include "city/wages.h"

static struct weights weights;

static int32_t day(int y, int m, int d)
{
    return date_of(y, m, d).day;
}

static int make_weights(void **state)
{
    (void)state;
    return weights_make(&weights, day(1999, 1, 1), day(2030, 1, 1), NULL) != RESULT_OK;
}

static int drop_weights(void **state)
{
    (void)state;
    weights_free(&weights);
    return 0;
}

/* One amount, carried over or this year's, from value day to settlement, 30 June. */
static int64_t earned(int64_t amount, bool carried, int32_t settled, int32_t value, int32_t until)
{
    struct pots p;

    pots_open(&p, settled + 1);
    pots_move(&p, &weights, value, carried ? 0 : amount, carried ? amount : 0);
    return pots_interest(&p, &weights, until);
}

static void test_one_rate(void **state)
{
    (void)state;
    /* 50,000.00 for 365 days at 1.50 %: 50000 x 365 x 0.015 / 360 = 760.4166… */
    assert_int_equal(earned(5000000, true, day(2018, 6, 30), day(2018, 7, 1), day(2019, 6, 30)),
                     76042);
    /* with a 29 February in it: 762.50 */
    assert_int_equal(earned(5000000, true, day(2019, 6, 30), day(2019, 7, 1), day(2020, 6, 30)),
                     76250);
    /* the same for this year's part: since 2016 both earn alike */
    assert_int_equal(earned(5000000, false, day(2018, 6, 30), day(2018, 7, 1), day(2019, 6, 30)),
                     76042);
    /* a single day: 36,000.00 earn 1.50; a day counts for the balance that stands at its end */
    assert_int_equal(earned(3600000, true, day(2020, 6, 30), day(2021, 6, 30), day(2021, 6, 30)),
                     150);
    /* exactly half a fen is rounded up: 120.00 for one day = 0.005 */
    assert_int_equal(earned(12000, true, day(2020, 6, 30), day(2021, 6, 30), day(2021, 6, 30)), 1);
}

static void test_two_rates(void **state)
{
    (void)state;
    /* July 2013 to June 2014: 2.60 % and 0.35 % all year. 10,000.00 x 365 x 0.026 / 360 = 263.61;
     * 1,000.00 from 1 January, 181 days, x 0.0035 / 360 = 1.7597… */
    assert_int_equal(earned(1000000, true, day(2013, 6, 30), day(2013, 7, 1), day(2014, 6, 30)),
                     26361);
    assert_int_equal(earned(100000, false, day(2013, 6, 30), day(2014, 1, 1), day(2014, 6, 30)),
                     176);
    /* July 2015 to June 2016 with three changes and the end of the two rates: 56 days at 1.60, 59
     * at 1.35, 120 at 1.10, 131 at 1.50 per cent: 10,000.00 earn 138.2638… */
    assert_int_equal(earned(1000000, true, day(2015, 6, 30), day(2015, 7, 1), day(2016, 6, 30)),
                     13826);
    /* this year's part: 235 days at 0.35, 131 at 1.50 per cent: 77.4305… */
    assert_int_equal(earned(1000000, false, day(2015, 6, 30), day(2015, 7, 1), day(2016, 6, 30)),
                     7743);
}

static void test_both_parts_round_once(void **state)
{
    struct pots p;

    (void)state;
    /* July 2013 to June 2014: 20.70 carried over earn 0.54567…, 21.30 of this year 0.07558…. Rounded
     * apart that were 0.55 + 0.08 = 0.63; together it is 0.62126…. */
    pots_open(&p, day(2013, 7, 1));
    pots_move(&p, &weights, day(2013, 7, 1), 2130, 2070);
    assert_int_equal(pots_interest(&p, &weights, day(2014, 6, 30)), 62);
}

static void test_pots_settle_and_backdate(void **state)
{
    struct pots p;

    (void)state;
    pots_open(&p, day(2018, 7, 1));
    pots_move(&p, &weights, day(2018, 7, 1), 5000000, 0);
    pots_move(&p, &weights, day(2019, 6, 30), 0, pots_interest(&p, &weights, day(2019, 6, 30)));
    pots_settle(&p, &weights, day(2019, 6, 30));
    assert_int_equal(p.carried, 5076042);
    assert_int_equal(p.year, 0);
    assert_int_equal(pots_interest(&p, &weights, day(2019, 6, 30)), 0);
    /* a value day before the settlement counts from the day after it */
    pots_move(&p, &weights, day(2019, 6, 1), 1000000, 0);
    /* 60,760.42 x 366 x 0.015 / 360 = 926.5964… */
    assert_int_equal(pots_interest(&p, &weights, day(2020, 6, 30)), 92660);
}

static void test_shares(void **state)
{
    (void)state;
    /* 20,010.00 x 5 % = 1,000.50, a whole yuan up; 2,270.00 x 5 % = 113.50 */
    assert_int_equal(share_of(2001000, 50000), 100100);
    assert_int_equal(share_of(227000, 50000), 11400);
    assert_int_equal(share_of(2000999, 50000), 100000);
    assert_int_equal(share_of(3247000, 120000), 389600);
}

static void test_instalments(void **state)
{
    (void)state;
    assert_int_equal(equal_instalment(70000000, 26000, 360), 280238);
    assert_int_equal(equal_instalment(100000000, 26000, 360), 400340);
    assert_int_equal(equal_instalment(100000000, 28500, 360), 413557);
    assert_int_equal(equal_instalment(100000000, 31000, 360), 427016);
    assert_int_equal(equal_instalment(70000000, 21000, 60), 1230008);
    assert_int_equal(half_up(70000000, 360) + month_interest(70000000, 26000), 346111);
    /* without interest, and a single month that ends in exactly half a fen: 2.00 x 3 % / 12 */
    assert_int_equal(equal_instalment(1000, 0, 3), 333);
    assert_int_equal(equal_instalment(200, 30000, 1), 201);
}

/* Repaying with one fen more than enough ends below zero, with one fen less above it. */
static void test_instalments_bracket(void **state)
{
    (void)state;
    srandom(1);
    for (int i = 0; i < 20000; i++) {
        int64_t principal = 1 + random() % 150000000;
        int32_t rate = (int32_t)(1000 + random() % 55000);
        int months = 1 + (int)(random() % 360);
        int64_t part = equal_instalment(principal, rate, months);
        long double q = 1, exact;

        for (int m = 0; m < months; m++)
            q *= 1 + rate / 12e6L;
        exact = principal * (rate / 12e6L) * q / (q - 1);
        assert_true((long double)part > exact - 0.5000001L);
        assert_true((long double)part < exact + 0.5000001L);
    }
}

static void test_penalty(void **state)
{
    (void)state;
    /* 2,000.00 overdue for 10 days at 2.60 %: 2000 x 0.026 x 1.5 / 360 x 10 = 2.1666… */
    assert_int_equal(overdue_penalty(200000, 26000, 10), 217);
    assert_int_equal(days_interest(10000000, 36000, 2), 2000);
}

static void test_rate_tables(void **state)
{
    (void)state;
    assert_int_equal(deposit_rate(day(2016, 2, 20), false), 3500);
    assert_int_equal(deposit_rate(day(2016, 2, 20), true), 11000);
    assert_int_equal(deposit_rate(day(2016, 2, 21), false), 15000);
    assert_int_equal(deposit_rate(day(2026, 11, 23), true), 15000);
    assert_int_equal(deposit_rate(day(1999, 6, 10), true), 19800);
    assert_int_equal(deposit_rate(day(2008, 12, 22), true), 19800);
    assert_int_equal(deposit_rate(day(2008, 12, 23), true), 17100);
    assert_int_equal(loan_rate(day(2025, 5, 7), 60, false), 23500);
    assert_int_equal(loan_rate(day(2025, 5, 8), 60, false), 21000);
    assert_int_equal(loan_rate(day(2025, 5, 8), 61, false), 26000);
    assert_int_equal(loan_rate(day(2025, 5, 8), 360, true), 30750);
    assert_int_equal(loan_rate(day(2022, 9, 30), 360, true), 35750);
    /* 1.1 times since October 2010, none before */
    assert_int_equal(loan_rate(day(2011, 7, 7), 360, true), 53900);
    assert_int_equal(loan_rate(day(2010, 10, 19), 360, true), 38700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_rate),
        cmocka_unit_test(test_two_rates),
        cmocka_unit_test(test_both_parts_round_once),
        cmocka_unit_test(test_pots_settle_and_backdate),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_instalments),
        cmocka_unit_test(test_instalments_bracket),
        cmocka_unit_test(test_penalty),
        cmocka_unit_test(test_rate_tables),
    };

    return cmocka_run_group_tests_name("city figures", tests, make_weights, drop_weights);
}
