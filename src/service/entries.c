/* The ledger, newest entries first. */
#include <assert.h>

#include "service/internal.h"

enum result service_entries(const struct service *s, struct db *db, struct arena *a,
                            const struct view *v, int position, const struct entry_filter *f,
                            struct entries *out, struct error *err)
{
    const struct account *account;
    enum result r;

    assert(view_is_good(v, PART_LEDGER));
    *out = (struct entries){.today = clock_today(s->clock)};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = own_accounts_read(db, a, v, position, &out->accounts, err);
    if (r == RESULT_OK) {
        account = own_current(&out->accounts);
        out->first_year = month_year(date_month(account->opened));
        out->last_year = month_year(date_month(account_last_day(account, out->today)));
        r = ledger_entries(db, a, account->account, f, &out->list, &out->count, &out->more, err);
    }
    db_rollback(db);
    return r;
}
