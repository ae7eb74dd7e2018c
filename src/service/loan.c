/* The loan: what is left, how it went, how it goes on. */
#include <assert.h>

#include "service/internal.h"

static enum result loan_read(struct db *db, struct arena *a, const struct view *v,
                             const struct loan_question *q, struct my_loan *out, struct error *err)
{
    struct text account;
    enum result r = own_accounts_read(db, a, v, q->position, &out->accounts, err);

    if (r != RESULT_OK) {
        return r;
    }
    account = own_current(&out->accounts)->account;
    r = ledger_loans(db, a, account, &out->loans, &out->count, err);
    if (r != RESULT_OK || (out->count == 0 && q->which == 1)) {
        return r;
    }
    if (q->which < 1 || (size_t)q->which > out->count) {
        return error_set(err, RESULT_NOT_FOUND, "there is no loan number %d of the account",
                         q->which);
    }
    out->current = (size_t)q->which - 1;
    r = ledger_loan_view(db, a, account, &out->loans[out->current], out->today, &out->view, err);
    if (r == RESULT_OK) {
        r = ledger_loan_entries(db, a, account, out->view.loan.loan, q->before_seq, q->limit,
                                &out->history, &out->history_count, &out->more, err);
    }
    return r;
}

enum result service_loan(const struct service *s, struct db *db, struct arena *a,
                         const struct view *v, const struct loan_question *q, struct my_loan *out,
                         struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_LOAN));
    *out = (struct my_loan){.today = clock_today(s->clock)};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = loan_read(db, a, v, q, out, err);
    db_rollback(db);
    return r;
}
