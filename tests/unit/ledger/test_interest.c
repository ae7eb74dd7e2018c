/* Interest to a day, against figures worked out by hand: product x rate / 360, rounded once. */
#include "poster.h"

static struct poster p;

/* 50,000.00 x 365 days x 1.50 % / 360 = 760.4166…; in a leap year 366 days: 762.50. */
static void test_years(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2022, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2022, 7, 1), date_of(2022, 7, 1), 5000000, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2023, 6, 30)), 76042);
    /* One day: 50,000.00 x 1.50 % / 360 = 2.0833… */
    assert_int_equal(interest_to(&p, &a, date_of(2022, 7, 1)), 208);
    assert_int_equal(interest_to(&p, &a, date_of(2022, 6, 30)), 0);
    poster_end(&p);
}

static void test_leap_year(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2023, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2023, 7, 1), date_of(2023, 7, 1), 5000000, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2024, 6, 30)), 76250);
    poster_end(&p);
}

/* From 29 February to 30 June 2024, both included: 123 days. 10,000.00 x 123 x 1.5 % / 360. */
static void test_29_february(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2024, 2, 29));
    post(&p, ENTRY_TRANSFER_IN, date_of(2024, 2, 29), date_of(2024, 2, 29), 1000000, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2024, 2, 29)), 42); /* 0.41666… */
    assert_int_equal(interest_to(&p, &a, date_of(2024, 6, 30)), 5125);
    poster_end(&p);
}

/* A deposit on 30 June counts for that day; settled with 0.50, it earns on from 1 July. */
static void test_30_june(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2023, 6, 30));
    post(&p, ENTRY_TRANSFER_IN, date_of(2023, 6, 30), date_of(2023, 6, 30), 1200000, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2023, 6, 30)), 50);
    poster_end(&p);
}

/* Settled on 30 June: interest begins anew, on the balance with the interest. 12,000.50 x 366. */
static void test_compounds(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2023, 6, 30));
    post(&p, ENTRY_TRANSFER_IN, date_of(2023, 6, 30), date_of(2023, 6, 30), 1200000, 0);
    post_settlement(&p, date_of(2023, 6, 30), 50);
    a = written(&p);
    assert_int_equal(a.running.carried.n, 1200050);
    assert_int_equal(a.running.this_year.n, 0);
    assert_int_equal(interest_to(&p, &a, date_of(2023, 6, 30)), 0);
    assert_int_equal(interest_to(&p, &a, date_of(2023, 7, 1)), 50);
    assert_int_equal(interest_to(&p, &a, date_of(2024, 6, 30)), 18301); /* 183.0076… */
    poster_end(&p);
}

/* This year's part through 2015/16, 100,000.00: 235 days at 0.35 % to 20 February, 131 at 1.50 %:
 * (0.8225 + 1.9650) x 1000 / 3.6 = 774.3055… */
static void test_one_rate_day(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2015, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2015, 7, 1), date_of(2015, 7, 1), 10000000, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2016, 2, 20)), 22847); /* 228.4722… */
    assert_int_equal(interest_to(&p, &a, date_of(2016, 2, 21)), 23264); /* + 4.1666… */
    assert_int_equal(interest_to(&p, &a, date_of(2016, 6, 30)), 77431);
    poster_end(&p);
}

/* The part carried over in the same year: 56 days at 1.60 %, 59 at 1.35 %, 120 at 1.10 %, 131 at
 * 1.50 %: 497.75 day per cent x 1000 / 3.6 = 1382.638…. */
static void test_rates_change(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2015, 6, 30));
    post(&p, ENTRY_TRANSFER_IN, date_of(2015, 6, 30), date_of(2015, 6, 30), 0, 10000000);
    post_settlement(&p, date_of(2015, 6, 30), 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2016, 6, 30)), 138264);
    assert_int_equal(interest_to(&p, &a, date_of(2015, 8, 25)), 24889); /* 56 x 1.6 = 89.6 */
    poster_end(&p);
}

/* 2013/14, both parts at their own rate for the whole year: 36,000.00 x 365 x 0.35 % / 360 = 127.75
 * and 72,000.00 x 365 x 2.60 % / 360 = 1,898.00. */
static void test_two_rates(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2013, 6, 30));
    post(&p, ENTRY_TRANSFER_IN, date_of(2013, 6, 30), date_of(2013, 6, 30), 0, 7200000);
    post_settlement(&p, date_of(2013, 6, 30), 0);
    post(&p, ENTRY_TRANSFER_IN, date_of(2013, 7, 1), date_of(2013, 7, 1), 3600000, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2014, 6, 30)), 202575);
    poster_end(&p);
}

/* A withdrawal on 1 January: 36,000.00 for 184 days and 6,000.00 for 181, at 0.35 %:
 * 7,710,000 x 0.0035 / 360 = 74.9583… */
