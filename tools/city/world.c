#include "world.h"

#include "base/date.h"

int32_t month_of_day(int32_t day)
{
    return date_month((civil_date){day}).n;
}

int32_t day_in(int32_t month, int day)
{
    return month_first((civil_month){month}).day + day - 1;
}

enum result world_make(struct world *w, int64_t people, uint64_t seed, int32_t anchor, int years,
                       int32_t until, struct error *err)
{
    int32_t first = date_of(1999, 7, 5).day;
    int32_t window = years > 0 ? anchor - years * 1461 / 4 : first;

    *w = (struct world){
        .seed = seed,
        .people = people,
        .newcomers = people / 50 + 2,
        .anchor = anchor,
        .window = window > first ? window : first,
        .units = people / 30 + 3,
    };
    return weights_make(&w->weights, date_of(1999, 1, 1).day, until + 400, err);
}

void world_free(struct world *w)
{
    weights_free(&w->weights);
}
