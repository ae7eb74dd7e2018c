/* The month picture: states, the boundary of the due day, consecutive months. A month's contribution
 * is due on the 20th of the next one; 500.00 of each side are agreed. */
#include "poster.h"

enum { SHARE = 50000 };

static struct poster p;
static struct month *months;
static size_t count;

static civil_month m(int month)
{
    return month_of(2026, month);
}

static void start(void **state)
{
    poster_start(&p, *state, date_of(2026, 1, 1));
    agree(&p, m(1), true, 1000000, SHARE);
}

/* Remits a month in full, on the 10th of the next one. */
static void remit(int month)
{
    post_share(&p, ENTRY_REMITTANCE, m(month), date_of(2026, month + 1, 10),
               date_of(2026, month + 1, 10), SHARE);
}

static void look(civil_date today)
{
    struct account a = written(&p);

    ok(p.f, ledger_months(p.f->db, p.arena, p.policy, &a, MONTH_NONE, today, &months, &count,
                          &p.f->err));
}

static void states_are(const enum month_state *want, size_t n)
{
    assert_int_equal(count, n);
    for (size_t i = 0; i < n; i++)
        if (months[i].state != want[i])
            fail_msg("month %zu: state %d, wanted %d", i + 1, months[i].state, want[i]);
}
#define STATES(...)                                    \
    do {                                               \
        const enum month_state want[] = {__VA_ARGS__}; \
        states_are(want, sizeof want / sizeof *want);  \
    } while (0)

static void consecutive_is(int full, int if_mended)
{
    int is, mended;

    ledger_months_consecutive(months, count, &is, &mended);
    assert_int_equal(is, full);
    assert_int_equal(mended, if_mended);
}

static void test_full_and_awaited(void **state)
{
    start(state);
    remit(1);
    remit(2);
    look(date_of(2026, 4, 20)); /* March is due today */
    STATES(MONTH_FULL, MONTH_FULL, MONTH_AWAITED, MONTH_AWAITED);
    consecutive_is(2, 2);
    assert_int_equal(months[0].unit_due.n, SHARE);
    assert_int_equal(months[0].own_credited.n, SHARE);
    assert_int_equal(months[0].credited_on.day, date_of(2026, 2, 10).day);
    assert_int_equal(months[0].due_day.day, date_of(2026, 2, 20).day);
    assert_true(text_equal(months[0].unit, TEXT("D1")));
    assert_true(text_equal(months[0].unit_name, TEXT("示范单位")));
    assert_true(date_is_none(months[2].credited_on));
    poster_end(&p);
}

static void test_day_after_due(void **state)
{
    start(state);
    remit(1);
    remit(2);
    look(date_of(2026, 4, 21));
    STATES(MONTH_FULL, MONTH_FULL, MONTH_MISSING, MONTH_AWAITED);
    consecutive_is(0, 3);
    poster_end(&p);
}

/* On the 20th is in time, on the 21st is late; what counts is the value day. */
static void test_late(void **state)
{
    start(state);
    post_share(&p, ENTRY_REMITTANCE, m(1), date_of(2026, 2, 20), date_of(2026, 2, 20), SHARE);
    post_share(&p, ENTRY_REMITTANCE, m(2), date_of(2026, 3, 21), date_of(2026, 3, 21), SHARE);
    post_share(&p, ENTRY_REMITTANCE, m(3), date_of(2026, 4, 25), date_of(2026, 4, 20), SHARE);
    look(date_of(2026, 4, 30));
    STATES(MONTH_FULL, MONTH_LATE, MONTH_FULL, MONTH_AWAITED);
    consecutive_is(3, 3);
    poster_end(&p);
}

