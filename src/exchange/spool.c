#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SPOOL_PATH_MAX = 2048 };

static enum result failed(struct error *err, const char *what)
{
    return error_set(err, RESULT_IO, "a temporary file cannot be %s: %s", what, strerror(errno));
}

enum result spool_open(struct spool *s, const char *folder, struct error *err)
{
    char path[SPOOL_PATH_MAX];

    s->fd = -1;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return error_set(err, RESULT_IO, "%s cannot be made: %s", folder, strerror(errno));
    s->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (s->fd >= 0)
        return RESULT_OK;
    /* Not every file system has O_TMPFILE. */
    if (snprintf(path, sizeof path, "%s/spool-XXXXXX", folder) >= (int)sizeof path)
        return error_set(err, RESULT_IO, "%s: the path is too long", folder);
    s->fd = mkostemp(path, O_CLOEXEC);
    if (s->fd < 0)
        return failed(err, "made");
    unlink(path);
    return RESULT_OK;
}

void spool_close(struct spool *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

enum result spool_put(struct spool *s, const void *at, size_t size, struct error *err)
{
    const char *p = at;

    while (size > 0) {
        ssize_t n = write(s->fd, p, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(err, "written");
        p += n;
        size -= (size_t)n;
    }
    return RESULT_OK;
}

enum result spool_rewind(struct spool *s, struct error *err)
{
    return lseek(s->fd, 0, SEEK_SET) == 0 ? RESULT_OK : failed(err, "read");
}

enum result spool_get(struct spool *s, void *at, size_t size, bool *there, struct error *err)
{
    char *p = at;
    size_t got = 0;

    while (got < size) {
        ssize_t n = read(s->fd, p + got, size - got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(err, "read");
        if (n == 0)
            break;
        got += (size_t)n;
    }
    *there = got == size;
    if (got != 0 && got != size)
        return error_set(err, RESULT_IO, "a temporary file ends too early");
    return RESULT_OK;
}
