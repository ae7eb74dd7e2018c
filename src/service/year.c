/* One fund year of an account in figures: what its yearly picture shows. */
#include <assert.h>

#include "service/internal.h"

/* The fund year that holds a day bears the number of the calendar year in which it ends. */
static int fund_year_of(civil_date d)
{
    return month_year(date_month(settlement_on_or_after(d)));
}

static civil_date year_end(int year)
{
    return month_last(month_of(year, 6));
}

/* From the opening to the last day, cut off at both. */
static enum result figures_read(struct db *db, const struct my_year *y, int year,
                                struct fund_year *out, struct error *err)
{
    const struct account *account = own_current(&y->accounts);
    civil_date from = date_plus(year_end(year - 1), 1), to = year_end(year);
    civil_date last = account_last_day(account, y->today);

    if (from.day < account->opened.day) {
        from = account->opened;
    }
    return ledger_fund_year(db, account->account, from, to.day < last.day ? to : last, out, err);
}

static enum result strip_read(const struct service *s, struct db *db, struct arena *a,
                              struct my_year *y, struct error *err)
{
    civil_month from = month_of(y->year - 1, 7), to = month_of(y->year, 6);
    enum result r = ledger_months(db, a, s->policy, own_current(&y->accounts), from, y->today,
                                  &y->months, &y->month_count, err);

    while (y->month_count > 0 && y->months[y->month_count - 1].month.n > to.n) {
        y->month_count--;
    }
    return r;
}

static enum result choose(struct my_year *y, int year, struct error *err)
{
    const struct account *account = own_current(&y->accounts);
    civil_date last = account_last_day(account, y->today);
    bool over;

    y->first_year = fund_year_of(account->opened);
    y->last_year = fund_year_of(last);
    over = account_is_closed(account->state) || last.day >= year_end(y->last_year).day;
    y->year = year != 0                               ? year
              : over || y->first_year == y->last_year ? y->last_year
                                                      : y->last_year - 1;
    y->running = y->year == y->last_year && !over;
    if (y->year < y->first_year || y->year > y->last_year) {
        return error_set(err, RESULT_NOT_FOUND, "the account has no fund year %d", y->year);
    }
    return RESULT_OK;
}

static enum result year_read(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, int position, int year, struct my_year *out,
                             struct error *err)
{
    enum result r = own_accounts_read(db, a, v, position, &out->accounts, err);

    if (r == RESULT_OK) {
        r = choose(out, year, err);
    }
    if (r == RESULT_OK) {
        r = figures_read(db, out, out->year, &out->figures, err);
    }
    out->has_before = out->year > out->first_year;
    if (r == RESULT_OK && out->has_before) {
        r = figures_read(db, out, out->year - 1, &out->before, err);
    }
    return r == RESULT_OK ? strip_read(s, db, a, out, err) : r;
}

enum result service_year(const struct service *s, struct db *db, struct arena *a,
                         const struct view *v, int position, int year, struct my_year *out,
                         struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_YEAR));
    *out = (struct my_year){.today = clock_today(s->clock)};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = year_read(s, db, a, v, position, year, out, err);
    db_rollback(db);
    return r;
}
