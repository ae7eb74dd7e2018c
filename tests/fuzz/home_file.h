/* A temporary home for fuzz targets of what is read from files: the input becomes one of its files. */
#ifndef ANJU_FUZZ_HOME_FILE_H
#define ANJU_FUZZ_HOME_FILE_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

enum { HOME_MAX = 64, HOME_FILE_MAX = 128 };

/* Makes the folder with run/ in it, under TMPDIR, or /dev/shm where there is one. libFuzzer leaves
 * without a word when its time is up, so scripts/fuzz names a TMPDIR and removes it. */
static inline void home_make(char home[HOME_MAX])
{
    const char *named = getenv("TMPDIR");
    char run[HOME_FILE_MAX];

    if (!named || strlen(named) + sizeof "/anju-fuzz-XXXXXX" > HOME_MAX)
        named = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(home, HOME_MAX, "%.40s/anju-fuzz-XXXXXX", named);
    CHECK(mkdtemp(home));
    snprintf(run, sizeof run, "%s/run", home);
    CHECK(mkdir(run, 0700) == 0);
}

static inline void home_write(const char *home, const char *name, const void *bytes, size_t size)
{
    char path[HOME_FILE_MAX];
    int fd;

    snprintf(path, sizeof path, "%s/%s", home, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    CHECK(write(fd, bytes, size) == (ssize_t)size);
    CHECK(close(fd) == 0);
}

static inline void home_remove(const char *home)
{
    static const char *const names[] = {"anju.yaml", "policy.yaml", "run/clock",
                                        "run/addresses.json", "run"};
    char path[HOME_FILE_MAX];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", home, names[i]);
        remove(path);
    }
    remove(home);
}

#endif
