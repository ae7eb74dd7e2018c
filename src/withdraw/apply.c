/* Applying: the first step. */
#include <inttypes.h>
#include <stdio.h>

#include "withdraw/internal.h"

const char *withdraw_state_word(int state)
{
    static const char *const words[] = {
        [WITHDRAW_RECEIVED] = "received",   [WITHDRAW_APPROVED] = "approved",
        [WITHDRAW_PAID] = "paid",           [WITHDRAW_REFUSED] = "refused",
        [WITHDRAW_CANCELLED] = "cancelled",
    };

    return state >= WITHDRAW_RECEIVED && state <= WITHDRAW_CANCELLED ? words[state] : "";
}

/* Everything that was asked for, in a form that does not vary. */
static struct text content_of(struct arena *a, const struct withdraw_ask *k)
{
    return text_of(arena_printf(
        a, "apply|%.*s|%.*s|%" PRId64 "|%.*s|%" PRId32 "|%d|%d|%d|%" PRId64 "|%" PRId32 "|%.*s",
        TEXT_ARG(k->account), TEXT_ARG(k->ground), k->amount.n, TEXT_ARG(k->household),
        k->months_from.n, k->months, k->children, k->talent, k->spent.n, k->spent_on.day,
        TEXT_ARG(k->document)));
}

static enum result begin(const struct withdraw_desk *d, struct db *db, struct arena *a,
                         const struct withdraw_ask *ask, struct posting *p, struct error *err)
{
    struct post_order order = {
        .key = text_of(arena_printf(a, "withdraw apply %.*s", TEXT_ARG(ask->key))),
        .kind = POST_WITHDRAWAL,
        .content = content_of(a, ask),
        .actor = ask->actor,
        .booked = clock_today(d->clock),
        .at = clock_now(d->clock),
    };

    if (!order.key.at || !order.content.at)
        return withdraw_no_memory(err);
    if (ask->key.len == 0)
        return error_set(err, RESULT_INVALID, "an application has a key: the form's number");
    return post_begin(db, a, d->sha, &order, p, err);
}

/* A closing takes everything; others take what was asked for, within the room. */
static enum result amount_check(const struct withdraw_ask *ask, struct withdraw_room *room,
                                fen *amount, struct error *err)
{
    char most[FEN_TEXT_MAX];

    *amount = ask->amount;
    if (room->ground.closes) {
        *amount = room->balance;
        if (ask->amount.n != 0 && ask->amount.n != room->balance.n)
            return error_set(err, RESULT_INVALID,
                             "this ground takes out everything: no amount is named");
        return RESULT_OK;
    }
    if (ask->amount.n <= 0)
        return error_set(err, RESULT_INVALID, "an amount above zero is wanted");
    if (ask->amount.n <= room->most.n)
        return RESULT_OK;
    room->refusal = WITHDRAW_AMOUNT;
    fen_format(room->most, most);
    return error_set(err, RESULT_REFUSED, "at most %s yuan may be withdrawn", most);
}

static void bind_text(struct stmt *q, int parameter, struct text t)
{
    if (t.len > 0)
        stmt_text(q, parameter, t);
    else
        stmt_null(q, parameter);
}

static enum result insert_detail(struct db *db, const struct withdraw_ask *ask,
                                 const struct withdraw_room *room, struct text number,
                                 struct error *err)
{
    struct stmt *q = db_query(db, QUERY_withdraw_insert);
    bool rent = room->ground.limit == GROUND_RENT, all = room->ground.closes;

    stmt_text(q, 1, number);
    stmt_text(q, 2, ask->account);
    stmt_text(q, 3, ask->ground);
    bind_text(q, 4, ask->household);
    if (rent)
        stmt_int(q, 5, ask->months_from.n);
    else
        stmt_null(q, 5);
    stmt_int(q, 6, rent ? ask->months : 0);
    stmt_int(q, 7, rent ? ask->children : 0);
    stmt_int(q, 8, rent && ask->talent);
    stmt_fen(q, 9, rent || all ? fen_of(0) : ask->spent);
    stmt_date(q, 10, rent || all ? DATE_NONE : ask->spent_on);
    stmt_text(q, 11, ask->document.at ? ask->document : TEXT(""));
    stmt_fen(q, 12, room->most);
    return stmt_run(q, NULL, err);
}

static enum result insert(struct db *db, const struct withdraw_ask *ask,
                          const struct withdraw_room *room, const struct posting *p,
                          const struct withdraw_done *done, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_withdraw_application_insert);
    enum result r;

    stmt_text(q, 1, done->account);
    stmt_text(q, 2, done->number);
    stmt_date(q, 3, done->day);
    stmt_int(q, 4, room->ground.code);
    stmt_fen(q, 5, done->amount);
    stmt_int(q, 6, p->batch);
    r = stmt_run(q, NULL, err);
    if (r == RESULT_OK)
        r = insert_detail(db, ask, room, done->number, err);
    if (r != RESULT_OK)
        return r;
    return withdraw_note(db,
                         &(struct withdraw_note){.account = done->account,
                                                 .number = done->number,
                                                 .step = 1,
                                                 .kind = STEP_APPLY,
                                                 .day = done->day},
                         err);
}

enum result withdraw_apply(const struct withdraw_desk *d, struct db *db, struct arena *a,
                           const struct withdraw_ask *ask, struct withdraw_done *out,
                           struct withdraw_room *room, struct error *err)
{
    struct withdraw_room own;
    struct posting p;
    struct text answer;
    enum result r = begin(d, db, a, ask, &p, err);

    if (!room)
        room = &own;
    *room = (struct withdraw_room){0};
    *out = (struct withdraw_done){0};
    if (r == RESULT_OK && p.already)
        return withdraw_answer_read(a, p.answer, out, err);
    if (r == RESULT_OK)
        r = withdraw_room(d, db, a, ask, room, err);
    if (r == RESULT_OK)
        r = amount_check(ask, room, &out->amount, err);
    if (r != RESULT_OK)
        return r;
    out->number = text_of(arena_printf(a, "T%09" PRId64, p.batch - POST_BATCH_BASE));
    if (!out->number.at)
        return withdraw_no_memory(err);
    out->account = ask->account;
    out->ground = ask->ground;
    out->state = WITHDRAW_RECEIVED;
    out->day = p.booked;
    out->decide_by = DATE_NONE;
    out->flow = TEXT("");
    r = insert(db, ask, room, &p, out, err);
    if (r == RESULT_OK)
        r = withdraw_answer_write(a, out, &answer, err);
    return r == RESULT_OK ? post_end(&p, true, answer, err) : r;
}
