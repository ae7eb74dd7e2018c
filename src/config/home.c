/* Making a home: each step can be repeated, the last one is a rename, so that a command killed in
 * between leaves a home that the next one completes. */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/store.h"
#include "store/vault.h"

static const char note_name[] = ".making", note_fresh[] = ".making.new";
enum { NOTE_MAX = 64 };

static enum result make_folder(const char *path, struct error *err)
{
    char part[CONFIG_PATH_MAX];
    struct stat st;

    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return error_set(err, RESULT_IO, "the folder %s cannot be made: %s", part,
                             strerror(errno));
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return error_set(err, RESULT_IO, "the folder %s cannot be made: %s", path, strerror(errno));
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return error_set(err, RESULT_IO, "%s is not a folder", path);
    return RESULT_OK;
}

/* Of a note that was being written nothing is known, and nothing was made after it. */
static bool folder_is_empty(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool empty = dir != NULL;

    while (dir && empty && (entry = readdir(dir)))
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                strcmp(entry->d_name, note_fresh) == 0;
    if (dir)
        closedir(dir);
    return empty;
}

static bool exists(const struct config *c, const char *name)
{
    char path[CONFIG_PATH_MAX];

    config_path(path, c->home, name);
    return access(path, F_OK) == 0;
}

/* Writes HOME/name whole or not at all: a file beside it, synced, renamed, and the folder synced. */
static enum result write_file(const struct config *c, const char *name, const char *content,
                              struct error *err)
{
    char path[CONFIG_PATH_MAX], fresh[CONFIG_PATH_MAX];
    size_t len = strlen(content);
    bool ok = false;
    int file, folder;

    config_path(path, c->home, name);
    snprintf(fresh, sizeof fresh, "%.*s/%s.new", CONFIG_PATH_MAX - CONFIG_NAME_ROOM, c->home, name);
    file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    folder = open(c->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0 && folder >= 0)
        ok = write(file, content, len) == (ssize_t)len && fsync(file) == 0 &&
             rename(fresh, path) == 0 && fsync(folder) == 0;
    if (!ok)
        error_set(err, RESULT_IO, "%s cannot be written: %s", path, strerror(errno));
    if (file >= 0)
        close(file);
    if (folder >= 0)
        close(folder);
    return ok ? RESULT_OK : RESULT_IO;
}

/* "demo 2026-11-23" or "ordinary". */
static enum result read_note(const struct config *c, bool *demo, civil_date *until,
                             struct error *err)
{
    char path[CONFIG_PATH_MAX], note[NOTE_MAX] = "";
    FILE *f;

    config_path(path, c->home, note_name);
    f = fopen(path, "re");
    if (!f || !fgets(note, sizeof note, f))
        note[0] = '\0';
    if (f)
        fclose(f);
    note[strcspn(note, "\n")] = '\0';
    *until = DATE_NONE;
    *demo = strncmp(note, "demo ", 5) == 0 && date_parse(text_of(note + 5), until);
    if (*demo || strcmp(note, "ordinary") == 0)
        return RESULT_OK;
    return error_set(err, RESULT_CONFIG, "%s does not say what home was being made", path);
}

static enum result write_note(const struct config *c, bool demo, civil_date until,
                              struct error *err)
{
    char note[NOTE_MAX] = "ordinary\n", day[DATE_TEXT_MAX];

    if (demo) {
        date_format(until, day);
        snprintf(note, sizeof note, "demo %s\n", day);
    }
    return write_file(c, note_name, note, err);
}

/* The keys appear all at once, so that a folder with some of them is never taken for whole. */
static enum result make_keys(const struct config *c, struct error *err)
{
    static const char *const names[] = {"field-1.key", "index.key", "token.key"};
    char fresh[CONFIG_PATH_MAX + 8], path[CONFIG_PATH_MAX + 32];
    struct vault *vault = NULL;
    enum result r;

    if (access(c->keys, F_OK) == 0)
        return RESULT_OK; /* made before, or brought by the operator: vault_open judges them */
    snprintf(fresh, sizeof fresh, "%s.new", c->keys);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", fresh, names[i]);
        unlink(path);
    }
    rmdir(fresh);
    r = vault_open(fresh, true, &vault, err);
    vault_close(vault);
    if (r == RESULT_OK && rename(fresh, c->keys) != 0)
        r = error_set(err, RESULT_IO, "the key folder %s cannot be made: %s", c->keys,
                      strerror(errno));
    return r;
}

static enum result make_schema(const struct config *c, struct error *err)
{
    const char *url = getenv("ANJU_DATABASE");
    struct store *store = NULL;
    enum result r = store_open(c->home, url ? url : "", &store, err);

    if (r == RESULT_OK)
        store_close(store);
    return r;
}

static enum result write_yaml(const struct config *c, bool demo, civil_date until,
                              struct error *err)
{
    static const char head[] =
        "# Settings of this home folder; docs/configuration.md has all keys. Read at each start.\n";
    char content[512], day[DATE_TEXT_MAX];

