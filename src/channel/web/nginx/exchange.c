/*
 * One request: its body is read whole, it is turned into plain values, and the handler is called in
 * the event loop. When the handler asks for it, it is called again in a thread of one of three pools,
 * exactly as nginx's own file reads are: `blocked` keeps the request alive although its client may
 * be gone, and the completion runs in the event loop. What a handler wrote is freed with the
 * request's pool, which nginx destroys after the last byte was sent or the client went away,
 * whatever phase that happens in.
 */
#include "channel/web/nginx/exchange.h"

#include <sys/resource.h>

enum {
    /* How often a handler may ask to run again elsewhere: loop, database, hash, database. */
    TURNS_MAX = 4,
    /* Hashing must not slow quick answers down on a busy machine. */
    HASH_NICE = 10,
    /* A worker that ends in order waits for timers and for nothing else: each request in a pool has
     * one, which says nothing when it expires. */
    POOL_TIMER_MS = 60 * 1000,
    PROBLEM_MAX = 256,
};

/* What nginx or this module refuses by itself, as RFC 9457 documents. */
static const struct problem {
    ngx_uint_t status;
    const char *code;
    const char *title;
    const char *header, *value; /* a header field that belongs to the status, or NULL */
} problems[] = {
    {400, "bad-request", "The request is malformed.", NULL, NULL},
    {403, "not-allowed", "This is not allowed.", NULL, NULL},
    {404, "not-found", "There is nothing at this address.", NULL, NULL},
    {405, "method-not-allowed", "This address does not know the method.", "allow", "GET, HEAD"},
    {408, "timed-out", "The request took too long to arrive.", NULL, NULL},
    {413, "body-too-large", "The request's body is too large.", NULL, NULL},
    {414, "header-too-large", "The address is too long.", NULL, NULL},
    {421, "host-unknown", "This service does not answer for that host name.", NULL, NULL},
    {429, "busy", "Too many requests at once; try again.", "retry-after", "2"},
    {431, "header-too-large", "The request's header is too large.", NULL, NULL},
    {501, "bad-request", "The request asks for something unknown.", NULL, NULL},
    {503, "busy", "The service is busy; try again.", "retry-after", "2"},
    {505, "bad-request", "This version of HTTP is not spoken here.", NULL, NULL},
};

/* Every other status below 500, and from 500. */
static const struct problem problem_refused = {400, "bad-request", "This is refused.", NULL, NULL};
static const struct problem problem_failed = {500, "our-fault", "The service failed.", NULL, NULL};

static struct text text_of_str(ngx_str_t s)
{
    return (struct text){(const char *)s.data, s.len};
}

static ngx_str_t str_of_text(struct text t)
{
    return (ngx_str_t){t.len, (u_char *)t.at};
}

static struct text text_of_z(const char *s)
{
    return (struct text){s, strlen(s)};
}

static ngx_int_t add_header(ngx_http_request_t *r, struct text name, struct text value)
{
    ngx_table_elt_t *header = ngx_list_push(&r->headers_out.headers);
    if (header == NULL)
        return NGX_ERROR;
    ngx_memzero(header, sizeof(*header));
    header->hash = 1;
    header->key = str_of_text(name);
    header->value = str_of_text(value);
    return NGX_OK;
}

/* Sends status, type and a whole body; the bytes must live as long as the request's pool. */
static ngx_int_t send_answer(ngx_http_request_t *r, ngx_uint_t status, struct text type,
                             struct text body)
{
    r->headers_out.status = status;
    r->headers_out.content_length_n = (off_t)body.len;
    if (body.len > 0) {
        r->headers_out.content_type = str_of_text(type);
        r->headers_out.content_type_len = type.len;
    } else {
        r->header_only = 1;
    }
    ngx_int_t rc = ngx_http_send_header(r);
    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only)
        return rc;

    ngx_buf_t *buf = ngx_calloc_buf(r->pool);
    if (buf == NULL)
        return NGX_ERROR;
    buf->pos = buf->start = (u_char *)body.at;
    buf->last = buf->end = buf->pos + body.len;
    buf->memory = 1;
    buf->last_buf = 1;
    buf->last_in_chain = 1;
    ngx_chain_t out = {buf, NULL};
    return ngx_http_output_filter(r, &out);
}

