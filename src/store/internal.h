/* What the two engines share. An engine is a table of functions; store.c checks what is the same
 * for both (sides, transactions, parameters), so that what works on one works on the other. */
#ifndef ANJU_STORE_INTERNAL_H
#define ANJU_STORE_INTERNAL_H

#include <pthread.h>

#include "store/copy.h"
#include "store/store.h"

enum { ENGINE_SQLITE, ENGINE_POSTGRESQL, ENGINE_COUNT };
enum { SIDE_LEDGER, SIDE_DESK, SIDE_COUNT };

enum {
    STORE_PARAMETERS_MAX = 64,  /* one bit each in struct stmt; gen_queries.py refuses more */
    STORE_COLUMNS_MAX = 48,     /* of a table of the bulk face; gen_queries.py refuses more */
    STORE_LOCK_WAIT_MS = 5000,  /* a write waits this long for its lock */
    STORE_STATEMENT_MS = 60000, /* one statement, unless its query is marked slow or stream */
    STORE_LOG_PAGE = 4096,
    STORE_OPEN_WAIT_MS = 60000 /* an opening waits this long for another one's migrations */
};

/* --- generated from sql/ --- */

struct query {
    const char *name;
    const char *sql[ENGINE_COUNT];
    int parameters;
    enum store_side side; /* the side it writes or locks; STORE_READ: it only reads */
    bool one_row, stream, slow;
    const char *fetch, *close; /* of a stream's cursor on PostgreSQL */
};
extern const struct query store_queries[QUERY_COUNT];

/* Number n stands at n - 1. Statements of one side run in one transaction. */
struct migration {
    const char *name;
    const char *sql[ENGINE_COUNT][SIDE_COUNT];
};
extern const struct migration store_migrations[];
extern const int store_migration_count;

enum column_type { COLUMN_INT2, COLUMN_INT4, COLUMN_INT8, COLUMN_TEXT, COLUMN_BYTES };

struct table {
    const char *name;
    int column_count;
    struct {
        const char *name;
        enum column_type type;
    } columns[STORE_COLUMNS_MAX];
    const char *insert, *copy;
};
extern const struct table store_bulk_tables[];
extern const int store_bulk_table_count;

extern const char store_indexes_drop[], store_indexes_make[]; /* the ledger's, on SQLite */
extern const char store_analyze[];                            /* on PostgreSQL */

/* --- the objects; an engine's own begin with these --- */

/* Writers of one side that wait to be written together; see together.c. */
struct write_queue {
    pthread_mutex_t lock;
    struct job *first, *last;
    bool busy;         /* somebody writes … */
    struct db *writer; /* … on this connection: what it has read of the file is still true the next
                          time, where another one's commit would have made it read anew */
};

struct store {
    const struct engine *engine;
    char *home, *url;
    bool copy; /* home is a backup's folder: it is only read, and not even locked */
    struct write_queue queues[SIDE_COUNT];
};

struct stmt {
    struct db *db;
    const struct query *query;
    uint64_t bound; /* bit n - 1: parameter n has a value */
    int64_t rows;   /* given since it began */
    bool running;   /* between the first step and the end */
};

struct db {
    const struct engine *engine;
    struct store *store;
    char *statements; /* QUERY_COUNT of the engine's statements, engine->stmt_size bytes each */
    bool keeps;       /* reads leave their moment behind for the next one … */
    bool kept;        /* … and one is there */
    bool open;        /* a transaction is open … */
    enum store_side side;
    bool failed;    /* … and can only be rolled back */
    int running;    /* statements that run */
    uint64_t asked; /* queries so far */
    struct bulk *bulk;
    struct error last;
};

struct bulk {
    struct db *db;
    const struct table *table;
    int column;  /* the next one */
    bool failed; /* db->last says why */
};

struct engine {
    const char *name;
    bool remote;
    size_t stmt_size;

    /* Files or schemas and their migrations; leaves no connection open. */
    enum result (*store_open)(struct store *s, struct error *err);
    enum result (*db_open)(struct store *s, struct db **out, struct error *err);
    void (*db_close)(struct db *db);

    /* These and those below report through db_fail. */
    enum result (*read_bounded)(struct db *db); /* may be NULL */
    enum result (*begin)(struct db *db);
    enum result (*commit)(struct db *db);
    void (*rollback)(struct db *db);

    /* Only prepares: true when the engine takes the SQL. */
    bool (*prepare)(struct stmt *q);
    void (*bind_int)(struct stmt *q, int parameter, int64_t value);
    void (*bind_text)(struct stmt *q, int parameter, struct text value);
    void (*bind_bytes)(struct stmt *q, int parameter, const void *at, size_t size);
    void (*bind_null)(struct stmt *q, int parameter);
    enum stmt_step (*step)(struct stmt *q);
    void (*reset)(struct stmt *q);
    int64_t (*changed)(struct stmt *q); /* rows, after DONE and before reset */

    bool (*is_null)(struct stmt *q, int column);
    int64_t (*get_int)(struct stmt *q, int column);
    struct text (*get_text)(struct stmt *q, int column);
    struct text (*get_bytes)(struct stmt *q, int column);

    enum result (*bulk_begin)(struct db *db, const struct table *t, struct bulk **out);
    void (*bulk_int)(struct bulk *b, int64_t value);
    void (*bulk_text)(struct bulk *b, struct text value);
    void (*bulk_bytes)(struct bulk *b, const void *at, size_t size);
    void (*bulk_null)(struct bulk *b);
    enum result (*bulk_row)(struct bulk *b);
    enum result (*bulk_end)(struct bulk *b); /* frees b */

    enum result (*load_prepare)(struct db *db);
    enum result (*load_indexes)(struct db *db);
    enum result (*load_done)(struct db *db);

    /* NULL where there is no log of ours. */
    enum result (*log_tidy)(struct db *db, int side, struct store_log *out);
    void (*log_stop)(struct db *db);
    enum result (*copy)(struct db *db, const char *folder, const struct store_work *work);
    enum result (*count_tables)(struct db *db, struct store_table *out, int *count);
};

extern const struct engine store_sqlite, store_postgres;

/* Records what went wrong on this connection, for db_error and for err of the call; returns code. */
enum result db_fail(struct db *db, enum result code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The statement of query on db. */
static inline struct stmt *db_stmt(struct db *db, int query)
{
    return (struct stmt *)(void *)(db->statements + (size_t)query * db->engine->stmt_size);
}

/* together.c */
enum result store_queues_make(struct store *s, struct error *err);
void store_queues_free(struct store *s);

/* What both engines say when the database is newer than the program. */
enum result store_refuse_newer(const char *where, int64_t version, struct error *err);

#endif
