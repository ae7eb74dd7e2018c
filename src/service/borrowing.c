/* How much the holder could borrow. */
#include <assert.h>

#include "service/internal.h"

static enum result read_case(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, int position, struct borrowing *out,
                             struct error *err)
{
    struct borrow_case *c = &out->asked;
    const struct account *account;
    struct strip all, last_years;
    struct loan *loans;
    size_t count;
    enum result r = own_accounts_read(db, a, v, position, &out->accounts, err);

    if (r != RESULT_OK) {
        return r;
    }
    account = own_current(&out->accounts);
    r = months_read(s, db, a, account, out->today, &all, &last_years, err);
    if (r == RESULT_OK) {
        r = ledger_loans(db, a, account->account, &loans, &count, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    c->today = out->today;
    c->full_months = all.consecutive;
    out->if_mended = all.consecutive_if_mended;
    c->base = account->base;
    c->balance = account->running.balance;
    c->open = !account_is_closed(account->state);
    c->paying = account->state == ACCOUNT_NORMAL;
    c->owes = count > 0 && loans[0].state != LOAN_REPAID; /* those not repaid come first */
    return RESULT_OK;
}

enum result service_borrowing(const struct service *s, struct db *db, struct arena *a,
                              const struct view *v, int position, const struct borrow_case *asked,
                              struct borrowing *out, struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_BORROWING));
    *out = (struct borrowing){.today = clock_today(s->clock), .asked = *asked};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = read_case(s, db, a, v, position, out, err);
    db_rollback(db);
    if (r == RESULT_OK) {
        borrow(s->policy, &out->asked, &out->answer);
    }
    return r;
}
