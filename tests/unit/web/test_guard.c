/* What a request must be before anything else is asked of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "channel/web/call.h"

static void network_is(const char *peer, const char *want)
{
    char out[NETWORK_TEXT_MAX];

    guard_network(text_of(peer), out);
    assert_string_equal(out, want);
}

/* A household has a /64 of IPv6: counting single addresses would count nothing. */
static void networks(void **state)
{
    (void)state;
    network_is("192.0.2.7", "192.0.2.7");
    network_is("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
    network_is("2001:db8:1:2:ffff::1", "2001:db8:1:2::");
    network_is("::1", "::");
    network_is("::ffff:192.0.2.7", "192.0.2.7");
    network_is("", "");
    network_is("1234567890123456789012345678901234567890123456789012345678901234567890", "unknown");
}

static bool cookie_of(const char *const *lines, struct text *out)
{
    struct http_header headers[4];
    struct http_request r = {.headers = headers};

    for (; *lines; lines++) {
        headers[r.header_count++] = (struct http_header){TEXT("cookie"), text_of(*lines)};
    }
    return guard_cookie(&r, out);
}

static void cookies(void **state)
{
    struct text value;

    (void)state;
    assert_true(cookie_of((const char *[]){"a=b; __Host-anju=xyz; c=d", NULL}, &value));
    assert_true(text_equal(value, TEXT("xyz")));
    assert_true(cookie_of((const char *[]){"a=b", "__Host-anju=xyz", NULL}, &value));
    assert_true(text_equal(value, TEXT("xyz")));
    /* Twice in one line or in two: which one would be believed? Neither. */
    assert_false(cookie_of((const char *[]){"__Host-anju=x; __Host-anju=y", NULL}, &value));
    assert_false(cookie_of((const char *[]){"__Host-anju=x", "__Host-anju=y", NULL}, &value));
    /* Another name that ends or begins like ours. */
    assert_true(
        cookie_of((const char *[]){"x__Host-anju=x; __Host-anju2=y; __host-anju=z", NULL}, &value));
    assert_int_equal(value.len, 0);
    assert_true(cookie_of((const char *[]){"", "; ;;  ;", "__Host-anju", NULL}, &value));
    assert_int_equal(value.len, 0);
}

static void devices(void **state)
{
    struct http_header h = {TEXT("user-agent"), TEXT("Mozilla/5.0 (Linux; Android 14) Mobile")};
    struct http_request r = {.headers = &h, .header_count = 1};

    (void)state;
    assert_true(text_equal(guard_device(&r), TEXT("phone")));
    h.value = TEXT("Mozilla/5.0 (X11; Linux x86_64)");
    assert_true(text_equal(guard_device(&r), TEXT("desktop")));
    r.header_count = 0;
    assert_true(text_equal(guard_device(&r), TEXT("desktop")));
}

static void every_route_declares_its_policy(void **state)
{
    struct error err = {0};

    (void)state;
    assert_int_equal(web_routes_check(&err), RESULT_OK);
    for (size_t i = 0; i < route_count; i++) {
        assert_true(routes[i].policy != POLICY_NONE);
        assert_int_equal(strncmp(routes[i].path, "/api/v1/", 8), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks),
        cmocka_unit_test(cookies),
        cmocka_unit_test(devices),
        cmocka_unit_test(every_route_declares_its_policy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
