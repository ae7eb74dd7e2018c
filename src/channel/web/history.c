/* GET /api/v1/me/history. */
#include "channel/web/render.h"

enum result handle_history(struct call *c, struct error *err)
{
    struct history o;
    struct json *j = &c->json;
    enum result r = service_history(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                    (int)c->params[0], &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    render_account(j, "account", &o.accounts, o.accounts.current);
    json_put_array(j, "points");
    for (size_t i = 0; i < o.count; i++) {
        const struct history_point *p = &o.points[i];

        json_put_object(j, NULL);
        json_put_month(j, "month", p->month);
        json_put_fen(j, "contributed", p->contributed);
        json_put_fen(j, "withdrawn", p->withdrawn);
        json_put_fen(j, "interest", p->interest);
        json_put_fen(j, "other", p->other);
        json_put_fen(j, "balance", p->balance);
        json_put_object_end(j);
    }
    json_put_array_end(j);
    return call_answer(c, 200, err);
}
