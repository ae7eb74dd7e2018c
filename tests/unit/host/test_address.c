/* Addresses to listen on, and nginx's configuration made from odd words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "serve/address.h"
#include "serve/nginx_conf.h"

static char conf_path[64];

static void addresses_are_numeric_with_a_port(void **state)
{
    static const char *const good[][2] = {
        {"127.0.0.1:8080", "127.0.0.1:8080"},
        {"localhost:80", "127.0.0.1:80"},
        {"0.0.0.0:65535", "0.0.0.0:65535"},
        {"[::1]:8080", "[::1]:8080"},
        {"[0:0::1]:1", "[::1]:1"},
    };
    static const char *const bad[] = {
        "",         ":80",         "8080",  "127.0.0.1", "::1:80",       "[::1]",
        "[::1:80",  "127.0.0.1:",  "[x]:1", "name:80",   "127.0.0.1:-1", "127.0.0.1:65536",
        "1.2.3:80", "127.0.0.1:8x"};
    struct address a;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(address_parse(good[i][0], &a, &err), RESULT_OK);
        assert_string_equal(a.text, good[i][1]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(address_parse(bad[i], &a, &err), RESULT_CONFIG);
}

static void port_zero_picks_one(void **state)
{
    struct address a;
    struct error err;
    int fd = -1;

    (void)state;
    assert_int_equal(address_parse("127.0.0.1:0", &a, &err), RESULT_OK);
    assert_true(a.port > 0);
    assert_int_equal(address_listen(&a, 0, &fd, &err), RESULT_OK);
    assert_int_equal(address_ask(&a, "/"), 0);
    close(fd);
}

static enum result write_with(const char *home, const char *host, struct error *err)
{
    const struct nginx_conf conf = {
        .home = home,
        .module = "/m.so",
        .library = "/l.so",
        .pages = "/pages",
        .listen = "127.0.0.1:1",
        .operations = "127.0.0.1:2",
        .hosts = &host,
        .host_count = 1,
        .workers = 1,
        .hash_threads = 1,
    };
    return nginx_conf_write(&conf, conf_path, err);
}

static void words_cannot_leave_their_place(void **state)
{
    static const char *const homes[] = {"/a\"b", "/a$b", "/a\\b", "/a\nb", ""};
    static const char *const hosts[] = {"a;b", "a b", "a{", "*.b", "~a", "a#", ""};
    struct error err;

    (void)state;
    assert_int_equal(write_with("/a b;{}#'", "a.example", &err), RESULT_OK);
    unlink(conf_path);
    for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++)
        assert_int_equal(write_with(homes[i], "a", &err), RESULT_CONFIG);
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        assert_int_equal(write_with("/a", hosts[i], &err), RESULT_CONFIG);
    assert_int_not_equal(access(conf_path, F_OK), 0);
}

int main(void)
{
    snprintf(conf_path, sizeof(conf_path), "/tmp/anju-nginx-conf-%d", (int)getpid());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_numeric_with_a_port),
        cmocka_unit_test(port_zero_picks_one),
        cmocka_unit_test(words_cannot_leave_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
