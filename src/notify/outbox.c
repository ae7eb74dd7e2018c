/* Claiming, sending, noting. */
#include "notify/outbox.h"

#include <sodium.h>

#include "base/log.h"

enum outbox_state { STATE_SENT = 1, STATE_EXPIRED = 2, STATE_REFUSED = 3 };

enum {
    /* A claim is longer than what may be begun inside it (LEASE_USED) and one sending of at most
     * five seconds. */
    LEASE_MS = 30000,
    LEASE_USED_MS = 20000,
    SET_BACK_MS = 3600 * 1000, /* no wait is so long: the clock was set back */
    WAIT_FIRST_MS = 1000,
    WAIT_LAST_MS = 30000,
    KEPT_MS = 24 * 3600 * 1000,
    CLEAR_PORTION = 2000,
    PERSON_MAX = 64,
    ADDRESS_MAX = 128,
    BODY_MAX = 512 + VAULT_OVERHEAD, /* a text message */
};

struct due {
    uint8_t id[MESSAGE_ID_MAX];
    size_t id_len;
    char person[PERSON_MAX];
    uint8_t address[ADDRESS_MAX], body[BODY_MAX]; /* sealed, then opened in place */
    size_t address_len, body_len;
    instant expires;
    int tries;
    bool readable; /* fits, and opens */
};

/* --- claiming --- */

static bool keep_bytes(struct text t, uint8_t *out, size_t room, size_t *len)
{
    *len = t.len;
    if (t.len > room) {
        return false;
    }
    memcpy(out, t.at, t.len);
    return true;
}

static enum result due_read(struct db *db, instant now, struct due *due, size_t *count,
                            struct error *err)
{
    struct stmt *q = db_query(db, QUERY_outbox_due);
    enum stmt_step step;

    *count = 0;
    stmt_int(q, 1, now);
    stmt_int(q, 2, now + SET_BACK_MS);
    stmt_int(q, 3, OUTBOX_BATCH);
    while ((step = stmt_step(q)) == STMT_ROW) {
        struct due *d = &due[*count];

        if (!keep_bytes(column_bytes(q, 0), d->id, sizeof d->id, &d->id_len)) {
            stmt_end(q);
            return error_set(err, RESULT_DAMAGED, "desk.outbox holds an id of more than %d bytes",
                             MESSAGE_ID_MAX);
        }
        d->readable = text_copy(column_text(q, 1), d->person, sizeof d->person) &&
                      keep_bytes(column_bytes(q, 2), d->address, ADDRESS_MAX, &d->address_len) &&
                      keep_bytes(column_bytes(q, 3), d->body, BODY_MAX, &d->body_len);
        d->expires = column_int(q, 4);
        d->tries = (int)column_int(q, 5);
        (*count)++;
    }
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result message_set(struct db *db, enum query_id query, const struct due *d,
                               int64_t value, struct error *err)
{
    struct stmt *q = db_query(db, query);

    stmt_bytes(q, 1, d->id, d->id_len);
    stmt_int(q, 2, value);
    return stmt_run(q, NULL, err);
}

/* Takes what is due for LEASE_MS; what has expired is noted at once and left out of due. */
static enum result claim(struct db *db, instant now, struct due *due, size_t *count, int *expired,
                         struct error *err)
{
    size_t all = 0, kept = 0;
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    r = due_read(db, now, due, &all, err);
    for (size_t i = 0; i < all && r == RESULT_OK; i++) {
        if (due[i].expires <= now) {
            r = message_set(db, QUERY_outbox_end, &due[i], STATE_EXPIRED, err);
            (*expired)++;
            continue;
        }
        r = message_set(db, QUERY_outbox_claim, &due[i], now + LEASE_MS, err);
        if (kept != i) {
            due[kept] = due[i];
        }
        kept++;
    }
    *count = kept;
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}

/* --- sending --- */

static bool due_open(struct vault *v, struct due *d)
{
    uint8_t address[ADDRESS_MAX] = {0}, body[BODY_MAX] = {0};
    struct vault_item items[] = {
        {.place = {"desk.outbox", "address", text_of(d->person)},
         .in = {(const char *)d->address, d->address_len},
         .out = address},
        {.place = {"desk.outbox", "body", text_of(d->person)},
         .in = {(const char *)d->body, d->body_len},
         .out = body},
    };

    if (!d->readable || vault_open_fields(v, items, 2) != RESULT_OK) {
        return false;
    }
    memcpy(d->address, address, items[0].out_len);
    memcpy(d->body, body, items[1].out_len);
    d->address_len = items[0].out_len;
    d->body_len = items[1].out_len;
    sodium_memzero(body, sizeof body);
    return true;
}

static enum result due_send(struct outbox *o, struct due *d, struct error *err)
{
    struct message m;

