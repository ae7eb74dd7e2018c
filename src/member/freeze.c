/* Stopping payments and lifting that, the last sign-in. */
#include "member/internal.h"

/* The newest stop of the person; *seq 0: there was none. */
static enum result freeze_last(struct db *db, struct text person, int64_t *seq, instant *at,
                               bool *lifted, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_freeze_last);
    enum stmt_step step;

    *seq = 0;
    *at = 0;
    *lifted = true;
    stmt_text(q, 1, person);
    step = stmt_step(q);
    if (step == STMT_ROW) {
        *seq = column_int(q, 0);
        *at = column_int(q, 1);
        *lifted = !column_is_null(q, 2);
    }
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result freeze_write(struct db *db, const struct session *s, instant now,
                                struct error *err)
{
    int64_t seq, changed = 0;
    instant at;
    bool lifted;
    struct stmt *q;
    enum result r = freeze_last(db, text_of(s->person), &seq, &at, &lifted, err);

    if (r != RESULT_OK) {
        return r;
    }
    if (lifted) {
        q = db_query(db, QUERY_freeze_insert);
        stmt_text(q, 1, text_of(s->person));
        stmt_int(q, 2, seq + 1);
        stmt_int(q, 3, now);
        stmt_int(q, 4, s->channel);
        r = stmt_run(q, &changed, err);
    }
    /* Nothing changed: another request stopped them between the read and the write. */
    return r != RESULT_OK || changed == 1
               ? r
               : error_set(err, RESULT_CONFLICT, "payments are stopped already");
}

enum result member_freeze(struct member_desk *m, struct db *db, const struct session *s,
                          instant *at, struct error *err)
{
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    *at = clock_now(m->clock);
    r = freeze_write(db, s, *at, err);
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}

static enum result lift_write(struct db *db, struct text person, instant now, instant *since,
                              struct error *err)
{
    int64_t seq, changed = 0;
    bool lifted;
    struct stmt *q;
    enum result r = freeze_last(db, person, &seq, since, &lifted, err);

    if (r == RESULT_OK && !lifted) {
        q = db_query(db, QUERY_freeze_lift);
        stmt_text(q, 1, person);
        stmt_int(q, 2, seq);
        stmt_int(q, 3, now);
        r = stmt_run(q, &changed, err);
    }
    return r != RESULT_OK || changed == 1
               ? r
               : error_set(err, RESULT_CONFLICT, "the holder has not stopped payments");
}

enum result member_lift(const struct clock *clock, struct db *db, struct text person,
                        instant *since, instant *at, struct error *err)
{
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    *at = clock_now(clock);
    r = lift_write(db, person, *at, since, err);
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}

enum result member_frozen_since(struct db *db, struct text person, instant *since,
                                struct error *err)
{
    int64_t seq;
    bool lifted;
    enum result r = freeze_last(db, person, &seq, since, &lifted, err);

    if (r == RESULT_OK && lifted) {
        *since = 0;
    }
    return r;
}
