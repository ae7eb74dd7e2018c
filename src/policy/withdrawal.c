/* Questions about withdrawals to a policy that was read and checked. */
#include "internal.h"

static void ground_at(const struct policy *p, uint32_t i, struct policy_ground *out)
{
    const struct ground_row *row = &p->file->withdrawal.grounds[i];

    *out = (struct policy_ground){
        .key = row->key,
        .zh = row->zh,
        .en = row->en,
        .mark = row->cited.mark,
        .code = p->withdrawal.grounds[i].code,
        .closes = row->closes != 0,
        .online = row->online != 0,
        .limit = p->withdrawal.grounds[i].limit,
    };
}

static bool holds(const struct ground_rule *g, civil_date d)
{
    return g->since.day <= d.day && (date_is_none(g->until) || d.day <= g->until.day);
}

size_t policy_grounds(const struct policy *p, civil_date d,
                      struct policy_ground out[POLICY_GROUNDS_MAX])
{
    size_t count = 0;

    for (uint32_t i = 0; i < p->file->withdrawal.grounds_count && count < POLICY_GROUNDS_MAX; i++)
        if (holds(&p->withdrawal.grounds[i], d))
            ground_at(p, i, &out[count++]);
    return count;
}

enum result policy_ground(const struct policy *p, civil_date d, struct text key,
                          struct policy_ground *out)
{
    const struct withdrawal_part *w = &p->file->withdrawal;

    for (uint32_t i = 0; i < w->grounds_count; i++) {
        if (!text_equal(text_of(w->grounds[i].key), key) || !holds(&p->withdrawal.grounds[i], d))
            continue;
        ground_at(p, i, out);
        return RESULT_OK;
    }
    return RESULT_NOT_FOUND;
}

enum result policy_rent_limit(const struct policy *p, civil_date d, int children, bool talent,
                              fen *month, fen *year)
{
    const struct withdrawal_part *w = &p->file->withdrawal;
    const struct rent_row *best = NULL;
    civil_date since = DATE_NONE;

    /* The newest lines that hold, and of them the one for the most children that there are. */
    for (uint32_t i = 0; i < w->rent_count; i++) {
        civil_date s = p->withdrawal.rent_since[i];

        if (s.day > d.day || w->rent[i].children > children)
            continue;
        if (best &&
            (s.day < since.day || (s.day == since.day && w->rent[i].children < best->children)))
            continue;
        best = &w->rent[i];
        since = s;
    }
    if (!best)
        return RESULT_NOT_FOUND;
    *month = policy_yuan(best->month);
    *year = policy_yuan(best->year);
    if (talent && p->withdrawal.rent_talent_month.n > month->n) {
        *month = p->withdrawal.rent_talent_month;
        *year = fen_of(12 * month->n);
    }
    return RESULT_OK;
}

int policy_rent_full_months(const struct policy *p)
{
    return p->withdrawal.rent_full_months;
}

int policy_purchase_within_months(const struct policy *p)
{
    return p->withdrawal.purchase_months;
}

fen policy_property_fee_year(const struct policy *p)
{
    return p->withdrawal.fee_year;
}

bool policy_withdrawal_this_year_first(const struct policy *p)
{
    return p->withdrawal.this_year_first;
}

bool policy_sealed_closing_only(const struct policy *p)
{
    return p->withdrawal.sealed_closing_only;
}
