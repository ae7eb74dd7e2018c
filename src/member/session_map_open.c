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

/* Whether the file was made in this boot, and by a program that reads it as this one does. */
static bool file_is_ours(int fd)
{
    uint32_t version = 0;
    char boot[40], found[40] = "";

    boot_read(boot);
    return pread(fd, &version, sizeof version, offsetof(struct shared, version)) ==
               sizeof version &&
           version == MAP_VERSION &&
           pread(fd, found, sizeof found, offsetof(struct shared, boot)) == sizeof found &&
           memcmp(boot, found, sizeof boot) == 0;
}

/* The first page whole: a file system with small blocks would take room for the first of them alone, and
 * a full disk would then end whoever writes the rest of the page through the mapping. */
static bool file_make(int fd)
{
    const uint32_t version = MAP_VERSION;
    char boot[40];

    boot_read(boot);
    return ftruncate(fd, 0) == 0 && ftruncate(fd, sizeof(struct shared)) == 0 &&
           posix_fallocate(fd, 0, MAP_PAGE) == 0 &&
           pwrite(fd, boot, sizeof boot, offsetof(struct shared, boot)) == sizeof boot &&
           pwrite(fd, &version, sizeof version, offsetof(struct shared, version)) == sizeof version;
}

/* Whoever has the file mapped holds it shared. Alone with it, a file of another boot or of another
 * program is made anew; beside others it must be theirs and ours alike, or a sign-out at the one would
 * not be heard by the other. */
static enum result file_share(int fd, const char *path, struct error *err)
{
    bool ok = true;

    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        ok = file_is_ours(fd) || file_make(fd);
    } else if (errno != EWOULDBLOCK) {
        ok = false;
    }
    if (!ok || flock(fd, LOCK_SH) != 0) {
        return error_set(err, RESULT_IO, "cannot write %s: %s", path, strerror(errno));
    }
    if (!file_is_ours(fd)) {
        return error_set(err, RESULT_CONFIG,
                         "the program that runs keeps its sessions in another form (%s): stop it, "
                         "then start this one; who is signed in stays so",
                         path);
    }
    return RESULT_OK;
}

enum result session_map_open(const char *home, struct session_map **out, struct error *err)
{
    char path[CONFIG_PATH_MAX + 32];
    struct session_map *map = calloc(1, sizeof *map);
    void *at = MAP_FAILED;
    enum result r = RESULT_OK;
    int fd;

    if (!map) {
        return error_set(err, RESULT_MEMORY, "no memory for the session map");
    }
    snprintf(path, sizeof path, "%s/run", home);
    (void)mkdir(path, 0700); /* there already, or the open below says what is wrong */
    snprintf(path, sizeof path, "%s/run/sessions", home);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0) {
        r = file_share(fd, path, err);
    }
    if (fd >= 0 && r == RESULT_OK) {
        at = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    if (at == MAP_FAILED) {
        if (r == RESULT_OK) {
            r = error_set(err, RESULT_IO, "cannot map the sessions in %s: %s", path,
                          strerror(errno));
        }
        if (fd >= 0) {
            close(fd);
        }
        free(map);
        return r;
    }
    map->at = at;
    map->fd = fd;
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
