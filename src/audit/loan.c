/* Loans with their entries and rates: three cursors in the order of account and loan. */
#include "loan.h"

#include <stdlib.h>
#include <string.h>

#include "queries.h"

static const char hashed[] = "TTIIIIIIIIIITIII";
enum {
    E_ACCOUNT,
    E_LOAN,
    E_SEQ,
    E_HAPPENED,
    E_BOOKED,
    E_KIND,
    E_PERIOD,
    E_AMOUNT,
    E_PRINCIPAL,
    E_INTEREST,
    E_PENALTY,
    E_BALANCE,
    E_FLOW,
    E_REVERSING,
    E_REVERSES,
    E_BATCH,
    E_HASH,
};
enum { R_ACCOUNT, R_LOAN, R_SINCE, R_RATE, R_PAYMENT };

struct place loan_place(const struct loan *l, const char *table, int64_t seq)
{
    return (struct place){.table = table,
                          .key = span_of(l->account),
                          .sub = l->loan,
                          .entry = seq,
                          .imported = l->imported};
}

static void begin(struct loan *l, const struct cursor *q)
{
    memset(l, 0, sizeof *l);
    span_keep(cell_bytes(q, L_ACCOUNT), l->account);
    span_keep(cell_bytes(q, L_LOAN), l->loan);
    l->imported = cell_int(q, L_BATCH) <= OWN_BATCHES;
    l->booked = INT64_MIN;
    l->own = cell_int(q, L_ACTS) > 0;
}

/* Paying out raises what is left; of what is paid, only the principal lowers it. */
static void derive_amounts(struct audit *a, struct loan *l, const struct cursor *e)
{
    struct place p = loan_place(l, "ledger.loan_entry", cell_int(e, E_SEQ));
    bool out = cell_int(e, E_KIND) == LOAN_PAID_OUT;
    int64_t principal = cell_int(e, E_PRINCIPAL);
    int64_t interest = cell_int(e, E_INTEREST);

    differ_fen(a->report, p, "amount", cell_int(e, E_AMOUNT),
               out ? -principal : principal + interest + cell_int(e, E_PENALTY));
    l->balance += out ? principal : -principal;
    differ_fen(a->report, p, "balance", cell_int(e, E_BALANCE), l->balance);
    if (cell_int(e, E_BOOKED) < l->booked)
        differ_day(a->report, p, "booked", cell_int(e, E_BOOKED), l->booked);
    if (cell_int(e, E_HAPPENED) > cell_int(e, E_BOOKED))
        differ_day(a->report, p, "happened", cell_int(e, E_HAPPENED), cell_int(e, E_BOOKED));
    l->booked = cell_int(e, E_BOOKED);
    l->balance = cell_int(e, E_BALANCE);
    l->paid_out += out ? principal : 0;
    l->principal += out ? 0 : principal;
    l->interest += interest;
    l->repaid_on = l->balance == 0 ? cell_int(e, E_HAPPENED) : 0;
}

static void keep_extra(struct loan *l, const struct cursor *e)
{
    if (l->extra_count == EXTRAS_MAX) {
        l->too_many = true;
        return;
    }
    l->extras[l->extra_count++] = (struct extra){.seq = cell_int(e, E_SEQ),
                                                 .happened = cell_int(e, E_HAPPENED),
                                                 .kind = cell_int(e, E_KIND),
                                                 .principal = cell_int(e, E_PRINCIPAL),
                                                 .interest = cell_int(e, E_INTEREST)};
}

/* Sorts the entry by what it repaid: an instalment, or something out of turn. */
static void keep(struct loan *l, const struct cursor *e)
{
    int64_t period = cell_int(e, E_PERIOD), kind = cell_int(e, E_KIND);
    struct repaid *r;

    l->own = l->own || cell_int(e, E_BATCH) > OWN_BATCHES || cell_int(e, E_REVERSING) != 0;
    if (kind == LOAN_PAID_OUT)
        return;
    if (kind != LOAN_REPAYMENT && kind != LOAN_OVERDUE_REPAYMENT) {
        keep_extra(l, e);
        return;
    }
    if (period < 1 || period > PERIODS_MAX) {
        l->too_many = true;
        return;
    }
    r = &l->repaid[period];
    if (r->there)
        l->own = true; /* in parts, which exchange sets do not have */
    r->there = true;
    r->seq = cell_int(e, E_SEQ);
    r->happened = cell_int(e, E_HAPPENED);
    r->kind = kind;
    r->principal += cell_int(e, E_PRINCIPAL);
    r->interest += cell_int(e, E_INTEREST);
    r->penalty += cell_int(e, E_PENALTY);
    if (period > l->last_period)
        l->last_period = (int)period;
}

