/* The command line of the city. */
#include "city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "world.h"

static const char zone[] = "Asia/Shanghai";

static const char usage[] =
    "usage: anju demo DIR [--people N] [--seed S] [--until DATE] [--years Y] [--force]\n"
    "       anju demo DIR [--people N] [--seed S] --from DATE --until DATE --set-number K\n"
    "                 [--first DATE] [--years Y] [--force]\n"
    "       anju demo DIR [--people N] [--seed S] [--until DATE] --skip M --set-number K\n"
    "                 [--years Y] [--force]\n";

static const char help[] =
    "Writes exchange files for a city of people who do not exist into the folder DIR, and beside\n"
    "them truth.jsonl: what every account's figures must be. The same numbers and dates give the\n"
    "same bytes.\n\n"
    "  --people N      so many people, 1 to 10000000; 1000 when not given. From 6 on the first\n"
    "                  six are the demo depositors\n"
    "  --seed S        which city, 0 to 999999999999; 1 when not given\n"
    "  --until DATE    the last day of all lives, 2010-01-01 to 2099-12-31; today (Asia/Shanghai)\n"
    "                  when not given\n"
    "  --years Y       only the last Y years of ordinary people's histories, 1 to 99\n"
    "  --from DATE     an increment: what is new since the set that ended on DATE\n"
    "  --set-number K  number of the increment, 2 or more; 2 when not given\n"
    "  --skip M        an increment of people who were not there before: the whole lives of all but\n"
    "                  the first M of N. M is even, since couples are neighbours\n"
    "  --first DATE    where the first, whole set ended, when that is not DATE of --from (of\n"
    "                  --until for a whole set): lives are planned around it\n"
    "  --force         replace a city that lies in DIR\n"
    "  --help          these lines\n";

struct option {
    const char *name;
    const char *value; /* as given, or NULL */
};

enum { PEOPLE, SEED, UNTIL, YEARS, FROM, SET_NUMBER, FIRST, SKIP, OPTIONS };

static enum result number(const struct option *o, int64_t least, int64_t most, int64_t *out,
                          struct error *err)
{
    if (o->value == NULL)
        return RESULT_OK;
    if (!text_to_int(text_of(o->value), out) || *out < least || *out > most)
        return error_set(err, RESULT_INVALID, "%s: \"%s\" is not a number from %lld to %lld",
                         o->name, o->value, (long long)least, (long long)most);
    return RESULT_OK;
}

static enum result date(const struct option *o, civil_date *out, struct error *err)
{
    if (o->value == NULL)
        return RESULT_OK;
    if (!date_parse(text_of(o->value), out) || out->day < date_of(2010, 1, 1).day ||
        out->day > date_of(2099, 12, 31).day)
        return error_set(err, RESULT_INVALID,
                         "%s: \"%s\" is not a date from 2010-01-01 to 2099-12-31", o->name,
                         o->value);
    return RESULT_OK;
}

/* Sorts the arguments into the options' values. */
static enum result gather(int argc, char **argv, struct option options[OPTIONS], struct city *c,
                          struct error *err)
{
    for (int i = 1; i < argc; i++) {
        int k = 0;

        if (strcmp(argv[i], "--force") == 0) {
            c->force = true;
            continue;
        }
        if (strncmp(argv[i], "--", 2) != 0) {
            if (c->dir != NULL)
                return error_set(err, RESULT_INVALID, "one folder is enough: \"%s\" and \"%s\"",
                                 c->dir, argv[i]);
            c->dir = argv[i];
            continue;
        }
        while (k < OPTIONS && strcmp(argv[i], options[k].name) != 0)
            k++;
        if (k == OPTIONS)
            return error_set(err, RESULT_INVALID, "there is no option \"%s\"", argv[i]);
        if (++i == argc)
            return error_set(err, RESULT_INVALID, "%s needs a value", options[k].name);
        options[k].value = argv[i];
    }
    return RESULT_OK;
}

