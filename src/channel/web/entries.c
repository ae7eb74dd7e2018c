/* GET /api/v1/me/entries. */
#include "channel/web/render.h"

/* The code behind the n-th word (from 1) of the route's parameter `kind`; 0: any. */
static int kind_of(const struct call *c, int param)
{
    const char *word;

    if (c->params[param] == 0) {
        return 0;
    }
    word = c->route->params[param].words[c->params[param] - 1];
    return (word[0] - '0') * 10 + word[1] - '0';
}

enum result handle_entries(struct call *c, struct error *err)
{
    struct entry_filter f = {
        .before_seq = c->params[1],
        .year = (int)c->params[2],
        .kind = kind_of(c, 3),
        .limit = (int)c->params[4],
    };
    struct entries o;
    struct json *j = &c->json;
    enum result r = service_entries(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                    (int)c->params[0], &f, &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    render_account(j, "account", &o.accounts, o.accounts.current);
    json_put_array(j, "entries");
    for (size_t i = 0; i < o.count; i++) {
        render_entry(j, &o.list[i]);
    }
    json_put_array_end(j);
    json_put_bool(j, "more", o.more);
    render_years(j, o.first_year, o.last_year);
    return call_answer(c, 200, err);
}
