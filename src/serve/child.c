#include "serve/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "serve/limits.h"

enum { EXIT_NOT_STARTED = 127 };

int64_t child_now(void)
{
    return clock_monotonic_us() / 1000;
}

/* In the child, between fork and exec. */
static void become(const struct child *child, pid_t supervisor)
{
    const char *const *argv = child->argv;
    char sockets[16];
    sigset_t none;

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != supervisor) /* it died before the line above */
        _exit(EXIT_NOT_STARTED);
    for (int s = 1; s < SIGRTMIN; s++)
        signal(s, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDONLY);
    if (null > STDIN_FILENO) {
        dup2(null, STDIN_FILENO);
        close(null);
    }
    /* As nginx hands its sockets to a new nginx: it looks which of its addresses each one has. */
    snprintf(sockets, sizeof(sockets), "%d;", child->listener);
    if (child->listener > 0 && fcntl(child->listener, F_SETFD, 0) == 0)
        setenv("NGINX", sockets, 1);
    execv(argv[0], (char *const *)argv);
    dprintf(STDERR_FILENO, "anju: cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(EXIT_NOT_STARTED);
}

enum result child_start(struct child *child, struct error *err)
{
    pid_t supervisor = getpid();
    pid_t pid = fork();

    if (pid < 0)
        return error_set(err, RESULT_IO, "cannot start %s: %s", child->name, strerror(errno));
    if (pid == 0)
        become(child, supervisor);
    setpgid(pid, pid); /* here too: whoever comes first */
    child->pid = pid;
    child->start_at = 0;
    return RESULT_OK;
}

bool child_ended(struct child *child, int status)
{
    char how[32];
    int64_t now = child_now();

    /* nginx workers without their master would keep the port. */
    kill(-child->pid, SIGKILL);
    child->pid = 0;
    if (WIFSIGNALED(status))
        snprintf(how, sizeof(how), "signal %d", WTERMSIG(status));
    else
        snprintf(how, sizeof(how), "status %d", WEXITSTATUS(status));
    log_event(LOG_ERROR, "child-died", "child", child->name, "how", how, NULL);

    if (child->deaths == 0 || now - child->window > LIMIT_RESTART_WINDOW_MS) {
        child->deaths = 0;
        child->window = now;
    }
    if (++child->deaths > LIMIT_RESTARTS)
        return false;
    int64_t pause = (int64_t)LIMIT_RESTART_FIRST_MS << (child->deaths - 1);
    child->start_at = now + (pause < LIMIT_RESTART_LAST_MS ? pause : LIMIT_RESTART_LAST_MS);
    return true;
}

void child_signal(const struct child *child, int signal)
{
    if (child->pid > 0)
        kill(child->pid, signal);
}

void child_kill(const struct child *child)
{
    if (child->pid > 0)
        kill(-child->pid, SIGKILL);
}
