#include "read.h"

#include <stdio.h>
#include <string.h>

enum { WHERE_MAX = 160, DAYS_MOST = 366 };

void read_wrong(struct reader *r, struct place at, const char *why)
{
    char where[WHERE_MAX];

    if (r->result != RESULT_OK)
        return;
    if (at.row > 0)
        snprintf(where, sizeof where, "%s[%zu].%s", at.key, at.row, at.field);
    else
        snprintf(where, sizeof where, "%s%s%s", at.key, at.field[0] ? "." : "", at.field);
    r->result = error_set(r->err, RESULT_CONFIG, "%s: %s: %s", r->path, where, why);
}

static void wrong_word(struct reader *r, struct place at, const char *word, const char *wanted)
{
    char why[WHERE_MAX];

    snprintf(why, sizeof why, "\"%.40s\" is not %s", word, wanted);
    read_wrong(r, at, why);
}

civil_date read_date(struct reader *r, struct place at, const char *word)
{
    civil_date d = DATE_NONE;

    if (!date_parse(text_of(word), &d))
        wrong_word(r, at, word, "a date like 2026-06-30");
    return d;
}

civil_date read_since(struct reader *r, struct place at, const char *word, civil_date before)
{
    civil_date d = read_date(r, at, word);

    if (!date_is_none(d) && !date_is_none(before) && d.day <= before.day)
        wrong_word(r, at, word, "later than the line before");
    return d;
}

/* Two to four decimals: rates of second homes have three. */
static bool parse_percent(const char *word, millionths *out)
{
    const char *point = strchr(word, '.');
    size_t decimals = point ? strlen(point + 1) : 0;
    int64_t whole, part;
    static const int32_t unit[] = {0, 0, 100, 10, 1};

    if (decimals < 2 || decimals > 4 ||
        !text_to_int((struct text){word, (size_t)(point - word)}, &whole))
        return false;
    if (!text_to_int(text_of(point + 1), &part) || whole > 100)
        return false;
    *out = (millionths)(whole * 10000 + part * unit[decimals]);
    return true;
}

millionths read_percent(struct reader *r, struct place at, const char *word)
{
    millionths m = 0;

    if (!parse_percent(word, &m))
        wrong_word(r, at, word, "per cent like 3.575");
    return m;
}

fen read_yuan(struct reader *r, struct place at, const char *word)
{
    fen amount = {0};

    if (!fen_parse(text_of(word), &amount) || amount.n < 0)
        wrong_word(r, at, word, "an amount in yuan like 1700.00");
    return amount;
}

int64_t read_number(struct reader *r, struct place at, const char *word, int64_t most)
{
    int64_t n = 0;

    if (!text_to_int(text_of(word), &n) || n < 1 || n > most)
        wrong_word(r, at, word, "a whole number in its bounds");
    return n;
}

void read_month_day(struct reader *r, struct place at, const char *word)
{
    char date[DATE_TEXT_MAX + WHERE_MAX];
    civil_date d;

    /* Not a leap year: 29 February does not come every year. */
    snprintf(date, sizeof date, "2025-%.20s", word);
    if (!date_parse(text_of(date), &d))
        wrong_word(r, at, word, "a day of the year like 06-30");
}

void read_only(struct reader *r, struct place at, const char *word, const char *only)
{
    char why[WHERE_MAX];

    if (strcmp(word, only) == 0)
        return;
    snprintf(why, sizeof why, "\"%.40s\": the program knows \"%s\" only", word, only);
    read_wrong(r, at, why);
}

void read_filled(struct reader *r, struct place at, const char *word)
{
    if (word[0] == '\0')
        read_wrong(r, at, "is empty");
}

static bool source_is_listed(const struct policy_file *f, const char *key)
{
    for (uint32_t i = 0; i < f->sources_count; i++)
        if (strcmp(f->sources[i].key, key) == 0)
            return true;
    return false;
}

void read_cited(struct reader *r, struct place at, const struct cited *cited)
{
    static const char *const marks[] = {"S", "S2", "C", "G", "V"};
    bool known = false;

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        known = known || strcmp(cited->mark, marks[i]) == 0;
    at.field = "mark";
    if (!known)
        wrong_word(r, at, cited->mark, "one of S, S2, C, G, V");
    at.field = "source";
    for (uint32_t i = 0; i < cited->source_count; i++)
        if (!source_is_listed(r->file, cited->source[i]))
            wrong_word(r, at, cited->source[i], "in the list of sources");
}

void read_value(struct reader *r, const char *key, const struct value_row *v)
{
    read_filled(r, (struct place){key, 0, "value"}, v->value);
    read_cited(r, (struct place){key, 0, ""}, &v->cited);
}

void read_days(struct reader *r, const char *key, const struct days_row *rows, uint32_t count,
               struct days_rule *out)
{
    civil_date before = DATE_NONE;

    for (uint32_t i = 0; i < count; i++) {
        before = read_since(r, (struct place){key, i + 1, "since"}, rows[i].since, before);
        read_cited(r, (struct place){key, i + 1, ""}, &rows[i].cited);
        if (rows[i].days < 1 || rows[i].days > DAYS_MOST)
            read_wrong(r, (struct place){key, i + 1, "days"}, "is not 1 to 366");
        if (out)
            out[i] = (struct days_rule){before, rows[i].days};
    }
    if (count == 0)
        read_wrong(r, (struct place){key, 0, ""}, "has no line");
}
