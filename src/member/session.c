/* Sessions: the store is the truth, the session map a quick look at it. */
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "member/internal.h"

enum {
    SHARE_TURNS = 3,  /* a session ended meanwhile: the store is asked again */
    END_TURNS = 2000, /* of one millisecond, for a slot that somebody holds */
    TURN_NS = 1000000,
    SESSIONS_AT_ONCE = 64,
};

/* --- who it is --- */

/* OK or EXPIRED. A clock that was set back since the last use counts as no time gone. */
static enum result limits_check(const struct session *s, instant now)
{
    instant idle = now > s->used ? now - s->used : 0;

    return idle >= (instant)MEMBER_IDLE_SECONDS * MEMBER_SECOND_MS || now >= s->ends
               ? RESULT_EXPIRED
               : RESULT_OK;
}

static enum result session_read(struct db *db, const uint8_t id[MEMBER_KEY_SIZE],
                                struct session *out, struct error *err)
{
    enum result r = db_begin(db, STORE_READ, err);
    struct stmt *q;
    enum stmt_step step;

    if (r != RESULT_OK) {
        return r;
    }
    q = db_query(db, QUERY_session_read);
    stmt_bytes(q, 1, id, MEMBER_KEY_SIZE);
    step = stmt_step(q);
    if (step == STMT_ROW) {
        memcpy(out->id, id, MEMBER_KEY_SIZE);
        r = text_copy(column_text(q, 0), out->person, sizeof out->person) &&
                    text_copy(column_text(q, 1), out->account, sizeof out->account)
                ? RESULT_OK
                : error_set(err, RESULT_DAMAGED, "desk.session holds a number that is too long");
        out->channel = (int)column_int(q, 2);
        out->created = column_int(q, 3);
        out->used = column_int(q, 4);
        out->ends = column_int(q, 5);
        out->previous = column_int(q, 7);
        out->slot = -1;
        if (!column_is_null(q, 6)) {
            r = error_set(err, RESULT_NOT_FOUND, "the session has ended");
        }
    } else {
        r = step == STMT_DONE ? error_set(err, RESULT_NOT_FOUND, "there is no such session")
                              : db_failure(db, err);
    }
    db_rollback(db); /* it only read */
    return r;
}

/* False when a session ended since endings was read: perhaps this one. */
static bool share_once(struct session_map *map, struct session *s, instant flushed,
                       uint64_t endings)
{
    s->slot = session_map_fill(map, s, flushed);
    if (s->slot < 0) {
        return true; /* works without the map, a little slower */
    }
    if (session_map_endings(map) != endings) {
        return false;
    }
    session_map_publish(map, s->slot, s->id);
    return true;
}

void session_share(struct session_map *map, struct session *session, instant flushed,
                   uint64_t endings)
{
    share_once(map, session, flushed, endings);
}

static enum result session_from_store(struct member_desk *m, struct db *db,
                                      const uint8_t id[MEMBER_KEY_SIZE], instant now,
                                      struct session *out, struct error *err)
{
    for (int turn = 0; turn < SHARE_TURNS; turn++) {
        uint64_t endings = session_map_endings(m->sessions);
        enum result r = session_read(db, id, out, err);

        if (r == RESULT_OK) {
            r = limits_check(out, now);
        }
        if (r != RESULT_OK || share_once(m->sessions, out, out->used, endings)) {
            return r;
        }
    }
    /* Many are signing out. What the store said holds for this request; the next one asks again. */
    return RESULT_OK;
}

enum result member_session(struct member_desk *m, struct db *db, struct text token, bool may_block,
                           struct session *out, struct error *err)
{
    instant now = clock_now(m->clock);
    uint8_t id[MEMBER_KEY_SIZE];
    enum result r;

    if (!token_read(token, id)) {
        return error_set(err, RESULT_NOT_FOUND, "there is no such session");
    }
    r = session_map_find(m->sessions, id, out);
    if (r == RESULT_OK) {
        r = limits_check(out, now);
    } else if (r == RESULT_BUSY && may_block) {
        r = session_from_store(m, db, id, now, out, err);
    }
    if (r != RESULT_OK) {
        return r == RESULT_EXPIRED ? error_set(err, r, "the session has expired") : r;
    }
    if (now - out->used >= MEMBER_SECOND_MS || now < out->used) {
        if (out->slot >= 0) {
            session_map_use(m->sessions, out, now);
        }
        out->used = now;
    }
    return RESULT_OK;
}

/* --- its end --- */

/* After the commit. A slot that another process holds is waited for: when it is given free, its
 * session must not be believed any more. */
static enum result end_in_map(struct session_map *map, const uint8_t id[MEMBER_KEY_SIZE],
                              struct error *err)
{
    for (int turn = 0; turn < END_TURNS; turn++) {
        if (session_map_end(map, id)) {
            return RESULT_OK;
        }
        nanosleep(&(struct timespec){.tv_nsec = TURN_NS}, NULL);
    }
    log_event(LOG_ERROR, "session-slot-held", NULL);
    return error_set(err, RESULT_BUSY, "a slot of the session map is held; try again");
}

struct session_ids {
    uint8_t (*at)[MEMBER_KEY_SIZE];
    size_t count, room;
};

