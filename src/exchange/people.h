/* Private to src/exchange: the work on one account, from its line in accounts.csv to the steps of
 * its applications. */
#ifndef ANJU_EXCHANGE_PEOPLE_H
#define ANJU_EXCHANGE_PEOPLE_H

#include "exchange/internal.h"
#include "ledger/digest.h"

/* What later lines may ask about an entry of this set. */
struct kept {
    int64_t line;
    int64_t reverses;
    fen amount, unit_amount, own_amount, interest;
    civil_date value_day;
    uint8_t kind;
    bool reversing, reversed;
    uint8_t flow_length;
    char flow[NUMBER_MAX];
};

/* The entries of one account in this set; kept[i] has the sequence number first_seq + i. */
struct entries {
    struct kept *kept;
    size_t count, room;
    int64_t first_seq;
    bool flows_ascend; /* each flow number is above the one before: none is there twice */
};

struct holders;

struct people {
    struct import *in;
    struct source accounts, terms, ledger, applications, steps;
    struct holders *holders; /* waiting to be sealed together */

    /* The account at hand: */
    struct text account;
    bool listed;  /* has a line in accounts.csv of this set, which is the current row there */
    bool existed; /* was taken before */
    bool chained; /* its entries could all be followed so far */
    civil_date opened;
    struct running running;
    civil_date booked; /* of the newest entry */
    int64_t closing;   /* the entry that ended the account, 0: none */
    struct entries entries;
    struct digest digest; /* goes along with running */
};

/* accounts.c: the line itself, and afterwards what its entries have made of it. */
enum result account_check(struct people *p, struct error *err);
enum result account_finish(struct people *p, struct error *err);

/* holders.c: sealed fields, in batches. */
enum result holders_new(struct holders **out, struct error *err);
enum result holders_add(struct people *p, struct error *err);
enum result holders_flush(struct people *p, struct error *err);
void holders_free(struct holders *h);

/* entries.c: the account's lines of ledger.csv. */
enum result entries_import(struct people *p, struct error *err);
/* The entry of this set with that flow number, or NULL. */
const struct kept *entries_by_flow(const struct entries *e, struct text flow);

/* entry_rules.c: what one line of ledger.csv must hold by itself; says what does not. */
void entry_rules(struct source *s);

/* reversal.c: an entry that reverses another. */
enum result reversal_check(struct people *p, const struct entry *e, struct error *err);

/* applications.c */
enum result applications_import(struct people *p, struct error *err);

#endif
