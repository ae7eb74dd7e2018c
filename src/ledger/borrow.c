#include "ledger/borrow.h"

#include "ledger/loan_plan.h"

enum { MILLION = 1000000, HUNDRED = 100 };

static fen rounded_down(fen amount, fen step)
{
    return fen_of(amount.n - amount.n % step.n);
}

/* Up to the fen below: a limit is not passed by rounding. */
static fen share(fen of, int64_t part, int64_t whole)
{
    __int128 n = (__int128)of.n * part / whole;

    return fen_of(n > FEN_LIMIT ? FEN_LIMIT : (int64_t)n);
}

/* The largest principal whose equal instalment over the months is not above the payment. */
static fen principal_for(fen payment, millionths rate, int months)
{
    int64_t low = 0, high = payment.n * months;

    while (low < high) {
        int64_t middle = low + (high - low + 1) / 2;

        if (loan_instalment(fen_of(middle), rate, months).n <= payment.n)
            low = middle;
        else
            high = middle - 1;
    }
    return fen_of(low);
}

static millionths uplift_of(const struct borrow_case *c, const struct borrow_answer *a)
{
    millionths sum = 0;

    for (size_t i = 0; i < a->uplift_count; i++)
        if (c->uplifts >> i & 1U)
            sum += a->uplifts[i].share;
    return sum < a->bounds.uplift_most ? sum : a->bounds.uplift_most;
}

static void find_limits(const struct policy *p, const struct borrow_case *c,
                        struct borrow_answer *a)
{
    const struct loan_bounds *b = &a->bounds;
    fen bases = c->with_partner ? fen_add(c->base, c->partner_base) : c->base;
    fen balances = c->with_partner ? fen_add(c->balance, c->partner_balance) : c->balance;

    a->uplift = uplift_of(c, a);
    a->down_payment = c->subsidised ? b->down_payment_subsidised : b->down_payment;
    a->time_factor = policy_loan_time_factor(p, c->full_months);
    a->most_payment = share(bases, b->repayment_share, MILLION);
    a->limit[LIMIT_CAP] =
        share(c->with_partner ? b->cap_two : b->cap_one, MILLION + a->uplift, MILLION);
    a->limit[LIMIT_PRICE] = share(c->price, MILLION - a->down_payment, MILLION);
    a->limit[LIMIT_REPAYMENT] = principal_for(a->most_payment, a->rate, c->months);
    a->limit[LIMIT_BALANCE] =
        share(balances, b->balance_multiple * a->time_factor, HUNDRED * HUNDRED);
}

static uint32_t refusals_of(const struct borrow_case *c, const struct borrow_answer *a)
{
    uint32_t r = 0;

    if (!c->open)
        r |= BORROW_CLOSED;
    else if (!c->paying)
        r |= BORROW_SEALED;
    if (c->full_months < a->bounds.full_months)
        r |= BORROW_TOO_SOON;
    if (c->owes)
        r |= BORROW_OWES;
    if (a->amount.n == 0)
        r |= BORROW_NOTHING;
    return r;
}

void borrow(const struct policy *p, const struct borrow_case *c, struct borrow_answer *a)
{
    *a = (struct borrow_answer){.lowest = LIMIT_CAP};
    policy_loan_bounds(p, c->today, &a->bounds);
    a->uplift_count = policy_loan_uplifts(p, c->today, a->uplifts);
    if (policy_loan_rate(p, c->today, c->months, c->second_home, &a->rate) != RESULT_OK ||
        a->bounds.cap_one.n == 0) {
        a->refusals = BORROW_NO_POLICY;
        return;
    }
    find_limits(p, c, a);
    for (int i = 0; i < LIMIT_COUNT; i++)
        if ((i != LIMIT_PRICE || c->price.n > 0) && a->limit[i].n < a->limit[a->lowest].n)
            a->lowest = (enum borrow_limit)i;
    a->amount = rounded_down(a->limit[a->lowest], a->bounds.step);
    if (a->amount.n > 0) {
        struct loan_instalment_line lines[LOAN_MONTHS_MAX];
        struct loan_rest rest = {LOAN_EQUAL_INSTALMENTS, a->amount, a->rate, c->months, {0}};

        loan_part_anew(&rest);
        a->payment = rest.part;
        a->interest = loan_plan_interest(lines, loan_plan_whole(&rest, c->today, lines));
    }
    a->refusals = refusals_of(c, a);
}
