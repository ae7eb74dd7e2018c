/* What the worker does for members each minute: last uses to the store, and what is over away. */
#include "member/internal.h"

enum {
    FLUSH_PORTION = 256,   /* sessions in one transaction: short enough for those who wait */
    FLUSH_PORTIONS = 1000, /* in one call: more than all live sessions of a large city */
    CLEAR_PORTION = 2000,  /* rows of each table in one call */
    HOUR_MS = 3600 * 1000,
    NETWORK_DAYS = 400, /* a network nobody signed in from for so long is a strange one again */
};

static enum result uses_write(struct db *db, const struct session *sessions, size_t count,
                              struct error *err)
{
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    for (size_t i = 0; i < count && r == RESULT_OK; i++) {
        struct stmt *q = db_query(db, QUERY_session_used);

        stmt_bytes(q, 1, sessions[i].id, sizeof sessions[i].id);
        stmt_int(q, 2, sessions[i].used);
        r = stmt_run(q, NULL, err);
    }
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}

static enum result uses_flush(struct member_desk *m, struct db *db, struct error *err)
{
    struct session portion[FLUSH_PORTION];

    for (int i = 0; i < FLUSH_PORTIONS; i++) {
        size_t count = session_map_flush(m->sessions, portion, FLUSH_PORTION);
        enum result r = count > 0 ? uses_write(db, portion, count, err) : RESULT_OK;

        if (r != RESULT_OK) {
            return r;
        }
        if (count < FLUSH_PORTION) {
            break;
        }
    }
    return RESULT_OK;
}

/* Each table by itself, so that nobody waits for all of them. */
static enum result clear(struct db *db, enum query_id query, instant before, struct error *err)
{
    enum result r = db_begin(db, STORE_WRITE_DESK, err);
    struct stmt *q;

    if (r != RESULT_OK) {
        return r;
    }
    q = db_query(db, query);
    stmt_int(q, 1, before);
    stmt_int(q, 2, CLEAR_PORTION);
    r = stmt_run(q, NULL, err);
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}

enum result member_housekeeping(struct member_desk *m, struct db *db, struct error *err)
{
    instant now = clock_now(m->clock);
    const struct {
        enum query_id query;
        instant before;
    } clears[] = {
        /* An hour more than needed: a person who comes late still reads "expired". */
        {QUERY_clear_sessions, now - HOUR_MS},
        {QUERY_clear_challenges, now - HOUR_MS},
        {QUERY_clear_registrations, now - HOUR_MS},
        {QUERY_clear_throttles, now},
        {QUERY_clear_messages, now - (instant)NETWORK_DAYS * 24 * HOUR_MS},
        {QUERY_clear_sign_ins, now - (instant)NETWORK_DAYS * 24 * HOUR_MS},
        {QUERY_clear_known_networks, now - (instant)NETWORK_DAYS * 24 * HOUR_MS},
    };
    enum result r = uses_flush(m, db, err);

    for (size_t i = 0; i < sizeof clears / sizeof *clears && r == RESULT_OK; i++) {
        r = clear(db, clears[i].query, clears[i].before, err);
    }
    return r;
}
