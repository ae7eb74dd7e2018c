/* GET /api/v1/me/interest. */
#include <stdio.h>

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

/* A day as the parameter writes it: 20260630; 0: none. */
static bool day_read(int64_t digits, civil_date *out)
{
    char text[16];
    unsigned n = (unsigned)digits;

    *out = DATE_NONE;
    if (digits == 0) {
        return true;
    }
    snprintf(text, sizeof text, "%04u-%02u-%02u", n / 10000 % 10000, n / 100 % 100, n % 100);
    return date_parse(text_of(text), out);
}

static enum result no_such_day(struct call *c)
{
    return call_problem(c, &(struct problem){400, "parameter-invalid",
                                             "The account cannot be worked out for that day", "day",
                                             -1, 0, 0});
}

enum result handle_interest(struct call *c, struct error *err)
{
    struct interest o;
    struct json *j = &c->json;
    civil_date day;
    enum result r;

    if (!day_read(c->params[2], &day)) {
        return no_such_day(c);
    }
    r = service_interest(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                         (int)c->params[0], (int)c->params[1], day, &o, err);
    if (r == RESULT_INVALID) {
        return no_such_day(c);
    }
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
    json_put_date(j, "day", o.day);
    put_fen_if(j, "day_balance", !date_is_none(o.day), o.day_balance);
    render_calculation(j, &o.calculation);
    json_put_int(j, "day_count", policy_day_count(c->web->policy));
    return call_answer(c, 200, err);
}
