/* The synthetic city: exchange files of people who do not exist, and the truth about them.
 *
 * It shares nothing with the service but the ground terms of src/base: its interest, its loans and
 * its contributions are worked out here a second time, so that the ledger can be compared with it. */
#ifndef ANJU_CITY_CITY_H
#define ANJU_CITY_CITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/result.h"

struct city {
    const char *dir;
    int64_t people;
    int64_t skip; /* so many of them, the first, are left out: earlier sets have them */
    uint64_t seed;
    civil_date until; /* the last day of all lives, and the set's as_of */
    civil_date from;  /* DATE_NONE: a whole set; else an increment, from the day after it */
    civil_date first; /* the day around which lives are planned: where the first whole set ended */
    int years; /* histories of ordinary people are no longer than this; 0: as long as lived */
    int set_number;
    bool force;
};

/* Writes the set: same city, same bytes. On failure dir holds no valid set. */
enum result city_write(const struct city *c, struct error *err);

/* `anju demo DIR …`: argv[0] is "demo". Returns the exit status. */
int city_main(int argc, char **argv);

#endif
