#include "standin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

enum {
    SLOW_MS = 1500, /* shorter than any client waits */
    HANG_MS = 60000,
    CONNECTIONS_MAX = 64,
    CONNECTION_SECONDS = 20,
    STATUS_USAGE = 64,
    HOST_MAX = 64,
};

enum mode { MODE_OK, MODE_SLOW, MODE_WRONG, MODE_DOWN, MODE_HANG, MODES };
static const char *const mode_words[MODES] = {"ok", "slow", "wrong", "down", "hang"};
static _Atomic int mode;

static struct {
    const struct standin *is;
    struct config config;
    struct clock clock;
    char key[PROVIDER_KEY_MAX];
    size_t key_len;
    char host[HOST_MAX], host_by_name[HOST_MAX];
} self;

struct upload {
    char body[STANDIN_BODY_MAX];
    size_t len;
    bool too_long;
};

const struct clock *standin_clock(void)
{
    return &self.clock;
}

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
                            "form-action 'self'; frame-ancestors 'none'");
    if (status == MHD_HTTP_SEE_OTHER) {
        MHD_add_response_header(r, "Location", "/");
    }
    queued = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return queued;
}

enum MHD_Result standin_say(struct MHD_Connection *c, unsigned status, const char *json)
{
    return answer(c, status, "application/json", json, strlen(json));
}

enum MHD_Result standin_give(struct MHD_Connection *c, const char *type, char *body, size_t len)
{
    enum MHD_Result r = body ? answer(c, MHD_HTTP_OK, type, body, len)
                             : standin_say(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "{}");

    free(body);
    return r;
}

static const char *header(struct MHD_Connection *c, const char *name)
{
    const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);

    return value ? value : "";
}

/* --- signed requests --- */

static bool signature_is_good(struct MHD_Connection *c, struct text body)
{
    char want[PROVIDER_SIGNATURE_HEX + 1];
    const char *got = header(c, "X-Anju-Signature");
    int64_t seconds, now = (int64_t)time(NULL);

    if (!text_to_int(text_of(header(c, "X-Anju-Time")), &seconds) ||
        strlen(got) != PROVIDER_SIGNATURE_HEX || seconds < now - PROVIDER_TIME_SLACK_S ||
        seconds > now + PROVIDER_TIME_SLACK_S) {
        return false;
    }
    provider_sign(self.key, self.key_len, seconds, body, want);
    return sodium_memcmp(want, got, PROVIDER_SIGNATURE_HEX) == 0;
}

static enum MHD_Result signed_route(struct MHD_Connection *c, const struct upload *u)
{
    struct text body = {u->body, u->len};

    switch (atomic_load(&mode)) {
    case MODE_DOWN: return standin_say(c, MHD_HTTP_SERVICE_UNAVAILABLE, "{}");
    case MODE_WRONG: return answer(c, MHD_HTTP_OK, "text/html", "<p>Welcome</p>", 14);
    case MODE_SLOW: poll(NULL, 0, SLOW_MS); break;
    case MODE_HANG:
        for (int ms = 0; ms < HANG_MS && atomic_load(&mode) == MODE_HANG; ms += 100) {
            poll(NULL, 0, 100);
        }
        break;
    default: break;
    }
    if (!signature_is_good(c, body)) {
        return standin_say(c, MHD_HTTP_UNAUTHORIZED, "{\"status\":\"signature\"}");
    }
    return self.is->take(c, body);
}

/* --- moods --- */

static bool mode_set(const char *word, size_t len)
{
    for (int i = 0; i < MODES; i++) {
        if (strlen(mode_words[i]) == len && memcmp(mode_words[i], word, len) == 0) {
            atomic_store(&mode, i);
            return true;
        }
    }
    return false;
}

/* The page's own form; a form of another site has another Origin. */
static enum MHD_Result form_route(struct MHD_Connection *c, const struct upload *u)
{
    static const char field[] = "mode=";
    const char *origin = header(c, "Origin");

    if (strncmp(origin, "http://", 7) != 0 || strcasecmp(origin + 7, header(c, "Host")) != 0) {
        return standin_say(c, MHD_HTTP_FORBIDDEN, "{}");
    }
    if (u->len < sizeof field || memcmp(u->body, field, sizeof field - 1) != 0 ||
        !mode_set(u->body + sizeof field - 1, u->len - (sizeof field - 1))) {
        return standin_say(c, MHD_HTTP_BAD_REQUEST, "{}");
    }
    return answer(c, MHD_HTTP_SEE_OTHER, "text/plain", "", 0);
}

static enum MHD_Result control_route(struct MHD_Connection *c, const struct upload *u)
{
    json_t *body = json_loadb(u->body, u->len, 0, NULL);
    const char *word = json_string_value(json_object_get(body, "mode"));
    bool known = word && mode_set(word, strlen(word));

    json_decref(body);
    return known ? standin_say(c, MHD_HTTP_OK, "{}") : standin_say(c, MHD_HTTP_BAD_REQUEST, "{}");
}

