/* Private to src/ledger. */
#ifndef ANJU_LEDGER_INTERNAL_H
#define ANJU_LEDGER_INTERNAL_H

#include "ledger/ledger.h"

/* A column's text in the arena; at == NULL when the column is null. *ok becomes false when the arena
 * is full. */
struct text ledger_keep(struct arena *a, struct stmt *q, int column, bool *ok);

/* The columns of a row of account and unit, from the first on, in the order of ledger_account. False:
 * the arena is full. */
enum { LEDGER_ACCOUNT_COLUMNS = 30 };
bool ledger_read_account(struct arena *a, struct stmt *q, struct account *out);
/* The open one first, then by opening date, newest first: qsort's order of accounts. */
int ledger_compare_accounts(const void *left, const void *right);

/* What a read that went on until step says. */
enum result ledger_read_end(struct db *db, enum stmt_step step, struct error *err);
enum result ledger_no_memory(struct error *err);

/* What came for a month against what was due, in fen. */
struct month_sums {
    int64_t due, credited;
    civil_date credited_on; /* DATE_NONE: nothing came */
    bool back_paid;         /* a back payment is among it */
};
enum month_state ledger_month_state(const struct month_sums *m, civil_date due_day,
                                    civil_date today);
/* A closed account has no months after the one it was closed in. */
civil_month ledger_last_month(const struct account *account, civil_date today);

/* Counting consecutive months back from the newest: full ones, then the newest gap, then the full ones
 * before it. */
struct month_run {
    enum { RUN_FULL, RUN_GAP, RUN_MENDED, RUN_OVER } phase;
    int full, if_mended;
};
/* A month before the one counted last. gap: something was due and has not come in full. */
void ledger_run_count(struct month_run *r, bool in_full, bool gap);

/* What was agreed from a month on. */
struct terms {
    civil_month from;
    bool paying;
    struct text unit, unit_name;
    fen base;
    millionths unit_ratio, own_ratio;
    fen unit_due, own_due;
};
/* The terms that hold in month `at` and the later ones, oldest first. */
enum result ledger_terms(struct db *db, struct arena *a, struct text account, civil_month at,
                         struct terms **out, size_t *count, struct error *err);

/* Walks an account's entries from the newest to the oldest, a block at a time, so that a reader that
 * has seen enough costs no more than that on either engine. The query takes account, sequence number
 * and block as $1 to $3; its first column is the sequence number. take looks at the row that stands and returns false to stop. */
typedef bool (*walk_take)(void *context, struct stmt *q);
struct walk {
    enum query_id query;
    int block;
    walk_take take;
    void *context;
    int64_t before; /* begins with the entry before this one; 0: with the newest */
};
enum result ledger_walk_back(struct db *db, struct text account, const struct walk *w,
                             struct error *err);

/* The amounts that an account moved by since its settlement of day settled (or since its opening, the
 * day after settled), each with the day from which it counts, newest first; last all that the
 * settlement carried over. before: only entries before that one; 0: all. */
typedef void (*movement_take)(void *context, civil_date first, int64_t year, int64_t carried);
enum result ledger_movements(struct db *db, struct text account, civil_date settled, int64_t before,
                             movement_take take, void *context, struct error *err);

/* Interest from a settlement to and with day d, from movements instead of running products: fen x
 * days x millionths over all parts and rates. CONFIG when the policy does
 * not know the rates. *balance is what stands at the end of d. */
struct interest_scan {
    __int128 weighted;
    fen balance;
    /* What counts from days after d: how much, and its products up to and with day `later_to`. */
    fen later, later_year;
    int64_t later_product, later_product_year;
};
enum result ledger_interest_scan(struct db *db, const struct policy *p, struct text account,
                                 civil_date settled, civil_date d, civil_date later_to,
                                 struct interest_scan *out, struct error *err);

fen ledger_interest_rounded(const struct policy *p, __int128 weighted);
/* The same from the running products, without a scan; false when they do not say it: a rate changed,
 * or something counts from after d. */
bool ledger_interest_direct(const struct policy *p, const struct running *r, civil_date d,
                            fen *interest);

/* A block that holds about that many months of entries. */
int ledger_block(size_t months);

#endif
