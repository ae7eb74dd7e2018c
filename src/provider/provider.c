/* The one place where requests to other parties are made. */
#include "provider/provider.h"

#include <curl/curl.h>
#include <poll.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "provider/breaker.h"

enum { URL_MAX = 300, HEADER_MAX = 160, STOP_LOOK_MS = 100 };

struct provider {
    struct provider_settings settings;
    char url[URL_MAX];
    char key[PROVIDER_KEY_MAX];
    size_t key_len;
    struct breaker breaker;
    /* A connection that nobody uses just now, kept for the next request. */
    pthread_mutex_t lock;
    CURL *idle;
};

/* One call: its connection, and what came back. */
struct ask {
    struct provider *p;
    CURL *curl;
    char answer[PROVIDER_ANSWER_MAX];
    size_t len;
    int tries;
};

static _Atomic uint64_t calls;

uint64_t provider_calls(void)
{
    return atomic_load(&calls);
}

static int64_t now_ms(void)
{
    return clock_monotonic_us() / 1000;
}

static bool stopping(const struct provider *p)
{
    return p->settings.stopping && p->settings.stopping();
}

bool provider_ready(struct provider *p)
{
    return breaker_ready(&p->breaker, now_ms());
}

/* --- connections --- */

static size_t take_answer(char *at, size_t size, size_t count, void *context)
{
    struct ask *a = context;

    if (size * count > sizeof a->answer - a->len) {
        return 0; /* ends the transfer */
    }
    memcpy(a->answer + a->len, at, size * count);
    a->len += size * count;
    return size * count;
}

static int go_on(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct ask *ask = context;

    (void)a, (void)b, (void)c, (void)d;
    return stopping(ask->p);
}

static CURL *connection_make(const struct provider *p)
{
    CURL *c = curl_easy_init();
    bool ok = c && curl_easy_setopt(c, CURLOPT_URL, p->url) == CURLE_OK;

    ok = ok && curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
    ok =
        ok && curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)PROVIDER_CONNECT_MS) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)p->settings.try_ms) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_NOPROXY, "127.0.0.1,localhost,::1") == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_answer) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, go_on) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) == CURLE_OK;
    if (!ok) {
        curl_easy_cleanup(c);
        return NULL;
    }
    return c;
}

static CURL *connection_take(struct provider *p)
{
    CURL *c;

    pthread_mutex_lock(&p->lock);
    c = p->idle;
    p->idle = NULL;
    pthread_mutex_unlock(&p->lock);
    return c ? c : connection_make(p);
}

static void connection_give_back(struct provider *p, CURL *c)
{
    pthread_mutex_lock(&p->lock);
    if (!p->idle) {
        p->idle = c;
        c = NULL;
    }
    pthread_mutex_unlock(&p->lock);
    curl_easy_cleanup(c);
}

/* --- one request --- */

static bool header_add(struct curl_slist **list, const char *line)
{
    struct curl_slist *more = curl_slist_append(*list, line);

    *list = more ? more : *list;
    return more != NULL;
}

static bool headers_write(const struct provider *p, struct text body, struct curl_slist **out)
{
    char signature[PROVIDER_SIGNATURE_HEX + 1], line[HEADER_MAX];
    int64_t seconds = (int64_t)time(NULL); /* not the home's clock: the others have the real one */
    bool ok;

    provider_sign(p->key, p->key_len, seconds, body, signature);
    ok = header_add(out, "Content-Type: application/json") && header_add(out, "Expect:");
    snprintf(line, sizeof line, "X-Anju-Time: %lld", (long long)seconds);
    ok = ok && header_add(out, line);
    snprintf(line, sizeof line, "X-Anju-Signature: %s", signature);
    return ok && header_add(out, line);
}

static enum result request(struct ask *a, struct text body, provider_reader read, void *out,
                           struct error *err)
{
    struct curl_slist *headers = NULL;
    const char *party = a->p->settings.party;
    CURLcode code;
    long status = 0;

    if (!headers_write(a->p, body, &headers)) {
        curl_slist_free_all(headers);
        return error_set(err, RESULT_MEMORY, "no memory to ask %s", party);
    }
    a->len = 0;
    a->tries++;
    atomic_fetch_add(&calls, 1);
    curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(a->curl, CURLOPT_POSTFIELDSIZE, (long)body.len);
    curl_easy_setopt(a->curl, CURLOPT_POSTFIELDS, body.at);
    code = curl_easy_perform(a->curl);
    curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) {
        return error_set(err, RESULT_IO, "%s does not answer: %s", party, curl_easy_strerror(code));
    }
    curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
    return read(status, (struct text){a->answer, a->len}, out, err);
}