static void entry(struct audit *a, struct loan *l, const struct cursor *e)
{
    struct place p = loan_place(l, "ledger.loan_entry", cell_int(e, E_SEQ));
    struct total *t = totals_of(a->totals, cell_int(e, E_BATCH));

    differ_int(a->report, p, "seq", cell_int(e, E_SEQ), l->seq + 1);
    l->seq = cell_int(e, E_SEQ);
    chain_follow(a->report, p, e, 'L', hashed, E_HASH, l->hash);
    derive_amounts(a, l, e);
    keep(l, e);
    if (t) {
        t->loan_entries++;
        t->loan_amount += cell_int(e, E_AMOUNT);
    } else {
        differ_text(a->report, p, "batch", "no set or operation", "one that there is");
    }
    a->counts.loan_entries++;
    audit_row(a);
}

static void derive_row(struct audit *a, struct loan *l, const struct cursor *q)
{
    struct place p = loan_place(l, "ledger.loan", 0);

    differ_fen(a->report, p, "paid_out", cell_int(q, L_PAID_OUT), l->paid_out);
    differ_fen(a->report, p, "balance", cell_int(q, L_BALANCE), l->balance);
    differ_fen(a->report, p, "principal_repaid", cell_int(q, L_PRINCIPAL_REPAID), l->principal);
    differ_fen(a->report, p, "interest_repaid", cell_int(q, L_INTEREST_REPAID), l->interest);
    differ_int(a->report, p, "head_seq", cell_int(q, L_HEAD_SEQ), l->seq);
    differ_hash(a->report, p, "head_hash", cell_bytes(q, L_HEAD_HASH), l->hash);
    if (cell_null(q, L_DUE_DAY))
        differ_text(a->report, p, "contract", "no contract", "one that there is");
    if (!totals_of(a->totals, cell_int(q, L_BATCH)))
        differ_text(a->report, p, "batch", "no set or operation", "one that there is");
}

static int compare(const struct cursor *q, const struct loan *l)
{
    int order = span_compare(cell_bytes(q, 0), span_of(l->account));

    return order ? order : span_compare(cell_bytes(q, 1), span_of(l->loan));
}

static void name_orphan(struct audit *a, struct cursor *q, const char *table)
{
    struct loan of;

    span_keep(cell_bytes(q, 0), of.account);
    span_keep(cell_bytes(q, 1), of.loan);
    differ_text(a->report,
                (struct place){.table = table, .key = span_of(of.account), .sub = of.loan}, "loan",
                "no loan", "one that there is");
    while (cursor_there(q) && compare(q, &of) == 0)
        cursor_next(q);
}

static void read_rates(struct audit *a, struct loan *l, struct cursor *q)
{
    while (cursor_there(q) && compare(q, l) < 0)
        name_orphan(a, q, "ledger.loan_rate");
    for (; cursor_there(q) && compare(q, l) == 0; cursor_next(q)) {
        if (l->agreed_count == RATES_MAX) {
            l->too_many = true;
            continue;
        }
        l->agreed[l->agreed_count++] = (struct agreed){.since = cell_int(q, R_SINCE),
                                                       .payment = cell_int(q, R_PAYMENT),
                                                       .rate = (int32_t)cell_int(q, R_RATE)};
    }
}

static void read_loan(struct audit *a, struct loan *l, struct cursor *loans, struct cursor *entries,
                      struct cursor *rates)
{
    begin(l, loans);
    while (cursor_there(entries) && compare(entries, l) < 0)
        name_orphan(a, entries, "ledger.loan_entry");
    for (; cursor_there(entries) && compare(entries, l) == 0; cursor_next(entries))
        entry(a, l, entries);
    read_rates(a, l, rates);
    if (cursor_failed(entries) || cursor_failed(rates))
        return;
    derive_row(a, l, loans);
    if (!l->too_many && !l->own && !cell_null(loans, L_DUE_DAY))
        loan_schedule(a, l, loans);
    a->counts.loans++;
}

bool audit_loans(struct audit *a)
{
    struct loan *l = malloc(sizeof *l);
    struct cursor *loans = cursor_open(a->source, AUDIT_LOANS);
    struct cursor *entries = cursor_open(a->source, AUDIT_LOAN_ENTRIES);
    struct cursor *rates = cursor_open(a->source, AUDIT_LOAN_RATES);
    bool ok = l != NULL;

    for (; ok && cursor_there(loans); cursor_next(loans)) {
        read_loan(a, l, loans, entries, rates);
        ok = !cursor_failed(entries) && !cursor_failed(rates);
    }
    while (ok && cursor_there(entries))
        name_orphan(a, entries, "ledger.loan_entry");
    while (ok && cursor_there(rates))
        name_orphan(a, rates, "ledger.loan_rate");
    ok = ok && !cursor_failed(loans) && !cursor_failed(entries) && !cursor_failed(rates);
    a->out_of_memory = a->out_of_memory || !l;
    cursor_close(loans);
    cursor_close(entries);
    cursor_close(rates);
    free(l);
    return ok;
}
