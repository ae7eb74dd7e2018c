/* The second step of signing in: the code, and the session that comes of it. */
#include <sodium.h>

#include "member/internal.h"

void network_hash(struct member_desk *m, struct text network, uint8_t out[MEMBER_KEY_SIZE])
{
    vault_token_hash(m->vault, "known network", network, out);
}

/* --- whose challenge, and which account --- */

/* Reads one text of a query with one parameter; NOT_FOUND when there is no row. */
static enum result text_read(struct db *db, struct stmt *q, char *out, size_t room,
                             struct error *err)
{
    enum stmt_step step = stmt_step(q);
    bool fits;

    if (step != STMT_ROW) {
        return step == STMT_DONE ? RESULT_NOT_FOUND : db_failure(db, err);
    }
    fits = text_copy(column_text(q, 0), out, room);
    stmt_end(q);
    return fits ? RESULT_OK
                : error_set(err, RESULT_DAMAGED, "a person or account number is too long");
}

/* The person's account may be another one than at the last sign-in (a transfer, a merger), so the
 * ledger is asked, in a read of its own before the desk is written. */
static enum result whose(struct db *db, const uint8_t id[MEMBER_KEY_SIZE], struct session *s,
                         struct error *err)
{
    enum result r = db_begin(db, STORE_READ, err);
    struct stmt *q;

    if (r != RESULT_OK) {
        return r;
    }
    q = db_query(db, QUERY_challenge_person);
    stmt_bytes(q, 1, id, MEMBER_KEY_SIZE);
    r = text_read(db, q, s->person, sizeof s->person, err);
    if (r == RESULT_NOT_FOUND) {
        error_set(err, RESULT_NOT_FOUND, "there is no such challenge");
    } else if (r == RESULT_OK) {
        q = db_query(db, QUERY_member_account);
        stmt_text(q, 1, text_of(s->person));
        r = text_read(db, q, s->account, sizeof s->account, err);
        if (r == RESULT_NOT_FOUND) {
            r = error_set(err, RESULT_DAMAGED, "a member without an account in the ledger");
        }
    }
    db_rollback(db); /* it only read */
    return r;
}

/* --- is the code right? --- */

struct challenge {
    uint8_t code[MEMBER_KEY_SIZE];
    int tries;
    instant created, expires;
    bool used;
};

static enum result challenge_read(struct db *db, const uint8_t id[MEMBER_KEY_SIZE],
                                  struct challenge *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_challenge_read);
    enum stmt_step step;
    struct text code;

    stmt_bytes(q, 1, id, MEMBER_KEY_SIZE);
    step = stmt_step(q);
    if (step != STMT_ROW) {
        return step == STMT_DONE ? error_set(err, RESULT_NOT_FOUND, "there is no such challenge")
                                 : db_failure(db, err);
    }
    code = column_bytes(q, 1);
    *out = (struct challenge){
        .tries = (int)column_int(q, 2),
        .created = column_int(q, 3),
        .expires = column_int(q, 4),
        .used = !column_is_null(q, 5),
    };
    if (code.len == sizeof out->code) {
        memcpy(out->code, code.at, sizeof out->code);
    }
    stmt_end(q);
    return code.len == sizeof out->code
               ? RESULT_OK
               : error_set(err, RESULT_DAMAGED, "desk.challenge holds a hash of %zu bytes",
                           code.len);
}

bool code_is_formed(struct text t)
{
    int64_t number;

    return t.len == MEMBER_CODE_DIGITS && text_to_int(t, &number);
}

/* Inside the desk transaction. REFUSED: counted there, to be committed. */
static enum result challenge_answer(struct member_desk *m, struct db *db, struct member_code *c,
                                    const uint8_t id[MEMBER_KEY_SIZE], instant now,
                                    struct error *err)
{
    struct challenge ch = {0};
    uint8_t hash[MEMBER_KEY_SIZE];
    struct stmt *q;
    enum result r = challenge_read(db, id, &ch, err);

    if (r != RESULT_OK) {
        return r;
    }
    /* One from the future was made before the clock was set back: nobody knows how old it is. */
    if (ch.used || ch.tries >= MEMBER_CODE_TRIES || now >= ch.expires || now < ch.created) {
        return error_set(err, RESULT_EXPIRED, "the code has been used, tried too often or expired");
    }
    c->tries_left = MEMBER_CODE_TRIES - ch.tries;
    if (!code_is_formed(c->code)) { /* cannot be right, so it costs no try */
        return error_set(err, RESULT_REFUSED, "a code has %d digits", MEMBER_CODE_DIGITS);
    }
    code_hash(m, id, c->code.at, hash);
    if (sodium_memcmp(hash, ch.code, sizeof hash) != 0) {
        c->tries_left--;
        q = db_query(db, QUERY_challenge_wrong);
        stmt_bytes(q, 1, id, MEMBER_KEY_SIZE);
        r = stmt_run(q, NULL, err);
        return r == RESULT_OK ? error_set(err, RESULT_REFUSED, "the code is wrong") : r;
    }
    q = db_query(db, QUERY_challenge_used);
    stmt_bytes(q, 1, id, MEMBER_KEY_SIZE);
    stmt_int(q, 2, now);
    return stmt_run(q, NULL, err);
}

/* --- what a right code leaves behind --- */

/* When this person signed in last, as far as this moment's clock can say; 0: never. */
static enum result signed_in_before(struct db *db, const struct session *s, instant *out,
                                    struct error *err)
{
    struct stmt *q = db_query(db, QUERY_member_last_sign_in);
    enum stmt_step step;

