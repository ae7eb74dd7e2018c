/* A copy by pg_dump, and its way back by pg_restore. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/postgres.h"
#include "store/postgres_tool.h"

enum { SNAPSHOT_MAX = 64, FOLDER_ROOM = 32, VERSION_STEP = 10000 };

static enum result dump_path(const char *folder, char out[PATH_MAX], struct error *err)
{
    if (snprintf(out, PATH_MAX, "%s/database.dump", folder) < PATH_MAX - FOLDER_ROOM)
        return RESULT_OK;
    return error_set(err, RESULT_INVALID, "the path %.100s… is too long", folder);
}

/* The open transaction's snapshot under a name that pg_dump can take up. */
static enum result export_snapshot(struct pg_db *db, char out[SNAPSHOT_MAX])
{
    PGresult *done = PQexec(db->conn, "SELECT pg_export_snapshot()");
    enum result result = RESULT_OK;

    if (PQresultStatus(done) == PGRES_TUPLES_OK && PQntuples(done) == 1)
        snprintf(out, SNAPSHOT_MAX, "%s", PQgetvalue(done, 0, 0));
    else
        result = pg_fail(db, done, "Beginning the copy");
    PQclear(done);
    return result;
}

enum result pg_copy(struct db *base, const char *folder, const struct store_work *work)
{
    struct pg_db *db = (struct pg_db *)(void *)base;
    char path[PATH_MAX], file[PATH_MAX + 16], snapshot[SNAPSHOT_MAX], with[SNAPSHOT_MAX + 16];
    struct error err = {0};
    enum result result = dump_path(folder, path, &err);

    if (result != RESULT_OK)
        return db_fail(base, result, "%s", err.sentence);
    result = export_snapshot(db, snapshot);
    if (result != RESULT_OK)
        return result;
    snprintf(with, sizeof with, "--snapshot=%s", snapshot);
    snprintf(file, sizeof file, "--file=%s", path);
    if (work && work->progress)
        progress_start(work->progress, "dumping, KiB", 0);
    result = pg_tool_run(
        &(struct pg_tool){.name = "pg_dump",
                          .server = PQserverVersion(db->conn) / VERSION_STEP,
                          .url = base->store->url,
                          .grows = path,
                          .arguments = {"--format=custom", "--no-password", "--no-owner",
                                        "--no-privileges", "--schema=ledger", "--schema=desk",
                                        "--lock-wait-timeout=60000", with, file}},
        work, &err);
    if (work && work->progress)
        progress_end(work->progress);
    return result == RESULT_OK ? result : db_fail(base, result, "%s", err.sentence);
}

enum result pg_count_tables(struct db *base, struct store_table *out, int *count)
{
    static const char names[] = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE "
                                "schemaname IN ('desk', 'ledger') ORDER BY 1";
    struct pg_db *db = (struct pg_db *)(void *)base;
    enum result result = pg_take_time(db);
    PGresult *found = NULL;

    if (result == RESULT_OK) {
        found = PQexec(db->conn, names);
        if (PQresultStatus(found) != PGRES_TUPLES_OK || PQntuples(found) > STORE_TABLES_MAX)
            result = pg_fail(db, found, "Listing the tables");
    }
    for (int i = 0; result == RESULT_OK && i < PQntuples(found); i++) {
        char sql[STORE_TABLE_NAME_MAX + 32];
        PGresult *counted;

        snprintf(out[i].name, sizeof out[i].name, "%s", PQgetvalue(found, i, 0));
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", out[i].name);
        counted = PQexec(db->conn, sql);
        if (PQresultStatus(counted) == PGRES_TUPLES_OK)
            out[(*count)++].rows = strtoll(PQgetvalue(counted, 0, 0), NULL, 10);
        else
            result = pg_fail(db, counted, "Counting the rows");
        PQclear(counted);
    }
    PQclear(found);
    return result;
}

enum result store_dump_read(const char *folder, const struct store_work *work, struct error *err)
{
    char path[PATH_MAX];
    enum result result = dump_path(folder, path, err);

    if (result == RESULT_OK)
        result = pg_tool_run(
            &(struct pg_tool){.name = "pg_restore", .arguments = {"--file=/dev/null", path}}, work,
            err);
    return result;
}

/* --- the database to restore into --- */

struct vacancy {
    bool schemas; /* an administrator has made both */
    bool vacant;
    int server;
};

/* Opens a connection, asks, and closes it: pg_restore has its own. */
static enum result look(const char *url, struct vacancy *out, struct error *err)
{
    static const char sql[] =
        "SELECT (SELECT count(*) FROM pg_class WHERE relnamespace IN "
        "(to_regnamespace('ledger')::oid, to_regnamespace('desk')::oid)), "
        "(to_regnamespace('ledger') IS NOT NULL)::int + (to_regnamespace('desk') IS NOT NULL)::int";
    struct store store = {.engine = &store_postgres, .url = (char *)(uintptr_t)url};
    struct pg_db db = {.db.store = &store};
    PQconninfoOption *parsed = PQconninfoParse(url, NULL);
    PGresult *done = NULL;
    enum result result;

    if (!parsed)
        return error_set(err, RESULT_CONFIG,
                         "The database address is not a PostgreSQL URL "
                         "(postgresql://user@host:port/name); correct ANJU_DATABASE.");
    PQconninfoFree(parsed);
    result = pg_connect(&db);
    if (result == RESULT_OK) {
        done = PQexec(db.conn, sql);
        if (PQresultStatus(done) != PGRES_TUPLES_OK || PQntuples(done) != 1)
            result = pg_fail(&db, done, "Looking into the database");
    }
    if (result == RESULT_OK) {
        long schemas = strtol(PQgetvalue(done, 0, 1), NULL, 10);

        out->vacant = strcmp(PQgetvalue(done, 0, 0), "0") == 0 && schemas != 1;
        out->schemas = schemas == 2;
        out->server = PQserverVersion(db.conn) / VERSION_STEP;
    } else if (err) {
        *err = db.db.last;
    }
    PQclear(done);
    PQfinish(db.conn);
    return result;
}

enum result store_is_vacant(const char *url, bool *vacant, struct error *err)
{
    struct vacancy v = {.vacant = false};
    enum result result = look(url, &v, err);

    *vacant = v.vacant;
    return result;
}

enum result store_dump_load(const char *folder, const char *url, const struct store_work *work,
                            struct error *err)
{
    char path[PATH_MAX];
    struct vacancy v = {.vacant = false};
    struct pg_tool tool = {
        .name = "pg_restore",
        .url = url,
        .arguments = {"--single-transaction", "--exit-on-error", "--no-password", "--no-owner",
                      "--no-privileges", "--dbname="},
    };
    int n = 6;
    enum result result = dump_path(folder, path, err);

    if (result == RESULT_OK)
        result = look(url, &v, err);
    if (result != RESULT_OK)
        return result;
    if (!v.vacant)
        return error_set(err, RESULT_CONFLICT,
                         "the database holds tables already; a restore wants an empty one");
    tool.server = v.server;
    if (v.schemas) { /* only what lies in them, since they are there */
        tool.arguments[n++] = "--schema=ledger";
        tool.arguments[n++] = "--schema=desk";
    }
    tool.arguments[n] = path;
    return pg_tool_run(&tool, work, err);
}
