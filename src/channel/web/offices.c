/* GET /api/v1/offices: where one can go, and the other centre one may belong to. */
#include "channel/web/render.h"

static void render_names(struct json *j, const char *key, const char *zh, const char *en)
{
    json_put_object(j, key);
    json_put_text(j, "zh", text_of(zh));
    json_put_text(j, "en", text_of(en));
    json_put_object_end(j);
}

static void render_office(struct json *j, const struct policy_office *o)
{
    json_put_object(j, NULL);
    render_names(j, "name", o->zh, o->en);
    json_put_text(j, "district", text_of(o->district));
    json_put_text(j, "address", text_of(o->address));
    json_put_text(j, "hours", text_of(o->hours));
    json_put_text(j, "phone", text_of(o->phone));
    json_put_object_end(j);
}

enum result handle_offices(struct call *c, struct error *err)
{
    const struct policy *p = c->web->policy;
    struct policy_office offices[POLICY_OFFICES_MAX];
    struct policy_cite known, other;
    size_t count = policy_offices(p, offices, &known);
    struct json *j = &c->json;

    policy_other_centre_cite(p, &other);
    call_json(c);
    json_put_text(j, "hotline", text_of(policy_hotline(p)));
    json_put_text(j, "site", text_of(policy_site(p)));
    json_put_array(j, "offices");
    for (size_t i = 0; i < count; i++) {
        render_office(j, &offices[i]);
    }
    json_put_array_end(j);
    render_cite(j, "cite", &known);
    json_put_object(j, "other");
    render_names(j, "name", policy_other_centre_zh(p), policy_other_centre_en(p));
    render_cite(j, "cite", &other);
    json_put_object_end(j);
    return call_answer(c, 200, err);
}
