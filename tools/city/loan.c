#include "loan.h"

#include "annuity.h"
#include "base/date.h"
#include "interest.h"
#include "names.h"

/* Kinds of loan entries, table A.15. */
enum { PAID_OUT = 1, REPAYMENT = 2, PREPAYMENT = 3, OVERDUE_REPAYMENT = 4, SETTLED = 6 };

enum { SETTLE_AFTER_DAYS = 2 }; /* early repayment comes so soon after an instalment */

struct loan_run {
    const struct account_plan *account;
    const struct loan_plan *plan;
    struct sheet *sheet;
    struct loan_facts *facts;
    int32_t until;
    int64_t planned; /* principal that the plan still has before the coming instalment */
    int64_t part;    /* equal instalment, or equal part of the principal */
    int64_t paid_principal, paid_interest;
    int sequence;
    int32_t last_due; /* or the day of paying out */
};

static int64_t planned_principal(const struct loan_run *r, int period, int64_t interest)
{
    if (period == r->plan->months)
        return r->planned;
    return r->plan->equal_principal ? r->part : r->part - interest;
}

/* The part is worked out anew for months remaining; a line of loan_rates.csv says so. */
static void agree(struct loan_run *r, int32_t day, int months)
{
    struct lines *out = &r->sheet->file[FILE_LOAN_RATES];
    int64_t first_payment;
    char *p;

    if (r->plan->equal_principal) {
        r->part = half_up(r->planned, months);
        first_payment = r->part + month_interest(r->planned, r->facts->rate);
    } else {
        r->part = equal_instalment(r->planned, r->facts->rate, months);
        first_payment = r->part;
    }
    p = put_comma(put_text(lines_begin(out), r->account->number));
    p = put_comma(put_text(p, r->facts->number));
    p = put_comma(put_day(p, day));
    p = put_comma(put_rate(p, r->facts->rate));
    lines_end(out, put_fen(p, first_payment));
}

static void post(struct loan_run *r, int32_t day, int kind, int period, int64_t principal,
                 int64_t interest, int64_t penalty)
{
    struct lines *out = &r->sheet->file[FILE_LOAN_LEDGER];
    int64_t *total = r->sheet->total[FILE_LOAN_LEDGER];
    int64_t amount = kind == PAID_OUT ? -principal : principal + interest + penalty;
    int y, m, d;
    char *p;

    r->facts->balance += kind == PAID_OUT ? principal : -principal;
    if (kind != PAID_OUT) {
        r->paid_principal += principal;
        r->paid_interest += interest;
    }
    r->sequence++;
    date_split((civil_date){day}, &y, &m, &d);
    p = put_comma(put_text(lines_begin(out), r->account->number));
    p = put_comma(put_text(p, r->facts->number));
    p = put_comma(put_count(p, r->sequence));
    p = put_comma(put_day(p, day));
    p = put_comma(put_day(p, day));
    p = put_comma(put_code(p, kind));
    p = put_comma(period > 0 ? put_count(p, period) : p);
    p = put_comma(put_fen(p, amount));
    p = put_comma(put_fen(p, principal));
    p = put_comma(put_fen(p, interest));
    p = put_comma(put_fen(p, penalty));
    p = put_comma(put_fen(p, r->facts->balance));
    p = put_padded(put_padded(put_padded(put_text(p, "L"), y, 4), m, 2), d, 2);
    p = put_text(put_padded(p, r->sequence, 5), ",0,");
    lines_end(out, p);
    total[0] += amount;
    total[1] += principal;
    total[2] += interest;
    total[3] += penalty;
}

/* 1 January after a change of rates: the new rate for what is left. */
static void reprice(struct loan_run *r, int32_t due, int period)
{
    int32_t january = date_of(month_of_day(due) / 12, 1, 1).day;
    int32_t rate = loan_rate(january - 1, r->plan->months, r->plan->second_home);

    if (january <= r->last_due || january > r->until || rate == r->facts->rate)
        return;
    r->facts->rate = rate;
    agree(r, january, r->plan->months - period + 1);
}

static int32_t due_day(const struct loan_plan *plan, int period)
{
    return day_in(month_of_day(plan->day) + period, plan->due_day);
}

/* The day on which an instalment is really paid. */
static int32_t payment_day(const struct loan_plan *plan, int period, int32_t due)
{
    if (due >= plan->stops && due < plan->resumes)
        return plan->resumes;
    return period == plan->late_period ? due + plan->late_by : due;
}

/* What some borrowers do after an instalment. True when the loan is repaid by it. */
static bool repay_more(struct loan_run *r, int32_t due, int period)
{
    const struct loan_plan *plan = r->plan;
    int32_t settles = due + SETTLE_AFTER_DAYS;

    if (period == plan->prepay_period && plan->prepaid < r->planned / 2) {
        post(r, due, PREPAYMENT, 0, plan->prepaid, 0, 0);
        r->planned -= plan->prepaid;
        agree(r, due, plan->months - period);
    }
    if (period == plan->settle_period && settles <= r->until) {
        post(r, settles, SETTLED, 0, r->planned,
             days_interest(r->planned, r->facts->rate, SETTLE_AFTER_DAYS), 0);
        r->planned = 0;
        r->facts->repaid_on = settles;
        return true;
    }
    return false;
}

