/* The key folder: all of its keys read, and those that are missing written. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keys.h"
#include "store/vault_internal.h"

enum { NAME_ROOM = KEY_NAME_MAX + 8 };

static bool is_fixed(const char *name)
{
    return strcmp(name, "index.key") == 0 || strcmp(name, "token.key") == 0;
}

/* field-1.key … field-255.key, written as we write them. */
static bool is_field(const char *name)
{
    char again[32];
    long id = strtol(name + strcspn(name, "0123456789"), NULL, 10);

    snprintf(again, sizeof again, "field-%ld.key", id);
    return id >= 1 && id <= VAULT_FIELD_KEYS_MAX && strcmp(name, again) == 0;
}

/* Ours have one size; those of other parties are what they agreed on. */
static bool is_key(const struct key *k)
{
    size_t name = strlen(k->name), ending = strlen(".key");

    if (strncmp(k->name, "field-", 6) == 0 && !is_field(k->name))
        return false;
    if (is_fixed(k->name) || is_field(k->name))
        return k->size == VAULT_KEY_SIZE;
    return name > ending && strcmp(k->name + name - ending, ".key") == 0 &&
           strspn(k->name, "abcdefghijklmnopqrstuvwxyz0123456789-") == name - ending;
}

/* 1: there; 0: not there; -1: it cannot be read, errno says why. */
static int read_one(int folder, const char *name, struct key *k)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    uint8_t more;
    struct stat st;
    ssize_t n;

    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    snprintf(k->name, sizeof k->name, "%s", name);
    errno = EPERM;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        close(fd);
        errno = EPERM;
        return -1;
    }
    n = read(fd, k->at, sizeof k->at);
    if (n == (ssize_t)sizeof k->at && read(fd, &more, 1) != 0)
        n = -1;
    close(fd);
    k->size = n > 0 ? (size_t)n : 0;
    errno = EINVAL;
    return n > 0 && is_key(k) ? 1 : -1;
}

static enum result take(int folder, const char *path, const char *name, struct key_set *set,
                        struct error *err)
{
    int there = read_one(folder, name, &set->keys[set->count]);

    set->count += there == 1;
    if (there == 1)
        return RESULT_OK;
    return error_set(err, RESULT_CONFIG, "the key %s/%s cannot be read: %s", path, name,
                     there == 0        ? "it is not there"
                     : errno == EPERM  ? "others can read it, or it is no file"
                     : errno == EINVAL ? "it has not the size of a key"
                                       : strerror(errno));
}

static bool is_own(const char *name)
{
    return is_fixed(name) || strcmp(name, "field-1.key") == 0;
}

/* NAME.key that is not one of those every home has. */
static int is_further(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return len > 4 && len < KEY_NAME_MAX && strcmp(entry->d_name + len - 4, ".key") == 0 &&
           entry->d_name[0] != '.' && !is_own(entry->d_name);
}

static enum result take_further(int folder, const char *path, struct key_set *set,
                                struct error *err)
{
    struct dirent **found = NULL;
    int n = scandirat(folder, ".", &found, is_further, alphasort);
    enum result r = RESULT_OK;

    if (n < 0)
        r = error_set(err, RESULT_CONFIG, "the key folder %s cannot be read: %s", path,
                      strerror(errno));
    else if (n > KEYS_MAX - 3)
        r = error_set(err, RESULT_CONFIG, "the key folder %s holds more than %d keys", path,
                      KEYS_MAX);
    for (int i = 0; r == RESULT_OK && i < n; i++)
        r = take(folder, path, found[i]->d_name, set, err);
    for (int i = 0; i < n; i++)
        free(found[i]);
    free(found);
    return r;
}

enum result keys_read(const char *path, struct key_set *set, struct error *err)
{
    /* field-1.key comes last also where they are written: with it the folder is whole. */
    static const char *const before[] = {"index.key", "token.key"};
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum result r = RESULT_OK;

