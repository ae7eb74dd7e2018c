/* What a small city does in a month, drawn from a seed and from how its accounts stand. */
#ifndef ANJU_TEST_SIMULATOR_PLAN_H
#define ANJU_TEST_SIMULATOR_PLAN_H

#include "deed.h"

enum { PLAN_ACCOUNTS_MAX = 24, PLAN_UNITS_MAX = 8 };

/* An account as it stands before a deed is thought of. */
struct seen {
    struct account account;
    struct month *months; /* the last two years */
    size_t month_count;
    struct loan *loans;
    size_t loan_count;
    struct withdrawals withdrawals;
};

struct plan {
    const struct tools *tools; /* of the city that is looked at */
    struct arena *arena;       /* of what is seen */
    struct random random;
    struct seen seen[PLAN_ACCOUNTS_MAX];
    size_t count;
    char units[PLAN_UNITS_MAX][24];
    size_t unit_count;
    int opened, keys; /* how many there have been */
    struct deed deed; /* that is thought of */
    /* Does it, and looks again. */
    void (*perform)(void *context, const struct deed *d);
    void *context;
};

/* Sees how everything stands on a day. */
void plan_look(struct plan *p, civil_date today);
/* Does all of a calendar month. */
void plan_month(struct plan *p, civil_month m);

#endif
