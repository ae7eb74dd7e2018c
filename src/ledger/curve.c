/* The balance at the ends of months. */
#include "internal.h"

enum { SEQ, BOOKED, BALANCE }; /* columns of ledger_balances_back */

/* Points are filled from the newest to the oldest while the entries are walked back. */
struct curve {
    struct curve_point *points;
    size_t next; /* the newest point that has no balance yet, counted from 1; 0: none left */
};

static bool take_balance(void *context, struct stmt *q)
{
    struct curve *c = context;
    int64_t booked = column_int(q, BOOKED);

    while (c->next > 0 && booked <= c->points[c->next - 1].day.day)
        c->points[--c->next].balance = column_fen(q, BALANCE);
    return c->next > 0;
}

enum result ledger_curve(struct db *db, struct arena *a, const struct account *account, int months,
                         civil_date today, struct curve_point **out, size_t *count,
                         struct error *err)
{
    civil_month now = date_month(today), first = {now.n - months + 1};
    struct curve curve;
    struct walk walk = {
        .query = QUERY_ledger_balances_back, .take = take_balance, .context = &curve};

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
    walk.block = ledger_block(*count);
    return ledger_walk_back(db, account->account, &walk, err);
}
