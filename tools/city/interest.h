/* What a balance earns, worked out from the value dates of its movements. */
#ifndef ANJU_CITY_INTEREST_H
#define ANJU_CITY_INTEREST_H

#include <stdint.h>

#include "rates.h"

/* The two parts of a balance since the last settlement. A movement of amount a with value day v
 * earns a x (sum of daily rates from v to the end) / 360; the sums begin at a fixed day, so what is
 * kept is the part, and minus the sum of a x (sum of rates before v). All exact; the only rounding
 * is in pots_interest. */
struct pots {
    int64_t year, carried; /* fen */
    __int128 before_year, before_carried;
    int32_t settled; /* last settlement day, or the day before the account opened */
};

/* n / d rounded half away from zero, d > 0. */
int64_t half_up(__int128 n, __int128 d);

void pots_open(struct pots *p, int32_t open_day);

/* A movement. A value day up to the last settlement counts from the day after it. */
void pots_move(struct pots *p, const struct weights *w, int32_t value_day, int64_t year,
               int64_t carried);

/* Interest in fen from the settlement to and with day, rounded once. */
int64_t pots_interest(const struct pots *p, const struct weights *w, int32_t day);

/* After the interest entry of 30 June: everything, interest included, is carried over and earns from
 * 1 July. */
void pots_settle(struct pots *p, const struct weights *w, int32_t day);

#endif
