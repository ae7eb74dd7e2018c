/* The centre's answer: appended, and the enquiry moves on with it. */
#include <assert.h>

#include "enquiry/internal.h"

/* Locks the enquiry; CONFLICT when it takes no answer any more. *seq: the answer's. */
static enum result answer_place(struct db *db, struct text person, int64_t enquiry, int64_t *seq,
                                struct error *err)
{
    struct stmt *q = db_query(db, QUERY_enquiry_lock);
    int state;

    stmt_text(q, 1, person);
    stmt_int(q, 2, enquiry);
    if (stmt_step(q) != STMT_ROW) {
        return error_set(err, RESULT_STORE, "the enquiry cannot be locked: %s", db_error(db));
    }
    state = (int)column_int(q, 0);
    stmt_end(q);
    if (state == ENQUIRY_CLOSED) {
        return error_set(err, RESULT_CONFLICT, "the enquiry is closed");
    }
    q = db_query(db, QUERY_enquiry_answer_count);
    stmt_text(q, 1, person);
    stmt_int(q, 2, enquiry);
    if (stmt_step(q) != STMT_ROW) {
        return db_failure(db, err);
    }
    *seq = column_int(q, 0) + 1;
    stmt_end(q);
    return *seq <= ENQUIRY_ANSWERS_MAX
               ? RESULT_OK
               : error_set(err, RESULT_CONFLICT, "the enquiry was answered %d times; close it",
                           ENQUIRY_ANSWERS_MAX);
}

static enum result answer_write(struct db *db, struct text person,
                                const struct enquiry_reply *reply, instant now, struct text sealed,
                                struct error *err)
{
    struct stmt *q;
    int64_t seq = 0;
    enum result r = answer_place(db, person, reply->seq, &seq, err);

    if (r != RESULT_OK) {
        return r;
    }
    q = db_query(db, QUERY_enquiry_answer_insert);
    stmt_text(q, 1, person);
    stmt_int(q, 2, reply->seq);
    stmt_int(q, 3, seq);
    stmt_int(q, 4, now);
    stmt_text(q, 5, reply->staff);
    stmt_text(q, 6, reply->office);
    stmt_bytes(q, 7, sealed.at, sealed.len);
    stmt_int(q, 8, reply->closes);
    r = stmt_run(q, NULL, err);
    if (r != RESULT_OK) {
        return r;
    }
    q = db_query(db, QUERY_enquiry_state_set);
    stmt_text(q, 1, person);
    stmt_int(q, 2, reply->seq);
    stmt_int(q, 3, reply->closes ? ENQUIRY_CLOSED : ENQUIRY_ANSWERED);
    return stmt_run(q, NULL, err);
}

enum result enquiry_reply(const struct enquiry_desk *d, struct db *db, struct random *r,
                          const struct view *v, const struct enquiry_reply *reply,
                          struct error *err)
{
    uint8_t sealed[WORDS_BYTES + VAULT_OVERHEAD];
    size_t len = 0;
    enum result result;

    assert(view_is_good(v, PART_ENQUIRIES));
    if (!enquiry_words_valid(reply->words)) {
        return error_set(err, RESULT_INVALID, "an answer has 1 to %d characters of UTF-8 text",
                         ENQUIRY_WORDS_MAX);
    }
    result = words_seal(d, r, "desk.enquiry_answer", v->person, reply->words, sealed, &len, err);
    if (result == RESULT_OK) {
        result = db_begin(db, STORE_WRITE_DESK, err);
    }
    if (result != RESULT_OK) {
        return result;
    }
    result = answer_write(db, v->person, reply, clock_now(d->clock),
                          (struct text){(const char *)sealed, len}, err);
    if (result != RESULT_OK) {
        db_rollback(db);
        return result;
    }
    return db_commit(db, err);
}
