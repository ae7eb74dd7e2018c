/* The SMS client against the stand-in, in all its moods. The stand-in's program is argv[1]. */
#include "fixture.h"

#include <curl/curl.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/config.h"
#include "provider/sms.h"

static const char *program;
static struct config config;
static char url[64];
static pid_t standin;
static bool stop_now;

static bool stopping(void)
{
    return stop_now;
}

static int free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(fd, (struct sockaddr *)&at, len) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
        return 0;
    }
    close(fd);
    return ntohs(at.sin_port);
}

static size_t keep(char *at, size_t size, size_t count, void *context)
{
    char *out = context;
    size_t len = strlen(out);

    if (len + size * count < 8192) {
        memcpy(out + len, at, size * count);
        out[len + size * count] = '\0';
    }
    return size * count;
}

/* The status; 0 when there was no answer. body NULL: GET. */
static long ask(const char *path, const char *type, const char *host, const char *body,
                char out[8192])
{
    struct curl_slist *headers = NULL;
    CURL *c = curl_easy_init();
    char whole[256], line[128];
    long status = 0;

    out[0] = '\0';
    snprintf(whole, sizeof whole, "%s%s", url, path);
    curl_easy_setopt(c, CURLOPT_URL, whole);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, out);
    if (body) {
        snprintf(line, sizeof line, "Content-Type: %s", type);
        headers = curl_slist_append(headers, line);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
    }
    if (host) {
        snprintf(line, sizeof line, "Host: %s", host);
        headers = curl_slist_append(headers, line);
    }
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    if (curl_easy_perform(c) == CURLE_OK) {
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
    return status;
}

static void mode(const char *word)
{
    char out[8192], body[64];

    snprintf(body, sizeof body, "{\"mode\": \"%s\"}", word);
    assert_int_equal(ask("/control", "application/json", NULL, body, out), 200);
}

static pid_t run_standin(const char *port, const char *home)
{
    pid_t child = fork();

    if (child == 0) {
        execl(program, program, port, home, (char *)NULL);
        _exit(99);
    }
    return child;
}

static int begin(void **state)
{
    static char home[] = "/tmp/anju-sms-XXXXXX";
    struct error err = {0};
    char port[16], out[8192];
    (void)state;

    if (!mkdtemp(home)) {
        return 1;
    }
    setenv("ANJU_HOME", home, 1);
    unsetenv("ANJU_DATABASE");
    if (config_make_demo(&config, date_of(2026, 11, 23), &err) != RESULT_OK) {
        print_error("%s\n", err.sentence);
        return 1;
    }
    snprintf(port, sizeof port, "%d", free_port());
    snprintf(url, sizeof url, "http://127.0.0.1:%s", port);
    standin = run_standin(port, home);
    for (int i = 0; i < 300; i++) {
        if (ask("/messages", NULL, NULL, NULL, out) == 200) {
            return 0;
        }
        usleep(10000);
    }
    return 1;
}

static int end(void **state)
{
    char command[CONFIG_PATH_MAX + 16];
    int status;
    (void)state;

    kill(standin, SIGTERM);
    waitpid(standin, &status, 0);
    snprintf(command, sizeof command, "rm -rf %s", config.home);
    return system(command);
}

static struct provider *gateway(void)
{
    struct error err = {0};
    struct provider *s;

    if (sms_open(url, config.sms_key_file, stopping, &s, &err) != RESULT_OK) {
        fail_msg("%s", err.sentence);
    }
    return s;
}

static enum result send_one(struct provider *s, const char *id, const char *to, const char *words)
{
    struct messenger m = sms_messenger(s);
    struct message message = {.to = text_of(to), .text = text_of(words)};
    struct error err;

    snprintf(message.id, sizeof message.id, "%s", id);
    return m.send(m.context, &message, &err);
}

static int count_of(const char *where, const char *what)
{
    int n = 0;

    for (const char *p = where; (p = strstr(p, what)); p++) {
        n++;
    }
    return n;
}

static void taken_once(void **state)
{
    struct provider *s = gateway();
    char out[8192];
    (void)state;

    mode("ok");
    assert_int_equal(send_one(s, "aa01", "10000000001", "<b>123456</b> & \"你好\""), RESULT_OK);
    assert_int_equal(send_one(s, "aa01", "10000000001", "123456"), RESULT_OK);
    assert_int_equal(send_one(s, "aa02", "10000000002", "654321"), RESULT_OK);
    assert_int_equal(ask("/messages?to=10000000001", NULL, NULL, NULL, out), 200);
    assert_int_equal(count_of(out, "\"id\""), 1);
    assert_int_equal(ask("/messages", NULL, NULL, NULL, out), 200);
    assert_int_equal(count_of(out, "\"id\""), 2);
    assert_true(strstr(out, "aa02") < strstr(out, "aa01")); /* newest first */
    assert_int_equal(ask("/", NULL, NULL, NULL, out), 200);
    assert_non_null(strstr(out, "&lt;b&gt;123456&lt;/b&gt; &amp; &quot;你好&quot;"));
    assert_null(strstr(out, "<b>"));
    assert_null(strstr(out, "<script"));
    assert_int_equal(send_one(s, "aa03", "not a phone", "123456"), RESULT_REFUSED);
    provider_close(s);
}

