/* Homes as they are made, read and refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/config.h"

enum { PATH_ROOM = 256 };

struct place {
    char folder[64]; /* removed at the end */
    char home[96];
    struct config config;
    struct error err;
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int remove_folder(const char *path)
{
    return nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int setup(void **state)
{
    static const char *const variables[] = {"ANJU_KEYS", "ANJU_LISTEN", "ANJU_DATABASE"};
    struct place *p = calloc(1, sizeof *p);
    char here[PATH_ROOM];

    *state = p;
    strcpy(p->folder, "/tmp/anju-config-XXXXXX");
    if (!mkdtemp(p->folder) || !getcwd(here, sizeof here))
        return 1;
    snprintf(p->home, sizeof p->home, "%s/home", p->folder);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
    return setenv("ANJU_ASSETS", here, 1) || setenv("ANJU_HOME", p->home, 1);
}

static int teardown(void **state)
{
    struct place *p = *state;
    int status = remove_folder(p->folder);

    free(p);
    return status;
}

static void write_yaml(const struct place *p, const char *content)
{
    char path[2 * PATH_ROOM];
    FILE *f;

    snprintf(path, sizeof path, "%s/anju.yaml", p->home);
    f = fopen(path, "we");
    assert_non_null(f);
    fputs(content, f);
    fclose(f);
}

static void loads(struct place *p)
{
    if (config_load(&p->config, &p->err) != RESULT_OK)
        fail_msg("%s", p->err.sentence);
}

static void refused(struct place *p, enum result code, const char *words)
{
    assert_int_equal(config_load(&p->config, &p->err), code);
    assert_null(strchr(p->err.sentence, '\n'));
    if (!strstr(p->err.sentence, words))
        fail_msg("\"%s\" is not in: %s", words, p->err.sentence);
}

static int mode_of(const char *folder, const char *name)
{
    char path[2 * PATH_ROOM];
    struct stat st;

    snprintf(path, sizeof path, "%s%s%s", folder, name[0] ? "/" : "", name);
    return stat(path, &st) == 0 ? (int)(st.st_mode & 0777) : -1;
}

static void test_made_and_read(void **state)
{
    struct place *p = *state;
    char keys[PATH_ROOM];

    loads(p);
    assert_false(p->config.demo);
    assert_string_equal(p->config.home, p->home);
    assert_string_equal(p->config.listen, "127.0.0.1:8080");
    assert_string_equal(p->config.database, "");
    assert_string_equal(p->config.zone, "Asia/Shanghai");
    assert_string_equal(p->config.centre_zh, "示范市住房公积金管理中心");
    assert_true(date_is_none(p->config.clock_start));
    assert_int_equal(mode_of(p->home, ""), 0700);
    assert_int_equal(mode_of(p->home, "anju.yaml"), 0600);
    assert_int_equal(mode_of(p->home, "ledger.db"), 0600);
    assert_int_equal(mode_of(p->home, "desk.db"), 0600);
    assert_int_equal(mode_of(p->home, ".making"), -1);
    /* Keys of a home that is no demo lie beside it, not in it. */
    snprintf(keys, sizeof keys, "%s-keys", p->home);
    assert_string_equal(p->config.keys, keys);
    assert_int_equal(mode_of(keys, ""), 0700);
    assert_int_equal(mode_of(keys, "field-1.key"), 0600);
    loads(p);
}

/* A service that goes on over midnight keeps its shift, also for a process that starts after. */
static void test_demo_clock_is_kept(void **state)
{
    struct place *p = *state;
    struct clock before, after;
    char run[PATH_ROOM], file[PATH_ROOM + 8];
    FILE *out;

    assert_int_equal(config_make_demo(&p->config, date_of(2026, 11, 23), &p->err), RESULT_OK);
    snprintf(run, sizeof run, "%s/run", p->home);
    assert_int_equal(mkdir(run, 0700), 0);
    assert_int_equal(config_clock_keep(&p->config, &p->err), RESULT_OK);
    assert_int_equal(config_clock(&p->config, &before, &p->err), RESULT_OK);
    assert_int_equal(clock_today(&before).day, date_of(2026, 11, 23).day);
    /* As if the service had started yesterday. */
    snprintf(file, sizeof file, "%s/clock", run);
    out = fopen(file, "w");
    assert_non_null(out);
    fprintf(out, "%lld\n", (long long)(before.shift_ms + 86400000));
    fclose(out);
    assert_int_equal(config_clock(&p->config, &after, &p->err), RESULT_OK);
    assert_int_equal(clock_today(&after).day, date_of(2026, 11, 24).day);
    /* A new start begins on the home's date again. */
    assert_int_equal(config_clock_keep(&p->config, &p->err), RESULT_OK);
    assert_int_equal(config_clock(&p->config, &after, &p->err), RESULT_OK);
    assert_int_equal(clock_today(&after).day, date_of(2026, 11, 23).day);
    config_clock_forget(&p->config);
    assert_int_equal(access(file, F_OK), -1);
}

static void test_demo(void **state)
{
    struct place *p = *state;
    struct clock clock;

    assert_int_equal(config_make_demo(&p->config, date_of(2026, 11, 23), &p->err), RESULT_OK);
    assert_true(p->config.demo);
    assert_true(config_demo_unfinished(&p->config));
    assert_int_equal(mode_of(p->home, "keys"), 0700);
    /* Completing keeps the date. */
    assert_int_equal(config_make_demo(&p->config, date_of(2025, 1, 1), &p->err), RESULT_OK);
    assert_int_equal(p->config.clock_start.day, date_of(2026, 11, 23).day);
    assert_int_equal(config_demo_made(&p->config, &p->err), RESULT_OK);
    loads(p);
    assert_false(config_demo_unfinished(&p->config));
    assert_int_equal(config_clock(&p->config, &clock, &p->err), RESULT_OK);
    assert_int_equal(clock_today(&clock).day, date_of(2026, 11, 23).day);
    setenv("ANJU_LISTEN", "0.0.0.0:8080", 1);
    refused(p, RESULT_CONFIG, "loopback");
    setenv("ANJU_LISTEN", "[::1]:8080", 1);
    loads(p);
    setenv("ANJU_LISTEN", "localhost:0", 1);
    loads(p);
    setenv("ANJU_LISTEN", "127.0.0.1.example:80", 1);
    refused(p, RESULT_CONFIG, "loopback");
}

static void test_all_keys(void **state)
{
    struct place *p = *state;

    loads(p);
    write_yaml(p, "demo: false\n"
                  "database: postgresql://anju@/anju\n"
                  "listen: 0.0.0.0:443\n"
                  "public_origin: https://gjj.example\n"
                  "hosts: [gjj.example, www.gjj.example]\n"
                  "trusted_proxies: [10.0.0.1]\n"
                  "centre: {zh: 某市, en: Some City}\n"
                  "zone: Asia/Urumqi\n"
                  "policy: kunming\n"
                  "sms_gateway: https://sms.example/send\n"
                  "sms_key_file: /etc/anju/sms.key\n");
    loads(p);
    assert_string_equal(p->config.database, "postgresql://anju@/anju");
    assert_string_equal(p->config.hosts[1], "www.gjj.example");
    assert_int_equal(p->config.host_count, 2);
    assert_string_equal(p->config.trusted_proxies[0], "10.0.0.1");
    assert_string_equal(p->config.centre_en, "Some City");
    assert_string_equal(p->config.zone, "Asia/Urumqi");
    assert_string_equal(p->config.sms_gateway, "https://sms.example/send");
    setenv("ANJU_DATABASE", "", 1);
    setenv("ANJU_LISTEN", "127.0.0.1:9", 1);
    loads(p);
    assert_string_equal(p->config.database, "");
    assert_string_equal(p->config.listen, "127.0.0.1:9");
}

static void test_refusals(void **state)
{
    static const struct {
        const char *yaml, *words;
    } cases[] = {
        {"demo: false\nlistne: x\n", "anju.yaml:2: unknown key \"listne\""},
        {"demo: perhaps\n", "anju.yaml:1: demo"},
        {"demo: [\n", "anju.yaml"},
        {"hosts: a\n", "anju.yaml:1: hosts"},
        {"centre: {de: x}\n", "unknown key \"de\""},
        {"demo: false\nclock_start: 2026-11-23\n", "clock_start"},
        {"clock_start: yesterday\n", "clock_start"},
        {"listen: 8080\n", "listen"},
        {"listen: ::1:8080\n", "listen"},
        {"listen: 127.0.0.1:70000\n", "listen"},
        {"database: mysql://x\n", "database"},
        {"policy: ../secret\n", "policy"},
        {"offices: ../secret\n", "offices"},
        {"public_origin: gjj.example\n", "public_origin"},
        {"public_origin: https://\n", "public_origin"},
        {"public_origin: https://gjj.example/hall\n", "public_origin"},
        {"public_origin: https://gjj.example:443\n", "public_origin"},
        {"sms_gateway: http://sms.example/\n", "sms_gateway"},
        {"sms_gateway: http://127.0.0.1.sms.example/\n", "sms_gateway"},
        {"sms_gateway: http://127.0.0.1:80@sms.example/\n", "sms_gateway"},
        {"sms_gateway: sms.example\n", "sms_gateway"},
        {"", "is empty"},
    };
    struct place *p = *state;

    loads(p);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_yaml(p, cases[i].yaml);
        refused(p, RESULT_CONFIG, cases[i].words);
    }
}

