/* loan.* of a policy file: from words to typed rules. */
#include "read.h"

#include <string.h>

enum { MONTHS_MOST = 360, DAYS_MOST = 366 };

static void check_rates(struct reader *r, struct loan_rule *rule)
{
    static const char key[] = "loan.rates";
    const struct loan_part *l = &r->file->loan;
    civil_date before = DATE_NONE;

    for (uint32_t i = 0; i < l->rates_count; i++) {
        const struct loan_rate_row *row = &l->rates[i];

        before = read_since(r, (struct place){key, i + 1, "since"}, row->since, before);
        rule->rate_since[i] = before;
        read_percent(r, (struct place){key, i + 1, "first_short"}, row->first_short);
        read_percent(r, (struct place){key, i + 1, "first_long"}, row->first_long);
        if (!row->second_short != !row->second_long)
            read_wrong(r, (struct place){key, i + 1, "second_short"}, "goes with second_long");
        if (row->second_short && row->second_long) {
            read_percent(r, (struct place){key, i + 1, "second_short"}, row->second_short);
            read_percent(r, (struct place){key, i + 1, "second_long"}, row->second_long);
        }
        read_cited(r, (struct place){key, i + 1, ""}, &row->cited);
    }
}

static void check_caps(struct reader *r, struct loan_rule *rule)
{
    static const char caps[] = "loan.caps", uplifts[] = "loan.uplifts";
    const struct loan_part *l = &r->file->loan;
    civil_date before = DATE_NONE;

    for (uint32_t i = 0; i < l->caps_count; i++) {
        before = read_since(r, (struct place){caps, i + 1, "since"}, l->caps[i].since, before);
        rule->cap_since[i] = before;
        read_yuan(r, (struct place){caps, i + 1, "one"}, l->caps[i].one);
        read_yuan(r, (struct place){caps, i + 1, "two"}, l->caps[i].two);
        read_cited(r, (struct place){caps, i + 1, ""}, &l->caps[i].cited);
    }
    for (uint32_t i = 0; i < l->uplifts_count; i++) {
        rule->uplift_since[i] =
            read_date(r, (struct place){uplifts, i + 1, "since"}, l->uplifts[i].since);
        read_percent(r, (struct place){uplifts, i + 1, "percent"}, l->uplifts[i].percent);
        read_filled(r, (struct place){uplifts, i + 1, "zh"}, l->uplifts[i].zh);
        read_filled(r, (struct place){uplifts, i + 1, "en"}, l->uplifts[i].en);
        read_cited(r, (struct place){uplifts, i + 1, ""}, &l->uplifts[i].cited);
    }
}

/* "1.50": a number with two decimals, in hundredths, above 0. */
static int64_t read_factor(struct reader *r, struct place at, const char *word)
{
    fen factor = read_yuan(r, at, word);

    if (factor.n < 1)
        read_wrong(r, at, "is not above zero");
    return factor.n;
}

static millionths percent_of(struct reader *r, const char *key, const struct value_row *v)
{
    read_value(r, key, v);
    return read_percent(r, (struct place){key, 0, "value"}, v->value);
}

static int months_of(struct reader *r, const char *key, const struct value_row *v)
{
    read_value(r, key, v);
    return (int)read_number(r, (struct place){key, 0, "value"}, v->value, MONTHS_MOST);
}

static void check_amount(struct reader *r, struct loan_rule *rule)
{
    static const char multiple[] = "loan.balance_multiple", step[] = "loan.amount_step";
    static const char factors[] = "loan.time_factors";
    const struct loan_part *l = &r->file->loan;
    int before = -1;

    rule->uplift_most = percent_of(r, "loan.uplift_most", &l->uplift_most);
    rule->down_payment = percent_of(r, "loan.down_payment", &l->down_payment);
    rule->down_payment_subsidised =
        percent_of(r, "loan.down_payment_subsidised", &l->down_payment_subsidised);
    rule->repayment_share = percent_of(r, "loan.repayment_share", &l->repayment_share);
    rule->months_most = months_of(r, "loan.months_most", &l->months_most);
    rule->full_months = months_of(r, "loan.full_months", &l->full_months);
    rule->once_months = months_of(r, "loan.once_months", &l->once_months);
    read_value(r, step, &l->amount_step);
    rule->amount_step = read_yuan(r, (struct place){step, 0, "value"}, l->amount_step.value);
    if (rule->amount_step.n < 1)
        read_wrong(r, (struct place){step, 0, "value"}, "is not above zero");
    read_value(r, multiple, &l->balance_multiple);
    rule->balance_multiple =
        read_factor(r, (struct place){multiple, 0, "value"}, l->balance_multiple.value);
    for (uint32_t i = 0; i < l->time_factors_count; i++) {
        const struct time_factor_row *row = &l->time_factors[i];

        if (row->months <= before || (i == 0 && row->months != 0))
            read_wrong(r, (struct place){factors, i + 1, "months"},
                       "is not 0 in the first line and then ascending");
        before = row->months;
        read_factor(r, (struct place){factors, i + 1, "factor"}, row->factor);
        read_cited(r, (struct place){factors, i + 1, ""}, &row->cited);
    }
    if (l->time_factors_count == 0)
        read_wrong(r, (struct place){factors, 0, ""}, "has no line");
}

static void check_penalty(struct reader *r, struct policy_penalty *penalty)
{
    static const char base[] = "loan.penalty_base", factor[] = "loan.penalty_factor";
    const struct loan_part *l = &r->file->loan;

    read_value(r, factor, &l->penalty_factor);
    penalty->factor = read_factor(r, (struct place){factor, 0, "value"}, l->penalty_factor.value);
    read_value(r, base, &l->penalty_base);
    penalty->on_interest = strcmp(l->penalty_base.value, "principal-and-interest") == 0;
    if (!penalty->on_interest)
        read_only(r, (struct place){base, 0, "value"}, l->penalty_base.value, "principal");
    read_value(r, "loan.day_count", &l->day_count);
    penalty->day_count = (int32_t)read_number(r, (struct place){"loan.day_count", 0, "value"},
                                              l->day_count.value, DAYS_MOST);
    if (penalty->day_count < 1)
        penalty->day_count = 1;
    read_value(r, "loan.application_order", &l->application_order);
    read_only(r, (struct place){"loan.application_order", 0, "value"}, l->application_order.value,
              "penalty-overdue-current-prepayment");
}

void policy_check_loan(struct reader *r, struct policy *p)
{
    const struct loan_part *l = &r->file->loan;

    check_rates(r, &p->loan);
    check_caps(r, &p->loan);
    check_amount(r, &p->loan);
    check_penalty(r, &p->loan.penalty);
    read_days(r, "loan.decision_days", l->decision_days, l->decision_days_count, NULL);
    read_value(r, "loan.reprices_on", &l->reprices_on);
    read_month_day(r, (struct place){"loan.reprices_on", 0, "value"}, l->reprices_on.value);
}