static bool ids_add(struct session_ids *ids, struct text id)
{
    if (ids->count == ids->room) {
        size_t room = ids->room ? ids->room * 2 : SESSIONS_AT_ONCE;
        void *at = realloc(ids->at, room * sizeof *ids->at);

        if (!at) {
            return false;
        }
        ids->at = at;
        ids->room = room;
    }
    if (id.len != MEMBER_KEY_SIZE) {
        return false;
    }
    memcpy(ids->at[ids->count++], id.at, MEMBER_KEY_SIZE);
    return true;
}

/* One that cannot be had does not keep the others alive. */
static enum result end_all_in_map(struct session_map *map, const struct session_ids *ids,
                                  struct error *err)
{
    enum result r = RESULT_OK;

    for (size_t i = 0; i < ids->count; i++) {
        enum result ended = end_in_map(map, ids->at[i], err);

        r = r == RESULT_OK ? ended : r;
    }
    return r;
}

/* Ends the person's sessions in the store, and says which they were. */
static enum result end_all(struct db *db, struct text person, instant now, struct session_ids *ids,
                           struct error *err)
{
    struct stmt *q = db_query(db, QUERY_session_end_all);
    enum stmt_step step;

    stmt_text(q, 1, person);
    stmt_int(q, 2, now);
    while ((step = stmt_step(q)) == STMT_ROW) {
        if (!ids_add(ids, column_bytes(q, 0))) {
            stmt_end(q);
            return error_set(err, RESULT_MEMORY, "no memory for %zu sessions", ids->count);
        }
    }
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result end_one(struct db *db, const struct session *s, instant now,
                           struct session_ids *ids, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_session_end);

    if (!ids_add(ids, (struct text){(const char *)s->id, sizeof s->id})) {
        return error_set(err, RESULT_MEMORY, "no memory for a session");
    }
    stmt_bytes(q, 1, s->id, sizeof s->id);
    stmt_int(q, 2, now);
    return stmt_run(q, NULL, err);
}

enum result sessions_end_others(struct db *db, const struct session *s, instant now,
                                struct session_ids **out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_session_end_others);
    enum stmt_step step;

    *out = calloc(1, sizeof **out);
    if (!*out) {
        return error_set(err, RESULT_MEMORY, "no memory for sessions");
    }
    stmt_text(q, 1, text_of(s->person));
    stmt_int(q, 2, now);
    stmt_bytes(q, 3, s->id, sizeof s->id);
    while ((step = stmt_step(q)) == STMT_ROW) {
        if (!ids_add(*out, column_bytes(q, 0))) {
            stmt_end(q);
            return error_set(err, RESULT_MEMORY, "no memory for %zu sessions", (*out)->count);
        }
    }
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

enum result sessions_ended(struct member_desk *m, struct session_ids *ids, enum result committed,
                           struct error *err)
{
    enum result r = committed;

    if (ids && r == RESULT_OK) {
        r = end_all_in_map(m->sessions, ids, err);
    }
    if (ids) {
        free(ids->at);
    }
    free(ids);
    return r;
}

enum result member_end_others(struct member_desk *m, struct db *db, const struct session *s,
                              struct error *err)
{
    struct session_ids *ids = NULL;
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    r = sessions_end_others(db, s, clock_now(m->clock), &ids, err);
    if (r == RESULT_OK) {
        r = db_commit(db, err);
    } else {
        db_rollback(db);
    }
    return sessions_ended(m, ids, r, err);
}

/* Only one of the person's own is found by its beginning. */
static enum result own_session_find(struct member_desk *m, struct db *db, const struct session *s,
                                    const uint8_t *beginning, struct session *out,
                                    struct error *err)
{
    struct member_security all;
    enum result r = member_security(m, db, s, &all, err);

    for (size_t i = 0; r == RESULT_OK && i < all.session_count; i++) {
        if (memcmp(all.sessions[i].id, beginning, MEMBER_SESSION_ID) == 0) {
            *out = *s;
            memcpy(out->id, all.sessions[i].id, sizeof out->id);
            return RESULT_OK;
        }
    }
    return r == RESULT_OK ? error_set(err, RESULT_NOT_FOUND, "there is no such session") : r;
}

enum result member_end_session(struct member_desk *m, struct db *db, const struct session *s,
                               struct text id, struct error *err)
{
    uint8_t beginning[MEMBER_SESSION_ID];
    size_t len = 0;
    struct session other;
    enum result r;

    if (id.len != 2 * sizeof beginning ||
        sodium_hex2bin(beginning, sizeof beginning, id.at, id.len, NULL, &len, NULL) != 0) {
        return error_set(err, RESULT_NOT_FOUND, "there is no such session");
    }
    r = own_session_find(m, db, s, beginning, &other, err);
    return r == RESULT_OK ? member_sign_out(m, db, &other, false, err) : r;
}

enum result member_sign_out(struct member_desk *m, struct db *db, const struct session *s,
                            bool everywhere, struct error *err)
{
    instant now = clock_now(m->clock);
    struct session_ids ids = {0};
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    r = everywhere ? end_all(db, text_of(s->person), now, &ids, err)
                   : end_one(db, s, now, &ids, err);
    if (r == RESULT_OK) {
        r = db_commit(db, err);
    } else {
        db_rollback(db);
    }
    if (r == RESULT_OK) {
        r = end_all_in_map(m->sessions, &ids, err);
    }
    free(ids.at);
    return r;
}
