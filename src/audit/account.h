/* Private to the audit of accounts: what is known of the one that is being read. */
#ifndef ANJU_AUDIT_ACCOUNT_H
#define ANJU_AUDIT_ACCOUNT_H

#include "audit.h"

/* JGJ/T 320 table A.5; 71 is local. */
enum {
    KIND_REMITTANCE = 1,
    KIND_BACK_PAYMENT = 2,
    KIND_TRANSFER_OUT = 7,
    KIND_INTEREST = 9,
    KIND_CLOSING = 12,
    KIND_MERGING = 71,
};

/* The columns of AUDIT_ENTRIES. */
enum {
    E_ACCOUNT,
    E_SEQ,
    E_BOOKED,
    E_VALUE,
    E_KIND,
    E_FOR_MONTH,
    E_UNIT,
    E_BASE,
    E_UNIT_RATIO,
    E_OWN_RATIO,
    E_UNIT_AMOUNT,
    E_OWN_AMOUNT,
    E_AMOUNT,
    E_YEAR,
    E_CARRIED,
    E_INTEREST,
    E_BALANCE,
    E_REASON,
    E_FLOW,
    E_REVERSING,
    E_REVERSES,
    E_BATCH,
    E_HASH,
};

/* An entry, as far as a later one may refer to it. */
struct seen {
    int64_t value, kind, unit_amount, own_amount, amount, interest;
    bool reversed;
};

/* A settlement day of the account: what was posted for it, and what comes out. */
struct settled {
    int64_t seq, day, posted, derived, batch;
    bool known, imported, listed;
};

enum { SETTLED_MAX = 256 };

struct chain {
    struct span account;
    char key[AUDIT_KEY_MAX];
    int64_t seq, booked, opened;
    int64_t balance, year;
    int32_t settled, product_day;
    int64_t closing, closed_on, closing_reason; /* the entry that closed it; 0: open */
    bool ever_closed;
    bool
        merged_empty; /* a merging moved nothing: which of the two accounts it closed, it does not say */
    uint8_t hash[AUDIT_HASH];
    struct moves moves;
    struct seen *seen; /* seen[i]: entry i + 1 */
    size_t seen_room;
    struct settled settlements[SETTLED_MAX];
    size_t settlement_count;
};

/* account_entry.c: reads one entry, names what differs, moves the chain. */
void chain_entry(struct audit *a, struct chain *c, const struct cursor *e);
/* account_settled.c: at the end of the account, its settlements and their rows. */
void chain_settlements(struct audit *a, struct chain *c, struct cursor *rows);
struct settled *chain_settled_on(struct chain *c, int64_t day);

#endif
