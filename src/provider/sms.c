/* Sending through the gateway, and not asking it when it has failed too often. */
#include "provider/sms.h"

#include <curl/curl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "base/log.h"

enum { URL_MAX = 300, ANSWER_MAX = 4096, BODY_MAX = 8192, HEADER_MAX = 160 };

struct sms {
    CURL *curl;
    char url[URL_MAX];
    char key[SMS_KEY_MAX];
    size_t key_len;
    bool (*stopping)(void);
    struct random random;
    char answer[ANSWER_MAX];
    size_t answer_len;
    /* The circuit breaker: closed while open_until is 0. */
    int failures;       /* in a row */
    int64_t open_until; /* monotonic ms; after it one message tries */
    int64_t pause;      /* of the last opening */
};

/* --- the circuit breaker --- */

static bool sms_ready(void *context)
{
    const struct sms *s = context;

    return s->open_until == 0 || clock_monotonic_us() / 1000 >= s->open_until;
}

static void note_success(struct sms *s)
{
    if (s->open_until != 0) {
        log_event(LOG_INFO, "gateway-back", NULL);
    }
    s->failures = 0;
    s->open_until = s->pause = 0;
}

/* After SMS_FAILURES_MAX failures in a row, and after each try that failed since, nothing is sent
 * for a while; the while is shortened at random, so that many services do not come back at once. */
static void note_failure(struct sms *s)
{
    s->failures++;
    if (s->failures < SMS_FAILURES_MAX) {
        return;
    }
    if (s->pause == 0) {
        log_event(LOG_ERROR, "gateway-away", NULL);
    }
    s->pause = s->pause == 0 ? SMS_PAUSE_MS : 2 * s->pause;
    s->pause = s->pause < SMS_PAUSE_MAX_MS ? s->pause : SMS_PAUSE_MAX_MS;
    s->open_until = clock_monotonic_us() / 1000 + s->pause -
                    (int64_t)random_below(&s->random, (uint64_t)s->pause / 4 + 1);
}

/* --- the request --- */

static size_t take_answer(char *at, size_t size, size_t count, void *context)
{
    struct sms *s = context;

    if (size * count > sizeof s->answer - s->answer_len) {
        return 0; /* ends the transfer: no gateway says so much */
    }
    memcpy(s->answer + s->answer_len, at, size * count);
    s->answer_len += size * count;
    return size * count;
}

static int go_on(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct sms *s = context;

    (void)a, (void)b, (void)c, (void)d;
    return s->stopping && s->stopping();
}

static bool body_write(const struct message *m, struct json *out)
{
    json_start(out, BODY_MAX);
    json_put_object(out, NULL);
    json_put_word(out, "id", m->id);
    json_put_text(out, "to", m->to);
    json_put_text(out, "text", m->text);
    json_put_object_end(out);
    return !out->failed;
}

static bool headers_add(struct curl_slist **list, const char *line)
{
    struct curl_slist *more = curl_slist_append(*list, line);

    *list = more ? more : *list;
    return more != NULL;
}

static bool headers_write(const struct sms *s, struct text body, struct curl_slist **out)
{
    char signature[SMS_SIGNATURE_HEX + 1], line[HEADER_MAX];
    int64_t seconds = (int64_t)time(NULL); /* not the home's clock: the gateway has the real one */
    bool ok;

    sms_sign(s->key, s->key_len, seconds, body, signature);
    ok = headers_add(out, "Content-Type: application/json") && headers_add(out, "Expect:");
    snprintf(line, sizeof line, "X-Anju-Time: %lld", (long long)seconds);
    ok = ok && headers_add(out, line);
    snprintf(line, sizeof line, "X-Anju-Signature: %s", signature);
    return ok && headers_add(out, line);
}

/* What the gateway's answer means. A 200 that does not say so is no promise. */
static enum result answer_read(struct sms *s, long status, struct error *err)
{
    enum result r = RESULT_IO;
    json_t *answer;
    const char *word;

