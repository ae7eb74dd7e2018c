/* Query parameters: each route lists its own, with their ranges; anything else is refused. */
#include "channel/web/call.h"

static bool refuse(struct call *c, const char *field)
{
    call_problem(c, &(struct problem){400, "parameter-invalid",
                                      "A parameter is unknown, twice there or out of range", field,
                                      -1, 0, 0});
    return false;
}

/* The value of a parameter; false when it is not in its range or list. */
static bool value_read(const struct route_param *p, struct text value, int64_t *out)
{
    if (!p->words) {
        return text_to_int(value, out) && *out >= p->least && *out <= p->most;
    }
    for (int i = 0; p->words[i]; i++) {
        if (text_equal(value, text_of(p->words[i]))) {
            *out = i + 1;
            return true;
        }
    }
    return false;
}

static bool pair_read(struct call *c, struct text pair, unsigned *seen)
{
    const char *equals = memchr(pair.at, '=', pair.len);
    struct text name = {pair.at, equals ? (size_t)(equals - pair.at) : pair.len};
    struct text value = TEXT("");

    if (equals) {
        value = (struct text){equals + 1, pair.len - name.len - 1};
    }
    for (int i = 0; c->route->params[i].name; i++) {
        const struct route_param *p = &c->route->params[i];

        if (!text_equal(name, text_of(p->name))) {
            continue;
        }
        if ((*seen & 1U << i) != 0 || !value_read(p, value, &c->params[i])) {
            return refuse(c, p->name);
        }
        *seen |= 1U << i;
        return true;
    }
    return refuse(c, NULL);
}

bool params_read(struct call *c)
{
    struct text rest = c->request->query;
    unsigned seen = 0;

    for (int i = 0; c->route->params[i].name; i++) {
        c->params[i] = c->route->params[i].otherwise;
    }
    while (rest.len > 0) {
        const char *end = memchr(rest.at, '&', rest.len);
        size_t len = end ? (size_t)(end - rest.at) : rest.len;

        if (!pair_read(c, (struct text){rest.at, len}, &seen)) {
            return false;
        }
        rest.at += len + (end ? 1 : 0);
        rest.len -= len + (end ? 1 : 0);
    }
    return true;
}
