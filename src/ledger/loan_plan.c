#include "ledger/loan_plan.h"

#include <assert.h>

enum {
    TWELVE_MILLION = 12000000, /* a month's rate is the year's millionths / this */
    FRACTION = 76,             /* bits: 2^44 fen x 2^77, and 2^76 x 12,000,000, stay below 2^127 */
};

fen loan_month_interest(fen principal, millionths rate)
{
    return fen_of(round_half_up((__int128)principal.n * rate, TWELVE_MILLION));
}

/* P = A (v + v^2 + ... + v^n) with v = 1 / (1+i). The powers are rounded down in fixed point, each
 * by less than one unit more than the one before: the sum is too small by less than n^2 / 2 units of
 * 2^-76, and A too large by less than P x 2^-60, far below the ten-millionth that the header says. */
fen loan_instalment(fen principal, millionths rate, int months)
{
    unsigned __int128 power = (unsigned __int128)1 << FRACTION, sum = 0;

    assert(principal.n >= 0 && principal.n <= FEN_LIMIT);
    assert(rate >= 0 && rate <= 1000000 && months >= 1 && months <= LOAN_MONTHS_MAX);
    if (rate == 0)
        return fen_of(round_half_up(principal.n, months));
    for (int i = 0; i < months; i++) {
        power = power * TWELVE_MILLION / (unsigned)(TWELVE_MILLION + rate);
        sum += power;
    }
    /* Twice the value, cut to whole numbers: half of that, upwards, is the rounded value. */
    return fen_of((int64_t)((((unsigned __int128)principal.n << (FRACTION + 1)) / sum + 1) / 2));
}

/* Equal principal: first payment = part + interest of (principal now + periods x part), whence
 * part = (12 payment - rate x principal) / (12 + rate x periods), with rate in millionths. What the
 * interest was rounded by moves that by at most a half, and by less when periods > 0. */
void loan_part_agreed(struct loan_rest *rest, fen first_payment, int periods)
{
    __int128 numerator;

    if (rest->method != LOAN_EQUAL_PRINCIPAL) {
        rest->part = first_payment;
        return;
    }
    if (periods == 0) {
        rest->part = fen_sub(first_payment, loan_month_interest(rest->principal, rest->rate));
        return;
    }
    numerator =
        (__int128)first_payment.n * TWELVE_MILLION - (__int128)rest->principal.n * rest->rate;
    rest->part = fen_of(round_half_up(numerator, TWELVE_MILLION + (int64_t)rest->rate * periods));
}

void loan_part_anew(struct loan_rest *rest)
{
    assert(rest->months >= 1);
    if (rest->method == LOAN_ONCE)
        rest->part = rest->principal;
    else if (rest->method == LOAN_EQUAL_PRINCIPAL)
        rest->part = fen_of(round_half_up(rest->principal.n, rest->months));
    else
        rest->part = loan_instalment(rest->principal, rest->rate, rest->months);
}

static fen plan_principal(const struct loan_rest *rest, fen left, fen interest, bool last)
{
    fen principal = rest->part;

    if (rest->method == LOAN_EQUAL_INSTALMENTS)
        principal = fen_sub(principal, interest);
    return last || principal.n > left.n ? left : principal;
}

civil_date loan_due(civil_month m, int day)
{
    civil_date due = date_plus(month_first(m), day - 1), last = month_last(m);

    return due.day < last.day ? due : last;
}

/* The interest of all months is rounded once. */
static int plan_once(const struct loan_rest *rest, int period, civil_month first, int due_day,
                     struct loan_instalment_line *out)
{
    fen interest = fen_of(
        round_half_up((__int128)rest->principal.n * rest->rate * rest->months, TWELVE_MILLION));

    if (rest->months < 1 || rest->principal.n <= 0)
        return 0;
    *out = (struct loan_instalment_line){
        .period = period,
        .due = loan_due((civil_month){first.n + rest->months - 1}, due_day),
        .payment = fen_add(rest->principal, interest),
        .principal = rest->principal,
        .interest = interest,
    };
    return 1;
}

int loan_plan(const struct loan_rest *rest, int period, civil_month first, int due_day,
              struct loan_instalment_line *out)
{
    fen left = rest->principal;
    int count = 0;

    if (rest->method == LOAN_ONCE)
        return plan_once(rest, period, first, due_day, out);
    if (rest->method != LOAN_EQUAL_INSTALMENTS && rest->method != LOAN_EQUAL_PRINCIPAL)
        return 0;
    while (count < rest->months && left.n > 0) {
        struct loan_instalment_line *l = &out[count];
        fen interest = loan_month_interest(left, rest->rate);
        fen principal = plan_principal(rest, left, interest, count + 1 == rest->months);

        if (principal.n < 0)
            return 0;
        left = fen_sub(left, principal);
        *l = (struct loan_instalment_line){
            .period = period + count,
            .due = loan_due((civil_month){first.n + count}, due_day),
            .payment = fen_add(principal, interest),
            .principal = principal,
            .interest = interest,
            .left = left,
        };
        count++;
    }
    return count;
}

int loan_plan_whole(const struct loan_rest *rest, civil_date paid_out_on,
                    struct loan_instalment_line *out)
{
    civil_month first = {date_month(paid_out_on).n + 1};
    int day = days_between(month_first(date_month(paid_out_on)), paid_out_on) + 1;
    int count = loan_plan(rest, 1, first, day, out);

    while (rest->method != LOAN_ONCE && count < rest->months) {
        out[count] = (struct loan_instalment_line){
            .period = count + 1,
            .due = loan_due((civil_month){first.n + count}, day),
        };
        count++;
    }
    return count;
}

fen loan_plan_interest(const struct loan_instalment_line *lines, int count)
{
    fen sum = fen_of(0);

    for (int i = 0; i < count; i++)
        sum = fen_add(sum, lines[i].interest);
    return sum;
}
