/* Questions to a policy that was read and checked. */
#include "internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "yaml/yaml.h"

enum result policy_load(const char *path, struct policy **out, struct error *err)
{
    struct policy *p = calloc(1, sizeof *p);
    void *file = NULL;
    enum result r;

    *out = NULL;
    if (!p)
        return error_set(err, RESULT_MEMORY, "out of memory while reading %s", path);
    r = yaml_file_load(path, &policy_file_schema, &file, err);
    p->file = file;
    if (r == RESULT_OK)
        r = policy_check(p, path, err);
    if (r == RESULT_OK)
        *out = p;
    else
        policy_free(p);
    return r;
}

void policy_free(struct policy *p)
{
    if (!p)
        return;
    yaml_file_free(&policy_file_schema, p->file);
    yaml_file_free(&offices_file_schema, p->offices);
    free(p);
}

size_t policy_newest(const void *since, size_t size, size_t count, civil_date d)
{
    for (size_t i = count; i-- > 0;) {
        civil_date at;
        memcpy(&at, (const char *)since + i * size, sizeof at);
        if (at.day <= d.day)
            return i;
    }
    return count;
}

enum result policy_deposit_rate(const struct policy *p, civil_date d, struct deposit_rate *out)
{
    size_t i = POLICY_NEWEST(p->rates, p->rate_count, d);

    if (i == p->rate_count)
        return RESULT_NOT_FOUND;
    *out = p->rates[i];
    return RESULT_OK;
}

size_t policy_deposit_steps(const struct policy *p, civil_date from, civil_date to,
                            struct deposit_rate *out, size_t room)
{
    size_t i = POLICY_NEWEST(p->rates, p->rate_count, from), count = 0;

    if (i == p->rate_count)
        i = 0; /* days before the first line earn nothing that is known */
    for (; i < p->rate_count && p->rates[i].since.day <= to.day && count < room; i++)
        out[count++] = p->rates[i];
    return count;
}

int32_t policy_day_count(const struct policy *p)
{
    return p->day_count;
}

civil_date policy_contribution_due(const struct policy *p, civil_month m)
{
    size_t count = p->file->contribution.due_count;
    size_t i = POLICY_NEWEST(p->due, count, month_first(m));
    const struct due_rule *rule = &p->due[i < count ? i : 0];
    civil_month in = {m.n + rule->months_after};
    civil_date last = month_last(in), due = date_plus(month_first(in), rule->day - 1);

    return due.day < last.day ? due : last;
}

fen policy_yuan(const char *word)
{
    fen amount = {0};
    bool read = fen_parse(text_of(word), &amount);

    assert(read);
    (void)read;
    return amount;
}

int policy_withdrawal_decision_days(const struct policy *p, civil_date d)
{
    size_t count = p->file->withdrawal.decision_days_count;
    size_t i = POLICY_NEWEST(p->decision_days, count, d);

    return p->decision_days[i < count ? i : 0].days;
}

int policy_dispute_days(const struct policy *p, civil_date d)
{
    size_t count = p->file->dispute_days_count;
    size_t i = POLICY_NEWEST(p->dispute_days, count, d);

    return p->dispute_days[i < count ? i : 0].days;
}

const char *policy_hotline(const struct policy *p)
{
    return p->file->centre.hotline.value;
}

const char *policy_site(const struct policy *p)
{
    return p->file->centre.site.value;
}

const char *policy_other_centre_zh(const struct policy *p)
{
    return p->file->centre.other.zh;
}

const char *policy_other_centre_en(const struct policy *p)
{
    return p->file->centre.other.en;
}
