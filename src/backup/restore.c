/* Bringing a backup back. Everything is copied into HOME/.restoring first; the files then get their
 * names, anju.yaml last: a folder without it is no home yet, and the next restore begins anew. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

#define WORK ".restoring"
static const char *const names[] = {"desk.db",      "ledger.db",           "policy.yaml",
                                    "offices.yaml", "demo-depositors.txt", "truth.jsonl",
                                    "anju.yaml"};
enum { NAMES = sizeof names / sizeof *names };

struct restoring {
    struct backup_job *job;
    struct config config;
    struct store_work watch;
    char work[BACKUP_PATH_MAX]; /* HOME/.restoring */
    int home;                   /* open and locked */
    bool made_home, made_work;
};

/* --- before it starts --- */

static enum result check_engine(const struct restoring *r, struct error *err)
{
    bool sqlite = strcmp(r->job->manifest.engine, "sqlite") == 0;

    if (sqlite == (r->config.database[0] == '\0'))
        return RESULT_OK;
    return error_set(err, RESULT_CONFIG,
                     sqlite ? "the backup is one of SQLite: restore it without ANJU_DATABASE"
                            : "the backup is one of PostgreSQL: name an empty database in "
                              "ANJU_DATABASE");
}

static enum result check_keys(const struct restoring *r, struct error *err)
{
    struct vault *vault = NULL;
    struct error why = {0};
    enum result result;

    if (r->job->without_keys)
        return RESULT_OK;
    result = vault_open(r->config.keys, false, &vault, &why);
    if (result == RESULT_OK)
        result = figures_key_compare(vault, &r->job->manifest.keys, &why);
    vault_close(vault);
    if (result == RESULT_OK || result == RESULT_MEMORY || result == RESULT_INTERNAL)
        return result == RESULT_OK ? result : error_set(err, result, "%s", why.sentence);
    return error_set(err, RESULT_CONFIG,
                     "the keys that the backup needs are not in %s: %.200s Bring them with anju "
                     "keys import FILE first, or restore --without-keys; nothing was changed",
                     r->config.keys, why.sentence);
}

/* Does the database at the configured address add up to what the manifest says? */
static enum result compare_database(const struct restoring *r, struct error *err)
{
    static struct backup_figures figures;
    struct store *store = NULL;
    struct db *db = NULL;
    enum result result = store_open(r->config.home, r->config.database, &store, err);

    if (result == RESULT_OK)
        result = db_open(store, &db, err);
    if (result == RESULT_OK)
        result = db_begin(db, STORE_READ, err);
    if (result == RESULT_OK)
        result = figures_read(db, &figures, err);
    db_close(db);
    store_close(store);
    return result == RESULT_OK ? figures_compare(&figures, &r->job->manifest, err) : result;
}

/* PostgreSQL: vacant, or filled by a restore of this very backup that was killed behind it. */
static enum result check_database(const struct restoring *r, bool *load, struct error *err)
{
    enum result result = store_is_vacant(r->config.database, load, err);

    if (result != RESULT_OK || *load)
        return result;
    result = compare_database(r, err);
    return result == RESULT_DAMAGED
               ? error_set(err, RESULT_CONFLICT,
                           "the database is not empty: name an empty one in ANJU_DATABASE")
               : result;
}

/* --- the home folder --- */

static bool is_ours(const char *name)
{
    for (int i = 0; i < NAMES; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return strcmp(name, WORK) == 0;
}

/* Nothing is in it but the keys of a demo home, and what a killed restore left. */
static enum result check_home(const struct restoring *r, struct error *err)
{
    bool begun = faccessat(r->home, WORK, F_OK, 0) == 0;
    DIR *dir = opendir(r->config.home);
    struct dirent *entry;
    const char *other = NULL;

    if (faccessat(r->home, "anju.yaml", F_OK, 0) == 0)
        other = "is a home already";
    while (!other && dir && (entry = readdir(dir))) {
        const char *name = entry->d_name;

        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !(begun && is_ours(name)) &&
            !(r->job->manifest.demo && strcmp(name, "keys") == 0))
            other = "is not empty";
    }
    if (!dir)
        other = "cannot be read";
    else
        closedir(dir);
    if (!other)
        return RESULT_OK;
    return error_set(err, RESULT_CONFLICT,
                     "%s %s: a restore wants a folder that is empty or not there; name it in "
                     "ANJU_HOME",
                     r->config.home, other);
}

