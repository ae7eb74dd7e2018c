/* GET /api/v1/me/contributions. */
#include "channel/web/render.h"

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
        render_month(j, NULL, &o.months[i]);
    }
    json_put_array_end(j);
    return call_answer(c, 200, err);
}