    stmt_text(q, 1, text_of(s->person));
    step = stmt_step(q);
    if (step != STMT_ROW) {
        return step == STMT_DONE ? error_set(err, RESULT_DAMAGED, "a challenge of no member")
                                 : db_failure(db, err);
    }
    *out = column_int(q, 0);
    *out = *out > s->created ? s->created : *out;
    stmt_end(q);
    return RESULT_OK;
}

static enum result session_write(struct db *db, const struct session *s, struct text device,
                                 struct error *err)
{
    struct stmt *q = db_query(db, QUERY_session_insert);

    stmt_bytes(q, 1, s->id, sizeof s->id);
    stmt_text(q, 2, text_of(s->person));
    stmt_text(q, 3, text_of(s->account));
    stmt_int(q, 4, s->channel);
    stmt_int(q, 5, s->created);
    stmt_int(q, 6, s->ends);
    if (s->previous > 0) {
        stmt_int(q, 7, s->previous);
    } else {
        stmt_null(q, 7);
    }
    stmt_text(q, 8, device);
    return stmt_run(q, NULL, err);
}

enum result member_session_begin(struct db *db, struct random *r, instant now, instant previous,
                                 struct text device, struct session *s,
                                 char token[MEMBER_TOKEN_TEXT_MAX], struct error *err)
{
    token_make(r, token, MEMBER_TOKEN_TEXT_MAX, s->id);
    s->created = s->used = now;
    s->ends = now + (instant)MEMBER_SESSION_SECONDS * MEMBER_SECOND_MS;
    s->previous = previous;
    s->slot = -1;
    return session_write(db, s, device, err);
}

/* Notes that the person came from there; *strange when never before. */
static enum result place_note(struct db *db, const struct session *s,
                              const uint8_t hash[MEMBER_KEY_SIZE], bool *strange, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_known_network);
    enum stmt_step step;

    stmt_text(q, 1, text_of(s->person));
    stmt_bytes(q, 2, hash, MEMBER_KEY_SIZE);
    step = stmt_step(q);
    stmt_end(q);
    if (step != STMT_ROW && step != STMT_DONE) {
        return db_failure(db, err);
    }
    *strange |= step == STMT_DONE;
    q = db_query(db, QUERY_known_network_put);
    stmt_text(q, 1, text_of(s->person));
    stmt_bytes(q, 2, hash, MEMBER_KEY_SIZE);
    stmt_int(q, 3, s->created);
    return stmt_run(q, NULL, err);
}

/* A class of device is kept beside the networks, under a hash of its own. Who signs in for the first
 * time is told of nothing. */
static enum result member_note(struct member_desk *m, struct db *db, const struct session *s,
                               const struct member_code *c, bool first, struct error *err)
{
    uint8_t network[MEMBER_KEY_SIZE], device[MEMBER_KEY_SIZE];
    struct stmt *q = db_query(db, QUERY_member_signed_in);
    bool strange = false;
    enum result r;

    stmt_text(q, 1, text_of(s->person));
    stmt_text(q, 2, text_of(s->account));
    stmt_int(q, 3, s->created);
    r = stmt_run(q, NULL, err);
    if (r == RESULT_OK) {
        q = db_query(db, QUERY_sign_in_insert);
        stmt_text(q, 1, text_of(s->person));
        stmt_int(q, 2, s->created);
        stmt_text(q, 3, c->device);
        r = stmt_run(q, NULL, err);
    }
    network_hash(m, c->network, network);
    vault_token_hash(m->vault, "known device", c->device, device);
    if (r == RESULT_OK) {
        r = place_note(db, s, network, &strange, err);
    }
    if (r == RESULT_OK && c->device.len > 0) {
        r = place_note(db, s, device, &strange, err);
    }
    return r == RESULT_OK && strange && !first
               ? message_put(db, text_of(s->person), s->created, EVENT_SIGN_IN, c->device, err)
               : r;
}

static enum result session_make(struct member_desk *m, struct db *db, struct random *r,
                                struct member_code *c, instant now, struct session *s,
                                struct error *err)
{
    instant previous = 0;
    enum result result;

    s->channel = c->channel;
    s->created = now;
    result = signed_in_before(db, s, &previous, err);
    if (result == RESULT_OK) {
        result = member_session_begin(db, r, now, previous, c->device, s, c->token, err);
    }
    if (result == RESULT_OK) {
        result = member_note(m, db, s, c, previous == 0, err);
    }
    return result;
}

enum result member_sign_in_finish(struct member_desk *m, struct db *db, struct random *r,
                                  struct member_code *c, struct error *err)
{
    instant now = clock_now(m->clock);
    uint8_t id[MEMBER_KEY_SIZE];
    struct session s = {.slot = -1};
    uint64_t endings;
    enum result result;

    c->tries_left = 0;
    c->token[0] = '\0';
    c->device = c->device.at ? c->device : TEXT("");
    if (!token_read(c->challenge, id)) {
        return error_set(err, RESULT_NOT_FOUND, "there is no such challenge");
    }
    result = whose(db, id, &s, err);
    if (result == RESULT_OK) {
        result = db_begin(db, STORE_WRITE_DESK, err);
    }
    if (result != RESULT_OK) {
        return result;
    }
    result = challenge_answer(m, db, c, id, now, err);
    if (result == RESULT_OK) {
        result = session_make(m, db, r, c, now, &s, err);
    }
    if (result != RESULT_OK && result != RESULT_REFUSED) {
        db_rollback(db);
        goto done;
    }
    endings = session_map_endings(m->sessions);
    {
        enum result committed = db_commit(db, err);

        result = committed == RESULT_OK ? result : committed;
    }
    if (result == RESULT_OK) {
        session_share(m->sessions, &s, s.used, endings);
    }
done:
    if (result != RESULT_OK) {
        sodium_memzero(c->token, sizeof c->token);
    }
    return result;
}
