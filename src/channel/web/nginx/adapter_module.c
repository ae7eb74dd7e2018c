/*
 * nginx module: hands requests to a library of handlers and sends what they answer.
 *
 * Each worker loads the library when it starts; exchange.c has the life of one request. Neither
 * knows what the library does.
 *
 * Directives
 *   adapter_library PATH;     http: shared object that exports `adapter_face` (see adapter.h)
 *   adapter_argument TEXT;    http: what the library's worker_start is given
 *   adapter [LISTENER];       location: requests go to the library, with this listener number (0)
 *   adapter_body_time TIME;   http, server, location: a whole body must arrive within (15s)
 *   adapter_problem;          location: answers nginx's own errors; the target of error_page
 *   thread_pool io|hash|outside …;   nginx's own, in the main context: all three must exist
 * Variables
 *   $adapter_route, $adapter_code   route template and error code of the answer, for the log
 */
#include "channel/web/nginx/exchange.h"

#include <dlfcn.h>
#include <signal.h>
#include <sys/prctl.h>

const struct adapter_face *adapter_library;

enum { BODY_TIME_DEFAULT_MS = 15 * 1000 };

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
    static ngx_str_t io = ngx_string("io"), hash = ngx_string("hash"),
                     outside = ngx_string("outside");
    struct main_conf *conf = ngx_http_conf_get_module_main_conf(cf, ngx_http_adapter_module);
    if (conf->library.len == 0)
        return NGX_OK;
    conf->io = ngx_thread_pool_add(cf, &io);
    conf->hash = ngx_thread_pool_add(cf, &hash);
    conf->outside = ngx_thread_pool_add(cf, &outside);
    return conf->io != NULL && conf->hash != NULL && conf->outside != NULL ? NGX_OK : NGX_ERROR;
}

/* A worker without its library answers 503: workers that exit would be started for ever. */
static ngx_int_t worker_start(ngx_cycle_t *cycle)
{
    struct main_conf *conf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_adapter_module);
    if ((ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE) || conf == NULL ||
        conf->library.len == 0)
        return NGX_OK;

    /* A worker whose master was killed would keep the port and answer for ever. */
    if (ngx_process == NGX_PROCESS_WORKER)
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);

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
    adapter_library = found;
    return NGX_OK;
}

static void worker_stop(ngx_cycle_t *cycle)
{
    if (adapter_library != NULL)
        adapter_library->worker_stop();
}

static char *set_handler(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
    ngx_http_core_loc_conf_t *core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    struct location_conf *location = conf;
    ngx_str_t *words = cf->args->elts;

    core->handler = exchange_request;
    location->listener = 0;
    if (cf->args->nelts > 1)
        location->listener = ngx_atoi(words[1].data, words[1].len);
    return location->listener == NGX_ERROR ? "has a listener that is no number" : NGX_CONF_OK;
}

static char *set_problem(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
    ngx_http_core_loc_conf_t *core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    core->handler = exchange_problem;
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
    NGX_MODULE_V1, &context, commands, NGX_HTTP_MODULE, NULL, NULL,
    worker_start,  NULL,     NULL,     worker_stop,     NULL, NGX_MODULE_V1_PADDING,
};
