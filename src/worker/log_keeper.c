#include "worker/log_keeper.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "channel/web/metrics.h"

enum {
    LOOK_MS = 1000,
    HELD_MS = 10000,  /* after which the log says who holds it */
    AGAIN_MS = 60000, /* … and when it says so again */
    KEEPER_NICE = 10,
    SIDES = 2,
};

static const char *const names[SIDES] = {"ledger", "desk"};
static const enum store_side sides[SIDES] = {STORE_WRITE_LEDGER, STORE_WRITE_DESK};

/* One side's log, as it was seen. */
struct kept {
    int64_t held_since, said, failed; /* milliseconds of the monotonic clock; 0: not */
    int readers[STORE_LOG_READERS_MAX];
    size_t reader_count;
};

struct log_keeper {
    struct db *db;
    struct metrics *metrics;
    pthread_t thread;
    int wake;
    _Atomic bool stop;
    struct kept kept[SIDES];
};

/* Those who were seen at every look since it is held: who reads for a moment is none of them. */
static void readers_keep(struct kept *k, const struct store_log *now, bool first)
{
    size_t n = 0;

    if (first) {
        memcpy(k->readers, now->readers, sizeof k->readers);
        k->reader_count = now->reader_count;
        return;
    }
    for (size_t i = 0; i < k->reader_count; i++) {
        for (size_t j = 0; j < now->reader_count; j++) {
            if (k->readers[i] == now->readers[j]) {
                k->readers[n++] = k->readers[i];
                break;
            }
        }
    }
    k->reader_count = n;
}

static void say(const struct kept *k, int side, const struct store_log *now, int64_t held_ms)
{
    char bytes[24], seconds[24], who[STORE_LOG_READERS_MAX * 12] = "";
    size_t len = 0;

    snprintf(bytes, sizeof bytes, "%lld", (long long)now->bytes);
    snprintf(seconds, sizeof seconds, "%lld", (long long)(held_ms / 1000));
    for (size_t i = 0; i < k->reader_count; i++) {
        len += (size_t)snprintf(who + len, sizeof who - len, "%s%d", i ? " " : "", k->readers[i]);
    }
    log_event(LOG_ERROR, "log-held", "store", names[side], "bytes", bytes, "seconds", seconds,
              "processes", who, "why", "a reader does not end; the log grows until it does", NULL);
}

static void look(struct log_keeper *k, int i)
{
    struct kept *kept = &k->kept[i];
    int64_t now = clock_monotonic_us() / 1000;
    struct store_log log;
    struct error err = {0};
    enum result r = store_log_tidy(k->db, sides[i], &log, &err);

    if (r != RESULT_OK && r != RESULT_BUSY && !k->stop && now - kept->failed >= AGAIN_MS) {
        log_event(LOG_WARN, "log-not-moved", "store", names[i], "why", err.sentence, NULL);
        kept->failed = now;
    }
    if (log.held == 0 && r == RESULT_OK) {
        kept->held_since = kept->said = 0;
    } else if (log.held > 0) {
        readers_keep(kept, &log, kept->held_since == 0);
        kept->held_since = kept->held_since ? kept->held_since : now;
    }
    if (kept->held_since && now - kept->held_since >= HELD_MS &&
        (!kept->said || now - kept->said >= AGAIN_MS)) {
        say(kept, i, &log, now - kept->held_since);
        kept->said = now;
    }
    metrics_log(k->metrics, i, log.bytes, kept->held_since ? now - kept->held_since : 0);
}

static void *run(void *context)
{
    struct log_keeper *k = context;
    struct pollfd wake = {.fd = k->wake, .events = POLLIN};

    (void)setpriority(PRIO_PROCESS, 0, KEEPER_NICE); /* on Linux: this thread only */
    while (!k->stop) {
        for (int i = 0; i < SIDES && !k->stop; i++) {
            look(k, i);
        }
        poll(&wake, 1, LOOK_MS);
    }
    return NULL;
}

static void let_go(struct log_keeper *k)
{
    if (k->wake >= 0) {
        close(k->wake);
    }
    metrics_close(k->metrics);
    db_close(k->db);
    free(k);
}

enum result log_keeper_start(struct store *store, const char *home, struct log_keeper **out,
                             struct error *err)
{
    struct log_keeper *k;
    enum result r;

    *out = NULL;
    if (store_is_remote(store)) {
        return RESULT_OK;
    }
    k = calloc(1, sizeof *k);
    if (!k) {
        return error_set(err, RESULT_MEMORY, "no memory for the keeper of the logs");
    }
    k->wake = eventfd(0, EFD_CLOEXEC);
    r = k->wake < 0 ? error_set(err, RESULT_IO, "no descriptor is to be had: %m")
                    : db_open(store, &k->db, err);
    if (r == RESULT_OK) {
        r = metrics_open(home, &k->metrics, err);
    }
    if (r == RESULT_OK && pthread_create(&k->thread, NULL, run, k) != 0) {
        r = error_set(err, RESULT_MEMORY, "no thread is to be had");
    }
    if (r != RESULT_OK) {
        let_go(k);
        return r;
    }
    *out = k;
    return RESULT_OK;
}

void log_keeper_stop(struct log_keeper *k)
{
    const uint64_t one = 1;

    if (!k) {
        return;
    }
    k->stop = true;
    store_log_stop(k->db);
    (void)!write(k->wake, &one, sizeof one);
    pthread_join(k->thread, NULL);
    let_go(k);
}
