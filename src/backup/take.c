/* Taking a backup: DIR.part is filled and synced, and becomes DIR by one rename. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

/* Beside the database. Those of a demo home are what its address and tests print. */
static const char policy_name[] = "policy.yaml", offices_name[] = "offices.yaml";
static const char *const demo_files[] = {"demo-depositors.txt", "truth.jsonl"};
enum { DEMO_FILES = sizeof demo_files / sizeof *demo_files };

/* Every name that a backup of any kind may have. */
static const char *const all_names[] = {
    "desk.db",       "ledger.db",    "database.dump",       "anju.yaml",
    "policy.yaml",   "offices.yaml", "demo-depositors.txt", "truth.jsonl",
    BACKUP_MANIFEST, BACKUP_SUM,     "desk.db-journal",     "ledger.db-journal",
};

/* --- DIR.part --- */

static void empty_part(int part)
{
    for (size_t i = 0; i < sizeof all_names / sizeof *all_names; i++)
        unlinkat(part, all_names[i], 0);
}

/* Makes it, or takes over what a killed backup left there. The lock ends with this process. */
static enum result open_part(const char *path, int *out, struct error *err)
{
    bool absent;

    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return error_set(err, RESULT_IO, "the folder %s cannot be made: %s", path,
                         errno == ENOSPC ? "the disk is full" : strerror(errno));
    *out = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (*out < 0)
        return error_set(err, RESULT_IO, "the folder %s cannot be opened: %s", path,
                         strerror(errno));
    if (flock(*out, LOCK_EX | LOCK_NB) != 0)
        return error_set(err, RESULT_BUSY, "another backup is being written to %s", path);
    empty_part(*out);
    if (!folder_is_empty(path, &absent))
        return error_set(err, RESULT_CONFLICT, "%s holds other things: move it away", path);
    if (fchmod(*out, 0700) != 0)
        return error_set(err, RESULT_IO, "%s cannot be closed to others: %s", path,
                         strerror(errno));
    return RESULT_OK;
}

/* --- what goes in --- */

static enum result copy_database(struct backup_job *job, struct db *db, const struct clock *clock,
                                 const char *part, const struct store_work *work, struct error *err)
{
    struct backup_manifest *m = &job->manifest;
    struct stmt *q;
    enum result r = db_begin(db, STORE_READ, err);

    if (r != RESULT_OK)
        return r;
    /* The desk's moment comes first: nobody whom it knows is missing from the ledger. */
    q = db_query(db, QUERY_desk_version);
    if (stmt_step(q) == STMT_ROW)
        m->desk_schema = column_int(q, 0);
    else
        r = db_failure(db, err);
    m->desk_moment = clock_now(clock);
    q = db_query(db, QUERY_ledger_version);
    if (r == RESULT_OK && stmt_step(q) == STMT_ROW)
        m->ledger_schema = column_int(q, 0);
    else if (r == RESULT_OK)
        r = db_failure(db, err);
    m->ledger_moment = clock_now(clock);
    if (r == RESULT_OK)
        r = db_copy(db, part, work, err);
    if (r == RESULT_OK && !stop_asked())
        r = figures_read(db, &m->figures, err);
    if (r == RESULT_OK && !stop_asked())
        r = figures_key_ids(db, &m->keys, err);
    db_rollback(db);
    return r;
}

static struct backup_file *add_file(struct backup_manifest *m, const char *name)
{
    struct backup_file *file = &m->files[m->file_count++];

    snprintf(file->name, sizeof file->name, "%s", name);
    return file;
}

static enum result copy_plain(struct backup_job *job, const char *from, const char *part,
                              const char *name, const struct store_work *work, struct error *err)
{
    char to[BACKUP_PATH_MAX];
    enum result r = file_path(to, part, name, err);
    const struct store_work quiet = {.stopped = work->stopped};

    return r == RESULT_OK ? file_copy(from, to, add_file(&job->manifest, name), &quiet, 0, err) : r;
}

static enum result copy_settings(const struct config *config, struct backup_job *job,
                                 const char *part, const struct store_work *work, struct error *err)
{
    char from[BACKUP_PATH_MAX];
    enum result r = file_path(from, config->home, "anju.yaml", err);

    if (r == RESULT_OK)
        r = copy_plain(job, from, part, "anju.yaml", work, err);
    if (r == RESULT_OK)
        r = copy_plain(job, config->policy, part, policy_name, work, err);
    if (r == RESULT_OK && config->offices[0])
        r = copy_plain(job, config->offices, part, offices_name, work, err);
    for (int i = 0; config->demo && r == RESULT_OK && i < DEMO_FILES; i++) {
        r = file_path(from, config->home, demo_files[i], err);
        if (r == RESULT_OK && access(from, F_OK) == 0)
            r = copy_plain(job, from, part, demo_files[i], work, err);
    }
    return r;
}