static enum result today(civil_date *out, struct error *err)
{
    struct clock clock;
    enum result result = clock_system(&clock, zone, err);

    if (result == RESULT_OK)
        *out = clock_today(&clock);
    return result;
}

/* What the values say together. */
static enum result check(struct city *c, const struct option options[OPTIONS], struct error *err)
{
    bool increment = options[FROM].value != NULL;

    if (c->dir == NULL)
        return error_set(err, RESULT_INVALID, "name the folder to write into");
    if (!increment && c->skip == 0 && options[SET_NUMBER].value != NULL)
        return error_set(err, RESULT_INVALID, "--set-number belongs to --from or --skip");
    if (increment && c->skip > 0)
        return error_set(err, RESULT_INVALID, "--from and --skip make different increments");
    if (c->skip >= c->people || c->skip % 2 != 0)
        return error_set(err, RESULT_INVALID, "--skip is even and less than --people");
    if (increment && c->from.day >= c->until.day)
        return error_set(err, RESULT_INVALID, "--from must lie before --until");
    if (options[FIRST].value == NULL)
        c->first = increment ? c->from : c->until;
    if (c->first.day > (increment ? c->from : c->until).day)
        return error_set(err, RESULT_INVALID, "--first cannot be later than %s",
                         increment ? "--from" : "--until");
    return RESULT_OK;
}

static enum result read_arguments(int argc, char **argv, struct city *c, struct error *err)
{
    struct option options[OPTIONS] = {
        [PEOPLE] = {.name = "--people"}, [SEED] = {.name = "--seed"},
        [UNTIL] = {.name = "--until"},   [YEARS] = {.name = "--years"},
        [FROM] = {.name = "--from"},     [SET_NUMBER] = {.name = "--set-number"},
        [FIRST] = {.name = "--first"},   [SKIP] = {.name = "--skip"},
    };
    int64_t seed = 1, years = 0, set_number;
    enum result result = gather(argc, argv, options, c, err);

    c->from = c->first = DATE_NONE;
    set_number = options[FROM].value != NULL || options[SKIP].value != NULL ? 2 : 1;
    if (result == RESULT_OK)
        result = number(&options[PEOPLE], 1, PEOPLE_MOST, &c->people, err);
    if (result == RESULT_OK)
        result = number(&options[SKIP], 2, PEOPLE_MOST, &c->skip, err);
    if (result == RESULT_OK)
        result = number(&options[SEED], 0, INT64_C(999999999999), &seed, err);
    if (result == RESULT_OK)
        result = number(&options[YEARS], 1, 99, &years, err);
    if (result == RESULT_OK)
        result = number(&options[SET_NUMBER], 2, 999999, &set_number, err);
    if (result == RESULT_OK && options[UNTIL].value == NULL)
        result = today(&c->until, err);
    if (result == RESULT_OK)
        result = date(&options[UNTIL], &c->until, err);
    if (result == RESULT_OK)
        result = date(&options[FROM], &c->from, err);
    if (result == RESULT_OK)
        result = date(&options[FIRST], &c->first, err);
    c->seed = (uint64_t)seed;
    c->years = (int)years;
    c->set_number = (int)set_number;
    return result == RESULT_OK ? check(c, options, err) : result;
}

int city_main(int argc, char **argv)
{
    struct city city = {.people = 1000};
    struct error err = {0};
    enum result result;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            printf("%s\n%s", usage, help);
            return fflush(stdout) == 0 ? 0 : result_exit_status(RESULT_IO);
        }
    }
    result = read_arguments(argc, argv, &city, &err);
    if (result != RESULT_OK) {
        fprintf(stderr, "anju demo: %s\n%s", err.sentence, usage);
        return result_exit_status(result);
    }
    result = city_write(&city, &err);
    if (result != RESULT_OK) {
        fprintf(stderr, "anju demo: %s\n", err.sentence);
        return result_exit_status(result);
    }
    return 0;
}
