/* The two files of a home folder: creation, connections, migrations. */
#include "store/sqlite.h"
#include "store/sqlite_copy.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

static const char *const side_names[SIDE_COUNT] = {"ledger", "desk"};

/* Settings of every connection. In WAL mode FULL is what makes a commit outlive a power cut. A WAL
 * that grew in a large load is cut back when it is used again. temp_store stays at files: the
 * indexes of a large load sort more than memory should hold, and small sorts never reach a file. */
static const char settings[] = "PRAGMA trusted_schema = OFF;"
                               "PRAGMA foreign_keys = OFF;"
                               "PRAGMA ledger.synchronous = FULL;"
                               "PRAGMA desk.synchronous = FULL;"
                               "PRAGMA ledger.mmap_size = 2147418112;"
                               "PRAGMA desk.mmap_size = 0;"
                               "PRAGMA ledger.journal_size_limit = 67108864;"
                               "PRAGMA desk.journal_size_limit = 67108864;";

/* --- a connection --- */

enum { STEPS_BETWEEN_LOOKS = 100000 }; /* of SQLite's machine: some milliseconds */

/* A statement that does not end would keep its moment of the file, and the log from being cut. */
static int too_late(void *context)
{
    const struct sqlite_db *db = context;

    return db->deadline_us && clock_monotonic_us() > db->deadline_us;
}

static enum result attach(struct sqlite_db *db, const char *path, const char *side)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(db->handle, "ATTACH $1 AS $2", -1, &q, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_text(q, 1, path, -1, SQLITE_STATIC);
        sqlite3_bind_text(q, 2, side, -1, SQLITE_STATIC);
        rc = sqlite3_step(q);
    }
    sqlite3_finalize(q);
    return rc == SQLITE_DONE ? RESULT_OK : sqlite_fail(db, rc, "Opening the database files");
}

static enum result connect_files(struct sqlite_db *db)
{
    /* No CREATE: a file that has gone is an error, not an empty database. */
    int rc = sqlite3_open_v2(":memory:", &db->handle,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                                 (db->db.store->copy ? SQLITE_OPEN_URI : 0),
                             NULL);
    enum result result;

    if (rc != SQLITE_OK)
        return sqlite_fail(db, rc, "Opening the database");
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, STORE_LOCK_WAIT_MS);
    sqlite3_progress_handler(db->handle, STEPS_BETWEEN_LOOKS, too_late, db);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    for (int side = 0; side < SIDE_COUNT; side++) {
        char path[SQLITE_URI_MAX];

        if (!db->db.store->copy)
            snprintf(path, sizeof path, "%s/%s.db", db->db.store->home, side_names[side]);
        else if (!sqlite_copy_uri(db->db.store->home, side_names[side], path))
            return db_fail(&db->db, RESULT_INVALID, "The path of the copy is too long.");
        result = attach(db, path, side_names[side]);
        if (result != RESULT_OK)
            return result;
    }
    return sqlite_exec(db, settings, "Setting up the database connection");
}

static enum result prepare_own(struct sqlite_db *db)
{
    const struct {
        sqlite3_stmt **out;
        const char *sql;
    } own[] = {
        {&db->begin, "BEGIN"},
        {&db->commit, "COMMIT"},
        {&db->rollback, "ROLLBACK"},
        {&db->lock[SIDE_LEDGER], "UPDATE ledger.schema SET version = version WHERE version < 0"},
        {&db->lock[SIDE_DESK], "UPDATE desk.schema SET version = version WHERE version < 0"},
    };

    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        int rc = sqlite3_prepare_v3(db->handle, own[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
                                    own[i].out, NULL);
        if (rc != SQLITE_OK)
            return sqlite_fail(db, rc, "Opening the database");
    }
    return RESULT_OK;
}

/* What sqlite_db_open made, whole or in part. */
static void close_handle(struct sqlite_db *db)
{
    sqlite3_stmt *own[] = {db->begin, db->commit, db->rollback, db->lock[0], db->lock[1]};

    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        sqlite3_finalize(own[i]);
    sqlite3_close(db->handle);
}

