/* Private to src/ledger. */
#ifndef ANJU_LEDGER_INTERNAL_H
#define ANJU_LEDGER_INTERNAL_H

#include "ledger/ledger.h"

/* A column's text in the arena; at == NULL when the column is null. *ok becomes false when the arena
 * is full. */
struct text ledger_keep(struct arena *a, struct stmt *q, int column, bool *ok);

/* What a read that went on until step says. */
enum result ledger_read_end(struct db *db, enum stmt_step step, struct error *err);
enum result ledger_no_memory(struct error *err);

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

/* A block that holds about that many months of entries. */
int ledger_block(size_t months);

#endif
