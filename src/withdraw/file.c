/* The words of anju withdraw: from a file, and into types. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/csv.h"
#include "withdraw/command.h"

static const char *const names[FIELD_COUNT] = {
    "number",   "key",    "account", "ground",   "amount",   "household", "months_from", "months",
    "children", "talent", "spent",   "spent_on", "document", "decision",  "words",
};

#define BIT(field) (1U << (field))
static const struct takes {
    const char *word;
    unsigned wants, may;
} verbs[VERB_COUNT] = {
    [VERB_APPLY] = {"apply", BIT(FIELD_KEY) | BIT(FIELD_ACCOUNT) | BIT(FIELD_GROUND),
                    BIT(FIELD_AMOUNT) | BIT(FIELD_HOUSEHOLD) | BIT(FIELD_MONTHS_FROM) |
                        BIT(FIELD_MONTHS) | BIT(FIELD_CHILDREN) | BIT(FIELD_TALENT) |
                        BIT(FIELD_SPENT) | BIT(FIELD_SPENT_ON) | BIT(FIELD_DOCUMENT)},
    [VERB_ACCEPT] = {"accept", BIT(FIELD_NUMBER), BIT(FIELD_WORDS)},
    [VERB_DECIDE] = {"decide", BIT(FIELD_NUMBER) | BIT(FIELD_DECISION), BIT(FIELD_WORDS)},
    [VERB_PAY] = {"pay", BIT(FIELD_NUMBER), 0},
    [VERB_CANCEL] = {"cancel", BIT(FIELD_NUMBER), BIT(FIELD_WORDS)},
};

const char *verb_word(enum verb verb)
{
    return verbs[verb].word;
}

enum field field_of(struct text name)
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        size_t i = 0, len = strlen(names[f]);

        while (i < len && i < name.len &&
               (name.at[i] == names[f][i] || (name.at[i] == '-' && names[f][i] == '_')))
            i++;
        if (i == len && i == name.len)
            return (enum field)f;
    }
    return FIELD_COUNT;
}

/* Puts the line's number before the sentence of what is wrong in it. */
static enum result in_line(const struct line *l, struct error *err, enum result r)
{
    char sentence[ERROR_SENTENCE_MAX];

    if (r == RESULT_OK || l->number == 0)
        return r;
    snprintf(sentence, sizeof sentence, "%s", err->sentence);
    return error_set(err, r, "line %" PRId64 ": %s", l->number, sentence);
}

enum result line_check(const struct line *l, enum verb verb, struct error *err)
{
    const struct takes *t = &verbs[verb];

    for (int f = 0; f < FIELD_COUNT; f++) {
        bool given = l->words[f].len > 0;

        if (given && !((t->wants | t->may) & BIT(f)))
            return in_line(l, err,
                           error_set(err, RESULT_INVALID, "%s takes no %s", t->word, names[f]));
        if (!given && (t->wants & BIT(f)))
            return in_line(l, err,
                           error_set(err, RESULT_INVALID, "%s wants %s: %s", t->word,
                                     f == FIELD_NUMBER ? "an application's" : "its", names[f]));
    }
    return RESULT_OK;
}

/* --- the file --- */

static enum result slurp(const char *path, char *out, size_t room, size_t *len, struct error *err)
{
    FILE *in = fopen(path, "rb");
    bool failed;

    if (!in)
        return error_set(err, RESULT_IO, "%s cannot be opened", path);
    *len = fread(out, 1, room, in);
    failed = ferror(in) != 0;
    fclose(in);
    if (failed)
        return error_set(err, RESULT_IO, "%s cannot be read", path);
    return *len < room
               ? RESULT_OK
               : error_set(err, RESULT_INVALID, "%s is larger than %d bytes", path, FILE_BYTES_MAX);
}

struct columns {
    enum field field[CSV_FIELDS_MAX];
    int count;
};

static enum result head_read(char *line, size_t len, struct columns *out, struct error *err)
{
    struct text fields[CSV_FIELDS_MAX];
    unsigned seen = 0;

    out->count = csv_split(line, len, fields);
    for (int i = 0; i < out->count; i++) {
        out->field[i] = field_of(fields[i]);
        if (out->field[i] == FIELD_COUNT || (seen & BIT(out->field[i])))
            return error_set(err, RESULT_INVALID,
                             "line 1: column %d is none, or stands there twice", i + 1);
        seen |= BIT(out->field[i]);
    }
    return out->count > 0 ? RESULT_OK
                          : error_set(err, RESULT_INVALID, "line 1 does not name the columns");
}

static enum result line_read(char *at, size_t len, const struct columns *c, struct line *out,
                             struct error *err)
{
    struct text fields[CSV_FIELDS_MAX];
    int count = csv_split(at, len, fields);

    if (count != c->count)
        return error_set(err, RESULT_INVALID, "line %" PRId64 ": not the %d fields of line 1",
                         out->number, c->count);
    for (int i = 0; i < count; i++) {
        if (!text_is_clean_utf8(fields[i]))
            return error_set(err, RESULT_INVALID, "line %" PRId64 ": not clean UTF-8 text",
                             out->number);
        out->words[c->field[i]] = fields[i];
    }
    return RESULT_OK;
}

