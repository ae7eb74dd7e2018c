/* Opening: new, again, by many at once, newer than the program, and where it cannot be. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OPENERS = 8, OPEN_ROUNDS = 4, NOBODY = 65534 };

static void opens_again(void **state)
{
    struct fixture *f = *state;

    fixture_close(f);
    assert_int_equal(fixture_open(f), 0);
    assert_string_equal(store_engine(f->store), on_sqlite(f) ? "sqlite" : "postgresql");
    assert_int_equal(store_is_remote(f->store), !on_sqlite(f));
    ok(f, db_check_queries(f->db, &f->err));
}

static void files_are_private(void **state)
{
    static const char *const names[] = {"ledger.db", "desk.db", "store.lock"};
    struct fixture *f = *state;

    for (size_t i = 0; on_sqlite(f) && i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        struct stat st;

        snprintf(path, sizeof path, "%s/%s", f->home, names[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}

/* One of several processes that open an empty database at the same moment. */
static void open_in_child(const struct fixture *f, int gate)
{
    struct error err = {0};
    struct store *s = NULL;
    struct db *db = NULL;
    char byte;

    if (read(gate, &byte, 1) < 0) /* returns when the parent closes the other end */
        _exit(3);
    if (store_open(f->home, f->url, &s, &err) != RESULT_OK || db_open(s, &db, &err) != RESULT_OK ||
        db_check_queries(db, &err) != RESULT_OK) {
        fprintf(stderr, "%s\n", err.sentence);
        _exit(1);
    }
    db_close(db);
    store_close(s);
    _exit(0);
}

static void opened_by_many_at_once(void **state)
{
    (void)state;
    for (int round = 0; round < OPEN_ROUNDS; round++) {
        struct fixture f;
        int gate[2], status = 0;

        assert_int_equal(fixture_make(&f), 0);
        assert_int_equal(pipe(gate), 0);
        for (int i = 0; i < OPENERS; i++) {
            pid_t child = fork();

            assert_true(child >= 0);
            if (child == 0) {
                close(gate[1]);
                open_in_child(&f, gate[0]);
            }
        }
        close(gate[0]);
        close(gate[1]);
        for (int i = 0; i < OPENERS; i++) {
            assert_true(wait(&status) > 0);
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        }
        fixture_remove(&f);
    }
}

/* A first opening killed at any moment is completed by the next one. */
static void killed_while_opening(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        struct fixture f;
        int gate[2], status;
        pid_t child;

        assert_int_equal(fixture_make(&f), 0);
        assert_int_equal(pipe(gate), 0);
        child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            close(gate[1]);
            open_in_child(&f, gate[0]);
        }
        close(gate[0]);
        close(gate[1]);
        usleep((useconds_t)round * 1500);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(fixture_open(&f), 0);
        ok(&f, db_check_queries(f.db, &f.err));
        fixture_close(&f);
        fixture_remove(&f);
    }
}

static void newer_schema_is_refused(void **state)
{
    static const char *const sides[] = {"ledger", "desk"};
    struct fixture *f = *state;
    struct store *s = NULL;

    for (int i = 0; i < 2; i++) {
        char sql[128];

        snprintf(sql, sizeof sql, "UPDATE %s.schema SET version = version + 1000", sides[i]);
        raw_sql(f, sides[i], sql);
        assert_int_equal(store_open(f->home, f->url, &s, &f->err), RESULT_CONFIG);
        assert_null(s);
        assert_non_null(strstr(f->err.sentence, "newer program"));
        snprintf(sql, sizeof sql, "UPDATE %s.schema SET version = version - 1000", sides[i]);
        raw_sql(f, sides[i], sql);
    }
    ok(f, store_open(f->home, f->url, &s, &f->err));
    store_close(s);
}

static void wrong_addresses(void **state)
{
    static const char *const urls[] = {
        "mysql://secret@host/db",
        "postgresql:secret",
        "postgresql://anju:sec%ret@127.0.0.1/db",
        "postgresql://anju:secret@127.0.0.1:1/db",
        "postgresql://anju:secret@127.0.0.1:1/db?nonsense=secret",
    };
    struct store *s = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct error err = {0};

        assert_int_not_equal(store_open("/tmp", urls[i], &s, &err), RESULT_OK);
        assert_null(s);
        assert_true(strlen(err.sentence) > 20);
        assert_null(strchr(err.sentence, '\n'));
        assert_null(strstr(err.sentence, "sec"));
    }
}

/* Opens as somebody who may not write there; tells the code by the exit status. */
static int open_as_nobody(const char *home, const char *want)
{
    struct error err = {0};
    struct store *s = NULL;
    enum result result;

    if (geteuid() == 0 && setuid(NOBODY) != 0)
        return RESULT_COUNT;
    result = store_open(home, "", &s, &err);
    if (!strstr(err.sentence, home) || !strstr(err.sentence, want))
        fprintf(stderr, "sentence: %s\n", err.sentence);
    else if (result != RESULT_OK)
        return (int)result;
    return RESULT_COUNT;
}

static void expect_unwritable(const char *home, const char *want)
{
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0)
        _exit(open_as_nobody(home, want));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), RESULT_STORE);
}

static void unwritable_folders(void **state)
{
    struct fixture *f = *state;

    if (!on_sqlite(f))
        return;
    /* An existing home that belongs to somebody else, or cannot be written. */
    assert_int_equal(chmod(f->home, 0500), 0);
    expect_unwritable(f->home, "ermission denied");
    assert_int_equal(chmod(f->home, 0700), 0);
    expect_unwritable("/tmp/there/is/no/such/folder", "No such file");
    expect_unwritable("/etc/hostname", "Not a directory");
    expect_unwritable("/proc", "/proc");
}

static void damaged_file(void **state)
{
    struct fixture *f = *state;
    char path[128];
    struct store *s = NULL;
    FILE *file;

    if (!on_sqlite(f))
        return;
    fixture_close(f);
    snprintf(path, sizeof path, "%s/desk.db", f->home);
    file = fopen(path, "r+");
    assert_non_null(file);
    fputs("This is not a database at all.", file);
    fclose(file);
    assert_int_equal(store_open(f->home, f->url, &s, &f->err), RESULT_STORE);
    assert_non_null(strstr(f->err.sentence, "damaged"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_again),
        cmocka_unit_test(files_are_private),
        cmocka_unit_test(opened_by_many_at_once),
        cmocka_unit_test(killed_while_opening),
        cmocka_unit_test(newer_schema_is_refused),
        cmocka_unit_test(wrong_addresses),
        cmocka_unit_test(unwritable_folders),
        cmocka_unit_test(damaged_file),
    };

    return run_on_both("opening", tests, sizeof tests / sizeof tests[0]);
}
