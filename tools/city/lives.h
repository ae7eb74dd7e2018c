/* The lives of some people, as lines. */
#ifndef ANJU_CITY_LIVES_H
#define ANJU_CITY_LIVES_H

#include "account.h"

/* What one thread works with. */
struct lives {
    const struct world *world;
    int32_t from, until; /* from: NEVER for a whole set, else the day after which rows are new */
    struct life life;
    struct schedule schedule;
    struct account_facts facts;
    struct sheet before, after; /* of one account, for an increment */
};

void lives_free(struct lives *v);

/* Appends the lines of all accounts of person index to out. */
void lives_add(struct lives *v, int64_t index, struct sheet *out);

/* Appends the lines of units.csv. */
void lives_add_units(struct lives *v, struct sheet *out);

#endif
