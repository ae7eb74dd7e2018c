#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"

enum { BAR_CELLS = 30, REDRAW_MS = 100 };

void progress_start(struct progress *p, const char *what, uint64_t total)
{
    *p = (struct progress){.what = what, .total = total, .on = isatty(STDERR_FILENO) == 1};
}

void progress_show(struct progress *p, uint64_t done)
{
    static const char full[BAR_CELLS + 1] = "##############################";
    static const char none[BAR_CELLS + 1] = "..............................";
    int64_t now;

    if (!p->on)
        return;
    now = clock_monotonic_us() / 1000;
    if (p->shown_ms && now - p->shown_ms < REDRAW_MS && done != p->total)
        return;
    p->shown_ms = now;
    if (p->total == 0) {
        fprintf(stderr, "\r%s %" PRIu64, p->what, done);
    } else {
        double share = done < p->total ? (double)done / (double)p->total : 1;
        int cells = (int)(share * BAR_CELLS);

        fprintf(stderr, "\r%s [%.*s%.*s] %3d %%", p->what, cells, full, BAR_CELLS - cells, none,
                (int)(share * 100));
    }
    fflush(stderr);
}

void progress_end(struct progress *p)
{
    if (p->on && p->shown_ms)
        fputc('\n', stderr);
    p->on = 0;
}
