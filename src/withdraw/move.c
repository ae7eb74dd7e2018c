/* The steps after applying: accepted, approved or refused, paid, cancelled. */
#include <inttypes.h>

#include "withdraw/internal.h"

static const struct rule {
    const char *word; /* of the operation's key */
    enum withdraw_state from, to;
    bool accepted, open; /* begins after it was accepted; … before it is decided, either way */
} rules[] = {
    [STEP_ACCEPT] = {"accept", WITHDRAW_RECEIVED, WITHDRAW_RECEIVED, false, false},
    [STEP_APPROVE] = {"approve", WITHDRAW_RECEIVED, WITHDRAW_APPROVED, true, false},
    [STEP_PAY] = {"pay", WITHDRAW_APPROVED, WITHDRAW_PAID, false, false},
    [STEP_REFUSE] = {"refuse", WITHDRAW_RECEIVED, WITHDRAW_REFUSED, true, false},
    [STEP_CANCEL] = {"cancel", WITHDRAW_RECEIVED, WITHDRAW_CANCELLED, false, true},
};

/* --- reading --- */

static enum result read_last_step(struct db *db, struct withdraw_record *r, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_withdraw_last_step);
    enum stmt_step step;

    stmt_text(q, 1, r->account);
    stmt_text(q, 2, r->number);
    step = stmt_step(q);
    if (step == STMT_ROW) {
        r->last_step = (int)column_int(q, 0);
        r->last = (enum withdraw_step)column_int(q, 1);
        r->last_day = column_date(q, 2);
    }
    stmt_end(q);
    if (step == STMT_DONE)
        return error_set(err, RESULT_DAMAGED, "the application has no step");
    return step == STMT_ROW ? RESULT_OK : db_failure(db, err);
}

enum result withdraw_find(struct db *db, struct arena *a, struct text number,
                          struct withdraw_record *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_withdraw_read);
    enum stmt_step step;
    bool ok = true;

    stmt_text(q, 1, number);
    step = stmt_step(q);
    if (step == STMT_DONE)
        return error_set(err, RESULT_NOT_FOUND, "there is no such application for a withdrawal");
    if (step != STMT_ROW)
        return db_failure(db, err);
    *out = (struct withdraw_record){
        .number = {arena_copy(a, number), number.len},
        .account = withdraw_keep(a, q, 0, &ok),
        .person = withdraw_keep(a, q, 1, &ok),
        .applied = column_date(q, 2),
        .ground = withdraw_keep(a, q, 3, &ok),
        .reason = (int)column_int(q, 4),
        .amount = column_fen(q, 5),
        .state = (enum withdraw_state)column_int(q, 6),
        .flow = withdraw_keep(a, q, 7, &ok),
        .decide_by = column_date(q, 8),
        .interest = column_fen(q, 9),
        .most = column_fen(q, 10),
        .months_from = column_is_null(q, 11) ? MONTH_NONE : (civil_month){(int)column_int(q, 11)},
        .months = (int)column_int(q, 12),
        .spent = column_fen(q, 13),
        .spent_on = column_date(q, 14),
        .document = withdraw_keep(a, q, 15, &ok),
        .household = withdraw_keep(a, q, 16, &ok),
    };
    stmt_end(q);
    if (!ok || !out->number.at)
        return withdraw_no_memory(err);
    return read_last_step(db, out, err);
}

enum result withdraw_queue(struct db *db, struct arena *a, enum withdraw_state state, int limit,
                           struct withdraw_due **out, size_t *count, struct error *err)
{
    struct stmt *q;
    enum stmt_step step = STMT_DONE;
    bool ok = true;

