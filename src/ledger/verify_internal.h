/* Private to anju verify. It shares no code with what writes the ledger: hashes and products are
 * worked out anew from docs/stores.md. */
#ifndef ANJU_LEDGER_VERIFY_INTERNAL_H
#define ANJU_LEDGER_VERIFY_INTERNAL_H

#include "ledger/entry.h"
#include "ledger/verify.h"

enum {
    VERIFY_NAMED_MAX = 200, /* faults named one by one; the count goes on */
    VERIFY_TEXT_MAX = 512,  /* bytes of a text in a hashed row */
    VERIFY_HASH = 32,
};

struct hasher; /* verify_hash.c */

/* What the rows of a batch add up to, and what its files said. */
struct verify_batch {
    int64_t batch;
    int64_t entries, entries_total; /* added up from the rows */
    int64_t loan_entries, loan_entries_total;
    int64_t accounts, accounts_total, loans;
    int64_t said[8]; /* enum batch_figure */
    bool known;
};
enum batch_figure {
    SAID_ENTRIES,
    SAID_ENTRIES_TOTAL,
    SAID_LOAN_ENTRIES,
    SAID_LOAN_ENTRIES_TOTAL,
    SAID_ACCOUNTS,
    SAID_ACCOUNTS_TOTAL,
    SAID_LOANS,
};

/* An operation of ours: its control totals against its entries. Those after after_set changed what
 * that set's file said of an account's balance. */
struct verify_operation {
    int64_t batch, after_set;
    int64_t entries, total; /* added up from the rows */
    int64_t said_entries, said_total;
    int32_t booked, first_booked, last_booked; /* as said, and of its entries */
    bool settles;                              /* late ones may be booked later than it is */
};

/* An amount and the day from which it counts: of the account that is being checked, those that may
 * count from after the next settlement. */
struct verify_amount_from {
    int64_t first, amount, year;
};

struct verify {
    struct db *db;
    struct progress *progress;
    verify_fault fault;
    void *context;
    struct verify_report *report;
    struct error *err;
    struct hasher *hasher;
    struct digest_check *digest;
    struct root_check *roots;
    struct verify_batch *batches; /* by number, ascending */
    size_t batch_count;
    struct verify_operation *operations; /* by number, ascending */
    size_t operation_count;
    struct verify_amount_from *moves; /* since the last settlement, or counting from after it */
    size_t move_count, move_room;
    bool out_of_memory;
    int64_t settlements; /* entries that operations settled accounts by */
    uint64_t rows;
};

/* Reports a fault; where is a table and its key, what in printf's form. */
void verify_wrong(struct verify *v, const char *table, struct text key, const char *sub,
                  int64_t seq, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The same when two amounts differ: "balance is 1.00 and should be 2.00". */
void verify_amount(struct verify *v, const char *table, struct text key, const char *sub,
                   int64_t seq, const char *figure, int64_t is, int64_t should);
void verify_tick(struct verify *v);

/* --- a stream of rows, one ahead --- */
struct rows {
    struct stmt *q;
    bool there;  /* a row stands */
    bool failed; /* the database did */
};
void rows_start(struct verify *v, struct rows *r, enum query_id query);
void rows_next(struct rows *r);
enum result rows_result(struct verify *v, const struct rows *r);

/* --- verify_hash.c --- */
struct hasher *hasher_new(void);
void hasher_free(struct hasher *h);
/* The hash of the row that stands at q: columns first … first+count-1 in the order of the layout,
 * with T (text), I (integer) for each in types, then previous. False when OpenSSL failed. */
bool hasher_row(struct hasher *h, uint8_t record, struct stmt *q, const char *types,
                const uint8_t previous[VERIFY_HASH], uint8_t out[VERIFY_HASH]);

bool hasher_bytes(struct hasher *h, const void *at, size_t size, uint8_t out[VERIFY_HASH]);

/* --- verify_root.c: the signed roots; beside the accounts and their entries --- */
enum result verify_roots_open(struct verify *v);
/* The next entry of the account at hand, with the hash that it has. */
void verify_roots_entry(struct verify *v, int64_t batch, int64_t seq, const uint8_t *hash);
void verify_roots_account(struct verify *v, struct text account); /* its entries are over */
void verify_roots_close(struct verify *v);
void verify_roots_free(struct verify *v);

/* --- verify_digest.c: beside the accounts and their entries --- */
bool verify_digest_open(struct verify *v); /* false: no memory */
void verify_digest_begin(struct verify *v, struct text account);
void verify_digest_entry(struct verify *v, const struct entry *e);
void verify_digest_end(struct verify *v, struct text account);
enum result verify_digest_close(struct verify *v);

/* --- the parts; each inside the caller's read transaction --- */
enum result verify_read_batches(struct verify *v);
struct verify_batch *verify_batch_of(struct verify *v, int64_t batch); /* NULL: no such batch */
void verify_batch_totals(struct verify *v);
enum result verify_read_operations(struct verify *v);
/* NULL: no such operation. */
struct verify_operation *verify_operation_of(struct verify *v, int64_t batch);
/* Counts an entry of either ledger to its operation. */
void verify_operation_entry(struct verify_operation *o, int64_t booked, int64_t amount);
void verify_operation_totals(struct verify *v);
enum result verify_settlements(struct verify *v);
enum result verify_withdrawals(struct verify *v);
enum result verify_accounts(struct verify *v);
enum result verify_loans(struct verify *v);
enum result verify_cross(struct verify *v);
enum result verify_looks(struct verify *v);

/* --- verify_loan_act.c: beside the loans and their entries --- */
struct verify_loan_said {
    int method, first;   /* columns of the loan's row: the method, what its newest act says too */
    int64_t own_entries; /* of operations, in its chain */
};
void verify_loan_acts(struct verify *v, struct rows *acts, struct stmt *loan, const char *number,
                      const struct verify_loan_said *said);
void verify_act_orphan(struct verify *v, struct rows *acts);

#endif
