/* Rates out of the policy file, spread over every day from 1990 on. The file is read with libyaml as a
 * plain tree: what is not asked for is not looked at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "audit.h"
#include "tree.h"

enum { FIRST_DAY = 7305, DAYS = 365 * 120, PER_CENT_DIGITS = 4 };

/* "1.50" per cent is 15000 millionths. */
static bool millionths_of(const char *text, int64_t *out)
{
    int64_t n = 0;
    int places = -1;

    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text == '.' && places < 0) {
            places = 0;
            continue;
        }
        if (*text < '0' || *text > '9' || n > 100000000)
            return false;
        n = n * 10 + (*text - '0');
        places += places >= 0;
    }
    for (int i = places < 0 ? 0 : places; i < PER_CENT_DIGITS; i++)
        n *= 10;
    *out = n;
    return places <= PER_CENT_DIGITS;
}

static bool rate_of(const struct tree *t, yaml_node_t *line, const char *key, int32_t *out)
{
    const char *text = tree_text(t, tree_get(t, line, key));
    int64_t n = 0;

    if (!text || !millionths_of(text, &n) || n > 1000000)
        return false;
    *out = (int32_t)n;
    return true;
}

static bool day_under(const struct tree *t, yaml_node_t *node, const char *key, int32_t *out)
{
    const char *text = tree_text(t, tree_get(t, node, key));

    return text && calendar_parse(text, out);
}

/* Each line holds from its day on, until a later one says otherwise. */
static bool spread(const struct tree *t, yaml_node_t *lines, int32_t one_rate, struct rates *out)
{
    for (int i = 0; i < tree_count(lines); i++) {
        yaml_node_t *line = tree_at(t, lines, i);
        int32_t since, demand, three_month, one_year;

        if (!day_under(t, line, "since", &since) || !rate_of(t, line, "demand", &demand) ||
            !rate_of(t, line, "three_month", &three_month) ||
            !rate_of(t, line, "one_year", &one_year))
            return false;
        for (int32_t day = since < FIRST_DAY ? FIRST_DAY : since; day < FIRST_DAY + DAYS; day++)
            out->of_day[day - FIRST_DAY] = day >= one_rate ? (struct day_rate){one_year, one_year}
                                                           : (struct day_rate){demand, three_month};
    }
    return tree_count(lines) > 0;
}

static bool take(const struct tree *t, struct rates *out)
{
    yaml_node_t *deposit = tree_get(t, tree_root(t), "deposit");
    yaml_node_t *loan = tree_get(t, tree_root(t), "loan");
    const char *days = tree_text(t, tree_get(t, tree_get(t, deposit, "day_count"), "value"));
    const char *factor = tree_text(t, tree_get(t, tree_get(t, loan, "penalty_factor"), "value"));
    int32_t one_rate;

    if (!days || !factor || !millionths_of(factor, &out->penalty_millionths) ||
        !day_under(t, tree_get(t, deposit, "one_rate_since"), "value", &one_rate))
        return false;
    out->penalty_millionths *= 100; /* it is a factor and not per cent */
    out->day_count = strtoll(days, NULL, 10);
    return out->day_count > 0 && spread(t, tree_get(t, deposit, "rates"), one_rate, out);
}

bool rates_read(const char *file, struct rates *out, char *why, size_t room)
{
    struct tree *t = tree_read(file, why, room);
    bool ok = t != NULL;

    *out = (struct rates){0};
    if (!ok)
        return false;
    out->of_day = malloc(DAYS * sizeof *out->of_day);
    for (int i = 0; out->of_day && i < DAYS; i++)
        out->of_day[i] = (struct day_rate){-1, -1};
    ok = out->of_day && take(t, out);
    tree_free(t);
    if (!ok)
        snprintf(why, room, "%s: the deposit rates cannot be read out of it", file);
    return ok;
}

void rates_free(struct rates *r)
{
    free(r->of_day);
    r->of_day = NULL;
}

struct day_rate rate_on(const struct rates *r, int32_t day)
{
    if (day < FIRST_DAY || day >= FIRST_DAY + DAYS)
        return (struct day_rate){-1, -1};
    return r->of_day[day - FIRST_DAY];
}