    *count = 0;
    if (limit < 1 || limit > WITHDRAW_QUEUE_MAX)
        return error_set(err, RESULT_INVALID, "a list has 1 to %d lines", WITHDRAW_QUEUE_MAX);
    *out = arena_alloc(a, (size_t)limit * sizeof **out);
    if (!*out)
        return withdraw_no_memory(err);
    q = db_query(db, QUERY_withdraw_queue);
    stmt_int(q, 1, state);
    stmt_int(q, 2, limit);
    while (ok && *count < (size_t)limit && (step = stmt_step(q)) == STMT_ROW)
        (*out)[(*count)++] = (struct withdraw_due){
            .number = withdraw_keep(a, q, 0, &ok),
            .ground = withdraw_keep(a, q, 1, &ok),
            .applied = column_date(q, 2),
            .amount = column_fen(q, 3),
            .decide_by = column_date(q, 4),
        };
    stmt_end(q);
    if (!ok)
        return withdraw_no_memory(err);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

/* --- writing --- */

enum result withdraw_note(struct db *db, const struct withdraw_note *n, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_withdraw_step_insert);

    stmt_text(q, 1, n->account);
    stmt_text(q, 2, n->number);
    stmt_int(q, 3, n->step);
    stmt_date(q, 4, n->day);
    stmt_int(q, 5, n->kind);
    stmt_text(q, 6, n->words.at ? n->words : TEXT(""));
    return stmt_run(q, NULL, err);
}

static enum result put(struct db *db, const struct withdraw_record *r, const struct posting *p,
                       const struct withdraw_done *done, int64_t seq, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_withdraw_application_move);
    int64_t changed = 0;
    enum result result;

    stmt_text(q, 1, r->account);
    stmt_text(q, 2, r->number);
    stmt_int(q, 3, done->state);
    stmt_fen(q, 4, done->amount);
    if (seq > 0)
        stmt_text(q, 5, done->flow);
    else
        stmt_null(q, 5);
    stmt_int(q, 6, p->batch);
    result = stmt_run(q, &changed, err);
    if (result != RESULT_OK)
        return result;
    q = db_query(db, QUERY_withdraw_move);
    stmt_text(q, 1, r->number);
    stmt_int(q, 2, done->state);
    stmt_date(q, 3, done->decide_by);
    if (seq > 0)
        stmt_int(q, 4, seq);
    else
        stmt_null(q, 4);
    stmt_fen(q, 5, done->interest);
    return stmt_run(q, NULL, err);
}

static enum result begin(const struct withdraw_desk *d, struct db *db, struct arena *a,
                         const struct withdraw_move *m, struct posting *p, struct error *err)
{
    const char *word = rules[m->step].word;
    struct post_order order = {
        .key = text_of(arena_printf(a, "withdraw %s %.*s", word, TEXT_ARG(m->number))),
        .kind = POST_WITHDRAWAL,
        .content =
            text_of(arena_printf(a, "%s|%.*s|%.*s", word, TEXT_ARG(m->number), TEXT_ARG(m->words))),
        .actor = m->actor,
        .booked = clock_today(d->clock),
        .at = clock_now(d->clock),
    };

    if (!order.key.at || !order.content.at)
        return withdraw_no_memory(err);
    return post_begin(db, a, d->sha, &order, p, err);
}

/* --- what may follow --- */

static enum result check(const struct withdraw_move *m, const struct withdraw_record *r,
                         civil_date today, struct error *err)
{
    const struct rule *rule = &rules[m->step];

    if (r->state != rule->from)
        return error_set(err, RESULT_REFUSED, "%s is %s: this step does not follow", r->number.at,
                         withdraw_state_word(r->state));
    if (m->step == STEP_ACCEPT && r->last != STEP_APPLY)
        return error_set(err, RESULT_REFUSED, "%s is accepted already", r->number.at);
    if (rule->accepted && r->last != STEP_ACCEPT)
        return error_set(err, RESULT_REFUSED, "%s is not accepted yet", r->number.at);
    if (today.day < r->last_day.day)
        return error_set(err, RESULT_REFUSED, "%s has a step of a later day", r->number.at);
    return RESULT_OK;
}

