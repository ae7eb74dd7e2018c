/* The database: SQLite's files opened with mode=ro, or a PostgreSQL transaction that is READ ONLY. Rows
 * come in the order of their keys, some thousand at a time. */
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"

enum { FETCH_ROWS = 4096, PATH_ROOM = 4096, CURSORS_MAX = 32, WAIT_MS = 5000 };

struct source {
    sqlite3 *lite;
    PGconn *pg;
    int cursors; /* numbered, for their names */
    char why[400];
};

struct cursor {
    struct source *source;
    sqlite3_stmt *stmt;
    PGresult *page;
    int row, rows;
    char fetch[64];
    bool there, failed;
};

static void explain(struct source *s)
{
    const char *said = s->pg ? PQerrorMessage(s->pg) : sqlite3_errmsg(s->lite);

    snprintf(s->why, sizeof s->why, "%s", said);
    s->why[strcspn(s->why, "\n")] = '\0';
}

static bool pg_do(struct source *s, const char *sql)
{
    PGresult *r = PQexec(s->pg, sql);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;

    if (!ok)
        explain(s);
    PQclear(r);
    return ok;
}

static bool lite_do(struct source *s, const char *sql)
{
    bool ok = sqlite3_exec(s->lite, sql, NULL, NULL, NULL) == SQLITE_OK;

    if (!ok)
        explain(s);
    return ok;
}

/* A file name inside an address: what has a meaning there is written as %XX. */
static void address_of(const char *home, const char *name, char out[PATH_ROOM])
{
    size_t n = (size_t)snprintf(out, PATH_ROOM, "file:");

    for (const char *p = home; *p && n + 64 < PATH_ROOM; p++)
        n += (size_t)snprintf(out + n, PATH_ROOM - n, strchr("%?#", *p) ? "%%%02X" : "%c",
                              (unsigned char)*p);
    snprintf(out + n, PATH_ROOM - n, "/%s.db?mode=ro", name);
}

static bool attach(struct source *s, const char *home, const char *name)
{
    char address[PATH_ROOM], sql[64];
    sqlite3_stmt *stmt = NULL;
    bool ok;

    address_of(home, name, address);
    snprintf(sql, sizeof sql, "ATTACH ?1 AS %s", name);
    ok = sqlite3_prepare_v2(s->lite, sql, -1, &stmt, NULL) == SQLITE_OK &&
         sqlite3_bind_text(stmt, 1, address, -1, SQLITE_STATIC) == SQLITE_OK &&
         sqlite3_step(stmt) == SQLITE_DONE;
    if (!ok)
        explain(s);
    sqlite3_finalize(stmt);
    return ok;
}

static bool open_lite(struct source *s, const char *home)
{
    if (sqlite3_open_v2(":memory:", &s->lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, NULL) !=
        SQLITE_OK) {
        explain(s);
        return false;
    }
    sqlite3_busy_timeout(s->lite, WAIT_MS);
    return attach(s, home, "ledger") && attach(s, home, "desk") &&
           lite_do(s, "PRAGMA query_only = 1");
}

struct source *source_open(const char *home, const char *url, char *why, size_t room)
{
    struct source *s = calloc(1, sizeof *s);
    bool ok = s != NULL;

    if (ok && url[0]) {
        s->pg = PQconnectdb(url);
        ok = PQstatus(s->pg) == CONNECTION_OK;
        if (!ok)
            explain(s);
        ok = ok && pg_do(s, "SET default_transaction_read_only = on") &&
             pg_do(s, "SET statement_timeout = 0");
    } else if (ok) {
        ok = open_lite(s, home);
    }
    if (ok)
        return s;
    snprintf(why, room, "%s", s ? s->why : "out of memory");
    source_close(s);
    return NULL;
}

void source_close(struct source *s)
{
    if (!s)
        return;
    if (s->pg)
        PQfinish(s->pg);
    sqlite3_close(s->lite);
    free(s);
}