    if (status == 400 || status == 422) {
        return error_set(err, RESULT_REFUSED, "the SMS gateway refuses the message: %ld", status);
    }
    if (status != 200) {
        return error_set(err, RESULT_IO, "the SMS gateway answers %ld", status);
    }
    answer = json_loadb(s->answer, s->answer_len, 0, NULL);
    word = json_string_value(json_object_get(answer, "status"));
    if (word && (strcmp(word, "accepted") == 0 || strcmp(word, "duplicate") == 0)) {
        r = RESULT_OK;
    } else {
        error_set(err, RESULT_IO, "the SMS gateway answers 200 but not what came of the message");
    }
    json_decref(answer);
    return r;
}

static enum result request(struct sms *s, struct text body, struct curl_slist *headers,
                           struct error *err)
{
    CURLcode code;
    long status = 0;

    s->answer_len = 0;
    curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE, (long)body.len);
    curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, body.at);
    code = curl_easy_perform(s->curl);
    curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, NULL);
    if (code != CURLE_OK) {
        return error_set(err, RESULT_IO, "the SMS gateway does not answer: %s",
                         curl_easy_strerror(code));
    }
    curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
    return answer_read(s, status, err);
}

static enum result sms_send(void *context, const struct message *m, struct error *err)
{
    struct sms *s = context;
    struct curl_slist *headers = NULL;
    struct json body;
    struct text text;
    enum result r;

    if (!body_write(m, &body)) {
        json_free(&body);
        return error_set(err, RESULT_REFUSED, "a message is too long");
    }
    text = (struct text){body.at, body.len};
    r = headers_write(s, text, &headers)
            ? request(s, text, headers, err)
            : error_set(err, RESULT_MEMORY, "no memory to send a message");
    curl_slist_free_all(headers);
    sodium_memzero(body.at, body.len);
    json_free(&body);
    if (r == RESULT_OK || r == RESULT_REFUSED) {
        note_success(s);
    } else if (r == RESULT_IO && !(s->stopping && s->stopping())) {
        note_failure(s);
    }
    return r;
}

/* --- opening --- */

static bool settings_make(struct sms *s)
{
    CURL *c = s->curl;
    bool ok = curl_easy_setopt(c, CURLOPT_URL, s->url) == CURLE_OK;

    ok = ok && curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)SMS_CONNECT_MS) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)SMS_TOTAL_MS) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_NOPROXY, "127.0.0.1,localhost,::1") == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_answer) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_WRITEDATA, s) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, go_on) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_XFERINFODATA, s) == CURLE_OK;
    return ok && curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) == CURLE_OK;
}

enum result sms_open(const char *url, const char *key_file, bool (*stopping)(void),
                     struct sms **out, struct error *err)
{
    struct sms *s = calloc(1, sizeof *s);
    size_t len = strlen(url);
    enum result r = RESULT_OK;

    *out = NULL;
    if (!s) {
        return error_set(err, RESULT_MEMORY, "no memory for the SMS gateway");
    }
    s->stopping = stopping;
    random_system(&s->random);
    while (len > 0 && url[len - 1] == '/') {
        len--;
    }
    if (len == 0 || len + sizeof "/send" > sizeof s->url) {
        r = error_set(err, RESULT_CONFIG,
                      "anju.yaml: sms_gateway: an address like "
                      "https://gateway.example is wanted");
    }
    if (r == RESULT_OK) {
        snprintf(s->url, sizeof s->url, "%.*s/send", (int)len, url);
        r = sms_key_read(key_file, s->key, &s->key_len, err);
    }
    if (r == RESULT_OK && (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
                           !(s->curl = curl_easy_init()) || !settings_make(s))) {
        r = error_set(err, RESULT_INTERNAL, "libcurl cannot be set up for %s", s->url);
    }
    if (r == RESULT_OK) {
        *out = s;
    } else {
        sms_close(s);
    }
    return r;
}

void sms_close(struct sms *s)
{
    if (s) {
        curl_easy_cleanup(s->curl);
        sodium_memzero(s, sizeof *s);
        free(s);
    }
}

struct messenger sms_messenger(struct sms *s)
{
    return (struct messenger){.name = "sms", .context = s, .ready = sms_ready, .send = sms_send};
}
