/* Problem documents (RFC 9457) with a stable code; pages have the words for people. */
#include <stdio.h>

#include "channel/web/call.h"

enum { SECOND_MS = 1000 };

/* The response takes over the memory of a finished JSON text. */
static void take(struct http_response *response, struct json *j)
{
    free(response->body);
    response->body = j->failed ? NULL : j->at;
    response->body_len = j->failed ? 0 : j->len;
    response->body_room = j->failed ? 0 : j->room;
    response->failed |= j->failed;
    if (j->failed) {
        json_free(j);
    }
}

void problem_write(const struct web *w, struct http_response *response, const struct problem *p)
{
    struct json j;
    char seconds[16];

    json_start(&j, CALL_BODY_MAX);
    json_put_object(&j, NULL);
    json_put_word(&j, "type", "about:blank");
    json_put_word(&j, "title", p->title);
    json_put_int(&j, "status", p->status);
    json_put_word(&j, "code", p->code);
    if (p->field) {
        json_put_word(&j, "field", p->field);
    }
    if (p->tries_left >= 0) {
        json_put_int(&j, "tries_left", p->tries_left);
    }
    if (p->until > 0) {
        json_put_instant(&j, "until", &w->clock, p->until);
    }
    json_put_object_end(&j);
    response->status = p->status;
    response->content_type = TEXT("application/problem+json");
    response->code = text_of(p->code);
    take(response, &j);
    if (p->retry_after > 0) {
        snprintf(seconds, sizeof seconds, "%d", p->retry_after);
        http_response_header_z(response, "retry-after", seconds);
    }
}

void problem_of_result(const struct web *w, struct http_response *response, enum result r)
{
    struct problem p = {.tries_left = -1};

    switch (r) {
    case RESULT_NOT_FOUND:
        p = (struct problem){404, "not-found", "There is no such thing", NULL, -1, 0, 0};
        break;
    case RESULT_REFUSED:
        p = (struct problem){403, "not-allowed", "This is not allowed", NULL, -1, 0, 0};
        break;
    case RESULT_BUSY:
        p = (struct problem){503, "busy", "Too much at once; try again", NULL, -1, 0, 2};
        break;
    default:
        p = (struct problem){500, "our-fault", "Something went wrong on our side", NULL, -1, 0, 0};
    }
    problem_write(w, response, &p);
}

enum result call_problem(struct call *c, const struct problem *p)
{
    problem_write(c->web, c->response, p);
    return RESULT_OK;
}

enum result wait_problem(struct call *c, instant until)
{
    instant now = clock_now(&c->web->clock);
    int seconds = until > now ? (int)((until - now + SECOND_MS - 1) / SECOND_MS) : 1;

    return call_problem(
        c, &(struct problem){429, "wait", "Too many tries; wait", NULL, -1, until, seconds});
}

void call_json(struct call *c)
{
    json_start(&c->json, CALL_BODY_MAX);
    json_put_object(&c->json, NULL);
}

enum result call_answer(struct call *c, int status, struct error *err)
{
    json_put_object_end(&c->json);
    if (c->json.failed) {
        json_free(&c->json);
        return error_set(err, RESULT_MEMORY, "the answer does not fit in %d bytes", CALL_BODY_MAX);
    }
    c->response->status = status;
    c->response->content_type = TEXT("application/json");
    take(c->response, &c->json);
    return RESULT_OK;
}
