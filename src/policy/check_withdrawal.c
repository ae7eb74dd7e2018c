/* withdrawal.* of a policy file: from words to typed rules. */
#include "read.h"

#include <string.h>

enum { CODE_MOST = 99, CHILDREN_MOST = 20, MONTHS_MOST = 360 };

static enum policy_ground_limit limit_of(struct reader *r, struct place at, const char *word)
{
    static const char *const words[] = {
        [GROUND_RENT] = "rent", [GROUND_PRICE] = "price", [GROUND_COST] = "cost",
        [GROUND_FEE] = "fee",   [GROUND_ALL] = "all",
    };

    for (int i = GROUND_RENT; i <= GROUND_ALL; i++)
        if (strcmp(words[i], word) == 0)
            return (enum policy_ground_limit)i;
    read_wrong(r, at, "is not rent, price, cost, fee or all");
    return GROUND_COST;
}

/* No key names two grounds: a withdrawal is stored with it. */
static bool stands_before(const struct withdrawal_part *w, uint32_t row)
{
    for (uint32_t i = 0; i < row; i++)
        if (strcmp(w->grounds[i].key, w->grounds[row].key) == 0)
            return true;
    return false;
}

static void check_grounds(struct reader *r, struct withdrawal_rule *rule)
{
    static const char key[] = "withdrawal.grounds";
    const struct withdrawal_part *w = &r->file->withdrawal;

    for (uint32_t i = 0; i < w->grounds_count; i++) {
        const struct ground_row *row = &w->grounds[i];
        struct ground_rule *g = &rule->grounds[i];

        g->since = read_date(r, (struct place){key, i + 1, "since"}, row->since);
        g->until = DATE_NONE;
        if (row->until)
            g->until = read_since(r, (struct place){key, i + 1, "until"}, row->until, g->since);
        g->code = (int)read_number(r, (struct place){key, i + 1, "code"}, row->code, CODE_MOST);
        g->limit = limit_of(r, (struct place){key, i + 1, "limit"}, row->limit);
        read_filled(r, (struct place){key, i + 1, "key"}, row->key);
        read_filled(r, (struct place){key, i + 1, "zh"}, row->zh);
        read_filled(r, (struct place){key, i + 1, "en"}, row->en);
        read_cited(r, (struct place){key, i + 1, ""}, &row->cited);
        if (stands_before(w, i))
            read_wrong(r, (struct place){key, i + 1, "key"}, "stands there twice");
        if ((row->closes != 0) != (g->limit == GROUND_ALL))
            read_wrong(r, (struct place){key, i + 1, "limit"},
                       "is all if and only if the ground closes the account");
    }
}

static void check_rent(struct reader *r, struct withdrawal_rule *rule)
{
    static const char key[] = "withdrawal.rent", talent[] = "withdrawal.rent_talent_month";
    const struct withdrawal_part *w = &r->file->withdrawal;

    for (uint32_t i = 0; i < w->rent_count; i++) {
        rule->rent_since[i] = read_date(r, (struct place){key, i + 1, "since"}, w->rent[i].since);
        read_yuan(r, (struct place){key, i + 1, "month"}, w->rent[i].month);
        read_yuan(r, (struct place){key, i + 1, "year"}, w->rent[i].year);
        read_cited(r, (struct place){key, i + 1, ""}, &w->rent[i].cited);
        if (w->rent[i].children < 0 || w->rent[i].children > CHILDREN_MOST)
            read_wrong(r, (struct place){key, i + 1, "children"}, "is not 0 to 20");
    }
    read_value(r, talent, &w->rent_talent_month);
    rule->rent_talent_month =
        read_yuan(r, (struct place){talent, 0, "value"}, w->rent_talent_month.value);
}

static int months_of(struct reader *r, const char *key, const struct value_row *v)
{
    read_value(r, key, v);
    return (int)read_number(r, (struct place){key, 0, "value"}, v->value, MONTHS_MOST);
}

/* One of two words; true for the second. */
static bool either(struct reader *r, const char *key, const struct value_row *v, const char *first,
                   const char *second)
{
    read_value(r, key, v);
    if (strcmp(v->value, second) == 0)
        return true;
    read_only(r, (struct place){key, 0, "value"}, v->value, first);
    return false;
}

void policy_check_withdrawal(struct reader *r, struct policy *p)
{
    static const char fee[] = "withdrawal.property_fee_year";
    static const char interest[] = "withdrawal.closing_interest";
    const struct withdrawal_part *w = &r->file->withdrawal;
    struct withdrawal_rule *rule = &p->withdrawal;

    read_days(r, "withdrawal.decision_days", w->decision_days, w->decision_days_count,
              p->decision_days);
    check_grounds(r, rule);
    check_rent(r, rule);
    rule->rent_full_months = months_of(r, "withdrawal.rent_full_months", &w->rent_full_months);
    rule->purchase_months =
        months_of(r, "withdrawal.purchase_within_months", &w->purchase_within_months);
    read_value(r, fee, &w->property_fee_year);
    rule->fee_year = read_yuan(r, (struct place){fee, 0, "value"}, w->property_fee_year.value);
    rule->this_year_first =
        either(r, "withdrawal.takes_first", &w->takes_first, "carried", "this_year");
    rule->sealed_closing_only =
        either(r, "withdrawal.sealed_account", &w->sealed_account, "all", "closing");
    read_value(r, interest, &w->closing_interest);
    read_only(r, (struct place){interest, 0, "value"}, w->closing_interest.value,
              "to-the-day-before");
}
