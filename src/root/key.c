/* The keys that sign roots: root-1.key and after it root-2.key …, 32 bytes each, beside the keys of
 * the vault. The newest signs; earlier ones are kept to show that what they signed was the centre's. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "root/root.h"

enum { KEYS_MOST = 99 };

static void name_of(int n, char out[16])
{
    snprintf(out, 16, "root-%d.key", n);
}

/* 1: read; 0: not there; -1: it cannot be used, errno says why. */
static int read_seed(int folder, const char *name, uint8_t seed[ROOT_SEED])
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    ssize_t n;
    uint8_t more;

    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        close(fd);
        errno = EPERM;
        return -1;
    }
    n = read(fd, seed, ROOT_SEED);
    if (n == ROOT_SEED && read(fd, &more, 1) != 0)
        n = -1;
    close(fd);
    errno = EINVAL;
    return n == ROOT_SEED ? 1 : -1;
}

/* Written under another name and linked, which never replaces one. */
static bool make_seed(int folder, const char *name)
{
    uint8_t seed[ROOT_SEED];
    char fresh[48];
    bool ok;
    int fd;

    snprintf(fresh, sizeof fresh, "%s.%ld.new", name, (long)getpid());
    fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    randombytes_buf(seed, sizeof seed);
    ok = write(fd, seed, sizeof seed) == (ssize_t)sizeof seed && fsync(fd) == 0;
    sodium_memzero(seed, sizeof seed);
    ok = close(fd) == 0 && ok;
    ok = ok && (linkat(folder, fresh, folder, name, 0) == 0 || errno == EEXIST);
    unlinkat(folder, fresh, 0);
    return ok && fsync(folder) == 0;
}

enum result root_key_read(const char *path, bool make, uint8_t seed[ROOT_SEED], struct error *err)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), there = -1, newest = 0;
    uint8_t one[ROOT_SEED];
    char name[16] = "root-1.key";

    if (folder >= 0 && sodium_init() >= 0) {
        there = 0;
        for (int n = 1; n <= KEYS_MOST && (n == newest + 1); n++) {
            name_of(n, name);
            there = read_seed(folder, name, one);
            if (there != 1)
                break;
            newest = n;
            memcpy(seed, one, ROOT_SEED);
        }
        if (there == 0 && newest == 0 && make)
            there = make_seed(folder, name) ? read_seed(folder, name, seed) : -1;
        else if (there == 0 && newest > 0)
            there = 1;
    }
    sodium_memzero(one, sizeof one);
    if (folder >= 0)
        close(folder);
    if (there == 1)
        return RESULT_OK;
    return error_set(err, RESULT_CONFIG, "the key that signs roots, %s/%s, cannot be read: %s",
                     path, name,
                     there == 0        ? "it is not there; `anju root make` makes the first one"
                     : errno == EPERM  ? "others can read it, or it is no file"
                     : errno == EINVAL ? "it has not the size of a key"
                                       : strerror(errno));
}

void root_key_public(const uint8_t seed[ROOT_SEED], uint8_t out[ROOT_PUBLIC])
{
    uint8_t secret[crypto_sign_SECRETKEYBYTES];

    crypto_sign_seed_keypair(out, secret, seed);
    sodium_memzero(secret, sizeof secret);
}
