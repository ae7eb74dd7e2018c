/* Many rows into one table on SQLite: one prepared insert, bound again for each row. */
#include "store/sqlite.h"

#include <stdlib.h>

struct sqlite_bulk {
    struct bulk bulk;
    struct sqlite_db *db;
    sqlite3_stmt *insert;
};

static struct sqlite_bulk *of(struct bulk *b)
{
    return (struct sqlite_bulk *)(void *)b;
}

enum result sqlite_bulk_begin(struct db *base, const struct table *t, struct bulk **out)
{
    struct sqlite_db *db = (struct sqlite_db *)(void *)base;
    struct sqlite_bulk *b = calloc(1, sizeof *b);
    int rc;

    if (!b)
        return db_fail(base, RESULT_MEMORY, "There is no memory for a bulk load.");
    b->db = db;
    /* The generated insert has $1 … $n in this order, so that number and place are the same. */
    rc = sqlite3_prepare_v3(db->handle, t->insert, -1, SQLITE_PREPARE_PERSISTENT, &b->insert, NULL);
    if (rc != SQLITE_OK) {
        free(b);
        return sqlite_fail(db, rc, t->name);
    }
    *out = &b->bulk;
    return RESULT_OK;
}

void sqlite_bulk_int(struct bulk *b, int64_t value)
{
    sqlite3_bind_int64(of(b)->insert, b->column + 1, value);
}

void sqlite_bulk_text(struct bulk *b, struct text value)
{
    sqlite3_bind_text64(of(b)->insert, b->column + 1, value.at ? value.at : "", value.len,
                        SQLITE_STATIC, SQLITE_UTF8);
}

void sqlite_bulk_bytes(struct bulk *b, const void *at, size_t size)
{
    sqlite3_bind_blob64(of(b)->insert, b->column + 1, at ? at : "", size, SQLITE_STATIC);
}

void sqlite_bulk_null(struct bulk *b)
{
    sqlite3_bind_null(of(b)->insert, b->column + 1);
}

enum result sqlite_bulk_row(struct bulk *b)
{
    int rc;

    of(b)->db->deadline_us = 0; /* a load has no minute, least of all an earlier statement's */
    sqlite3_step(of(b)->insert);
    rc = sqlite3_reset(of(b)->insert);
    return rc == SQLITE_OK ? RESULT_OK : sqlite_fail(of(b)->db, rc, b->table->name);
}

enum result sqlite_bulk_end(struct bulk *b)
{
    enum result result = b->failed ? b->db->last.code : RESULT_OK;

    sqlite3_finalize(of(b)->insert);
    free(b);
    return result;
}

/* --- large loads --- */

/* Mapped pages are the system's cache and cost nothing, but they count as this process's memory. */
enum result sqlite_read_bounded(struct db *base)
{
    return sqlite_exec((struct sqlite_db *)(void *)base,
                       "PRAGMA ledger.mmap_size = 0; PRAGMA desk.mmap_size = 0;",
                       "Setting up the database connection");
}

/* Pages that are written again and again while rows come in key order are few; the rest of the
 * cache saves reading back what was written to the WAL. 64 MiB, inside the 256 MiB that an import
 * may take. */
static const char large[] = "PRAGMA ledger.cache_size = -65536;";
static const char ordinary[] = "PRAGMA ledger.cache_size = -2000;";
enum { CHECKPOINT_PAGES = 1000 }; /* SQLite's own */

void sqlite_load_forget(struct sqlite_db *db)
{
    if (!db->loading)
        return;
    db->loading = false;
    sqlite3_wal_autocheckpoint(db->handle, CHECKPOINT_PAGES);
    sqlite3_exec(db->handle, ordinary, NULL, NULL, NULL);
}

enum result sqlite_load_prepare(struct db *base)
{
    struct sqlite_db *db = (struct sqlite_db *)(void *)base;
    enum result result;

    db->loading = true;
    result = sqlite_exec(db, large, "Preparing a large load");
    if (result == RESULT_OK)
        result = sqlite_exec(db, store_indexes_drop, "Preparing a large load");
    /* The checkpoint is store_load_done's, and not part of the commit. */
    if (result == RESULT_OK)
        sqlite3_wal_autocheckpoint(db->handle, 0);
    return result;
}

enum result sqlite_load_indexes(struct db *base)
{
    return sqlite_exec((struct sqlite_db *)(void *)base, store_indexes_make,
                       "Making the indexes of the ledger");
}

enum result sqlite_load_done(struct db *base)
{
    struct sqlite_db *db = (struct sqlite_db *)(void *)base;
    int rc;

    /* First without keeping anybody waiting; then the short rest, and the WAL is cut to nothing. A
     * reader that does not end leaves it for the next checkpoint, which is no failure. */
    rc = sqlite3_wal_checkpoint_v2(db->handle, "ledger", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (rc == SQLITE_OK)
        rc =
            sqlite3_wal_checkpoint_v2(db->handle, "ledger", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite_load_forget(db);
    if (rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY)
        return RESULT_OK;
    return sqlite_fail(db, rc, "Moving a large load from the log into the ledger");
}
