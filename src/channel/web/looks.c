/* GET /api/v1/me/looks and POST /api/v1/me/freezes. */
#include "channel/web/render.h"

static void render_look(struct json *j, const struct clock *clock, const struct look *l)
{
    json_put_object(j, NULL);
    json_put_int(j, "seq", l->seq);
    json_put_instant(j, "at", clock, l->at);
    json_put_word(j, "actor_kind", access_actor_word(l->actor_kind));
    json_put_text(j, "actor", l->actor);
    json_put_text(j, "place", l->place);
    json_put_word(j, "channel", access_channel_word(l->channel));
    json_put_word(j, "part", access_part_word(l->part));
    json_put_word(j, "purpose", access_purpose_word(l->purpose));
    json_put_text(j, "case_no", l->case_no);
    json_put_word(j, "outcome", access_outcome_word(l->outcome));
    json_put_object_end(j);
}

enum result handle_looks(struct call *c, struct error *err)
{
    struct looks o;
    struct json *j = &c->json;
    enum result r = service_looks(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                  c->params[0], (int)c->params[1], &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    json_put_array(j, "looks");
    for (size_t i = 0; i < o.count; i++) {
        render_look(j, &c->web->clock, &o.list[i]);
    }
    json_put_array_end(j);
    json_put_bool(j, "more", o.more);
    return call_answer(c, 200, err);
}

enum result handle_freeze(struct call *c, struct error *err)
{
    instant at = 0;
    enum result r;

    if (!body_only(c, 0)) {
        return RESULT_OK;
    }
    r = service_freeze(&c->web->service, c->thread->db, &c->view, &c->session, &at, err);
    if (r == RESULT_CONFLICT) {
        return call_problem(c, &(struct problem){409, "already-frozen",
                                                 "Payments are stopped already", NULL, -1, 0, 0});
    }
    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_instant(&c->json, "at", &c->web->clock, at);
    return call_answer(c, 201, err);
}
