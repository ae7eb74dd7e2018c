/* JSON bodies: one object, known members only, no member twice. */
#include "channel/web/call.h"

static bool refuse(struct call *c, const char *field)
{
    call_problem(c, &(struct problem){400, "body-malformed",
                                      "The body is not what this route takes", field, -1, 0, 0});
    return false;
}

bool body_read(struct call *c)
{
    struct text b = c->request->body;

    c->body = json_loadb(b.at ? b.at : "", b.len, JSON_REJECT_DUPLICATES, NULL);
    return json_is_object(c->body) || refuse(c, NULL);
}

bool body_text_or_empty(struct call *c, const char *name, size_t most, struct text *out)
{
    json_t *value = json_object_get(c->body, name);

    if (!json_is_string(value)) {
        return refuse(c, name);
    }
    *out = (struct text){json_string_value(value), json_string_length(value)};
    return text_characters(*out) <= most || refuse(c, name);
}

bool body_text(struct call *c, const char *name, size_t most, struct text *out)
{
    return body_text_or_empty(c, name, most, out) && (out->len > 0 || refuse(c, name));
}

bool body_int(struct call *c, const char *name, int64_t least, int64_t most, int64_t *out)
{
    json_t *value = json_object_get(c->body, name);

    *out = json_is_integer(value) ? json_integer_value(value) : least - 1;
    return (*out >= least && *out <= most) || refuse(c, name);
}

bool body_bool(struct call *c, const char *name, bool *out)
{
    json_t *value = json_object_get(c->body, name);

    *out = json_is_true(value);
    return json_is_boolean(value) || refuse(c, name);
}

bool body_only(struct call *c, size_t count)
{
    return json_object_size(c->body) == count || refuse(c, NULL);
}
