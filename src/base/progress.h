/* A progress bar on standard error, on a terminal only. */
#ifndef ANJU_BASE_PROGRESS_H
#define ANJU_BASE_PROGRESS_H

#include <stdint.h>

struct progress {
    const char *what;
    uint64_t total;   /* 0: unknown, a count is shown */
    int64_t shown_ms; /* monotonic; at most ten redraws a second */
    int on;
};

void progress_start(struct progress *p, const char *what, uint64_t total);
void progress_show(struct progress *p, uint64_t done);
void progress_end(struct progress *p);

#endif