    if (!due_open(o->vault, d)) {
        log_event(LOG_ERROR, "message-does-not-open", NULL);
        return RESULT_REFUSED;
    }
    m.to = (struct text){(const char *)d->address, d->address_len};
    m.text = (struct text){(const char *)d->body, d->body_len};
    sodium_bin2hex(m.id, sizeof m.id, d->id, d->id_len);
    return o->messenger->send(o->messenger->context, &m, err);
}

/* 1 s, 2 s, 4 s … 30 s, each shortened at random by up to a half: many that failed together do not
 * come back together. */
static instant next_wait(struct outbox *o, int tries)
{
    int64_t wait = tries < 5 ? (int64_t)WAIT_FIRST_MS << tries : WAIT_LAST_MS;

    wait = wait < WAIT_LAST_MS ? wait : WAIT_LAST_MS;
    return wait - (int64_t)random_below(o->random, (uint64_t)wait / 2 + 1);
}

static enum result due_note(struct outbox *o, struct db *db, const struct due *d,
                            enum result outcome, struct outbox_round *done, struct error *err)
{
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    if (outcome == RESULT_OK) {
        done->sent++;
        r = message_set(db, QUERY_outbox_end, d, STATE_SENT, err);
    } else if (outcome == RESULT_REFUSED) {
        done->refused++;
        r = message_set(db, QUERY_outbox_end, d, STATE_REFUSED, err);
    } else {
        done->later++;
        r = message_set(db, QUERY_outbox_later, d, clock_now(o->clock) + next_wait(o, d->tries),
                        err);
    }
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}

static bool may_send(const struct outbox *o, int64_t began)
{
    return !(o->stopping && o->stopping()) && clock_monotonic_us() / 1000 - began < LEASE_USED_MS &&
           o->messenger->ready(o->messenger->context);
}

enum result outbox_run(struct outbox *o, struct db *db, struct outbox_round *done,
                       struct error *err)
{
    struct due due[OUTBOX_BATCH];
    struct outbox_round unwanted = {0};
    size_t count = 0;
    int64_t began = clock_monotonic_us() / 1000;
    enum result r;

    done = done ? done : &unwanted;
    *done = (struct outbox_round){0};
    if (!o->messenger->ready(o->messenger->context)) {
        return RESULT_OK;
    }
    r = claim(db, clock_now(o->clock), due, &count, &done->expired, err);
    for (size_t i = 0; i < count && r == RESULT_OK; i++) {
        struct error why = {0};
        enum result outcome = RESULT_BUSY; /* claimed, but not begun: soon again */

        if (due[i].expires <= clock_now(o->clock)) {
            outcome = RESULT_EXPIRED;
        } else if (may_send(o, began)) {
            outcome = due_send(o, &due[i], &why);
        }
        if (outcome != RESULT_OK && outcome != RESULT_BUSY && outcome != RESULT_EXPIRED) {
            log_event(LOG_WARN, "message-not-sent", "messenger", o->messenger->name, "result",
                      result_word(outcome), "why", why.sentence, NULL);
        }
        r = due_note(o, db, &due[i], outcome, done, err);
    }
    sodium_memzero(due, sizeof due);
    return r;
}

enum result outbox_housekeeping(struct outbox *o, struct db *db, struct error *err)
{
    struct stmt *q;
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    q = db_query(db, QUERY_outbox_clear);
    stmt_int(q, 1, clock_now(o->clock) - KEPT_MS);
    stmt_int(q, 2, CLEAR_PORTION);
    r = stmt_run(q, NULL, err);
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}