    set->count = 0;
    if (folder < 0)
        return error_set(err, RESULT_CONFIG, "the key folder %s cannot be opened: %s", path,
                         strerror(errno));
    for (int i = 0; r == RESULT_OK && i < 2; i++)
        r = take(folder, path, before[i], set, err);
    if (r == RESULT_OK)
        r = take_further(folder, path, set, err);
    if (r == RESULT_OK)
        r = take(folder, path, "field-1.key", set, err);
    close(folder);
    return r;
}

/* --- writing --- */

/* What is there already has the same bytes, and names are those of keys. */
static enum result compare(int folder, const char *path, const struct key_set *set,
                           struct error *err)
{
    struct key *is = sodium_malloc(sizeof *is);
    enum result r = RESULT_OK;

    if (!is)
        return error_set(err, RESULT_MEMORY, "out of memory");
    for (int i = 0; r == RESULT_OK && i < set->count; i++) {
        const struct key *k = &set->keys[i];
        int there = is_key(k) ? read_one(folder, k->name, is) : -1;

        if (!is_key(k))
            r = error_set(err, RESULT_INVALID, "what it holds are no keys");
        else if (there != 0 &&
                 (there < 0 || is->size != k->size || sodium_memcmp(is->at, k->at, k->size) != 0))
            r = error_set(err, RESULT_CONFLICT,
                          "%s holds another %s already; keys are never overwritten: move them away "
                          "or name another folder in ANJU_KEYS",
                          path, k->name);
    }
    sodium_free(is);
    return r;
}

/* Written beside it and linked into place, which never replaces one. */
static bool write_one(int folder, const struct key *k)
{
    char fresh[NAME_ROOM];
    bool ok;
    int fd;

    snprintf(fresh, sizeof fresh, "%s.new", k->name);
    unlinkat(folder, fresh, 0);
    fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    ok = write(fd, k->at, k->size) == (ssize_t)k->size && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && linkat(folder, fresh, folder, k->name, 0) == 0;
    unlinkat(folder, fresh, 0);
    return ok;
}

/* One after another; after a failure those of this call go again. */
static enum result write_missing(int folder, const char *path, const struct key_set *set,
                                 int *written, struct error *err)
{
    bool *fresh = calloc((size_t)set->count, sizeof *fresh);
    struct stat st;
    enum result r = RESULT_OK;

    if (!fresh)
        return error_set(err, RESULT_MEMORY, "out of memory");
    for (int i = 0; r == RESULT_OK && i < set->count; i++) {
        const char *name = set->keys[i].name;

        if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
            continue;
        fresh[i] = write_one(folder, &set->keys[i]);
        if (!fresh[i])
            r = error_set(err, RESULT_IO, "the key %s/%s cannot be written: %s", path, name,
                          errno == ENOSPC ? "the disk is full" : strerror(errno));
        *written += fresh[i];
    }
    if (r == RESULT_OK && fsync(folder) != 0)
        r = error_set(err, RESULT_IO, "the key folder %s cannot be written: %s", path,
                      strerror(errno));
    for (int i = 0; r != RESULT_OK && i < set->count; i++)
        if (fresh[i])
            unlinkat(folder, set->keys[i].name, 0);
    free(fresh);
    return r;
}

enum result keys_write(const char *path, const struct key_set *set, int *written, struct error *err)
{
    bool made = mkdir(path, 0700) == 0;
    int folder = -1;
    enum result r = RESULT_OK;

    *written = 0;
    if (made || errno == EEXIST)
        folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || flock(folder, LOCK_EX) != 0)
        r = error_set(err, RESULT_CONFIG, "the key folder %s cannot be made: %s", path,
                      strerror(errno));
    if (r == RESULT_OK)
        r = compare(folder, path, set, err);
    if (r == RESULT_OK)
        r = write_missing(folder, path, set, written, err);
    if (folder >= 0)
        close(folder);
    if (made && r != RESULT_OK)
        rmdir(path);
    return r;
}
