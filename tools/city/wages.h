/* What the contributions of a month are counted on. */
#ifndef ANJU_CITY_WAGES_H
#define ANJU_CITY_WAGES_H

#include "person.h"

/* A person's wage in fen a month, as it would be in 2026. */
int64_t wage_of(const struct person *p);

/* The base agreed for a month: last year's wage between the limits of the month. A new base holds
 * from each 1 January; the limit of 2026 was raised in September. */
int64_t base_for(const struct world *w, const struct person *p, int64_t wage, int32_t month);

/* One side's share: base x ratio, rounded half up to the whole yuan. */
int64_t share_of(int64_t base, int32_t ratio);

#endif
