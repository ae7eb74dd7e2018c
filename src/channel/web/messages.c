/* GET /api/v1/me/messages and POST /api/v1/me/messages/read. */
#include <inttypes.h>
#include <stdio.h>

#include "channel/web/render.h"

enum { ID_MAX = 160 };

static const char *kind_word(enum message_kind k)
{
    static const char *const words[] = {
        [MESSAGE_CONTRIBUTION] = "contribution",
        [MESSAGE_MISSING] = "missing",
        [MESSAGE_SHORT] = "short",
        [MESSAGE_INTEREST] = "interest",
        [MESSAGE_MONEY] = "money",
        [MESSAGE_CORRECTION] = "correction",
        [MESSAGE_APPLICATION] = "application",
        [MESSAGE_LOAN_DUE] = "loan_due",
        [MESSAGE_LOAN_OVERDUE] = "loan_overdue",
        [MESSAGE_LOAN_REPRICED] = "loan_repriced",
        [MESSAGE_SIGN_IN] = "sign_in",
        [MESSAGE_ANSWER] = "answer",
        [MESSAGE_STOP] = "stop",
        [MESSAGE_LIFT] = "lift",
        [MESSAGE_NEW_PASSWORD] = "new_password",
        [MESSAGE_REGISTERED] = "registered",
    };
    return words[k];
}

static void put_fen_if(struct json *j, const char *key, bool there, fen value)
{
    if (there) {
        json_put_fen(j, key, value);
    } else {
        json_put_null(j, key);
    }
}

static void put_int_if(struct json *j, const char *key, int64_t value)
{
    if (value != 0) {
        json_put_int(j, key, value);
    } else {
        json_put_null(j, key);
    }
}

/* The same message has the same name whenever it is asked for. */
static void render_id(struct json *j, const struct message *m)
{
    char id[ID_MAX];
    int len = snprintf(id, sizeof id, "%s-%" PRId32 "-%" PRId64 "-%" PRId64 "-%d-%.*s",
                       kind_word(m->kind), m->day.day, m->at, m->number, m->step, TEXT_ARG(m->ref));

    len = len < ID_MAX ? len : ID_MAX - 1;
    json_put_text(j, "id", (struct text){id, (size_t)len});
}

/* Facts in the order of the contract: direction, cause, month, amount, balance after. */
static void render_message(struct json *j, const struct clock *clock, const struct message *m)
{
    static const char *const directions[] = {"out", "none", "in"};

    json_put_object(j, NULL);
    render_id(j, m);
    json_put_word(j, "kind", kind_word(m->kind));
    json_put_date(j, "day", m->day);
    render_instant_or_null(j, "at", clock, m->at);
    json_put_bool(j, "unread", m->unread);
    json_put_word(j, "direction", directions[m->direction + 1]);
    render_code_or_null(j, "cause", m->cause);
    if (month_is_none(m->month)) {
        json_put_null(j, "month");
    } else {
        json_put_month(j, "month", m->month);
    }
    put_fen_if(j, "amount", m->has_amount, m->amount);
    put_fen_if(j, "balance", m->has_balance, m->balance);
    json_put_date(j, "due", m->due);
    render_code_or_null(j, "step", m->step);
    put_int_if(j, "count", m->count);
    put_int_if(j, "number", m->number);
    if (m->rate > 0) {
        json_put_percent(j, "rate", m->rate);
    } else {
        json_put_null(j, "rate");
    }
    json_put_text(j, "ref", m->ref);
    json_put_object_end(j);
}

enum result handle_messages(struct call *c, struct error *err)
{
    struct messages o;
    struct json *j = &c->json;
    enum result r = service_messages(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                     (int)c->params[0], (int)c->params[1], &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    json_put_int(j, "unread", o.unread);
    json_put_int(j, "mark", o.as_of);
    json_put_array(j, "messages");
    for (size_t i = 0; i < o.count; i++) {
        render_message(j, &c->web->clock, &o.list[i]);
    }
    json_put_array_end(j);
    json_put_bool(j, "more", o.more);
    return call_answer(c, 200, err);
}

enum result handle_messages_read(struct call *c, struct error *err)
{
    int64_t mark;
    enum result r;

    if (!body_int(c, "mark", 1, INT64_MAX, &mark) || !body_only(c, 1)) {
        return RESULT_OK;
    }
    r = service_messages_read(&c->web->service, c->thread->db, &c->view, mark, err);
    if (r == RESULT_OK) {
        c->response->status = 204;
    }
    return r;
}
