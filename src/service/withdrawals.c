/* Applications for a withdrawal, with every step. */
#include <assert.h>

#include "service/internal.h"

enum result service_withdrawals(const struct service *s, struct db *db, struct arena *a,
                                const struct view *v, int position, struct my_withdrawals *out,
                                struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_WITHDRAWALS));
    *out = (struct my_withdrawals){.today = clock_today(s->clock)};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = own_accounts_read(db, a, v, position, &out->accounts, err);
    if (r == RESULT_OK) {
        r = ledger_withdrawals(db, a, s->policy, own_current(&out->accounts)->account, &out->all,
                               err);
    }
    db_rollback(db);
    return r;
}
