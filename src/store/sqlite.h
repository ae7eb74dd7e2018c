/* SQLite's own objects, for sqlite*.c. */
#ifndef ANJU_STORE_SQLITE_H
#define ANJU_STORE_SQLITE_H

#include <sqlite3.h>

#include "store/internal.h"

struct sqlite_db {
    struct db db;
    sqlite3 *handle;
    sqlite3_stmt *begin, *commit, *rollback;
    sqlite3_stmt *lock[SIDE_COUNT]; /* take that side's write lock, change nothing */
    int64_t deadline_us;            /* of the statement that runs; 0: none */
    bool loading;                   /* the settings are those of a large load */
};

struct sqlite_stmt {
    struct stmt stmt;
    sqlite3_stmt *handle;                /* NULL: not prepared yet */
    uint8_t place[STORE_PARAMETERS_MAX]; /* of $n in SQLite's own numbering, at n - 1 */
};

/* The connection's last failure as one sentence; returns its code. */
enum result sqlite_fail(struct sqlite_db *db, int rc, const char *doing);

/* Runs SQL text of ours, any number of statements. */
enum result sqlite_exec(struct sqlite_db *db, const char *sql, const char *doing);

/* What an SQLite code means to us. */
enum result sqlite_result(int rc);

/* sqlite_open.c */
enum result sqlite_store_open(struct store *s, struct error *err);
enum result sqlite_db_open(struct store *s, struct db **out, struct error *err);
void sqlite_db_close(struct db *db);

/* sqlite_bulk.c */
enum result sqlite_bulk_begin(struct db *db, const struct table *t, struct bulk **out);
void sqlite_bulk_int(struct bulk *b, int64_t value);
void sqlite_bulk_text(struct bulk *b, struct text value);
void sqlite_bulk_bytes(struct bulk *b, const void *at, size_t size);
void sqlite_bulk_null(struct bulk *b);
enum result sqlite_bulk_row(struct bulk *b);
enum result sqlite_bulk_end(struct bulk *b);
enum result sqlite_read_bounded(struct db *db);
enum result sqlite_load_prepare(struct db *db);
enum result sqlite_load_indexes(struct db *db);
enum result sqlite_load_done(struct db *db);

/* sqlite_log.c */
enum result sqlite_log_tidy(struct db *db, int side, struct store_log *out);
void sqlite_log_stop(struct db *db);

/* Back to the ordinary settings; nothing when they are. */
void sqlite_load_forget(struct sqlite_db *db);

#endif