static const struct problem *problem_of(ngx_uint_t status)
{
    for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++)
        if (problems[i].status == status)
            return &problems[i];
    return status < 500 ? &problem_refused : &problem_failed;
}

/* Answers with the problem document of a status; what a handler wrote is thrown away. */
static ngx_int_t send_problem(struct exchange *x, ngx_uint_t status)
{
    ngx_http_request_t *r = x->r;
    const struct problem *p = problem_of(status);
    struct text route = x->response.route;
    if (adapter_library != NULL)
        adapter_library->response_release(&x->response);
    x->response.route = route.len > 0 ? route : text_of_z("error"); /* no handler was reached */
    x->response.code = text_of_z(p->code);

    u_char *body = ngx_pnalloc(r->pool, PROBLEM_MAX);
    if (body == NULL)
        return NGX_ERROR;
    u_char *end = ngx_snprintf(body, PROBLEM_MAX,
                               "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%ui,"
                               "\"code\":\"%s\"}",
                               p->title, status, p->code);
    if (add_header(r, text_of_z("cache-control"), text_of_z("no-store")) != NGX_OK ||
        (p->header != NULL && add_header(r, text_of_z(p->header), text_of_z(p->value)) != NGX_OK))
        return NGX_ERROR;
    return send_answer(r, status, text_of_z("application/problem+json"),
                       (struct text){(char *)body, (size_t)(end - body)});
}

static ngx_int_t send_response(struct exchange *x)
{
    struct http_response *response = &x->response;
    if (response->failed || response->status < 200 || response->status > 599)
        return send_problem(x, NGX_HTTP_INTERNAL_SERVER_ERROR);
    for (size_t i = 0; i < response->header_count; i++)
        if (add_header(x->r, response->headers[i].name, response->headers[i].value) != NGX_OK)
            return NGX_ERROR;
    return send_answer(x->r, (ngx_uint_t)response->status, response->content_type,
                       (struct text){response->body, response->body_len});
}

static void turn_over(ngx_event_t *event)
{
    if (adapter_library != NULL && adapter_library->turn_over != NULL)
        adapter_library->turn_over();
}

/* Calls the handler in the event loop. nginx runs what is posted when it has read all that the
 * kernel had for it. */
static void handle_here(struct exchange *x)
{
    static ngx_event_t over = {.handler = turn_over};

    over.log = ngx_cycle->log;
    ngx_post_event(&over, &ngx_posted_events);
    x->place = HTTP_PLACE_LOOP;
    x->turn = adapter_library->handle(&x->request, &x->response, x->place);
}

/* In a thread of a pool: nothing of nginx may be touched here. */
static void work(void *data, ngx_log_t *log)
{
    static __thread int niced;
    struct exchange *x = data;

    if (x->place == HTTP_PLACE_HASH && !niced) {
        (void)setpriority(PRIO_PROCESS, 0, HASH_NICE); /* on Linux: this thread only */
        niced = 1;
    }
    x->turn = adapter_library->handle(&x->request, &x->response, x->place);
}

/* In the event loop, after work(). The client may be gone: then nginx has put a finalizer here. */
static void work_done(ngx_event_t *event)
{
    struct exchange *x = event->data;
    ngx_http_request_t *r = x->r;
    ngx_connection_t *c = r->connection;

    if (event->timedout) {
        event->timedout = 0;
        ngx_add_timer(event, POOL_TIMER_MS);
        return;
    }
    ngx_del_timer(event);
    ngx_http_set_log_request(c->log, r);
    r->main->blocked--;
    r->aio = 0;
    turn_over(NULL); /* whoever hears of a write finds it with the next request */
    r->write_event_handler(r);
    ngx_http_run_posted_requests(c);
}

static void take_turn(struct exchange *x);

/* A write event of the connection may come at any time; the turn is over when aio is. */
static void resume(ngx_http_request_t *r)
{
    if (!r->aio)
        take_turn(ngx_http_get_module_ctx(r, ngx_http_adapter_module));
}

