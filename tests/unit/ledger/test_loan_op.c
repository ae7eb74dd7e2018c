/* What happens to a loan: instalments, overdue ones, prepayment, settling, repricing. Penalties,
 * instalments and interest of broken months are compared with the synthetic city's arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "city/annuity.h"
#include "ledger/loan_op.h"

static struct policy *policy;
static struct error err;
static struct loan_change c, d;

#define ok(call)                                     \
    do {                                             \
        if ((call) != RESULT_OK)                     \
            fail_msg("%s: %s", #call, err.sentence); \
    } while (0)

static int load(void **state)
{
    (void)state;
    return policy_load("policy/kunming.yaml", &policy, &err) == RESULT_OK ? 0 : -1;
}

/* A loan as it stands on the day of paying out. */
static struct loan_standing paid_out(int method, int64_t principal, millionths rate, int months,
                                     civil_date day, int due_day)
{
    struct loan_rest rest = {method, {principal}, rate, months, {0}};
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    struct loan_rate first = {day, rate, {0}};
    struct loan_view v = {.rates = &first, .rate_count = 1, .settled = DATE_NONE};
    struct loan_standing s;

    loan_part_anew(&rest);
    assert_true(loan_plan(&rest, 1, (civil_month){date_month(day).n + 1}, due_day, lines) > 0);
    first.payment = lines[0].payment;
    v.loan = (struct loan){.method = method,
                           .months = months,
                           .due_day = due_day,
                           .paid_out_on = day,
                           .rate = rate,
                           .balance = {principal},
                           .next_due = lines[0].due,
                           .next_payment = lines[0].payment,
                           .next_principal = lines[0].principal,
                           .next_interest = lines[0].interest};
    ok(loan_standing_of(&v, &s, &err));
    return s;
}

/* Collecting month by month follows the plan to its end, on the 31st too. */
static void follows_the_plan(void **state)
{
    (void)state;
    for (int method = LOAN_EQUAL_INSTALMENTS; method <= LOAN_ONCE; method++) {
        int months = method == LOAN_ONCE ? 12 : 240, count;
        struct loan_standing s =
            paid_out(method, 61234567, 26000, months, date_of(2026, 1, 31), 31);
        struct loan_instalment_line lines[LOAN_MONTHS_MAX];

        count = loan_ahead(&s, lines);
        assert_int_equal(count, method == LOAN_ONCE ? 1 : 240);
        for (int i = 0; i < count; i++) {
            assert_int_equal(loan_collect(&s, date_plus(lines[i].due, -1), true, &c, &err),
                             RESULT_REFUSED);
            ok(loan_collect(&s, lines[i].due, true, &c, &err));
            assert_int_equal(c.count, 1);
            assert_int_equal(c.lines[0].kind, LOAN_REPAYMENT);
            assert_int_equal(c.lines[0].principal.n, lines[i].principal.n);
            assert_int_equal(c.lines[0].interest.n, lines[i].interest.n);
            assert_int_equal(c.lines[0].happened.day, lines[i].due.day);
            assert_int_equal(c.after.balance.n, lines[i].left.n);
            s = c.after;
        }
        assert_int_equal(s.balance.n, 0);
        assert_int_equal(s.settled.day, lines[count - 1].due.day);
        assert_int_equal(loan_collect(&s, date_of(2090, 1, 1), true, &c, &err), RESULT_REFUSED);
    }
}

/* Three instalments stay away, are repaid whole and oldest first with 1.5 times the rate. */
static void overdue(void **state)
{
    struct loan_standing s =
        paid_out(LOAN_EQUAL_INSTALMENTS, 70000000, 26000, 360, date_of(2026, 1, 10), 15);
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    civil_date day = date_of(2026, 5, 2);
    int64_t need = 0;
    (void)state;

    loan_ahead(&s, lines);
    ok(loan_collect(&s, day, false, &c, &err));
    assert_int_equal(c.count, 0);
    s = c.after;
    assert_int_equal(s.overdue_periods, 3);
    assert_int_equal(s.overdue_principal.n, 70000000 - lines[2].left.n);
    assert_int_equal(s.next.period, 4);
    assert_int_equal(s.next.interest.n, lines[3].interest.n);
    for (int i = 0; i < 3; i++)
        need += lines[i].payment.n +
                overdue_penalty(lines[i].principal.n, 26000, days_between(lines[i].due, day));
    assert_int_equal(loan_pay(policy, &s, day, fen_of(need - 1), LOAN_THEN_NOTHING, &d, &err),
                     RESULT_REFUSED);
    assert_int_equal(loan_pay(policy, &s, day, fen_of(need + 1), LOAN_THEN_NOTHING, &d, &err),
                     RESULT_REFUSED);
    ok(loan_pay(policy, &s, day, fen_of(need), LOAN_THEN_NOTHING, &d, &err));
    assert_int_equal(d.count, 3);
    assert_int_equal(d.paid.n, need);
    assert_int_equal(d.lines[0].kind, LOAN_OVERDUE_REPAYMENT);
    assert_int_equal(d.lines[0].period, 1);
    assert_int_equal(d.after.overdue_periods, 0);
    assert_int_equal(d.after.overdue_principal.n, 0);
    assert_int_equal(d.after.balance.n, lines[2].left.n);
    assert_int_equal(d.after.next.principal.n, lines[3].principal.n);
    /* Money that is collected while something is overdue does not pass the overdue by. */
    ok(loan_collect(&s, date_of(2026, 5, 15), true, &c, &err));
    assert_int_equal(c.count, 0);
    assert_int_equal(c.after.overdue_periods, 4);
}

