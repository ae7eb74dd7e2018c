/* What somebody is told who registers before anything was posted. */
#include <assert.h>

#include "service/internal.h"

/* The first month that is due and not there; when the employer has not said from when it pays, this
 * one. */
static enum result payment_read(const struct service *s, struct db *db, struct arena *a,
                                const struct view *v, civil_date today, struct first_payment *out,
                                struct error *err)
{
    struct month *months;
    size_t count;
    enum result r = ledger_account(db, a, v->account, &out->account, err);

    if (r == RESULT_OK) {
        r = ledger_months(db, a, s->policy, &out->account, MONTH_NONE, today, &months, &count, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    out->month = date_month(today);
    for (size_t i = count; i > 0; i--) {
        if (months[i - 1].state == MONTH_AWAITED || months[i - 1].state == MONTH_MISSING) {
            out->month = months[i - 1].month;
        }
    }
    out->due = policy_contribution_due(s->policy, out->month);
    return RESULT_OK;
}

enum result service_first_payment(const struct service *s, struct db *db, struct arena *a,
                                  const struct view *v, struct first_payment *out,
                                  struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_CONTRIBUTIONS));
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = payment_read(s, db, a, v, clock_today(s->clock), out, err);
    db_rollback(db); /* a read has nothing to commit */
    return r;
}