/* Posts the next call of the handler; false when the pool's queue is full. */
static ngx_uint_t post(struct exchange *x)
{
    ngx_http_request_t *r = x->r;
    struct main_conf *conf = ngx_http_get_module_main_conf(r, ngx_http_adapter_module);
    ngx_thread_pool_t *pool = x->place == HTTP_PLACE_HASH      ? conf->hash
                              : x->place == HTTP_PLACE_OUTSIDE ? conf->outside
                                                               : conf->io;

    ngx_memzero(&x->task, sizeof(x->task));
    x->task.ctx = x;
    x->task.handler = work;
    x->task.event.data = x;
    x->task.event.handler = work_done;
    x->task.event.log = r->connection->log;
    if (ngx_thread_task_post(pool, &x->task) != NGX_OK)
        return 0;
    ngx_add_timer(&x->task.event, POOL_TIMER_MS);
    r->main->blocked++;
    r->aio = 1;
    r->write_event_handler = resume;
    return 1;
}

/* Does what the handler asked for: sends its answer, or runs it again elsewhere. */
static void take_turn(struct exchange *x)
{
    ngx_http_request_t *r = x->r;

    if (x->turn == HTTP_TURN_DONE) {
        ngx_http_finalize_request(r, send_response(x));
        return;
    }
    if (++x->turns > TURNS_MAX) {
        ngx_http_finalize_request(r, send_problem(x, NGX_HTTP_INTERNAL_SERVER_ERROR));
        return;
    }
    struct text route = x->response.route;
    adapter_library->response_release(&x->response);
    x->place = x->turn == HTTP_TURN_HASH      ? HTTP_PLACE_HASH
               : x->turn == HTTP_TURN_OUTSIDE ? HTTP_PLACE_OUTSIDE
                                              : HTTP_PLACE_IO;
    if (!post(x)) {
        x->response.route = route;
        ngx_http_finalize_request(r, send_problem(x, NGX_HTTP_SERVICE_UNAVAILABLE));
    }
}

/* Lists the header fields as they came. Returns 0 or the status to refuse with. */
static ngx_uint_t fill_headers(struct exchange *x)
{
    ngx_http_request_t *r = x->r;
    size_t count = 0;
    for (ngx_list_part_t *part = &r->headers_in.headers.part; part != NULL; part = part->next)
        count += part->nelts;
    if (count > HTTP_REQUEST_HEADERS_MAX)
        return 431;

    struct http_header *headers = ngx_palloc(r->pool, (count + 1) * sizeof(*headers));
    if (headers == NULL)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    x->request.headers = headers;
    x->request.header_count = count;
    for (ngx_list_part_t *part = &r->headers_in.headers.part; part != NULL; part = part->next) {
        const ngx_table_elt_t *sent = part->elts;
        for (ngx_uint_t i = 0; i < part->nelts; i++, headers++) {
            headers->name = (struct text){(const char *)sent[i].lowcase_key, sent[i].key.len};
            headers->value = text_of_str(sent[i].value);
        }
    }
    return 0;
}

/* Makes the body one piece of memory. Returns 0 or the status to refuse with. */
static ngx_uint_t fill_body(struct exchange *x)
{
    ngx_http_request_t *r = x->r;
    ngx_http_request_body_t *sent = r->request_body;
    if (sent == NULL || sent->bufs == NULL)
        return 0;
    size_t len = 0;
    for (ngx_chain_t *link = sent->bufs; link != NULL; link = link->next) {
        if (link->buf->in_file)
            return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
        len += (size_t)(link->buf->last - link->buf->pos);
    }
    if (len > HTTP_REQUEST_BODY_MAX)
        return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
    if (sent->bufs->next == NULL) {
        x->request.body = (struct text){(const char *)sent->bufs->buf->pos, len};
        return 0;
    }
    u_char *body = ngx_pnalloc(r->pool, len + 1);
    if (body == NULL)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    x->request.body = (struct text){(const char *)body, len};
    for (ngx_chain_t *link = sent->bufs; link != NULL; link = link->next)
        body = ngx_cpymem(body, link->buf->pos, link->buf->last - link->buf->pos);
    return 0;
}

static enum http_method method_of(ngx_http_request_t *r)
{
    switch (r->method) {
    case NGX_HTTP_GET: return HTTP_GET;
    case NGX_HTTP_HEAD: return HTTP_HEAD;
    case NGX_HTTP_POST: return HTTP_POST;
    case NGX_HTTP_PUT: return HTTP_PUT;
    case NGX_HTTP_PATCH: return HTTP_PATCH;
    case NGX_HTTP_DELETE: return HTTP_DELETE;
    case NGX_HTTP_OPTIONS: return HTTP_OPTIONS;
    default: return HTTP_OTHER;
    }
}