/* 100,000.00 twelve days after the second instalment. */
static void prepayment(void **state)
{
    struct loan_standing s =
        paid_out(LOAN_EQUAL_INSTALMENTS, 70000000, 26000, 360, date_of(2026, 1, 10), 15);
    int64_t part, left;
    int months;
    (void)state;

    ok(loan_collect(&s, date_of(2026, 3, 15), true, &c, &err));
    s = c.after;
    part = s.next.payment.n;
    assert_int_equal(
        loan_pay(policy, &s, date_of(2026, 3, 27), fen_of(10000000), LOAN_THEN_NOTHING, &c, &err),
        RESULT_REFUSED);
    ok(loan_pay(policy, &s, date_of(2026, 3, 27), fen_of(10000000), LOAN_THEN_LOWER, &c, &err));
    assert_int_equal(c.count, 1);
    assert_int_equal(c.paid.n, 10000000);
    /* 10,000,000 / (1 + 0.026 x 12 / 360) = 9,991,340.8 */
    assert_int_equal(c.lines[0].principal.n, 9991341);
    assert_int_equal(c.lines[0].interest.n, 8659);
    assert_int_equal(c.lines[0].interest.n, days_interest(9991341, 26000, 12));
    left = s.balance.n - 9991341;
    assert_int_equal(c.after.months, 360);
    assert_int_equal(c.after.next.payment.n, equal_instalment(left, 26000, 358));
    assert_int_equal(c.after.next.due.day, date_of(2026, 4, 15).day);
    assert_true(c.agreed);

    ok(loan_pay(policy, &s, date_of(2026, 3, 27), fen_of(10000000), LOAN_THEN_SHORTER, &c, &err));
    months = c.after.months - 2;
    assert_true(months < 358);
    assert_int_equal(c.after.next.payment.n, equal_instalment(left, 26000, months));
    assert_true(equal_instalment(left, 26000, months) <= part);
    assert_true(equal_instalment(left, 26000, months - 1) > part);
}

static void prepayment_of_equal_principal(void **state)
{
    struct loan_standing s =
        paid_out(LOAN_EQUAL_PRINCIPAL, 36000000, 26000, 360, date_of(2026, 1, 10), 15);
    (void)state;

    /* On the due day itself the instalment goes first: 1,000.00 and 780.00 of interest. */
    assert_int_equal(
        loan_pay(policy, &s, date_of(2026, 2, 15), fen_of(177999), LOAN_THEN_LOWER, &c, &err),
        RESULT_REFUSED);
    ok(loan_pay(policy, &s, date_of(2026, 2, 15), fen_of(10178000), LOAN_THEN_SHORTER, &c, &err));
    assert_int_equal(c.count, 2);
    assert_int_equal(c.lines[0].kind, LOAN_REPAYMENT);
    assert_int_equal(c.lines[1].kind, LOAN_PREPAYMENT);
    assert_int_equal(c.lines[1].principal.n, 10000000);
    assert_int_equal(c.after.months, 1 + 259); /* 259,000.00 left at 1,000.00 a month */
    assert_int_equal(c.after.next.principal.n, 100000);
    ok(loan_pay(policy, &s, date_of(2026, 2, 15), fen_of(10178000), LOAN_THEN_LOWER, &c, &err));
    assert_int_equal(c.after.months, 360);
    assert_int_equal(c.after.next.principal.n, (25900000 * 2 / 359 + 1) / 2);
}

