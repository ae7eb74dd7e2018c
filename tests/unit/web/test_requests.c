/* Whole requests without nginx: the same functions that it calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "web_request.h"

static struct web web;
static char home[64];

static int open_all(void **state)
{
    (void)state;
    web_fixture_open(&web, home);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    web_fixture_close(&web, home);
    return 0;
}

/* The status and, of a problem, the code. */
static void answers(const char *text, int status, const char *code)
{
    struct web_request r;
    struct http_response response;

    web_request_read(&r, text, strlen(text));
    web_request_run(&web, &r.request, &response);
    assert_int_equal(response.status, status);
    assert_true(text_equal(response.code, text_of(code)));
    http_response_release(&response);
}

#define HEAD "host: h\norigin: http://h\ncontent-type: application/json\n"

static void the_centre_needs_nobody(void **state)
{
    struct web_request r;
    struct http_response response;
    json_t *json;

    (void)state;
    web_request_read(&r, "GET /api/v1/centre\n\n", 20);
    web_request_run(&web, &r.request, &response);
    assert_int_equal(response.status, 200);
    json = json_loadb(response.body, response.body_len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "zone")), "Asia/Shanghai");
    assert_string_equal(json_string_value(json_object_get(json, "hotline")), "12329");
    json_decref(json);
    http_response_release(&response);
}

static void refusals(void **state)
{
    (void)state;
    answers("GET /\n\n", 404, "not-found");
    answers("GET /api/v1/centre?x=1\n\n", 400, "parameter-invalid");
    answers("DELETE /api/v1/centre\n\n", 405, "method-not-allowed");
    answers("HEAD /api/v1/centre\n\n", 200, "");
    answers("HEAD /api/v1/me/overview\n\n", 401, "session-needed");
    answers("HEAD /api/v1/sign-in\n\n", 405, "method-not-allowed");
    answers("GET /api/v1/me/overview\n\n", 401, "session-needed");
    answers("GET /api/v1/me/overview\ncookie: __Host-anju=x\n\n", 401, "session-needed");
    answers("GET /api/v1/me/overview\ncookie: __Host-anju=x; __Host-anju=y\n\n", 400,
            "bad-request");
    answers("GET /api/v1/me/entries?limit=0\n\n", 400, "parameter-invalid");
    answers("POST /api/v1/sign-in\nhost: h\n\n{}", 403, "origin-refused");
    answers("POST /api/v1/sign-in\nhost: h\norigin: https://h\n\n{}", 403, "origin-refused");
    answers("POST /api/v1/sign-in\nhost: h\norigin: http://h.example\n\n{}", 403, "origin-refused");
    answers("POST /api/v1/sign-in\nhost: h\norigin: http://h\n\n{}", 415, "media-type");
    answers("POST /api/v1/sign-in\n" HEAD "\n{}", 400, "body-malformed");
    answers("POST /api/v1/sign-in\n" HEAD "\n{\"login\":\"x\",\"password\":\"\"}", 400,
            "body-malformed");
    answers("POST /api/v1/sign-in\n" HEAD "\n{\"login\":\"530199199001010018\",\"password\":\"x\"}",
            401, "credentials-wrong");
    answers("POST /api/v1/sign-in/code\n" HEAD "\n{\"challenge\":\"x\",\"code\":\"123456\"}", 401,
            "code-expired");
    answers("POST /api/v1/sign-out\n" HEAD "\n{\"everywhere\":false}", 401, "session-needed");
}

/* The header field of that name; an empty text when it is not there. */
static struct text field_of(const struct http_response *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++) {
        if (text_equal(response->headers[i].name, text_of(name))) {
            return response->headers[i].value;
        }
    }
    return TEXT("");
}

/* Nothing that comes from here may be kept, and a wrong method hears which are right. */
static void fields_of_refusals(void **state)
{
    static const struct {
        const char *text, *allow;
    } cases[] = {
        {"GET /api/v1/none\n\n", ""},
        {"DELETE /api/v1/me/overview\n\n", "GET, HEAD"},
        {"DELETE /api/v1/sign-out\n\n", "POST"},
        {"GET /api/v1/me/overview\n\n", ""},
        {"GET /api/v1/centre\n\n", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct web_request r;
        struct http_response response;

        web_request_read(&r, cases[i].text, strlen(cases[i].text));
        web_request_run(&web, &r.request, &response);
        assert_true(text_equal(field_of(&response, "cache-control"), TEXT("no-store")));
        assert_true(text_equal(field_of(&response, "allow"), text_of(cases[i].allow)));
        http_response_release(&response);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_centre_needs_nobody),
        cmocka_unit_test(refusals),
        cmocka_unit_test(fields_of_refusals),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
