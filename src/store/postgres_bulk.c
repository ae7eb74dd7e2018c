/* Many rows into one table on PostgreSQL: COPY in binary form. */
#include "store/postgres.h"

#include <stdlib.h>

enum {
    BUFFER_SEND = 1 << 16,  /* sent when it holds this much */
    BUFFER_LIMIT = 1 << 26, /* no row is larger */
};

struct pg_bulk {
    struct bulk bulk;
    uint8_t *at;
    size_t len, room;
};

static struct pg_bulk *of(struct bulk *b)
{
    return (struct pg_bulk *)(void *)b;
}

static PGconn *conn_of(struct bulk *b)
{
    return ((struct pg_db *)(void *)b->db)->conn;
}

/* --- the buffer --- */

/* Room for size bytes more; NULL when there is none, and the load has then failed. */
static uint8_t *extend(struct pg_bulk *b, size_t size)
{
    uint8_t *at;

    if (b->room - b->len < size) {
        size_t room = 2 * (b->room + size);

        at = room <= BUFFER_LIMIT ? realloc(b->at, room) : NULL;
        if (!at) {
            b->bulk.failed = true;
            db_fail(b->bulk.db, RESULT_MEMORY, "There is no memory for a row of a bulk load.");
            return NULL;
        }
        b->at = at;
        b->room = room;
    }
    at = b->at + b->len;
    b->len += size;
    return at;
}

static void put_big_endian(uint8_t *at, uint64_t value, int size)
{
    for (int i = size - 1; i >= 0; i--, value >>= 8)
        at[i] = (uint8_t)value;
}

static void put_field(struct pg_bulk *b, const void *value, size_t size)
{
    uint8_t *at = extend(b, 4 + size);

    if (!at)
        return;
    put_big_endian(at, size, 4);
    memcpy(at + 4, value, size);
}

static enum result send(struct bulk *b)
{
    struct pg_bulk *p = of(b);
    size_t len = p->len;

    p->len = 0;
    if (PQputCopyData(conn_of(b), (const char *)p->at, (int)len) == 1)
        return RESULT_OK;
    b->failed = true;
    return pg_fail((struct pg_db *)(void *)b->db, NULL, b->table->name);
}

/* A row begins with the number of its fields. */
static void begin_row(struct bulk *b)
{
    uint8_t *at = b->column == 0 ? extend(of(b), 2) : NULL;

    if (at)
        put_big_endian(at, (uint64_t)b->table->column_count, 2);
}

/* --- the face --- */

enum result pg_bulk_begin(struct db *base, const struct table *t, struct bulk **out)
{
    static const uint8_t header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* and its own NUL: 19 */
    struct pg_db *db = (struct pg_db *)(void *)base;
    struct pg_bulk *b = calloc(1, sizeof *b);
    enum result result = RESULT_OK;
    PGresult *done;

    if (b)
        b->at = malloc(2 * BUFFER_SEND);
    if (!b || !b->at) {
        free(b);
        return db_fail(base, RESULT_MEMORY, "There is no memory for a bulk load.");
    }
    b->room = 2 * BUFFER_SEND;
    memcpy(b->at, header, 19);
    b->len = 19;
    result = pg_take_time(db);
    if (result == RESULT_OK) {
        done = PQexec(db->conn, t->copy);
        if (PQresultStatus(done) != PGRES_COPY_IN)
            result = pg_fail(db, done, t->name);
        PQclear(done);
    }
    if (result == RESULT_OK) {
        *out = &b->bulk;
        return RESULT_OK;
    }
    free(b->at);
    free(b);
    return result;
}

void pg_bulk_int(struct bulk *b, int64_t value)
{
    static const int sizes[] = {[COLUMN_INT2] = 2, [COLUMN_INT4] = 4, [COLUMN_INT8] = 8};
    int size = sizes[b->table->columns[b->column].type];
    uint8_t bytes[8];

    begin_row(b);
    put_big_endian(bytes, (uint64_t)value, size);
    put_field(of(b), bytes, (size_t)size);
}

void pg_bulk_text(struct bulk *b, struct text value)
{
    begin_row(b);
    put_field(of(b), value.at ? value.at : "", value.len);
}

void pg_bulk_bytes(struct bulk *b, const void *at, size_t size)
{
    begin_row(b);
    put_field(of(b), at ? at : "", size);
}

void pg_bulk_null(struct bulk *b)
{
    uint8_t *at;

    begin_row(b);
    at = extend(of(b), 4);
    if (at)
        put_big_endian(at, UINT32_MAX, 4);
}

enum result pg_bulk_row(struct bulk *b)
{
    return of(b)->len >= BUFFER_SEND ? send(b) : RESULT_OK;
}

/* What the server says to the whole load. */
static enum result finish(struct bulk *b)
{
    struct pg_db *db = (struct pg_db *)(void *)b->db;
    enum result result = RESULT_OK;
    PGresult *done;

    if (PQputCopyEnd(db->conn, b->failed ? "the load was given up" : NULL) != 1 && !b->failed)
        result = pg_fail(db, NULL, b->table->name);
    while ((done = PQgetResult(db->conn)) != NULL) {
        ExecStatusType status = PQresultStatus(done);

        if (status != PGRES_COMMAND_OK && result == RESULT_OK && !b->failed)
            result = pg_fail(db, done, b->table->name);
        PQclear(done);
        /* A lost connection may keep saying that it is in a COPY. */
        if (status == PGRES_COPY_IN)
            break;
    }
    return b->failed ? b->db->last.code : result;
}

enum result pg_bulk_end(struct bulk *b)
{
    uint8_t *at = b->failed ? NULL : extend(of(b), 2);
    enum result result;

    if (at) {
        put_big_endian(at, UINT16_MAX, 2); /* the end of the rows */
        send(b);
    }
    result = finish(b);
    free(of(b)->at);
    free(b);
    return result;
}

enum result pg_load_prepare(struct db *db)
{
    return pg_take_time((struct pg_db *)(void *)db);
}

enum result pg_load_indexes(struct db *db)
{
    (void)db;
    return RESULT_OK;
}

enum result pg_load_done(struct db *base)
{
    struct pg_db *db = (struct pg_db *)(void *)base;
    enum result result = pg_exec(db, "SET statement_timeout = 0", "Ending a large load");

    if (result == RESULT_OK)
        result = pg_exec(db, store_analyze, "Ending a large load");
    if (result == RESULT_OK)
        result = pg_exec(db, "SET statement_timeout = 60000", "Ending a large load");
    return result;
}
