/* The local listener: is it alive, can it answer, what has it done. No personal data. */
#include "base/log.h"
#include "channel/web/call.h"
#include "channel/web/metrics.h"

static void plain(struct http_response *response, int status, const char *words)
{
    response->status = status;
    response->content_type = TEXT("text/plain; charset=utf-8");
    http_response_write_z(response, words);
}

/* Reads a row of each store. */
static enum result stores_read(struct db *db, struct error *err)
{
    static const enum query_id queries[] = {QUERY_ledger_version, QUERY_desk_version};
    enum result r = db_begin(db, STORE_READ, err);

    if (r != RESULT_OK) {
        return r;
    }
    for (size_t i = 0; i < sizeof queries / sizeof *queries && r == RESULT_OK; i++) {
        struct stmt *q = db_query(db, queries[i]);

        r = stmt_step(q) == STMT_ROW ? RESULT_OK : db_failure(db, err);
        stmt_end(q);
    }
    db_rollback(db);
    return r;
}

/* Ready means: this worker can read both stores now. */
static void readyz(struct web *w, struct http_response *response)
{
    struct error err = {0};
    struct web_thread *t = web_thread_here(w, true, &err);

    if (!t || stores_read(t->db, &err) != RESULT_OK) {
        log_event(LOG_WARN, "not-ready", "why", err.sentence, NULL);
        plain(response, 503, "the store cannot be read\n");
        return;
    }
    plain(response, 200, "ready\n");
}

enum http_turn operations_handle(struct web *w, const struct http_request *request,
                                 struct http_response *response, enum http_place place)
{
    http_response_header(response, "cache-control", TEXT("no-store"));
    if (request->method != HTTP_GET && request->method != HTTP_HEAD) {
        plain(response, 405, "GET only\n");
    } else if (text_equal(request->path, TEXT("/healthz"))) {
        response->route = TEXT("/healthz");
        plain(response, 200, "alive\n");
    } else if (text_equal(request->path, TEXT("/readyz"))) {
        response->route = TEXT("/readyz");
        if (place == HTTP_PLACE_LOOP) {
            return HTTP_TURN_IO;
        }
        readyz(w, response);
    } else if (text_equal(request->path, TEXT("/metrics"))) {
        response->route = TEXT("/metrics");
        response->status = 200;
        response->content_type = TEXT("text/plain; version=0.0.4; charset=utf-8");
        metrics_write(w->metrics, response);
    } else {
        plain(response, 404, "/healthz, /readyz or /metrics\n");
    }
    return HTTP_TURN_DONE;
}
