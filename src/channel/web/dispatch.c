/* What every request goes through: route, guard, session, view, handler. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "channel/web/call.h"
#include "channel/web/metrics.h"

enum { ALLOW_MAX = 64 };

/* --- what a thread keeps --- */

static _Thread_local struct web_thread *here;
static pthread_key_t thread_key;
static pthread_once_t thread_once = PTHREAD_ONCE_INIT;

static void thread_free(void *at)
{
    struct web_thread *t = at;

    if (t->db) {
        db_close(t->db);
    }
    arena_free(t->arena);
    free(t);
}

static void thread_key_make(void)
{
    pthread_key_create(&thread_key, thread_free);
}

void web_thread_end(void)
{
    if (here) {
        pthread_setspecific(thread_key, NULL);
        thread_free(here);
        here = NULL;
    }
}

struct web_thread *web_thread_here(struct web *w, bool with_db, struct error *err)
{
    if (!here) {
        struct web_thread *t = calloc(1, sizeof *t);

        if (!t || !(t->arena = arena_new(CALL_ARENA_MAX))) {
            free(t);
            error_set(err, RESULT_MEMORY, "no memory for a thread of the web channel");
            return NULL;
        }
        random_system(&t->random);
        pthread_once(&thread_once, thread_key_make);
        pthread_setspecific(thread_key, t);
        here = t;
    }
    if (with_db && !here->db && db_open(w->store, &here->db, err) != RESULT_OK) {
        return NULL;
    }
    return here;
}

void web_turn_over(void)
{
    if (here && here->db) {
        db_moment_end(here->db);
    }
}

/* --- one request --- */

/* HEAD is GET whose body the host leaves out (RFC 9110, section 9.3.2). */
static const struct route *route_find(const struct http_request *request, bool *path_known)
{
    enum http_method method = request->method == HTTP_HEAD ? HTTP_GET : request->method;

    size_t i = route_at(request->path, 0);

    *path_known = i < route_count;
    while (i < route_count && routes[i].method != method) {
        i = route_at(request->path, i + 1);
    }
    return i < route_count ? &routes[i] : NULL;
}

/* The methods that a path takes, for a request with another. */
static void allow_write(const struct http_request *request, struct http_response *response)
{
    char methods[ALLOW_MAX] = "";
    size_t len = 0;

    for (size_t i = route_at(request->path, 0); i < route_count && len < sizeof methods;
         i = route_at(request->path, i + 1)) {
        len += (size_t)snprintf(methods + len, sizeof methods - len, "%s%s", len > 0 ? ", " : "",
                                routes[i].method == HTTP_GET ? "GET, HEAD"
                                                             : http_method_name(routes[i].method));
    }
    http_response_header_z(response, "allow", methods);
}

static void no_route(const struct web *w, const struct http_request *request,
                     struct http_response *response, bool path_known)
{
    struct problem p = {404, "not-found", "There is no such route", NULL, -1, 0, 0};

    if (path_known) {
        p.status = 405;
        p.code = "method-not-allowed";
        p.title = "The route does not take this method";
        allow_write(request, response);
    }
    response->route = path_known ? TEXT("(method)") : TEXT("(none)");
    problem_write(w, response, &p);
}

/* The pool that a call must go to first; DONE when it may run where it is. */
static enum http_turn turn_for(const struct call *c)
{
    if (c->route->pace == PACE_HASH) {
        return c->place == HTTP_PLACE_HASH ? HTTP_TURN_DONE : HTTP_TURN_HASH;
    }
    if (c->route->pace == PACE_OUTSIDE) {
        return c->place == HTTP_PLACE_OUTSIDE ? HTTP_TURN_DONE : HTTP_TURN_OUTSIDE;
    }
    if (c->place != HTTP_PLACE_LOOP) {
        return HTTP_TURN_DONE;
    }
    if (c->route->pace == PACE_STORE || store_is_remote(c->web->store)) {
        return HTTP_TURN_IO;
    }
    return HTTP_TURN_DONE;
}

static enum http_turn answer_failure(struct call *c, enum result r, const struct error *err)
{
    if (r != RESULT_NOT_FOUND && r != RESULT_REFUSED) {
        log_event(LOG_ERROR, "request-failed", "route", c->route->path, "result", result_word(r),
                  "why", err->sentence, NULL);
    }
    json_free(&c->json);
    problem_of_result(c->web, c->response, r);
    return HTTP_TURN_DONE;
}

static void session_refused(struct call *c, enum result r, const struct error *err)
{
    if (r == RESULT_EXPIRED) {
        call_problem(
            c, &(struct problem){401, "session-ended", "The session has ended", NULL, -1, 0, 0});
    } else if (r == RESULT_NOT_FOUND) {
        call_problem(c, &(struct problem){401, "session-needed", "Sign in first", NULL, -1, 0, 0});
    } else {
        answer_failure(c, r, err);
    }
}

/* OK: c->session is set. BUSY in the loop: the store must be asked, elsewhere. Anything else:
 * answered. */
