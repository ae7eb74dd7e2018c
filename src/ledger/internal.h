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

/* An entry as far as the month picture, the curve and interest need it. */
struct back_entry {
    int64_t seq;
    civil_date booked, value_day;
    enum entry_kind kind;
    civil_month for_month; /* MONTH_NONE */
    fen unit_amount, own_amount, amount_year, amount_carried, balance;
    bool reversing;
    int64_t reverses;
};

/* Walks an account's entries from the newest to the oldest, a block at a time, so that a reader that
 * has seen enough costs no more than that on either engine. take returns false to stop. */
typedef bool (*back_take)(void *context, const struct back_entry *e);
enum result ledger_walk_back(struct db *db, struct text account, int block, back_take take,
                             void *context, struct error *err);

#endif
