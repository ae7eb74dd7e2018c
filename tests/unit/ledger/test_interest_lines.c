/* Interest years laid open, against figures worked out by hand. */
#include "poster.h"

static struct poster p;
static struct interest_year *years;
static size_t year_count;
static struct interest_calculation k;

/* Lays open one year of the account as written. */
static const struct interest_year *lay_open(struct poster *q, const struct account *a, int year,
                                            civil_date today)
{
    struct fixture *f = q->f;

    ok(f,
       ledger_interest_years(f->db, q->arena, q->policy, a, today, &years, &year_count, &f->err));
    for (size_t i = 0; i < year_count; i++) {
        if (years[i].year != year)
            continue;
        ok(f, ledger_interest_lines(f->db, q->arena, q->policy, a, &years[i], &k, &f->err));
        return &years[i];
    }
    fail_msg("there is no year %d", year);
    return NULL;
}

static void is_line(size_t i, civil_date from, civil_date to, enum interest_part part,
                    int64_t balance, millionths rate)
{
    assert_true(i < k.count);
    assert_int_equal(k.lines[i].from.day, from.day);
    assert_int_equal(k.lines[i].to.day, to.day);
    assert_int_equal(k.lines[i].part, part);
    assert_int_equal(k.lines[i].balance.n, balance);
    assert_int_equal(k.lines[i].rate, rate);
    assert_int_equal(k.lines[i].product, balance * (days_between(from, to) + 1));
}

/* 50,000.00 x 365 days x 1.50 % / 360 = 760.4166…. */
static void test_year(void **state)
{
    const struct interest_year *y;
    struct account a;

    poster_start(&p, *state, date_of(2022, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2022, 7, 1), date_of(2022, 7, 1), 5000000, 0);
    post_settlement(&p, date_of(2023, 6, 30), 76042);
    a = written(&p);
    y = lay_open(&p, &a, 2023, date_of(2023, 7, 1));
    assert_int_equal(year_count, 2);
    assert_int_equal(years[0].state, INTEREST_RUNNING);
    assert_int_equal(years[0].right.n, 212); /* 50,760.42 for one day: 2.1150… */
    assert_int_equal(y->state, INTEREST_SETTLED);
    assert_int_equal(y->posted.n, 76042);
    assert_int_equal(y->right.n, 76042);
    assert_int_equal(k.count, 1);
    is_line(0, date_of(2022, 7, 1), date_of(2023, 6, 30), INTEREST_WHOLE, 5000000, 15000);
    assert_int_equal(k.sum_count, 1);
    assert_int_equal(k.sums[0].product, 5000000LL * 365);
    assert_int_equal(k.unrounded, 760416666);
    poster_end(&p);
}

static void test_leap_year(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2023, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2023, 7, 1), date_of(2023, 7, 1), 5000000, 0);
    a = written(&p);
    assert_int_equal(lay_open(&p, &a, 2024, date_of(2024, 6, 30))->right.n, 76250);
    assert_int_equal(k.unrounded, 762500000);
    poster_end(&p);
}

/* A deposit on 30 June counts for that one day: 12,000.00 x 1.5 % / 360 = 0.50. */
static void test_30_june(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2023, 6, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2023, 6, 30), date_of(2023, 6, 30), 1200000, 0);
    post_settlement(&p, date_of(2023, 6, 30), 50);
    a = written(&p);
    assert_int_equal(lay_open(&p, &a, 2023, date_of(2023, 6, 30))->right.n, 50);
    assert_int_equal(k.count, 1); /* the 29 days without money have no line */
    is_line(0, date_of(2023, 6, 30), date_of(2023, 6, 30), INTEREST_WHOLE, 1200000, 15000);
    /* On the day of the settlement the next year has no day yet. */
    assert_int_equal(lay_open(&p, &a, 2024, date_of(2023, 6, 30))->right.n, 0);
    assert_true(years[0].from.day > years[0].to.day);
    assert_int_equal(k.count, 0);
    poster_end(&p);
}

