/* Interest from the last settlement to a day (积数计息): the sum of balance times days at each rate,
 * divided by the day count, rounded once. */
#include "internal.h"

enum { STEPS_MAX = 64, MILLION = 1000000 };

/* Fen x days x millionths, over all parts and rates. */
typedef __int128 weighted;

fen ledger_interest_rounded(const struct policy *p, __int128 sum)
{
    return fen_of(round_half_up(sum, (int64_t)policy_day_count(p) * MILLION));
}

/* One rate for the whole time: the running products say it all, without a scan. Until 2016-02-21
 * this year's part and the part carried over earned different rates; since then both the same. */
static weighted by_products(const struct running *r, const struct deposit_rate *rate, civil_date d)
{
    int64_t year = running_product_year_at(r, d);
    int64_t carried = running_product_at(r, d) - year;

    return (weighted)year * rate->this_year + (weighted)carried * rate->carried;
}

/* The interest year so far, entry by entry, for when a rate changed inside it. */
struct scan {
    const struct deposit_rate *steps;
    size_t count;
    civil_date settled, to;
    weighted sum;
};

/* Amounts that count from day first on. */
static void add_from(struct scan *s, civil_date first, fen year, fen carried)
{
    for (size_t i = 0; i < s->count; i++) {
        int32_t from = s->steps[i].since.day;
        int32_t to = i + 1 < s->count ? s->steps[i + 1].since.day - 1 : s->to.day;

        if (from < first.day)
            from = first.day;
        if (from > to)
            continue;
        s->sum += (weighted)year.n * s->steps[i].this_year * (to - from + 1);
        s->sum += (weighted)carried.n * s->steps[i].carried * (to - from + 1);
    }
}

/* What counts from after the last day is kept apart: a settlement that is posted late needs it. */
struct whole_scan {
    struct scan scan;
    civil_date later_to;
    struct interest_scan *out;
};

static void take(void *context, civil_date first, int64_t year, int64_t carried)
{
    struct whole_scan *w = context;
    struct interest_scan *o = w->out;

    if (first.day <= w->scan.to.day) {
        add_from(&w->scan, first, fen_of(year), fen_of(carried));
        o->balance.n += year + carried;
        return;
    }
    o->later.n += year + carried;
    o->later_year.n += year;
    o->later_product += (year + carried) * (days_between(first, w->later_to) + 1);
    o->later_product_year += year * (days_between(first, w->later_to) + 1);
}

enum result ledger_interest_scan(struct db *db, const struct policy *p, struct text account,
                                 civil_date settled, civil_date d, civil_date later_to,
                                 struct interest_scan *out, struct error *err)
{
    struct deposit_rate steps[STEPS_MAX];
    struct whole_scan w = {
        .scan = {.steps = steps, .settled = settled, .to = d}, .later_to = later_to, .out = out};
    enum result r;

    *out = (struct interest_scan){0};
    w.scan.count = policy_deposit_steps(p, date_plus(settled, 1), d, steps, STEPS_MAX);
    if (w.scan.count == 0)
        return error_set(err, RESULT_CONFIG, "the policy knows no deposit rate for that time");
    r = ledger_movements(db, account, settled, 0, take, &w, err);
    out->weighted = w.scan.sum;
    return r;
}

bool ledger_interest_direct(const struct policy *p, const struct running *r, civil_date d,
                            fen *interest)
{
    struct deposit_rate steps[2];

    if (d.day < r->product_day.day ||
        policy_deposit_steps(p, date_plus(r->settled, 1), d, steps, 2) != 1 ||
        steps[0].since.day > r->settled.day + 1)
        return false;
    *interest = ledger_interest_rounded(p, by_products(r, &steps[0], d));
    return true;
}

enum result ledger_interest_to(struct db *db, const struct policy *p, const struct account *account,
                               civil_date d, fen *interest, struct error *err)
{
    const struct running *r = &account->running;
    struct interest_scan scan;
    enum result result;

    *interest = fen_of(0);
    if (d.day < r->settled.day)
        return error_set(err, RESULT_INVALID, "interest is asked for a day before the settlement");
    if (d.day == r->settled.day || ledger_interest_direct(p, r, d, interest))
        return RESULT_OK;
    result = ledger_interest_scan(db, p, account->account, r->settled, d, d, &scan, err);
    if (result == RESULT_OK)
        *interest = ledger_interest_rounded(p, scan.weighted);
    return result;
}
