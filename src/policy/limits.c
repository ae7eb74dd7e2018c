/* Limits of base and ratio, and how well they are known. */
#include "internal.h"

#include <string.h>

static const struct source_row *source_of(const struct source_row *list, uint32_t count,
                                          const char *key)
{
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(list[i].key, key) == 0)
            return &list[i];
    return NULL;
}

void policy_cite_from(const struct source_row *list, uint32_t count, const struct cited *from,
                      struct policy_cite *out)
{
    *out =
        (struct policy_cite){.mark = from->mark, .note_zh = from->note_zh, .note_en = from->note};
    for (uint32_t i = 0; i < from->source_count && out->count < POLICY_SOURCES_MAX; i++) {
        const struct source_row *s = source_of(list, count, from->source[i]);

        if (s) /* read_cited has seen that it is there */
            out->sources[out->count++] = (struct policy_source){s->title, s->address};
    }
}

static void cite(const struct policy *p, const struct cited *from, struct policy_cite *out)
{
    policy_cite_from(p->file->sources, p->file->sources_count, from, out);
}

enum result policy_base_limits(const struct policy *p, civil_date d, struct base_limits *out)
{
    const struct contribution_part *c = &p->file->contribution;
    size_t i = policy_newest(p->base_since, sizeof *p->base_since, c->base_limits_count, d);
    const struct base_row *row;

    *out = (struct base_limits){0};
    if (i == c->base_limits_count)
        return RESULT_NOT_FOUND;
    row = &c->base_limits[i];
    out->since = p->base_since[i];
    out->cap = policy_yuan(row->cap);
    for (uint32_t k = 0; k < row->floors_count; k++)
        out->floors[out->floor_count++] =
            (struct class_floor){row->floors[k].class, policy_yuan(row->floors[k].amount)};
    cite(p, &row->cited, &out->cite);
    return RESULT_OK;
}

enum result policy_ratio_limits(const struct policy *p, civil_date d, struct ratio_limits *out)
{
    const struct contribution_part *c = &p->file->contribution;
    size_t i = POLICY_NEWEST(p->ratios, c->ratios_count, d);

    *out = (struct ratio_limits){0};
    if (i == c->ratios_count)
        return RESULT_NOT_FOUND;
    out->since = p->ratios[i].since;
    out->floor = p->ratios[i].floor;
    out->cap = p->ratios[i].cap;
    cite(p, &c->ratios[i].cited, &out->cite);
    return RESULT_OK;
}

int policy_early_months(const struct policy *p)
{
    return p->early_months;
}

int policy_deferral_months(const struct policy *p)
{
    return p->deferral_months;
}

void policy_other_centre_cite(const struct policy *p, struct policy_cite *out)
{
    cite(p, &p->file->centre.other.cited, out);
}

static bool has_district(const struct class_row *row, const char *district)
{
    for (uint32_t i = 0; i < row->districts_count; i++)
        if (strcmp(row->districts[i], district) == 0)
            return true;
    return false;
}

const char *policy_class_of_office(const struct policy *p, struct text office, civil_date d)
{
    const struct contribution_part *c = &p->file->contribution;
    const char *district = policy_district_of(p, office), *class = NULL;
    civil_date newest = DATE_NONE;

    /* A district may move from one class to another: the newest line holds. */
    for (uint32_t i = 0; district && i < c->classes_count; i++) {
        civil_date since = DATE_NONE;

        (void)date_parse(text_of(c->classes[i].since), &since); /* policy_check has read it */
        if (since.day > d.day || !has_district(&c->classes[i], district))
            continue;
        if (class && since.day < newest.day)
            continue;
        newest = since;
        class = c->classes[i].class;
    }
    return class;
}
