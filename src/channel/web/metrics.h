/* Counters in shared memory (HOME/run/metrics), added to by every worker without a lock. */
#ifndef ANJU_CHANNEL_WEB_METRICS_H
#define ANJU_CHANNEL_WEB_METRICS_H

#include "base/json.h"
#include "base/result.h"
#include "channel/web/http.h"

struct metrics;

enum result metrics_open(const char *home, struct metrics **out, struct error *err);
void metrics_close(struct metrics *m);

/* One answered request of that route template; took is in microseconds. */
void metrics_count(struct metrics *m, struct text route, int status, int64_t took);

/* The log of a SQLite store (0 ledger, 1 desk), from the worker: how large it is, and for how long a
 * reader has kept it from being moved into its file. */
void metrics_log(struct metrics *m, int store, int64_t bytes, int64_t held_ms);

/* Writes all counters in Prometheus' text form. */
bool metrics_write(const struct metrics *m, struct http_response *response);

#endif