static uint64_t size_in(const char *part, const char *const *names)
{
    uint64_t bytes = 0;

    for (; *names; names++) {
        char path[BACKUP_PATH_MAX];
        struct stat st;
        struct error ignored;

        if (file_path(path, part, *names, &ignored) == RESULT_OK && stat(path, &st) == 0)
            bytes += (uint64_t)st.st_size;
    }
    return bytes;
}

static enum result measure_database(struct backup_job *job, const char *part,
                                    const struct store_work *work, struct error *err)
{
    const char *const *names = store_copy_files(job->manifest.engine);
    uint64_t before = 0;
    enum result r = RESULT_OK;

    progress_start(work->progress, "summing", size_in(part, names));
    for (; r == RESULT_OK && *names; names++) {
        struct backup_file *file = add_file(&job->manifest, *names);

        r = file_measure(part, file, true, work, before, err);
        before += (uint64_t)file->size;
    }
    progress_end(work->progress);
    return r;
}

static enum result fill(const struct config *config, struct backup_job *job, struct db *db,
                        const struct vault *vault, const char *part, struct error *err)
{
    const struct store_work work = {.progress = &job->progress, .stopped = stop_asked};
    struct backup_manifest *m = &job->manifest;
    struct clock clock;
    enum result r = config_clock(config, &clock, err);

    if (r != RESULT_OK)
        return r;
    m->demo = config->demo;
    m->began = clock_now(&clock);
    r = copy_database(job, db, &clock, part, &work, err);
    if (r == RESULT_OK)
        r = figures_key_checks(vault, &m->keys, err);
    if (r == RESULT_OK)
        r = measure_database(job, part, &work, err);
    if (r == RESULT_OK)
        r = copy_settings(config, job, part, &work, err);
    m->ended = clock_now(&clock);
    if (r == RESULT_OK && stop_asked())
        r = error_set(err, RESULT_BUSY, "interrupted");
    if (r == RESULT_OK)
        r = manifest_save(m, part, &clock, err);
    if (r == RESULT_OK)
        r = folder_sync(part, err);
    return r;
}

/* --- the whole --- */

static enum result take_from(const struct config *config, struct backup_job *job, const char *part,
                             struct error *err)
{
    struct vault *vault = NULL;
    struct store *store = NULL;
    struct db *db = NULL;
    enum result r = vault_open(config->keys, false, &vault, err);

    if (r == RESULT_OK)
        r = store_open(config->home, config->database, &store, err);
    if (r == RESULT_OK)
        r = db_open(store, &db, err);
    if (r == RESULT_OK)
        r = db_read_bounded(db, err);
    if (r == RESULT_OK) {
        snprintf(job->manifest.engine, sizeof job->manifest.engine, "%s", store_engine(store));
        r = fill(config, job, db, vault, part, err);
    }
    db_close(db);
    store_close(store);
    vault_close(vault);
    return r;
}

static enum result not_empty(const char *dir, struct error *err)
{
    return error_set(err, RESULT_CONFLICT,
                     "%s is there and not empty: name a folder that is not there yet", dir);
}

enum result backup_take(const struct config *config, const char *program, struct backup_job *job,
                        struct error *err)
{
    char path[BACKUP_PATH_MAX + 8];
    bool absent = true;
    int part = -1;
    enum result r;

    if (!folder_is_empty(job->dir, &absent) && !absent)
        return not_empty(job->dir, err);
    snprintf(path, sizeof path, "%s.part", job->dir);
    snprintf(job->manifest.program, sizeof job->manifest.program, "%s", program);
    r = open_part(path, &part, err);
    if (r != RESULT_OK) {
        if (part >= 0)
            close(part);
        return r;
    }
    r = take_from(config, job, path, err);
    /* Takes the place of an empty folder; of any other the system refuses it. */
    if (r == RESULT_OK && rename(path, job->dir) != 0)
        r = errno == ENOTEMPTY || errno == EEXIST
                ? not_empty(job->dir, err)
                : error_set(err, RESULT_IO, "%s cannot be renamed to %s: %s", path, job->dir,
                            strerror(errno));
    if (r == RESULT_OK)
        r = folder_sync_above(job->dir, err);
    else {
        empty_part(part);
        rmdir(path);
    }
    close(part);
    return r;
}
