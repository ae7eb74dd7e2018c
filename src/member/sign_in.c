/* The first step of signing in: name and password. A try is counted before the password is hashed,
 * so that tries sent side by side count like tries sent one after the other; what turns out to be
 * right, or our own fault, is given back. */
#include <sodium.h>

#include "base/identity.h"
#include "member/internal.h"

enum { LOGIN_MAX = 18 };

enum { PAIR, NAME, NETWORK, COUNTERS };

struct attempt {
    uint8_t name[MEMBER_KEY_SIZE];
    struct throttle counters[COUNTERS];
    bool known; /* the name is somebody's */
    char person[MEMBER_PERSON_MAX], password[PASSWORD_HASH_MAX];
};

void id_index(struct member_desk *m, struct text typed, uint8_t out[MEMBER_KEY_SIZE])
{
    char number[LOGIN_MAX];
    size_t len = typed.len < sizeof number ? typed.len : sizeof number;

    for (size_t i = 0; i < len; i++) {
        char c = typed.at[i];

        number[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    /* A longer one is no number of anybody, and is counted by itself. */
    vault_index(m->vault, "id", typed.len > LOGIN_MAX ? typed : (struct text){number, len}, out);
}

/* The keyed index of what was typed: a phone, or else an ID number. */
static void name_index(struct member_desk *m, struct text login, uint8_t out[MEMBER_KEY_SIZE])
{
    if (mobile_phone_valid(login)) {
        vault_index(m->vault, "phone", login, out);
    } else {
        id_index(m, login, out);
    }
}

static enum result member_find(struct db *db, struct attempt *a, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_member_by_login);
    enum stmt_step step;
    bool fits = true;

    stmt_bytes(q, 1, a->name, sizeof a->name);
    step = stmt_step(q);
    if (step == STMT_ROW) {
        a->known = true;
        fits = text_copy(column_text(q, 0), a->person, sizeof a->person) &&
               text_copy(column_text(q, 1), a->password, sizeof a->password);
        stmt_end(q);
    } else if (step != STMT_DONE) {
        return db_failure(db, err);
    }
    return fits ? RESULT_OK
                : error_set(err, RESULT_DAMAGED,
                            "desk.member holds a longer number or password "
                            "hash than this program knows");
}

/* Did this person finish a sign-in from that network before? Asked for unknown names as well. */
static enum result network_is_known(struct member_desk *m, struct db *db, const struct attempt *a,
                                    struct text network, bool *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_known_network);
    uint8_t hash[MEMBER_KEY_SIZE];
    enum stmt_step step;

    network_hash(m, network, hash);
    stmt_text(q, 1, text_of(a->person));
    stmt_bytes(q, 2, hash, sizeof hash);
    step = stmt_step(q);
    stmt_end(q);
    *out = step == STMT_ROW;
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

/* Takes one try of each counter; the wait is the longest of those that refuse. */
static enum result counters_take(struct db *db, const struct attempt *a, bool network_known,
                                 instant now, instant *until, struct error *err)
{
    bool refused = false;

    for (int i = 0; i < COUNTERS; i++) {
        enum result r = i == NAME && network_known
                            ? throttle_count(db, &a->counters[i], now, err)
                            : throttle_take(db, &a->counters[i], now, until, err);

        if (r == RESULT_TOO_MANY) {
            refused = true;
        } else if (r != RESULT_OK) {
            return r;
        }
    }
    return refused ? RESULT_TOO_MANY : RESULT_OK;
}

/* Who it is, and one try counted, committed. */
static enum result attempt_begin(struct member_desk *m, struct db *db, struct member_sign_in *s,
                                 instant now, struct attempt *a, struct error *err)
{
    bool network_known = false;
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    name_index(m, s->login, a->name);
    throttle_of_pair(m, a->name, s->network, &a->counters[PAIR]);
    throttle_of_name(m, a->name, &a->counters[NAME]);
    throttle_of_network(m, s->network, &a->counters[NETWORK]);
    r = member_find(db, a, err);
    if (r == RESULT_OK) {
        r = network_is_known(m, db, a, s->network, &network_known, err);
    }
    if (r == RESULT_OK) {
        r = counters_take(db, a, network_known, now, &s->until, err);
    }
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}

/* The try was right or our fault: it does not count. A right one also ends the row of wrong ones
 * of this name from this network. */
static enum result attempt_give_back(struct db *db, const struct attempt *a, bool right,
                                     struct error *err)
{
    enum result r = right ? throttle_clear(db, &a->counters[PAIR], err)
                          : throttle_give_back(db, &a->counters[PAIR], err);

    for (int i = NAME; i < COUNTERS && r == RESULT_OK; i++) {
        r = throttle_give_back(db, &a->counters[i], err);
    }
    return r;
}

/* After a failure of ours; a store that fails here too has nobody signing in anyway. */
static void attempt_undo(struct db *db, const struct attempt *a)
{
    struct error err;

    if (db_begin(db, STORE_WRITE_DESK, &err) != RESULT_OK) {
        return;
    }
    if (attempt_give_back(db, a, false, &err) == RESULT_OK) {
        db_commit(db, &err);
    } else {
        db_rollback(db);
    }
}

/* The password was right. */
static enum result attempt_succeed(struct member_desk *m, struct db *db, struct random *r,
                                   const struct attempt *a, instant now, struct member_sign_in *s,
                                   struct error *err)
{
    enum result result = db_begin(db, STORE_WRITE_DESK, err);
    bool too_many;

    if (result != RESULT_OK) {
        return result;
    }
    result = attempt_give_back(db, a, true, err);
    if (result == RESULT_OK) {
        result = challenge_make(m, db, r, text_of(a->person), now, s, err);
    }
    too_many = result == RESULT_TOO_MANY;
    if (result == RESULT_OK || too_many) {
        enum result committed = db_commit(db, err);

        return committed == RESULT_OK ? result : committed;
    }
    db_rollback(db);
    return result;
}

enum result member_sign_in_start(struct member_desk *m, struct db *db, struct random *r,
                                 struct member_sign_in *s, struct error *err)
{
    instant now = clock_now(m->clock);
    struct attempt a = {0};
    enum result result;

    s->until = 0;
    result = attempt_begin(m, db, s, now, &a, err);
    if (result != RESULT_OK) {
        return result;
    }
    result = password_verify(a.known ? a.password : NULL, s->password, err);
    if (result == RESULT_REFUSED) {
        error_set(err, RESULT_REFUSED, "the number or the password is wrong");
    } else if (result == RESULT_OK) {
        result = attempt_succeed(m, db, r, &a, now, s, err);
    }
    if (result == RESULT_OK) {
        worker_wake(m->config);
    } else if (result != RESULT_REFUSED && result != RESULT_TOO_MANY) {
        attempt_undo(db, &a);
    }
    sodium_memzero(&a, sizeof a);
    return result;
}
