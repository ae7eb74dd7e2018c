/* GET /api/v1/me/contributions/month. */
#include "channel/web/render.h"

static const char *limit_word(enum limit_state s)
{
    static const char *const words[] = {
        [LIMIT_UNKNOWN] = "unknown", [LIMIT_WITHIN] = "within",   [LIMIT_BELOW] = "below",
        [LIMIT_ABOVE] = "above",     [LIMIT_DEPENDS] = "depends",
    };
    return words[s];
}

static void render_base_limits(struct json *j, const struct month_check *k)
{
    json_put_word(j, "base_is", limit_word(k->base));
    if (!k->limits_known) {
        json_put_null(j, "base_limits");
        return;
    }
    json_put_object(j, "base_limits");
    json_put_date(j, "since", k->limits.since);
    json_put_fen(j, "cap", k->limits.cap);
    json_put_array(j, "floors");
    for (size_t i = 0; i < k->limits.floor_count; i++) {
        json_put_object(j, NULL);
        json_put_text(j, "class", text_of(k->limits.floors[i].class));
        json_put_fen(j, "amount", k->limits.floors[i].amount);
        json_put_object_end(j);
    }
    json_put_array_end(j);
    render_cite(j, "cite", &k->limits.cite);
    json_put_object_end(j);
}

static void render_ratio_limits(struct json *j, const struct month_check *k)
{
    json_put_word(j, "unit_ratio_is", limit_word(k->unit_ratio));
    json_put_word(j, "own_ratio_is", limit_word(k->own_ratio));
    if (!k->ratios_known) {
        json_put_null(j, "ratio_limits");
        return;
    }
    json_put_object(j, "ratio_limits");
    json_put_date(j, "since", k->ratios.since);
    json_put_percent(j, "floor", k->ratios.floor);
    json_put_percent(j, "cap", k->ratios.cap);
    render_cite(j, "cite", &k->ratios.cite);
    json_put_object_end(j);
}

static void render_shares(struct json *j, const struct month_check *k)
{
    json_put_object(j, "shares");
    render_millionths(j, "unit_exact", k->unit_exact);
    render_millionths(j, "own_exact", k->own_exact);
    json_put_fen(j, "unit", k->unit_share);
    json_put_fen(j, "own", k->own_share);
    json_put_object_end(j);
}

static void render_credit(struct json *j, const struct month_credit *m)
{
    json_put_object(j, NULL);
    json_put_int(j, "seq", m->seq);
    json_put_date(j, "booked", m->booked);
    json_put_date(j, "value_date", m->value_day);
    render_code(j, "kind", (int)m->kind);
    json_put_text(j, "unit", m->unit_name);
    json_put_fen(j, "unit_amount", m->unit_amount);
    json_put_fen(j, "own_amount", m->own_amount);
    json_put_text(j, "flow", m->flow);
    if (m->reverses > 0) {
        json_put_int(j, "reverses", m->reverses);
    } else {
        json_put_null(j, "reverses");
    }
    json_put_bool(j, "reversed", m->reversed);
    json_put_object_end(j);
}

static void render_month_open(struct json *j, const struct month_open *o)
{
    json_put_date(j, "today", o->today);
    render_account(j, "account", &o->accounts, o->accounts.current);
    render_month(j, "month", &o->month);
    json_put_text(j, "office", o->office);
    render_text_or_null(j, "class", o->check.class ? text_of(o->check.class) : (struct text){0});
    render_base_limits(j, &o->check);
    render_ratio_limits(j, &o->check);
    render_shares(j, &o->check);
    json_put_array(j, "credits");
    for (size_t i = 0; i < o->credit_count; i++) {
        render_credit(j, &o->credits[i]);
    }
    json_put_array_end(j);
    json_put_int(j, "consecutive", o->consecutive);
}

enum result handle_month(struct call *c, struct error *err)
{
    struct month_open o;
    int year = (int)c->params[1], month = (int)c->params[2];
    enum result r;

    if (year == 0 || month == 0) {
        return call_problem(c,
                            &(struct problem){400, "parameter-invalid", "Which month is not said",
                                              year == 0 ? "year" : "month", -1, 0, 0});
    }
    r = service_month(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                      (int)c->params[0], month_of(year, month), &o, err);
    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    render_month_open(&c->json, &o);
    return call_answer(c, 200, err);
}
