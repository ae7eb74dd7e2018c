/* Transactions and statements on SQLite.
 *
 * The two files are attached to an empty main database in memory. A write transaction is a plain
 * BEGIN and then one statement that writes nothing in the side's file: it takes that file's lock
 * and its snapshot. BEGIN IMMEDIATE would take every attached file, so that a desk write would wait
 * for an import. */
#include "store/sqlite.h"
#include "store/sqlite_copy.h"

#include "base/clock.h"

static struct sqlite_db *of_db(struct db *db)
{
    return (struct sqlite_db *)(void *)db;
}

static struct sqlite_stmt *of(struct stmt *q)
{
    return (struct sqlite_stmt *)(void *)q;
}

/* --- failures --- */

enum result sqlite_result(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return RESULT_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return RESULT_BUSY;
    case SQLITE_NOMEM: return RESULT_MEMORY;
    default: return RESULT_STORE;
    }
}

static bool is_taken_key(int rc)
{
    return rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_UNIQUE ||
           rc == SQLITE_CONSTRAINT_ROWID;
}

/* What to do about it, for the failures an operator can mend; NULL for the others. */
static const char *advice(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "another process is writing there; try again";
    case SQLITE_INTERRUPT: return "it took longer than a minute";
    case SQLITE_FULL: return "the disk is full";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN: return "check owner, mode and free space of the folder and its files";
    case SQLITE_IOERR: return "reading or writing a file failed; check the disk and its free space";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return "a file is damaged; restore it from a backup";
    default: return NULL;
    }
}

enum result sqlite_fail(struct sqlite_db *db, int rc, const char *doing)
{
    enum result code = is_taken_key(rc) ? RESULT_CONFLICT : sqlite_result(rc);
    const char *home = db->db.store->home;
    const char *what = advice(rc);

    if (what)
        return db_fail(&db->db, code, "%s in %s: %s (%s).", doing, home, what, sqlite3_errstr(rc));
    return db_fail(&db->db, code, "%s in %s: %s.", doing, home, sqlite3_errmsg(db->handle));
}

enum result sqlite_exec(struct sqlite_db *db, const char *sql, const char *doing)
{
    int rc;

    db->deadline_us = 0; /* an earlier statement's */
    rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK ? RESULT_OK : sqlite_fail(db, rc, doing);
}

/* --- transactions --- */

/* Runs one of the connection's own statements, which give no rows. */
static enum result run_own(struct sqlite_db *db, sqlite3_stmt *own, const char *doing)
{
    int rc = sqlite3_step(own);
    enum result result = rc == SQLITE_DONE ? RESULT_OK : sqlite_fail(db, rc, doing);

    sqlite3_reset(own);
    return result;
}

static void undo(struct db *base)
{
    struct sqlite_db *db = of_db(base);

    /* After a full disk SQLite has rolled back already. */
    if (!sqlite3_get_autocommit(db->handle)) {
        sqlite3_step(db->rollback);
        sqlite3_reset(db->rollback);
    }
    sqlite_load_forget(db);
}

static enum result begin(struct db *base)
{
    struct sqlite_db *db = of_db(base);
    enum result result = run_own(db, db->begin, "Beginning a transaction");

    if (result == RESULT_OK && base->side == STORE_WRITE_LEDGER)
        result = run_own(db, db->lock[SIDE_LEDGER], "Taking the lock of the ledger");
    if (result == RESULT_OK && base->side == STORE_WRITE_DESK)
        result = run_own(db, db->lock[SIDE_DESK], "Taking the lock of the desk");
    if (result != RESULT_OK)
        undo(base);
    return result;
}

static enum result commit(struct db *base)
{
    struct sqlite_db *db = of_db(base);
    enum result result = run_own(db, db->commit, "Committing");

    if (result != RESULT_OK)
        undo(base);
    return result;
}

/* --- statements --- */

/* SQLite numbers $1 … $n by where they first stand in the text: the places are looked up once. */
static bool find_places(struct sqlite_stmt *q)
{
    for (int n = 1; n <= q->stmt.query->parameters; n++) {
        char name[8];
        int place;

        sqlite3_snprintf(sizeof name, name, "$%d", n);
        place = sqlite3_bind_parameter_index(q->handle, name);
        if (place < 1 || place > STORE_PARAMETERS_MAX)
            return false;
        q->place[n - 1] = (uint8_t)place;
    }
    return true;
}

static bool prepare(struct stmt *base)
{
    struct sqlite_stmt *q = of(base);
    struct sqlite_db *db = of_db(base->db);
    int rc;

    if (q->handle)
        return true;
    rc = sqlite3_prepare_v3(db->handle, base->query->sql[ENGINE_SQLITE], -1,
                            SQLITE_PREPARE_PERSISTENT, &q->handle, NULL);
    if (rc == SQLITE_OK && find_places(q))
        return true;
    sqlite_fail(db, rc, base->query->name);
    sqlite3_finalize(q->handle);
    q->handle = NULL;
    return false;
}

