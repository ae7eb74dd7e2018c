/* Withdrawal against a loan (冲还贷): the borrower's fund account pays. */
#include "internal.h"
#include "ledger/loan_post_internal.h"

enum { FOR_A_LOAN = 6 /* A.7 */ };

static enum result is_stopped(struct posting *p, struct text person, bool *stopped,
                              struct error *err)
{
    struct stmt *q = db_query(p->db, QUERY_freeze_last);
    enum stmt_step step;

    stmt_text(q, 1, person);
    step = stmt_step(q);
    *stopped = step == STMT_ROW && column_is_null(q, 2);
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(p->db, err);
}

enum result loan_fund_pay(struct posting *p, struct text account, civil_date day, fen amount,
                          int64_t *seq, struct error *err)
{
    struct post_account a;
    struct entry e = {
        .kind = ENTRY_WITHDRAWAL, .value_day = day, .for_month = MONTH_NONE, .reason = FOR_A_LOAN};
    char there[FEN_TEXT_MAX];
    bool stopped = false;
    fen free;
    enum result r = post_account_read(p, account, &a, err);

    if (r == RESULT_OK)
        r = is_stopped(p, a.row.person, &stopped, err);
    if (r != RESULT_OK)
        return r;
    if (stopped)
        return error_set(err, RESULT_REFUSED, "the holder has stopped payments from the account");
    if (a.row.state != ACCOUNT_NORMAL && a.row.state != ACCOUNT_SEALED)
        return error_set(err, RESULT_REFUSED, "the fund account is frozen or closed");
    free = fen_sub(a.row.running.balance, a.row.frozen);
    if (amount.n > free.n) {
        fen_format(free.n > 0 ? free : fen_of(0), there);
        return error_set(err, RESULT_REFUSED, "the fund account can pay %s", there);
    }
    /* The older money first: what was carried over. */
    e.amount_carried =
        fen_of(-(amount.n < a.row.running.carried.n ? amount.n : a.row.running.carried.n));
    e.amount_year = fen_of(-amount.n - e.amount_carried.n);
    r = post_entry(p, &a, &e, err);
    if (r == RESULT_OK)
        r = post_account_write(p, &a, err);
    *seq = e.seq;
    return r;
}

enum result loan_fund_back(struct posting *p, struct text account, int64_t seq, int reason,
                           struct error *err)
{
    struct post_account a;
    struct entry back;
    enum result r = post_account_read(p, account, &a, err);

    if (r == RESULT_OK)
        r = post_reversal(p, &a, seq, reason, &back, err);
    return r == RESULT_OK ? post_account_write(p, &a, err) : r;
}
