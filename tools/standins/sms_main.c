/* anju-standin-sms PORT HOME: stands in for the SMS gateway of a demo home, on loopback.
 *
 *     POST /send        what src/provider/sms.h describes
 *     GET  /messages    JSON, newest first, at most 200; ?to=10012345678: of one phone
 *     GET  /            the same as a page
 *     POST /control     {"mode": "ok" | "slow" | "down" | "wrong"}: for tests of what goes wrong
 */
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "config/config.h"
#include "provider/sms.h"
#include "sms_page.h"

enum {
    BODY_MAX = 16384,
    LIST_MAX = 200,
    PAGE_LIST_MAX = 50,
    SLOW_MS = 3000, /* longer than connecting may take, shorter than the whole */
    CONNECTIONS_MAX = 64,
    CONNECTION_SECONDS = 20,
    STATUS_USAGE = 64,
    HOST_MAX = 64,
};

enum mode { MODE_OK, MODE_SLOW, MODE_DOWN, MODE_WRONG };
static _Atomic int mode;

static struct {
    struct config config;
    struct clock clock;
    char key[SMS_KEY_MAX];
    size_t key_len;
    char host[HOST_MAX], host_by_name[HOST_MAX];
} self;

struct upload {
    char body[BODY_MAX];
    size_t len;
    bool too_long;
};

/* --- answers --- */

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, const char *type,
                              const char *body, size_t len)
{
    struct MHD_Response *r =
        MHD_create_response_from_buffer(len, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result queued;

    if (!r) {
        return MHD_NO;
    }
    MHD_add_response_header(r, "Content-Type", type);
    MHD_add_response_header(r, "Cache-Control", "no-store");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(r, "Content-Security-Policy",
                            "default-src 'none'; style-src 'self'; base-uri 'none'; "
                            "form-action 'none'; frame-ancestors 'none'");
    queued = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return queued;
}

static enum MHD_Result say(struct MHD_Connection *c, unsigned status, const char *json)
{
    return answer(c, status, "application/json", json, strlen(json));
}

static enum MHD_Result give(struct MHD_Connection *c, const char *type, char *body, size_t len)
{
    enum MHD_Result r = body ? answer(c, MHD_HTTP_OK, type, body, len)
                             : say(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "{}");

    free(body);
    return r;
}

static const char *header(struct MHD_Connection *c, const char *name)
{
    const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);

    return value ? value : "";
}

/* --- POST /send --- */

static bool signature_is_good(struct MHD_Connection *c, struct text body)
{
    char want[SMS_SIGNATURE_HEX + 1];
    const char *got = header(c, "X-Anju-Signature");
    int64_t seconds, now = (int64_t)time(NULL);

    if (!text_to_int(text_of(header(c, "X-Anju-Time")), &seconds) ||
        strlen(got) != SMS_SIGNATURE_HEX || seconds < now - SMS_TIME_SLACK_S ||
        seconds > now + SMS_TIME_SLACK_S) {
        return false;
    }
    sms_sign(self.key, self.key_len, seconds, body, want);
    return sodium_memcmp(want, got, SMS_SIGNATURE_HEX) == 0;
}

static enum MHD_Result take_message(struct MHD_Connection *c, const struct upload *u)
{
    json_t *body = json_loadb(u->body, u->len, 0, NULL);
    enum sent_outcome outcome =
        sent_add(text_of(json_string_value(json_object_get(body, "id"))),
                 text_of(json_string_value(json_object_get(body, "to"))),
                 text_of(json_string_value(json_object_get(body, "text"))), clock_now(&self.clock));

    json_decref(body);
    switch (outcome) {
    case SENT_NEW: return say(c, MHD_HTTP_OK, "{\"status\":\"accepted\"}");
    case SENT_AGAIN: return say(c, MHD_HTTP_OK, "{\"status\":\"duplicate\"}");
    default: return say(c, MHD_HTTP_UNPROCESSABLE_CONTENT, "{\"status\":\"refused\"}");
    }
}

static enum MHD_Result send_route(struct MHD_Connection *c, const struct upload *u)
{
    switch (atomic_load(&mode)) {
    case MODE_DOWN: return say(c, MHD_HTTP_SERVICE_UNAVAILABLE, "{}");
    case MODE_WRONG: return answer(c, MHD_HTTP_OK, "text/html", "<p>Welcome</p>", 14);
    case MODE_SLOW: poll(NULL, 0, SLOW_MS); break;
    default: break;
    }
    if (!signature_is_good(c, (struct text){u->body, u->len})) {
        return say(c, MHD_HTTP_UNAUTHORIZED, "{\"status\":\"signature\"}");
    }
    return take_message(c, u);
}

/* --- the others --- */

static enum MHD_Result control_route(struct MHD_Connection *c, const struct upload *u)
{
    static const char *const words[] = {"ok", "slow", "down", "wrong"};
    json_t *body = json_loadb(u->body, u->len, 0, NULL);
    const char *word = json_string_value(json_object_get(body, "mode"));
    bool known = false;

    for (int i = 0; i < 4 && word; i++) {
        if (strcmp(word, words[i]) == 0) {
            atomic_store(&mode, i);
            known = true;
        }
    }
    json_decref(body);
    return known ? say(c, MHD_HTTP_OK, "{}") : say(c, MHD_HTTP_BAD_REQUEST, "{}");
}

