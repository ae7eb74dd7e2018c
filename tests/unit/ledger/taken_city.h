/* A synthetic city, generated and taken through the import, for tests that read it. */
#ifndef ANJU_TEST_LEDGER_TAKEN_CITY_H
#define ANJU_TEST_LEDGER_TAKEN_CITY_H

#include "fixture.h"

enum { CITY_PATH_MAX = 128 };

struct taken_city {
    char truth[CITY_PATH_MAX]; /* truth.jsonl */
    char folder[CITY_PATH_MAX];
};

/* Takes a city of that many people into the fixture's database. */
void city_take(struct taken_city *city, struct fixture *f, int people, uint64_t seed,
               civil_date until);

#endif