/* One try through the breaker. */
static enum result try_once(struct ask *a, struct text body, provider_reader read, void *out,
                            struct error *err)
{
    struct breaker *b = &a->p->breaker;
    enum result r;

    if (!breaker_enter(b, now_ms())) {
        return error_set(err, RESULT_BUSY, "%s has failed too often and is not asked for a while",
                         a->p->settings.party);
    }
    r = request(a, body, read, out, err);
    if (r == RESULT_OK || r == RESULT_REFUSED) {
        breaker_succeeded(b);
    } else if (r == RESULT_IO && !stopping(a->p)) {
        breaker_failed(b, now_ms());
    } else {
        breaker_left(b);
    }
    return r;
}

/* Waits before the next try; false when the process is about to end. */
static bool pause_here(const struct provider *p)
{
    struct random random;
    int left;

    random_system(&random);
    left = PROVIDER_RETRY_MS - (int)random_below(&random, PROVIDER_RETRY_MS / 2 + 1);
    while (left > 0 && !stopping(p)) {
        poll(NULL, 0, left < STOP_LOOK_MS ? left : STOP_LOOK_MS);
        left -= STOP_LOOK_MS;
    }
    return !stopping(p);
}

/* The line that says that somebody was asked, and not about whom. */
static void note(const struct ask *a, enum result r, int64_t began)
{
    char ms[24], tries[12];

    snprintf(ms, sizeof ms, "%lld", (long long)(now_ms() - began));
    snprintf(tries, sizeof tries, "%d", a->tries);
    log_event(LOG_INFO, "provider-asked", "provider", a->p->settings.name, "outcome",
              result_word(r), "ms", ms, "tries", tries, NULL);
}

enum result provider_ask(struct provider *p, struct text body, provider_reader read, void *out,
                         struct error *err)
{
    struct ask a = {.p = p, .curl = connection_take(p)};
    int64_t began = now_ms();
    enum result r;

    if (!a.curl) {
        return error_set(err, RESULT_MEMORY, "no memory to ask %s", p->settings.party);
    }
    curl_easy_setopt(a.curl, CURLOPT_WRITEDATA, &a);
    curl_easy_setopt(a.curl, CURLOPT_XFERINFODATA, &a);
    r = try_once(&a, body, read, out, err);
    while (r == RESULT_IO && a.tries < p->settings.tries && pause_here(p)) {
        r = try_once(&a, body, read, out, err);
    }
    connection_give_back(p, a.curl);
    note(&a, r, began);
    sodium_memzero(a.answer, sizeof a.answer);
    return r;
}

/* --- opening --- */

enum result provider_open(const struct provider_settings *settings, struct provider **out,
                          struct error *err)
{
    struct provider *p = calloc(1, sizeof *p);
    size_t len = strlen(settings->url);
    enum result r = RESULT_OK;

    *out = NULL;
    if (!p) {
        return error_set(err, RESULT_MEMORY, "no memory for %s", settings->party);
    }
    p->settings = *settings;
    breaker_start(&p->breaker, settings->name);
    pthread_mutex_init(&p->lock, NULL);
    while (len > 0 && settings->url[len - 1] == '/') {
        len--;
    }
    if (len == 0 || len + strlen(settings->path) >= sizeof p->url) {
        r = error_set(err, RESULT_CONFIG,
                      "anju.yaml: %s: an address like https://provider.example is wanted",
                      settings->setting);
    }
    if (r == RESULT_OK) {
        snprintf(p->url, sizeof p->url, "%.*s%s", (int)len, settings->url, settings->path);
        r = provider_key_read(settings->key_file, p->key, &p->key_len, err);
    }
    if (r == RESULT_OK &&
        (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(p->idle = connection_make(p)))) {
        r = error_set(err, RESULT_INTERNAL, "libcurl cannot be set up for %s", p->url);
    }
    if (r == RESULT_OK) {
        *out = p;
    } else {
        provider_close(p);
    }
    return r;
}

void provider_close(struct provider *p)
{
    if (p) {
        curl_easy_cleanup(p->idle);
        pthread_mutex_destroy(&p->lock);
        breaker_end(&p->breaker);
        sodium_memzero(p, sizeof *p);
        free(p);
    }
}
