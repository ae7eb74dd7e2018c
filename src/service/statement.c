/* Files for people to keep: what their pages show, row by row, oldest first. */
#include <assert.h>

#include "service/internal.h"

struct making {
    const struct service *s;
    struct db *db;
    struct arena *a;
    const struct statement_question *q;
    const struct account *account;
    civil_date today;
    struct csv_people *w;
    struct error *err;
};

static enum result too_long(struct making *k)
{
    return error_set(k->err, RESULT_TOO_MANY, "a file for people has at most %d rows",
                     STATEMENT_ROWS_MAX);
}

static bool in_range(const struct making *k, int year)
{
    return (k->q->from_year == 0 || year >= k->q->from_year) &&
           (k->q->to_year == 0 || year <= k->q->to_year);
}

/* --- contributions --- */

static enum result contributions_write(struct making *k)
{
    struct csv_people *w = k->w;
    struct strip all, years;
    enum result r = months_read(k->s, k->db, k->a, k->account, k->today, &all, &years, k->err);

    for (size_t i = 0; r == RESULT_OK && i < all.count; i++) {
        const struct month *m = &all.months[i];

        if (!in_range(k, month_year(m->month))) {
            continue;
        }
        csv_people_number(w, k->account->account);
        csv_people_month(w, m->month);
        csv_people_text(w, statement_month_word((int)m->state, k->q->english));
        csv_people_text(w, m->unit_name);
        csv_people_fen(w, m->base);
        csv_people_percent(w, m->unit_ratio);
        csv_people_percent(w, m->own_ratio);
        csv_people_fen(w, m->unit_due);
        csv_people_fen(w, m->own_due);
        csv_people_fen(w, m->unit_credited);
        csv_people_fen(w, m->own_credited);
        csv_people_date(w, m->due_day);
        csv_people_date(w, m->credited_on);
        csv_people_end_row(w);
    }
    return r;
}

/* --- ledger --- */

static void entry_write(struct making *k, const struct entry *e)
{
    struct csv_people *w = k->w;

    csv_people_number(w, k->account->account);
    csv_people_int(w, e->seq);
    csv_people_date(w, e->booked);
    csv_people_date(w, e->value_day);
    csv_people_text(w, statement_entry_word((int)e->kind, k->q->english));
    if (month_is_none(e->for_month)) {
        csv_people_none(w);
    } else {
        csv_people_month(w, e->for_month);
    }
    csv_people_fen(w, e->unit_amount);
    csv_people_fen(w, e->own_amount);
    csv_people_fen(w, e->amount);
    csv_people_fen(w, e->interest);
    csv_people_fen(w, e->balance);
    csv_people_text(w, statement_reason_word(e->reason, k->q->english));
    if (e->reverses > 0) {
        csv_people_int(w, e->reverses);
    } else {
        csv_people_none(w);
    }
    csv_people_number(w, e->flow);
    csv_people_end_row(w);
}

/* Entries come newest first, a page at a time; the file has them the other way round. */
static enum result ledger_write(struct making *k)
{
    struct entry **pages = arena_alloc(k->a, STATEMENT_PAGES * sizeof *pages);
    size_t *counts = arena_alloc(k->a, STATEMENT_PAGES * sizeof *counts), n = 0;
    struct entry_filter f = {.limit = LEDGER_ENTRIES_MAX};
    bool more = true;

    if (!pages || !counts) {
        return error_set(k->err, RESULT_MEMORY, "no memory for a statement");
    }
    while (more) {
        enum result r;

        if (n == STATEMENT_PAGES) {
            return too_long(k);
        }
        r = ledger_entries(k->db, k->a, k->account->account, &f, &pages[n], &counts[n], &more,
                           k->err);
        if (r != RESULT_OK) {
            return r;
        }
        if (counts[n] > 0) {
            f.before_seq = pages[n][counts[n] - 1].seq;
        }
        n++;
    }
    while (n-- > 0) {
        for (size_t i = counts[n]; i-- > 0;) {
            if (in_range(k, month_year(date_month(pages[n][i].booked)))) {
                entry_write(k, &pages[n][i]);
            }
        }
    }
    return RESULT_OK;
}

