/* The whole life of an account by months. */
#include <assert.h>

#include "service/internal.h"

enum result service_history(const struct service *s, struct db *db, struct arena *a,
                            const struct view *v, int position, struct history *out,
                            struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_LEDGER));
    *out = (struct history){.today = clock_today(s->clock)};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = own_accounts_read(db, a, v, position, &out->accounts, err);
    if (r == RESULT_OK) {
        r = ledger_history(db, a, own_current(&out->accounts)->account, &out->points, &out->count,
                           err);
    }
    db_rollback(db);
    return r;
}
