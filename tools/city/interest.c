#include "interest.h"

#include <assert.h>

/* Rates are millionths a year, and a year has 360 days when interest is counted. */
static const int64_t PER_DAY = INT64_C(360) * 1000000;

int64_t half_up(__int128 n, __int128 d)
{
    return (int64_t)(n < 0 ? -((-n * 2 + d) / (d * 2)) : (n * 2 + d) / (d * 2));
}

void pots_open(struct pots *p, int32_t open_day)
{
    *p = (struct pots){.settled = open_day - 1};
}

void pots_move(struct pots *p, const struct weights *w, int32_t value_day, int64_t year,
               int64_t carried)
{
    int32_t from = value_day > p->settled ? value_day : p->settled + 1;

    assert(from > w->first && from <= w->last);
    p->year += year;
    p->carried += carried;
    p->before_year -= (__int128)year * w->year[from - 1 - w->first];
    p->before_carried -= (__int128)carried * w->carried[from - 1 - w->first];
}

int64_t pots_interest(const struct pots *p, const struct weights *w, int32_t day)
{
    if (day <= p->settled)
        return 0;
    assert(day >= w->first && day <= w->last);
    return half_up((__int128)p->year * w->year[day - w->first] + p->before_year +
                       (__int128)p->carried * w->carried[day - w->first] + p->before_carried,
                   PER_DAY);
}

void pots_settle(struct pots *p, const struct weights *w, int32_t day)
{
    int64_t all = p->year + p->carried;

    *p = (struct pots){.settled = day};
    pots_move(p, w, day + 1, 0, all);
}
