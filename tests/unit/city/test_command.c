/* The command: same bytes for the same city, refusals, and no set from a killed run. */
#include "set.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "base/sha256.h"

enum { ARGUMENTS_MAX = 16 };

/* Runs the command with its words on standard error put away; the exit status. */
static int command(const char *const *arguments)
{
    char *argv[ARGUMENTS_MAX] = {(char *)"demo"};
    int argc = 1, saved = dup(2), nowhere = open("/dev/null", O_WRONLY), status;

    for (; *arguments; arguments++)
        argv[argc++] = (char *)*arguments;
    dup2(nowhere, 2);
    status = city_main(argc, argv);
    dup2(saved, 2);
    close(saved);
    close(nowhere);
    return status;
}

static bool exists(const char *dir, const char *name)
{
    char path[FOLDER_MAX + 64];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return access(path, F_OK) == 0;
}

static void digest_of(const char *dir, const char *name, char hex[65])
{
    char path[FOLDER_MAX + 64];
    static uint8_t block[65536];
    uint8_t digest[SHA256_SIZE];
    struct sha256 *s = sha256_new();
    size_t n;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "r");
    assert_non_null(f);
    sha256_begin(s);
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        sha256_add(s, block, n);
    sha256_end(s, digest);
    sha256_hex(digest, hex);
    sha256_free(s);
    fclose(f);
}

static void test_same_bytes(void **state)
{
    char a[FOLDER_MAX], b[FOLDER_MAX], other[FOLDER_MAX], x[65], y[65], z[65];

    (void)state;
    folder_new(a);
    folder_new(b);
    folder_new(other);
    set_write(a, 450, 8, "2026-11-23");
    set_write(b, 450, 8, "2026-11-23");
    set_write(other, 450, 9, "2026-11-23");
    digest_of(a, "manifest.json", x);
    digest_of(b, "manifest.json", y);
    digest_of(other, "manifest.json", z);
    assert_string_equal(x, y);
    assert_string_not_equal(x, z);
    digest_of(a, "truth.jsonl", x);
    digest_of(b, "truth.jsonl", y);
    assert_string_equal(x, y);
    folder_remove(a);
    folder_remove(b);
    folder_remove(other);
}

/* The manifest's counts, totals and digests are those of the files. */
static void test_manifest(void **state)
{
    static struct table t;
    char dir[FOLDER_MAX], path[FOLDER_MAX + 16], hex[65];
    json_t *manifest, *file;
    size_t i;

    (void)state;
    folder_new(dir);
    set_write(dir, 120, 4, "2026-11-23");
    snprintf(path, sizeof path, "%s/manifest.json", dir);
    manifest = json_load_file(path, 0, NULL);
    assert_non_null(manifest);
    assert_int_equal(json_array_size(json_object_get(manifest, "files")), 10);
    json_array_foreach(json_object_get(manifest, "files"), i, file)
    {
        const char *name = json_string_value(json_object_get(file, "name")), *column;
        json_t *totals = json_object_get(file, "totals"), *value;
        int64_t records = 0;

        digest_of(dir, name, hex);
        assert_string_equal(hex, json_string_value(json_object_get(file, "sha256")));
        for (table_open(&t, dir, name); t.more; table_next(&t))
            records++;
        table_close(&t);
        assert_int_equal(records, json_integer_value(json_object_get(file, "records")));
        json_object_foreach(totals, column, value)
        {
            int64_t sum = 0;
            fen said;

            for (table_open(&t, dir, name); t.more; table_next(&t))
                sum += field_fen(&t, column);
            table_close(&t);
            assert_true(fen_parse(text_of(json_string_value(value)), &said));
            assert_int_equal(sum, said.n);
        }
    }
    json_decref(manifest);
    folder_remove(dir);
}

