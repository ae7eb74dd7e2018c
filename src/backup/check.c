/* Is a backup what its manifest says? */
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "ledger/verify.h"

static enum result check_file(const struct backup_job *job, const struct backup_file *should,
                              const struct store_work *work, uint64_t before, struct error *err)
{
    struct backup_file is = *should;
    enum result r = file_measure(job->dir, &is, false, work, before, err);

    if (r != RESULT_OK)
        return r;
    if (is.size != should->size)
        return error_set(err, RESULT_DAMAGED, "%s/%s has %lld bytes and should have %lld", job->dir,
                         is.name, (long long)is.size, (long long)should->size);
    if (strcmp(is.sha256, should->sha256) != 0)
        return error_set(err, RESULT_DAMAGED,
                         "%s/%s is damaged: it does not have the SHA-256 of the manifest", job->dir,
                         is.name);
    return RESULT_OK;
}

/* A backup without its database, or with names that are none of ours, was not written by us. */
static enum result check_names(const struct backup_job *job, struct error *err)
{
    const struct backup_manifest *m = &job->manifest;
    const char *const *names = store_copy_files(m->engine);

    for (; names && *names; names++) {
        bool there = false;

        for (int i = 0; i < m->file_count; i++)
            there = there || strcmp(m->files[i].name, *names) == 0;
        if (!there)
            names = NULL;
        if (!names)
            break;
    }
    if (names)
        return RESULT_OK;
    return error_set(err, RESULT_DAMAGED, "%s/" BACKUP_MANIFEST " names no database", job->dir);
}

enum result backup_check_files(struct backup_job *job, struct error *err)
{
    const struct store_work work = {.progress = &job->progress, .stopped = stop_asked};
    const struct backup_manifest *m = &job->manifest;
    uint64_t total = 0, before = 0;
    enum result r = manifest_load(job->dir, &job->manifest, err);

    if (r == RESULT_OK)
        r = check_names(job, err);
    for (int i = 0; r == RESULT_OK && i < m->file_count; i++)
        total += (uint64_t)m->files[i].size;
    if (r == RESULT_OK)
        progress_start(&job->progress, "summing", total);
    for (int i = 0; r == RESULT_OK && i < m->file_count; i++) {
        r = check_file(job, &m->files[i], &work, before, err);
        before += (uint64_t)m->files[i].size;
    }
    progress_end(&job->progress);
    return r;
}

/* --- the figures --- */

struct listening {
    void (*fault)(const char *where, const char *what);
};

static void pass_on(void *context, const char *where, const char *what)
{
    const struct listening *l = context;

    l->fault(where, what);
}

static enum result check_figures(struct backup_job *job, struct db *db, struct error *err)
{
    struct backup_figures figures;
    enum result r = db_begin(db, STORE_READ, err);

    if (r != RESULT_OK)
        return r;
    r = figures_read(db, &figures, err);
    db_rollback(db);
    return r == RESULT_OK ? figures_compare(&figures, &job->manifest, err) : r;
}

static enum result check_sqlite(struct backup_job *job, struct listening *l, struct error *err)
{
    struct verify_report report = {0};
    struct store *store = NULL;
    struct db *db = NULL;
    enum result r = store_open_copy(job->dir, &store, err);

    if (r == RESULT_OK)
        r = db_open(store, &db, err);
    if (r == RESULT_OK)
        r = db_read_bounded(db, err);
    if (r == RESULT_OK)
        r = check_figures(job, db, err);
    if (r == RESULT_OK)
        r = verify_all(db, &job->progress, pass_on, l, &report, err);
    job->verified = r == RESULT_OK;
    job->faults = report.faults;
    db_close(db);
    store_close(store);
    return r;
}

/* A copy is never migrated; our queries want our schema. */
static bool is_ours(const struct backup_manifest *m)
{
    return m->ledger_schema == store_schema_known() && m->desk_schema == store_schema_known();
}

enum result backup_check(struct backup_job *job, void (*fault)(const char *where, const char *what),
                         struct error *err)
{
    const struct store_work work = {.progress = &job->progress, .stopped = stop_asked};
    struct listening l = {.fault = fault};
    enum result r = backup_check_files(job, err);

    if (r != RESULT_OK)
        return r;
    if (strcmp(job->manifest.engine, "sqlite") == 0)
        return is_ours(&job->manifest) ? check_sqlite(job, &l, err) : RESULT_OK;
    return store_dump_read(job->dir, &work, err);
}
