/* The answer that an operation keeps: what the same key gets for ever. */
#include <jansson.h>
#include <stdlib.h>

#include "base/json.h"
#include "withdraw/internal.h"

enum result withdraw_answer_write(struct arena *a, const struct withdraw_done *d, struct text *out,
                                  struct error *err)
{
    struct json j;

    json_start(&j, POST_ANSWER_MAX);
    json_put_object(&j, NULL);
    json_put_text(&j, "number", d->number);
    json_put_text(&j, "account", d->account);
    json_put_text(&j, "ground", d->ground);
    json_put_int(&j, "state", d->state);
    json_put_date(&j, "day", d->day);
    json_put_date(&j, "decide_by", d->decide_by);
    json_put_fen(&j, "amount", d->amount);
    json_put_fen(&j, "interest", d->interest);
    json_put_text(&j, "flow", d->flow);
    json_put_object_end(&j);
    *out = (struct text){NULL, 0};
    if (!j.failed) {
        out->at = arena_copy(a, (struct text){j.at, j.len});
        out->len = j.len;
    }
    json_free(&j);
    return out->at ? RESULT_OK : withdraw_no_memory(err);
}

static struct text text_in(struct arena *a, const json_t *o, const char *name, bool *ok)
{
    const char *word = json_string_value(json_object_get(o, name));
    struct text t = text_of(word ? arena_copy(a, text_of(word)) : NULL);

    *ok = *ok && t.at;
    return t;
}

static civil_date date_in(const json_t *o, const char *name)
{
    civil_date d = DATE_NONE;

    (void)date_parse(text_of(json_string_value(json_object_get(o, name))), &d); /* null: none */
    return d;
}

static fen fen_in(const json_t *o, const char *name, bool *ok)
{
    fen amount = {0};

    *ok = *ok && fen_parse(text_of(json_string_value(json_object_get(o, name))), &amount);
    return amount;
}

enum result withdraw_answer_read(struct arena *a, struct text answer, struct withdraw_done *out,
                                 struct error *err)
{
    json_t *o = json_loadb(answer.at, answer.len, 0, NULL);
    bool ok = json_is_object(o);

    *out = (struct withdraw_done){
        .number = text_in(a, o, "number", &ok),
        .account = text_in(a, o, "account", &ok),
        .ground = text_in(a, o, "ground", &ok),
        .state = (enum withdraw_state)json_integer_value(json_object_get(o, "state")),
        .day = date_in(o, "day"),
        .decide_by = date_in(o, "decide_by"),
        .amount = fen_in(o, "amount", &ok),
        .interest = fen_in(o, "interest", &ok),
        .flow = text_in(a, o, "flow", &ok),
        .already = true,
    };
    json_decref(o);
    return ok ? RESULT_OK : error_set(err, RESULT_DAMAGED, "an operation's answer is damaged");
}
