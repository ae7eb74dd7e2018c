/* The schedule of a loan, lived through once more: what each instalment should have been and what the
 * next one is. What was repaid is taken as it stands, so that one wrong instalment is one difference. */
#include "loan.h"

/* The loan as it goes on. planned: the principal that the plan has before the coming instalment,
 * whether what was due has been paid or not. part: the equal instalment, or the equal part of the
 * principal. */
struct life {
    struct audit *audit;
    struct loan *loan;
    const struct cursor *row;
    int method, months;
    int32_t rate;
    int64_t planned, part, last_due;
    int next_agreed, next_extra;
    int paid;                  /* instalments by the newest one that was repaid */
    int overdue;               /* instalments due and not repaid */
    int64_t overdue_principal; /* of them */
    int64_t overdue_interest;
    bool next_seen;
};

static const __int128 million = 1000000;

static int64_t interest_of_days(const struct life *v, int64_t principal, int64_t days)
{
    return nearest((__int128)principal * v->rate * days, million * v->audit->rates.day_count);
}

/* Principal and rate changed out of turn: the instalment is agreed anew for the months that are
 * left. What was agreed is gone on from. */
static void agree(struct life *v, const struct agreed *g, int months_left)
{
    struct place p = loan_place(v->loan, "ledger.loan_rate", 0);
    int64_t interest = month_interest(v->planned, g->rate);
    int64_t payment;
    char since[DAY_ROOM];

    calendar_write(g->since, since);
    p.sub = since;
    v->rate = g->rate;
    if (v->method == EQUAL_PRINCIPAL)
        payment = nearest(v->planned, months_left) + interest;
    else
        payment = equal_instalment(v->planned, g->rate, months_left);
    differ_fen(v->audit->report, p, "payment", g->payment, payment);
    v->part = v->method == EQUAL_PRINCIPAL ? g->payment - interest : g->payment;
}

static void take_extra(struct life *v, const struct extra *x)
{
    struct place p = loan_place(v->loan, "ledger.loan_entry", x->seq);

    if (x->kind == LOAN_SETTLED)
        differ_fen(v->audit->report, p, "interest", x->interest,
                   interest_of_days(v, v->planned, x->happened - v->last_due));
    v->planned -= x->principal;
}

/* What came between the instalment before and the coming one, in the order of its days; what comes
 * on an instalment's own day comes after it. */
static void between(struct life *v, int64_t due, int period)
{
    struct loan *l = v->loan;

    for (;;) {
        const struct extra *x = v->next_extra < l->extra_count ? &l->extras[v->next_extra] : NULL;
        const struct agreed *g =
            v->next_agreed < l->agreed_count ? &l->agreed[v->next_agreed] : NULL;

        if (x && x->happened < due && (!g || x->happened <= g->since)) {
            take_extra(v, x);
            v->next_extra++;
        } else if (g && g->since < due) {
            agree(v, g, v->months - period + 1);
            v->next_agreed++;
        } else {
            return;
        }
    }
}

static void compare_repaid(struct life *v, const struct repaid *r, int64_t principal,
                           int64_t interest, int64_t due)
{
    struct place p = loan_place(v->loan, "ledger.loan_entry", r->seq);
    struct report *report = v->audit->report;
    __int128 rate = (__int128)v->rate * v->audit->rates.penalty_millionths;
    int64_t late = r->happened - due;
    int64_t penalty = late > 0 ? nearest(rate * r->principal * late,
                                         million * million * v->audit->rates.day_count)
                               : 0;

    differ_fen(report, p, "principal", r->principal, principal);
    differ_fen(report, p, "interest", r->interest, interest);
    differ_fen(report, p, "penalty", r->penalty, penalty);
    differ_int(report, p, "kind", r->kind, late > 0 ? LOAN_OVERDUE_REPAYMENT : LOAN_REPAYMENT);
}

static void compare_next(struct life *v, int64_t principal, int64_t interest, int64_t due)
{
    struct place p = loan_place(v->loan, "ledger.loan", 0);
    struct report *report = v->audit->report;

    differ_day(report, p, "next_due", cell_int(v->row, L_NEXT_DUE), due);
    differ_fen(report, p, "next_principal", cell_int(v->row, L_NEXT_PRINCIPAL), principal);
    differ_fen(report, p, "next_interest", cell_int(v->row, L_NEXT_INTEREST), interest);
    differ_fen(report, p, "next_payment", cell_int(v->row, L_NEXT_PAYMENT), principal + interest);
    v->next_seen = true;
}

/* One instalment: repaid, overdue or the next one. */
static void instalment(struct life *v, int period, int64_t due)
{
    const struct repaid *r = &v->loan->repaid[period];
    int64_t interest = month_interest(v->planned, v->rate);
    int64_t principal = v->method == EQUAL_PRINCIPAL ? v->part : v->part - interest;
    bool later = cell_null(v->row, L_NEXT_DUE) || due < cell_int(v->row, L_NEXT_DUE);

    if (period == v->months || principal > v->planned)
        principal = v->planned;
    if (r->there) {
        compare_repaid(v, r, principal, interest, due);
        principal = r->principal;
        v->paid = period;
    } else if (later) {
        v->overdue++;
        v->overdue_principal += principal;
        v->overdue_interest += interest;
    } else {
        compare_next(v, principal, interest, due);
        return;
    }
    v->planned -= principal;
    v->last_due = due;
}

static void compare_row(const struct life *v)
{
    struct place p = loan_place(v->loan, "ledger.loan", 0);
    struct report *report = v->audit->report;
    const struct cursor *q = v->row;
    const struct loan *l = v->loan;

    differ_int(report, p, "rate", cell_int(q, L_RATE), v->rate);
    differ_int(report, p, "periods_paid", cell_int(q, L_PERIODS_PAID), v->paid);
    differ_int(report, p, "overdue_periods", cell_int(q, L_OVERDUE_PERIODS), v->overdue);
    differ_fen(report, p, "overdue_principal", cell_int(q, L_OVERDUE_PRINCIPAL),
               v->overdue_principal);
    differ_fen(report, p, "overdue_interest", cell_int(q, L_OVERDUE_INTEREST), v->overdue_interest);
    if (l->balance == 0)
        differ_day(report, p, "settled", cell_int(q, L_SETTLED), l->repaid_on);
    else if (!cell_null(q, L_SETTLED))
        differ_text(report, p, "settled", "a day", "none");
    if (!v->next_seen)
        differ_fen(report, p, "next_payment", cell_int(q, L_NEXT_PAYMENT), 0);
}

void loan_schedule(struct audit *a, struct loan *l, const struct cursor *row)
{
    struct life v = {.audit = a,
                     .loan = l,
                     .row = row,
                     .method = (int)cell_int(row, L_METHOD),
                     .months = (int)cell_int(row, L_MONTHS),
                     .planned = l->paid_out,
                     .last_due = cell_int(row, L_PAID_OUT_ON)};

    if ((v.method != EQUAL_INSTALMENTS && v.method != EQUAL_PRINCIPAL) || v.months < 1 ||
        v.months >= PERIODS_MAX || l->agreed_count == 0)
        return;
    for (int period = 1; period <= v.months && !v.next_seen; period++) {
        int64_t due = calendar_due((int32_t)cell_int(row, L_PAID_OUT_ON), period,
                                   (int)cell_int(row, L_DUE_DAY));

        between(&v, due, period);
        if (v.planned <= 0)
            break;
        instalment(&v, period, due);
    }
    compare_row(&v);
}