/* --- what came --- */

static enum MHD_Result post_route(struct MHD_Connection *c, const char *url, const struct upload *u)
{
    bool is_signed = strcmp(url, self.is->path) == 0;
    const char *type = header(c, "Content-Type");

    if (!is_signed && strcmp(url, "/control") != 0) {
        return standin_say(c, MHD_HTTP_NOT_FOUND, "{}");
    }
    if (u->too_long) {
        return standin_say(c, MHD_HTTP_CONTENT_TOO_LARGE, "{}");
    }
    if (!is_signed && strcasecmp(type, "application/x-www-form-urlencoded") == 0) {
        return form_route(c, u);
    }
    /* A page of another site can send forms here, but not this type. */
    if (strcasecmp(type, "application/json") != 0) {
        return standin_say(c, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "{}");
    }
    return is_signed ? signed_route(c, u) : control_route(c, u);
}

extern const char standin_style[]; /* style.c */

static enum MHD_Result get_route(struct MHD_Connection *c, const char *url)
{
    enum MHD_Result r;

    if (strcmp(url, "/style.css") == 0) {
        return answer(c, MHD_HTTP_OK, "text/css; charset=utf-8", standin_style,
                      strlen(standin_style));
    }
    r = self.is->get(c, url);
    return r == MHD_NO ? standin_say(c, MHD_HTTP_NOT_FOUND, "{}") : r;
}

/* A site whose name leads here must not read what is here. */
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
        return standin_say(c, MHD_HTTP_FORBIDDEN, "{}");
    }
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0) {
        return get_route(c, url);
    }
    return strcmp(method, "POST") == 0 ? post_route(c, url, u)
                                       : standin_say(c, MHD_HTTP_METHOD_NOT_ALLOWED, "{}");
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
    const char *key_file;
    enum result r;

    snprintf(path, sizeof path, "%.1000s/anju.yaml", home);
    if (access(path, R_OK) != 0) { /* config_load would make a home there */
        return error_set(err, RESULT_CONFIG, "%.300s is not a home folder", home);
    }
    setenv("ANJU_HOME", home, 1);
    r = config_load(&self.config, err);
    if (r == RESULT_OK && !self.config.demo) {
        r = error_set(err, RESULT_CONFIG,
                      "%.300s is not a demo home: a stand-in has no business with real people",
                      home);
    }
    if (r == RESULT_OK) {
        r = config_clock(&self.config, &self.clock, err);
    }
    key_file = (const char *)&self.config + self.is->key_file;
    if (r == RESULT_OK) {
        r = provider_key_make(key_file, err);
    }
    if (r == RESULT_OK) {
        r = provider_key_read(key_file, self.key, &self.key_len, err);
    }
    return r == RESULT_OK && self.is->open ? self.is->open(&self.config, err) : r;
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

int standin_main(const struct standin *s, int argc, char **argv)
{
    struct error err = {0};
    char program[32];
    int64_t port;
    enum result r;

    self.is = s;
    if (argc != 3 || !text_to_int(text_of(argv[1]), &port) || port < 1 || port > 65535) {
        fprintf(stderr, "usage: anju-standin-%s PORT HOME\n", s->name);
        return STATUS_USAGE;
    }
    snprintf(program, sizeof program, "standin-%s", s->name);
    log_start(program, LOG_INFO);
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
        fprintf(stderr, "anju-standin-%s: %s\n", s->name, err.sentence);
        return result_exit_status(r);
    }
    log_event(LOG_INFO, "standin-started", "address", self.host, NULL);
    for (;;) {
        pause();
    }
}

/* --- pages --- */

void page_text(FILE *out, const char *text)
{
    for (const char *s = text; *s; s++) {
        switch (*s) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        case '\'': fputs("&#39;", out); break;
        default: putc(*s, out); break;
        }
    }
}

void page_begin(FILE *out, const char *title, const char *head)
{
    fputs("<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
          out);
    fprintf(out, "%s<title>%s</title>\n", head, title);
    fputs("<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n", out);
}

void page_moods(FILE *out)
{
    static const char *const words[MODES] = {
        "正常 <span lang=\"en\">answers</span>", "慢 <span lang=\"en\">slow</span>",
        "答错 <span lang=\"en\">nonsense</span>", "停用 <span lang=\"en\">down</span>",
        "不应答 <span lang=\"en\">hangs</span>"};
    int now = atomic_load(&mode);

    fputs("<form method=\"post\" action=\"/control\" class=\"moods\">\n", out);
    for (int i = 0; i < MODES; i++) {
        fprintf(out, "<button name=\"mode\" value=\"%s\"%s>%s</button>\n", mode_words[i],
                i == now ? " aria-pressed=\"true\"" : "", words[i]);
    }
    fputs("</form>\n", out);
}

void page_end(FILE *out)
{
    fputs("</body>\n</html>\n", out);
}
