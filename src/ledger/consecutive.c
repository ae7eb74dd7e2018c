/* Consecutive months in full, counted back from the newest. */
#include "internal.h"

void ledger_run_count(struct month_run *r, bool in_full, bool gap)
{
    if (!in_full && !(gap && r->phase <= RUN_GAP)) {
        r->phase = RUN_OVER;
        return;
    }
    if (gap)
        r->phase = RUN_GAP;
    else if (r->phase == RUN_GAP)
        r->phase = RUN_MENDED;
    if (r->phase == RUN_FULL)
        r->full++;
    r->if_mended++;
}

static struct month_run count_months(const struct month *months, size_t count)
{
    struct month_run run = {.phase = RUN_FULL};
    size_t i = count;

    while (i > 0 && months[i - 1].state == MONTH_AWAITED)
        i--;
    for (; i > 0 && run.phase != RUN_OVER; i--) {
        enum month_state s = months[i - 1].state;

        ledger_run_count(&run, s == MONTH_FULL || s == MONTH_LATE || s == MONTH_BACKPAID,
                         s == MONTH_SHORT || s == MONTH_MISSING);
    }
    return run;
}

void ledger_months_consecutive(const struct month *months, size_t count, int *full, int *if_mended)
{
    struct month_run run = count_months(months, count);

    *full = run.full;
    *if_mended = run.if_mended;
}