bool source_begin(struct source *s)
{
    return s->pg ? pg_do(s, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                 : lite_do(s, "BEGIN");
}

void source_end(struct source *s)
{
    if (s->pg)
        pg_do(s, "ROLLBACK");
    else
        lite_do(s, "ROLLBACK");
}

const char *source_why(const struct source *s)
{
    return s->why;
}

static void pg_page(struct cursor *c)
{
    PQclear(c->page);
    c->page = PQexec(c->source->pg, c->fetch);
    c->failed = PQresultStatus(c->page) != PGRES_TUPLES_OK;
    if (c->failed)
        explain(c->source);
    c->row = 0;
    c->rows = c->failed ? 0 : PQntuples(c->page);
    c->there = c->rows > 0;
}

static void pg_declare(struct cursor *c, const char *sql)
{
    size_t room = strlen(sql) + 64;
    char *text = malloc(room);

    if (!text) {
        c->failed = true;
        snprintf(c->source->why, sizeof c->source->why, "out of memory");
        return;
    }
    snprintf(text, room, "DECLARE c%d BINARY NO SCROLL CURSOR FOR %s", c->source->cursors, sql);
    snprintf(c->fetch, sizeof c->fetch, "FETCH %d FROM c%d", FETCH_ROWS, c->source->cursors);
    c->source->cursors++;
    c->failed = !pg_do(c->source, text);
    free(text);
    if (!c->failed)
        pg_page(c);
}

struct cursor *cursor_open(struct source *s, const char *sql)
{
    struct cursor *c = calloc(1, sizeof *c);

    if (!c) {
        snprintf(s->why, sizeof s->why, "out of memory");
        return NULL;
    }
    c->source = s;
    if (s->pg) {
        pg_declare(c, sql);
        return c;
    }
    c->failed = sqlite3_prepare_v2(s->lite, sql, -1, &c->stmt, NULL) != SQLITE_OK;
    if (c->failed)
        explain(s);
    else
        cursor_next(c);
    return c;
}

bool cursor_there(const struct cursor *c)
{
    return c && c->there;
}

bool cursor_failed(const struct cursor *c)
{
    return !c || c->failed;
}

void cursor_next(struct cursor *c)
{
    int step;

    if (c->source->pg) {
        if (++c->row >= c->rows)
            pg_page(c);
        return;
    }
    step = sqlite3_step(c->stmt);
    c->there = step == SQLITE_ROW;
    c->failed = step != SQLITE_ROW && step != SQLITE_DONE;
    if (c->failed)
        explain(c->source);
}

void cursor_close(struct cursor *c)
{
    if (!c)
        return;
    PQclear(c->page);
    sqlite3_finalize(c->stmt);
    free(c);
}

bool cell_null(const struct cursor *c, int column)
{
    return c->stmt ? sqlite3_column_type(c->stmt, column) == SQLITE_NULL
                   : PQgetisnull(c->page, c->row, column);
}

int64_t cell_int(const struct cursor *c, int column)
{
    struct span s;
    int64_t n;

    if (c->stmt)
        return sqlite3_column_int64(c->stmt, column);
    s = cell_bytes(c, column);
    n = s.len > 0 && ((unsigned char)s.at[0] & 0x80) ? -1 : 0;
    for (size_t i = 0; i < s.len; i++)
        n = (int64_t)(((uint64_t)n << 8) | (unsigned char)s.at[i]);
    return n;
}

struct span cell_bytes(const struct cursor *c, int column)
{
    struct span s;

    if (c->stmt) {
        s.at = sqlite3_column_blob(c->stmt, column);
        s.len = (size_t)sqlite3_column_bytes(c->stmt, column);
    } else {
        s.at = PQgetvalue(c->page, c->row, column);
        s.len = (size_t)PQgetlength(c->page, c->row, column);
    }
    return s;
}

struct span span_of(const char *text)
{
    return (struct span){text, strlen(text)};
}

int span_compare(struct span a, struct span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.at, b.at, n) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

void span_keep(struct span s, char out[AUDIT_KEY_MAX])
{
    snprintf(out, AUDIT_KEY_MAX, "%.*s", (int)(s.len < AUDIT_KEY_MAX ? s.len : AUDIT_KEY_MAX - 1),
             s.at ? s.at : "");
}
