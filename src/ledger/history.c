/* The whole life of an account by months: what came in, what went out, what stood at the end. */
#include "internal.h"

enum { SEQ, BOOKED, KIND, AMOUNT, BALANCE }; /* of ledger_history_back */

struct fold {
    struct history_point *points; /* newest first while they are gathered */
    size_t count;
};

static void add(struct history_point *p, enum entry_kind kind, fen amount)
{
    fen *sum = &p->other;

    if (kind == ENTRY_REMITTANCE || kind == ENTRY_BACK_PAYMENT)
        sum = &p->contributed;
    else if (kind == ENTRY_WITHDRAWAL || kind == ENTRY_CLOSING)
        sum = &p->withdrawn;
    else if (kind == ENTRY_INTEREST)
        sum = &p->interest;
    *sum = fen_add(*sum, amount);
}

/* Goes backwards: the first entry of a month that is met has the balance at its end. */
static bool take(void *context, struct stmt *q)
{
    struct fold *f = context;
    civil_month month = date_month(column_date(q, BOOKED));

    if (f->count == 0 || f->points[f->count - 1].month.n != month.n) {
        if (f->count == LEDGER_HISTORY_MAX)
            return false;
        f->points[f->count++] =
            (struct history_point){.month = month, .balance = column_fen(q, BALANCE)};
    }
    add(&f->points[f->count - 1], (enum entry_kind)column_int(q, KIND), column_fen(q, AMOUNT));
    return true;
}

static void turn_round(struct history_point *points, size_t count)
{
    for (size_t i = 0, k = count; i + 1 < k; i++) {
        struct history_point other = points[--k];

        points[k] = points[i];
        points[i] = other;
    }
}

enum result ledger_history(struct db *db, struct arena *a, struct text account,
                           struct history_point **out, size_t *count, struct error *err)
{
    struct fold f = {.points = arena_alloc(a, LEDGER_HISTORY_MAX * sizeof *f.points)};
    const struct walk walk = {.query = QUERY_ledger_history_back,
                              .block = ledger_block(LEDGER_HISTORY_MAX),
                              .take = take,
                              .context = &f};
    enum result r;

    *out = f.points;
    *count = 0;
    if (!f.points)
        return ledger_no_memory(err);
    r = ledger_walk_back(db, account, &walk, err);
    turn_round(f.points, f.count);
    *count = f.count;
    return r;
}
