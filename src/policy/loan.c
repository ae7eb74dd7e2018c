/* Questions about loans to a policy that was read and checked. */
#include "internal.h"

#include <stdio.h>

enum { SHORT_MONTHS = 60 };

/* The newest of count dates that is not after d; -1 when there is none. */
static int newest(const civil_date *since, uint32_t count, civil_date d)
{
    int i = (int)count - 1;

    while (i >= 0 && since[i].day > d.day)
        i--;
    return i;
}

/* Two to four decimals, as policy_check has read them before. */
static millionths percent(const char *word)
{
    static const int unit[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    int32_t value = 0;
    int decimals = 0;
    bool after = false;

    for (; *word; word++) {
        if (*word == '.') {
            after = true;
            continue;
        }
        value = value * 10 + (*word - '0');
        decimals += after;
    }
    return value * unit[decimals + 2];
}

enum result policy_loan_rate(const struct policy *p, civil_date d, int months, bool second_home,
                             millionths *out)
{
    const struct loan_part *l = &p->file->loan;
    int i = newest(p->loan.rate_since, l->rates_count, d);
    const struct loan_rate_row *row;

    if (i < 0)
        return RESULT_NOT_FOUND;
    row = &l->rates[i];
    if (second_home && row->second_short)
        *out = percent(months <= SHORT_MONTHS ? row->second_short : row->second_long);
    else
        *out = percent(months <= SHORT_MONTHS ? row->first_short : row->first_long);
    return RESULT_OK;
}

void policy_loan_reprices_on(const struct policy *p, int *month, int *day)
{
    const char *word = p->file->loan.reprices_on.value;

    *month = (word[0] - '0') * 10 + word[1] - '0';
    *day = (word[3] - '0') * 10 + word[4] - '0';
}

int policy_loan_once_months(const struct policy *p)
{
    return p->loan.once_months;
}

struct policy_penalty policy_loan_penalty(const struct policy *p)
{
    return p->loan.penalty;
}

void policy_loan_bounds(const struct policy *p, civil_date d, struct loan_bounds *out)
{
    const struct loan_rule *l = &p->loan;
    const struct loan_part *f = &p->file->loan;
    int cap = newest(l->cap_since, f->caps_count, d);

    *out = (struct loan_bounds){
        .down_payment = l->down_payment,
        .down_payment_subsidised = l->down_payment_subsidised,
        .repayment_share = l->repayment_share,
        .balance_multiple = l->balance_multiple,
        .step = l->amount_step,
        .uplift_most = l->uplift_most,
        .months_most = l->months_most,
        .full_months = l->full_months,
        .cap_mark = "",
        .down_payment_mark = f->down_payment.cited.mark,
        .repayment_mark = f->repayment_share.cited.mark,
        .balance_mark = f->balance_multiple.cited.mark,
        .full_months_mark = f->full_months.cited.mark,
    };
    if (cap < 0)
        return;
    out->cap_one = policy_yuan(f->caps[cap].one);
    out->cap_two = policy_yuan(f->caps[cap].two);
    out->cap_mark = f->caps[cap].cited.mark;
}

int64_t policy_loan_time_factor(const struct policy *p, int months)
{
    const struct loan_part *l = &p->file->loan;
    uint32_t i = l->time_factors_count - 1;

    while (i > 0 && l->time_factors[i].months > months)
        i--;
    return policy_yuan(l->time_factors[i].factor).n;
}

size_t policy_loan_uplifts(const struct policy *p, civil_date d,
                           struct loan_uplift out[POLICY_UPLIFTS_MAX])
{
    const struct loan_part *l = &p->file->loan;
    size_t count = 0;

    for (uint32_t i = 0; i < l->uplifts_count && count < POLICY_UPLIFTS_MAX; i++)
        if (p->loan.uplift_since[i].day <= d.day)
            out[count++] = (struct loan_uplift){
                .zh = l->uplifts[i].zh,
                .en = l->uplifts[i].en,
                .share = percent(l->uplifts[i].percent),
            };
    return count;
}
