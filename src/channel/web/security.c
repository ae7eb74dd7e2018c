/* GET /api/v1/me/security, POST /api/v1/me/sessions/end, …/end-others and /api/v1/me/password. */
#include <sodium.h>

#include "channel/web/render.h"

enum { PASSWORD_TYPED_MAX = 512, ID_HEX = 2 * MEMBER_SESSION_ID };

static void render_session(struct json *j, const struct clock *clock, const struct session_line *l)
{
    char id[ID_HEX + 1];

    sodium_bin2hex(id, sizeof id, l->id, MEMBER_SESSION_ID);
    json_put_object(j, NULL);
    json_put_text(j, "session", text_of(id));
    json_put_bool(j, "current", l->current);
    json_put_text(j, "device", text_of(l->device));
    json_put_instant(j, "since", clock, l->created);
    json_put_instant(j, "used", clock, l->used);
    json_put_object_end(j);
}

enum result handle_security(struct call *c, struct error *err)
{
    struct member_security o;
    struct json *j = &c->json;
    const struct clock *clock = &c->web->clock;
    enum result r =
        service_security(&c->web->service, c->thread->db, &c->view, &c->session, &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", clock_today(clock));
    json_put_text(j, "phone", text_of(o.phone_mask));
    render_instant_or_null(j, "payments_stopped_since", clock, o.stopped_since);
    json_put_array(j, "sessions");
    for (size_t i = 0; i < o.session_count; i++) {
        render_session(j, clock, &o.sessions[i]);
    }
    json_put_array_end(j);
    json_put_array(j, "sign_ins");
    for (size_t i = 0; i < o.sign_in_count; i++) {
        json_put_object(j, NULL);
        json_put_instant(j, "at", clock, o.sign_ins[i].at);
        json_put_text(j, "device", text_of(o.sign_ins[i].device));
        json_put_object_end(j);
    }
    json_put_array_end(j);
    return call_answer(c, 200, err);
}

static enum result end(struct call *c, struct text id, struct error *err)
{
    enum result r =
        service_end_sessions(&c->web->service, c->thread->db, &c->view, &c->session, id, err);

    if (r == RESULT_OK) {
        c->response->status = 204;
    }
    return r;
}

enum result handle_session_end(struct call *c, struct error *err)
{
    struct text id;

    if (!body_text(c, "session", ID_HEX, &id) || !body_only(c, 1)) {
        return RESULT_OK;
    }
    return end(c, id, err);
}

enum result handle_sessions_end(struct call *c, struct error *err)
{
    return body_only(c, 0) ? end(c, TEXT(""), err) : RESULT_OK;
}

enum result handle_password(struct call *c, struct error *err)
{
    struct member_new_password p = {.network = text_of(c->network)};
    enum result r;

    if (!body_text(c, "before", PASSWORD_TYPED_MAX, &p.before) ||
        !body_text(c, "after", PASSWORD_TYPED_MAX, &p.after) || !body_only(c, 2)) {
        return RESULT_OK;
    }
    r = service_change_password(&c->web->service, c->thread->db, &c->thread->random, &c->view,
                                &c->session, &p, err);
    switch (r) {
    case RESULT_OK: c->response->status = 204; return r;
    case RESULT_REFUSED:
        return call_problem(c, &(struct problem){403, "credentials-wrong",
                                                 "The old password is wrong", "before", -1, 0, 0});
    case RESULT_INVALID:
        return call_problem(c, &(struct problem){422, "password-weak",
                                                 "The new password is too weak, or the old one",
                                                 "after", -1, 0, 0});
    case RESULT_TOO_MANY: return wait_problem(c, p.until);
    default: return r;
    }
}