/* --- interest --- */

static void interest_line_write(struct making *k, int year, const struct interest_line *l)
{
    struct csv_people *w = k->w;

    csv_people_number(w, k->account->account);
    csv_people_int(w, year);
    csv_people_date(w, l->from);
    csv_people_date(w, l->to);
    csv_people_int(w, days_between(l->from, l->to) + 1);
    csv_people_text(w, statement_part_word((int)l->part, k->q->english));
    csv_people_fen(w, l->balance);
    csv_people_percent(w, l->rate);
    csv_people_fen(w, fen_of(l->product));
    csv_people_none(w);
    csv_people_none(w);
    csv_people_end_row(w);
}

/* The year's last row: all products, what was posted and what comes out. */
static void interest_sum_write(struct making *k, const struct interest_year *y,
                               const struct interest_calculation *c)
{
    struct csv_people *w = k->w;
    int64_t product = 0;

    for (size_t i = 0; i < c->sum_count; i++) {
        product += c->sums[i].product;
    }
    csv_people_number(w, k->account->account);
    csv_people_int(w, y->year);
    csv_people_date(w, y->from);
    csv_people_date(w, y->to);
    csv_people_none(w);
    csv_people_text(w, statement_sum_word(k->q->english));
    csv_people_none(w);
    csv_people_none(w);
    csv_people_fen(w, fen_of(product));
    if (y->state == INTEREST_RUNNING) {
        csv_people_none(w);
    } else {
        csv_people_fen(w, y->posted);
    }
    if (y->known) {
        csv_people_fen(w, y->right);
    } else {
        csv_people_none(w);
    }
    csv_people_end_row(w);
}

static enum result interest_write(struct making *k)
{
    struct interest_year *years;
    size_t count;
    enum result r =
        ledger_interest_years(k->db, k->a, k->s->policy, k->account,
                              account_last_day(k->account, k->today), &years, &count, k->err);

    for (size_t i = r == RESULT_OK ? count : 0; i-- > 0 && r == RESULT_OK;) {
        struct interest_calculation c;

        if (!in_range(k, years[i].year)) {
            continue;
        }
        r = ledger_interest_lines(k->db, k->a, k->s->policy, k->account, &years[i], &c, k->err);
        for (size_t n = 0; r == RESULT_OK && n < c.count; n++) {
            interest_line_write(k, years[i].year, &c.lines[n]);
        }
        if (r == RESULT_OK) {
            interest_sum_write(k, &years[i], &c);
        }
    }
    return r;
}

/* --- the loan --- */

static void loan_plan_write(struct making *k, const struct loan_view *v)
{
    for (size_t i = 0; i < v->plan_count; i++) {
        const struct loan_instalment_line *l = &v->plan[i];

        csv_people_number(k->w, v->loan.loan);
        csv_people_int(k->w, l->period);
        csv_people_date(k->w, l->due);
        csv_people_fen(k->w, l->payment);
        csv_people_fen(k->w, l->principal);
        csv_people_fen(k->w, l->interest);
        csv_people_fen(k->w, l->left);
        csv_people_end_row(k->w);
    }
}

static void loan_entry_write(struct making *k, struct text loan, const struct loan_entry *e)
{
    struct csv_people *w = k->w;

    csv_people_number(w, loan);
    csv_people_int(w, e->seq);
    csv_people_date(w, e->happened);
    csv_people_date(w, e->booked);
    csv_people_text(w, statement_loan_entry_word((int)e->kind, k->q->english));
    if (e->period > 0) {
        csv_people_int(w, e->period);
    } else {
        csv_people_none(w);
    }
    csv_people_fen(w, e->amount);
    csv_people_fen(w, e->principal);
    csv_people_fen(w, e->interest);
    csv_people_fen(w, e->penalty);
    csv_people_fen(w, e->balance);
    if (e->reverses > 0) {
        csv_people_int(w, e->reverses);
    } else {
        csv_people_none(w);
    }
    csv_people_number(w, e->flow);
    csv_people_end_row(w);
}

