/* A copy of the two files while others write them.
 *
 * SQLite's online backup, inside one read transaction that holds the snapshot of both files: so it
 * sees one moment however long it takes, and never begins anew because somebody wrote. (VACUUM INTO
 * would do that too, but in one stretch, without a pause for the service, and would write other
 * bytes than those that are there.) Meanwhile the write-ahead logs cannot be emptied; they grow by
 * what is written. */
#include "store/sqlite.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "store/copy.h"
#include "store/sqlite_copy.h"

enum {
    STEP_PAGES = 256,           /* 1 MiB of the usual pages … */
    PAUSE_NS = 2 * 1000 * 1000, /* … then the service has the disk */
    BUSY_TRIES = 5000,          /* pauses while a lock is held: ten seconds */
    CACHE_KIB = 2000,
};

/* A failure of the copy, not of the database that is copied. */
static enum result copy_fail(struct sqlite_db *db, int rc, const char *path)
{
    return db_fail(&db->db, sqlite_result(rc), "%s cannot be written: %s.", path,
                   (rc & 0xff) == SQLITE_FULL ? "the disk is full" : sqlite3_errstr(rc));
}

static enum result open_target(struct sqlite_db *db, const char *path, sqlite3 **out)
{
    char cache[48];
    int rc = sqlite3_open_v2(
        path, out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);

    snprintf(cache, sizeof cache, "PRAGMA cache_size = -%d", CACHE_KIB);
    /* What is killed here is thrown away whole, and the caller syncs what is done. */
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(*out, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL,
                          NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(*out, cache, NULL, NULL, NULL);
    return rc == SQLITE_OK ? RESULT_OK : copy_fail(db, rc, path);
}

/* Steps to the end; done and total count pages over both files. */
static enum result step_through(struct sqlite_db *db, sqlite3_backup *copying, const char *path,
                                const struct store_work *work, uint64_t before)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    int tries = 0;

    for (;;) {
        int rc = sqlite3_backup_step(copying, STEP_PAGES);
        int done = sqlite3_backup_pagecount(copying) - sqlite3_backup_remaining(copying);

        if (rc == SQLITE_DONE)
            return RESULT_OK;
        if (rc == SQLITE_OK)
            tries = 0;
        else if ((rc != SQLITE_BUSY && rc != SQLITE_LOCKED) || ++tries > BUSY_TRIES)
            return copy_fail(db, rc, path);
        if (work && work->stopped && work->stopped())
            return db_fail(&db->db, RESULT_BUSY, "interrupted");
        if (work && work->progress)
            progress_show(work->progress, before + (uint64_t)done);
        nanosleep(&pause, NULL);
    }
}

static enum result copy_side(struct sqlite_db *db, const char *side, const char *path,
                             const struct store_work *work, uint64_t before)
{
    sqlite3 *target = NULL;
    sqlite3_backup *copying = NULL;
    enum result result = open_target(db, path, &target);

    if (result == RESULT_OK) {
        copying = sqlite3_backup_init(target, "main", db->handle, side);
        if (!copying)
            result = copy_fail(db, sqlite3_errcode(target), path);
    }
    if (result == RESULT_OK)
        result = step_through(db, copying, path, work, before);
    sqlite3_backup_finish(copying);
    if (sqlite3_close(target) != SQLITE_OK && result == RESULT_OK)
        result = db_fail(&db->db, RESULT_STORE, "%s cannot be written", path);
    return result;
}

static enum result read_count(struct sqlite_db *db, const char *sql, uint64_t *out,
                              const char *doing)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(db->handle, sql, -1, &q, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    if (rc == SQLITE_ROW)
        *out = (uint64_t)sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return rc == SQLITE_ROW ? RESULT_OK : sqlite_fail(db, rc, doing);
}