static enum MHD_Result list_route(struct MHD_Connection *c, bool page)
{
    const char *to = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "to");
    struct sent *list = calloc(LIST_MAX, sizeof *list);
    enum MHD_Result r;
    size_t count, len = 0;
    char *body;

    if (!list) {
        return say(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "{}");
    }
    count = sent_list(text_of(to), list, page ? PAGE_LIST_MAX : LIST_MAX);
    body =
        page ? sms_page(&self.clock, list, count, &len) : sms_json(&self.clock, list, count, &len);
    r = give(c, page ? "text/html; charset=utf-8" : "application/json", body, len);
    free(list);
    return r;
}

static enum MHD_Result post_route(struct MHD_Connection *c, const char *url, const struct upload *u)
{
    bool sending = strcmp(url, "/send") == 0;

    if (!sending && strcmp(url, "/control") != 0) {
        return say(c, MHD_HTTP_NOT_FOUND, "{}");
    }
    if (u->too_long) {
        return say(c, MHD_HTTP_CONTENT_TOO_LARGE, "{}");
    }
    /* A page of another site can send forms here, but not this type. */
    if (strcasecmp(header(c, "Content-Type"), "application/json") != 0) {
        return say(c, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "{}");
    }
    return sending ? send_route(c, u) : control_route(c, u);
}

static enum MHD_Result get_route(struct MHD_Connection *c, const char *url)
{
    if (strcmp(url, "/") == 0) {
        return list_route(c, true);
    }
    if (strcmp(url, "/messages") == 0) {
        return list_route(c, false);
    }
    if (strcmp(url, "/style.css") == 0) {
        return answer(c, MHD_HTTP_OK, "text/css; charset=utf-8", sms_style, strlen(sms_style));
    }
    return say(c, MHD_HTTP_NOT_FOUND, "{}");
}

/* A site whose name leads here must not read the codes. */
static bool host_is_own(struct MHD_Connection *c)
{
    const char *host = header(c, "Host");

    return strcasecmp(host, self.host) == 0 || strcasecmp(host, self.host_by_name) == 0;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **state)
{
    struct upload *u = *state;

    (void)context, (void)version;
    if (!u) {
        *state = u = calloc(1, sizeof *u);
        return u ? MHD_YES : MHD_NO;
    }
    if (*size > 0) {
        if (*size > sizeof u->body - u->len) {
            u->too_long = true;
        } else {
            memcpy(u->body + u->len, data, *size);
            u->len += *size;
        }
        *size = 0;
        return MHD_YES;
    }
    if (!host_is_own(c)) {
        return say(c, MHD_HTTP_FORBIDDEN, "{}");
    }
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0) {
        return get_route(c, url);
    }
    return strcmp(method, "POST") == 0 ? post_route(c, url, u)
                                       : say(c, MHD_HTTP_METHOD_NOT_ALLOWED, "{}");
}

static void forget(void *context, struct MHD_Connection *c, void **state,
                   enum MHD_RequestTerminationCode why)
{
    (void)context, (void)c, (void)why;
    free(*state);
}

/* --- start --- */

static enum result open_home(const char *home, struct error *err)
{
    char path[CONFIG_PATH_MAX + 32];
    enum result r;

    snprintf(path, sizeof path, "%.1000s/anju.yaml", home);
    if (access(path, R_OK) != 0) { /* config_load would make a home there */
        return error_set(err, RESULT_CONFIG, "%.300s is not a home folder", home);
    }
    setenv("ANJU_HOME", home, 1);
    r = config_load(&self.config, err);
    if (r == RESULT_OK && !self.config.demo) {
        r = error_set(err, RESULT_CONFIG,
                      "%.300s is not a demo home: a stand-in would show real people's codes", home);
    }
    if (r == RESULT_OK) {
        r = config_clock(&self.config, &self.clock, err);
    }
    if (r == RESULT_OK) {
        r = sms_key_make(self.config.sms_key_file, err);
    }
    if (r == RESULT_OK) {
        r = sms_key_read(self.config.sms_key_file, self.key, &self.key_len, err);
    }
    return r;
}

static struct MHD_Daemon *listen_on(uint16_t port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };

    snprintf(self.host, sizeof self.host, "127.0.0.1:%u", port);
    snprintf(self.host_by_name, sizeof self.host_by_name, "localhost:%u", port);
    return MHD_start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ITC, port, NULL,
        NULL, handle, NULL, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_NOTIFY_COMPLETED, forget, NULL,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CONNECTION_SECONDS, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
}

int main(int argc, char **argv)
{
    struct error err = {0};
    int64_t port;
    enum result r;

    if (argc != 3 || !text_to_int(text_of(argv[1]), &port) || port < 1 || port > 65535) {
        fputs("usage: anju-standin-sms PORT HOME\n", stderr);
        return STATUS_USAGE;
    }
    log_start("standin-sms", LOG_INFO);
    /* Nothing is lost by ending at once: what it has is in memory. */
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    r = open_home(argv[2], &err);
    if (r == RESULT_OK && !listen_on((uint16_t)port)) {
        r = error_set(&err, RESULT_IO, "cannot listen on 127.0.0.1:%d: %s", (int)port,
                      strerror(errno));
    }
    if (r != RESULT_OK) {
        fprintf(stderr, "anju-standin-sms: %s\n", err.sentence);
        return result_exit_status(r);
    }
    log_event(LOG_INFO, "standin-started", "address", self.host, NULL);
    for (;;) {
        pause();
    }
}
