/* Withdrawals that the holder applies for in the hall. */
#include <assert.h>

#include "service/internal.h"

/* Words of who did it, in operations. */
#define HOLDER TEXT("holder")

static struct withdraw_desk desk_of(const struct service *s, struct sha256 *sha)
{
    return (struct withdraw_desk){.clock = s->clock, .policy = s->policy, .sha = sha};
}

static enum result read_choices(const struct service *s, struct db *db, struct arena *a,
                                const struct view *v, int position, struct my_withdraw_choices *out,
                                struct error *err)
{
    struct withdraw_desk desk = desk_of(s, NULL);
    enum result r = own_accounts_read(db, a, v, position, &out->accounts, err);

    if (r == RESULT_OK) {
        r = withdraw_choices(&desk, db, own_current(&out->accounts), true, &out->all, err);
    }
    return r == RESULT_OK ? member_frozen_since(db, v->person, &out->stopped_since, err) : r;
}

enum result service_withdraw_choices(const struct service *s, struct db *db, struct arena *a,
                                     const struct view *v, int position,
                                     struct my_withdraw_choices *out, struct error *err)
{
    enum result r = db_begin(db, STORE_READ, err);

    assert(view_is_good(v, PART_WITHDRAWALS));
    *out = (struct my_withdraw_choices){.today = clock_today(s->clock)};
    if (r != RESULT_OK) {
        return r;
    }
    r = read_choices(s, db, a, v, position, out, err);
    db_rollback(db);
    /* Without a limit for today nothing is said of it. */
    (void)policy_rent_limit(s->policy, out->today, 0, false, &out->rent_month, &out->rent_year);
    out->rent_full_months = policy_rent_full_months(s->policy);
    out->fee_year = policy_property_fee_year(s->policy);
    return r;
}

/* A key is one account's: what another holder's page drew is another key. */
static enum result complete(struct db *db, struct arena *a, const struct view *v, int position,
                            struct withdraw_ask *ask, struct error *err)
{
    struct own_accounts accounts;
    enum result r = own_accounts_read(db, a, v, position, &accounts, err);

    if (r != RESULT_OK) {
        return r;
    }
    ask->account = own_current(&accounts)->account;
    ask->person = v->person;
    ask->actor = HOLDER;
    ask->online = true;
    ask->key =
        text_of(arena_printf(a, "hall %.*s %.*s", TEXT_ARG(ask->account), TEXT_ARG(ask->key)));
    return ask->key.at ? RESULT_OK
                       : error_set(err, RESULT_MEMORY, "out of memory for a withdrawal");
}

static enum result apply(const struct withdraw_desk *d, struct db *db, struct arena *a,
                         const struct withdraw_ask *ask, bool dry_run, struct my_withdrawal *out,
                         struct error *err)
{
    int made = 0;
    enum result r;

    if (dry_run && ask->amount.n == 0) {
        r = withdraw_room(d, db, a, ask, &out->room, err);
        if (r != RESULT_OK || !out->room.ground.closes) {
            return r;
        }
    }
    r = withdraw_apply(d, db, a, ask, &out->done, &out->room, err);
    if (r == RESULT_OK && !out->done.already) {
        r = withdraw_made_on(db, ask->account, out->today, &made, err);
    }
    if (r == RESULT_OK && made > WITHDRAW_HOLDER_DAY_MAX) {
        r = error_set(err, RESULT_TOO_MANY, "at most %d applications a day",
                      WITHDRAW_HOLDER_DAY_MAX);
    }
    return r;
}

enum result service_withdraw(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, int position, bool dry_run,
                             struct withdraw_ask *ask, struct my_withdrawal *out, struct error *err)
{
    struct sha256 *sha = sha256_new();
    struct withdraw_desk desk = desk_of(s, sha);
    enum result r = sha ? db_begin(db, STORE_WRITE_LEDGER, err)
                        : error_set(err, RESULT_MEMORY, "out of memory for a withdrawal");

    assert(view_is_good(v, PART_WITHDRAWALS));
    *out = (struct my_withdrawal){.today = clock_today(s->clock)};
    if (r == RESULT_OK) {
        r = complete(db, a, v, position, ask, err);
        if (r == RESULT_OK) {
            r = apply(&desk, db, a, ask, dry_run, out, err);
        }
        if (r == RESULT_OK && !dry_run) {
            r = db_commit(db, err);
        } else {
            db_rollback(db);
        }
    }
    sha256_free(sha);
    return r;
}

enum result service_withdraw_cancel(const struct service *s, struct db *db, struct arena *a,
                                    const struct view *v, struct text number,
                                    struct withdraw_done *out, struct error *err)
{
    struct sha256 *sha = sha256_new();
    struct withdraw_desk desk = desk_of(s, sha);
    struct withdraw_move move = {
        .step = STEP_CANCEL, .number = number, .actor = HOLDER, .person = v->person};
    enum result r = sha ? db_begin(db, STORE_WRITE_LEDGER, err)
                        : error_set(err, RESULT_MEMORY, "out of memory for a withdrawal");

    assert(view_is_good(v, PART_WITHDRAWALS));
    if (r == RESULT_OK) {
        r = withdraw_move(&desk, db, a, &move, out, err);
        if (r == RESULT_OK) {
            r = db_commit(db, err);
        } else {
            db_rollback(db);
        }
    }
    sha256_free(sha);
    return r;
}