/* What people type is taken in the form in which browsers send it back. */
static void test_public_origin(void **state)
{
    struct place *p = *state;

    loads(p);
    write_yaml(p, "public_origin: HTTPS://Gjj.Example:8443/\n");
    loads(p);
    assert_string_equal(p->config.public_origin, "https://gjj.example:8443");
    write_yaml(p, "public_origin: http://[::1]:80\n");
    refused(p, RESULT_CONFIG, "public_origin");
}

static void test_keys_inside(void **state)
{
    struct place *p = *state;
    char keys[PATH_ROOM];

    snprintf(keys, sizeof keys, "%s/secret", p->home);
    setenv("ANJU_KEYS", keys, 1);
    refused(p, RESULT_CONFIG, "inside the data folder");
    unsetenv("ANJU_KEYS");
    loads(p);
    setenv("ANJU_KEYS", p->home, 1);
    refused(p, RESULT_CONFIG, "inside the data folder");
    snprintf(keys, sizeof keys, "%s/link", p->folder);
    assert_int_equal(symlink(p->home, keys), 0);
    setenv("ANJU_KEYS", keys, 1);
    refused(p, RESULT_CONFIG, "inside the data folder");
}

static void test_foreign_folder(void **state)
{
    struct place *p = *state;
    char path[2 * PATH_ROOM];
    FILE *f;

    assert_int_equal(mkdir(p->home, 0755), 0);
    snprintf(path, sizeof path, "%s/thesis.odt", p->home);
    f = fopen(path, "we");
    assert_non_null(f);
    fclose(f);
    refused(p, RESULT_CONFIG, "not empty");
    assert_int_equal(config_make_demo(&p->config, DATE_NONE, &p->err), RESULT_CONFLICT);
    assert_int_equal(mode_of(p->home, "keys"), -1);
}

