/* anju interest check: every settlement that came in by an exchange set, worked out anew. */
#ifndef ANJU_LEDGER_INTEREST_CHECK_H
#define ANJU_LEDGER_INTEREST_CHECK_H

#include "base/progress.h"
#include "policy/policy.h"
#include "store/store.h"

struct interest_difference {
    struct text account; /* as long as the call */
    int64_t seq;
    civil_date day;
    fen posted, right;
};
struct interest_check_report {
    int64_t accounts, settlements; /* looked at */
    int64_t unknown;               /* of a time whose rates the policy does not know */
    int64_t differences;
};
typedef void (*interest_found)(void *context, const struct interest_difference *d);

/* Calls found for each settlement whose posted interest (reversals taken off) is not what comes out.
 * Reads in one transaction, in bounded memory. progress may be NULL. */
enum result interest_check(struct db *db, const struct policy *p, struct progress *progress,
                           interest_found found, void *context,
                           struct interest_check_report *report, struct error *err);

/* anju interest check [--json]: 0 when there is no difference, 1 with some. */
int interest_main(int argc, char **argv);

#endif
