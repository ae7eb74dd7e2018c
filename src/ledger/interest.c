/* Interest from the last settlement to a day (积数计息): the sum of balance times days at each rate,
 * divided by the day count, rounded once. */
#include "internal.h"

enum { STEPS_MAX = 64, BLOCK = 64, MILLION = 1000000 };

/* Fen x days x millionths, over all parts and rates. */
typedef __int128 weighted;

static fen rounded(const struct policy *p, weighted sum)
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

enum { SEQ, VALUE_DAY, KIND, YEAR, CARRIED, BALANCE, REVERSING }; /* of ledger_parts_back */

/* From the newest entry back to the settlement, after which all money is carried over. An entry
 * that is dated back before the settlement counts from the day after it: what was settled stays. */
static bool take_entry(void *context, struct stmt *q)
{
    struct scan *s = context;
    civil_date first = date_plus(s->settled, 1);
    int64_t value_day = column_int(q, VALUE_DAY);

    if (column_int(q, KIND) == ENTRY_INTEREST && column_int(q, REVERSING) == 0) {
        add_from(s, first, fen_of(0), column_fen(q, BALANCE));
        return false;
    }
    if (value_day > first.day)
        first.day = (int32_t)value_day;
    add_from(s, first, column_fen(q, YEAR), column_fen(q, CARRIED));
    return true;
}

enum result ledger_interest_to(struct db *db, const struct policy *p, const struct account *account,
                               civil_date d, fen *interest, struct error *err)
{
    const struct running *r = &account->running;
    struct deposit_rate steps[STEPS_MAX];
    struct scan scan = {.steps = steps, .settled = r->settled, .to = d};
    const struct walk walk = {
        .query = QUERY_ledger_parts_back, .block = BLOCK, .take = take_entry, .context = &scan};
    enum result result;

    *interest = fen_of(0);
    if (d.day < r->settled.day)
        return error_set(err, RESULT_INVALID, "interest is asked for a day before the settlement");
    if (d.day == r->settled.day)
        return RESULT_OK;
    scan.count = policy_deposit_steps(p, date_plus(r->settled, 1), d, steps, STEPS_MAX);
    if (scan.count == 0)
        return error_set(err, RESULT_CONFIG, "the policy knows no deposit rate for that time");
    if (scan.count == 1 && steps[0].since.day <= r->settled.day + 1 &&
        d.day >= r->product_day.day) {
        *interest = rounded(p, by_products(r, &steps[0], d));
        return RESULT_OK;
    }
    result = ledger_walk_back(db, account->account, &walk, err);
    if (result == RESULT_OK)
        *interest = rounded(p, scan.sum);
    return result;
}
