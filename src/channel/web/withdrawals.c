/* GET /api/v1/me/withdrawals. */
#include "channel/web/render.h"

static void render_withdrawal(struct json *j, const struct withdrawal *w)
{
    json_put_object(j, NULL);
    render_application(j, &w->application);
    render_text_or_null(j, "flow", w->flow);
    json_put_array(j, "steps");
    for (size_t i = 0; i < w->step_count; i++) {
        json_put_object(j, NULL);
        json_put_date(j, "day", w->steps[i].day);
        render_code(j, "kind", w->steps[i].kind);
        json_put_text(j, "words", w->steps[i].words);
        json_put_object_end(j);
    }
    json_put_array_end(j);
    json_put_object_end(j);
}

enum result handle_withdrawals(struct call *c, struct error *err)
{
    struct my_withdrawals o;
    struct json *j = &c->json;
    enum result r = service_withdrawals(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                        (int)c->params[0], &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    render_account(j, "account", &o.accounts, o.accounts.current);
    json_put_array(j, "applications");
    for (size_t i = 0; i < o.all.count; i++) {
        render_withdrawal(j, &o.all.list[i]);
    }
    json_put_array_end(j);
    json_put_bool(j, "more", o.all.more);
    return call_answer(c, 200, err);
}
