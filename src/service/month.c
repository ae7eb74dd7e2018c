/* One month of contributions laid open: the rules of its date, the shares worked out anew, what was
 * booked for it. */
#include <assert.h>

#include "service/internal.h"

static enum result month_read(const struct service *s, struct db *db, struct arena *a,
                              const struct view *v, int position, civil_month month,
                              struct month_open *out, struct error *err)
{
    const struct account *account;
    struct strip all, last_years;
    size_t at = 0;
    int if_mended;
    enum result r = own_accounts_read(db, a, v, position, &out->accounts, err);

    if (r != RESULT_OK) {
        return r;
    }
    account = own_current(&out->accounts);
    r = months_read(s, db, a, account, out->today, &all, &last_years, err);
    while (r == RESULT_OK && at < all.count && all.months[at].month.n != month.n) {
        at++;
    }
    if (r == RESULT_OK && at == all.count) {
        return error_set(err, RESULT_NOT_FOUND, "the account has no such month");
    }
    if (r == RESULT_OK) {
        out->month = all.months[at];
        ledger_months_consecutive(all.months, at + 1, &out->consecutive, &if_mended);
        r = ledger_unit_office(db, a, out->month.unit, &out->office, err);
    }
    if (r == RESULT_OK) {
        ledger_month_check(s->policy, &out->month, out->office, &out->check);
        r = ledger_month_credits(db, a, account->account, month, &out->credits, &out->credit_count,
                                 err);
    }
    return r;
}

enum result service_month(const struct service *s, struct db *db, struct arena *a,
                          const struct view *v, int position, civil_month month,
                          struct month_open *out, struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_CONTRIBUTIONS));
    *out = (struct month_open){.today = clock_today(s->clock)};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = month_read(s, db, a, v, position, month, out, err);
    db_rollback(db);
    return r;
}
