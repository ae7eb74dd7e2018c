/* The key of another party, and what it signs. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "provider/provider.h"

enum { KEY_BYTES = 32, PATH_ROOM = 1200 };

/* Written beside it and linked into place: two that start at once get the same key. */
enum result provider_key_make(const char *key_file, struct error *err)
{
    char fresh[PATH_ROOM], hex[2 * KEY_BYTES + 2];
    uint8_t key[KEY_BYTES];
    struct random r;
    bool ok;
    int fd;

    if (access(key_file, F_OK) == 0) {
        return RESULT_OK;
    }
    snprintf(fresh, sizeof fresh, "%s.%ld.new", key_file, (long)getpid());
    random_system(&r);
    random_fill(&r, key, sizeof key);
    sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    hex[2 * KEY_BYTES] = '\n';
    fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    ok = fd >= 0 && write(fd, hex, sizeof hex - 1) == (ssize_t)sizeof hex - 1 && fsync(fd) == 0 &&
         (link(fresh, key_file) == 0 || errno == EEXIST);
    if (!ok) {
        error_set(err, RESULT_IO, "cannot make the key %s: %s", key_file, strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
        unlink(fresh);
    }
    sodium_memzero(key, sizeof key);
    sodium_memzero(hex, sizeof hex);
    return ok ? RESULT_OK : RESULT_IO;
}

enum result provider_key_read(const char *key_file, char out[PROVIDER_KEY_MAX], size_t *len,
                              struct error *err)
{
    int fd = open(key_file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    ssize_t n;

    if (fd < 0) {
        return error_set(err, RESULT_CONFIG, "the key %s cannot be read: %s", key_file,
                         strerror(errno));
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        close(fd);
        return error_set(err, RESULT_CONFIG,
                         "the key %s can be read by others: run chmod 600 on it, and "
                         "change it if anybody did",
                         key_file);
    }
    n = read(fd, out, PROVIDER_KEY_MAX);
    close(fd);
    while (n > 0 && (out[n - 1] == '\n' || out[n - 1] == '\r')) {
        n--;
    }
    if (n <= 0 || n == PROVIDER_KEY_MAX) {
        return error_set(err, RESULT_CONFIG, "the key %s does not have 1 to %d bytes", key_file,
                         PROVIDER_KEY_MAX - 1);
    }
    *len = (size_t)n;
    return RESULT_OK;
}

void provider_sign(const char *key, size_t key_len, int64_t seconds, struct text body,
                   char out[PROVIDER_SIGNATURE_HEX + 1])
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    char time[24];
    int len = snprintf(time, sizeof time, "%lld.", (long long)seconds);

    crypto_auth_hmacsha256_init(&state, (const uint8_t *)key, key_len);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)time, (size_t)len);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)body.at, body.len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
    sodium_bin2hex(out, PROVIDER_SIGNATURE_HEX + 1, mac, sizeof mac);
}
