/* Connections to PostgreSQL and the migrations of its two schemas. */
#include "store/postgres.h"

#include <stdio.h>
#include <stdlib.h>

/* The name of our lock among the database's advisory locks: "anju". */
#define MIGRATION_LOCK "SELECT pg_advisory_xact_lock(1634626165)"

/* Names are written with their schema, so that no search path can change what they mean. */
static const char settings[] = "SET search_path = '';"
                               "SET lock_timeout = 5000;"
                               "SET statement_timeout = 60000;"
                               "SET client_min_messages = warning";
_Static_assert(STORE_LOCK_WAIT_MS == 5000 && PG_STATEMENT_MS == 60000, "as in settings");

static void ignore_notice(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

/* --- connections --- */

enum result pg_connect(struct pg_db *db)
{
    /* What stands behind dbname is ours; what stands before it the URL may change. A server that
     * went away without a word is noticed within half a minute. */
    static const char *const names[] = {"fallback_application_name",
                                        "connect_timeout",
                                        "keepalives_idle",
                                        "keepalives_interval",
                                        "keepalives_count",
                                        "tcp_user_timeout",
                                        "dbname",
                                        "client_encoding",
                                        NULL};
    const char *values[] = {"anju", "5", "15", "5", "3", "30000", db->db.store->url, "UTF8", NULL};
    const char *encoding;
    enum result result;

    PQfinish(db->conn);
    db->conn = PQconnectdbParams(names, values, 1);
    db->generation++;
    if (!db->conn)
        return db_fail(&db->db, RESULT_MEMORY, "There is no memory for a database connection.");
    if (PQstatus(db->conn) != CONNECTION_OK)
        return pg_fail(db, NULL, "Opening the database");
    PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
    encoding = PQparameterStatus(db->conn, "server_encoding");
    if (encoding && strcmp(encoding, "UTF8") != 0)
        result = db_fail(&db->db, RESULT_CONFIG,
                         "The PostgreSQL database has encoding %s: make one with UTF8.", encoding);
    else
        result = pg_exec(db, settings, "Opening the database");
    if (result != RESULT_OK) {
        /* Without its settings it would wait for locks for ever: the next use opens a new one. */
        PQfinish(db->conn);
        db->conn = NULL;
    }
    return result;
}

enum result pg_db_open(struct store *s, struct db **out, struct error *err)
{
    struct pg_db *db = calloc(1, sizeof *db);
    size_t parameters = 1;
    enum result result;

    for (int i = 0; i < QUERY_COUNT; i++)
        parameters += (size_t)store_queries[i].parameters;
    if (db)
        db->parameters = calloc(parameters, sizeof *db->parameters);
    if (!db || !db->parameters) {
        free(db);
        return error_set(err, RESULT_MEMORY, "There is no memory for a database connection.");
    }
    db->db.store = s;
    result = pg_connect(db);
    if (result == RESULT_OK) {
        *out = &db->db;
        return RESULT_OK;
    }
    if (err)
        *err = db->db.last;
    pg_db_close(&db->db);
    return result;
}

void pg_db_close(struct db *base)
{
    struct pg_db *db = (struct pg_db *)(void *)base;

    PQfinish(db->conn);
    free(db->parameters);
    free(db);
}

/* --- migrations --- */

/* Reads one number, given as text. */
static enum result read_number(struct pg_db *db, const char *sql, int64_t *out)
{
    PGresult *done = PQexec(db->conn, sql);
    enum result result = RESULT_OK;

    if (PQresultStatus(done) == PGRES_TUPLES_OK && PQntuples(done) == 1)
        *out = strtoll(PQgetvalue(done, 0, 0), NULL, 10);
    else
        result = pg_fail(db, done, "Reading the schema's version");
    PQclear(done);
    return result;
}

static enum result read_version(struct pg_db *db, int side, int64_t *out)
{
    static const char *const exists[SIDE_COUNT] = {
        "SELECT count(*) FROM pg_class WHERE oid = to_regclass('ledger.schema')",
        "SELECT count(*) FROM pg_class WHERE oid = to_regclass('desk.schema')"};
    static const char *const version[SIDE_COUNT] = {"SELECT max(version) FROM ledger.schema",
                                                    "SELECT max(version) FROM desk.schema"};
    int64_t there = 0;
    enum result result = read_number(db, exists[side], &there);

    *out = -1;
    if (result == RESULT_OK && there)
        result = read_number(db, version[side], out);
    if (result == RESULT_OK && *out > store_migration_count)
        result = store_refuse_newer("The PostgreSQL database", *out, &db->db.last);
    return result;
}

static enum result write_version(struct pg_db *db, int side, int version)
{
    static const char *const sql[SIDE_COUNT] = {"UPDATE ledger.schema SET version = $1::integer",
                                                "UPDATE desk.schema SET version = $1::integer"};
    char number[16];
    const char *values[] = {number};
    PGresult *done;
    enum result result = RESULT_OK;

    snprintf(number, sizeof number, "%d", version);
    done = PQexecParams(db->conn, sql[side], 1, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(done) != PGRES_COMMAND_OK)
        result = pg_fail(db, done, "Writing the schema's version");
    PQclear(done);
    return result;
}

static enum result make_side(struct pg_db *db, int side)
{
    /* An administrator may have made the schema for a user who may not. */
    static const char *const missing[SIDE_COUNT] = {
        "SELECT count(*) FROM (SELECT 1 WHERE to_regnamespace('ledger') IS NULL) AS x",
        "SELECT count(*) FROM (SELECT 1 WHERE to_regnamespace('desk') IS NULL) AS x"};
    static const char *const schema[SIDE_COUNT] = {"CREATE SCHEMA ledger", "CREATE SCHEMA desk"};
    static const char *const table[SIDE_COUNT] = {
        "CREATE TABLE ledger.schema (version INTEGER NOT NULL);"
        "INSERT INTO ledger.schema VALUES (0)",
        "CREATE TABLE desk.schema (version INTEGER NOT NULL);"
        "INSERT INTO desk.schema VALUES (0)"};
    int64_t absent = 0;
    enum result result = read_number(db, missing[side], &absent);

    if (result == RESULT_OK && absent)
        result = pg_exec(db, schema[side], "Creating the database");
    if (result == RESULT_OK)
        result = pg_exec(db, table[side], "Creating the database");
    return result;
}

static enum result migrate_side(struct pg_db *db, int side)
{
    int64_t version = -1;
    enum result result = read_version(db, side, &version);

    if (result == RESULT_OK && version < 0) {
        result = make_side(db, side);
        version = 0;
    }
    for (int n = (int)version; result == RESULT_OK && n < store_migration_count; n++) {
        const char *sql = store_migrations[n].sql[ENGINE_POSTGRESQL][side];

        if (*sql)
            result = pg_exec(db, sql, store_migrations[n].name);
        if (result == RESULT_OK)
            result = write_version(db, side, n + 1);
    }
    return result;
}

/* All of it in one transaction, one process at a time. */
static enum result migrate(struct pg_db *db)
{
    enum result result = pg_exec(db,
                                 "BEGIN; SET LOCAL lock_timeout = 60000; "
                                 "SET LOCAL statement_timeout = 0; " MIGRATION_LOCK,
                                 "Waiting to migrate the database");

    for (int side = 0; result == RESULT_OK && side < SIDE_COUNT; side++)
        result = migrate_side(db, side);
    if (result == RESULT_OK)
        result = pg_exec(db, "COMMIT", "Migrating the database");
    return result;
}
_Static_assert(STORE_OPEN_WAIT_MS == 60000, "as in migrate");

enum result pg_store_open(struct store *s, struct error *err)
{
    struct pg_db db = {.db.store = s};
    int64_t version[SIDE_COUNT] = {-1, -1};
    PQconninfoOption *parsed = PQconninfoParse(s->url, NULL);
    enum result result;

    /* libpq's own words would show a piece of the URL, and that may be the password. */
    if (!parsed)
        return error_set(err, RESULT_CONFIG,
                         "The database address is not a PostgreSQL URL "
                         "(postgresql://user@host:port/name); correct ANJU_DATABASE.");
    PQconninfoFree(parsed);
    result = pg_connect(&db);
    for (int side = 0; result == RESULT_OK && side < SIDE_COUNT; side++)
        result = read_version(&db, side, &version[side]);
    if (result == RESULT_OK &&
        (version[0] != store_migration_count || version[1] != store_migration_count))
        result = migrate(&db);
    if (result != RESULT_OK && err)
        *err = db.db.last;
    PQfinish(db.conn); /* rolls back what is open */
    return result;
}
