/* What a holder is told of what happened at the desk, and how far it was read. */
#include "member/internal.h"

enum result message_put(struct db *db, struct text person, instant at, enum desk_event kind,
                        struct text subject, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_message_insert);

    stmt_text(q, 1, person);
    stmt_int(q, 2, at);
    stmt_int(q, 3, kind);
    stmt_text(q, 4, subject);
    return stmt_run(q, NULL, err);
}

enum result member_events(struct db *db, struct text person, instant since,
                          struct member_event out[MEMBER_EVENTS_MAX], size_t *count,
                          struct error *err)
{
    struct stmt *q = db_query(db, QUERY_desk_events);
    enum stmt_step step;

    *count = 0;
    stmt_text(q, 1, person);
    stmt_int(q, 2, since);
    stmt_int(q, 3, MEMBER_EVENTS_MAX);
    while ((step = stmt_step(q)) == STMT_ROW) {
        struct member_event *e = &out[(*count)++];

        *e = (struct member_event){.at = column_int(q, 0),
                                   .kind = (enum desk_event)column_int(q, 1)};
        text_copy(column_text(q, 2), e->subject, sizeof e->subject);
    }
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

enum result member_read_mark(struct db *db, struct text person, instant *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_message_mark);
    enum stmt_step step;

    stmt_text(q, 1, person);
    step = stmt_step(q);
    *out = step == STMT_ROW ? column_int(q, 0) : 0;
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

enum result member_read_until(struct db *db, struct text person, instant until, struct error *err)
{
    enum result r = db_begin(db, STORE_WRITE_DESK, err);
    struct stmt *q;

    if (r != RESULT_OK) {
        return r;
    }
    q = db_query(db, QUERY_message_mark_set);
    stmt_text(q, 1, person);
    stmt_int(q, 2, until);
    r = stmt_run(q, NULL, err);
    if (r != RESULT_OK) {
        db_rollback(db);
        return r;
    }
    return db_commit(db, err);
}
