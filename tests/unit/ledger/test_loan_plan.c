/* Instalments: known values, and that every plan ends at exactly nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger/loan_plan.h"

/* Values of public tables of the fund's instalments, in fen. */
static void known_values(void **state)
{
    struct loan_rest rest = {LOAN_EQUAL_PRINCIPAL, {70000000}, 26000, 360, {0}};
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    (void)state;

    assert_int_equal(loan_instalment(fen_of(70000000), 26000, 360).n, 280238);
    assert_int_equal(loan_instalment(fen_of(100000000), 28500, 360).n, 413557);
    assert_int_equal(loan_instalment(fen_of(100000000), 31000, 360).n, 427016);
    assert_int_equal(loan_instalment(fen_of(70000000), 21000, 60).n, 1230008);
    assert_int_equal(loan_instalment(fen_of(1200000), 0, 12).n, 100000);
    assert_int_equal(loan_instalment(fen_of(120000), 26000, 1).n, 120260);
    assert_int_equal(loan_instalment(fen_of(0), 26000, 360).n, 0);
    loan_part_anew(&rest);
    assert_int_equal(loan_plan(&rest, 1, month_of(2026, 1), 28, lines), 360);
    assert_int_equal(lines[0].payment.n, 346111);
    assert_int_equal(lines[0].interest.n, 151667);
}

/* P (1+i) = 1,200,600.50 fen: a half goes up. */
static void half_goes_up(void **state)
{
    (void)state;
    assert_int_equal(loan_instalment(fen_of(1200000), 6005, 1).n, 1200601);
    assert_int_equal(loan_month_interest(fen_of(1200000), 6005).n, 601);
}

static void check_plan(const struct loan_rest *rest)
{
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    int count = loan_plan(rest, 1, month_of(2026, 11), 5, lines);
    int64_t left = rest->principal.n;

    assert_int_equal(count, rest->months);
    for (int i = 0; i < count; i++) {
        int64_t interest = loan_month_interest(fen_of(left), rest->rate).n;

        left -= lines[i].principal.n;
        assert_int_equal(lines[i].period, i + 1);
        assert_int_equal(lines[i].interest.n, interest);
        assert_int_equal(lines[i].payment.n, lines[i].principal.n + interest);
        assert_int_equal(lines[i].left.n, left);
        assert_true(lines[i].principal.n > 0);
        if (i + 1 < count && rest->method == LOAN_EQUAL_INSTALMENTS)
            assert_int_equal(lines[i].payment.n, rest->part.n);
    }
    assert_int_equal(left, 0);
}

static void ends_at_nothing(void **state)
{
    static const millionths rates[] = {0, 21000, 26000, 30750, 35750, 59400};
    static const int64_t principals[] = {123457, 60000000, 99999999};
    (void)state;

    for (int months = 1; months <= LOAN_MONTHS_MAX; months++) {
        for (size_t i = 0; i < 6 * 3 * 2; i++) {
            struct loan_rest rest = {
                .method = i % 2 ? LOAN_EQUAL_PRINCIPAL : LOAN_EQUAL_INSTALMENTS,
                .principal = {principals[i / 2 % 3]},
                .rate = rates[i / 6],
                .months = months,
            };

            loan_part_anew(&rest);
            check_plan(&rest);
        }
    }
}

/* Some instalments later the agreed part is found again from the first payment and what is left. */
static void part_stays(void **state)
{
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    (void)state;

    for (int64_t principal = 1000007; principal < 90000000; principal += 1234567) {
        for (int method = LOAN_EQUAL_INSTALMENTS; method <= LOAN_EQUAL_PRINCIPAL; method++) {
            struct loan_rest rest = {method, {principal}, 28500, 240, {0}};
            fen first, part;

            loan_part_anew(&rest);
            part = rest.part;
            assert_int_equal(loan_plan(&rest, 1, month_of(2026, 1), 1, lines), 240);
            first = lines[0].payment;
            for (int periods = 0; periods < 239; periods++) {
                loan_part_agreed(&rest, first, periods);
                assert_int_equal(rest.part.n, part.n);
                rest.principal = lines[periods].left;
            }
        }
    }
}

