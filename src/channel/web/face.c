/* What nginx's adapter loads: one web channel per worker process. */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "channel/web/metrics.h"
#include "channel/web/nginx/adapter.h"
#include "channel/web/web.h"

static struct web web;

static enum result open_web(struct web *w, bool again, struct error *err)
{
    enum result r;

    *w = (struct web){0};
    r = config_load(&w->config, err);
    if (r == RESULT_OK) {
        r = web_routes_check(err);
    }
    if (r == RESULT_OK) {
        r = config_clock(&w->config, &w->clock, err);
    }
    if (r == RESULT_OK && again) {
        config_go_by_kept(&w->config);
    }
    if (r == RESULT_OK) {
        r = policy_load(w->config.policy, &w->policy, err);
    }
    if (r == RESULT_OK && w->config.offices[0]) {
        r = policy_take_offices(w->policy, w->config.offices, err);
    }
    if (r == RESULT_OK) {
        r = vault_open(w->config.keys, false, &w->vault, err);
    }
    if (r == RESULT_OK) {
        r = again ? store_open_again(w->config.home, w->config.database, &w->store, err)
                  : store_open(w->config.home, w->config.database, &w->store, err);
    }
    if (r == RESULT_OK) {
        r = session_map_open(w->config.home, &w->desk.sessions, err);
    }
    if (r == RESULT_OK) {
        r = metrics_open(w->config.home, &w->metrics, err);
    }
    if (r == RESULT_OK) {
        r = checks_open(&w->config, &w->checks, err);
    }
    w->desk.config = &w->config;
    w->desk.clock = &w->clock;
    w->desk.vault = w->vault;
    w->service = (struct service){
        .config = &w->config, .clock = &w->clock, .policy = w->policy, .desk = &w->desk};
    if (r != RESULT_OK) {
        web_close(w);
    }
    return r;
}

enum result web_open(struct web *w, struct error *err)
{
    return open_web(w, false, err);
}

enum result web_open_again(struct web *w, struct error *err)
{
    return open_web(w, true, err);
}

void web_close(struct web *w)
{
    web_thread_end();
    checks_close(&w->checks);
    metrics_close(w->metrics);
    if (w->desk.sessions) {
        session_map_close(w->desk.sessions);
    }
    if (w->store) {
        store_close(w->store);
    }
    if (w->vault) {
        vault_close(w->vault);
    }
    policy_free(w->policy);
    *w = (struct web){0};
}

static int worker_start(const char *home)
{
    struct error err = {0};

    log_start("web", LOG_INFO);
    setenv("ANJU_HOME", home, 1);
    if (web_open_again(&web, &err) != RESULT_OK) {
        fprintf(stderr, "anju: %s\n", err.sentence);
        return 1;
    }
    web.has_turns = true;
    return 0;
}

static enum http_turn handle(const struct http_request *request, struct http_response *response,
                             enum http_place place)
{
    return web_handle(&web, request, response, place);
}

static void worker_stop(void)
{
    web_close(&web);
}

const struct adapter_face adapter_face = {
    .abi = ADAPTER_ABI,
    .name = "anju",
    .worker_start = worker_start,
    .handle = handle,
    .turn_over = web_turn_over,
    .response_release = http_response_release,
    .worker_stop = worker_stop,
};
