#include "faults.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static _Atomic int64_t writes;
static enum fault fault;
static int64_t strikes_at;

void faults_begin(enum fault what, int64_t at)
{
    atomic_store(&writes, 0);
    strikes_at = at;
    fault = what;
}

int64_t faults_end(void)
{
    fault = FAULT_NONE;
    return atomic_load(&writes);
}

/* Counts one write; true when it fails. half is done before a kill. */
static bool strikes(void (*half)(const void *call), const void *call)
{
    int64_t n = atomic_fetch_add(&writes, 1) + 1;

    if (fault == FAULT_KILL && n == strikes_at) {
        if (half)
            half(call);
        kill(getpid(), SIGKILL);
    }
    return fault == FAULT_FAIL && n >= strikes_at;
}

struct file_write {
    int fd;
    const void *bytes;
    size_t size;
    off_t offset;
};

static void half_written(const void *call)
{
    const struct file_write *w = call;

    (void)!syscall(SYS_pwrite64, w->fd, w->bytes, w->size / 2, w->offset);
}

/* With files of 64 bits its name to the linker is pwrite64, which is the one that SQLite calls. */
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    const struct file_write w = {fd, bytes, size, offset};

    if (strikes(half_written, &w)) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, bytes, size, offset);
}

int fdatasync(int fd)
{
    if (strikes(NULL, NULL)) {
        errno = ENOSPC;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    if (strikes(NULL, NULL)) {
        errno = ENOSPC;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

/* libpq goes on reading after a write that failed, until the connection ends: it does. */
ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    if (strikes(NULL, NULL)) {
        shutdown(fd, SHUT_RDWR);
        errno = ECONNRESET;
        return -1;
    }
    return syscall(SYS_sendto, fd, bytes, size, flags, NULL, 0);
}
