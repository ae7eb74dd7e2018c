/* An operation's file: its header, then lines of typed values. */
#include "internal.h"

#include <stdlib.h>

#include "base/csv.h"

struct place {
    const struct contribution_order *order;
    int64_t line;
};

static enum result wrong(const struct place *at, const char *column, const char *words,
                         struct error *err)
{
    return error_set(err, RESULT_INVALID, "%s:%lld: %s%s%s", at->order->file, (long long)at->line,
                     column, column[0] ? " " : "", words);
}

static enum result split(const struct place *at, char *line, size_t len,
                         struct text fields[CSV_FIELDS_MAX], struct error *err)
{
    const int want = at->order->op->count;
    int count;

    if (!text_is_clean_utf8((struct text){line, len}))
        return wrong(at, "", "not UTF-8, or with a control character", err);
    count = csv_split(line, len, fields);
    if (count < 0)
        return wrong(at, "", "the quoting is broken, or the line is too long", err);
    if (count != want)
        return error_set(err, RESULT_INVALID, "%s:%lld: %d fields, and %d are wanted",
                         at->order->file, (long long)at->line, count, want);
    return RESULT_OK;
}

static enum result read_header(const struct place *at, char *line, size_t len, struct error *err)
{
    struct text fields[CSV_FIELDS_MAX] = {{0}};
    enum result r = split(at, line, len, fields, err);

    for (int i = 0; r == RESULT_OK && i < at->order->op->count; i++)
        if (!text_equal(fields[i], text_of(at->order->op->fields[i].column.name)))
            r = wrong(at, at->order->op->fields[i].column.name, "is the header's column here", err);
    return r;
}

static enum result read_line(const struct place *at, const struct judge *j, char *line, size_t len,
                             struct value *v, struct error *err)
{
    struct text fields[CSV_FIELDS_MAX] = {{0}};
    enum result r = split(at, line, len, fields, err);

    for (int i = 0; r == RESULT_OK && i < at->order->op->count; i++) {
        const struct column *c = &at->order->op->fields[i].column;
        const char *words = "";

        if (column_read(c, j, fields[i], &v[i], &words) != FAULT_NONE)
            r = wrong(at, c->name, words, err);
    }
    return r;
}

static enum result room(struct lines *l, const struct contribution_order *o, struct error *err)
{
    size_t ends = 1;

    for (size_t i = 0; i < o->size; i++)
        ends += o->content[i] == '\n';
    if (ends > CONTRIBUTION_LINES_MAX + 2)
        return error_set(err, RESULT_INVALID, "%s: more than %d lines", o->file,
                         CONTRIBUTION_LINES_MAX);
    l->values = calloc(ends * (size_t)o->op->count, sizeof *l->values);
    l->at = calloc(ends, sizeof *l->at);
    return l->values && l->at ? RESULT_OK : error_set(err, RESULT_MEMORY, "out of memory");
}

enum result order_lines_read(struct lines *l, const struct contribution_order *o,
                             const struct judge *j, struct error *err)
{
    struct place at = {.order = o};
    char *next = o->content, *line;
    enum result r;
    size_t len;

    *l = (struct lines){.op = o->op};
    r = room(l, o, err);
    while (r == RESULT_OK && (line = csv_line(&next, o->content + o->size, &len)) != NULL) {
        at.line++;
        if (at.line == 1) {
            r = read_header(&at, line, len, err);
            continue;
        }
        r = read_line(&at, j, line, len, &l->values[l->count * o->op->count], err);
        l->at[l->count++] = at.line;
    }
    if (r == RESULT_OK && l->count == 0)
        r = error_set(err, RESULT_INVALID, "%s: no line behind the header", o->file);
    return r;
}

void order_lines_free(struct lines *l)
{
    free(l->values);
    free(l->at);
}
