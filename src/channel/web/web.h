/* The hall's web channel: from a request to a use case and back. Knows HTTP only through http.h.
 *
 * routes.c     the one table of routes; finds the route of a request
 * dispatch.c   what every request goes through: guard, session, view, handler, problem
 * guard.c      origin, media type, cookie
 * params.c     query parameters, each with its range
 * body.c       JSON bodies, strictly
 * problem.c    RFC 9457 documents
 * render.c     what several answers share
 * sign_in.c registration.c overview.c contributions.c entries.c enquiries.c …   the handlers
 * operations.c /healthz /readyz /metrics on the local listener
 * metrics.c    counters shared by all workers
 * face.c       what nginx's adapter loads */
#ifndef ANJU_CHANNEL_WEB_WEB_H
#define ANJU_CHANNEL_WEB_WEB_H

#include <jansson.h>

#include "base/json.h"
#include "channel/web/http.h"
#include "provider/check.h"
#include "service/service.h"

/* One per process, read-only after start. */
struct web {
    struct config config;
    struct clock clock;
    struct policy *policy;
    struct vault *vault;
    struct store *store;
    struct member_desk desk;
    struct service service;
    struct metrics *metrics;
    struct checks checks; /* of registrations */
    /* The host calls web_turn_over: requests that are answered in one turn of its event loop may
     * read one moment of the database. */
    bool has_turns;
};

/* Opens everything for the home that the environment names. RESULT_CONFIG and the like with one
 * sentence. */
enum result web_open(struct web *w, struct error *err);
/* The same in a process that is started again and again, whatever is away just then. */
enum result web_open_again(struct web *w, struct error *err);
void web_close(struct web *w);

/* Answers one request; the same for nginx, tests and fuzzers. */
enum http_turn web_handle(struct web *w, const struct http_request *request,
                          struct http_response *response, enum http_place place);

/* The event loop's turn is over, or somebody is about to be told of a write: the next request reads
 * a new moment. In the loop's thread. */
void web_turn_over(void);

/* Ends what the calling thread keeps (its connection and arena). Threads that end do it by
 * themselves; the main thread calls it before web_close. */
void web_thread_end(void);

/* Every route has a policy, and its parameters are sound; the sentence names the first that has
 * not. The service does not start otherwise. */
enum result web_routes_check(struct error *err);

/* anju routes [--json]: prints the route table. */
int routes_main(int argc, char **argv);

#endif