static void clear(int home)
{
    int work = openat(home, WORK, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

    for (int i = 0; i < NAMES; i++) {
        unlinkat(home, names[i], 0);
        if (work >= 0)
            unlinkat(work, names[i], 0);
    }
    if (work >= 0)
        close(work);
    unlinkat(home, WORK, AT_REMOVEDIR);
}

static enum result open_home(struct restoring *r, struct error *err)
{
    enum result result;

    r->made_home = mkdir(r->config.home, 0700) == 0;
    if (!r->made_home && errno != EEXIST)
        return error_set(err, RESULT_IO, "the folder %s cannot be made: %s", r->config.home,
                         errno == ENOSPC ? "the disk is full" : strerror(errno));
    r->home = open(r->config.home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (r->home < 0)
        return error_set(err, RESULT_IO, "the home folder %s cannot be opened: %s", r->config.home,
                         strerror(errno));
    /* Whoever would make a home here takes the same lock. */
    if (flock(r->home, LOCK_EX | LOCK_NB) != 0)
        return error_set(err, RESULT_BUSY, "another command is making the home %s", r->config.home);
    result = check_home(r, err);
    if (result != RESULT_OK)
        return result;
    clear(r->home);
    if (fchmod(r->home, 0700) != 0 || mkdirat(r->home, WORK, 0700) != 0)
        return error_set(err, RESULT_IO, "the home folder %s cannot be written: %s", r->config.home,
                         errno == ENOSPC ? "the disk is full" : strerror(errno));
    r->made_work = true;
    return RESULT_OK;
}

/* --- the files --- */

/* Of policy.yaml and offices.yaml: the file that the settings name, NULL of all others. */
static const char *program_file(const struct restoring *r, const char *name)
{
    if (strcmp(name, "policy.yaml") == 0)
        return r->config.policy;
    return strcmp(name, "offices.yaml") == 0 ? r->config.offices : NULL;
}

/* The database's dump goes to the database; a policy that the program has is not wanted twice. */
static bool goes_into_home(const struct restoring *r, const struct backup_file *file)
{
    struct backup_file own = {.size = 0};
    const char *path = program_file(r, file->name);
    char folder[BACKUP_PATH_MAX];
    char *slash;
    struct error ignored;

    if (!is_ours(file->name))
        return false;
    if (!path)
        return true;
    snprintf(folder, sizeof folder, "%s", path);
    slash = strrchr(folder, '/');
    if (!slash)
        return true;
    *slash = '\0';
    snprintf(own.name, sizeof own.name, "%.*s", BACKUP_NAME_MAX - 1, slash + 1);
    return file_measure(folder, &own, false, NULL, 0, &ignored) != RESULT_OK ||
           strcmp(own.sha256, file->sha256) != 0;
}

static enum result copy_one(struct restoring *r, const struct backup_file *file, uint64_t before,
                            struct error *err)
{
    char from[BACKUP_PATH_MAX], to[BACKUP_PATH_MAX];
    struct backup_file measured = *file;
    enum result result = file_path(from, r->job->dir, file->name, err);

    if (result == RESULT_OK)
        result = file_path(to, r->work, file->name, err);
    if (result == RESULT_OK)
        result = file_copy(from, to, &measured, &r->watch, before, err);
    if (result == RESULT_OK && strcmp(measured.sha256, file->sha256) != 0)
        result = error_set(err, RESULT_DAMAGED, "%s changed while it was read", from);
    return result;
}

static enum result copy_all(struct restoring *r, struct error *err)
{
    const struct backup_manifest *m = &r->job->manifest;
    uint64_t total = 0, before = 0;
    enum result result = RESULT_OK;

    for (int i = 0; i < m->file_count; i++)
        total += (uint64_t)m->files[i].size;
    progress_start(&r->job->progress, "restoring", total);
    for (int i = 0; result == RESULT_OK && i < m->file_count; i++) {
        if (goes_into_home(r, &m->files[i])) {
            r->job->policy_differs |= program_file(r, m->files[i].name) != NULL;
            result = copy_one(r, &m->files[i], before, err);
        }
        before += (uint64_t)m->files[i].size;
    }
    progress_end(&r->job->progress);
    return result == RESULT_OK ? folder_sync(r->work, err) : result;
}

/* Gives the files their names; the last one makes the folder a home. */
static enum result name_all(struct restoring *r, struct error *err)
{
    int work = open(r->work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum result result = RESULT_OK;

    for (int i = 0; result == RESULT_OK && i < NAMES; i++) {
        bool last = i == NAMES - 1;

        if (last)
            result = folder_sync(r->config.home, err);
        if (result == RESULT_OK && renameat(work, names[i], r->home, names[i]) != 0 &&
            (last || errno != ENOENT))
            result = error_set(err, RESULT_IO, "%s/%s cannot be written: %s", r->config.home,
                               names[i], strerror(errno));
    }
    if (work >= 0)
        close(work);
    if (result == RESULT_OK)
        result = folder_sync(r->config.home, err);
    if (result == RESULT_OK && r->made_home)
        result = folder_sync_above(r->config.home, err);
    unlinkat(r->home, WORK, AT_REMOVEDIR);
    return result;
}

/* --- the whole --- */

static enum result bring_back(struct restoring *r, bool load, struct error *err)
{
    enum result result = copy_all(r, err);

    if (result == RESULT_OK && stop_asked())
        result = error_set(err, RESULT_BUSY, "interrupted");
    if (result == RESULT_OK && load)
        result = store_dump_load(r->job->dir, r->config.database, &r->watch, err);
    if (result == RESULT_OK && load)
        result = compare_database(r, err);
    return result == RESULT_OK ? name_all(r, err) : result;
}

static enum result prepare(struct restoring *r, bool *load, struct error *err)
{
    char yaml[BACKUP_PATH_MAX];
    enum result result = backup_check_files(r->job, err);

    *load = false;
    if (result == RESULT_OK)
        result = file_path(yaml, r->job->dir, "anju.yaml", err);
    if (result == RESULT_OK)
        result = config_load_from(&r->config, yaml, err);
    if (result == RESULT_OK)
        result = check_engine(r, err);
    if (result == RESULT_OK)
        result = check_keys(r, err);
    if (result == RESULT_OK && r->config.database[0])
        result = check_database(r, load, err);
    if (result == RESULT_OK && r->job->without_keys)
        fputs(
            "anju restore: without keys: sealed fields stay closed, and the service does not start "
            "until anju keys import FILE has brought them\n",
            stderr);
    if (result == RESULT_OK)
        result = file_path(r->work, r->config.home, WORK, err);
    return result;
}

enum result restore_run(struct backup_job *job, struct error *err)
{
    static struct restoring r;
    bool load;
    enum result result;

    r = (struct restoring){.job = job, .home = -1};
    r.watch = (struct store_work){.progress = &job->progress, .stopped = stop_asked};
    result = prepare(&r, &load, err);
    if (result == RESULT_OK)
        result = open_home(&r, err);
    if (result == RESULT_OK)
        result = bring_back(&r, load, err);
    if (result != RESULT_OK && r.made_work)
        clear(r.home);
    if (r.home >= 0)
        close(r.home);
    if (result != RESULT_OK && r.made_home)
        rmdir(r.config.home);
    return result;
}