enum result sqlite_db_open(struct store *s, struct db **out, struct error *err)
{
    struct sqlite_db *db = calloc(1, sizeof *db);
    enum result result;

    if (!db)
        return error_set(err, RESULT_MEMORY, "There is no memory for a database connection.");
    db->db.store = s;
    result = connect_files(db);
    if (result == RESULT_OK)
        result = prepare_own(db);
    if (result == RESULT_OK) {
        *out = &db->db;
        return RESULT_OK;
    }
    if (err)
        *err = db->db.last;
    close_handle(db);
    free(db);
    return result;
}

void sqlite_db_close(struct db *base)
{
    struct sqlite_db *db = (struct sqlite_db *)(void *)base;

    for (int i = 0; base->statements && i < QUERY_COUNT; i++) {
        struct stmt *q = db_stmt(base, i);

        sqlite3_finalize(((struct sqlite_stmt *)(void *)q)->handle);
    }
    close_handle(db);
    free(db);
}

/* --- migrations --- */

/* Reads one number with a statement of ours. */
static enum result read_number(struct sqlite_db *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(db->handle, sql, -1, &q, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return rc == SQLITE_ROW ? RESULT_OK : sqlite_fail(db, rc, "Reading the schema's version");
}

static enum result write_version(struct sqlite_db *db, int side, int version)
{
    static const char *const sql[SIDE_COUNT] = {"UPDATE ledger.schema SET version = $1",
                                                "UPDATE desk.schema SET version = $1"};
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(db->handle, sql[side], -1, &q, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_int(q, 1, version);
        rc = sqlite3_step(q);
    }
    sqlite3_finalize(q);
    return rc == SQLITE_DONE ? RESULT_OK : sqlite_fail(db, rc, "Writing the schema's version");
}

/* Each file keeps its own version and has its own transactions, since no transaction is whole over
 * both: killed between the two, the next start goes on where each file stands. */
static enum result migrate_side(struct sqlite_db *db, int side)
{
    static const char *const first[SIDE_COUNT] = {
        "PRAGMA ledger.journal_mode = WAL;"
        "BEGIN;"
        "CREATE TABLE IF NOT EXISTS ledger.schema (version INTEGER NOT NULL);"
        "INSERT INTO ledger.schema SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM ledger.schema);"
        "COMMIT;",
        "PRAGMA desk.journal_mode = WAL;"
        "BEGIN;"
        "CREATE TABLE IF NOT EXISTS desk.schema (version INTEGER NOT NULL);"
        "INSERT INTO desk.schema SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM desk.schema);"
        "COMMIT;"};
    static const char *const tables[SIDE_COUNT] = {
        "SELECT count(*) FROM ledger.sqlite_schema WHERE name = 'schema'",
        "SELECT count(*) FROM desk.sqlite_schema WHERE name = 'schema'"};
    static const char *const versions[SIDE_COUNT] = {"SELECT max(version) FROM ledger.schema",
                                                     "SELECT max(version) FROM desk.schema"};
    int64_t exists = 0, version = 0;
    enum result result = read_number(db, tables[side], &exists);

    /* An existing file is only read: an import may be holding its lock. */
    if (result == RESULT_OK && !exists)
        result = sqlite_exec(db, first[side], "Creating the database");
    if (result == RESULT_OK)
        result = read_number(db, versions[side], &version);
    if (result == RESULT_OK && version > store_migration_count) {
        result = store_refuse_newer(db->db.store->home, version, &db->db.last);
    }
    for (int n = (int)version; result == RESULT_OK && n < store_migration_count; n++) {
        result = sqlite_exec(db, "BEGIN", "Migrating the database");
        if (result == RESULT_OK)
            result = write_version(db, side, n + 1);
        if (result == RESULT_OK)
            result = sqlite_exec(db, store_migrations[n].sql[ENGINE_SQLITE][side],
                                 store_migrations[n].name);
        if (result == RESULT_OK)
            result = sqlite_exec(db, "COMMIT", "Migrating the database");
    }
    return result;
}

static enum result migrate(struct store *s, struct error *err)
{
    struct sqlite_db db = {.db.store = s};
    enum result result = connect_files(&db);

    for (int side = 0; result == RESULT_OK && side < SIDE_COUNT; side++)
        result = migrate_side(&db, side);
    if (result != RESULT_OK && err)
        *err = db.db.last;
    close_handle(&db); /* rolls back what is open */
    return result;
}

/* --- files --- */

static enum result cannot_write(const char *path, struct error *err)
{
    if (errno != EACCES && errno != EPERM)
        return error_set(err, RESULT_STORE,
                         "%s cannot be opened for writing: %s. Mend that, or name another home "
                         "folder in ANJU_HOME.",
                         path, strerror(errno));
    return error_set(err, RESULT_STORE,
                     "%s cannot be opened for writing: %s. Give user %ld write access to the home "
                     "folder, or name another in ANJU_HOME.",
                     path, strerror(errno), (long)geteuid());
}

/* Makes the file when it is not there: mode 0600, which SQLite gives to its WAL too. */
static enum result make_file(const char *home, const char *name, int *out, struct error *err)
{
    char path[PATH_MAX];
    int fd;

    *out = -1;
    if (snprintf(path, sizeof path, "%s/%s", home, name) >= (int)sizeof path)
        return error_set(err, RESULT_CONFIG, "The path of the home folder is too long.");
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return cannot_write(path, err);
    *out = fd;
    return RESULT_OK;
}

/* One process at a time makes or migrates the files. The lock ends with the process. */
static enum result take_lock(int fd, const char *home, struct error *err)
{
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};

    for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += 20) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return error_set(err, RESULT_STORE, "%s/store.lock cannot be locked: %s.", home,
                             strerror(errno));
        if (waited >= STORE_OPEN_WAIT_MS)
            return error_set(err, RESULT_BUSY,
                             "Another process has been preparing the database in %s for a minute; "
                             "try again when it is done.",
                             home);
        nanosleep(&pause, NULL);
    }
    return RESULT_OK;
}