static enum result session_read(struct call *c, struct error *err)
{
    struct text token;
    enum result r = RESULT_NOT_FOUND;

    if (!guard_cookie(c->request, &token)) {
        call_problem(
            c, &(struct problem){400, "bad-request", "The cookie came twice", NULL, -1, 0, 0});
        return RESULT_INVALID;
    }
    if (token.len > 0) {
        r = member_session(&c->web->desk, c->thread->db, token, c->place != HTTP_PLACE_LOOP,
                           &c->session, err);
    }
    if (r == RESULT_OK || (r == RESULT_BUSY && c->place == HTTP_PLACE_LOOP)) {
        return r;
    }
    session_refused(c, r, err);
    return r == RESULT_BUSY ? RESULT_STORE : r;
}

/* The session map keeps one number for a part: when a look was recorded, and from which kind of
 * device in its lowest bit, because a look from another kind is a line of its own. */
static instant looked_from(const struct call *c, bool phone)
{
    instant noted = session_map_looked(c->web->desk.sessions, &c->session, (int)c->route->part);

    return (noted & 1) == phone ? noted >> 1 : 0;
}

/* The holder's own view of the route's part; recorded unless the same line stands there already.
 * BUSY in the loop: a line is due, which blocks. */
static enum result view_open(struct call *c, struct error *err)
{
    struct access_request q = {
        .person = text_of(c->session.person),
        .account = text_of(c->session.account),
        .actor_kind = ACTOR_HOLDER,
        .actor = TEXT(""),
        .place = guard_device(c->request),
        .case_no = TEXT(""),
        .channel = CHANNEL_WEB,
        .part = c->route->part,
        .purpose = PURPOSE_OWN,
    };
    bool phone = text_equal(q.place, TEXT("phone"));
    enum result r = access_joined(&c->web->clock, &q, looked_from(c, phone), &c->view);

    if (r == RESULT_OK) {
        return r;
    }
    if (c->place == HTTP_PLACE_LOOP) {
        return RESULT_BUSY;
    }
    r = access_open(c->thread->db, &c->web->clock, &q, &c->view, err);
    if (r == RESULT_OK) {
        session_map_set_looked(c->web->desk.sessions, &c->session, (int)q.part,
                               c->view.looked << 1 | phone);
    }
    return r;
}

/* Reads what the route declares: parameters and, of a writing request, origin and body. */
static bool input_read(struct call *c)
{
    if (!params_read(c)) {
        return false;
    }
    return c->route->method == HTTP_GET || (guard_write(c) && body_read(c));
}

static enum http_turn call_run(struct call *c, struct error *err)
{
    enum result r;

    if (!input_read(c)) {
        return HTTP_TURN_DONE;
    }
    if (c->route->policy == POLICY_HOLDER || c->route->policy == POLICY_SESSION) {
        r = session_read(c, err);
        if (r == RESULT_BUSY) {
            return HTTP_TURN_IO;
        }
        if (r != RESULT_OK) {
            return HTTP_TURN_DONE;
        }
    }
    if (c->route->policy == POLICY_HOLDER) {
        r = view_open(c, err);
        if (r == RESULT_BUSY && c->place == HTTP_PLACE_LOOP) {
            return HTTP_TURN_IO;
        }
        if (r != RESULT_OK) {
            return answer_failure(c, r, err);
        }
    }
    r = c->route->handler(c, err);
    return r == RESULT_OK ? HTTP_TURN_DONE : answer_failure(c, r, err);
}

static enum http_turn public_handle(struct web *w, const struct http_request *request,
                                    struct http_response *response, enum http_place place)
{
    struct error err = {0};
    bool path_known;
    struct call c = {
        .web = w,
        .request = request,
        .response = response,
        .route = route_find(request, &path_known),
        .place = place,
    };
    enum http_turn turn;

    if (!c.route) {
        no_route(w, request, response, path_known);
        return HTTP_TURN_DONE;
    }
    response->route = text_of(c.route->path);
    turn = turn_for(&c);
    if (turn != HTTP_TURN_DONE) {
        return turn;
    }
    c.thread = web_thread_here(w, true, &err);
    if (!c.thread) {
        return answer_failure(&c, err.code, &err);
    }
    if (w->has_turns && place == HTTP_PLACE_LOOP) {
        db_moment_keep(c.thread->db);
    }
    guard_network(request->peer, c.network);
    turn = call_run(&c, &err);
    json_decref(c.body);
    arena_reset(c.thread->arena);
    return turn;
}

enum http_turn web_handle(struct web *w, const struct http_request *request,
                          struct http_response *response, enum http_place place)
{
    int64_t began = clock_monotonic_us();
    enum http_turn turn = request->listener == HTTP_LISTENER_OPERATIONS
                              ? operations_handle(w, request, response, place)
                              : public_handle(w, request, response, place);

    if (turn == HTTP_TURN_DONE && request->listener == HTTP_LISTENER_PUBLIC) {
        http_response_header(response, "cache-control", TEXT("no-store"));
        metrics_count(w->metrics, response->route, response->status, clock_monotonic_us() - began);
    }
    return turn;
}