static void strangers(void **state)
{
    char out[8192];
    (void)state;

    mode("ok");
    assert_int_equal(ask("/send", "application/json", NULL, "{\"id\":\"x\"}", out), 401);
    assert_int_equal(ask("/send", "text/plain", NULL, "{}", out), 415);
    assert_int_equal(ask("/control", "text/plain", NULL, "{\"mode\":\"down\"}", out), 415);
    assert_int_equal(ask("/control", "application/json", NULL, "{\"mode\":\"odd\"}", out), 400);
    assert_int_equal(ask("/messages", NULL, "evil.example", NULL, out), 403);
    assert_int_equal(ask("/elsewhere", NULL, NULL, NULL, out), 404);
}

static void wrong_key(void **state)
{
    struct error err = {0};
    char path[CONFIG_PATH_MAX];
    struct provider *s;
    FILE *f;
    (void)state;

    mode("ok");
    snprintf(path, sizeof path, "%.900s/other.key", config.home);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs("another key\n", f);
    fclose(f);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(sms_open(url, path, NULL, &s, &err), RESULT_CONFIG);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(sms_open(url, path, NULL, &s, &err), RESULT_OK);
    assert_int_equal(send_one(s, "bb01", "10000000001", "123456"), RESULT_IO);
    provider_close(s);
}

/* Slow is still taken; wrong and down are tried later; after five failures nothing is asked. */
static void moods(void **state)
{
    struct provider *s = gateway();
    struct messenger m = sms_messenger(s);
    char out[8192];
    (void)state;

    mode("slow");
    assert_int_equal(send_one(s, "cc01", "10000000003", "111111"), RESULT_OK);
    mode("wrong");
    assert_int_equal(send_one(s, "cc02", "10000000003", "222222"), RESULT_IO);
    mode("down");
    for (int i = 0; i < 4; i++) {
        assert_true(m.ready(m.context));
        assert_int_equal(send_one(s, "cc02", "10000000003", "222222"), RESULT_IO);
    }
    assert_false(m.ready(m.context));
    mode("ok");
    for (int i = 0; i < 60 && !m.ready(m.context); i++) {
        usleep(100000);
    }
    assert_true(m.ready(m.context));
    assert_int_equal(send_one(s, "cc02", "10000000003", "222222"), RESULT_OK);
    assert_true(m.ready(m.context));
    assert_int_equal(ask("/messages?to=10000000003", NULL, NULL, NULL, out), 200);
    assert_int_equal(count_of(out, "\"id\""), 2);
    provider_close(s);
}

static void stops_in_between(void **state)
{
    struct provider *s = gateway();
    double began = now_seconds();
    (void)state;

    mode("slow");
    stop_now = true;
    assert_int_equal(send_one(s, "dd01", "10000000003", "333333"), RESULT_IO);
    assert_true(now_seconds() - began < 2);
    stop_now = false;
    mode("ok");
    provider_close(s);
}

static void refuses_other_homes(void **state)
{
    char home[] = "/tmp/anju-sms-not-XXXXXX", path[64], port[16];
    int status;
    pid_t child;
    FILE *f;
    (void)state;

    assert_non_null(mkdtemp(home));
    snprintf(port, sizeof port, "%d", free_port());
    child = run_standin(port, home);
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 78);
    snprintf(path, sizeof path, "%s/anju.yaml", home);
    assert_int_equal(access(path, F_OK), -1); /* and makes none there */
    f = fopen(path, "w");
    fputs("demo: false\n", f);
    fclose(f);
    child = run_standin(port, home);
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 78);
    unlink(path);
    rmdir(home);
}

static void signature_vector(void **state)
{
    /* Python: hmac.new(b"key", b"1700000000." + b'{"a":1}', "sha256").hexdigest() */
    char out[PROVIDER_SIGNATURE_HEX + 1];
    (void)state;

    provider_sign("key", 3, 1700000000, TEXT("{\"a\":1}"), out);
    assert_string_equal(out, "a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taken_once),       cmocka_unit_test(strangers),
        cmocka_unit_test(wrong_key),        cmocka_unit_test(moods),
        cmocka_unit_test(stops_in_between), cmocka_unit_test(refuses_other_homes),
        cmocka_unit_test(signature_vector),
    };

    program = argc > 1 ? argv[1] : "build/anju-standin-sms";
    return cmocka_run_group_tests(tests, begin, end);
}
