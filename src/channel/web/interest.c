/* GET /api/v1/me/interest. */
#include "channel/web/render.h"

static const char *state_word(enum interest_state s)
{
    static const char *const words[] = {
        [INTEREST_RUNNING] = "running",
        [INTEREST_SETTLED] = "settled",
        [INTEREST_PAID] = "paid",
    };
    return words[s];
}

static const char *part_word(enum interest_part p)
{
    static const char *const words[] = {
        [INTEREST_WHOLE] = "whole",
        [INTEREST_THIS_YEAR] = "this_year",
        [INTEREST_CARRIED] = "carried",
    };
    return words[p];
}

static void put_fen_if(struct json *j, const char *key, bool there, fen value)
{
    if (there) {
        json_put_fen(j, key, value);
    } else {
        json_put_null(j, key);
    }
}

static void render_year(struct json *j, const char *key, const struct interest_year *y)
{
    bool done = y->state != INTEREST_RUNNING;

    json_put_object(j, key);
    json_put_int(j, "year", y->year);
    json_put_word(j, "state", state_word(y->state));
    json_put_date(j, "from", y->from);
    json_put_date(j, "to", y->to);
    put_fen_if(j, "posted", done, y->posted);
    put_fen_if(j, "recomputed", y->known, y->right);
    put_fen_if(j, "difference", done && y->known, fen_sub(y->posted, y->right));
    json_put_object_end(j);
}

static void render_line(struct json *j, const struct interest_line *l)
{
    json_put_object(j, NULL);
    json_put_date(j, "from", l->from);
    json_put_date(j, "to", l->to);
    json_put_int(j, "days", days_between(l->from, l->to) + 1);
    json_put_word(j, "part", part_word(l->part));
    json_put_fen(j, "balance", l->balance);
    json_put_percent(j, "rate", l->rate);
    json_put_fen(j, "product", fen_of(l->product)); /* yuan x days, written like yuan */
    json_put_object_end(j);
}

static void render_calculation(struct json *j, const struct interest_calculation *k)
{
    json_put_array(j, "lines");
    for (size_t i = 0; i < k->count; i++) {
        render_line(j, &k->lines[i]);
    }
    json_put_array_end(j);
    json_put_int(j, "left_out", (int64_t)k->left_out);
    json_put_array(j, "sums");
    for (size_t i = 0; i < k->sum_count; i++) {
        json_put_object(j, NULL);
        json_put_percent(j, "rate", k->sums[i].rate);
        json_put_fen(j, "product", fen_of(k->sums[i].product));
        json_put_object_end(j);
    }
    json_put_array_end(j);
    render_millionths(j, "unrounded", k->unrounded);
}

enum result handle_interest(struct call *c, struct error *err)
{
    struct interest o;
    struct json *j = &c->json;
    enum result r = service_interest(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                     (int)c->params[0], (int)c->params[1], &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    render_account(j, "account", &o.accounts, o.accounts.current);
    json_put_array(j, "years");
    for (size_t i = 0; i < o.count; i++) {
        render_year(j, NULL, &o.years[i]);
    }
    json_put_array_end(j);
    render_year(j, "year", o.year);
    render_calculation(j, &o.calculation);
    json_put_int(j, "day_count", policy_day_count(c->web->policy));
    return call_answer(c, 200, err);
}