static enum result words_check(const struct withdraw_move *m, struct error *err)
{
    if (m->words.len > 0 &&
        (!text_is_clean_utf8(m->words) || text_characters(m->words) > WITHDRAW_WORDS_MAX))
        return error_set(err, RESULT_INVALID, "words for the holder have at most %d characters",
                         WITHDRAW_WORDS_MAX);
    if (m->step == STEP_REFUSE && m->words.len == 0)
        return error_set(err, RESULT_INVALID, "a refusal says why");
    return RESULT_OK;
}

/* The ground as it was on the day of applying: it may have ended since. */
static enum result pay(const struct withdraw_desk *d, struct posting *p,
                       const struct withdraw_record *r, struct withdraw_done *done, int64_t *seq,
                       struct error *err)
{
    struct policy_ground ground;

    if (policy_ground(d->policy, r->applied, r->ground, &ground) != RESULT_OK)
        return error_set(err, RESULT_CONFIG, "the policy does not know the ground %.*s",
                         TEXT_ARG(r->ground));
    return withdraw_pay(d, p, r, &ground, done, seq, err);
}

static enum result move(const struct withdraw_desk *d, const struct withdraw_move *m,
                        struct posting *p, struct withdraw_done *out, struct error *err)
{
    struct withdraw_record w;
    int64_t seq = 0;
    enum result r = withdraw_find(p->db, p->arena, m->number, &w, err);

    if (r == RESULT_OK)
        r = check(m, &w, p->booked, err);
    if (r != RESULT_OK)
        return r;
    *out = (struct withdraw_done){
        .number = w.number,
        .account = w.account,
        .ground = w.ground,
        .state = rules[m->step].to,
        .day = p->booked,
        .decide_by = w.decide_by,
        .amount = w.amount,
        .flow = TEXT(""),
    };
    if (m->step == STEP_ACCEPT)
        out->decide_by =
            date_plus(p->booked, policy_withdrawal_decision_days(d->policy, p->booked));
    if (m->step == STEP_PAY)
        r = pay(d, p, &w, out, &seq, err);
    if (r == RESULT_OK)
        r = put(p->db, &w, p, out, seq, err);
    if (r != RESULT_OK)
        return r;
    return withdraw_note(p->db,
                         &(struct withdraw_note){.account = w.account,
                                                 .number = w.number,
                                                 .step = w.last_step + 1,
                                                 .kind = m->step,
                                                 .day = p->booked,
                                                 .words = m->words},
                         err);
}

/* Before anything is answered, an answer of before as well: another's application is not there. */
static enum result whose_check(struct db *db, struct arena *a, const struct withdraw_move *m,
                               struct error *err)
{
    struct withdraw_record w;
    enum result r;

    if (!m->person.at)
        return RESULT_OK;
    r = withdraw_find(db, a, m->number, &w, err);
    if (r == RESULT_OK && !text_equal(m->person, w.person))
        r = error_set(err, RESULT_NOT_FOUND, "there is no such application for a withdrawal");
    return r;
}

enum result withdraw_move(const struct withdraw_desk *d, struct db *db, struct arena *a,
                          const struct withdraw_move *m, struct withdraw_done *out,
                          struct error *err)
{
    struct posting p;
    struct text answer;
    enum result r = words_check(m, err);

    *out = (struct withdraw_done){0};
    if (r == RESULT_OK)
        r = whose_check(db, a, m, err);
    if (r == RESULT_OK)
        r = begin(d, db, a, m, &p, err);
    if (r == RESULT_OK && p.already)
        return withdraw_answer_read(a, p.answer, out, err);
    if (r == RESULT_OK)
        r = move(d, m, &p, out, err);
    if (r == RESULT_OK)
        r = withdraw_answer_write(a, out, &answer, err);
    return r == RESULT_OK ? post_end(&p, true, answer, err) : r;
}
