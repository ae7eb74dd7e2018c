/* The balance at the ends of months. */
#include "internal.h"

enum { ENTRIES_A_MONTH = 2, BLOCK_LEAST = 32, BLOCK_MOST = 256 };

/* Points are filled from the newest to the oldest while the entries are walked back. */
struct curve {
    struct curve_point *points;
    size_t next; /* the newest point that has no balance yet, counted from 1; 0: none left */
};

static bool take_balance(void *context, const struct back_entry *e)
{
    struct curve *c = context;

    while (c->next > 0 && e->booked.day <= c->points[c->next - 1].day.day)
        c->points[--c->next].balance = e->balance;
    return c->next > 0;
}

enum result ledger_curve(struct db *db, struct arena *a, const struct account *account, int months,
                         civil_date today, struct curve_point **out, size_t *count,
                         struct error *err)
{
    civil_month now = date_month(today), first = {now.n - months + 1};
    int block = months * ENTRIES_A_MONTH;
    struct curve curve;

    if (first.n < date_month(account->opened).n)
        first = date_month(account->opened);
    *count = first.n <= now.n ? (size_t)(now.n - first.n + 1) : 0;
    *out = arena_alloc(a, (*count + 1) * sizeof **out);
    if (!*out)
        return ledger_no_memory(err);
    for (size_t i = 0; i < *count; i++)
        (*out)[i].day = month_last((civil_month){first.n + (int32_t)i});
    if (*count > 0)
        (*out)[*count - 1].day = today;
    curve = (struct curve){*out, *count};
    block = block < BLOCK_LEAST ? BLOCK_LEAST : block > BLOCK_MOST ? BLOCK_MOST : block;
    return ledger_walk_back(db, account->account, block, take_balance, &curve, err);
}
