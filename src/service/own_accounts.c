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

enum result months_read(const struct service *s, struct db *db, struct arena *a,
                        const struct account *account, civil_date today, struct strip *all,
                        struct strip *last_years, struct error *err)
{
    civil_month from = month_of(month_year(date_month(today)) - STRIP_YEARS + 1, 1);
    size_t skip = 0;
    enum result r =
        ledger_months(db, a, s->policy, account, MONTH_NONE, today, &all->months, &all->count, err);

    if (r != RESULT_OK) {
        return r;
    }
    ledger_months_consecutive(all->months, all->count, &all->consecutive,
                              &all->consecutive_if_mended);
    while (skip < all->count && all->months[skip].month.n < from.n) {
        skip++;
    }
    *last_years = *all;
    last_years->months += skip;
    last_years->count -= skip;
    return RESULT_OK;
}

civil_date account_last_day(const struct account *account, civil_date today)
{
    return account_is_closed(account->state) && !date_is_none(account->closed) ? account->closed
                                                                               : today;
}
