/* What an account earns: day after day, the balance at the end of each at that day's rate. */
#include <stdlib.h>

#include "audit.h"

bool moves_add(struct moves *m, int32_t first, int64_t year, int64_t carried)
{
    size_t i;

    if (m->count == m->room) {
        size_t room = m->room ? 2 * m->room : 128;
        struct move *more = realloc(m->at, room * sizeof *more);

        if (!more)
            return false;
        m->at = more;
        m->room = room;
    }
    for (i = m->count++; i > 0 && m->at[i - 1].first > first; i--)
        m->at[i] = m->at[i - 1];
    m->at[i] = (struct move){first, year, carried};
    return true;
}

struct move moves_later(const struct moves *m, int32_t day)
{
    struct move sum = {.first = day + 1};

    for (size_t i = m->count; i > 0 && m->at[i - 1].first > day; i--) {
        sum.year += m->at[i - 1].year;
        sum.carried += m->at[i - 1].carried;
    }
    return sum;
}

bool moves_settle(struct moves *m, int32_t day, int64_t year, int64_t carried)
{
    size_t gone = 0;

    while (gone < m->count && m->at[gone].first <= day)
        gone++;
    for (size_t i = gone; i < m->count; i++)
        m->at[i - gone] = m->at[i];
    m->count -= gone;
    return moves_add(m, day + 1, year, carried);
}

struct earned moves_earned(const struct moves *m, const struct rates *r, int32_t first,
                           int32_t last)
{
    struct earned e = {.known = true};
    int64_t year = 0, carried = 0;
    size_t i = 0;

    for (int32_t day = first; day <= last; day++) {
        struct day_rate rate = rate_on(r, day);

        for (; i < m->count && m->at[i].first <= day; i++) {
            year += m->at[i].year;
            carried += m->at[i].carried;
        }
        if (year == 0 && carried == 0)
            continue;
        e.known = e.known && rate.year >= 0;
        e.weighted += (__int128)year * rate.year + (__int128)carried * rate.carried;
        e.product += year + carried;
        e.product_year += year;
    }
    return e;
}
