/* Messages through the gateway. */
#include "provider/sms.h"

#include <jansson.h>
#include <sodium.h>

#include "base/json.h"

enum { BODY_MAX = 8192 };

static bool sms_ready(void *context)
{
    return provider_ready(context);
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

/* What the gateway's answer means. A 200 that does not say so is no promise. */
enum result sms_answer_read(long status, struct text said, struct error *err)
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
    answer = json_loadb(said.at, said.len, 0, NULL);
    word = json_string_value(json_object_get(answer, "status"));
    if (word && (strcmp(word, "accepted") == 0 || strcmp(word, "duplicate") == 0)) {
        r = RESULT_OK;
    } else {
        error_set(err, RESULT_IO, "the SMS gateway answers 200 but not what came of the message");
    }
    json_decref(answer);
    return r;
}

static enum result answer_read(long status, struct text said, void *unused, struct error *err)
{
    (void)unused;
    return sms_answer_read(status, said, err);
}

static enum result sms_send(void *context, const struct message *m, struct error *err)
{
    struct json body;
    enum result r;

    if (!body_write(m, &body)) {
        json_free(&body);
        return error_set(err, RESULT_REFUSED, "a message is too long");
    }
    r = provider_ask(context, (struct text){body.at, body.len}, answer_read, NULL, err);
    sodium_memzero(body.at, body.len);
    json_free(&body);
    return r;
}

enum result sms_open(const char *url, const char *key_file, bool (*stopping)(void),
                     struct provider **out, struct error *err)
{
    const struct provider_settings settings = {
        .name = "sms",
        .party = "the SMS gateway",
        .setting = "sms_gateway",
        .url = url,
        .path = "/send",
        .key_file = key_file,
        .try_ms = SMS_TOTAL_MS,
        .tries = 1,
        .stopping = stopping,
    };

    return provider_open(&settings, out, err);
}

struct messenger sms_messenger(struct provider *gateway)
{
    return (struct messenger){
        .name = "sms", .context = gateway, .ready = sms_ready, .send = sms_send};
}