    if (demo) {
        date_format(until, day);
        snprintf(
            content, sizeof content,
            "%s# A demo home: stand-ins, known passwords, numbers that name nobody. Its clock "
            "starts\n# where the lives of its city end.\ndemo: true\nclock_start: %s\noffices: demo-offices\n",
            head, day);
    } else {
        snprintf(content, sizeof content, "%sdemo: false\n", head);
    }
    return write_file(c, "anju.yaml", content, err);
}

static enum result remove_note(const struct config *c, struct error *err)
{
    char path[CONFIG_PATH_MAX];

    config_path(path, c->home, note_name);
    if (unlink(path) == 0 || errno == ENOENT)
        return RESULT_OK;
    return error_set(err, RESULT_IO, "%s cannot be removed: %s", path, strerror(errno));
}

static enum result today_in_china(civil_date *out, struct error *err)
{
    struct clock clock;
    enum result r = clock_system(&clock, "Asia/Shanghai", err);

    if (r == RESULT_OK)
        *out = clock_today(&clock);
    return r;
}

/* With the folder's lock held: what is being made? An empty folder becomes what is asked for, a half
 * made one what it was to become. */
static enum result begin(const struct config *c, bool demo, civil_date *until, struct error *err)
{
    bool was_demo;
    enum result r;

    if (exists(c, note_name)) {
        r = read_note(c, &was_demo, until, err);
        if (r != RESULT_OK || was_demo == demo)
            return r;
        return error_set(err, RESULT_CONFLICT,
                         was_demo ? "%s is a demo home left half made; anju demo-home completes it"
                                  : "%s is an ordinary home left half made, not a demo home",
                         c->home);
    }
    if (!folder_is_empty(c->home))
        return error_set(err, demo ? RESULT_CONFLICT : RESULT_CONFIG,
                         "%s is not empty and holds no anju.yaml; a home begins as an empty folder",
                         c->home);
    if (chmod(c->home, 0700) != 0)
        return error_set(err, RESULT_IO, "the home folder %s cannot be closed to others: %s",
                         c->home, strerror(errno));
    r = RESULT_OK;
    if (demo && date_is_none(*until))
        r = today_in_china(until, err);
    return r == RESULT_OK ? write_note(c, demo, *until, err) : r;
}

enum result config_make(struct config *c, bool demo, civil_date until, struct error *err)
{
    enum result r;
    int lock;

    if (exists(c, "anju.yaml"))
        return RESULT_OK;
    r = make_folder(c->home, err);
    if (r != RESULT_OK)
        return r;
    lock = open(c->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX) != 0) {
        r = error_set(err, RESULT_IO, "the home folder %s cannot be locked: %s", c->home,
                      strerror(errno));
        goto done;
    }
    if (exists(c, "anju.yaml")) /* another command was quicker */
        goto done;
    c->demo = demo;
    r = config_find_keys(c, err);
    if (r == RESULT_OK)
        r = begin(c, demo, &until, err);
    if (r == RESULT_OK)
        r = make_keys(c, err);
    if (r == RESULT_OK)
        r = make_schema(c, err);
    if (r == RESULT_OK)
        r = write_yaml(c, demo, until, err);
    if (r == RESULT_OK && !demo) /* a demo home is filled first */
        r = remove_note(c, err);
done:
    if (lock >= 0)
        close(lock);
    return r;
}

static enum result no_root(const struct config *c, struct error *err)
{
    return error_set(err, RESULT_CONFIG,
                     "%s would be served by root: give it to a user of its own (chown -R, also the "
                     "keys), whom the service then becomes; or --as-root where root is meant",
                     c->home);
}

enum result config_load_demo_only(struct config *c, struct error *err)
{
    enum result r = config_find_places(c, err);

    if (r == RESULT_OK && (access(c->home, F_OK) != 0 || folder_is_empty(c->home)))
        return no_root(c, err);
    if (r == RESULT_OK)
        r = config_load(c, err);
    return r == RESULT_OK && !c->demo ? no_root(c, err) : r;
}

enum result config_load_for_set(struct config *c, bool demo, civil_date as_of, bool *made,
                                struct error *err)
{
    enum result r = config_find_places(c, err);

    *made = false;
    if (r != RESULT_OK)
        return r;
    if (!demo || (access(c->home, F_OK) == 0 && !folder_is_empty(c->home)))
        return config_load(c, err);
    r = config_make_demo(c, as_of, err);
    if (r == RESULT_OK)
        r = config_demo_made(c, err); /* the set fills it */
    *made = r == RESULT_OK;
    return r;
}

void config_kept_policy(const struct config *c, char out[CONFIG_PATH_MAX])
{
    config_path(out, c->home, "run/policy.yaml");
}

void config_kept_offices(const struct config *c, char out[CONFIG_PATH_MAX])
{
    config_path(out, c->home, "run/offices.yaml");
}

void config_go_by_kept(struct config *c)
{
    config_kept_policy(c, c->policy);
    config_kept_offices(c, c->offices);
    if (access(c->offices, F_OK) != 0)
        c->offices[0] = '\0';
}

bool config_demo_unfinished(const struct config *c)
{
    return c->demo && exists(c, note_name);
}

enum result config_demo_made(const struct config *c, struct error *err)
{
    return remove_note(c, err);
}
