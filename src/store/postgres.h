/* PostgreSQL's own objects, for postgres*.c. */
#ifndef ANJU_STORE_POSTGRES_H
#define ANJU_STORE_POSTGRES_H

#include <libpq-fe.h>

#include "store/internal.h"

enum { PG_STATEMENT_MS = 60000 }; /* an ordinary statement takes no longer */

/* A value on its way out. Integers travel as text, since the server alone knows how wide it wants
 * them; texts and bytes travel as they are. */
struct pg_parameter {
    const char *at; /* NULL: null */
    int len, format;
    char digits[24];
};

struct pg_db {
    struct db db;
    PGconn *conn;
    struct pg_parameter *parameters; /* of all statements */
    int generation;                  /* counts connections: a new one has nothing prepared */
    bool unhurried;                  /* this transaction lifted the time limit */
};

struct pg_stmt {
    struct stmt stmt;
    struct pg_parameter *parameters; /* NULL: not prepared yet on any connection */
    int generation;                  /* of the connection that has it prepared */
    PGresult *result;
    int row;
    bool cursor; /* is open */
};

/* Records why a call failed: from result, or from the connection when that is NULL. */
enum result pg_fail(struct pg_db *db, const PGresult *result, const char *doing);

/* Runs SQL of ours that gives nothing we look at. */
enum result pg_exec(struct pg_db *db, const char *sql, const char *doing);

/* Lifts the time limit of statements until the transaction ends. */
enum result pg_take_time(struct pg_db *db);

/* postgres_open.c */
enum result pg_connect(struct pg_db *db);
enum result pg_store_open(struct store *s, struct error *err);
enum result pg_db_open(struct store *s, struct db **out, struct error *err);
void pg_db_close(struct db *base);

/* postgres_copy.c */
enum result pg_copy(struct db *db, const char *folder, const struct store_work *work);
enum result pg_count_tables(struct db *db, struct store_table *out, int *count);

/* postgres_read.c */
bool pg_is_null(struct stmt *q, int column);
int64_t pg_get_int(struct stmt *q, int column);
struct text pg_get_text(struct stmt *q, int column);

/* postgres_bulk.c */
enum result pg_bulk_begin(struct db *db, const struct table *t, struct bulk **out);
void pg_bulk_int(struct bulk *b, int64_t value);
void pg_bulk_text(struct bulk *b, struct text value);
void pg_bulk_bytes(struct bulk *b, const void *at, size_t size);
void pg_bulk_null(struct bulk *b);
enum result pg_bulk_row(struct bulk *b);
enum result pg_bulk_end(struct bulk *b);
enum result pg_load_prepare(struct db *db);
enum result pg_load_indexes(struct db *db);
enum result pg_load_done(struct db *db);

#endif
