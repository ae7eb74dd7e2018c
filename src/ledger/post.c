/* Operations: begun once under a key, ended with their control totals. */
#include "post.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

enum { STATE_GOES_ON = 1, STATE_DONE = 2 };

bool post_reason_known(int reason)
{
    return (reason >= REVERSED_AMOUNT && reason <= REVERSED_SETTLED) || reason == REVERSED_OTHER;
}

struct text post_flow(int64_t batch, int64_t line, char *out)
{
    int length = snprintf(out, POST_FLOW_MAX + 1, "P%09" PRId64 "-%09" PRId64,
                          batch - POST_BATCH_BASE, line);

    return (struct text){out, length > POST_FLOW_MAX ? POST_FLOW_MAX : (size_t)length};
}

/* What stands under the key; *there is false when nothing does. */
static enum result find(struct posting *p, const struct post_order *order,
                        const uint8_t content[SHA256_SIZE], bool *there, struct error *err)
{
    struct stmt *q = db_query(p->db, QUERY_post_operation_by_key);
    enum stmt_step step;
    struct text digest;
    bool same, ok = true;

    *there = false;
    stmt_text(q, 1, order->key);
    step = stmt_step(q);
    if (step != STMT_ROW)
        return ledger_read_end(p->db, step, err);
    *there = true;
    digest = column_bytes(q, 2);
    same = column_int(q, 1) == order->kind && digest.len == SHA256_SIZE &&
           memcmp(digest.at, content, SHA256_SIZE) == 0;
    p->batch = column_int(q, 0);
    p->already = column_int(q, 3) == STATE_DONE;
    p->going_on = !p->already;
    p->line = column_int(q, 4);
    if (p->going_on)
        p->booked = column_date(q, 5);
    p->answer = ledger_keep(p->arena, q, 6, &ok);
    stmt_end(q);
    if (!ok)
        return ledger_no_memory(err);
    if (!same)
        return error_set(err, RESULT_CONFLICT,
                         "the key %.*s stands for another operation already; nothing was posted",
                         TEXT_ARG(order->key));
    return RESULT_OK;
}

/* The largest number of a table, 0 when it is empty. */
static enum result largest(struct db *db, enum query_id query, int64_t *out, struct error *err)
{
    struct stmt *q = db_query(db, query);
    enum stmt_step step = stmt_step(q);

    *out = step == STMT_ROW ? column_int(q, 0) : 0;
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result insert(struct posting *p, const struct post_order *order,
                          const uint8_t content[SHA256_SIZE], struct error *err)
{
    int64_t last, set;
    enum result r = largest(p->db, QUERY_post_operation_last, &last, err);
    struct stmt *q;

    if (r == RESULT_OK)
        r = largest(p->db, QUERY_post_set_last, &set, err);
    if (r != RESULT_OK)
        return r;
    p->batch = (last > POST_BATCH_BASE ? last : POST_BATCH_BASE) + 1;
    q = db_query(p->db, QUERY_post_operation_insert);
    stmt_int(q, 1, p->batch);
    stmt_text(q, 2, order->key);
    stmt_int(q, 3, order->kind);
    stmt_bytes(q, 4, content, SHA256_SIZE);
    stmt_text(q, 5, order->actor);
    stmt_date(q, 6, order->booked);
    stmt_int(q, 7, order->at);
    stmt_int(q, 8, set);
    stmt_int(q, 9, STATE_GOES_ON);
    return stmt_run(q, NULL, err);
}

enum result post_begin(struct db *db, struct arena *a, struct sha256 *sha,
                       const struct post_order *order, struct posting *out, struct error *err)
{
    uint8_t content[SHA256_SIZE];
    enum result r;
    bool there;

    *out = (struct posting){.db = db, .arena = a, .sha = sha, .booked = order->booked};
    if (order->key.len == 0 || order->key.len > POST_KEY_MAX || !text_is_clean_utf8(order->key))
        return error_set(err, RESULT_INVALID, "an operation's key has 1 to %d bytes", POST_KEY_MAX);
    if (order->actor.len > POST_ACTOR_MAX)
        return error_set(err, RESULT_INVALID, "who posts is named in at most %d bytes",
                         POST_ACTOR_MAX);
    sha256_of(sha, order->content.at, order->content.len, content);
    r = find(out, order, content, &there, err);
    return r == RESULT_OK && !there ? insert(out, order, content, err) : r;
}

enum result post_end(struct posting *p, bool done, struct text answer, struct error *err)
{
    struct stmt *q;
    int64_t changed = 0;
    enum result r;

    if (answer.len > POST_ANSWER_MAX)
        return error_set(err, RESULT_INTERNAL, "an operation's answer is longer than %d bytes",
                         POST_ANSWER_MAX);
    q = db_query(p->db, QUERY_post_operation_add);
    stmt_int(q, 1, p->batch);
    stmt_int(q, 2, p->lines);
    stmt_int(q, 3, p->entries);
    stmt_fen(q, 4, p->total);
    stmt_int(q, 5, done ? STATE_DONE : STATE_GOES_ON);
    stmt_text(q, 6, answer.at ? answer : TEXT(""));
    r = stmt_run(q, &changed, err);
    if (r == RESULT_OK && changed != 1)
        return error_set(err, RESULT_CONFLICT, "the operation's row is gone");
    return r;
}
