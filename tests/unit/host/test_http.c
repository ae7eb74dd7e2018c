/* Requests and responses as values: limits, ownership, and no header within a header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "channel/web/http.h"

static int released;

static void count_release(void *own)
{
    free(own);
    released++;
}

static void a_body_grows_to_its_limit(void **state)
{
    static struct http_response response;
    size_t written = 0;

    (void)state;
    assert_true(http_response_write(&response, (struct text){NULL, 0}));
    while (http_response_write(&response, TEXT("0123456")))
        written += 7;
    assert_true(response.failed);
    assert_int_equal(response.body_len, written);
    assert_true(written <= HTTP_RESPONSE_BODY_MAX && written > HTTP_RESPONSE_BODY_MAX - 7);
    assert_memory_equal(response.body + written - 7, "0123456", 7);
    assert_null(http_response_reserve(&response, SIZE_MAX));
    http_response_release(&response);
}

static void a_release_frees_once_and_leaves_nothing(void **state)
{
    struct http_response response = {.own = malloc(8), .own_release = count_release};

    (void)state;
    released = 0;
    assert_true(http_response_write_z(&response, "x"));
    assert_true(http_response_header_z(&response, "set-cookie", "a=b"));
    http_response_release(&response);
    http_response_release(&response);
    assert_int_equal(released, 1);
    assert_null(response.body);
    assert_int_equal(response.header_count, 0);
}

static void a_header_value_is_copied(void **state)
{
    struct http_response response = {0};
    char value[] = "one";

    (void)state;
    assert_true(http_response_header_z(&response, "x-one", value));
    value[0] = 'X';
    assert_true(text_equal(response.headers[0].value, TEXT("one")));
    http_response_release(&response);
}

static void a_header_value_is_one_line(void **state)
{
    static const char *const values[] = {"a\r\nb: c", "a\nb", "a\rb", "a\x7f", "a\x01"};

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct http_response response = {0};
        assert_false(http_response_header_z(&response, "x", values[i]));
        assert_true(response.failed);
        assert_int_equal(response.header_count, 0);
    }
    struct http_response response = {0};
    assert_false(http_response_header(&response, "x", (struct text){"a\0b", 3}));
    assert_false(response.header_count);
    response.failed = false;
    assert_true(http_response_header_z(&response, "x", "tab\tand 安居"));
}

static void headers_have_limits(void **state)
{
    static char long_value[HTTP_RESPONSE_KEEP_MAX + 1];
    struct http_response response = {0};

    (void)state;
    memset(long_value, 'x', sizeof(long_value));
    assert_false(
        http_response_header(&response, "x", (struct text){long_value, sizeof(long_value)}));
    response.failed = false;
    assert_true(
        http_response_header(&response, "x", (struct text){long_value, HTTP_RESPONSE_KEEP_MAX}));
    assert_false(http_response_header_z(&response, "x", "1"));
    response = (struct http_response){0};
    for (int i = 0; i < HTTP_RESPONSE_HEADERS_MAX; i++)
        assert_true(http_response_header_z(&response, "x", "1"));
    assert_false(http_response_header_z(&response, "x", "1"));
}

static void a_request_is_asked_by_name(void **state)
{
    const struct http_header headers[] = {
        {TEXT("cookie"), TEXT("a")}, {TEXT("host"), TEXT("h")}, {TEXT("cookie"), TEXT("b")}};
    const struct http_request request = {.headers = headers, .header_count = 3};

    (void)state;
    assert_true(text_equal(http_request_header(&request, "cookie"), TEXT("a")));
    assert_int_equal(http_request_header_count(&request, "cookie"), 2);
    assert_int_equal(http_request_header(&request, "cook").len, 0);
    assert_int_equal(http_request_header_count(&request, "Cookie"), 0);
}

static void methods_and_names_are_pairs(void **state)
{
    (void)state;
    for (enum http_method m = HTTP_GET; m < HTTP_OTHER; m++)
        assert_int_equal(http_method_of(text_of(http_method_name(m))), m);
    assert_string_equal(http_method_name(HTTP_OTHER), "OTHER");
    assert_int_equal(http_method_of(TEXT("get")), HTTP_OTHER);
    assert_int_equal(http_method_of(TEXT("")), HTTP_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_grows_to_its_limit),
        cmocka_unit_test(a_release_frees_once_and_leaves_nothing),
        cmocka_unit_test(a_header_value_is_copied),
        cmocka_unit_test(a_header_value_is_one_line),
        cmocka_unit_test(headers_have_limits),
        cmocka_unit_test(a_request_is_asked_by_name),
        cmocka_unit_test(methods_and_names_are_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
