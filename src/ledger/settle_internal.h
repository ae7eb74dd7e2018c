/* Private to the settlement. */
#ifndef ANJU_LEDGER_SETTLE_INTERNAL_H
#define ANJU_LEDGER_SETTLE_INTERNAL_H

#include "internal.h"
#include "ledger/post.h"
#include "ledger/settle.h"

enum {
    SETTLE_BLOCK = 4096,    /* accounts of a transaction */
    SETTLE_NUMBER_MAX = 64, /* bytes of an account number */
};

struct settle_row {
    char account[SETTLE_NUMBER_MAX];
    uint8_t length;
    uint8_t outcome;
    bool late;             /* days after the settlement were counted already */
    struct entry entry;    /* when posted; its texts lie in this row */
    struct running before; /* to the entry … */
    struct running after;  /* … and after it */
    char flow[POST_FLOW_MAX + 1];
};

/* Accounts after one number and up to another, in their order. */
struct settle_block {
    struct settle_block *next;
    char after[SETTLE_NUMBER_MAX + 1], last[SETTLE_NUMBER_MAX + 1];
    int64_t first_line; /* flow numbers begin after it */
    size_t count;
    struct settle_row rows[SETTLE_BLOCK];
};

/* What all blocks of a run share. */
struct settle_run {
    const struct policy *policy;
    civil_date day;
    int64_t batch;
};

/* Reads the accounts after b->after and up to `to` that have no row yet, at most a block, and works
 * out what each gets: inside a transaction of the caller's. b->last is set when there are any. */
enum result settle_block_work_out(const struct settle_run *run, struct db *db, struct sha256 *sha,
                                  const char *to, struct settle_block *b, struct error *err);

/* Writes a block inside a transaction that writes the ledger. CONFLICT when an account changed since
 * the block was worked out: roll back, work it out inside the next transaction. */
enum result settle_block_write(const struct settle_run *run, struct db *db,
                               const struct settle_block *b, struct error *err);

/* Before: refuses what cannot be settled; sets report->accounts, and how many of them wait. Inside a
 * transaction. REFUSED: an earlier year is open, or there are no accounts. */
enum result settle_before(const struct settle_run *run, struct db *db, struct settle_report *report,
                          int64_t *missing, struct error *err);

/* After: every account has its row, and the entries say the same; sets outcomes and interest. In a
 * transaction of its own. DAMAGED when not. */
enum result settle_complete(const struct settle_run *run, struct db *db,
                            struct settle_report *report, struct error *err);

#endif
