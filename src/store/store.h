/* The database: one face over SQLite (two files) and PostgreSQL (two schemas).
 *
 * struct store is the opened database, shared by threads; struct db is one connection, used by one
 * thread at a time. SQL is never built: a statement is named by its enum query_id, generated from
 * sql/queries. See docs/stores.md. */
#ifndef ANJU_STORE_STORE_H
#define ANJU_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/money.h"
#include "base/result.h"
#include "base/text.h"
#include "store/queries.h" /* generated: enum query_id { QUERY_account_by_number, … QUERY_COUNT } */

struct store;
struct db;
struct stmt;

/* Which of the two a transaction writes. */
enum store_side { STORE_READ, STORE_WRITE_LEDGER, STORE_WRITE_DESK };

/* Opens (and if new, creates) the database: url is "" for SQLite files ledger.db and desk.db in
 * home, or "postgresql://…". Runs missing migrations under a lock; a newer schema is refused. */
enum result store_open(const char *home, const char *url, struct store **out, struct error *err);
/* The same for a process whose parent has opened the store already and will start it again and
 * again: a server that is away just now is no failure here, db_open says it. */
enum result store_open_again(const char *home, const char *url, struct store **out,
                             struct error *err);
void store_close(struct store *s);

/* "sqlite" or "postgresql". */
const char *store_engine(const struct store *s);

/* True when a call on this store may take a network round trip (PostgreSQL): such work belongs in a
 * thread pool. */
bool store_is_remote(const struct store *s);

/* A connection of one's own; close it before the store. A PostgreSQL connection that was lost is
 * opened again at the next db_begin. */
enum result db_open(struct store *s, struct db **out, struct error *err);
void db_close(struct db *db);

/* For commands that go through the whole database: this connection reads without mapping the files
 * of SQLite into memory, so that it takes the same whatever their size. Before db_begin. */
enum result db_read_bounded(struct db *db, struct error *err);

/* Every statement runs inside a transaction. STORE_READ sees one moment of each store. A write
 * waits for its lock at most five seconds, then RESULT_BUSY. One transaction at a time.
 *
 * A transaction in which a statement failed (STMT_UNIQUE too) can only be rolled back, on both
 * engines: what follows fails, and db_commit rolls back and returns the first failure. Where a
 * taken key is ordinary, the query says ON CONFLICT. Writers of the ledger exclude each other.
 * Writers of the desk do so on SQLite only: a row that is read in order to be written is read
 * with FOR UPDATE (a comment opened for postgresql). */
enum result db_begin(struct db *db, enum store_side side, struct error *err);
enum result db_commit(struct db *db, struct error *err);
void db_rollback(struct db *db); /* does nothing when none is open */

/* A piece of writing: OK, or why not; then nothing of it stays. It may be run more than once, each
 * time from the same state of the database, and in another thread than asked for it. */
typedef enum result db_work(struct db *db, void *arg, struct error *err);

/* Runs the work in a write transaction of that side and commits it: OK when it is on the disk. On
 * SQLite works that threads of this process bring meanwhile are committed together; one that fails
 * hurts no other. Outside a transaction. For small frequent writes. */
enum result db_together(struct db *db, enum store_side side, db_work *work, void *arg,
                        struct error *err);

/* For a connection whose reads come close together: where nothing is lost by it (SQLite), a read
 * that ends leaves its moment open for the next db_begin(STORE_READ), until db_moment_end or a write
 * begins. Every read still reads its rows; what is spared are the locks. Whoever keeps moments ends
 * them before anybody can expect to see something newer, and before it sleeps. */
void db_moment_keep(struct db *db);
void db_moment_end(struct db *db);

/* What went wrong last on this connection, for the operator; no data in it. */
const char *db_error(const struct db *db);

/* The same as a code, and as a sentence in err: for after stmt_step's UNIQUE and FAILED. */
enum result db_failure(const struct db *db, struct error *err);

/* Prepares every query: a mistake in SQL is found by a test and not by a depositor. */
enum result db_check_queries(struct db *db, struct error *err);

/* The prepared statement of that query on this connection, ready for binding; never NULL: what
 * fails in preparing is reported by stmt_step. Valid until the same query is asked for again. */
struct stmt *db_query(struct db *db, enum query_id query);

/* Queries asked for so far on this connection: tests compare paths by it. */
uint64_t db_queries(const struct db *db);

/* Parameters count from 1. Texts and bytes are copied or used before stmt_step returns DONE: they
 * must live until then. */
