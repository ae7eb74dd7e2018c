#include "truth.h"

#include "base/date.h"

static const char *const special_zh[SPECIALS] = {
    "稳定缴存，一个月漏缴、一个月少缴，等额本息贷款",
    "新入职，首笔汇缴刚到账",
    "换工作后离职，账户封存",
    "部分余额被法院冻结",
    "两户合并，2016年以前即有记录，按年提取房租，一笔申请办理中、一笔未通过",
    "港澳台居民居住证，等额本金贷款逾期两期",
};

static const char *const special_en[SPECIALS] = {
    "steady, one month missing and one short, loan by equal instalments",
    "new starter, the first remittance has just arrived",
    "left after a change of jobs, account sealed",
    "part of the balance frozen by a court",
    "two accounts merged, history before 2016, rent each year, one application open, one refused",
    "residence permit for Hong Kong residents, loan by equal principal, two instalments overdue",
};

static char *put_key(char *p, const char *key)
{
    *p++ = ',';
    *p++ = '"';
    p = put_text(p, key);
    *p++ = '"';
    *p++ = ':';
    return p;
}

static char *put_string(char *p, const char *value)
{
    *p++ = '"';
    p = put_text(p, value);
    *p++ = '"';
    return p;
}

static char *put_key_text(char *p, const char *key, const char *value)
{
    p = put_key(p, key);
    return value[0] ? put_string(p, value) : put_text(p, "null");
}

static char *put_key_fen(char *p, const char *key, int64_t value)
{
    p = put_text(put_key(p, key), "\"");
    return put_text(put_fen(p, value), "\"");
}

static char *put_key_count(char *p, const char *key, int64_t value)
{
    return put_count(put_key(p, key), value);
}

static char *put_key_day(char *p, const char *key, int32_t day)
{
    p = put_key(p, key);
    if (day == NEVER)
        return put_text(p, "null");
    return put_text(put_day(put_text(p, "\""), day), "\"");
}

static char *put_month_string(char *p, int32_t month)
{
    return put_text(put_month(put_text(p, "\""), month), "\"");
}

static char *put_key_month(char *p, const char *key, int32_t month)
{
    p = put_key(p, key);
    return month < 0 ? put_text(p, "null") : put_month_string(p, month);
}

/* The month's due amount of both sides by the terms; 0 when none was agreed or it was sealed. */
static int64_t due_amount(const struct account_facts *f, int32_t month)
{
    int64_t due = 0;

    for (int i = 0; i < f->terms && f->term[i].month <= month; i++)
        due = f->term[i].sealed ? 0 : 2 * f->term[i].amount;
    return due;
}

/* The last month whose due day (the 20th of the month after) lies before the day. */
static int32_t last_due_month(int32_t until)
{
    int32_t month = month_of_day(until) - 1;

    return month_due_day(month) < until ? month : month - 1;
}

static int64_t credited(const struct account_facts *f, int32_t month)
{
    return f->month[month - f->first_month].credited;
}

enum month_list { LIST_MISSING, LIST_SHORT, LIST_LATE, LIST_BACK_PAID };

static bool belongs(const struct account_facts *f, int32_t month, int32_t last,
                    enum month_list list)
{
    const struct month_fact *m = &f->month[month - f->first_month];
    int64_t due = due_amount(f, month);

    switch (list) {
    case LIST_MISSING: return month <= last && due > 0 && m->credited == 0;
    case LIST_SHORT: return month <= last && m->credited > 0 && m->credited < due;
    case LIST_LATE: return m->late;
    default: return m->back_paid;
    }
}

static char *put_months(char *p, const struct account_facts *f, const char *key,
                        enum month_list list)
{
    int32_t last = last_due_month(f->until);
    bool first = true;

    p = put_text(put_key(p, key), "[");
    for (int32_t month = f->first_month; month <= month_of_day(f->until); month++) {
        if (!belongs(f, month, last, list))
            continue;
        p = first ? p : put_comma(p);
        first = false;
        if (list != LIST_SHORT) {
            p = put_month_string(p, month);
            continue;
        }
        p = put_month_string(put_text(p, "{\"month\":"), month);
        p = put_key_fen(p, "due", due_amount(f, month));
        p = put_key_fen(p, "credited", credited(f, month));
        p = put_key_fen(p, "shortfall", due_amount(f, month) - credited(f, month));
        p = put_text(p, "}");
    }
    return put_text(p, "]");
}

/* True when a month is still awaited: less has come than is due, and its due day is not over. */
static bool is_awaited(const struct account_facts *f, int32_t month)
{
    return credited(f, month) < due_amount(f, month) && month_due_day(month) >= f->until;
}

/* Months without a gap for which all that was due has been credited, back from the newest one that
 * is not awaited. */
static int consecutive_full(const struct account_facts *f)
{
    int32_t month = month_of_day(f->until);
    int n = 0;

    while (month >= f->first_month && is_awaited(f, month))
        month--;
    for (; month >= f->first_month; month--) {
        int64_t due = due_amount(f, month);

        if (due == 0 || credited(f, month) < due)
            break;
        n++;
    }
    return n;
}