static void test_short_and_mended(void **state)
{
    start(state);
    remit(1);
    post_share(&p, ENTRY_REMITTANCE, m(2), date_of(2026, 3, 10), date_of(2026, 3, 10), SHARE - 1);
    remit(3);
    post_share(&p, ENTRY_REMITTANCE, m(4), date_of(2026, 5, 10), date_of(2026, 5, 10), SHARE - 100);
    post_share(&p, ENTRY_BACK_PAYMENT, m(4), date_of(2026, 6, 9), date_of(2026, 6, 9), 100);
    post_share(&p, ENTRY_BACK_PAYMENT, m(5), date_of(2026, 7, 9), date_of(2026, 7, 9), SHARE);
    look(date_of(2026, 7, 10));
    STATES(MONTH_FULL, MONTH_SHORT, MONTH_FULL, MONTH_BACKPAID, MONTH_BACKPAID, MONTH_AWAITED,
           MONTH_AWAITED);
    assert_int_equal(months[1].unit_credited.n, SHARE - 1);
    assert_int_equal(months[3].unit_credited.n, SHARE);
    assert_int_equal(months[3].credited_on.day, date_of(2026, 6, 9).day);
    consecutive_is(3, 5);
    poster_end(&p);
}

/* Something came, not enough, and the due day is not over. */
static void test_short_but_not_due(void **state)
{
    start(state);
    post_share(&p, ENTRY_REMITTANCE, m(1), date_of(2026, 2, 10), date_of(2026, 2, 10), 100);
    look(date_of(2026, 2, 20));
    STATES(MONTH_AWAITED, MONTH_AWAITED);
    consecutive_is(0, 0);
    poster_end(&p);
}

/* Paid before its time: the month counts. */
static void test_in_advance(void **state)
{
    start(state);
    post_share(&p, ENTRY_REMITTANCE, m(1), date_of(2026, 1, 5), date_of(2026, 1, 5), SHARE);
    post_share(&p, ENTRY_REMITTANCE, m(2), date_of(2026, 1, 5), date_of(2026, 1, 5), SHARE);
    look(date_of(2026, 2, 1));
    STATES(MONTH_FULL, MONTH_FULL);
    consecutive_is(2, 2);
    poster_end(&p);
}

/* Reversed and posted again: the pair cancels out, also when the amounts came for a wrong month. */
static void test_reversed(void **state)
{
    int64_t seq;

    start(state);
    remit(1);
    seq = post_share(&p, ENTRY_REMITTANCE, m(1), date_of(2026, 3, 10), date_of(2026, 3, 10), SHARE);
    post_opposite(&p, seq, date_of(2026, 3, 12));
    post_share(&p, ENTRY_REMITTANCE, m(2), date_of(2026, 3, 12), date_of(2026, 3, 10), SHARE);
    seq = post_share(&p, ENTRY_REMITTANCE, m(3), date_of(2026, 4, 10), date_of(2026, 4, 10), SHARE);
    post_opposite(&p, seq, date_of(2026, 4, 30));
    look(date_of(2026, 5, 1));
    STATES(MONTH_FULL, MONTH_FULL, MONTH_MISSING, MONTH_AWAITED, MONTH_AWAITED);
    assert_int_equal(months[0].credited_on.day, date_of(2026, 2, 10).day);
    assert_int_equal(months[0].unit_credited.n, SHARE);
    assert_int_equal(months[2].unit_credited.n, 0);
    consecutive_is(0, 3);
    poster_end(&p);
}

static void test_sealed(void **state)
{
    start(state);
    remit(1);
    agree(&p, m(2), false, 1000000, SHARE);
    agree(&p, m(5), true, 1200000, SHARE + 10000);
    post_share(&p, ENTRY_BACK_PAYMENT, m(3), date_of(2026, 4, 1), date_of(2026, 4, 1), 700);
    post_share(&p, ENTRY_REMITTANCE, m(5), date_of(2026, 6, 10), date_of(2026, 6, 10),
               SHARE + 10000);
    look(date_of(2026, 6, 21));
    STATES(MONTH_FULL, MONTH_SEALED, MONTH_EXTRA, MONTH_SEALED, MONTH_FULL, MONTH_AWAITED);
    assert_int_equal(months[1].unit_due.n, 0);
    assert_true(months[4].base_changed);
    assert_int_equal(months[4].base_before.n, 1000000);
    assert_int_equal(months[4].base.n, 1200000);
    assert_false(months[5].base_changed);
    assert_false(months[0].base_changed);
    consecutive_is(1, 1); /* a sealed month cannot be mended */
    poster_end(&p);
}