static void settling(void **state)
{
    struct loan_standing s =
        paid_out(LOAN_EQUAL_INSTALMENTS, 70000000, 26000, 360, date_of(2026, 1, 10), 15);
    (void)state;

    ok(loan_settle(policy, &s, date_of(2026, 1, 10), &c, &err));
    assert_int_equal(c.paid.n, 70000000);
    ok(loan_collect(&s, date_of(2026, 3, 15), true, &c, &err));
    s = c.after;
    ok(loan_settle(policy, &s, date_of(2026, 3, 17), &c, &err));
    assert_int_equal(c.count, 1);
    assert_int_equal(c.lines[0].kind, LOAN_SETTLED);
    assert_int_equal(c.lines[0].interest.n, days_interest(s.balance.n, 26000, 2));
    assert_int_equal(c.after.balance.n, 0);
    assert_int_equal(c.after.next.period, 0);
    assert_int_equal(c.after.settled.day, date_of(2026, 3, 17).day);
    /* As much as that is no prepayment. */
    assert_int_equal(loan_pay(policy, &s, date_of(2026, 3, 17), c.paid, LOAN_THEN_LOWER, &d, &err),
                     RESULT_REFUSED);
    /* With two overdue ones all of it is repaid, and the chain of lines ends at nothing. */
    ok(loan_collect(&s, date_of(2026, 5, 20), false, &c, &err));
    s = c.after;
    ok(loan_settle(policy, &s, date_of(2026, 6, 1), &c, &err));
    assert_int_equal(c.count, 3);
    assert_int_equal(c.after.balance.n, 0);
    assert_int_equal(c.after.overdue_interest.n, 0);
}

/* 1 January: what is not due yet at the new rate over the months that are left. */
static void repricing(void **state)
{
    struct loan_standing s =
        paid_out(LOAN_EQUAL_INSTALMENTS, 70000000, 28500, 360, date_of(2024, 6, 10), 15);
    int64_t overdue_interest;
    (void)state;

    assert_int_equal(loan_reprice(&s, date_of(2025, 1, 1), 26000, &c, &err), RESULT_REFUSED);
    ok(loan_collect(&s, date_of(2024, 11, 30), true, &c, &err));
    s = c.after;
    ok(loan_collect(&s, date_of(2024, 12, 31), false, &c, &err));
    s = c.after;
    overdue_interest = s.overdue_interest.n;
    assert_int_equal(loan_reprice(&s, date_of(2025, 1, 1), 28500, &c, &err), RESULT_REFUSED);
    ok(loan_reprice(&s, date_of(2025, 1, 1), 26000, &c, &err));
    assert_int_equal(c.count, 0);
    s = c.after;
    assert_int_equal(s.next.payment.n,
                     equal_instalment(s.balance.n - s.overdue_principal.n, 26000, 354));
    assert_int_equal(s.next.interest.n, month_interest(s.balance.n - s.overdue_principal.n, 26000));
    assert_int_equal(s.overdue_interest.n, overdue_interest); /* as it was agreed then */
    ok(loan_settle(policy, &s, date_of(2025, 1, 2), &c, &err));
    assert_int_equal(c.lines[0].interest.n, overdue_interest);
}

/* Whatever is stored wrongly is not gone on with. */
static void what_does_not_follow(void **state)
{
    struct loan_rate rate = {date_of(2026, 1, 10), 26000, {280238}};
    struct loan_view v = {.rates = &rate, .rate_count = 1, .settled = DATE_NONE};
    struct loan_standing s;
    (void)state;

    v.loan = (struct loan){.method = LOAN_EQUAL_INSTALMENTS,
                           .months = 360,
                           .due_day = 15,
                           .paid_out_on = date_of(2026, 1, 10),
                           .rate = 26000,
                           .balance = {70000000},
                           .next_due = date_of(2026, 2, 15),
                           .next_payment = {280238},
                           .next_principal = {128571},
                           .next_interest = {151667}};
    ok(loan_standing_of(&v, &s, &err));
    v.loan.next_interest.n++;
    assert_int_equal(loan_standing_of(&v, &s, &err), RESULT_DAMAGED);
    v.loan.next_interest.n--;
    v.loan.overdue_interest.n = 1;
    assert_int_equal(loan_standing_of(&v, &s, &err), RESULT_DAMAGED);
    v.loan.overdue_interest.n = 0;
    v.loan.next_due.day++;
    assert_int_equal(loan_standing_of(&v, &s, &err), RESULT_DAMAGED);
    v.loan.next_due.day--;
    v.loan.method = 4;
    assert_int_equal(loan_standing_of(&v, &s, &err), RESULT_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_the_plan),
        cmocka_unit_test(overdue),
        cmocka_unit_test(prepayment),
        cmocka_unit_test(prepayment_of_equal_principal),
        cmocka_unit_test(settling),
        cmocka_unit_test(repricing),
        cmocka_unit_test(what_does_not_follow),
    };

    return cmocka_run_group_tests_name("loan operations", tests, load, NULL);
}