/* A copy's schemas are read; an older one stays as it is. */
static enum result look_at_copy(struct store *s, struct error *err)
{
    static const char *const versions[SIDE_COUNT] = {"SELECT max(version) FROM ledger.schema",
                                                     "SELECT max(version) FROM desk.schema"};
    struct sqlite_db db = {.db.store = s};
    enum result result = connect_files(&db);

    for (int side = 0; result == RESULT_OK && side < SIDE_COUNT; side++) {
        int64_t version = 0;

        result = read_number(&db, versions[side], &version);
        if (result == RESULT_OK && version > store_migration_count)
            result = store_refuse_newer(s->home, version, &db.db.last);
    }
    if (result != RESULT_OK && err)
        *err = db.db.last;
    close_handle(&db);
    return result;
}

enum result sqlite_store_open(struct store *s, struct error *err)
{
    static const char *const files[SIDE_COUNT] = {"ledger.db", "desk.db"};
    char *home = realpath(s->home, NULL);
    int lock = -1;
    enum result result;

    /* Nobody asks how much memory SQLite holds, and counting takes a lock around every piece of it.
     * Once it is in use (a second store of a process) it refuses this, and stays as it is. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (!home)
        return error_set(err, RESULT_STORE, "The home folder %s cannot be opened: %s.", s->home,
                         strerror(errno));
    free(s->home);
    s->home = home;
    if (s->copy)
        return look_at_copy(s, err);
    result = make_file(home, "store.lock", &lock, err);
    if (result == RESULT_OK)
        result = take_lock(lock, home, err);
    for (int i = 0; result == RESULT_OK && i < SIDE_COUNT; i++) {
        int fd = -1;

        /* Only for a new file: closing any descriptor of a file drops this process's locks on it,
         * also those of connections that other parts of the program may have open. */
        char path[PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s", home, files[i]) < (int)sizeof path &&
            access(path, F_OK) == 0)
            continue;
        result = make_file(home, files[i], &fd, err);
        if (fd >= 0)
            close(fd);
    }
    if (result == RESULT_OK)
        result = migrate(s, err);
    if (lock >= 0)
        close(lock);
    return result;
}
