/* The first page: how much is there, is it being paid, what comes next. */
#include <assert.h>

#include "ledger/digest.h"
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
    if (out->available.n < 0 || a->state == ACCOUNT_FROZEN) {
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

/* The strip needs the sums of both shares only; they stand in the unit's place. */
static enum result strip_of_marks(struct arena *a, const struct month_marks *marks,
                                  struct strip *out, struct error *err)
{
    struct month *months = arena_alloc(a, marks->count * sizeof *months);

    if (!months) {
        return error_set(err, RESULT_MEMORY, "no memory for %zu months", marks->count);
    }
    for (size_t i = 0; i < marks->count; i++) {
        const struct month_mark *m = &marks->list[i];

        months[i].month = m->month;
        months[i].state = m->state;
        months[i].unit_due = m->due;
        months[i].unit_credited = m->credited;
        months[i].credited_on = m->credited_on;
    }
    *out = (struct strip){months, marks->count, marks->full, marks->if_mended};
    return RESULT_OK;
}

/* Months, curve and newest entries out of the digest, which sums up everything … */
static enum result digest_parts(const struct service *s, struct arena *a,
                                const struct account *account, const struct digest *d,
                                struct overview *out, struct error *err)
{
    civil_month strip_from =
        month_of(month_year(date_month(out->today)) - OVERVIEW_STRIP_MONTHS / 12 + 1, 1);
    struct month_marks months;
    enum result r =
        ledger_digest_months(d, a, s->policy, account, strip_from, out->today, &months, err);

    if (r == RESULT_OK) {
        r = ledger_digest_curve(d, a, account, OVERVIEW_CURVE_MONTHS, out->today, &out->curve,
                                &out->curve_count, err);
    }
    if (r == RESULT_OK) {
        r = ledger_digest_recent(d, a, OVERVIEW_RECENT, &out->recent, &out->recent_count, err);
    }
    return r == RESULT_OK ? strip_of_marks(a, &months, &out->strip, err) : r;
}

/* … or by walking through the entries, which gives the same. */
static enum result walked_parts(const struct service *s, struct db *db, struct arena *a,
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
    return r;
}

static enum result account_parts(const struct service *s, struct db *db, struct arena *a,
                                 const struct glance *g, struct overview *out, struct error *err)
{
    struct digest d;
    enum result r = ledger_glance_digest(g, out->today, &d)
                        ? digest_parts(s, a, &g->account, &d, out, err)
                        : walked_parts(s, db, a, &g->account, out, err);

    if (r == RESULT_OK && g->applications) {
        r = ledger_open_applications(db, a, s->policy, g->account.account, &out->applications,
                                     &out->application_count, err);
    }
    if (r == RESULT_OK && g->loans) {
        r = ledger_loans(db, a, g->account.account, &out->loans, &out->loan_count, err);
    }
    return r;
}

static enum result overview_read(const struct service *s, struct db *db, struct arena *a,
                                 const struct view *v, struct overview *out, struct error *err)
{
    struct glance glances[LEDGER_ACCOUNTS_MAX];
    const struct glance *current = &glances[0];
    enum result r = ledger_glances_of(db, a, v->person, glances, &out->accounts.count, err);

    if (r != RESULT_OK) {
        return r;
    }
    if (out->accounts.count == 0) {
        return error_set(err, RESULT_NOT_FOUND, "the person has no account");
    }
    for (size_t i = 0; i < out->accounts.count; i++) {
        out->accounts.list[i] = glances[i].account;
    }
    if (!current->name.at) {
        return error_set(err, RESULT_NOT_FOUND, "there is no holder of such an account");
    }
    out->name = current->name;
    r = balance_read(s, db, v, &current->account, out->today, &out->balance, err);
    if (r == RESULT_OK) {
        r = settlement_read(s, db, &current->account, out, err);
    }
    return r == RESULT_OK ? account_parts(s, db, a, current, out, err) : r;
}

enum result service_overview(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, instant last_sign_in, struct overview *out,
                             struct error *err)
{
    enum result r;

    assert(view_is_good(v, PART_OVERVIEW));
    *out = (struct overview){.today = clock_today(s->clock), .last_sign_in = last_sign_in};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = overview_read(s, db, a, v, out, err);
    db_rollback(db); /* a read has nothing to commit */
    return r;
}