static void test_refusals(void **state)
{
    static const char *const wrong[][8] = {
        {NULL},
        {"DIR", "--people", "0", NULL},
        {"DIR", "--people", "-3", NULL},
        {"DIR", "--people", "many", NULL},
        {"DIR", "--people", "10000001", NULL},
        {"DIR", "--people", NULL},
        {"DIR", "--seed", "1e3", NULL},
        {"DIR", "--until", "2026-02-30", NULL},
        {"DIR", "--until", "2009-12-31", NULL},
        {"DIR", "--until", "23.11.2026", NULL},
        {"DIR", "--years", "0", NULL},
        {"DIR", "--set-number", "2", NULL},
        {"DIR", "--from", "2026-11-23", "--until", "2026-11-23", NULL},
        {"DIR", "--first", "2026-11-24", "--until", "2026-11-23", NULL},
        {"DIR", "another", NULL},
        {"DIR", "--unheard-of", NULL},
    };
    char dir[FOLDER_MAX];

    (void)state;
    folder_new(dir);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *arguments[8] = {NULL};

        for (int k = 0; wrong[i][k]; k++)
            arguments[k] = strcmp(wrong[i][k], "DIR") == 0 ? dir : wrong[i][k];
        assert_int_equal(command(arguments), 2);
        assert_int_not_equal(access(dir, F_OK), 0);
    }
}

static void test_folder(void **state)
{
    char dir[FOLDER_MAX], file[FOLDER_MAX + 16];
    const char *plain[] = {dir, "--people", "20", "--until", "2026-11-23", NULL};
    const char *force[] = {dir, "--people", "20", "--until", "2026-11-23", "--force", NULL};
    FILE *f;

    (void)state;
    folder_new(dir);
    assert_int_equal(command(plain), 0);
    assert_true(exists(dir, "manifest.json") && exists(dir, "truth.jsonl"));
    assert_false(exists(dir, "ledger.csv.part"));
    /* not empty any more */
    assert_int_not_equal(command(plain), 0);
    assert_true(exists(dir, "manifest.json"));
    assert_int_equal(command(force), 0);
    assert_true(exists(dir, "manifest.json"));
    /* a stranger's file is not replaced, by no means */
    snprintf(file, sizeof file, "%s/letter.txt", dir);
    f = fopen(file, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_not_equal(command(force), 0);
    assert_true(exists(dir, "letter.txt") && exists(dir, "manifest.json"));
    folder_remove(dir);
    /* a folder that cannot be made */
    plain[0] = "/proc/no-such-folder/city";
    assert_int_not_equal(command(plain), 0);
}

static void test_years(void **state)
{
    static struct table t;
    char dir[FOLDER_MAX];
    const char *arguments[] = {dir,          "--people", "300", "--until",
                               "2026-11-23", "--years",  "3",   NULL};
    int32_t earliest = date_of(2023, 11, 1).day;

    (void)state;
    folder_new(dir);
    assert_int_equal(command(arguments), 0);
    for (table_open(&t, dir, "accounts.csv"); t.more; table_next(&t))
        /* the demo depositors keep their histories */
        if (text_compare(field(&t, "GRBH"), TEXT("P00000006")) > 0)
            table_check(&t, field_day(&t, "KHRQ") >= earliest);
    table_close(&t);
    folder_remove(dir);
}

/* Killed at several moments: there is never a manifest, and a new run says what to do. */
static void test_killed(void **state)
{
    char dir[FOLDER_MAX];
    const char *arguments[] = {dir, "--people", "200000", "--until", "2026-11-23", NULL};

    (void)state;
    for (int ms = 5; ms <= 320; ms *= 4) {
        struct timespec wait = {0, ms * 1000000L};
        pid_t child;

        folder_new(dir);
        child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(command(arguments));
        nanosleep(&wait, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        assert_false(exists(dir, "manifest.json"));
        folder_remove(dir);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_manifest),
        cmocka_unit_test(test_refusals),   cmocka_unit_test(test_folder),
        cmocka_unit_test(test_years),      cmocka_unit_test(test_killed),
    };

    return cmocka_run_group_tests_name("city command", tests, NULL, NULL);
}
