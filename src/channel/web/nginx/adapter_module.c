/*
 * nginx module: hands requests to a library of handlers and sends what they answer.
 *
 * Each worker loads the library when it starts. A request's body is read whole, the request is
 * turned into plain values, and the handler is called in the event loop. When the handler asks for
 * it, it is called again in a thread of one of two pools, exactly as nginx's own file reads are:
 * `blocked` keeps the request alive although its client may be gone, and the completion runs in
 * the event loop. What a handler wrote is freed with the request's pool, which nginx destroys
 * after the last byte was sent or the client went away, whatever phase that happens in.
 *
 * Directives
 *   adapter_library PATH;     http: shared object that exports `adapter_face` (see adapter.h)
 *   adapter_argument TEXT;    http: what the library's worker_start is given
 *   adapter [LISTENER];       location: requests go to the library, with this listener number (0)
 *   adapter_body_time TIME;   http, server, location: a whole body must arrive within (15s)
 *   adapter_problem;          location: answers nginx's own errors; the target of error_page
 *   thread_pool io …; thread_pool hash …;   nginx's own, in the main context: both must exist
 * Variables
 *   $adapter_route, $adapter_code   route template and error code of the answer, for the log
 */
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include <ngx_thread_pool.h>

#include <dlfcn.h>
#include <sys/resource.h>

#include "channel/web/nginx/adapter.h"

enum {
    /* How often a handler may ask to run again elsewhere: loop, database, hash, database. */
    TURNS_MAX = 4,
    /* Hashing must not slow quick answers down on a busy machine. */
    HASH_NICE = 10,
    BODY_TIME_DEFAULT_MS = 15 * 1000,
    PROBLEM_MAX = 256,
};

struct main_conf {
    ngx_str_t library;
    ngx_str_t argument;
    ngx_thread_pool_t *io;
    ngx_thread_pool_t *hash;
};

struct location_conf {
    ngx_int_t listener;
    ngx_msec_t body_time;
};

/* One request from its headers to its last byte; lives in the request's pool. */
struct exchange {
    ngx_http_request_t *r;
    struct http_request request;
    struct http_response response;
    enum http_place place;
    enum http_turn turn;
    ngx_uint_t turns;
    ngx_uint_t answered; /* the body came too late and an answer was sent */
    ngx_event_t body_timer;
    ngx_thread_task_t task;
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
    {503, "busy", "The service is busy; try again.", "retry-after", "2"},
};

/* Every other status below 500, and from 500. */
static const struct problem problem_refused = {400, "bad-request", "This is refused.", NULL, NULL};
static const struct problem problem_failed = {500, "our-fault", "The service failed.", NULL, NULL};

extern ngx_module_t ngx_http_adapter_module;

/* The library of this worker; NULL when it could not be loaded or refused to start. */
static const struct adapter_face *face;

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
    if (face != NULL)
        face->response_release(&x->response);
    x->response.route = route;
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

/* In a thread of a pool: nothing of nginx may be touched here. */
static void work(void *data, ngx_log_t *log)
{
    static __thread int niced;
    struct exchange *x = data;

    if (x->place == HTTP_PLACE_HASH && !niced) {
        (void)setpriority(PRIO_PROCESS, 0, HASH_NICE); /* on Linux: this thread only */
        niced = 1;
    }
    x->turn = face->handle(&x->request, &x->response, x->place);
}