/* 10,000.00 out and 6,000.00 in on one day: the balance at its end counts. 36,000.00 for 10 days and
 * 32,000.00 for 10: 680,000 x 1.5 % / 360 = 28.3333… */
static void test_one_day(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2024, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2024, 7, 1), date_of(2024, 7, 1), 3600000, 0);
    post(&p, ENTRY_WITHDRAWAL, date_of(2024, 7, 11), date_of(2024, 7, 11), -1000000, 0);
    post(&p, ENTRY_TRANSFER_IN, date_of(2024, 7, 11), date_of(2024, 7, 11), 600000, 0);
    a = written(&p);
    assert_int_equal(lay_open(&p, &a, 2025, date_of(2024, 7, 20))->right.n, 2833);
    assert_int_equal(k.count, 2);
    is_line(0, date_of(2024, 7, 1), date_of(2024, 7, 10), INTEREST_WHOLE, 3600000, 15000);
    is_line(1, date_of(2024, 7, 11), date_of(2024, 7, 20), INTEREST_WHOLE, 3200000, 15000);
    poster_end(&p);
}

/* 2013/14: 72,000.00 carried over at 2.60 % and 36,000.00 of this year at 0.35 %, 365 days:
 * 1,898.00 + 127.75. */
static void test_two_rates(void **state)
{
    civil_date first = date_of(2013, 7, 1), last = date_of(2014, 6, 30);
    struct account a;

    poster_start(&p, *state, date_of(2013, 6, 30));
    post(&p, ENTRY_TRANSFER_IN, date_of(2013, 6, 30), date_of(2013, 6, 30), 0, 7200000);
    post_settlement(&p, date_of(2013, 6, 30), 0);
    post(&p, ENTRY_TRANSFER_IN, first, first, 3600000, 0);
    a = written(&p);
    assert_int_equal(lay_open(&p, &a, 2014, last)->right.n, 202575);
    assert_int_equal(k.count, 2);
    is_line(0, first, last, INTEREST_CARRIED, 7200000, 26000);
    is_line(1, first, last, INTEREST_THIS_YEAR, 3600000, 3500);
    assert_int_equal(k.sum_count, 2);
    poster_end(&p);
}

/* 2015/16, 100,000.00 carried over: 56 days at 1.60 %, 59 at 1.35 %, 120 at 1.10 %, 131 at 1.50 %:
 * 1,382.638… */
static void test_rates_change(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2015, 6, 30));
    post(&p, ENTRY_TRANSFER_IN, date_of(2015, 6, 30), date_of(2015, 6, 30), 0, 10000000);
    post_settlement(&p, date_of(2015, 6, 30), 0);
    a = written(&p);
    assert_int_equal(lay_open(&p, &a, 2016, date_of(2016, 6, 30))->right.n, 138264);
    assert_int_equal(k.count, 4);
    is_line(0, date_of(2015, 7, 1), date_of(2015, 8, 25), INTEREST_CARRIED, 10000000, 16000);
    is_line(1, date_of(2015, 8, 26), date_of(2015, 10, 23), INTEREST_CARRIED, 10000000, 13500);
    is_line(2, date_of(2015, 10, 24), date_of(2016, 2, 20), INTEREST_CARRIED, 10000000, 11000);
    is_line(3, date_of(2016, 2, 21), date_of(2016, 6, 30), INTEREST_WHOLE, 10000000, 15000);
    poster_end(&p);
}

/* 1.00 too much was posted; the next year is reckoned with what was posted. */
static void test_wrong(void **state)
{
    const struct interest_year *y;
    struct account a;

    poster_start(&p, *state, date_of(2023, 6, 30));
    post(&p, ENTRY_TRANSFER_IN, date_of(2023, 6, 30), date_of(2023, 6, 30), 1200000, 0);
    post_settlement(&p, date_of(2023, 6, 30), 150);
    a = written(&p);
    y = lay_open(&p, &a, 2023, date_of(2023, 7, 10));
    assert_int_equal(y->posted.n, 150);
    assert_int_equal(y->right.n, 50);
    lay_open(&p, &a, 2024, date_of(2023, 7, 10));
    is_line(0, date_of(2023, 7, 1), date_of(2023, 7, 10), INTEREST_WHOLE, 1200150, 15000);
    poster_end(&p);
}

