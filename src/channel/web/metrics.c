#include "channel/web/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channel/web/call.h"

enum {
    METRICS_VERSION = 1,
    METRICS_ROUTES_MAX = 64, /* routes of the table, then one for everything else */
    METRICS_BUCKETS = 8,
    METRICS_STORES = 2,
    METRICS_CLASSES = 6, /* status / 100 */
};

/* Upper bounds of the histogram in microseconds; the last is everything. */
static const int64_t bounds[METRICS_BUCKETS] = {100,   300,    1000,    3000,
                                                10000, 100000, 1000000, INT64_MAX};

struct route_counters {
    _Atomic uint64_t by_class[METRICS_CLASSES];
    _Atomic uint64_t bucket[METRICS_BUCKETS];
    _Atomic uint64_t micros;
};

struct metrics {
    _Atomic uint32_t version;
    struct route_counters routes[METRICS_ROUTES_MAX + 1];
    _Atomic int64_t log_there, log_bytes[METRICS_STORES], log_held_ms[METRICS_STORES];
};

_Static_assert(sizeof(struct metrics) % 8 == 0, "counters are aligned");

enum result metrics_open(const char *home, struct metrics **out, struct error *err)
{
    char path[CONFIG_PATH_MAX + 32];
    struct metrics *m = MAP_FAILED;
    int fd;

    snprintf(path, sizeof path, "%s/run/metrics", home);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    /* With its room on the disk: a counter that has none would end the process. */
    if (fd >= 0 && (errno = posix_fallocate(fd, 0, sizeof *m)) == 0) {
        m = mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    if (fd >= 0) {
        close(fd);
    }
    if (m == MAP_FAILED) {
        return error_set(err, RESULT_IO, "cannot map the counters in %s: %m", path);
    }
    m->version = METRICS_VERSION;
    *out = m;
    return RESULT_OK;
}

void metrics_close(struct metrics *m)
{
    if (m) {
        munmap(m, sizeof *m);
    }
}

/* Templates are the table's own strings, so the address tells which route it is; several methods
 * of one path share the first one's counters. */
static size_t route_place(struct text route)
{
    size_t i = route_at(route, 0);

    return i < route_count && i < METRICS_ROUTES_MAX ? i : METRICS_ROUTES_MAX;
}

void metrics_count(struct metrics *m, struct text route, int status, int64_t took)
{
    struct route_counters *r = &m->routes[route_place(route)];
    int bucket = 0;

    while (took > bounds[bucket]) {
        bucket++;
    }
    atomic_fetch_add_explicit(&r->by_class[status / 100 % METRICS_CLASSES], 1,
                              memory_order_relaxed);
    atomic_fetch_add_explicit(&r->bucket[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->micros, (uint64_t)took, memory_order_relaxed);
}

void metrics_log(struct metrics *m, int store, int64_t bytes, int64_t held_ms)
{
    m->log_bytes[store] = bytes;
    m->log_held_ms[store] = held_ms;
    m->log_there = 1;
}

static bool write_logs(const struct metrics *m, struct http_response *response)
{
    static const char *const stores[METRICS_STORES] = {"ledger", "desk"};
    char lines[400];
    bool good = http_response_write_z(
        response, "# HELP anju_log_bytes Size of a SQLite store's write-ahead log.\n"
                  "# TYPE anju_log_bytes gauge\n"
                  "# HELP anju_log_held_seconds Since when a reader keeps the log from being moved "
                  "into its file.\n# TYPE anju_log_held_seconds gauge\n");

    for (int i = 0; i < METRICS_STORES && good; i++) {
        snprintf(lines, sizeof lines,
                 "anju_log_bytes{store=\"%s\"} %lld\n"
                 "anju_log_held_seconds{store=\"%s\"} %lld.%03lld\n",
                 stores[i], (long long)m->log_bytes[i], stores[i],
                 (long long)(m->log_held_ms[i] / 1000), (long long)(m->log_held_ms[i] % 1000));
        good = http_response_write_z(response, lines);
    }
    return good;
}

static const char *route_name(size_t i)
{
    return i < route_count ? routes[i].path : "other";
}

static bool write_classes(const struct metrics *m, size_t i, struct http_response *response)
{
    char line[160];

    for (int class = 1; class < METRICS_CLASSES; class ++) {
        uint64_t n = m->routes[i].by_class[class];

        if (n == 0) {
            continue;
        }
        snprintf(line, sizeof line, "anju_requests_total{route=\"%s\",class=\"%dxx\"} %llu\n",
                 route_name(i), class, (unsigned long long)n);
        if (!http_response_write_z(response, line)) {
            return false;
        }
    }
    return true;
}

static bool write_histogram(const struct metrics *m, size_t i, struct http_response *response)
{
    const struct route_counters *r = &m->routes[i];
    uint64_t sum = 0;
    char line[200];

    for (int b = 0; b < METRICS_BUCKETS; b++) {
        sum += r->bucket[b];
        if (bounds[b] == INT64_MAX) {
            snprintf(line, sizeof line,
                     "anju_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %llu\n", route_name(i),
                     (unsigned long long)sum);
        } else {
            snprintf(line, sizeof line,
                     "anju_request_seconds_bucket{route=\"%s\",le=\"%lld.%06lld\"} %llu\n",
                     route_name(i), (long long)(bounds[b] / 1000000),
                     (long long)(bounds[b] % 1000000), (unsigned long long)sum);
        }
        if (!http_response_write_z(response, line)) {
            return false;
        }
    }
    snprintf(line, sizeof line,
             "anju_request_seconds_sum{route=\"%s\"} %llu.%06llu\n"
             "anju_request_seconds_count{route=\"%s\"} %llu\n",
             route_name(i), (unsigned long long)(r->micros / 1000000),
             (unsigned long long)(r->micros % 1000000), route_name(i), (unsigned long long)sum);
    return http_response_write_z(response, line);
}

/* The routes in use: those of the table whose path comes first, and the rest. */
static bool route_is_shown(size_t i)
{
    return i == METRICS_ROUTES_MAX ||
           (i < route_count && route_place(text_of(routes[i].path)) == i);
}

bool metrics_write(const struct metrics *m, struct http_response *response)
{
    bool good = http_response_write_z(response, "# HELP anju_requests_total Answered requests.\n"
                                                "# TYPE anju_requests_total counter\n");

    for (size_t i = 0; good && i <= METRICS_ROUTES_MAX; i++) {
        good = !route_is_shown(i) || write_classes(m, i, response);
    }
    good = good && http_response_write_z(
                       response, "# HELP anju_request_seconds Time a handler worked, without "
                                 "waiting in a queue.\n# TYPE anju_request_seconds histogram\n");
    for (size_t i = 0; good && i <= METRICS_ROUTES_MAX; i++) {
        good = !route_is_shown(i) || write_histogram(m, i, response);
    }
    return good && (!m->log_there || write_logs(m, response));
}
