#include "ledger/loan_options.h"

#include <stdio.h>
#include <string.h>

enum { AMOUNT_DIGITS = 12, AMOUNT_DECIMALS = 2, RATE_DIGITS = 3, RATE_DECIMALS = 4 };
#define RATE_MOST 1000000

static struct loan_option *find(const struct loan_options *o, const char *name)
{
    for (int i = 0; i < o->count; i++)
        if (strcmp(o->list[i].name, name) == 0)
            return &o->list[i];
    return NULL;
}

bool loan_options_read(const struct loan_options *o, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct loan_option *option = find(o, argv[i]);

        if (!option) {
            fprintf(stderr, "%s: there is no option \"%s\"; %s --help lists them\n", o->command,
                    argv[i], o->command);
            return false;
        }
        if (option->value) {
            fprintf(stderr, "%s: %s is given twice\n", o->command, option->name);
            return false;
        }
        if (!option->flag && ++i == argc) {
            fprintf(stderr, "%s: %s needs a value\n", o->command, option->name);
            return false;
        }
        option->value = argv[i];
    }
    return true;
}

static bool is_there(const struct loan_options *o, int option)
{
    if (o->list[option].value)
        return true;
    fprintf(stderr, "%s: %s is missing; %s --help says more\n", o->command, o->list[option].name,
            o->command);
    return false;
}

static bool wrong(const struct loan_options *o, int option, const char *wanted)
{
    fprintf(stderr, "%s: %s: \"%s\" is not %s\n", o->command, o->list[option].name,
            o->list[option].value, wanted);
    return false;
}

/* "700000", "700000.5" or "700000.00" in units of 10^-decimals. */
static bool read_decimal(const char *p, int most_digits, int decimals, int64_t *out)
{
    int64_t value = 0;
    int digits = 0, after = 0;

    for (; *p >= '0' && *p <= '9' && digits <= most_digits; p++, digits++)
        value = value * 10 + (*p - '0');
    if (digits == 0 || digits > most_digits)
        return false;
    if (*p == '.') {
        for (p++; *p >= '0' && *p <= '9' && after < decimals; p++, after++)
            value = value * 10 + (*p - '0');
        if (after == 0)
            return false;
    }
    for (; after < decimals; after++)
        value *= 10;
    *out = value;
    return *p == '\0';
}

bool loan_option_text(const struct loan_options *o, int option, struct text *out)
{
    if (!is_there(o, option))
        return false;
    *out = text_of(o->list[option].value);
    return out->len > 0 ? true : wrong(o, option, "a number");
}

bool loan_option_amount(const struct loan_options *o, int option, fen *out)
{
    if (!is_there(o, option))
        return false;
    if (read_decimal(o->list[option].value, AMOUNT_DIGITS, AMOUNT_DECIMALS, &out->n) &&
        out->n > 0 && out->n <= FEN_LIMIT)
        return true;
    return wrong(o, option, "an amount in yuan above zero, like 700000.00");
}

bool loan_option_rate(const struct loan_options *o, int option, millionths *out)
{
    int64_t value;

    if (!is_there(o, option))
        return false;
    if (!read_decimal(o->list[option].value, RATE_DIGITS, RATE_DECIMALS, &value) ||
        value > RATE_MOST)
        return wrong(o, option, "a rate in per cent a year, 0 to 100 with up to four decimals");
    *out = (millionths)value;
    return true;
}

bool loan_option_number(const struct loan_options *o, int option, int least, int most, int *out)
{
    char wanted[64];
    int64_t value;

    if (!is_there(o, option))
        return false;
    if (text_to_int(text_of(o->list[option].value), &value) && value >= least && value <= most) {
        *out = (int)value;
        return true;
    }
    snprintf(wanted, sizeof wanted, "a whole number from %d to %d", least, most);
    return wrong(o, option, wanted);
}

bool loan_option_date(const struct loan_options *o, int option, civil_date *out)
{
    const char *value = o->list[option].value;

    return !value || date_parse(text_of(value), out) ||
           wrong(o, option, "a date like 2026-06-30 that exists");
}

int loan_option_word(const struct loan_options *o, int option, const char *const *words)
{
    char wanted[128] = "";

    if (!is_there(o, option))
        return -1;
    for (int i = 0; words[i]; i++) {
        size_t len = strlen(wanted);

        if (strcmp(words[i], o->list[option].value) == 0)
            return i;
        snprintf(wanted + len, sizeof wanted - len, "%s%s", i == 0 ? "" : " or ", words[i]);
    }
    wrong(o, option, wanted);
    return -1;
}