/* A real home whose anju.yaml was lost is not taken for a new one. */
static void test_lost_yaml(void **state)
{
    struct place *p = *state;
    char path[2 * PATH_ROOM];

    loads(p);
    snprintf(path, sizeof path, "%s/anju.yaml", p->home);
    assert_int_equal(unlink(path), 0);
    refused(p, RESULT_CONFIG, "no anju.yaml");
}

static void test_ordinary_is_no_demo(void **state)
{
    struct place *p = *state;

    loads(p);
    assert_int_equal(config_make_demo(&p->config, DATE_NONE, &p->err), RESULT_CONFLICT);
    assert_non_null(strstr(p->err.sentence, "ordinary"));
}

/* Killed at any moment, the next command completes it. */
static void test_killed(void **state)
{
    struct place *p = *state;
    char keys[PATH_ROOM];

    snprintf(keys, sizeof keys, "%s-keys", p->home);
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        int status;

        if (child == 0) {
            config_load(&p->config, &p->err);
            _exit(0);
        }
        usleep((useconds_t)(i * 700));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        loads(p);
        assert_int_equal(mode_of(p->home, ".making") == -1 || mode_of(p->home, "anju.yaml") > 0, 1);
        assert_int_equal(remove_folder(p->home), 0);
        assert_int_equal(remove_folder(keys), 0);
    }
}

/* Two commands at once make one home. */
static void test_at_once(void **state)
{
    struct place *p = *state;
    pid_t child[4];
    int status;

    for (int i = 0; i < 4; i++) {
        child[i] = fork();
        if (child[i] == 0)
            _exit(config_load(&p->config, &p->err) == RESULT_OK ? 0 : 1);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_int_equal(status, 0);
    }
}

static void test_assets(void **state)
{
    struct place *p = *state;

    setenv("ANJU_ASSETS", p->folder, 1);
    refused(p, RESULT_CONFIG, "ANJU_ASSETS");
}

static void test_unwritable(void **state)
{
    struct place *p = *state;

    setenv("ANJU_HOME", "/proc/nowhere", 1);
    refused(p, RESULT_IO, "/proc/nowhere");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_made_and_read),
        TEST(test_demo),
        TEST(test_demo_clock_is_kept),
        TEST(test_all_keys),
        TEST(test_refusals),
        TEST(test_keys_inside),
        TEST(test_public_origin),
        TEST(test_foreign_folder),
        TEST(test_lost_yaml),
        TEST(test_ordinary_is_no_demo),
        TEST(test_killed),
        TEST(test_at_once),
        TEST(test_assets),
        TEST(test_unwritable),
    };

    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
