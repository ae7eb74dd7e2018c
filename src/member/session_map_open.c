/* Opening the session map: a file of the home folder, mapped by every process. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "member/session_map.h"

static void boot_read(char out[40])
{
    FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

    memset(out, 0, 40);
    if (f) {
        out[fread(out, 1, 36, f)] = '\0';
        fclose(f);
    }
}

/* Makes the file whole; empties one that an earlier boot left. Nobody can have that one mapped. */
static bool file_prepare(int fd)
{
    char boot[40], found[40] = "";
    bool ok;

    boot_read(boot);
    if (flock(fd, LOCK_EX) != 0) {
        return false;
    }
    ok = pread(fd, found, sizeof found, offsetof(struct shared, boot)) >= 0;
    if (ok && memcmp(boot, found, sizeof boot) != 0) {
        ok = ftruncate(fd, 0) == 0 && ftruncate(fd, sizeof(struct shared)) == 0 &&
             pwrite(fd, boot, sizeof boot, offsetof(struct shared, boot)) == sizeof boot;
    }
    ok = ok && ftruncate(fd, sizeof(struct shared)) == 0;
    flock(fd, LOCK_UN);
    return ok;
}

enum result session_map_open(const char *home, struct session_map **out, struct error *err)
{
    char path[CONFIG_PATH_MAX + 32];
    struct session_map *map = calloc(1, sizeof *map);
    void *at = MAP_FAILED;
    uint32_t none = 0;
    int fd;

    if (!map) {
        return error_set(err, RESULT_MEMORY, "no memory for the session map");
    }
    snprintf(path, sizeof path, "%s/run", home);
    (void)mkdir(path, 0700); /* there already, or the open below says what is wrong */
    snprintf(path, sizeof path, "%s/run/sessions", home);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && file_prepare(fd)) {
        at = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    if (at == MAP_FAILED) {
        error_set(err, RESULT_IO, "cannot map the sessions in %s: %s", path, strerror(errno));
    }
    if (at == MAP_FAILED) {
        if (fd >= 0) {
            close(fd);
        }
        free(map);
        return RESULT_IO;
    }
    map->at = at;
    map->fd = fd;
    if (!atomic_compare_exchange_strong(&map->at->version, &none, MAP_VERSION) &&
        none != MAP_VERSION) {
        session_map_close(map);
        return error_set(err, RESULT_CONFIG,
                         "%s is of another version: stop the service, remove the file, start again",
                         path);
    }
    *out = map;
    return RESULT_OK;
}

void session_map_close(struct session_map *map)
{
    if (map) {
        munmap(map->at, sizeof *map->at);
        close(map->fd);
        free(map);
    }
}