enum result sqlite_copy(struct db *base, const char *folder, const struct store_work *work)
{
    static const char *const sides[SIDE_COUNT] = {"desk", "ledger"};
    static const char *const counts[SIDE_COUNT] = {"PRAGMA desk.page_count",
                                                   "PRAGMA ledger.page_count"};
    struct sqlite_db *db = (struct sqlite_db *)(void *)base;
    uint64_t pages[SIDE_COUNT] = {0}, before = 0;
    enum result result = RESULT_OK;

    /* These read: the snapshots of both files are there before the first page is copied, the
     * desk's first, so that nobody whom it knows is missing from the ledger. */
    for (int i = 0; result == RESULT_OK && i < SIDE_COUNT; i++)
        result = read_count(db, counts[i], &pages[i], "Counting the pages to copy");
    if (result == RESULT_OK && work && work->progress)
        progress_start(work->progress, "copying", pages[0] + pages[1]);
    for (int i = 0; result == RESULT_OK && i < SIDE_COUNT; i++) {
        char path[PATH_MAX];

        if (snprintf(path, sizeof path, "%s/%s.db", folder, sides[i]) >= (int)sizeof path)
            result = db_fail(base, RESULT_INVALID, "The path %s is too long", folder);
        else
            result = copy_side(db, sides[i], path, work, before);
        before += pages[i];
    }
    if (work && work->progress)
        progress_end(work->progress);
    return result;
}

/* --- its tables --- */

static enum result name_tables(struct sqlite_db *db, struct store_table *out, int *count)
{
    static const char sql[] =
        "SELECT 'desk.' || name FROM desk.sqlite_schema WHERE type = 'table' AND name NOT GLOB "
        "'sqlite_*' UNION ALL SELECT 'ledger.' || name FROM ledger.sqlite_schema WHERE type = "
        "'table' AND name NOT GLOB 'sqlite_*' ORDER BY 1";
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(db->handle, sql, -1, &q, NULL);

    while (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW && *count < STORE_TABLES_MAX) {
        snprintf(out[(*count)++].name, STORE_TABLE_NAME_MAX, "%s", sqlite3_column_text(q, 0));
        rc = SQLITE_OK;
    }
    sqlite3_finalize(q);
    return rc == SQLITE_DONE ? RESULT_OK : sqlite_fail(db, rc, "Listing the tables");
}

enum result sqlite_count_tables(struct db *base, struct store_table *out, int *count)
{
    struct sqlite_db *db = (struct sqlite_db *)(void *)base;
    enum result result = name_tables(db, out, count);

    db->deadline_us = 0; /* a large table takes its time */
    for (int i = 0; result == RESULT_OK && i < *count; i++) {
        char sql[STORE_TABLE_NAME_MAX + 32];
        uint64_t rows = 0;

        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", out[i].name);
        result = read_count(db, sql, &rows, "Counting the rows");
        out[i].rows = (int64_t)rows;
    }
    return result;
}

/* --- a copy, opened for reading --- */

/* The words of a path in a URI: what has a meaning there is written as %XX. */
static bool uri_of(const char *folder, const char *name, char out[SQLITE_URI_MAX])
{
    static const char hex[] = "0123456789ABCDEF";
    char path[PATH_MAX];
    size_t n = 0;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path - 32)
        return false;
    n = (size_t)snprintf(out, SQLITE_URI_MAX, "file:");
    for (const char *p = path; *p; p++) {
        if (*p == '%' || *p == '?' || *p == '#') {
            out[n++] = '%';
            out[n++] = hex[(unsigned char)*p >> 4];
            out[n++] = hex[(unsigned char)*p & 15];
        } else {
            out[n++] = *p;
        }
    }
    /* immutable: no lock, no log and no shared memory appear beside the file. */
    snprintf(out + n, SQLITE_URI_MAX - n, "?mode=ro&immutable=1");
    return true;
}

bool sqlite_copy_uri(const char *folder, const char *side, char out[SQLITE_URI_MAX])
{
    char name[32];

    snprintf(name, sizeof name, "%s.db", side);
    return uri_of(folder, name, out);
}
