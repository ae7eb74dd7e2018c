/* From the words of a policy file to typed rules, and what must hold between them. */
#include "read.h"

#include <string.h>

enum {
    DAYS_MOST = 366,
    MONTHS_AFTER_MOST = 12,
    DUE_DAY_MOST = 31,
    MONTHS_MOST = 12 /* what months.c and month pictures reach ahead */
};

static void check_sources(struct reader *r)
{
    const struct policy_file *f = r->file;

    for (uint32_t i = 0; i < f->sources_count; i++) {
        read_filled(r, (struct place){"sources", i + 1, "key"}, f->sources[i].key);
        read_filled(r, (struct place){"sources", i + 1, "title"}, f->sources[i].title);
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(f->sources[i].key, f->sources[k].key) == 0)
                read_wrong(r, (struct place){"sources", i + 1, "key"}, "stands there twice");
    }
}

static void add_rate(struct policy *p, civil_date since, millionths this_year, millionths carried)
{
    p->rates[p->rate_count++] = (struct deposit_rate){since, this_year, carried};
}

/* The steps of both parts' rates: the table's lines, and one more on the day from which the whole
 * balance earns the one-year rate, unless a line stands on that day. */
static void check_deposit_rates(struct reader *r, struct policy *p)
{
    static const char key[] = "deposit.rates";
    const struct deposit_part *d = &r->file->deposit;
    civil_date one =
        read_date(r, (struct place){"deposit.one_rate_since", 0, "value"}, d->one_rate_since.value);
    civil_date before = DATE_NONE;
    millionths one_year_before = 0;

    for (uint32_t i = 0; i < d->rates_count; i++) {
        const struct deposit_row *row = &d->rates[i];
        civil_date since = read_since(r, (struct place){key, i + 1, "since"}, row->since, before);
        millionths demand = read_percent(r, (struct place){key, i + 1, "demand"}, row->demand);
        millionths three =
            read_percent(r, (struct place){key, i + 1, "three_month"}, row->three_month);
        millionths year = read_percent(r, (struct place){key, i + 1, "one_year"}, row->one_year);

        read_cited(r, (struct place){key, i + 1, ""}, &row->cited);
        if (!date_is_none(before) && before.day < one.day && one.day < since.day)
            add_rate(p, one, one_year_before, one_year_before);
        if (since.day < one.day)
            add_rate(p, since, demand, three);
        else
            add_rate(p, since, year, year);
        before = since;
        one_year_before = year;
    }
    if (d->rates_count == 0)
        read_wrong(r, (struct place){key, 0, ""}, "has no line");
    else if (before.day < one.day)
        add_rate(p, one, one_year_before, one_year_before);
}

/* Day count, rounding and settlement day are read, so that they stand with their sources; a file
 * that asks for others is refused and not silently served. */
static void check_deposit(struct reader *r, struct policy *p)
{
    const struct deposit_part *d = &r->file->deposit;

    read_value(r, "deposit.day_count", &d->day_count);
    read_value(r, "deposit.rounding", &d->rounding);
    read_value(r, "deposit.settlement_day", &d->settlement_day);
    read_value(r, "deposit.one_rate_since", &d->one_rate_since);
    read_only(r, (struct place){"deposit.rounding", 0, "value"}, d->rounding.value, "fen-half-up");
    read_only(r, (struct place){"deposit.settlement_day", 0, "value"}, d->settlement_day.value,
              "06-30");
    p->day_count = (int32_t)read_number(r, (struct place){"deposit.day_count", 0, "value"},
                                        d->day_count.value, DAYS_MOST);
    check_deposit_rates(r, p);
}

static void check_due(struct reader *r, struct policy *p)
{
    static const char key[] = "contribution.due";
    const struct contribution_part *c = &r->file->contribution;
    civil_date before = DATE_NONE;

    for (uint32_t i = 0; i < c->due_count; i++) {
        const struct due_row *row = &c->due[i];

        before = read_since(r, (struct place){key, i + 1, "since"}, row->since, before);
        read_cited(r, (struct place){key, i + 1, ""}, &row->cited);
        if (row->months_after < 0 || row->months_after > MONTHS_AFTER_MOST)
            read_wrong(r, (struct place){key, i + 1, "months_after"}, "is not 0 to 12");
        if (row->day < 1 || row->day > DUE_DAY_MOST)
            read_wrong(r, (struct place){key, i + 1, "day"}, "is not 1 to 31");
        p->due[i] = (struct due_rule){before, row->months_after, row->day};
    }
    if (c->due_count == 0)
        read_wrong(r, (struct place){key, 0, ""}, "has no line");
}

static void check_ratios(struct reader *r, struct policy *p)
{
    static const char key[] = "contribution.ratios";
    const struct contribution_part *c = &r->file->contribution;
    civil_date before = DATE_NONE;

    for (uint32_t i = 0; i < c->ratios_count; i++) {
        const struct ratio_row *row = &c->ratios[i];
        struct ratio_rule *rule = &p->ratios[i];

        rule->since = before =
            read_since(r, (struct place){key, i + 1, "since"}, row->since, before);
        rule->floor = read_percent(r, (struct place){key, i + 1, "floor"}, row->floor);
        rule->cap = read_percent(r, (struct place){key, i + 1, "cap"}, row->cap);
        read_cited(r, (struct place){key, i + 1, ""}, &row->cited);
        if (rule->cap < rule->floor)
            read_wrong(r, (struct place){key, i + 1, "cap"}, "is below the floor");
    }
}

