#include "worker/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "config/config.h"

enum { PATH_ROOM = CONFIG_PATH_MAX + 32, DATAGRAMS_MAX = 1000 };

enum result worker_lock(const char *home, struct error *err)
{
    char path[PATH_ROOM];
    int fd;

    snprintf(path, sizeof path, "%s/run", home);
    (void)mkdir(path, 0700); /* there already, or the open below says what is wrong */
    snprintf(path, sizeof path, "%s/run/worker.lock", home);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return error_set(err, RESULT_IO, "%s cannot be opened: %s", path, strerror(errno));
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return error_set(err, RESULT_BUSY, "a worker of %s runs already", home);
    }
    return RESULT_OK; /* kept open: the lock ends with the process */
}

static bool wake_address(const char *home, struct sockaddr_un *out)
{
    char path[PATH_ROOM];

    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(path, sizeof path, "%s/run/worker.sock", home);
    return text_copy(text_of(path), out->sun_path, sizeof out->sun_path);
}

int wake_open(const char *home)
{
    struct sockaddr_un at;
    mode_t mask;
    int fd, bound;

    if (!wake_address(home, &at)) {
        log_event(LOG_WARN, "no-wake-socket", "why", "the home folder's name is too long", NULL);
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        log_event(LOG_WARN, "no-wake-socket", "why", strerror(errno), NULL);
        return -1;
    }
    unlink(at.sun_path); /* of a worker that was killed: the lock says that none runs */
    mask = umask(0177);
    bound = bind(fd, (struct sockaddr *)&at, sizeof at);
    umask(mask);
    if (bound != 0) {
        log_event(LOG_WARN, "no-wake-socket", "why", strerror(errno), NULL);
        close(fd);
        return -1;
    }
    return fd;
}

void wake_close(const char *home, int fd)
{
    struct sockaddr_un at;

    if (fd >= 0 && wake_address(home, &at)) {
        unlink(at.sun_path);
        close(fd);
    }
}

void wake_wait(int fd, int milliseconds)
{
    struct pollfd p = {.fd = fd, .events = POLLIN}; /* a descriptor below 0 only waits */
    char byte;

    if (poll(&p, 1, milliseconds) > 0) {
        for (int i = 0; i < DATAGRAMS_MAX && recv(fd, &byte, sizeof byte, 0) >= 0; i++) {
        }
    }
}
