/* What the two files of the module share: its configuration and one request's state. */
#ifndef ADAPTER_EXCHANGE_H
#define ADAPTER_EXCHANGE_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include <ngx_thread_pool.h>

#include "channel/web/nginx/adapter.h"

struct main_conf {
    ngx_str_t library;
    ngx_str_t argument;
    ngx_thread_pool_t *io;
    ngx_thread_pool_t *hash;
    ngx_thread_pool_t *outside;
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

extern ngx_module_t ngx_http_adapter_module;

/* The library of this worker; NULL when it could not be loaded or refused to start. */
extern const struct adapter_face *adapter_library;

/* Content handlers of `adapter`, and of `adapter_problem`, where error_page leads. */
ngx_int_t exchange_request(ngx_http_request_t *r);
ngx_int_t exchange_problem(ngx_http_request_t *r);

#endif
