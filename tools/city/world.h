/* What all lives of one city share. */
#ifndef ANJU_CITY_WORLD_H
#define ANJU_CITY_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "rates.h"

/* Days are days since 1970-01-01, months year * 12 + month - 1, money is fen, as everywhere. */

#define NEVER INT32_MAX

enum {
    SPECIALS = 6, /* demo depositors: the first people of a city */
    PEOPLE_MOST = 10000000,
    PLANT_EVERY = 2000, /* one account in so many has a settlement that is wrong on purpose */
    PLANT_AT = 150,
};

struct world {
    uint64_t seed;
    int64_t people;    /* whose accounts were opened up to the anchor */
    int64_t newcomers; /* further people, who open theirs in the three years after it */
    int32_t anchor;    /* the day that lives are planned around: where the first set ends */
    int32_t window;    /* no history before this day */
    int64_t units;
    struct weights weights;
};

/* Plans around anchor; until is the last day that will be asked for. */
enum result world_make(struct world *w, int64_t people, uint64_t seed, int32_t anchor, int years,
                       int32_t until, struct error *err);
void world_free(struct world *w);

/* The day of a month (day 1 to 28), and the month of a day. */
int32_t day_in(int32_t month, int day);
int32_t month_of_day(int32_t day);

#endif
