/* Asking the identity authority and the bank-card check. */
#include "provider/check.h"

#include <jansson.h>
#include <sodium.h>

#include "base/json.h"

enum { BODY_MAX = 4096, REQUEST_BYTES = CHECK_REQUEST_HEX / 2 };

/* --- the answer --- */

enum result check_answer_read(long status, struct text answer, const char *request,
                              struct error *err)
{
    enum result r;
    const char *echo, *word;
    json_t *said;
    bool ours;

    if (status != 200) {
        return error_set(err, RESULT_IO, "a check answers %ld", status);
    }
    said = json_loadb(answer.at ? answer.at : "", answer.len, JSON_REJECT_DUPLICATES, NULL);
    echo = json_string_value(json_object_get(said, "request"));
    word = json_string_value(json_object_get(said, "result"));
    ours = json_object_size(said) == 2 && echo && word && strcmp(echo, request) == 0;
    if (ours && strcmp(word, "match") == 0) {
        r = RESULT_OK;
    } else if (ours && strcmp(word, "no-match") == 0) {
        r = error_set(err, RESULT_REFUSED, "a check says no-match");
    } else {
        r = error_set(err, RESULT_IO, "a check answers 200 but neither match nor no-match");
    }
    json_decref(said);
    return r;
}

static enum result answer_read(long status, struct text answer, void *request, struct error *err)
{
    return check_answer_read(status, answer, request, err);
}

/* --- the question --- */

static enum result ask(struct provider *p, const struct member_proof *who, bool card,
                       struct error *err)
{
    char request[CHECK_REQUEST_HEX + 1];
    uint8_t bytes[REQUEST_BYTES];
    struct random random;
    struct json body;
    enum result r;

    if (!p) {
        return error_set(err, RESULT_CONFIG, "anju.yaml names no %s",
                         card ? "bank_card_check" : "identity_check");
    }
    random_system(&random);
    random_fill(&random, bytes, sizeof bytes);
    sodium_bin2hex(request, sizeof request, bytes, sizeof bytes);
    json_start(&body, BODY_MAX);
    json_put_object(&body, NULL);
    json_put_word(&body, "request", request);
    json_put_text(&body, "name", who->name);
    json_put_text(&body, "id_number", who->id_number);
    if (card) {
        json_put_text(&body, "card", who->card);
        json_put_text(&body, "phone", who->phone);
    }
    json_put_object_end(&body);
    r = body.failed ? error_set(err, RESULT_MEMORY, "no memory to ask a check")
                    : provider_ask(p, (struct text){body.at, body.len}, answer_read, request, err);
    if (body.at) {
        sodium_memzero(body.at, body.len);
    }
    json_free(&body);
    return r;
}

static enum result identity_ask(void *context, const struct member_proof *who, struct error *err)
{
    const struct checks *c = context;

    return ask(c->identity, who, false, err);
}

static enum result card_ask(void *context, const struct member_proof *who, struct error *err)
{
    const struct checks *c = context;

    return ask(c->card, who, true, err);
}

struct member_checks checks_for_members(struct checks *c)
{
    return (struct member_checks){.context = c, .identity = identity_ask, .card = card_ask};
}

/* --- opening --- */

static enum result open_one(const struct config *config, struct provider_settings s,
                            struct provider **out, struct error *err)
{
    enum result r = RESULT_OK;

    *out = NULL;
    if (!s.url[0]) {
        return RESULT_OK;
    }
    s.path = "/verify";
    s.try_ms = CHECK_TRY_MS;
    s.tries = CHECK_TRIES;
    if (config->demo) {
        r = provider_key_make(s.key_file, err);
    }
    return r == RESULT_OK ? provider_open(&s, out, err) : r;
}

enum result checks_open(const struct config *config, struct checks *out, struct error *err)
{
    const struct provider_settings identity = {
        .name = "identity",
        .party = "the identity authority",
        .setting = "identity_check",
        .url = config->identity_check,
        .key_file = config->identity_key_file,
    };
    const struct provider_settings card = {
        .name = "bank-card",
        .party = "the bank-card check",
        .setting = "bank_card_check",
        .url = config->bank_card_check,
        .key_file = config->bank_card_key_file,
    };
    enum result r;

    *out = (struct checks){0};
    r = open_one(config, identity, &out->identity, err);
    if (r == RESULT_OK) {
        r = open_one(config, card, &out->card, err);
    }
    if (r != RESULT_OK) {
        checks_close(out);
    }
    return r;
}

void checks_close(struct checks *c)
{
    provider_close(c->identity);
    provider_close(c->card);
    *c = (struct checks){0};
}