void stmt_int(struct stmt *q, int parameter, int64_t value);
void stmt_text(struct stmt *q, int parameter, struct text value);
void stmt_bytes(struct stmt *q, int parameter, const void *at, size_t size);
void stmt_null(struct stmt *q, int parameter);
static inline void stmt_fen(struct stmt *q, int parameter, fen value)
{
    stmt_int(q, parameter, value.n);
}
/* NULL when the date is none. */
void stmt_date(struct stmt *q, int parameter, civil_date value);

enum stmt_step { STMT_ROW, STMT_DONE, STMT_UNIQUE /* a key is taken already */, STMT_FAILED };

/* Runs to the next row. Rows are bounded by the query's LIMIT. When the query's header says
 * "-- stream", PostgreSQL reads through a cursor, a block at a time, and other statements may run
 * in between; otherwise it fetches whole. With "-- one row" a second row is a failure. */
enum stmt_step stmt_step(struct stmt *q);

/* Runs a statement that returns no row: OK, CONFLICT for a taken key, STORE for the rest; *changed
 * (may be NULL) gets the number of rows. */
enum result stmt_run(struct stmt *q, int64_t *changed, struct error *err);

/* Ends a read early; stmt_step's DONE and FAILED do it themselves. */
void stmt_end(struct stmt *q);

/* Columns count from 0; views are valid until the next step. */
bool column_is_null(struct stmt *q, int column);
int64_t column_int(struct stmt *q, int column); /* 0 when null */
struct text column_text(struct stmt *q, int column);
struct text column_bytes(struct stmt *q, int column);
static inline fen column_fen(struct stmt *q, int column)
{
    return fen_of(column_int(q, column));
}
civil_date column_date(struct stmt *q, int column); /* DATE_NONE when null */

/* --- bulk: many rows into one table, inside a write transaction -----------------------------------
 * SQLite: one prepared insert, bound again for each row. PostgreSQL: COPY in binary form on a
 * connection of its own is not needed: the transaction's connection is in COPY state between
 * bulk_begin and bulk_end, so other statements must wait. Rows come in key order. */
struct bulk;

enum bulk_table {
    BULK_UNIT,
    BULK_ACCOUNT,
    BULK_HOLDER,
    BULK_TERMS,
    BULK_ENTRY,
    BULK_APPLICATION,
    BULK_APPLICATION_STEP,
    BULK_LOAN_CONTRACT,
    BULK_LOAN,
    BULK_LOAN_ENTRY,
    BULK_LOAN_RATE,
    BULK_SETTLEMENT,
    BULK_DIGEST,
};

/* Columns are those of the table in the order of the migration that made it. */
enum result bulk_begin(struct db *db, enum bulk_table table, struct bulk **out, struct error *err);
void bulk_int(struct bulk *b, int64_t value); /* the next column of the row */
void bulk_text(struct bulk *b, struct text value);
void bulk_bytes(struct bulk *b, const void *at, size_t size);
void bulk_null(struct bulk *b);
void bulk_date(struct bulk *b, civil_date value); /* null when none */
/* Ends the row. A taken key is RESULT_CONFLICT (with COPY only bulk_end may notice). */
enum result bulk_row(struct bulk *b, struct error *err);
enum result bulk_end(struct bulk *b, struct error *err); /* frees b, also after failures */

/* Prepares the ledger for a large load and returns to the ordinary state: on SQLite drops and makes
 * the secondary indexes inside the transaction, no automatic checkpoint meanwhile, truncating one
 * after; nothing on PostgreSQL but ANALYZE. Call prepare after db_begin when the tables are empty,
 * indexes before db_commit, done after it. */
enum result store_load_prepare(struct db *db, struct error *err);
enum result store_load_indexes(struct db *db, struct error *err);
enum result store_load_done(struct db *db, struct error *err);

/* --- SQLite's write-ahead log ------------------------------------------------------------------ */

enum {
    STORE_LOG_KEEP = 8 << 20, /* bytes; a log up to this is left alone, its room is used again */
    STORE_LOG_READERS_MAX = 8,
};

struct store_log {
    bool exists;   /* false on PostgreSQL, where all is zero */
    int64_t bytes; /* of the log's file */
    int64_t held;  /* bytes that cannot leave it: somebody reads an older moment */
    int readers[STORE_LOG_READERS_MAX]; /* processes that read just now, when something is held */
    size_t reader_count;
};

/* Moves the log of that side (one of the two that write) into its file when it has grown, and cuts
 * it to nothing. Outside a transaction. Nobody waits for it longer than a tenth of a second; it
 * takes as long as the log is large. BUSY: somebody else is at it. *out is filled as far as known,
 * also after a failure. */
enum result store_log_tidy(struct db *db, enum store_side side, struct store_log *out,
                           struct error *err);

/* From another thread: ends what store_log_tidy is at. */
void store_log_stop(struct db *db);

#endif