/* Turns what nginx parsed into a request. Returns 0 or the status to refuse with. */
static ngx_uint_t fill_request(struct exchange *x)
{
    ngx_http_request_t *r = x->r;
    struct location_conf *conf = ngx_http_get_module_loc_conf(r, ngx_http_adapter_module);
    struct text uri = text_of_str(r->unparsed_uri);
    const char *mark = uri.len > 0 ? memchr(uri.at, '?', uri.len) : NULL;

    x->request.method = method_of(r);
    x->request.path = uri;
    if (mark != NULL) {
        x->request.path.len = (size_t)(mark - uri.at);
        x->request.query = (struct text){mark + 1, uri.len - x->request.path.len - 1};
    }
    x->request.peer = text_of_str(r->connection->addr_text);
    x->request.listener = (int)conf->listener;
#if (NGX_HTTP_SSL)
    x->request.secure = r->connection->ssl != NULL;
#endif
    ngx_uint_t refused = fill_headers(x);
    return refused ? refused : fill_body(x);
}

static void body_ready(ngx_http_request_t *r)
{
    struct exchange *x = ngx_http_get_module_ctx(r, ngx_http_adapter_module);
    if (x->answered)
        return;
    if (x->body_timer.timer_set)
        ngx_del_timer(&x->body_timer);

    ngx_uint_t refused = fill_request(x);
    if (refused) {
        ngx_http_finalize_request(r, send_problem(x, refused));
        return;
    }
    handle_here(x);
    take_turn(x);
}

/* client_body_timeout is the time between two reads; a client that drips bytes ends here. */
static void body_late(ngx_event_t *event)
{
    struct exchange *x = event->data;
    ngx_http_request_t *r = x->r;
    ngx_connection_t *c = r->connection;

    ngx_http_set_log_request(c->log, r);
    x->answered = 1;
    r->keepalive = 0;
    r->read_event_handler = ngx_http_block_reading;
    if (c->read->timer_set)
        ngx_del_timer(c->read);
#if (NGX_HTTP_V2)
    if (r->stream != NULL)
        r->stream->skip_data = 1;
#endif
    ngx_http_finalize_request(r, send_problem(x, NGX_HTTP_REQUEST_TIME_OUT));
    ngx_http_run_posted_requests(c);
}

/* With the request's pool: after the last byte, or after the client went away. */
static void exchange_end(void *data)
{
    struct exchange *x = data;
    if (x->body_timer.timer_set)
        ngx_del_timer(&x->body_timer);
    if (adapter_library != NULL)
        adapter_library->response_release(&x->response);
}

static struct exchange *exchange_start(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(r->pool, sizeof(struct exchange));
    if (cleanup == NULL)
        return NULL;
    struct exchange *x = cleanup->data;
    ngx_memzero(x, sizeof(*x));
    x->r = r;
    x->body_timer.data = x;
    x->body_timer.handler = body_late;
    x->body_timer.log = r->connection->log;
    cleanup->handler = exchange_end;
    ngx_http_set_ctx(r, x, ngx_http_adapter_module);
    return x;
}

ngx_int_t exchange_request(ngx_http_request_t *r)
{
    struct exchange *x = exchange_start(r);
    if (x == NULL)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    if (adapter_library == NULL) {
        ngx_int_t rc = ngx_http_discard_request_body(r);
        return rc == NGX_OK ? send_problem(x, NGX_HTTP_SERVICE_UNAVAILABLE) : rc;
    }
    r->request_body_in_single_buf = 1;
    ngx_int_t rc = ngx_http_read_client_request_body(r, body_ready);
    if (rc >= NGX_HTTP_SPECIAL_RESPONSE)
        return rc;
    if (rc == NGX_AGAIN) {
        struct location_conf *conf = ngx_http_get_module_loc_conf(r, ngx_http_adapter_module);
        ngx_add_timer(&x->body_timer, conf->body_time);
    }
    return NGX_DONE;
}

ngx_int_t exchange_problem(ngx_http_request_t *r)
{
    struct exchange *x = exchange_start(r);
    if (x == NULL)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    ngx_int_t rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK)
        return rc;
    return send_problem(x, r->err_status ? r->err_status : NGX_HTTP_NOT_FOUND);
}