/* A value that cannot be bound (no memory) leaves its parameter unbound, and stmt_step refuses to
 * run. When the statement cannot be prepared, stmt_step tries again and reports that. */
static void bound(struct stmt *q, int parameter, int rc)
{
    if (rc != SQLITE_OK)
        q->bound &= ~(UINT64_C(1) << (parameter - 1));
}

static void bind_int(struct stmt *q, int parameter, int64_t value)
{
    if (prepare(q))
        bound(q, parameter, sqlite3_bind_int64(of(q)->handle, of(q)->place[parameter - 1], value));
}

/* A null pointer would bind NULL: an empty text is a text. */
static void bind_text(struct stmt *q, int parameter, struct text value)
{
    if (prepare(q))
        bound(q, parameter,
              sqlite3_bind_text64(of(q)->handle, of(q)->place[parameter - 1],
                                  value.at ? value.at : "", value.len, SQLITE_STATIC, SQLITE_UTF8));
}

static void bind_bytes(struct stmt *q, int parameter, const void *at, size_t size)
{
    if (prepare(q))
        bound(q, parameter,
              sqlite3_bind_blob64(of(q)->handle, of(q)->place[parameter - 1], at ? at : "", size,
                                  SQLITE_STATIC));
}

static void bind_null(struct stmt *q, int parameter)
{
    if (prepare(q))
        bound(q, parameter, sqlite3_bind_null(of(q)->handle, of(q)->place[parameter - 1]));
}

static enum stmt_step step(struct stmt *q)
{
    struct sqlite_db *db = of_db(q->db);
    int rc;

    if (!prepare(q))
        return STMT_FAILED;
    if (!sqlite3_stmt_busy(of(q)->handle))
        db->deadline_us = q->query->slow || q->query->stream
                              ? 0
                              : clock_monotonic_us() + (int64_t)STORE_STATEMENT_MS * 1000;
    rc = sqlite3_step(of(q)->handle);
    if (rc == SQLITE_ROW)
        return STMT_ROW;
    db->deadline_us = 0; /* what comes next, a bulk load perhaps, has a time of its own */
    if (rc == SQLITE_DONE)
        return STMT_DONE;
    sqlite_fail(db, rc, q->query->name);
    return is_taken_key(rc) ? STMT_UNIQUE : STMT_FAILED;
}

static void reset(struct stmt *q)
{
    sqlite3_reset(of(q)->handle);
}

static int64_t changed(struct stmt *q)
{
    return sqlite3_changes64(of_db(q->db)->handle);
}

/* --- columns --- */

static bool is_null(struct stmt *q, int column)
{
    return sqlite3_column_type(of(q)->handle, column) == SQLITE_NULL;
}

static int64_t get_int(struct stmt *q, int column)
{
    return sqlite3_column_int64(of(q)->handle, column);
}

static struct text get_text(struct stmt *q, int column)
{
    const char *at = (const char *)sqlite3_column_text(of(q)->handle, column);

    return (struct text){at, (size_t)sqlite3_column_bytes(of(q)->handle, column)};
}

static struct text get_bytes(struct stmt *q, int column)
{
    const char *at = sqlite3_column_blob(of(q)->handle, column);

    return (struct text){at, (size_t)sqlite3_column_bytes(of(q)->handle, column)};
}

const struct engine store_sqlite = {
    .name = "sqlite",
    .stmt_size = sizeof(struct sqlite_stmt),
    .store_open = sqlite_store_open,
    .db_open = sqlite_db_open,
    .db_close = sqlite_db_close,
    .begin = begin,
    .commit = commit,
    .rollback = undo,
    .prepare = prepare,
    .bind_int = bind_int,
    .bind_text = bind_text,
    .bind_bytes = bind_bytes,
    .bind_null = bind_null,
    .step = step,
    .reset = reset,
    .changed = changed,
    .is_null = is_null,
    .get_int = get_int,
    .get_text = get_text,
    .get_bytes = get_bytes,
    .bulk_begin = sqlite_bulk_begin,
    .bulk_int = sqlite_bulk_int,
    .bulk_text = sqlite_bulk_text,
    .bulk_bytes = sqlite_bulk_bytes,
    .bulk_null = sqlite_bulk_null,
    .bulk_row = sqlite_bulk_row,
    .bulk_end = sqlite_bulk_end,
    .read_bounded = sqlite_read_bounded,
    .load_prepare = sqlite_load_prepare,
    .load_indexes = sqlite_load_indexes,
    .load_done = sqlite_load_done,
    .log_tidy = sqlite_log_tidy,
    .log_stop = sqlite_log_stop,

    .copy = sqlite_copy,
    .count_tables = sqlite_count_tables,
};
