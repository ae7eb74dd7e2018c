/* Employers. */
#ifndef ANJU_CITY_UNITS_H
#define ANJU_CITY_UNITS_H

#include "put.h"
#include "world.h"

struct unit {
    int64_t index;
    uint64_t key;
    int32_t ratio;          /* of each side, millionths; the same for all of the unit */
    int32_t opened, closed; /* days; NEVER */
    int32_t closed_month;   /* the first month for which nothing is due any more; NEVER */
    int pay_day;            /* day of the next month on which contributions arrive: 8 to 18 */
    int lag;                /* days from arrival to booking */
};

void unit_at(const struct world *w, int64_t index, struct unit *u);

/* The number of a unit as it stands in the files (9 bytes and a NUL). */
enum { UNIT_NUMBER_MAX = 10 };
void unit_number(int64_t index, char *out);

/* When the remittance for month arrives from this unit: in the next month, days 8 to 20. */
int32_t unit_remittance_day(const struct unit *u, int32_t month);

/* A unit that stands open from month on for half a year at least; chance key and number k. */
int64_t unit_for(const struct world *w, uint64_t key, uint32_t k, int32_t month);

/* The line of units.csv as it stands on the day until. False when the unit was not yet opened. */
bool unit_line(const struct world *w, int64_t index, int32_t until, struct lines *out);

#endif
