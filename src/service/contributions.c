/* Contributions month by month. */
#include <assert.h>

#include "service/internal.h"

/* The months of one calendar year out of all of them. */
static void only_year(struct contributions *c, int year)
{
    size_t from = 0, to;

    while (from < c->count && month_year(c->months[from].month) < year) {
        from++;
    }
    to = from;
    while (to < c->count && month_year(c->months[to].month) == year) {
        to++;
    }
    c->months += from;
    c->count = to - from;
}

static enum result contributions_read(const struct service *s, struct db *db, struct arena *a,
                                      const struct view *v, int position, struct contributions *out,
                                      struct error *err)
{
    const struct account *account;
    struct strip all;
    enum result r = own_accounts_read(db, a, v, position, &out->accounts, err);

    if (r != RESULT_OK) {
        return r;
    }
    account = own_current(&out->accounts);
    r = months_read(s, db, a, account, out->today, &all, &out->strip, err);
    if (r == RESULT_OK) {
        out->months = all.months;
        out->count = all.count;
    }
    return r;
}

enum result service_contributions(const struct service *s, struct db *db, struct arena *a,
                                  const struct view *v, int position, int year,
                                  struct contributions *out, struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_CONTRIBUTIONS));
    *out = (struct contributions){.today = clock_today(s->clock), .first_year = 1};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = contributions_read(s, db, a, v, position, out, err);
    db_rollback(db);
    if (r == RESULT_OK && out->count > 0) {
        out->first_year = month_year(out->months[0].month);
        out->last_year = month_year(out->months[out->count - 1].month);
        if (year != 0) {
            only_year(out, year);
        }
    }
    return r;
}
