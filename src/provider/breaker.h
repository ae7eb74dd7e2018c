/* A circuit breaker: who has failed too often in a row is not asked for a while. */
#ifndef ANJU_PROVIDER_BREAKER_H
#define ANJU_PROVIDER_BREAKER_H

#include <pthread.h>
#include <stdbool.h>

#include "base/random.h"

enum {
    BREAKER_FAILURES_MAX =
        5,                   /* in a row: then nothing is asked for a while, and after it one try */
    BREAKER_PAUSE_MS = 5000, /* the first while; it doubles up to … */
    BREAKER_PAUSE_MAX_MS = 60000,
};

/* Shared by the threads of a process. Times are monotonic milliseconds. */
struct breaker {
    pthread_mutex_t lock;
    const char *name; /* for the log */
    struct random random;
    int failures;       /* in a row */
    int64_t open_until; /* 0: closed; after it one try goes through */
    int64_t pause;      /* of the last opening */
    bool trying;        /* that one is under way */
};

void breaker_start(struct breaker *b, const char *name);
void breaker_end(struct breaker *b);

/* Would a try be let through now? */
bool breaker_ready(struct breaker *b, int64_t now);
/* Lets a try through, or not. One that was let through ends with a call of the three below. */
bool breaker_enter(struct breaker *b, int64_t now);
void breaker_succeeded(struct breaker *b);
/* After BREAKER_FAILURES_MAX in a row, and after each try that failed since, it opens; the while is
 * shortened at random, so that many services do not come back at once. */
void breaker_failed(struct breaker *b, int64_t now);
/* It says nothing about the other side: we stopped. */
void breaker_left(struct breaker *b);

#endif