static void check_base_limits(struct reader *r, struct policy *p)
{
    static const char key[] = "contribution.base_limits";
    const struct contribution_part *c = &r->file->contribution;
    civil_date before = DATE_NONE;

    for (uint32_t i = 0; i < c->base_limits_count; i++) {
        const struct base_row *row = &c->base_limits[i];
        fen cap = read_yuan(r, (struct place){key, i + 1, "cap"}, row->cap);

        p->base_since[i] = before =
            read_since(r, (struct place){key, i + 1, "since"}, row->since, before);
        read_cited(r, (struct place){key, i + 1, ""}, &row->cited);
        if (row->floors_count > POLICY_FLOORS_MAX)
            read_wrong(r, (struct place){key, i + 1, "floors"}, "has more than 8 lines");
        for (uint32_t k = 0; k < row->floors_count; k++) {
            fen floor =
                read_yuan(r, (struct place){key, i + 1, "floors.amount"}, row->floors[k].amount);
            read_filled(r, (struct place){key, i + 1, "floors.class"}, row->floors[k].class);
            if (floor.n > cap.n)
                read_wrong(r, (struct place){key, i + 1, "floors.amount"}, "is above the cap");
        }
    }
}

static int months_of(struct reader *r, const char *key, const struct value_row *v)
{
    read_value(r, key, v);
    return (int)read_number(r, (struct place){key, 0, "value"}, v->value, MONTHS_MOST);
}

static void check_contribution(struct reader *r, struct policy *p)
{
    const struct contribution_part *c = &r->file->contribution;

    read_value(r, "contribution.year_begins", &c->year_begins);
    read_value(r, "contribution.rounding", &c->rounding);
    read_value(r, "contribution.flexible_workers_since", &c->flexible_workers_since);
    read_month_day(r, (struct place){"contribution.year_begins", 0, "value"}, c->year_begins.value);
    read_only(r, (struct place){"contribution.rounding", 0, "value"}, c->rounding.value,
              "whole-yuan-half-up");
    read_date(r, (struct place){"contribution.flexible_workers_since", 0, "value"},
              c->flexible_workers_since.value);
    p->early_months = months_of(r, "contribution.early_months", &c->early_months);
    p->deferral_months = months_of(r, "contribution.deferral_months", &c->deferral_months);
    check_due(r, p);
    check_ratios(r, p);
    check_base_limits(r, p);
    for (uint32_t i = 0; i < c->classes_count; i++) {
        read_date(r, (struct place){"contribution.classes", i + 1, "since"}, c->classes[i].since);
        read_filled(r, (struct place){"contribution.classes", i + 1, "class"}, c->classes[i].class);
        read_cited(r, (struct place){"contribution.classes", i + 1, ""}, &c->classes[i].cited);
    }
}

static void check_offices(struct reader *r, const char *key, const struct offices_part *o)
{
    read_cited(r, (struct place){key, 0, ""}, &o->cited);
    for (uint32_t i = 0; i < o->list_count; i++) {
        read_filled(r, (struct place){key, i + 1, "zh"}, o->list[i].zh);
        read_filled(r, (struct place){key, i + 1, "en"}, o->list[i].en);
    }
    if (o->list_count > POLICY_OFFICES_MAX)
        read_wrong(r, (struct place){key, 0, ""}, "has more than 64 lines");
}

static void check_centre(struct reader *r)
{
    const struct centre_part *c = &r->file->centre;

    read_value(r, "centre.hotline", &c->hotline);
    read_value(r, "centre.site", &c->site);
    read_cited(r, (struct place){"centre.other", 0, ""}, &c->other.cited);
    check_offices(r, "centre.offices", &c->offices);
}

enum result policy_check_offices(const struct offices_file *f, const char *path, struct error *err)
{
    /* Sources are looked up in a file's own list. */
    const struct policy_file own = {.sources = f->sources, .sources_count = f->sources_count};
    struct reader r = {.path = path, .file = &own, .err = err};

    read_only(&r, (struct place){"format", 0, ""}, f->format, "anju-offices/1");
    check_sources(&r);
    check_offices(&r, "offices", &f->offices);
    return r.result;
}

enum result policy_check(struct policy *p, const char *path, struct error *err)
{
    struct reader r = {.path = path, .file = p->file, .err = err};

    read_only(&r, (struct place){"format", 0, ""}, p->file->format, "anju-policy/1");
    check_sources(&r);
    read_cited(&r, (struct place){"city", 0, ""}, &p->file->city.cited);
    check_deposit(&r, p);
    check_contribution(&r, p);
    policy_check_withdrawal(&r, p);
    policy_check_loan(&r, p);
    check_centre(&r);
    read_days(&r, "dispute_days", p->file->dispute_days, p->file->dispute_days_count,
              p->dispute_days);
    return r.result;
}
