#include "fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *server; /* NULL: this run is on SQLite */
static int databases;

bool on_sqlite(const struct fixture *f)
{
    return f->url[0] == '\0';
}

/* The server's URL with another database; what follows a question mark stays. */
static void name_database(char *out, size_t room, const char *database)
{
    const char *end = server + strcspn(server, "?");
    const char *slash = end;

    while (slash > server && *slash != '/')
        slash--;
    snprintf(out, room, "%.*s/%s%s", (int)(slash - server), server, database, end);
}

static int run_on_server(const char *url, const char *sql)
{
    PGconn *conn = PQconnectdb(url);
    PGresult *done = PQexec(conn, sql);
    int failed =
        PQresultStatus(done) != PGRES_COMMAND_OK && PQresultStatus(done) != PGRES_TUPLES_OK;

    if (failed)
        print_error("%s: %s\n", sql, PQerrorMessage(conn));
    PQclear(done);
    PQfinish(conn);
    return failed;
}

static void database_name(char *out, size_t room)
{
    snprintf(out, room, "anju_test_%ld_%d", (long)getpid(), databases);
}

int fixture_make(struct fixture *f)
{
    char sql[128];

    *f = (struct fixture){.home = "/tmp/anju-store-XXXXXX"};
    if (!mkdtemp(f->home))
        return 1;
    if (!server)
        return 0;
    databases++;
    database_name(f->database, sizeof f->database);
    name_database(f->url, sizeof f->url, f->database);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'", f->database);
    return run_on_server(server, sql);
}

int fixture_open(struct fixture *f)
{
    if (store_open(f->home, f->url, &f->store, &f->err) == RESULT_OK &&
        db_open(f->store, &f->db, &f->err) == RESULT_OK &&
        db_open(f->store, &f->other, &f->err) == RESULT_OK)
        return 0;
    print_error("%s\n", f->err.sentence);
    return 1;
}

void fixture_close(struct fixture *f)
{
    db_close(f->db);
    db_close(f->other);
    store_close(f->store);
    f->db = f->other = NULL;
    f->store = NULL;
}

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)) != NULL) {
        char path[512];

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (unlink(path) != 0)
            remove_folder(path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

void fixture_remove(struct fixture *f)
{
    char sql[128];

    remove_folder(f->home);
    if (on_sqlite(f))
        return;
    snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", f->database);
    run_on_server(server, sql);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    *state = f;
    return fixture_make(f) || fixture_open(f);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    fixture_close(f);
    fixture_remove(f);
    free(f);
    return 0;
}

int run_on_both(const char *name, const struct CMUnitTest *tests, size_t count)
{
    struct CMUnitTest *mine = calloc(count, sizeof *mine);
    char group[128];
    int failed = 0;

    for (size_t i = 0; i < count; i++) {
        mine[i] = tests[i];
        mine[i].setup_func = setup;
        mine[i].teardown_func = teardown;
    }
    snprintf(group, sizeof group, "%s, sqlite", name);
    failed += _cmocka_run_group_tests(group, mine, count, NULL, NULL);
    server = getenv("ANJU_TEST_PG_URL");
    if (server && *server) {
        snprintf(group, sizeof group, "%s, postgresql", name);
        failed += _cmocka_run_group_tests(group, mine, count, NULL, NULL);
    }
    free(mine);
    return failed;
}

void raw_sql(struct fixture *f, const char *file, const char *sql)
{
    char path[128];
    sqlite3 *handle = NULL;

    if (!on_sqlite(f)) {
        assert_int_equal(run_on_server(f->url, sql), 0);
        return;
    }
    snprintf(path, sizeof path, "%s/%s.db", f->home, file);
    assert_int_equal(sqlite3_open(":memory:", &handle), SQLITE_OK);
    char *attach = sqlite3_mprintf("ATTACH %Q AS %Q; %s", path, file, sql);
    int rc = sqlite3_exec(handle, attach, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        print_error("%s: %s\n", sql, sqlite3_errmsg(handle));
    assert_int_equal(rc, SQLITE_OK);
    sqlite3_free(attach);
    sqlite3_close(handle);
}

static bool file_holds(const char *path, const void *bytes, size_t size)
{
    struct stat st;
    int fd = open(path, O_RDONLY);
    bool found = false;

    if (fd < 0)
        return false;
    if (fstat(fd, &st) == 0 && st.st_size > 0) {
        void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

        found = at != MAP_FAILED && memmem(at, (size_t)st.st_size, bytes, size) != NULL;
        if (at != MAP_FAILED)
            munmap(at, (size_t)st.st_size);
    }
    close(fd);
    return found;
}

bool files_hold(const struct fixture *f, const void *bytes, size_t size)
{
    DIR *dir = opendir(f->home);
    struct dirent *entry;
    bool found = false;

    while (dir && (entry = readdir(dir)) != NULL) {
        char path[512];

        snprintf(path, sizeof path, "%s/%s", f->home, entry->d_name);
        found = found || file_holds(path, bytes, size);
    }
    if (dir)
        closedir(dir);
    return found;
}

double now_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
