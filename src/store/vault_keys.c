/* Key files: 32 random bytes each, mode 0600, made at the first start. */
#include "store/vault_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the folder --- */

/* Opens the folder; made when it is missing and may be. */
static enum result open_folder(const char *folder, bool may_create, int *out, struct error *err)
{
    struct stat st;

    *out = -1;
    if (may_create && mkdir(folder, 0700) != 0 && errno != EEXIST)
        return error_set(err, RESULT_CONFIG,
                         "The key folder %s cannot be made: %s. Give user %ld write access to the "
                         "folder above, or name another in ANJU_KEYS.",
                         folder, strerror(errno), (long)geteuid());
    *out = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*out < 0)
        return error_set(err, RESULT_CONFIG,
                         "The key folder %s cannot be opened: %s. Put the keys back there, or name "
                         "their folder in ANJU_KEYS.",
                         folder, strerror(errno));
    if (fstat(*out, &st) != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return error_set(err, RESULT_CONFIG,
                         "The key folder %s can be written by others: run chmod 700 %s.", folder,
                         folder);
    return RESULT_OK;
}

/* field-1.key comes last: when it is there, the others are. */
static const char *const key_names[] = {"index.key", "token.key", "field-1.key"};
enum { KEY_NAMES = sizeof key_names / sizeof key_names[0] };

/* The name under which a key is written before it gets its own. */
static void new_name_of(const char *name, char out[NAME_MAX])
{
    snprintf(out, NAME_MAX, "%s.new", name);
}

/* Whether the folder holds a key already: then a missing one is lost, and is not made anew. */
static bool holds_keys(int folder)
{
    struct stat st;

    for (int i = 0; i < KEY_NAMES; i++) {
        if (fstatat(folder, key_names[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
            return true;
    }
    return false;
}

static bool complete(int folder)
{
    struct stat st;

    return fstatat(folder, key_names[KEY_NAMES - 1], &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* --- one key --- */

static enum result write_all(int fd, const uint8_t *at, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, at, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return RESULT_IO;
        at += n;
        size -= (size_t)n;
    }
    return RESULT_OK;
}

static enum result write_key(int folder, const char *name)
{
    uint8_t key[VAULT_KEY_SIZE];
    char new_name[NAME_MAX];
    enum result result;
    int fd;

    new_name_of(name, new_name);
    unlinkat(folder, new_name, 0);
    fd = openat(folder, new_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return RESULT_IO;
    randombytes_buf(key, sizeof key);
    result = write_all(fd, key, sizeof key);
    sodium_memzero(key, sizeof key);
    if (fsync(fd) != 0)
        result = RESULT_IO;
    if (close(fd) != 0)
        result = RESULT_IO;
    return result;
}

/* Gives the keys that were written their names. Also what a start does that finds some named and
 * others not: the one before it was killed here. */
static enum result name_keys(int folder)
{
    for (int i = 0; i < KEY_NAMES; i++) {
        char new_name[NAME_MAX];

        new_name_of(key_names[i], new_name);
        if (renameat(folder, new_name, folder, key_names[i]) != 0 && errno != ENOENT)
            return RESULT_IO;
    }
    return fsync(folder) == 0 ? RESULT_OK : RESULT_IO;
}

static enum result make_keys(int folder, const char *path, struct error *err)
{
    enum result result = RESULT_OK;

    if (!holds_keys(folder)) {
        for (int i = 0; result == RESULT_OK && i < KEY_NAMES; i++)
            result = write_key(folder, key_names[i]);
    }
    if (result == RESULT_OK)
        result = name_keys(folder);
    if (result == RESULT_OK)
        return RESULT_OK;
    return error_set(err, RESULT_CONFIG,
                     "The keys cannot be written to %s: %s. Give user %ld write access to it, or "
                     "name another folder in ANJU_KEYS.",
                     path, strerror(errno), (long)geteuid());
}

static enum result read_key(int folder, const char *path, const char *name,
                            uint8_t out[VAULT_KEY_SIZE], struct error *err)
{
    enum result result = RESULT_OK;
    uint8_t more;
    struct stat st;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return error_set(err, RESULT_CONFIG,
                         "The key %s/%s cannot be read: %s. Without it the sealed fields stay "
                         "closed: put it back, or name the folder of the keys in ANJU_KEYS.",
                         path, name, strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        result = error_set(err, RESULT_CONFIG,
                           "The key %s/%s can be read by others: run chmod 600 %s/%s, and replace "
                           "it if anybody did.",
                           path, name, path, name);
    else if (read(fd, out, VAULT_KEY_SIZE) != VAULT_KEY_SIZE || read(fd, &more, 1) != 0)
        result = error_set(err, RESULT_CONFIG,
                           "The key %s/%s does not have %d bytes: put the right one back.", path,
                           name, VAULT_KEY_SIZE);
    close(fd);
    return result;
}

/* field-1.key … field-255.key; the highest number seals, the others still open. */
static enum result read_field_keys(struct vault *v, int folder, const char *path, struct error *err)
{
    enum result result = read_key(folder, path, "field-1.key", v->field[1], err);

    v->has_field[1] = true;
    v->newest = 1;
    for (int id = 2; result == RESULT_OK && id <= VAULT_FIELD_KEYS_MAX; id++) {
        char name[32];
        struct stat st;

        snprintf(name, sizeof name, "field-%d.key", id);
        if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        result = read_key(folder, path, name, v->field[id], err);
        v->has_field[id] = true;
        v->newest = (uint8_t)id;
    }
    return result;
}

enum result vault_open(const char *folder, bool may_create, struct vault **out, struct error *err)
{
    struct vault *v = NULL;
    enum result result;
    int fd = -1;

    *out = NULL;
    if (sodium_init() < 0)
        return error_set(err, RESULT_INTERNAL, "libsodium cannot start.");
    v = sodium_malloc(sizeof *v);
    if (!v)
        return error_set(err, RESULT_MEMORY, "There is no memory for the keys.");
    memset(v, 0, sizeof *v);
    result = open_folder(folder, may_create, &fd, err);
    /* Two first starts at once: the second waits, and reads what the first made. */
    if (result == RESULT_OK && may_create && !complete(fd) && flock(fd, LOCK_EX) == 0)
        result = make_keys(fd, folder, err);
    if (result == RESULT_OK)
        result = read_field_keys(v, fd, folder, err);
    if (result == RESULT_OK)
        result = read_key(fd, folder, "index.key", v->index, err);
    if (result == RESULT_OK)
        result = read_key(fd, folder, "token.key", v->token, err);
    if (fd >= 0)
        close(fd);
    if (result == RESULT_OK)
        *out = v;
    else
        vault_close(v);
    return result;
}

void vault_close(struct vault *v)
{
    if (v)
        sodium_free(v); /* wipes it */
}
