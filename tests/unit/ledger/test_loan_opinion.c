/* Every plan beside the synthetic city's own arithmetic, which shares no code with the ledger's:
 * 1 to 360 months, rates from 0 to 6 %, both methods. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "city/annuity.h"
#include "ledger/loan_plan.h"

static void follow(const struct loan_instalment_line *lines, int months, int64_t principal,
                   int32_t rate, int64_t instalment)
{
    int64_t left = principal, part = (2 * principal / months + 1) / 2;

    for (int i = 0; i < months; i++) {
        int64_t interest = month_interest(left, rate);
        int64_t repaid = instalment ? instalment - interest : part;

        if (i + 1 == months)
            repaid = left;
        left -= repaid;
        assert_int_equal(lines[i].interest.n, interest);
        assert_int_equal(lines[i].principal.n, repaid);
        assert_int_equal(lines[i].payment.n, repaid + interest);
        assert_int_equal(lines[i].left.n, left);
    }
    assert_int_equal(left, 0);
}

static void one(int64_t principal, int32_t rate, int months)
{
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    struct loan_rest rest = {LOAN_EQUAL_INSTALMENTS, {principal}, rate, months, {0}};
    int64_t instalment = equal_instalment(principal, rate, months);

    loan_part_anew(&rest);
    assert_int_equal(rest.part.n, instalment);
    assert_int_equal(loan_plan_whole(&rest, date_of(2026, 11, 30), lines), months);
    follow(lines, months, principal, rate, instalment);
    rest.method = LOAN_EQUAL_PRINCIPAL;
    loan_part_anew(&rest);
    assert_int_equal(loan_plan_whole(&rest, date_of(2026, 11, 30), lines), months);
    follow(lines, months, principal, rate, 0);
}

static void every_length(void **state)
{
    static const int32_t rates[] = {1,     18334, 21000, 23500, 25250,
                                    26000, 28500, 30750, 45999, 60000};
    static const int64_t principals[] = {1000000, 12345678, 70000000, 100000000, 999999999};
    (void)state;

    for (int months = 1; months <= LOAN_MONTHS_MAX; months++)
        for (int i = 0; i < 10; i++)
            for (int k = 0; k < 5; k++)
                one(principals[k], rates[i], months);
}

/* All rates of the policy's shape, a hundredth of a per cent apart, and without interest. */
static void every_rate(void **state)
{
    (void)state;
    for (int32_t rate = 0; rate <= 60000; rate += 100)
        for (int months = 7; months <= LOAN_MONTHS_MAX; months += 53)
            one(62345600 + rate, rate, months);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length),
        cmocka_unit_test(every_rate),
    };

    return cmocka_run_group_tests_name("loan plan, a second opinion", tests, NULL, NULL);
}
