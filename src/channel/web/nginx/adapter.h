/*
 * The face between the nginx module and a library of handlers.
 *
 * The library is a shared object that exports one symbol of this type:
 *
 *     const struct adapter_face adapter_face = { .abi = ADAPTER_ABI, … };
 *
 * Each nginx worker loads it when the worker starts (so a reload takes up a new library), the
 * master never does. The module knows nothing of what the library does.
 */
#ifndef ANJU_CHANNEL_WEB_NGINX_ADAPTER_H
#define ANJU_CHANNEL_WEB_NGINX_ADAPTER_H

#include <stdint.h>

#include "channel/web/http.h"

/* Raised with every change of the structures in this header or in http.h. */
enum { ADAPTER_ABI = 2 };

/* Name of the exported symbol. */
#define ADAPTER_SYMBOL "adapter_face"

struct adapter_face {
    uint32_t abi; /* ADAPTER_ABI; the module refuses any other */
    const char *name;

    /*
     * Called once in each worker process before the first request, in its only thread.
     * `argument` is the text of the directive adapter_argument (the home folder). Returns 0, or
     * anything else after having written one line to standard error: the worker then answers
     * every request with 503.
     */
    int (*worker_start)(const char *argument);

    /*
     * Answers one request. `response` arrives zeroed. First called in HTTP_PLACE_LOOP, where it
     * must not block; when it answers HTTP_TURN_IO or HTTP_TURN_HASH it is called again, from the
     * beginning and with a fresh response, in a thread of that pool. Called in many threads at
     * once; connections to databases are thread-local. A thread never changes its pool.
     */
    enum http_turn (*handle)(const struct http_request *request, struct http_response *response,
                             enum http_place place);

    /*
     * Called in the event loop once the requests whose bytes came together have been handled, and
     * before the answer of a request that ran in a pool is sent: what handlers in the loop share
     * among requests, a moment of the database, ends here. May be NULL.
     */
    void (*turn_over)(void);

    /* Frees what hangs on the response: http_response_release(). Called in the event loop. */
    void (*response_release)(struct http_response *response);

    /*
     * Called when the worker ends. Threads of the pools have ended, except when the worker is
     * being ended by force.
     */
    void (*worker_stop)(void);
};

#endif
