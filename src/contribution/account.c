/* What the operations share: accounts that can be posted to, entries, what came for a month. */
#include "internal.h"

enum { UNIT_CLOSED = 4, MONTHS_SHOWN = 24 /* the LIMIT of contribution_months_paid */ };

enum result account_open(struct work *w, struct text account, struct post_account *out,
                         struct error *err)
{
    enum result r = post_account_read(&w->p, account, out, err);

    if (r == RESULT_OK && account_is_closed(out->row.state))
        return error_set(err, RESULT_REFUSED, "the account is closed");
    return r;
}

enum result unit_open(struct work *w, struct text unit, struct error *err)
{
    struct stmt *q = db_query(w->p.db, QUERY_contribution_unit);
    enum stmt_step step;
    bool closed;

    stmt_text(q, 1, unit);
    step = stmt_step(q);
    if (step == STMT_DONE)
        return error_set(err, RESULT_NOT_FOUND, "there is no such unit");
    if (step != STMT_ROW)
        return db_failure(w->p.db, err);
    closed = column_int(q, 0) == UNIT_CLOSED;
    stmt_end(q);
    return closed ? error_set(err, RESULT_REFUSED, "the unit is closed") : RESULT_OK;
}

enum result paid_for(struct work *w, struct text account, civil_month m, struct paid *out,
                     struct error *err)
{
    struct stmt *q = db_query(w->p.db, QUERY_contribution_paid_for);
    enum stmt_step step;

    stmt_text(q, 1, account);
    stmt_int(q, 2, m.n);
    step = stmt_step(q);
    if (step != STMT_ROW)
        return db_failure(w->p.db, err);
    *out = (struct paid){column_fen(q, 0), column_fen(q, 1)};
    stmt_end(q);
    return RESULT_OK;
}

enum result paid_to_anew(struct work *w, struct post_account *a, struct error *err)
{
    struct stmt *q = db_query(w->p.db, QUERY_contribution_months_paid);
    civil_month months[MONTHS_SHOWN];
    int64_t sums[MONTHS_SHOWN];
    enum stmt_step step;
    int count = 0;

    stmt_text(q, 1, a->row.account);
    while ((step = stmt_step(q)) == STMT_ROW) {
        months[count].n = (int32_t)column_int(q, 0);
        sums[count++] = column_int(q, 1);
    }
    if (step != STMT_DONE)
        return db_failure(w->p.db, err);
    a->row.paid_to = MONTH_NONE;
    for (int i = 0; i < count && month_is_none(a->row.paid_to); i++) {
        struct agreed g;
        enum result r = agreed_at(w, a->row.account, months[i], &g, err);

        if (r != RESULT_OK)
            return r;
        if (sums[i] >= g.unit_due.n + g.own_due.n)
            a->row.paid_to = months[i];
    }
    return RESULT_OK;
}

static void add(struct work *w, const struct entry *e)
{
    struct contribution_report *r = w->report;

    r->unit_amount = fen_add(r->unit_amount, e->unit_amount);
    r->own_amount = fen_add(r->own_amount, e->own_amount);
    r->interest = fen_add(r->interest, e->interest);
}

enum result enter(struct work *w, struct post_account *a, struct entry *e, struct error *err)
{
    enum result r = post_entry(&w->p, a, e, err);

    if (r == RESULT_OK)
        add(w, e);
    return r;
}

enum result reverse(struct work *w, struct post_account *a, int64_t seq, int reason,
                    struct entry *out, struct error *err)
{
    enum result r = post_reversal(&w->p, a, seq, reason, out, err);

    if (r == RESULT_OK)
        add(w, out);
    return r;
}

enum result account_put(struct work *w, struct post_account *a, struct error *err)
{
    fen balance = a->row.running.balance;

    if (a->row.state == ACCOUNT_FROZEN)
        a->row.frozen = balance;
    if (a->row.frozen.n > balance.n)
        return error_set(err, RESULT_REFUSED, "%s of the account are frozen",
                         fen_words(a->row.frozen).at);
    return post_account_write(&w->p, a, err);
}

enum result note(struct work *w, struct post_account *a, enum entry_kind kind, struct text unit,
                 civil_month month, struct error *err)
{
    struct entry e = {.kind = kind, .value_day = w->p.booked, .for_month = month, .unit = unit};

    return enter(w, a, &e, err);
}
