/* GET /api/v1/me/contributions. */
#include "channel/web/render.h"

static void render_month(struct json *j, const struct month *m)
{
    json_put_object(j, NULL);
    json_put_month(j, "month", m->month);
    json_put_word(j, "state", render_month_state(m->state));
    json_put_text(j, "unit", m->unit_name);
    json_put_fen(j, "base", m->base);
    if (m->base_changed) {
        json_put_fen(j, "base_before", m->base_before);
    } else {
        json_put_null(j, "base_before");
    }
    json_put_percent(j, "unit_ratio", m->unit_ratio);
    json_put_percent(j, "own_ratio", m->own_ratio);
    json_put_fen(j, "unit_due", m->unit_due);
    json_put_fen(j, "own_due", m->own_due);
    json_put_fen(j, "unit_credited", m->unit_credited);
    json_put_fen(j, "own_credited", m->own_credited);
    json_put_date(j, "credited_on", m->credited_on);
    json_put_date(j, "due_day", m->due_day);
    json_put_object_end(j);
}

enum result handle_contributions(struct call *c, struct error *err)
{
    struct contributions o;
    const struct account *a;
    struct json *j = &c->json;
    enum result r = service_contributions(&c->web->service, c->thread->db, c->thread->arena,
                                          &c->view, (int)c->params[0], (int)c->params[1], &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    a = &o.accounts.list[o.accounts.current];
    call_json(c);
    json_put_date(j, "today", o.today);
    render_account(j, "account", &o.accounts, o.accounts.current);
    render_agreed(j, a);
    render_handler(j, a);
    render_strip(j, "strip", &o.strip);
    render_years(j, o.first_year, o.last_year);
    json_put_array(j, "months");
    for (size_t i = o.count; i-- > 0;) {
        render_month(j, &o.months[i]);
    }
    json_put_array_end(j);
    return call_answer(c, 200, err);
}
