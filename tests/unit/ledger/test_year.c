/* A fund year in figures: what was there and what moved add up to what is left, worked by hand. */
#include "poster.h"

enum { SHARE = 50000 };

static struct poster p;

static struct fund_year year_of(const struct account *a, civil_date from, civil_date to)
{
    struct fund_year y;
    int64_t sum;

    ok(p.f, ledger_fund_year(p.f->db, a->account, from, to, &y, &p.f->err));
    sum = y.opening.n;
    for (size_t i = 0; i < y.moved_count; i++) {
        assert_int_not_equal(y.moved[i].amount.n, 0);
        sum += y.moved[i].amount.n;
    }
    assert_int_equal(sum, y.closing.n);
    return y;
}

static int64_t moved(const struct fund_year *y, enum year_what what, int reason)
{
    int64_t sum = 0;

    for (size_t i = 0; i < y->moved_count; i++)
        if (y->moved[i].what == what && y->moved[i].reason == reason)
            sum += y->moved[i].amount.n;
    return sum;
}

/* Last day of one year, first of the next one; the interest of 30 June that was booked on 2 July. */
static void test_edges(void **state)
{
    struct fund_year y;
    struct account a;

    poster_start(&p, *state, date_of(2024, 7, 1));
    post_share(&p, ENTRY_REMITTANCE, month_of(2025, 5), date_of(2025, 6, 30), date_of(2025, 6, 30),
               SHARE);
    post(&p, ENTRY_INTEREST, date_of(2025, 7, 2), date_of(2025, 6, 30), -2 * SHARE, 2 * SHARE + 4);
    post_share(&p, ENTRY_BACK_PAYMENT, month_of(2025, 4), date_of(2025, 7, 2), date_of(2025, 6, 29),
               SHARE);
    a = written(&p);
    y = year_of(&a, date_of(2024, 7, 1), date_of(2025, 6, 30));
    assert_int_equal(y.opening.n, 0);
    assert_int_equal(y.closing.n, 2 * SHARE + 4);
    assert_int_equal(moved(&y, YEAR_UNIT, 0), SHARE);
    assert_int_equal(moved(&y, YEAR_OWN, 0), SHARE);
    assert_int_equal(moved(&y, YEAR_INTEREST, 0), 4);
    assert_int_equal(y.moved_count, 3);
    y = year_of(&a, date_of(2025, 7, 1), date_of(2026, 6, 30));
    assert_int_equal(y.opening.n, 2 * SHARE + 4);
    assert_int_equal(y.closing.n, 4 * SHARE + 4);
    assert_int_equal(moved(&y, YEAR_UNIT, 0), SHARE);
    assert_int_equal(y.moved_count, 2);
    y = year_of(&a, date_of(2025, 7, 1), date_of(2025, 7, 1));
    assert_int_equal(y.closing.n, 2 * SHARE + 4);
    assert_int_equal(y.moved_count, 0);
    poster_end(&p);
}

/* A reversal in its own year leaves nothing; in a later one it is what moved then. */
static void test_reversed(void **state)
{
    struct fund_year y;
    struct account a;
    int64_t first, second;

    poster_start(&p, *state, date_of(2024, 7, 1));
    first = post_share(&p, ENTRY_REMITTANCE, month_of(2025, 1), date_of(2025, 2, 10),
                       date_of(2025, 2, 10), SHARE);
    post_opposite(&p, first, date_of(2025, 2, 11));
    second = post_share(&p, ENTRY_REMITTANCE, month_of(2025, 1), date_of(2025, 2, 12),
                        date_of(2025, 2, 12), SHARE);
    post(&p, ENTRY_TRANSFER_IN, date_of(2025, 3, 1), date_of(2025, 3, 1), 500000, 0);
    post_opposite(&p, second, date_of(2025, 8, 1));
    a = written(&p);
    y = year_of(&a, date_of(2024, 7, 1), date_of(2025, 6, 30));
    assert_int_equal(moved(&y, YEAR_UNIT, 0), SHARE);
    assert_int_equal(moved(&y, YEAR_TRANSFER_IN, 0), 500000);
    assert_int_equal(y.moved_count, 3);
    y = year_of(&a, date_of(2025, 7, 1), date_of(2026, 6, 30));
    assert_int_equal(moved(&y, YEAR_UNIT, 0), -SHARE);
    assert_int_equal(y.closing.n, 500000);
    poster_end(&p);
}

/* Withdrawals by ground, one of them taken back; at the closing the interest comes and goes. */
static void test_out(void **state)
{
    struct fund_year y;
    struct account a;
    int64_t wrong;

    poster_start(&p, *state, date_of(2025, 7, 1));
    post(&p, ENTRY_TRANSFER_IN, date_of(2025, 7, 2), date_of(2025, 7, 2), 900000, 0);
    wrong = post_withdrawal(&p, 1, date_of(2025, 8, 1), 200000);
    post_withdrawal(&p, 7, date_of(2025, 9, 1), 100000);
    post_withdrawal(&p, 7, date_of(2025, 10, 1), 50000);
    post_opposite(&p, wrong, date_of(2025, 11, 1));
    p.state = ACCOUNT_WITHDRAWN;
    p.closed = date_of(2026, 2, 2);
    post_closing(&p, 3, p.closed, 1234);
    a = written(&p);
    y = year_of(&a, date_of(2025, 7, 1), date_of(2026, 2, 2));
    assert_int_equal(moved(&y, YEAR_WITHDRAWN, 1), 0);
    assert_int_equal(moved(&y, YEAR_WITHDRAWN, 7), -150000);
    assert_int_equal(moved(&y, YEAR_INTEREST, 0), 1234);
    assert_int_equal(moved(&y, YEAR_CLOSED, 3), -750000 - 1234);
    assert_int_equal(y.closing.n, 0);
    y = year_of(&a, date_of(2025, 7, 1), date_of(2025, 10, 31));
    assert_int_equal(moved(&y, YEAR_WITHDRAWN, 1), -200000);
    assert_int_equal(y.lent.n, 0);
    y = year_of(&a, date_of(2027, 7, 1), date_of(2028, 6, 30));
    assert_int_equal(y.moved_count, 0);
    assert_int_equal(y.opening.n, 0);
    poster_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_reversed),
        cmocka_unit_test(test_out),
    };

    return run_on_both("ledger year", tests, sizeof tests / sizeof *tests);
}
