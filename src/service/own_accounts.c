/* One's own accounts, and the strip of months that several pages show. */
#include "service/internal.h"

enum { STRIP_YEARS = OVERVIEW_STRIP_MONTHS / 12 };

enum result own_accounts_read(struct db *db, struct arena *a, const struct view *v, int position,
                              struct own_accounts *out, struct error *err)
{
    enum result r = ledger_accounts_of(db, a, v->person, out->list, &out->count, err);

    if (r != RESULT_OK) {
        return r;
    }
    if (position < 1 || (size_t)position > out->count) {
        return error_set(err, RESULT_NOT_FOUND, "there is no account number %d of one's own",
                         position);
    }
    out->current = (size_t)position - 1;
    return RESULT_OK;
}

civil_month strip_from(civil_date today)
{
    return month_of(month_year(date_month(today)) - STRIP_YEARS + 1, 1);
}

enum result strip_read(const struct service *s, struct db *db, struct arena *a,
                       const struct account *account, civil_date today, struct strip *out,
                       struct error *err)
{
    enum result r = ledger_months(db, a, s->policy, account, strip_from(today), today,
                                  &out->months, &out->count, err);

    if (r == RESULT_OK) {
        ledger_months_consecutive(out->months, out->count, &out->consecutive,
                                  &out->consecutive_if_mended);
    }
    return r;
}

civil_date account_last_day(const struct account *account, civil_date today)
{
    return account_is_closed(account->state) && !date_is_none(account->closed) ? account->closed
                                                                               : today;
}
