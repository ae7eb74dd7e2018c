/* Consecutive months in full, counted back from the newest. */
#include "ledger/ledger.h"

/* Counting back: full months, then the newest gap, then the full months before it. */
enum phase { PHASE_FULL, PHASE_GAP, PHASE_MENDED, PHASE_OVER };
struct run {
    enum phase phase;
    int full, if_mended;
};

/* A month before the one counted last. gap: something was due and has not come in full. */
static void count_month(struct run *r, bool in_full, bool gap)
{
    if (!in_full && !(gap && r->phase <= PHASE_GAP)) {
        r->phase = PHASE_OVER;
        return;
    }
    if (gap)
        r->phase = PHASE_GAP;
    else if (r->phase == PHASE_GAP)
        r->phase = PHASE_MENDED;
    if (r->phase == PHASE_FULL)
        r->full++;
    r->if_mended++;
}

static struct run count_months(const struct month *months, size_t count)
{
    struct run run = {.phase = PHASE_FULL};
    size_t i = count;

    while (i > 0 && months[i - 1].state == MONTH_AWAITED)
        i--;
    for (; i > 0 && run.phase != PHASE_OVER; i--) {
        enum month_state s = months[i - 1].state;

        count_month(&run, s == MONTH_FULL || s == MONTH_LATE || s == MONTH_BACKPAID,
                    s == MONTH_SHORT || s == MONTH_MISSING);
    }
    return run;
}

void ledger_months_consecutive(const struct month *months, size_t count, int *full, int *if_mended)
{
    struct run run = count_months(months, count);

    *full = run.full;
    *if_mended = run.if_mended;
}
