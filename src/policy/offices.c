/* The centre's offices: of the policy file, or of a file of their own. */
#include "internal.h"

#include "yaml/yaml.h"

enum result policy_take_offices(struct policy *p, const char *path, struct error *err)
{
    void *file = NULL;
    enum result r = yaml_file_load(path, &offices_file_schema, &file, err);

    if (r == RESULT_OK)
        r = policy_check_offices(file, path, err);
    if (r != RESULT_OK) {
        yaml_file_free(&offices_file_schema, file);
        return r;
    }
    yaml_file_free(&offices_file_schema, p->offices);
    p->offices = file;
    return RESULT_OK;
}

static const struct offices_part *offices(const struct policy *p)
{
    return p->offices ? &p->offices->offices : &p->file->centre.offices;
}

static const char *or_empty(const char *word)
{
    return word ? word : "";
}

size_t policy_offices(const struct policy *p, struct policy_office out[POLICY_OFFICES_MAX],
                      struct policy_cite *cite)
{
    const struct offices_part *o = offices(p);

    for (uint32_t i = 0; i < o->list_count; i++) {
        const struct office_row *row = &o->list[i];

        out[i] = (struct policy_office){row->zh,      row->en,    or_empty(row->district),
                                        row->address, row->hours, row->phone};
    }
    if (p->offices)
        policy_cite_from(p->offices->sources, p->offices->sources_count, &o->cited, cite);
    else
        policy_cite_from(p->file->sources, p->file->sources_count, &o->cited, cite);
    return o->list_count;
}

const char *policy_district_of(const struct policy *p, struct text office)
{
    const struct offices_part *o = offices(p);

    for (uint32_t i = 0; i < o->list_count; i++)
        if (text_equal(text_of(o->list[i].zh), office))
            return o->list[i].district;
    return NULL;
}
