/* The socket on which the worker is woken, and the lock that makes it the only one. */
#ifndef ANJU_WORKER_WAKE_H
#define ANJU_WORKER_WAKE_H

#include "base/result.h"

/* BUSY when another worker of this home runs. The lock lives as long as the process. */
enum result worker_lock(const char *home, struct error *err);

/* The socket's descriptor, or -1 when there can be none: then the poll has to do. */
int wake_open(const char *home);
void wake_close(const char *home, int fd);

/* Waits for a datagram, a signal, or the time. Takes all that have come. */
void wake_wait(int fd, int milliseconds);

#endif
