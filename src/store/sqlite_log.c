/* The write-ahead logs of the two files: moved into them and cut, and who keeps that from happening.
 *
 * A commit moves a log of more than 4 MiB by itself, and the log is begun anew when nobody reads an
 * older moment of the file. Readers that overlap without end, or one that does not end, keep it from
 * that, and it grows with each write. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "store/sqlite.h"

enum {
    LOG_PATIENCE_MS = 100, /* a writer may wait this long for a log that is being cut */
    /* Bytes of the -shm file that SQLite's readers of a WAL lock: WALINDEX_LOCK_OFFSET + 3 … + 7. */
    READ_LOCK_FIRST = 123,
    READ_LOCK_LAST = 127,
    LOG_FRAME_HEADER = 24,
    LOCK_LINE_MAX = 256,
};

static const char *const names[SIDE_COUNT] = {"ledger", "desk"};

static bool file_stat(const struct sqlite_db *db, int side, const char *ending, struct stat *out)
{
    char path[PATH_MAX];

    return snprintf(path, sizeof path, "%s/%s.db-%s", db->db.store->home, names[side], ending) <
               (int)sizeof path &&
           stat(path, out) == 0;
}

static int64_t log_bytes(const struct sqlite_db *db, int side)
{
    struct stat s;

    return file_stat(db, side, "wal", &s) ? (int64_t)s.st_size : 0;
}

/* From /proc/locks: opening the file to ask for its locks would drop this process's own ones. */
static void find_readers(const struct sqlite_db *db, int side, struct store_log *out)
{
    struct stat s;
    char line[LOCK_LINE_MAX];
    FILE *f = file_stat(db, side, "shm", &s) ? fopen("/proc/locks", "re") : NULL;

    while (f && out->reader_count < STORE_LOG_READERS_MAX && fgets(line, sizeof line, f)) {
        unsigned major_no, minor_no;
        unsigned long inode;
        long first, last;
        int process;

        if (sscanf(line, "%*d: POSIX %*s READ %d %x:%x:%lu %ld %ld", &process, &major_no, &minor_no,
                   &inode, &first, &last) != 6)
            continue;
        if (inode == s.st_ino && major_no == major(s.st_dev) && minor_no == minor(s.st_dev) &&
            first <= READ_LOCK_LAST && last >= READ_LOCK_FIRST && process > 0 &&
            process != getpid())
            out->readers[out->reader_count++] = process;
    }
    if (f)
        fclose(f);
}

/* Writers wait while a log is cut, so it is only tried when there is nothing left to move. */
static int cut(struct sqlite_db *db, int side)
{
    int rc;

    sqlite3_busy_timeout(db->handle, LOG_PATIENCE_MS);
    rc = sqlite3_wal_checkpoint_v2(db->handle, names[side], SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(db->handle, STORE_LOCK_WAIT_MS);
    return (rc & 0xff) == SQLITE_BUSY ? SQLITE_OK : rc;
}

enum result sqlite_log_tidy(struct db *base, int side, struct store_log *out)
{
    static const char *const look[SIDE_COUNT] = {"SELECT max(version) FROM ledger.schema",
                                                 "SELECT max(version) FROM desk.schema"};
    static const char doing[] = "Moving the write-ahead log into the file";
    struct sqlite_db *db = (struct sqlite_db *)(void *)base;
    int frames = 0, moved = 0, rc;
    enum result result;

    out->exists = true;
    out->bytes = log_bytes(db, side);
    if (out->bytes <= STORE_LOG_KEEP)
        return RESULT_OK;
    result = sqlite_exec(db, look[side], doing); /* a file that was not read has no log yet */
    if (result != RESULT_OK)
        return result;
    rc = sqlite3_wal_checkpoint_v2(db->handle, names[side], SQLITE_CHECKPOINT_PASSIVE, &frames,
                                   &moved);
    if (rc == SQLITE_OK && frames > moved) {
        out->held = (int64_t)(frames - moved) * (STORE_LOG_PAGE + LOG_FRAME_HEADER);
        find_readers(db, side, out);
    } else if (rc == SQLITE_OK) {
        rc = cut(db, side);
    }
    out->bytes = log_bytes(db, side);
    return rc == SQLITE_OK ? RESULT_OK : sqlite_fail(db, rc, doing);
}

void sqlite_log_stop(struct db *base)
{
    sqlite3_interrupt(((struct sqlite_db *)(void *)base)->handle);
}
