/* The yearly settlement (年终结息) of a whole city: on 30 June every account gets the interest of its
 * year as one entry, or a written reason why it gets none. See docs/posting.md. */
#ifndef ANJU_LEDGER_SETTLE_H
#define ANJU_LEDGER_SETTLE_H

#include "base/clock.h"
#include "base/progress.h"
#include "policy/policy.h"
#include "store/store.h"

/* What came of an account; stored. */
enum settle_outcome {
    SETTLE_POSTED = 1,
    SETTLE_NOT_OPEN = 2, /* opened after the day */
    SETTLE_CLOSED = 3,   /* closed: its interest was paid then */
    SETTLE_DONE = 4,     /* settled for that day or a later one already, by an exchange set */
    SETTLE_NO_MONEY = 5, /* no balance on the day and no interest */
    SETTLE_OUTCOMES = 6,
};

struct settle_report {
    civil_date day;
    int64_t batch;                     /* the operation; 0: nothing was begun */
    int64_t accounts;                  /* of the city */
    int64_t posted_now;                /* by this run */
    int64_t outcomes[SETTLE_OUTCOMES]; /* how many accounts, of all runs */
    fen interest;                      /* posted, of all runs */
    bool already;                      /* every account had its row before */
    double seconds;
};

/* Settles the day. May be killed at any time and run again, also twice at once: what is committed
 * stays, and no account is posted to twice. At its end every account has one posting or a reason, or
 * it fails with DAMAGED.
 * INVALID: the day is no settlement day. REFUSED: it is to come, or an earlier year is open. CONFIG:
 * the policy does not know the rates. BUSY: another process writes the ledger. progress may be NULL. */
enum result settle_city(struct store *store, const struct policy *policy, const struct clock *clock,
                        civil_date day, struct progress *progress, struct settle_report *report,
                        struct error *err);

/* anju settle --date DATE [--json]. */
int settle_main(int argc, char **argv);

#endif
