/* The second step: the code, then both checks, and only then the ledger. On the way to a refusal
 * nobody is looked up, so all refusals are the same work: a test counts it. */
#include "member/registration.h"

#include <sodium.h>

enum { HOUR_SECONDS = 3600, DAY_SECONDS = 86400, LIMITS = 4 };

/* --- limits on refusals: taken before the checks are asked, so that questions sent side by side
 * count like questions sent one after the other, and given back unless the answer was no --- */

static void limits_of(struct member_desk *m, const struct registration *reg, struct text network,
                      struct throttle t[LIMITS])
{
    uint8_t id[MEMBER_KEY_SIZE], card[MEMBER_KEY_SIZE];

    id_index(m, reg->proof.id_number, id);
    vault_index(m->vault, "card", reg->proof.card, card);
    throttle_of_value(m, "refused registrations of an ID", (struct text){(char *)id, sizeof id},
                      MEMBER_REGISTRATION_REFUSALS, HOUR_SECONDS, &t[0]);
    throttle_of_value(m, "refused registrations of a card",
                      (struct text){(char *)card, sizeof card}, MEMBER_REGISTRATION_REFUSALS,
                      HOUR_SECONDS, &t[1]);
    throttle_of_value(m, "refused registrations of a phone", reg->proof.phone,
                      MEMBER_REGISTRATION_REFUSALS, DAY_SECONDS, &t[2]);
    throttle_of_value(m, "refused registrations from a network", network,
                      MEMBER_REGISTRATION_NETWORK_REFUSALS, HOUR_SECONDS, &t[3]);
}

static enum result limits_take(struct db *db, const struct throttle t[LIMITS], instant now,
                               instant *until, struct error *err)
{
    bool refused = false;

    for (int i = 0; i < LIMITS; i++) {
        enum result r = throttle_take(db, &t[i], now, until, err);

        if (r != RESULT_OK && r != RESULT_TOO_MANY) {
            return r;
        }
        refused = refused || r == RESULT_TOO_MANY;
    }
    return refused ? RESULT_TOO_MANY : RESULT_OK;
}

static enum result limits_give_back(struct db *db, const struct throttle t[LIMITS],
                                    struct error *err)
{
    enum result r = RESULT_OK;

    for (int i = 0; i < LIMITS && r == RESULT_OK; i++) {
        r = throttle_give_back(db, &t[i], err);
    }
    return r;
}

/* --- the code --- */

/* Inside the desk transaction. REFUSED: counted there, to be committed. */
static enum result code_check(struct member_desk *m, struct db *db, const struct registration *reg,
                              instant now, struct member_registration_code *c, struct error *err)
{
    uint8_t hash[MEMBER_KEY_SIZE];
    struct stmt *q;
    enum result r;

    /* Once typed, it stays good for trying again when a check was away. */
    if (registration_is_over(reg, now) || reg->tries >= MEMBER_CODE_TRIES ||
        (reg->state == STATE_CODE_SENT && now >= reg->code_until)) {
        return error_set(err, RESULT_EXPIRED, "the code has been tried too often or expired");
    }
    c->tries_left = MEMBER_CODE_TRIES - reg->tries;
    if (!code_is_formed(c->code)) { /* cannot be right, so it costs no try */
        return error_set(err, RESULT_REFUSED, "a code has %d digits", MEMBER_CODE_DIGITS);
    }
    code_hash(m, reg->id, c->code.at, hash);
    if (sodium_memcmp(hash, reg->code, sizeof hash) == 0) {
        return RESULT_OK;
    }
    c->tries_left--;
    q = db_query(db, QUERY_registration_wrong);
    stmt_bytes(q, 1, reg->id, sizeof reg->id);
    r = stmt_run(q, NULL, err);
    return r == RESULT_OK ? error_set(err, RESULT_REFUSED, "the code is wrong") : r;
}

/* Inside the desk transaction: the phone is proven, and the checks will be asked once more. */
static enum result ask_count(struct db *db, const struct registration *reg,
                             const struct throttle t[LIMITS], instant now, instant *until,
                             struct error *err)
{
    struct stmt *q;
    enum result r;

    if (reg->asks >= MEMBER_REGISTRATION_ASKS) {
        return error_set(err, RESULT_EXPIRED, "the checks were asked too often");
    }
    r = limits_take(db, t, now, until, err);
    if (r == RESULT_OK) {
        q = db_query(db, QUERY_registration_asked);
        stmt_bytes(q, 1, reg->id, sizeof reg->id);
        r = stmt_run(q, NULL, err);
    }
    return r;
}

