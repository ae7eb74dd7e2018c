/* One account lived until a day: its lines in all files, and what is true of it then. */
#ifndef ANJU_CITY_ACCOUNT_H
#define ANJU_CITY_ACCOUNT_H

#include "interest.h"
#include "loan.h"
#include "plan.h"
#include "schedule.h"
#include "sheet.h"

enum { TERMS_MAX = 256, MONTHS_MAX = 1320, APPLICATIONS_MAX = REQUESTS_MAX };

/* Table A.5. */
enum entry_kind {
    ENTRY_REMITTANCE = 1,
    ENTRY_BACK_PAYMENT = 2,
    ENTRY_OPENING = 3,
    ENTRY_UNSEALING = 4,
    ENTRY_SEALING = 5,
    ENTRY_MOVE = 6,
    ENTRY_TRANSFER_OUT = 7,
    ENTRY_TRANSFER_IN = 8,
    ENTRY_INTEREST = 9,
    ENTRY_BASE = 10,
    ENTRY_WITHDRAWAL = 11,
    ENTRY_CLOSING = 12,
    ENTRY_FREEZING = 14,
    ENTRY_LIFTING = 15,
    ENTRY_MERGING = 71,
};

struct term {
    int32_t month;
    int64_t unit;
    bool sealed;
    int64_t base, amount; /* amount: of each side */
    int32_t ratio;
};

/* What was credited for a month, net of reversals. */
struct month_fact {
    int64_t credited;
    bool back_paid, late;
};

struct application {
    int32_t applied;
    int reason, state;
    int64_t amount;
    int flow_sequence; /* of the entry that paid it, 0: none */
    int32_t flow_day;
    int steps;
    struct step {
        int32_t day;
        int kind;
        const char *words;
    } step[5];
};

/* Everything that is known of an account on the day it was lived until. */
struct account_facts {
    const struct life *life;
    const struct account_plan *plan;
    int which;
    int32_t until;
    bool exists;
    int state; /* A.6 */
    struct pots pots;
    int entries;
    int32_t changed; /* the last day on which the account's line changed */
    int32_t closed;  /* NEVER while open */
    int64_t closing_balance;
    bool sealed, frozen;
    int64_t frozen_amount;
    int32_t first_month, paid_to; /* paid_to: -1 when nothing was paid */
    int32_t last_day, last_month; /* of the last contribution; last_day NEVER when none */
    int64_t last_amount;
    int32_t settled_day; /* of the last settlement entry, NEVER */
    int settled_sequence;
    int64_t settled_interest, settled_balance;
    int planted_sequence; /* 0: none */
    int32_t planted_day;
    int64_t planted_wrong, planted_right;
    int terms;
    struct term term[TERMS_MAX];
    struct month_fact month[MONTHS_MAX]; /* from first_month */
    int applications;
    struct application application[APPLICATIONS_MAX];
    struct loan_facts loan;
};

/* Lives account which of l until the day, writing into s all lines but the truth's. merged is the
 * balance that comes from the account merged into this one. schedule is working space. */
void account_live(const struct world *w, const struct life *l, int which, int32_t until,
                  int64_t merged, struct schedule *schedule, struct sheet *s,
                  struct account_facts *f);

/* The line of accounts.csv, terms, applications and steps; called by account_live. */
void account_lines(const struct account_facts *f, struct sheet *s);

/* The flow number of an entry, 20 characters at most, without NUL; where it ends. */
char *put_flow(char *p, int32_t day, int sequence);

static inline int64_t account_balance(const struct account_facts *f)
{
    return f->pots.year + f->pots.carried;
}

#endif