static enum result loan_history_write(struct making *k, struct text loan)
{
    struct loan_entry **pages = arena_alloc(k->a, STATEMENT_PAGES * sizeof *pages);
    size_t *counts = arena_alloc(k->a, STATEMENT_PAGES * sizeof *counts), n = 0;
    int64_t before = 0;
    bool more = true;

    if (!pages || !counts) {
        return error_set(k->err, RESULT_MEMORY, "no memory for a statement");
    }
    while (more) {
        enum result r;

        if (n == STATEMENT_PAGES) {
            return too_long(k);
        }
        r = ledger_loan_entries(k->db, k->a, k->account->account, loan, before, LEDGER_ENTRIES_MAX,
                                &pages[n], &counts[n], &more, k->err);
        if (r != RESULT_OK) {
            return r;
        }
        if (counts[n] > 0) {
            before = pages[n][counts[n] - 1].seq;
        }
        n++;
    }
    while (n-- > 0) {
        for (size_t i = counts[n]; i-- > 0;) {
            if (in_range(k, month_year(date_month(pages[n][i].booked)))) {
                loan_entry_write(k, loan, &pages[n][i]);
            }
        }
    }
    return RESULT_OK;
}

static enum result loan_write(struct making *k)
{
    struct loan *loans;
    struct loan_view v;
    size_t count;
    enum result r = ledger_loans(k->db, k->a, k->account->account, &loans, &count, k->err);

    if (r != RESULT_OK) {
        return r;
    }
    if (k->q->loan < 1 || (size_t)k->q->loan > count) {
        return error_set(k->err, RESULT_NOT_FOUND, "the account has no loan number %d", k->q->loan);
    }
    r = ledger_loan_view(k->db, k->a, k->account->account, &loans[k->q->loan - 1], k->today, &v,
                         k->err);
    if (r != RESULT_OK) {
        return r;
    }
    if (k->q->kind == STATEMENT_LOAN_HISTORY) {
        return loan_history_write(k, v.loan.loan);
    }
    loan_plan_write(k, &v);
    return RESULT_OK;
}

/* --- the whole --- */

static enum result statement_write(struct making *k, const struct view *v)
{
    struct own_accounts accounts;
    enum result r = own_accounts_read(k->db, k->a, v, k->q->position, &accounts, k->err);

    if (r != RESULT_OK) {
        return r;
    }
    k->account = own_current(&accounts);
    statement_heads(k->w, k->q->kind, k->q->english);
    switch (k->q->kind) {
    case STATEMENT_CONTRIBUTIONS: return contributions_write(k);
    case STATEMENT_LEDGER: return ledger_write(k);
    case STATEMENT_INTEREST: return interest_write(k);
    case STATEMENT_LOAN_PLAN:
    case STATEMENT_LOAN_HISTORY: return loan_write(k);
    }
    return error_set(k->err, RESULT_INTERNAL, "a statement of no kind");
}

enum result service_statement(const struct service *s, struct db *db, struct arena *a,
                              const struct view *v, const struct statement_question *q,
                              struct csv_people *out, struct error *err)
{
    struct making k = {
        .s = s, .db = db, .a = a, .q = q, .today = clock_today(s->clock), .w = out, .err = err};
    enum result r;

    assert(view_is_good(v, PART_STATEMENTS));
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = statement_write(&k, v);
    db_rollback(db);
    if (r == RESULT_OK && (out->failed || out->rows > STATEMENT_ROWS_MAX + 1)) {
        r = too_long(&k);
    }
    return r;
}
