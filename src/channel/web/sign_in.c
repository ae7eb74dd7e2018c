/* POST /api/v1/sign-in, /api/v1/sign-in/code and /api/v1/sign-out. */
#include <stdio.h>

#include "base/log.h"
#include "channel/web/call.h"

enum {
    LOGIN_MAX = 18,
    PASSWORD_TYPED_MAX = 512, /* what may be typed; longer than any that can be right */
    CHALLENGE_TYPED_MAX = 64,
    CODE_TYPED_MAX = 12,
};

enum result handle_sign_in(struct call *c, struct error *err)
{
    struct member_sign_in s = {.network = text_of(c->network)};
    enum result r;

    if (!body_text(c, "login", LOGIN_MAX, &s.login) ||
        !body_text(c, "password", PASSWORD_TYPED_MAX, &s.password) || !body_only(c, 2)) {
        return RESULT_OK;
    }
    r = member_sign_in_start(&c->web->desk, c->thread->db, &c->thread->random, &s, err);
    if (r == RESULT_REFUSED) {
        return call_problem(c, &(struct problem){401, "credentials-wrong",
                                                 "The number or the password is wrong", NULL, -1, 0,
                                                 0});
    }
    if (r == RESULT_TOO_MANY) {
        return wait_problem(c, s.until);
    }
    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_text(&c->json, "challenge", text_of(s.challenge));
    json_put_text(&c->json, "sent_to", text_of(s.sent_to));
    json_put_instant(&c->json, "expires_at", &c->web->clock, s.expires);
    return call_answer(c, 200, err);
}

static void cookie_set(struct call *c, const char *token, const char *more)
{
    char cookie[160];

    snprintf(cookie, sizeof cookie, "__Host-anju=%s; Path=/; Secure; HttpOnly; SameSite=Strict%s",
             token, more);
    http_response_header_z(c->response, "set-cookie", cookie);
}

/* The session that this browser had until now ends: its cookie is overwritten, and nobody could end
 * it any more. The new one stands whatever comes of this. */
static void session_before_end(struct call *c)
{
    struct member_desk *desk = &c->web->desk;
    struct session before;
    struct error err = {0};
    struct text token;
    enum result r = RESULT_NOT_FOUND;

    if (guard_cookie(c->request, &token) && token.len > 0) {
        r = member_session(desk, c->thread->db, token, true, &before, &err);
    }
    if (r == RESULT_OK) {
        r = member_sign_out(desk, c->thread->db, &before, false, &err);
        if (r != RESULT_OK) {
            log_event(LOG_WARN, "earlier-session-stays", "result", result_word(r), "why",
                      err.sentence, NULL);
        }
    }
}

enum result handle_sign_in_code(struct call *c, struct error *err)
{
    struct member_code m = {
        .network = text_of(c->network),
        .device = guard_device(c->request),
        .channel = CHANNEL_WEB,
    };
    enum result r;

    if (!body_text(c, "challenge", CHALLENGE_TYPED_MAX, &m.challenge) ||
        !body_text(c, "code", CODE_TYPED_MAX, &m.code) || !body_only(c, 2)) {
        return RESULT_OK;
    }
    r = member_sign_in_finish(&c->web->desk, c->thread->db, &c->thread->random, &m, err);
    if (r == RESULT_REFUSED) {
        return call_problem(
            c, &(struct problem){401, "code-wrong", "The code is wrong", NULL, m.tries_left, 0, 0});
    }
    if (r == RESULT_EXPIRED || r == RESULT_NOT_FOUND) {
        return call_problem(c,
                            &(struct problem){401, "code-expired",
                                              "The code has expired; begin again", NULL, -1, 0, 0});
    }
    if (r != RESULT_OK) {
        return r;
    }
    session_before_end(c);
    cookie_set(c, m.token, "");
    c->response->status = 204;
    return RESULT_OK;
}

enum result handle_sign_out(struct call *c, struct error *err)
{
    bool everywhere;
    enum result r;

    if (!body_bool(c, "everywhere", &everywhere) || !body_only(c, 1)) {
        return RESULT_OK;
    }
    r = member_sign_out(&c->web->desk, c->thread->db, &c->session, everywhere, err);
    if (r != RESULT_OK) {
        return r;
    }
    cookie_set(c, "", "; Max-Age=0");
    http_response_header(c->response, "clear-site-data", TEXT("\"cache\", \"storage\""));
    c->response->status = 204;
    return RESULT_OK;
}
