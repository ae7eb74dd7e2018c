#include "check.h"

#include <jansson.h>
#include <stdatomic.h>

#include "base/json.h"

enum { ANSWER_MAX = 512, REQUEST_MAX = 64 };

static _Atomic int count;

int check_count(void)
{
    return atomic_load(&count);
}

static void take(const json_t *body, const char *key, char *out, size_t room)
{
    text_copy(text_of(json_string_value(json_object_get(body, key))), out, room);
}

static bool is_match(const json_t *body, check_compare compare)
{
    struct person asked = {0}, known;

    take(body, "name", asked.name, sizeof asked.name);
    take(body, "id_number", asked.id_number, sizeof asked.id_number);
    take(body, "card", asked.card, sizeof asked.card);
    take(body, "phone", asked.phone, sizeof asked.phone);
    return people_find(asked.id_number, &known) && compare(&asked, &known);
}

enum MHD_Result check_take(struct MHD_Connection *c, struct text sent, check_compare compare)
{
    json_t *body = json_loadb(sent.at, sent.len, JSON_REJECT_DUPLICATES, NULL);
    const char *request = json_string_value(json_object_get(body, "request"));
    struct json answer;

    atomic_fetch_add(&count, 1);
    if (!request || strlen(request) > REQUEST_MAX) {
        json_decref(body);
        return standin_say(c, MHD_HTTP_BAD_REQUEST, "{}");
    }
    json_start(&answer, ANSWER_MAX);
    json_put_object(&answer, NULL);
    json_put_text(&answer, "request", text_of(request));
    json_put_word(&answer, "result", is_match(body, compare) ? "match" : "no-match");
    json_put_object_end(&answer);
    json_decref(body);
    if (answer.failed) {
        json_free(&answer);
        return standin_say(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "{}");
    }
    return standin_give(c, "application/json", answer.at, answer.len);
}