static void due_days(void **state)
{
    struct loan_rest rest = {LOAN_EQUAL_PRINCIPAL, {1200}, 26000, 3, {400}};
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    (void)state;

    assert_int_equal(loan_plan(&rest, 7, month_of(2026, 12), 28, lines), 3);
    assert_int_equal(lines[1].due.day, date_of(2027, 1, 28).day);
    assert_int_equal(lines[2].due.day, date_of(2027, 2, 28).day);
    assert_int_equal(lines[2].period, 9);
}

static void none(void **state)
{
    struct loan_rest rest = {4, {1200}, 26000, 3, {400}};
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    (void)state;

    assert_int_equal(loan_plan(&rest, 1, month_of(2026, 12), 1, lines), 0);
    rest = (struct loan_rest){LOAN_EQUAL_INSTALMENTS, {70000000}, 26000, 360, {100}};
    assert_int_equal(loan_plan(&rest, 1, month_of(2026, 12), 1, lines), 0); /* less than interest */
    rest.months = 0;
    assert_int_equal(loan_plan(&rest, 1, month_of(2026, 12), 1, lines), 0);
}

/* A loan of 31 January: the last day of shorter months, the 31st again where there is one. */
static void due_on_the_31st(void **state)
{
    struct loan_rest rest = {LOAN_EQUAL_INSTALMENTS, {1200000}, 26000, 14, {0}};
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    (void)state;

    loan_part_anew(&rest);
    assert_int_equal(loan_plan_whole(&rest, date_of(2027, 1, 31), lines), 14);
    assert_int_equal(lines[0].due.day, date_of(2027, 2, 28).day);
    assert_int_equal(lines[1].due.day, date_of(2027, 3, 31).day);
    assert_int_equal(lines[2].due.day, date_of(2027, 4, 30).day);
    assert_int_equal(lines[12].due.day, date_of(2028, 2, 29).day);
    assert_int_equal(lines[13].due.day, date_of(2028, 3, 31).day);
}

/* 120,000.00 at 2.10 % for 7 months, once: 120,000 x 0.021 x 7 / 12 = 1,470.00. */
static void once(void **state)
{
    struct loan_rest rest = {LOAN_ONCE, {12000000}, 21000, 7, {0}};
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    (void)state;

    loan_part_anew(&rest);
    assert_int_equal(loan_plan_whole(&rest, date_of(2026, 8, 31), lines), 1);
    assert_int_equal(lines[0].due.day, date_of(2027, 3, 31).day);
    assert_int_equal(lines[0].interest.n, 147000);
    assert_int_equal(lines[0].payment.n, 12147000);
    assert_int_equal(lines[0].left.n, 0);
}

/* Principals of a few fen round to parts of nothing or to parts that repay all too soon. */
static void tiny(void **state)
{
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    (void)state;

    for (int64_t principal = 1; principal < 2000; principal += 7) {
        for (int method = LOAN_EQUAL_INSTALMENTS; method <= LOAN_EQUAL_PRINCIPAL; method++) {
            struct loan_rest rest = {method, {principal}, 26000, 360, {0}};
            int64_t left = principal, interest = 0;

            loan_part_anew(&rest);
            assert_int_equal(loan_plan_whole(&rest, date_of(2026, 1, 1), lines), 360);
            for (int i = 0; i < 360; i++) {
                assert_true(lines[i].principal.n >= 0);
                left -= lines[i].principal.n;
                assert_int_equal(lines[i].left.n, left);
                assert_int_equal(lines[i].period, i + 1);
                assert_int_equal(lines[i].due.day,
                                 month_first((civil_month){month_of(2026, 2).n + i}).day);
                interest += lines[i].interest.n;
            }
            assert_int_equal(left, 0);
            assert_int_equal(loan_plan_interest(lines, 360).n, interest);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(half_goes_up),
        cmocka_unit_test(ends_at_nothing),
        cmocka_unit_test(part_stays),
        cmocka_unit_test(due_days),
        cmocka_unit_test(none),
        cmocka_unit_test(due_on_the_31st),
        cmocka_unit_test(once),
        cmocka_unit_test(tiny),
    };

    return cmocka_run_group_tests_name("loan plan", tests, NULL, NULL);
}
