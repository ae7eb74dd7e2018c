/* Interest: what was posted each 30 June and what is due so far, with the calculation laid open. */
#include <assert.h>

#include "service/internal.h"

/* The asked one among the years; 0 is the newest. */
static const struct interest_year *year_find(const struct interest *o, int year)
{
    for (size_t i = 0; i < o->count; i++) {
        if (year == 0 || o->years[i].year == year) {
            return &o->years[i];
        }
    }
    return NULL;
}

/* The year that holds the day, cut off after it. One that is cut off is running, as it was then. */
static enum result day_open(const struct service *s, struct db *db, struct arena *a,
                            const struct account *account, struct interest *out, struct error *err)
{
    struct interest_as_of as_of;
    const struct interest_year *whole;
    enum result r =
        ledger_interest_as_of(db, a, s->policy, account, out->today, out->day, &as_of, err);

    if (r == RESULT_OK) {
        r = ledger_interest_lines(db, a, s->policy, account, &as_of.year, &out->calculation, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    whole = year_find(out, as_of.year.year);
    out->to_day = as_of.year;
    out->to_day.right = out->calculation.interest;
    if (whole && whole->to.day > as_of.year.to.day) {
        out->to_day.state = INTEREST_RUNNING;
        out->to_day.posted = fen_of(0);
    }
    out->day_balance = as_of.closed ? fen_of(0) : fen_add(out->calculation.balance, as_of.posted);
    out->year = &out->to_day;
    return RESULT_OK;
}

static enum result interest_read(const struct service *s, struct db *db, struct arena *a,
                                 const struct view *v, int position, int year, struct interest *out,
                                 struct error *err)
{
    const struct account *account;
    enum result r = own_accounts_read(db, a, v, position, &out->accounts, err);

    if (r != RESULT_OK) {
        return r;
    }
    account = own_current(&out->accounts);
    r = ledger_interest_years(db, a, s->policy, account, account_last_day(account, out->today),
                              &out->years, &out->count, err);
    if (r != RESULT_OK) {
        return r;
    }
    if (!date_is_none(out->day)) {
        return day_open(s, db, a, account, out, err);
    }
    out->year = year_find(out, year);
    if (!out->year) {
        return error_set(err, RESULT_NOT_FOUND, "the account has no interest year %d", year);
    }
    return ledger_interest_lines(db, a, s->policy, account, out->year, &out->calculation, err);
}

enum result service_interest(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, int position, int year, civil_date day,
                             struct interest *out, struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_INTEREST));
    *out = (struct interest){.today = clock_today(s->clock), .day = day};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = interest_read(s, db, a, v, position, year, out, err);
    db_rollback(db);
    return r;
}

static enum result day_read(const struct service *s, struct db *db, struct arena *a,
                            const struct view *v, civil_date day, struct account_day *out,
                            struct error *err)
{
    enum result r = ledger_account(db, a, v->account, &out->account, err);

    if (r == RESULT_OK && !text_equal(out->account.person, v->person)) {
        return error_set(err, RESULT_NOT_FOUND, "there is no such account");
    }
    if (r == RESULT_OK) {
        r = ledger_interest_as_of(db, a, s->policy, &out->account, out->today, day, &out->as_of,
                                  err);
    }
    if (r == RESULT_OK) {
        r = ledger_interest_lines(db, a, s->policy, &out->account, &out->as_of.year,
                                  &out->calculation, err);
    }
    return r;
}

enum result service_account_day(const struct service *s, struct db *db, struct arena *a,
                                const struct view *v, civil_date day, struct account_day *out,
                                struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_INTEREST));
    *out = (struct account_day){.today = clock_today(s->clock)};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = day_read(s, db, a, v, day, out, err);
    db_rollback(db);
    return r;
}