static void test_withdrawal(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2013, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2013, 7, 1), date_of(2013, 7, 1), 3600000, 0);
    post(&p, ENTRY_WITHDRAWAL, date_of(2014, 1, 1), date_of(2014, 1, 1), -3000000, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2014, 6, 30)), 7496);
    poster_end(&p);
}

/* Dated back within the year: counts from its value day. 1,000.00 from 1 to 10 August, booked on
 * the 10th: 10 days at 1.50 %: 0.41666…; beside 9,000.00 since 1 July: 41 days: 15.375; 15.79. */
static void test_backdated(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2024, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2024, 7, 1), date_of(2024, 7, 1), 900000, 0);
    post(&p, ENTRY_FREEZING, date_of(2024, 8, 9), date_of(2024, 8, 9), 0, 0);
    post(&p, ENTRY_TRANSFER_IN, date_of(2024, 8, 10), date_of(2024, 8, 1), 100000, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2024, 8, 10)), 1579);
    poster_end(&p);
}

/* Dated back before the settlement: what was settled stays, it counts from 1 July. 36,000.00 from
 * 1 to 20 July at 1.50 %: 20 days, 30.00. The same by entries, in a year in which the rate changed:
 * 2015, 1.60 % carried over, this year's part 0.35 %: 20 days: 7.00. */
static void test_backdated_before_settlement(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2024, 6, 1));
    post_settlement(&p, date_of(2024, 6, 30), 0);
    post(&p, ENTRY_TRANSFER_IN, date_of(2024, 7, 5), date_of(2024, 6, 15), 3600000, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2024, 7, 20)), 3000);
    poster_end(&p);
}

static void test_backdated_in_a_scan(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2015, 6, 1));
    post_settlement(&p, date_of(2015, 6, 30), 0);
    post(&p, ENTRY_TRANSFER_IN, date_of(2015, 7, 5), date_of(2015, 6, 15), 3600000, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2015, 7, 20)), 700);
    /* 1 July to 29 February: 235 days at 0.35 % and 9 at 1.50 %: 82.25 + 13.50 = 95.75. */
    assert_int_equal(interest_to(&p, &a, date_of(2016, 2, 29)), 9575);
    poster_end(&p);
}

/* A day before what the product already counts: worked out entry by entry. */
static void test_past_day(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2024, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2024, 7, 1), date_of(2024, 7, 1), 3600000, 0);
    post(&p, ENTRY_TRANSFER_IN, date_of(2025, 3, 1), date_of(2025, 3, 1), 9999999, 0);
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2024, 7, 20)), 3000);
    poster_end(&p);
}

/* An entry and its reversal leave nothing behind, whenever the reversal is booked. */
static void test_reversal(void **state)
{
    struct account a;
    int64_t seq;

    poster_start(&p, *state, date_of(2024, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2024, 7, 1), date_of(2024, 7, 1), 3600000, 0);
    seq = post(&p, ENTRY_TRANSFER_IN, date_of(2024, 9, 1), date_of(2024, 9, 1), 7777777, 0);
    post_opposite(&p, seq, date_of(2025, 1, 15));
    a = written(&p);
    assert_int_equal(interest_to(&p, &a, date_of(2025, 1, 31)), 32250); /* 215 days */
    poster_end(&p);
}

static void test_wrong_questions(void **state)
{
    struct fixture *f = *state;
    struct account a;
    fen interest;

    poster_start(&p, f, date_of(1990, 1, 1));
    post_settlement(&p, date_of(1990, 6, 30), 0);
    a = written(&p);
    assert_int_equal(
        ledger_interest_to(f->db, p.policy, &a, date_of(1990, 6, 29), &interest, &f->err),
        RESULT_INVALID);
    assert_int_equal(
        ledger_interest_to(f->db, p.policy, &a, date_of(1990, 7, 29), &interest, &f->err),
        RESULT_CONFIG);
    poster_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_years),
        cmocka_unit_test(test_leap_year),
        cmocka_unit_test(test_29_february),
        cmocka_unit_test(test_30_june),
        cmocka_unit_test(test_compounds),
        cmocka_unit_test(test_one_rate_day),
        cmocka_unit_test(test_rates_change),
        cmocka_unit_test(test_two_rates),
        cmocka_unit_test(test_withdrawal),
        cmocka_unit_test(test_backdated),
        cmocka_unit_test(test_backdated_before_settlement),
        cmocka_unit_test(test_backdated_in_a_scan),
        cmocka_unit_test(test_past_day),
        cmocka_unit_test(test_reversal),
        cmocka_unit_test(test_wrong_questions),
    };

    return run_on_both("ledger interest", tests, sizeof tests / sizeof *tests);
}