/* Dated back before the settlement: counts from the day after it, and the year before keeps. */
static void test_backdated(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(2024, 6, 1));
    post_settlement(&p, date_of(2024, 6, 30), 0);
    post(&p, ENTRY_TRANSFER_IN, date_of(2024, 7, 5), date_of(2024, 6, 15), 3600000, 0);
    a = written(&p);
    assert_int_equal(lay_open(&p, &a, 2024, date_of(2024, 7, 20))->right.n, 0);
    assert_int_equal(lay_open(&p, &a, 2025, date_of(2024, 7, 20))->right.n, 3000);
    is_line(0, date_of(2024, 7, 1), date_of(2024, 7, 20), INTEREST_WHOLE, 3600000, 15000);
    poster_end(&p);
}

/* An account with two settlements on one 30 June, the first of them taken back. */
static void test_settled_anew(void **state)
{
    struct entry *wrong;
    struct account a;

    poster_start(&p, *state, date_of(2023, 6, 30));
    post(&p, ENTRY_TRANSFER_IN, date_of(2023, 6, 30), date_of(2023, 6, 30), 1200000, 0);
    wrong = &p.entries[post_settlement(&p, date_of(2023, 6, 30), 150) - 1];
    post_opposite(&p, wrong->seq, date_of(2023, 6, 30));
    p.entries[p.count - 1].interest = fen_negate(wrong->interest);
    post_settlement(&p, date_of(2023, 6, 30), 50);
    a = written(&p);
    assert_int_equal(lay_open(&p, &a, 2023, date_of(2023, 7, 1))->posted.n, 50);
    assert_int_equal(year_count, 2);
    assert_int_equal(years[1].right.n, 50);
    lay_open(&p, &a, 2024, date_of(2023, 7, 1));
    is_line(0, date_of(2023, 7, 1), date_of(2023, 7, 1), INTEREST_WHOLE, 1200050, 15000);
    poster_end(&p);
}

/* Before 10 June 1999 the policy knows no rate: nothing is claimed of such a year. */
static void test_unknown_rate(void **state)
{
    struct account a;

    poster_start(&p, *state, date_of(1998, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(1998, 7, 1), date_of(1998, 7, 1), 1200000, 0);
    post_settlement(&p, date_of(1999, 6, 30), 20000);
    a = written(&p);
    assert_false(lay_open(&p, &a, 1999, date_of(1999, 7, 1))->known);
    assert_int_equal(k.count, 0);
    assert_true(lay_open(&p, &a, 2000, date_of(1999, 7, 1))->known);
    poster_end(&p);
}

/* Every line of a year is summed, also those that are too many to be listed. */
static void test_many_lines(void **state)
{
    struct account a;
    civil_date first = date_of(2013, 7, 1);

    poster_start(&p, *state, first);
    post(&p, ENTRY_TRANSFER_IN, first, first, 0, 1000000);
    for (int i = 0; i < 300; i++)
        post(&p, ENTRY_TRANSFER_IN, date_plus(first, i), date_plus(first, i), 100, 100);
    a = written(&p);
    lay_open(&p, &a, 2014, date_plus(first, 300));
    assert_int_equal(k.count, INTEREST_LINES_MAX);
    assert_int_equal(k.left_out, 600 - INTEREST_LINES_MAX);
    assert_int_equal(years[0].right.n, interest_to(&p, &a, date_plus(first, 300)));
    poster_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_year),         cmocka_unit_test(test_leap_year),
        cmocka_unit_test(test_30_june),      cmocka_unit_test(test_one_day),
        cmocka_unit_test(test_two_rates),    cmocka_unit_test(test_rates_change),
        cmocka_unit_test(test_wrong),        cmocka_unit_test(test_backdated),
        cmocka_unit_test(test_settled_anew), cmocka_unit_test(test_unknown_rate),
        cmocka_unit_test(test_many_lines),
    };

    return run_on_both("ledger interest lines", tests, sizeof tests / sizeof *tests);
}