/* In the event loop, after work(). The client may be gone: then nginx has put a finalizer here. */
static void work_done(ngx_event_t *event)
{
    struct exchange *x = event->data;
    ngx_http_request_t *r = x->r;
    ngx_connection_t *c = r->connection;

    ngx_http_set_log_request(c->log, r);
    r->main->blocked--;
    r->aio = 0;
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
    ngx_thread_pool_t *pool = x->place == HTTP_PLACE_HASH ? conf->hash : conf->io;

    ngx_memzero(&x->task, sizeof(x->task));
    x->task.ctx = x;
    x->task.handler = work;
    x->task.event.data = x;
    x->task.event.handler = work_done;
    if (ngx_thread_task_post(pool, &x->task) != NGX_OK)
        return 0;
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
    face->response_release(&x->response);
    x->place = x->turn == HTTP_TURN_HASH ? HTTP_PLACE_HASH : HTTP_PLACE_IO;
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
    x->place = HTTP_PLACE_LOOP;
    x->turn = face->handle(&x->request, &x->response, x->place);
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
    if (face != NULL)
        face->response_release(&x->response);
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

/* Content handler of `adapter`. */
static ngx_int_t handle_request(ngx_http_request_t *r)
{
    struct exchange *x = exchange_start(r);
    if (x == NULL)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    if (face == NULL) {
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

/* Content handler of `adapter_problem`, where error_page leads. */
static ngx_int_t handle_problem(ngx_http_request_t *r)
{
    struct exchange *x = exchange_start(r);
    if (x == NULL)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    ngx_int_t rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK)
        return rc;
    x->response.route = text_of_z("error");
    return send_problem(x, r->err_status ? r->err_status : NGX_HTTP_NOT_FOUND);
}

static ngx_int_t get_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t code)
{
    struct exchange *x = ngx_http_get_module_ctx(r, ngx_http_adapter_module);
    struct text value = {0};
    if (x != NULL)
        value = code ? x->response.code : x->response.route;
    v->valid = 1;
    v->no_cacheable = 1;
    v->not_found = 0;
    v->data = (u_char *)value.at;
    v->len = (unsigned)value.len;
    return NGX_OK;
}

static ngx_int_t add_variables(ngx_conf_t *cf)
{
    static ngx_str_t names[] = {ngx_string("adapter_route"), ngx_string("adapter_code")};
    for (uintptr_t i = 0; i < 2; i++) {
        ngx_http_variable_t *v = ngx_http_add_variable(cf, &names[i], NGX_HTTP_VAR_NOCACHEABLE);
        if (v == NULL)
            return NGX_ERROR;
        v->get_handler = get_variable;
        v->data = i;
    }
    return NGX_OK;
}

static ngx_int_t add_pools(ngx_conf_t *cf)
{
    static ngx_str_t io = ngx_string("io"), hash = ngx_string("hash");
    struct main_conf *conf = ngx_http_conf_get_module_main_conf(cf, ngx_http_adapter_module);
    if (conf->library.len == 0)
        return NGX_OK;
    conf->io = ngx_thread_pool_add(cf, &io);
    conf->hash = ngx_thread_pool_add(cf, &hash);
    return conf->io != NULL && conf->hash != NULL ? NGX_OK : NGX_ERROR;
}

/* A worker without its library answers 503: workers that exit would be started for ever. */
static ngx_int_t worker_start(ngx_cycle_t *cycle)
{
    struct main_conf *conf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_adapter_module);
    if ((ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE) || conf == NULL ||
        conf->library.len == 0)
        return NGX_OK;

    /* The tokens of nginx's configuration end in NUL. */
    void *library = dlopen((const char *)conf->library.data, RTLD_NOW | RTLD_LOCAL);
    const struct adapter_face *found = library ? dlsym(library, ADAPTER_SYMBOL) : NULL;
    if (found == NULL) {
        ngx_log_error(NGX_LOG_CRIT, cycle->log, 0, "adapter: %s", dlerror());
        return NGX_OK;
    }
    if (found->abi != ADAPTER_ABI) {
        ngx_log_error(NGX_LOG_CRIT, cycle->log, 0, "adapter: %V has abi %uD, this module %d",
                      &conf->library, found->abi, ADAPTER_ABI);
        return NGX_OK;
    }
    const char *argument = conf->argument.len > 0 ? (const char *)conf->argument.data : "";
    if (found->worker_start(argument) != 0) {
        ngx_log_error(NGX_LOG_CRIT, cycle->log, 0, "adapter: %s did not start", found->name);
        return NGX_OK;
    }
    face = found;
    return NGX_OK;
}

static void worker_stop(ngx_cycle_t *cycle)
{
    if (face != NULL)
        face->worker_stop();
}

static char *set_handler(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
    ngx_http_core_loc_conf_t *core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    struct location_conf *location = conf;
    ngx_str_t *words = cf->args->elts;

    core->handler = handle_request;
    location->listener = 0;
    if (cf->args->nelts > 1)
        location->listener = ngx_atoi(words[1].data, words[1].len);
    return location->listener == NGX_ERROR ? "has a listener that is no number" : NGX_CONF_OK;
}

static char *set_problem(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
    ngx_http_core_loc_conf_t *core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    core->handler = handle_problem;
    return NGX_CONF_OK;
}

static void *create_main_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(struct main_conf));
}

static void *create_location_conf(ngx_conf_t *cf)
{
    struct location_conf *conf = ngx_pcalloc(cf->pool, sizeof(*conf));
    if (conf != NULL)
        conf->body_time = NGX_CONF_UNSET_MSEC;
    return conf;
}

static char *merge_location_conf(ngx_conf_t *cf, void *parent, void *child)
{
    struct location_conf *outer = parent, *conf = child;
    ngx_conf_merge_msec_value(conf->body_time, outer->body_time, BODY_TIME_DEFAULT_MS);
    return NGX_CONF_OK;
}

static ngx_command_t commands[] = {
    {ngx_string("adapter_library"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, ngx_conf_set_str_slot,
     NGX_HTTP_MAIN_CONF_OFFSET, offsetof(struct main_conf, library), NULL},
    {ngx_string("adapter_argument"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, ngx_conf_set_str_slot,
     NGX_HTTP_MAIN_CONF_OFFSET, offsetof(struct main_conf, argument), NULL},
    {ngx_string("adapter"), NGX_HTTP_LOC_CONF | NGX_CONF_NOARGS | NGX_CONF_TAKE1, set_handler,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("adapter_problem"), NGX_HTTP_LOC_CONF | NGX_CONF_NOARGS, set_problem,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("adapter_body_time"),
     NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF | NGX_CONF_TAKE1,
     ngx_conf_set_msec_slot, NGX_HTTP_LOC_CONF_OFFSET, offsetof(struct location_conf, body_time),
     NULL},
    ngx_null_command,
};

static ngx_http_module_t context = {
    add_variables, add_pools, create_main_conf,     NULL,
    NULL,          NULL,      create_location_conf, merge_location_conf,
};

ngx_module_t ngx_http_adapter_module = {
    NGX_MODULE_V1, &context, commands, NGX_HTTP_MODULE, NULL, NULL, worker_start, NULL,
    NULL, worker_stop, NULL, NGX_MODULE_V1_PADDING,
};