/* Reads the registration and its code; *ask: the checks must be asked. */
static enum result code_step(struct member_desk *m, struct db *db,
                             const uint8_t id[MEMBER_KEY_SIZE], struct member_registration_code *c,
                             struct registration *reg, struct throttle t[LIMITS], bool *ask,
                             struct error *err)
{
    instant now = clock_now(m->clock);
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    r = registration_read(m, db, id, reg, err);
    if (r == RESULT_OK) {
        r = code_check(m, db, reg, now, c, err);
    }
    *ask = r == RESULT_OK && (reg->state == STATE_CODE_SENT || reg->state == STATE_PHONE_PROVEN);
    if (*ask) {
        limits_of(m, reg, c->network, t);
        r = ask_count(db, reg, t, now, &c->until, err);
    }
    if (r == RESULT_OK || r == RESULT_REFUSED) {
        enum result committed = db_commit(db, err);

        return committed == RESULT_OK ? r : committed;
    }
    db_rollback(db);
    return r;
}

/* --- the checks --- */

/* Both are asked, whatever the first one says. */
static enum registration_state checks_ask(const struct member_checks *checks,
                                          const struct member_proof *who)
{
    struct error err;
    enum result identity = checks->identity(checks->context, who, &err);
    enum result card = checks->card(checks->context, who, &err);

    if ((identity != RESULT_OK && identity != RESULT_REFUSED) ||
        (card != RESULT_OK && card != RESULT_REFUSED)) {
        return STATE_PHONE_PROVEN; /* as before: one of them did not answer */
    }
    return identity == RESULT_OK && card == RESULT_OK ? STATE_PASSED : STATE_REFUSED;
}

/* Notes what they said. */
static enum result checks_note(struct db *db, const struct registration *reg,
                               const struct throttle t[LIMITS], enum registration_state said,
                               struct error *err)
{
    enum result r = db_begin(db, STORE_WRITE_DESK, err);
    bool done;

    if (r != RESULT_OK) {
        return r;
    }
    if (said != STATE_REFUSED) {
        r = limits_give_back(db, t, err);
    }
    if (r == RESULT_OK && said != STATE_PHONE_PROVEN) {
        r = registration_settle(db, reg->id, STATE_PHONE_PROVEN, said, &done, err);
    }
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}

/* --- the true reason --- */

static enum result is_member(struct db *db, const struct member_holder *h, bool *out,
                             struct error *err)
{
    struct stmt *q = db_query(db, QUERY_member_phone_mask);
    enum stmt_step step;

    stmt_text(q, 1, text_of(h->person));
    step = stmt_step(q);
    stmt_end(q);
    *out = step == STMT_ROW;
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result reason_read(struct member_desk *m, struct db *db, const struct member_proof *who,
                               struct member_registration_code *c, struct error *err)
{
    struct member_holder h = {0};
    bool contributed = false, member = false;
    enum result r = db_begin(db, STORE_READ, err);

    if (r != RESULT_OK) {
        return r;
    }
    id_index(m, who->id_number, h.id_index);
    r = holder_find(db, &h, &contributed, err);
    if (r == RESULT_OK) {
        r = is_member(db, &h, &member, err);
    }
    db_rollback(db); /* it only read */
    if (r == RESULT_NOT_FOUND) {
        c->outcome = REGISTRATION_ELSEWHERE;
        return RESULT_OK;
    }
    c->outcome = member        ? REGISTRATION_REGISTERED
                 : contributed ? REGISTRATION_READY
                               : REGISTRATION_WAITING;
    if (c->outcome == REGISTRATION_WAITING) {
        memcpy(c->person, h.person, sizeof c->person);
        memcpy(c->account, h.account, sizeof c->account);
    }
    return r;
}

enum result member_registration_check(struct member_desk *m, struct db *db,
                                      const struct member_checks *checks,
                                      struct member_registration_code *c, struct error *err)
{
    uint8_t id[MEMBER_KEY_SIZE];
    struct registration reg = {0};
    struct throttle t[LIMITS];
    enum registration_state state;
    bool ask = false;
    enum result r;

    c->tries_left = 0;
    c->until = 0;
    c->person[0] = c->account[0] = '\0';
    if (!token_read(c->registration, id)) {
        return error_set(err, RESULT_NOT_FOUND, "there is no such registration");
    }
    r = code_step(m, db, id, c, &reg, t, &ask, err);
    if (r != RESULT_OK) {
        goto done;
    }
    state = reg.state;
    if (ask) {
        state = checks_ask(checks, &reg.proof);
        r = checks_note(db, &reg, t, state, err);
    }
    if (r != RESULT_OK) {
        goto done;
    }
    switch (state) {
    case STATE_PASSED: r = reason_read(m, db, &reg.proof, c, err); break;
    case STATE_MEMBER: c->outcome = REGISTRATION_REGISTERED; break;
    case STATE_REFUSED: c->outcome = REGISTRATION_REFUSED; break;
    default: c->outcome = REGISTRATION_AWAY;
    }
done:
    sodium_memzero(&reg, sizeof reg);
    return r;
}
