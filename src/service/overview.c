/* The first page: how much is there, is it being paid, what comes next. */
#include <assert.h>

#include "service/internal.h"

/* Principal, interest to this day, what is free. A closed account earns nothing any more. */
static enum result balance_read(const struct service *s, struct db *db, const struct view *v,
                                const struct account *a, civil_date today, struct balance *out,
                                struct error *err)
{
    enum result r;

    out->principal = a->running.balance;
    out->interest = fen_of(0);
    if (!account_is_closed(a->state)) {
        r = ledger_interest_to(db, s->policy, a, today, &out->interest, err);
        if (r != RESULT_OK) {
            return r;
        }
    }
    out->total = fen_add(out->principal, out->interest);
    out->available = fen_sub(out->principal, a->frozen);
    if (out->available.n < 0) {
        out->available = fen_of(0);
    }
    return member_frozen_since(db, v->person, &out->own_freeze_since, err);
}

/* The next 30 June and what it will bring if the balance stays as it is. */
static enum result settlement_read(const struct service *s, struct db *db, const struct account *a,
                                   struct overview *out, struct error *err)
{
    out->next_settlement = DATE_NONE;
    if (account_is_closed(a->state)) {
        return RESULT_OK;
    }
    out->next_settlement = settlement_on_or_after(out->today);
    if (out->next_settlement.day == a->running.settled.day) {
        out->next_settlement = settlement_on_or_after(date_plus(out->today, 1));
    }
    return ledger_interest_to(db, s->policy, a, out->next_settlement, &out->next_interest, err);
}

static enum result account_parts(const struct service *s, struct db *db, struct arena *a,
                                 const struct account *account, struct overview *out,
                                 struct error *err)
{
    struct entry_filter newest = {.limit = OVERVIEW_RECENT};
    struct strip all;
    bool more;
    enum result r = months_read(s, db, a, account, out->today, &all, &out->strip, err);

    if (r == RESULT_OK) {
        r = ledger_entries(db, a, account->account, &newest, &out->recent, &out->recent_count,
                           &more, err);
    }
    if (r == RESULT_OK) {
        r = ledger_curve(db, a, account, OVERVIEW_CURVE_MONTHS, out->today, &out->curve,
                         &out->curve_count, err);
    }
    if (r == RESULT_OK) {
        r = ledger_open_applications(db, a, s->policy, account->account, &out->applications,
                                     &out->application_count, err);
    }
    if (r == RESULT_OK) {
        r = ledger_loans(db, a, account->account, &out->loans, &out->loan_count, err);
    }
    return r;
}

static enum result overview_read(const struct service *s, struct db *db, struct arena *a,
                                 const struct view *v, instant session_created,
                                 struct overview *out, struct error *err)
{
    const struct account *account;
    enum result r = own_accounts_read(db, a, v, 1, &out->accounts, err);

    if (r != RESULT_OK) {
        return r;
    }
    account = own_current(&out->accounts);
    r = ledger_holder(db, a, account->account, &out->holder, err);
    if (r == RESULT_OK) {
        r = member_last_sign_in(db, v->person, session_created, &out->last_sign_in, err);
    }
    if (r == RESULT_OK) {
        r = balance_read(s, db, v, account, out->today, &out->balance, err);
    }
    if (r == RESULT_OK) {
        r = settlement_read(s, db, account, out, err);
    }
    return r == RESULT_OK ? account_parts(s, db, a, account, out, err) : r;
}

enum result service_overview(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, instant session_created, struct overview *out,
                             struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_OVERVIEW));
    *out = (struct overview){.today = clock_today(s->clock)};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = overview_read(s, db, a, v, session_created, out, err);
    db_rollback(db); /* a read has nothing to commit */
    return r;
}