enum result lines_read(const char *path, enum verb verb, struct arena *a, struct line **out,
                       size_t *count, struct error *err)
{
    char *text = arena_alloc(a, FILE_BYTES_MAX), *at = text, *line;
    struct columns columns;
    size_t len;
    enum result r;

    *count = 0;
    *out = arena_alloc(a, LINES_MAX * sizeof **out);
    if (!text || !*out)
        return withdraw_no_memory(err);
    r = slurp(path, text, FILE_BYTES_MAX, &len, err);
    if (r != RESULT_OK)
        return r;
    char *end = text + len;
    line = csv_line(&at, end, &len);
    if (!line)
        return error_set(err, RESULT_INVALID, "%s is empty", path);
    r = head_read(line, len, &columns, err);
    while (r == RESULT_OK && (line = csv_line(&at, end, &len)) != NULL) {
        if (*count == LINES_MAX)
            return error_set(err, RESULT_INVALID, "%s has more than %d lines", path, LINES_MAX);
        (*out)[*count].number = (int64_t)*count + 2;
        r = line_read(line, len, &columns, &(*out)[*count], err);
        if (r == RESULT_OK)
            r = line_check(&(*out)[(*count)++], verb, err);
    }
    return r == RESULT_OK && *count == 0
               ? error_set(err, RESULT_INVALID, "%s has no line but its first", path)
               : r;
}

/* --- into types --- */

static enum result wrong(const struct line *l, enum field f, const char *form, struct error *err)
{
    return in_line(l, err, error_set(err, RESULT_INVALID, "%s is not %s", names[f], form));
}

static bool fen_word(struct text t, fen *out)
{
    return t.len == 0 || (fen_parse(t, out) && out->n > 0);
}

static bool int_word(struct text t, int most, int *out)
{
    int64_t n = 0;

    if (t.len > 0 && (!text_to_int(t, &n) || n > most))
        return false;
    *out = (int)n;
    return true;
}

enum result line_ask(const struct line *l, struct text actor, struct withdraw_ask *out,
                     struct error *err)
{
    const struct text *w = l->words;

    *out = (struct withdraw_ask){
        .key = w[FIELD_KEY],
        .actor = actor,
        .account = w[FIELD_ACCOUNT],
        .ground = w[FIELD_GROUND],
        .household = w[FIELD_HOUSEHOLD],
        .months_from = MONTH_NONE,
        .spent_on = DATE_NONE,
        .document = w[FIELD_DOCUMENT],
        .talent = text_equal(w[FIELD_TALENT], TEXT("yes")),
    };
    if (w[FIELD_KEY].len > WITHDRAW_DOCUMENT_MAX)
        return wrong(l, FIELD_KEY, "1 to 40 bytes", err);
    if (!fen_word(w[FIELD_AMOUNT], &out->amount))
        return wrong(l, FIELD_AMOUNT, "yuan above zero, as 1700.00", err);
    if (!fen_word(w[FIELD_SPENT], &out->spent))
        return wrong(l, FIELD_SPENT, "yuan above zero, as 1700.00", err);
    if (w[FIELD_MONTHS_FROM].len > 0 && !month_parse(w[FIELD_MONTHS_FROM], &out->months_from))
        return wrong(l, FIELD_MONTHS_FROM, "a month, as 2026-10", err);
    if (w[FIELD_SPENT_ON].len > 0 && !date_parse(w[FIELD_SPENT_ON], &out->spent_on))
        return wrong(l, FIELD_SPENT_ON, "a date, as 2026-10-08", err);
    if (!int_word(w[FIELD_MONTHS], WITHDRAW_MONTHS_MAX, &out->months))
        return wrong(l, FIELD_MONTHS, "a number of months up to 12", err);
    if (!int_word(w[FIELD_CHILDREN], WITHDRAW_CHILDREN_MAX, &out->children))
        return wrong(l, FIELD_CHILDREN, "a number up to 20", err);
    if (w[FIELD_TALENT].len > 0 && !out->talent && !text_equal(w[FIELD_TALENT], TEXT("no")))
        return wrong(l, FIELD_TALENT, "yes or no", err);
    return RESULT_OK;
}

enum result line_move(const struct line *l, enum verb verb, struct text actor,
                      struct withdraw_move *out, struct error *err)
{
    const struct text *w = l->words;

    *out = (struct withdraw_move){
        .step = verb == VERB_ACCEPT ? STEP_ACCEPT
                : verb == VERB_PAY  ? STEP_PAY
                                    : STEP_CANCEL,
        .number = w[FIELD_NUMBER],
        .actor = actor,
        .words = w[FIELD_WORDS],
    };
    if (w[FIELD_NUMBER].len > WITHDRAW_NUMBER_MAX)
        return wrong(l, FIELD_NUMBER, "an application's number", err);
    if (verb != VERB_DECIDE)
        return RESULT_OK;
    if (text_equal(w[FIELD_DECISION], TEXT("approve")))
        out->step = STEP_APPROVE;
    else if (text_equal(w[FIELD_DECISION], TEXT("refuse")))
        out->step = STEP_REFUSE;
    else
        return wrong(l, FIELD_DECISION, "approve or refuse", err);
    return RESULT_OK;
}
