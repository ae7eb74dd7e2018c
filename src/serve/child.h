/* A child process of the supervisor: started, watched, started again, ended. */
#ifndef ANJU_SERVE_CHILD_H
#define ANJU_SERVE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/result.h"

struct child {
    const char *name;        /* for the log */
    const char *const *argv; /* argv[0] is the program's path */
    int stop_signal;         /* asks it to finish what it is at and end */
    int listener;            /* nginx: the socket it listens on, inherited; 0: none */
    pid_t pid;               /* 0 when it is not running */
    int64_t start_at;        /* monotonic ms at which to start it again; 0 when it is not due */
    int deaths;              /* within the window that began at … */
    int64_t window;          /* … this monotonic ms */
};

/* Milliseconds of the monotonic clock. */
int64_t child_now(void);

/*
 * Starts the child in a process group of its own, with default signals, nothing inherited but
 * the standard descriptors and its listener, and SIGTERM for it when the supervisor dies, however that happens.
 */
enum result child_start(struct child *child, struct error *err);

/*
 * Notes that the child ended with this status (of waitpid), ends what it left behind in its
 * process group, and plans its next start. False when it died too often: give up.
 */
bool child_ended(struct child *child, int status);

/* Sends a signal to the child if it runs. */
void child_signal(const struct child *child, int signal);

/* Kills the child and everything in its process group. */
void child_kill(const struct child *child);

#endif
