/* What a holder sees of the own account's safety. */
#include "member/internal.h"

/* The worker brings the last use to the store once a minute. */
enum { FLUSH_SECONDS = 60 };

static enum result sessions_read(struct member_desk *m, struct db *db, const struct session *s,
                                 struct member_security *out, struct error *err)
{
    instant now = clock_now(m->clock);
    struct stmt *q = db_query(db, QUERY_sessions_live);
    enum stmt_step step;

    stmt_text(q, 1, text_of(s->person));
    stmt_int(q, 2, now);
    stmt_int(q, 3, now - (instant)(MEMBER_IDLE_SECONDS + FLUSH_SECONDS) * MEMBER_SECOND_MS);
    stmt_int(q, 4, MEMBER_SESSIONS_SHOWN);
    while ((step = stmt_step(q)) == STMT_ROW) {
        struct session_line *l = &out->sessions[out->session_count++];
        struct text id = column_bytes(q, 0);

        if (id.len != MEMBER_KEY_SIZE) {
            stmt_end(q);
            return error_set(err, RESULT_DAMAGED, "desk.session holds an id of %zu bytes", id.len);
        }
        memcpy(l->id, id.at, MEMBER_KEY_SIZE);
        l->current = memcmp(l->id, s->id, MEMBER_KEY_SIZE) == 0;
        l->created = column_int(q, 1);
        l->used = l->current ? now : column_int(q, 2);
        text_copy(column_text(q, 3), l->device, sizeof l->device);
    }
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result sign_ins_read(struct db *db, struct text person, struct member_security *out,
                                 struct error *err)
{
    struct stmt *q = db_query(db, QUERY_sign_ins_of_person);
    enum stmt_step step;

    stmt_text(q, 1, person);
    stmt_int(q, 2, MEMBER_SIGN_INS_SHOWN);
    while ((step = stmt_step(q)) == STMT_ROW) {
        struct sign_in_line *l = &out->sign_ins[out->sign_in_count++];

        l->at = column_int(q, 0);
        text_copy(column_text(q, 1), l->device, sizeof l->device);
    }
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result mask_read(struct db *db, struct text person, struct member_security *out,
                             struct error *err)
{
    struct stmt *q = db_query(db, QUERY_member_phone_mask);
    enum stmt_step step;

    stmt_text(q, 1, person);
    step = stmt_step(q);
    if (step != STMT_ROW) {
        return step == STMT_DONE ? error_set(err, RESULT_DAMAGED, "a session of no member")
                                 : db_failure(db, err);
    }
    text_copy(column_text(q, 0), out->phone_mask, sizeof out->phone_mask);
    stmt_end(q);
    return RESULT_OK;
}

enum result member_security(struct member_desk *m, struct db *db, const struct session *s,
                            struct member_security *out, struct error *err)
{
    struct text person = text_of(s->person);
    enum result r;

    *out = (struct member_security){0};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = mask_read(db, person, out, err);
    if (r == RESULT_OK) {
        r = member_frozen_since(db, person, &out->stopped_since, err);
    }
    if (r == RESULT_OK) {
        r = sessions_read(m, db, s, out, err);
    }
    if (r == RESULT_OK) {
        r = sign_ins_read(db, person, out, err);
    }
    db_rollback(db);
    return r;
}
