#include "store/postgres_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <libpq-fe.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 200, WORDS_MAX = 320, EXIT_NOT_STARTED = 127 };

/* --- where they are --- */

static bool is_program(const char *folder, const char *name, char out[PATH_MAX])
{
    return snprintf(out, PATH_MAX, "%s/%s", folder, name) < PATH_MAX && access(out, X_OK) == 0;
}

/* Debian keeps each version in a folder of its own; the newest. */
static bool find_newest(const char *name, char out[PATH_MAX])
{
    glob_t found;
    long best = 0;

    if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &found) != 0)
        return false;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        long version = strtol(found.gl_pathv[i] + strlen("/usr/lib/postgresql/"), NULL, 10);
        char path[PATH_MAX];

        if (version <= best || !is_program(found.gl_pathv[i], name, path))
            continue;
        best = version;
        memcpy(out, path, PATH_MAX);
    }
    globfree(&found);
    return best > 0;
}

static bool find_in_path(const char *name, char out[PATH_MAX])
{
    const char *path = getenv("PATH");

    for (const char *at = path ? path : "/usr/bin:/bin"; *at;) {
        size_t len = strcspn(at, ":");
        char folder[PATH_MAX];

        snprintf(folder, sizeof folder, "%.*s", (int)len, at);
        if (folder[0] == '/' && is_program(folder, name, out))
            return true;
        at += len + (at[len] == ':');
    }
    return false;
}

/* The one of the server's own version, then the newest (an older server is no trouble to it). */
static bool find_tool(const struct pg_tool *tool, char out[PATH_MAX])
{
    char own[64];

    snprintf(own, sizeof own, "/usr/lib/postgresql/%d/bin", tool->server);
    return (tool->server > 0 && is_program(own, tool->name, out)) || find_newest(tool->name, out) ||
           find_in_path(tool->name, out);
}

/* --- running one --- */

/* In the child: the address as libpq's variables. */
static void set_environment(const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);

    for (PQconninfoOption *o = options; o && o->keyword; o++) {
        if (o->val && o->envvar)
            setenv(o->envvar, o->val, 1);
    }
    PQconninfoFree(options);
}

static void become(const struct pg_tool *tool, const char *path, int errors, pid_t parent)
{
    const char *argv[PG_TOOL_ARGUMENTS_MAX + 2] = {path};
    int null = open("/dev/null", O_RDWR);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || null < 0) /* it died before the line above */
        _exit(EXIT_NOT_STARTED);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    if (tool->url)
        set_environment(tool->url);
    setenv("LC_ALL", "C.UTF-8", 1); /* its words become part of ours */
    for (int i = 0; i < PG_TOOL_ARGUMENTS_MAX && tool->arguments[i]; i++)
        argv[i + 1] = tool->arguments[i];
    execv(path, (char *const *)argv);
    dprintf(STDERR_FILENO, "%s: %s\n", path, strerror(errno));
    _exit(EXIT_NOT_STARTED);
}

struct words {
    char at[WORDS_MAX];
    size_t len;
};

/* Keeps the beginning of what it says. False at the end. */
static bool hear(int fd, struct words *w)
{
    char more[1024];
    ssize_t n = read(fd, more, sizeof more);
    size_t room = sizeof w->at - 1 - w->len;

    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0)
        return false;
    if ((size_t)n < room)
        room = (size_t)n;
    memcpy(w->at + w->len, more, room);
    w->len += room;
    return true;
}

static void show_size(const struct pg_tool *tool, const struct store_work *work)
{
    struct stat st;

    if (work && work->progress && tool->grows && stat(tool->grows, &st) == 0)
        progress_show(work->progress, (uint64_t)st.st_size / 1024);
}

/* Waits for its end; true: it was we who ended it. */
static bool attend(const struct pg_tool *tool, pid_t pid, int errors, const struct store_work *work,
                   struct words *w)
{
    struct pollfd said = {.fd = errors, .events = POLLIN};
    bool stopped = false;

    for (;;) {
        int n = poll(&said, 1, LOOK_MS);

        if (n > 0 && !hear(errors, w))
            break;
        show_size(tool, work);
        if (!stopped && work && work->stopped && work->stopped()) {
            kill(pid, SIGKILL);
            stopped = true;
        }
    }
    return stopped;
}

/* "pg_dump: error: could not …" without what stands before the reason. */
static const char *reason_in(struct words *w)
{
    char *at = w->at, *error;

    w->at[w->len] = '\0';
    at[strcspn(at, "\r\n")] = '\0';
    error = strstr(at, "error: ");
    return error ? error + strlen("error: ") : at;
}

enum result pg_tool_run(const struct pg_tool *tool, const struct store_work *work,
                        struct error *err)
{
    char path[PATH_MAX];
    struct words words = {.len = 0};
    int pipes[2], status = 0;
    pid_t parent = getpid(), pid;
    bool stopped;

    if (!find_tool(tool, path))
        return error_set(err, RESULT_CONFIG,
                         "%s is not found in /usr/lib/postgresql/*/bin or PATH: install "
                         "PostgreSQL's client programs (postgresql-client)",
                         tool->name);
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return error_set(err, RESULT_IO, "%s cannot be started: %s", tool->name, strerror(errno));
    pid = fork();
    if (pid == 0)
        become(tool, path, pipes[1], parent);
    close(pipes[1]);
    if (pid < 0) {
        close(pipes[0]);
        return error_set(err, RESULT_IO, "%s cannot be started: %s", tool->name, strerror(errno));
    }
    stopped = attend(tool, pid, pipes[0], work, &words);
    close(pipes[0]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (stopped)
        return error_set(err, RESULT_BUSY, "interrupted");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return RESULT_OK;
    if (words.len > 0)
        return error_set(err, RESULT_STORE, "%s: %s", tool->name, reason_in(&words));
    if (WIFSIGNALED(status))
        return error_set(err, RESULT_STORE, "%s was ended by signal %d", tool->name,
                         WTERMSIG(status));
    return error_set(err, RESULT_STORE, "%s ended with status %d", tool->name, WEXITSTATUS(status));
}
