/* A new password: whoever sits at an open session must still know the old one. A try is counted
 * before it is hashed, with the limits of signing in; every other session ends with the change. */
#include <sodium.h>

#include "member/internal.h"

enum { PAIR, NETWORK, COUNTERS };
enum { NOTICE_MS = 24 * 3600 * 1000 };

/* The person in the place of a login name: the counter is another one than those of signing in. */
static void counters_of(struct member_desk *m, struct text person, struct text network,
                        struct throttle out[COUNTERS])
{
    uint8_t name[MEMBER_KEY_SIZE];

    vault_token_hash(m->vault, "password change", person, name);
    throttle_of_pair(m, name, network, &out[PAIR]);
    throttle_of_network(m, network, &out[NETWORK]);
}

/* One try counted, committed; and the password as it is stored. */
static enum result try_begin(struct db *db, struct text person,
                             const struct throttle counters[COUNTERS], instant now, char *stored,
                             instant *until, struct error *err)
{
    enum result r = db_begin(db, STORE_WRITE_DESK, err);
    struct stmt *q;

    for (int i = 0; i < COUNTERS && r == RESULT_OK; i++) {
        r = throttle_take(db, &counters[i], now, until, err);
    }
    if (r == RESULT_OK) {
        q = db_query(db, QUERY_member_password);
        stmt_text(q, 1, person);
        r = stmt_step(q) == STMT_ROW && text_copy(column_text(q, 0), stored, PASSWORD_HASH_MAX)
                ? RESULT_OK
                : error_set(err, RESULT_DAMAGED, "a member's password cannot be read");
        stmt_end(q);
    }
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}

static void try_undo(struct db *db, const struct throttle counters[COUNTERS])
{
    struct error err;
    enum result r = db_begin(db, STORE_WRITE_DESK, &err);

    for (int i = 0; i < COUNTERS && r == RESULT_OK; i++) {
        r = throttle_give_back(db, &counters[i], &err);
    }
    if (r == RESULT_OK) {
        db_commit(db, &err);
    } else {
        db_rollback(db);
    }
}

/* To the phone, in its owner's language. */
static enum result change_notice(struct member_desk *m, struct db *db, struct random *r,
                                 struct text person, instant now, struct error *err)
{
    struct recipient to = {0};
    char mask[32], words[NOTICE_TEXT_MAX];
    size_t len = 0;
    enum result result = recipient_read(m, db, person, &to, mask, sizeof mask, err);

    if (result == RESULT_OK) {
        result = notice_words(m, WORDS_NEW_PASSWORD, "", to.english, words, &len, err);
    }
    if (result == RESULT_OK) {
        result = notice_put(m, db, r,
                            &(struct notice){.kind = NOTICE_CHANGE,
                                             .person = person,
                                             .phone = {to.phone, to.phone_len},
                                             .text = {words, len},
                                             .now = now,
                                             .expires = now + NOTICE_MS},
                            err);
    }
    sodium_memzero(&to, sizeof to);
    return result;
}

static enum result password_write(struct member_desk *m, struct db *db, struct random *r,
                                  const struct session *s, const char *before, const char *after,
                                  struct error *err)
{
    struct stmt *q = db_query(db, QUERY_member_password_set);
    int64_t changed = 0;
    instant now = clock_now(m->clock);
    enum result result;

    stmt_text(q, 1, text_of(s->person));
    stmt_text(q, 2, text_of(before));
    stmt_text(q, 3, text_of(after));
    result = stmt_run(q, &changed, err);
    if (result == RESULT_OK && changed != 1) {
        result = error_set(err, RESULT_REFUSED, "the password was changed meanwhile");
    }
    if (result == RESULT_OK) {
        result = message_put(db, text_of(s->person), now, EVENT_NEW_PASSWORD, TEXT(""), err);
    }
    return result == RESULT_OK ? change_notice(m, db, r, text_of(s->person), now, err) : result;
}

/* Counters back, the password, the message, the text to the phone and the end of the other sessions:
 * all or nothing. */
static enum result change_write(struct member_desk *m, struct db *db, struct random *r,
                                const struct session *s, const struct throttle counters[COUNTERS],
                                const char *before, const char *after, struct error *err)
{
    struct session_ids *ended = NULL;
    enum result result = db_begin(db, STORE_WRITE_DESK, err);

    if (result != RESULT_OK) {
        return result;
    }
    result = throttle_clear(db, &counters[PAIR], err);
    if (result == RESULT_OK) {
        result = throttle_give_back(db, &counters[NETWORK], err);
    }
    if (result == RESULT_OK) {
        result = password_write(m, db, r, s, before, after, err);
    }
    if (result == RESULT_OK) {
        result = sessions_end_others(db, s, clock_now(m->clock), &ended, err);
    }
    if (result == RESULT_OK) {
        result = db_commit(db, err);
    } else {
        db_rollback(db);
    }
    return sessions_ended(m, ended, result, err);
}

/* As at registration, but for the ID number, of which only the keyed index is here. */
static enum result new_password_check(struct member_desk *m, struct db *db, struct text person,
                                      struct text after, struct error *err)
{
    struct recipient to = {0};
    char mask[32];
    enum result r = db_begin(db, STORE_READ, err);

    if (r != RESULT_OK) {
        return r;
    }
    r = recipient_read(m, db, person, &to, mask, sizeof mask, err);
    db_rollback(db);
    if (r == RESULT_OK) {
        struct member_registration reg = {.password = after, .phone = {to.phone, to.phone_len}};

        r = password_check(&reg, err);
    }
    sodium_memzero(&to, sizeof to);
    return r;
}

enum result member_change_password(struct member_desk *m, struct db *db, struct random *r,
                                   const struct session *s, struct member_new_password *c,
                                   struct error *err)
{
    struct throttle counters[COUNTERS];
    char before[PASSWORD_HASH_MAX] = "", after[PASSWORD_HASH_MAX] = "";
    enum result result;

    c->until = 0;
    if (text_equal(c->before, c->after)) {
        return error_set(err, RESULT_INVALID, "the new password is the old one");
    }
    result = new_password_check(m, db, text_of(s->person), c->after, err);
    if (result != RESULT_OK) {
        return result;
    }
    counters_of(m, text_of(s->person), c->network, counters);
    result =
        try_begin(db, text_of(s->person), counters, clock_now(m->clock), before, &c->until, err);
    if (result != RESULT_OK) {
        return result;
    }
    result = password_verify(before, c->before, err);
    if (result == RESULT_OK) {
        result = password_hash(c->after, after, err);
    }
    if (result == RESULT_OK) {
        result = change_write(m, db, r, s, counters, before, after, err);
    }
    if (result == RESULT_OK) {
        worker_wake(m->config);
    } else if (result != RESULT_REFUSED) {
        try_undo(db, counters);
    }
    sodium_memzero(before, sizeof before);
    sodium_memzero(after, sizeof after);
    return result;
}