/* One instalment. False when the loan ends with it, or the days that are lived. */
static bool live_period(struct loan_run *r, int period)
{
    struct loan_facts *f = r->facts;
    int32_t due = due_day(r->plan, period), pays = payment_day(r->plan, period, due);
    int64_t interest, principal;

    reprice(r, due, period);
    interest = month_interest(r->planned, f->rate);
    principal = planned_principal(r, period, interest);
    if (due > r->until || (due == r->until && pays > due)) {
        f->next_due = due;
        f->next_principal = principal;
        f->next_interest = interest;
        f->next_payment = principal + interest;
        return false;
    }
    r->planned -= principal;
    r->last_due = due;
    if (pays > r->until) {
        f->periods_overdue++;
        f->overdue_principal += principal;
        f->overdue_interest += interest;
        return period < r->plan->months;
    }
    post(r, pays, pays > due ? OVERDUE_REPAYMENT : REPAYMENT, period, principal, interest,
         pays > due ? overdue_penalty(principal, f->rate, pays - due) : 0);
    f->periods_paid = period;
    if (f->balance == 0) {
        f->repaid_on = pays;
        return false;
    }
    return pays > due || !repay_more(r, due, period);
}

static void contract_line(const struct loan_run *r, const char *contract)
{
    struct lines *out = &r->sheet->file[FILE_CONTRACTS];
    const struct loan_plan *plan = r->plan;
    int32_t first = loan_rate(plan->day, plan->months, false);
    int64_t factor = half_up((__int128)r->facts->rate * 100, first); /* hundredths */
    char partner[ACCOUNT_NUMBER_MAX];
    char *p = put_comma(put_text(lines_begin(out), r->account->number));

    p = put_comma(put_text(p, contract));
    p = put_comma(put_day(p, plan->day - 3));
    p = put_comma(put_fen(p, plan->principal));
    p = put_comma(put_count(p, plan->months));
    p = put_comma(put_text(p, plan->equal_principal ? "02" : "01"));
    p = put_comma(put_rate(p, r->facts->rate));
    p = put_comma(put_fen(p, factor));
    p = put_comma(put_text(p, plan->principal % 700000 == 0 ? "03" : "01"));
    p = put_comma(put_fen(p, plan->price));
    p = put_comma(put_count(p, plan->due_day));
    p = put_comma(put_text(p, BANK_NAME));
    if (plan->partner >= 0) {
        account_number(plan->partner, 0, partner);
        p = put_text(p, partner);
    }
    lines_end(out, p);
    r->sheet->total[FILE_CONTRACTS][0] += plan->principal;
}

static void account_line(const struct loan_run *r, const char *contract)
{
    struct lines *out = &r->sheet->file[FILE_LOANS];
    const struct loan_facts *f = r->facts;
    char *p = put_comma(put_text(lines_begin(out), r->account->number));

    p = put_comma(put_text(p, f->number));
    p = put_comma(put_text(p, contract));
    p = put_comma(put_fen(p, r->plan->principal));
    p = put_comma(put_day(p, r->plan->day));
    p = put_comma(put_fen(p, f->balance));
    p = put_comma(put_rate(p, f->rate));
    p = put_comma(put_count(p, r->plan->months));
    p = put_comma(put_text(p, f->balance == 0 ? "03" : f->periods_overdue > 0 ? "02" : "01"));
    p = put_comma(put_count(p, f->periods_paid));
    p = put_comma(f->next_due != NEVER ? put_day(p, f->next_due) : p);
    p = put_comma(put_fen(p, f->next_payment));
    p = put_comma(put_fen(p, f->next_principal));
    p = put_comma(put_fen(p, f->next_interest));
    p = put_comma(put_fen(p, f->overdue_principal));
    p = put_comma(put_fen(p, f->overdue_interest));
    p = put_comma(put_count(p, f->periods_overdue));
    p = put_comma(put_fen(p, r->paid_principal));
    p = put_comma(put_fen(p, r->paid_interest));
    lines_end(out, f->repaid_on != NEVER ? put_day(p, f->repaid_on) : p);
    r->sheet->total[FILE_LOANS][0] += r->plan->principal;
    r->sheet->total[FILE_LOANS][1] += f->balance;
}

void loan_live(const struct account_plan *a, int32_t until, struct sheet *s, struct loan_facts *f)
{
    const struct loan_plan *plan = &a->loan;
    struct loan_run r = {.account = a,
                         .plan = plan,
                         .sheet = s,
                         .facts = f,
                         .until = until,
                         .planned = plan->principal,
                         .last_due = plan->day};
    char contract[24];

    *f = (struct loan_facts){.next_due = NEVER, .repaid_on = NEVER};
    if (!plan->taken || plan->day > until || plan->day > a->close_day)
        return;
    f->exists = true;
    *put_text(put_text(contract, "JK"), a->number) = '\0';
    *put_text(put_text(f->number, "DK"), a->number) = '\0';
    f->rate = loan_rate(plan->day, plan->months, plan->second_home);
    contract_line(&r, contract);
    post(&r, plan->day, PAID_OUT, 0, plan->principal, 0, 0);
    agree(&r, plan->day, plan->months);
    for (int period = 1; period <= plan->months; period++)
        if (!live_period(&r, period))
            break;
    account_line(&r, contract);
}
