/*
 * A library of handlers for the tests of the HTTP host. The last word of the path says what the
 * handler does; the query is one number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "channel/web/nginx/adapter.h"

static const char *const places[] = {"loop", "io", "hash"};
static __thread int calls_of_thread;

static long number(const struct http_request *request)
{
    return request->query.len ? strtol(request->query.at, NULL, 10) : 0;
}

static void write_text(struct http_response *response, const char *name, struct text value)
{
    char *to;

    http_response_write_z(response, name);
    http_response_write_z(response, "=");
    /* Through reserve, as a writer of JSON does it. */
    if ((to = http_response_reserve(response, value.len)) && value.len) {
        memcpy(to, value.at, value.len);
        response->body_len += value.len;
    }
    http_response_write_z(response, "\n");
}

static void write_number(struct http_response *response, const char *name, long value)
{
    char digits[32];

    snprintf(digits, sizeof(digits), "%ld", value);
    write_text(response, name, text_of(digits));
}

/* Everything of the request, one "name=value" a line. */
static enum http_turn echo(const struct http_request *request, struct http_response *response,
                           enum http_place place)
{
    response->status = 200;
    response->content_type = TEXT("text/plain");
    write_text(response, "method", text_of(http_method_name(request->method)));
    write_text(response, "path", request->path);
    write_text(response, "query", request->query);
    write_text(response, "peer", request->peer);
    write_number(response, "listener", request->listener);
    write_number(response, "secure", request->secure);
    write_text(response, "place", text_of(places[place]));
    write_number(response, "nice", getpriority(PRIO_PROCESS, 0));
    write_number(response, "worker", getpid());
    write_text(response, "home", text_of(getenv("ANJU_HOME") ? getenv("ANJU_HOME") : ""));
    for (size_t i = 0; i < request->header_count; i++)
        write_text(response, "header", request->headers[i].name),
            write_text(response, "value", request->headers[i].value);
    write_number(response, "body_len", (long)request->body.len);
    write_text(response, "body", request->body);
    return HTTP_TURN_DONE;
}

/* Waits in the pool for a number of milliseconds, then echoes: the request must still be whole. */
static enum http_turn wait_in(enum http_place wanted, const struct http_request *request,
                              struct http_response *response, enum http_place place)
{
    if (place != wanted) {
        http_response_write_z(response, "thrown away");
        return wanted == HTTP_PLACE_IO ? HTTP_TURN_IO : HTTP_TURN_HASH;
    }
    calls_of_thread++;
    usleep((useconds_t)number(request) * 1000);
    return echo(request, response, place);
}

static enum http_turn io(const struct http_request *q, struct http_response *p, enum http_place at)
{
    return wait_in(HTTP_PLACE_IO, q, p, at);
}

static enum http_turn hash(const struct http_request *q, struct http_response *p,
                           enum http_place at)
{
    return wait_in(HTTP_PLACE_HASH, q, p, at);
}

/* As signing in does: database, hash, and done. */
static enum http_turn both(const struct http_request *q, struct http_response *p,
                           enum http_place at)
{
    if (at == HTTP_PLACE_LOOP)
        return HTTP_TURN_IO;
    return at == HTTP_PLACE_IO ? HTTP_TURN_HASH : echo(q, p, at);
}

static enum http_turn endless(const struct http_request *q, struct http_response *p,
                              enum http_place at)
{
    (void)q, (void)p;
    return at == HTTP_PLACE_IO ? HTTP_TURN_HASH : HTTP_TURN_IO;
}

static void own_release(void *own)
{
    free(own);
}

static enum http_turn big(const struct http_request *request, struct http_response *response,
                          enum http_place place)
{
    (void)place;
    long size = number(request);

    response->own = malloc(100);
    response->own_release = own_release;
    response->status = 200;
    response->content_type = TEXT("application/octet-stream");
    for (long i = 0; i < size && !response->failed; i += 10)
        http_response_write(response, TEXT("0123456789"));
    return HTTP_TURN_DONE;
}

static enum http_turn status(const struct http_request *request, struct http_response *response,
                             enum http_place place)
{
    (void)place;
    response->status = (int)number(request);
    http_response_write_z(response, "an answer that failed is thrown away");
    if (response->status == 204 || response->status == 304)
        response->body_len = 0;
    response->content_type = TEXT("text/plain");
    response->code = TEXT("toy-code");
    return HTTP_TURN_DONE;
}

static enum http_turn cookies(const struct http_request *request, struct http_response *response,
                              enum http_place place)
{
    (void)request, (void)place;
    response->status = 200;
    http_response_header_z(response, "set-cookie", "a=1; Path=/");
    http_response_header_z(response, "set-cookie", "b=2; Path=/");
    return HTTP_TURN_DONE;
}

static enum http_turn split(const struct http_request *request, struct http_response *response,
                            enum http_place place)
{
    (void)request, (void)place;
    response->status = 200;
    http_response_header_z(response, "x-split", "a\r\nset-cookie: evil=1");
    return HTTP_TURN_DONE;
}

static enum http_turn die(const struct http_request *request, struct http_response *response,
                          enum http_place place)
{
    (void)request, (void)response, (void)place;
    _exit(3);
}

static const struct {
    const char *path, *route;
    enum http_turn (*run)(const struct http_request *, struct http_response *, enum http_place);
} routes[] = {
    {"/api/echo", "/api/echo", echo},
    {"/api/io", "/api/io", io},
    {"/api/hash", "/api/hash", hash},
    {"/api/both", "/api/both", both},
    {"/api/endless", "/api/endless", endless},
    {"/api/big", "/api/big", big},
    {"/api/status", "/api/status", status},
    {"/api/cookies", "/api/cookies", cookies},
    {"/api/split", "/api/split", split},
    {"/api/die", "/api/die", die},
    {"/healthz", "/healthz", echo},
};

static enum http_turn handle(const struct http_request *request, struct http_response *response,
                             enum http_place place)
{
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
        if (text_equal(request->path, text_of(routes[i].path))) {
            response->route = text_of(routes[i].route);
            return routes[i].run(request, response, place);
        }
    response->status = 404;
    response->content_type = TEXT("text/plain");
    response->route = TEXT("unknown");
    http_response_write_z(response, "toy: not found");
    return HTTP_TURN_DONE;
}

/* HOME/refuse makes the library refuse to start. */
static int worker_start(const char *home)
{
    char path[1100];

    snprintf(path, sizeof(path), "%s/refuse", home);
    return access(path, F_OK) == 0 ? -1 : 0;
}

static void worker_stop(void) {}

extern const struct adapter_face adapter_face;
const struct adapter_face adapter_face = {
    .abi = ADAPTER_ABI,
    .name = "toy",
    .worker_start = worker_start,
    .handle = handle,
    .response_release = http_response_release,
    .worker_stop = worker_stop,
};
