/* The city's own tables of what deposits earn and loans cost, in millionths a year. */
#ifndef ANJU_CITY_RATES_H
#define ANJU_CITY_RATES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"

/* Before this day the two parts of a balance earned different rates: this year's the demand rate,
 * the carried-over one the three-month rate. From it on both earn the one-year rate. */
#define ONE_RATE_SINCE date_of(2016, 2, 21)

/* Sums of daily rates: year[d - first] is the sum over the days first … d of the rate (millionths
 * a year) that this year's part earns, carried[] the same for the carried-over part. The weight of
 * the days a … b is the difference of two sums, however often the rate changed between them. */
struct weights {
    int32_t first, last;
    int64_t *year, *carried;
};

/* Sums for the days first … last. Free with weights_free. */
enum result weights_make(struct weights *w, int32_t first, int32_t last, struct error *err);
void weights_free(struct weights *w);

/* The rate of one day, for this year's or the carried-over part. */
int32_t deposit_rate(int32_t day, bool carried);

/* What a new loan of that many months costs from that day; second homes pay more since 2010. */
int32_t loan_rate(int32_t day, int months, bool second_home);

#endif
