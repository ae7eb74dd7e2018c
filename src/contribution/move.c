/* Into the city, out of it, and two accounts of one person into one. */
#include "internal.h"

static enum result asks(struct work *w, struct stmt *q, const char *words, struct error *err)
{
    enum stmt_step step = stmt_step(q);

    stmt_end(q);
    if (step == STMT_ROW)
        return error_set(err, RESULT_REFUSED, "%s", words);
    return step == STMT_DONE ? RESULT_OK : db_failure(w->p.db, err);
}

/* What keeps an account from being closed. */
static enum result free_to_close(struct work *w, const struct post_account *a, struct error *err)
{
    struct stmt *q;
    enum result r;

    if (a->row.state == ACCOUNT_FROZEN || a->row.frozen.n > 0)
        return error_set(err, RESULT_REFUSED, "money of the account is frozen");
    q = db_query(w->p.db, QUERY_contribution_open_application);
    stmt_text(q, 1, a->row.account);
    r = asks(w, q, "an application for a withdrawal is under way", err);
    if (r != RESULT_OK)
        return r;
    q = db_query(w->p.db, QUERY_contribution_open_loan);
    stmt_text(q, 1, a->row.account);
    return asks(w, q, "a loan of the account is not repaid", err);
}

/* A year that is over must be settled first: its interest has earned interest since. An account that
 * had no money then has nothing to settle. */
static enum result settled(struct work *w, const struct post_account *a, struct error *err)
{
    civil_date day = settlement_before(w->today);
    char words[DATE_TEXT_MAX];
    fen interest = {0};
    enum result r = RESULT_OK;

    if (a->row.running.settled.day < day.day)
        r = ledger_interest_to(w->p.db, w->desk->policy, &a->row, day, &interest, err);
    if (r != RESULT_OK || interest.n == 0)
        return r;
    date_format(day, words);
    return error_set(err, RESULT_REFUSED, "the interest of %s is not settled yet", words);
}

/* Takes everything out; the interest of the days up to yesterday is worked out beside it. out is the
 * entry. The caller writes the row. */
static enum result close(struct work *w, struct post_account *a, enum entry_kind kind,
                         enum account_state state, struct entry *out, struct error *err)
{
    fen interest = {0};
    enum result r = free_to_close(w, a, err);

    if (r == RESULT_OK)
        r = settled(w, a, err);
    if (r == RESULT_OK)
        r = ledger_interest_to(w->p.db, w->desk->policy, &a->row, date_plus(w->today, -1),
                               &interest, err);
    if (r != RESULT_OK)
        return r;
    *out = (struct entry){
        .kind = kind,
        .value_day = w->p.booked,
        .for_month = MONTH_NONE,
        .amount_year = fen_negate(a->row.running.this_year),
        .amount_carried = fen_negate(a->row.running.carried),
        .interest = interest,
    };
    r = enter(w, a, out, err);
    a->row.state = state;
    a->row.closed = w->today;
    return r;
}

/* --- between cities --- */

enum { GRZH, FSE, QXRQ };

enum result transfer_in_line(struct work *w, const struct value *v, struct error *err)
{
    struct post_account a;
    struct entry e = {
        .kind = ENTRY_TRANSFER_IN,
        .value_day = v[QXRQ].there ? (civil_date){(int32_t)v[QXRQ].n} : w->p.booked,
        .for_month = MONTH_NONE,
        .amount_year = fen_of(v[FSE].n),
    };
    enum result r = account_open(w, v[GRZH].text, &a, err);

    if (r == RESULT_OK)
        r = enter(w, &a, &e, err);
    return r == RESULT_OK ? account_put(w, &a, err) : r;
}

enum result transfer_out_line(struct work *w, const struct value *v, struct error *err)
{
    struct post_account a;
    struct entry e;
    struct stmt *q;
    enum result r = account_open(w, v[GRZH].text, &a, err);

    if (r != RESULT_OK)
        return r;
    q = db_query(w->p.db, QUERY_contribution_stopped);
    stmt_text(q, 1, a.row.person);
    r = asks(w, q, "the holder has stopped payments from the account", err);
    if (r == RESULT_OK)
        r = close(w, &a, ENTRY_TRANSFER_OUT, ACCOUNT_TRANSFERRED, &e, err);
    return r == RESULT_OK ? account_put(w, &a, err) : r;
}

/* --- merging --- */

enum { M_GRZH, M_HBZH };

/* Two accounts of one person: under one number of a person, or of the same name under two. */
static enum result one_person(struct work *w, const struct post_account *a,
                              const struct post_account *b, struct error *err)
{
    struct holder x, y;
    enum result r;

    if (text_equal(a->row.person, b->row.person))
        return RESULT_OK;
    r = ledger_holder(w->p.db, w->arena, a->row.account, &x, err);
    if (r == RESULT_OK)
        r = ledger_holder(w->p.db, w->arena, b->row.account, &y, err);
    if (r == RESULT_OK && !text_equal(x.name, y.name))
        return error_set(err, RESULT_REFUSED, "the accounts belong to different people");
    return r;
}

/* What the closed one leaves: its balance in the part that was carried over, its interest of the
 * running year as money of today. */
static enum result take_over(struct work *w, struct post_account *into, const struct entry *left,
                             struct error *err)
{
    struct entry e = {
        .kind = ENTRY_MERGING,
        .value_day = w->p.booked,
        .for_month = MONTH_NONE,
        .amount_carried = fen_negate(left->amount),
    };
    enum result r = enter(w, into, &e, err);

    if (r != RESULT_OK || left->interest.n == 0)
        return r;
    e = (struct entry){
        .kind = ENTRY_OTHER,
        .value_day = w->p.booked,
        .for_month = MONTH_NONE,
        .amount_year = left->interest,
    };
    return enter(w, into, &e, err);
}

enum result merge_line(struct work *w, const struct value *v, struct error *err)
{
    struct post_account from, into;
    struct entry left;
    enum result r;

    if (text_equal(v[M_GRZH].text, v[M_HBZH].text))
        return error_set(err, RESULT_INVALID, "an account is not merged into itself");
    r = account_open(w, v[M_GRZH].text, &from, err);
    if (r == RESULT_OK)
        r = account_open(w, v[M_HBZH].text, &into, err);
    if (r == RESULT_OK)
        r = one_person(w, &from, &into, err);
    if (r == RESULT_OK)
        r = close(w, &from, ENTRY_MERGING, ACCOUNT_MERGED, &left, err);
    from.row.merged_into = v[M_HBZH].text;
    if (r == RESULT_OK)
        r = account_put(w, &from, err);
    if (r == RESULT_OK)
        r = take_over(w, &into, &left, err);
    return r == RESULT_OK ? account_put(w, &into, err) : r;
}