/* Two missing months in a row are one gap. */
static void test_gap(void **state)
{
    start(state);
    for (int month = 1; month <= 8; month++)
        if (month != 4 && month != 5 && month != 2)
            remit(month);
    look(date_of(2026, 9, 21));
    STATES(MONTH_FULL, MONTH_MISSING, MONTH_FULL, MONTH_MISSING, MONTH_MISSING, MONTH_FULL,
           MONTH_FULL, MONTH_FULL, MONTH_AWAITED);
    consecutive_is(3, 6);
    poster_end(&p);
}

/* A window shows the same as the whole, also the change of base at its edge. */
static void test_window(void **state)
{
    struct account a;
    struct month *whole;
    size_t whole_count;

    start(state);
    agree(&p, m(6), true, 1100000, SHARE);
    for (int month = 1; month <= 9; month++)
        if (month != 7)
            remit(month);
    a = written(&p);
    ok(p.f, ledger_months(p.f->db, p.arena, p.policy, &a, MONTH_NONE, date_of(2026, 10, 30), &whole,
                          &whole_count, &p.f->err));
    assert_int_equal(whole_count, 10);
    for (int first = 1; first <= 10; first++) {
        ok(p.f, ledger_months(p.f->db, p.arena, p.policy, &a, m(first), date_of(2026, 10, 30),
                              &months, &count, &p.f->err));
        assert_int_equal(count, 11 - first);
        for (size_t i = 0; i < count; i++) {
            const struct month *w = &whole[i + (size_t)first - 1];
            assert_int_equal(months[i].month.n, w->month.n);
            assert_int_equal(months[i].state, w->state);
            assert_int_equal(months[i].base_changed, w->base_changed);
            assert_int_equal(months[i].credited_on.day, w->credited_on.day);
        }
    }
    ok(p.f, ledger_months(p.f->db, p.arena, p.policy, &a, month_of(2020, 1), date_of(2026, 10, 30),
                          &months, &count, &p.f->err));
    assert_int_equal(count, 10);
    ok(p.f, ledger_months(p.f->db, p.arena, p.policy, &a, month_of(2027, 1), date_of(2026, 10, 30),
                          &months, &count, &p.f->err));
    assert_int_equal(count, 0);
    poster_end(&p);
}

static void test_closed(void **state)
{
    start(state);
    remit(1);
    agree(&p, m(2), false, 1000000, SHARE);
    post(&p, ENTRY_CLOSING, date_of(2026, 3, 5), date_of(2026, 3, 5), -2 * SHARE, 0);
    p.state = ACCOUNT_WITHDRAWN;
    p.closed = date_of(2026, 3, 5);
    look(date_of(2026, 9, 1));
    STATES(MONTH_FULL, MONTH_SEALED, MONTH_SEALED);
    poster_end(&p);
}

static void test_nothing_agreed(void **state)
{
    poster_start(&p, *state, date_of(2026, 1, 1));
    look(date_of(2026, 9, 1));
    assert_int_equal(count, 0);
    consecutive_is(0, 0);
    poster_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full_and_awaited),
        cmocka_unit_test(test_day_after_due),
        cmocka_unit_test(test_late),
        cmocka_unit_test(test_short_and_mended),
        cmocka_unit_test(test_short_but_not_due),
        cmocka_unit_test(test_in_advance),
        cmocka_unit_test(test_reversed),
        cmocka_unit_test(test_sealed),
        cmocka_unit_test(test_gap),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_nothing_agreed),
    };

    return run_on_both("ledger months", tests, sizeof tests / sizeof *tests);
}