static char *put_settlement(char *p, const struct account_facts *f)
{
    p = put_key(p, "settlement");
    if (f->settled_day == NEVER)
        return put_text(p, "null");
    p = put_count(put_text(p, "{\"seq\":"), f->settled_sequence);
    p = put_key_day(p, "date", f->settled_day);
    p = put_key_fen(p, "interest", f->settled_interest);
    p = put_key_fen(p, "balance", f->settled_balance);
    return put_text(p, "}");
}

static char *put_last_contribution(char *p, const struct account_facts *f)
{
    p = put_key(p, "last_contribution");
    if (f->last_day == NEVER)
        return put_text(p, "null");
    p = put_month_string(put_text(p, "{\"month\":"), f->last_month);
    p = put_key_day(p, "date", f->last_day);
    p = put_key_fen(p, "amount", f->last_amount);
    return put_text(p, "}");
}

static char *put_loan(char *p, const struct loan_facts *l)
{
    p = put_key(p, "loan");
    if (!l->exists)
        return put_text(p, "null");
    p = put_string(put_text(p, "{\"account\":"), l->number);
    p = put_key_fen(p, "balance", l->balance);
    p = put_key_count(p, "rate_millionths", l->rate);
    p = put_key_count(p, "periods_paid", l->periods_paid);
    p = put_key_day(p, "next_due", l->next_due);
    p = put_key_fen(p, "next_payment", l->next_payment);
    p = put_key_fen(p, "next_principal", l->next_principal);
    p = put_key_fen(p, "next_interest", l->next_interest);
    p = put_key_count(p, "overdue_periods", l->periods_overdue);
    p = put_key_fen(p, "overdue_principal", l->overdue_principal);
    p = put_key_fen(p, "overdue_interest", l->overdue_interest);
    p = put_key_day(p, "repaid_on", l->repaid_on);
    return put_text(p, "}");
}

static char *put_applications(char *p, const struct account_facts *f)
{
    static const char *const states[] = {"received", "approved", "paid", "refused", "withdrawn"};
    int count[5] = {0};

    for (int i = 0; i < f->applications; i++)
        count[f->application[i].state - 1]++;
    p = put_count(put_text(put_key(p, "applications"), "{\"total\":"), f->applications);
    for (int i = 0; i < 5; i++)
        p = put_key_count(p, states[i], count[i]);
    return put_text(p, "}");
}

static char *put_planted(char *p, const struct account_facts *f)
{
    p = put_text(put_key(p, "planted"), "[");
    if (f->planted_sequence > 0) {
        p = put_count(put_text(p, "{\"seq\":"), f->planted_sequence);
        p = put_key_day(p, "date", f->planted_day);
        p = put_key_fen(p, "wrong", f->planted_wrong);
        p = put_key_fen(p, "right", f->planted_right);
        p = put_text(p, "}");
    }
    return put_text(p, "]");
}

static char *put_special(char *p, const struct account_facts *f)
{
    int n = f->life->person.special;

    /* the demo depositor's account is the one that is open */
    if (n == 0 || f->which != f->life->accounts - 1)
        return put_text(put_text(put_key(p, "demo"), "null"), ",\"special\":null");
    p = put_key_count(p, "demo", n);
    p = put_string(put_text(put_key(p, "special"), "{\"zh\":"), special_zh[n - 1]);
    p = put_string(put_key(p, "en"), special_en[n - 1]);
    return put_text(p, "}");
}

static char *put_who(char *p, const struct account_facts *f)
{
    const struct person *who = &f->life->person;

    p = put_string(put_text(p, "{\"person\":"), who->number);
    p = put_key_text(p, "account", f->plan->number);
    p = put_key_count(p, "id_type", who->document_type);
    p = put_key_text(p, "id_number", who->document);
    p = put_key_text(p, "phone", who->phone);
    p = put_key_text(p, "card", who->card);
    return put_key_text(p, "name", who->name);
}

void truth_line(const struct world *w, const struct account_facts *f, struct sheet *s)
{
    struct lines *out = &s->file[FILE_TRUTH];
    bool open = f->closed == NEVER;
    char *p = put_who(lines_begin(out), f);

    p = put_key_count(p, "state", f->state);
    p = put_key_day(p, "opened", f->plan->opened);
    p = put_key_day(p, "closed", f->closed);
    p = put_key_fen(p, "balance", account_balance(f));
    p = put_key_fen(p, "carried", f->pots.carried);
    p = put_key_fen(p, "this_year", f->pots.year);
    p = put_key_fen(p, "frozen", f->frozen_amount);
    p = put_key_fen(p, "interest_to_date",
                    open ? pots_interest(&f->pots, &w->weights, f->until) : 0);
    p = put_settlement(p, f);
    p = put_months(p, f, "missing", LIST_MISSING);
    p = put_months(p, f, "short", LIST_SHORT);
    p = put_months(p, f, "late", LIST_LATE);
    p = put_months(p, f, "back_paid", LIST_BACK_PAID);
    p = put_key_month(p, "last_due_month", last_due_month(f->until));
    p = put_key_count(p, "consecutive_full", consecutive_full(f));
    p = put_key_month(p, "paid_to", f->paid_to);
    p = put_last_contribution(p, f);
    p = put_key_count(p, "entries", f->entries);
    p = put_loan(p, &f->loan);
    p = put_applications(p, f);
    p = put_planted(p, f);
    lines_end(out, put_text(put_special(p, f), "}"));
}
