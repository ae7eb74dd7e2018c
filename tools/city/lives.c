#include "lives.h"

#include <assert.h>
#include <string.h>

#include "truth.h"
#include "units.h"

void lives_free(struct lives *v)
{
    schedule_free(&v->schedule);
    sheet_free(&v->before);
    sheet_free(&v->after);
}

/* Lives all accounts of the person until the day; for an increment, only account which is kept. */
static int64_t live(struct lives *v, int which, int32_t until, int64_t merged, struct sheet *out,
                    bool with_truth)
{
    account_live(v->world, &v->life, which, until, merged, &v->schedule, out, &v->facts);
    if (with_truth && v->facts.exists)
        truth_line(v->world, &v->facts, out);
    return v->facts.closing_balance;
}

static const char *line_end(const char *at, const char *end)
{
    const char *feed = memchr(at, '\n', (size_t)(end - at));

    return feed ? feed + 1 : end;
}

static bool has_line(const struct lines *l, const char *line, size_t len)
{
    const char *end = l->at + l->len;

    for (const char *at = l->at; at < end;) {
        const char *next = line_end(at, end);

        if ((size_t)(next - at) == len && memcmp(at, line, len) == 0)
            return true;
        at = next;
    }
    return false;
}

/* The lines of after that are not in before. */
static void add_new_lines(const struct lines *before, const struct lines *after, struct lines *out)
{
    const char *end = after->at + after->len;

    for (const char *at = after->at; at < end;) {
        const char *next = line_end(at, end);

        if (!has_line(before, at, (size_t)(next - at)))
            lines_append(out, at, (size_t)(next - at), 1);
        at = next;
    }
}

/* A ledger only grows: what after has more than before. */
static void add_growth(const struct sheet *before, const struct sheet *after, enum file i,
                       struct sheet *out)
{
    const struct lines *b = &before->file[i], *a = &after->file[i];

    assert(a->len >= b->len && (b->len == 0 || memcmp(a->at, b->at, b->len) == 0));
    lines_append(&out->file[i], a->at + b->len, a->len - b->len, a->records - b->records);
    for (int t = 0; t < TOTALS_MAX; t++)
        out->total[i][t] += after->total[i][t] - before->total[i][t];
}

/* One line an account: comes when it changed, or when its ledger grew. */
static void add_changed(const struct sheet *before, const struct sheet *after, enum file i,
                        enum file ledger, struct sheet *out)
{
    const struct lines *b = &before->file[i], *a = &after->file[i];
    bool grew = ledger != FILES && after->file[ledger].len > before->file[ledger].len;

    if (!grew && a->len == b->len && (a->len == 0 || memcmp(a->at, b->at, a->len) == 0))
        return;
    lines_append(&out->file[i], a->at, a->len, a->records);
    for (int t = 0; t < TOTALS_MAX; t++)
        out->total[i][t] += after->total[i][t];
}

/* True when two lines agree up to their second comma: account and application. */
static bool same_application(const char *a, const char *b)
{
    for (int commas = 0; *a == *b; a++, b++)
        if (*a == ',' && ++commas == 2)
            return true;
    return false;
}

/* All steps of the applications whose line changed. */
static void add_steps(const struct lines *moved, size_t since, const struct lines *steps,
                      struct lines *out)
{
    const char *end = steps->at + steps->len, *last = moved->at + moved->len;

    for (const char *at = steps->at; at < end;) {
        const char *next = line_end(at, end);

        for (const char *m = moved->at + since; m < last; m = line_end(m, last))
            if (same_application(m, at))
                lines_append(out, at, (size_t)(next - at), 1);
        at = next;
    }
}

static void add_difference(const struct sheet *before, const struct sheet *after, struct sheet *out)
{
    size_t moved = out->file[FILE_APPLICATIONS].len;

    add_changed(before, after, FILE_ACCOUNTS, FILE_LEDGER, out);
    add_new_lines(&before->file[FILE_TERMS], &after->file[FILE_TERMS], &out->file[FILE_TERMS]);
    add_growth(before, after, FILE_LEDGER, out);
    /* an application whose steps moved while its state did not is found by its steps' length */
    if (before->file[FILE_STEPS].len != after->file[FILE_STEPS].len)
        add_new_lines(&before->file[FILE_APPLICATIONS], &after->file[FILE_APPLICATIONS],
                      &out->file[FILE_APPLICATIONS]);
    add_steps(&out->file[FILE_APPLICATIONS], moved, &after->file[FILE_STEPS],
              &out->file[FILE_STEPS]);
    add_changed(before, after, FILE_CONTRACTS, FILES, out);
    add_changed(before, after, FILE_LOANS, FILE_LOAN_LEDGER, out);
    add_growth(before, after, FILE_LOAN_LEDGER, out);
    add_new_lines(&before->file[FILE_LOAN_RATES], &after->file[FILE_LOAN_RATES],
                  &out->file[FILE_LOAN_RATES]);
    lines_append(&out->file[FILE_TRUTH], after->file[FILE_TRUTH].at, after->file[FILE_TRUTH].len,
                 after->file[FILE_TRUTH].records);
}

void lives_add(struct lives *v, int64_t index, struct sheet *out)
{
    int64_t merged = 0, merged_before = 0;

    life_plan(v->world, index, v->until, &v->life);
    for (int which = 0; which < v->life.accounts; which++) {
        if (v->from == NEVER) {
            merged = live(v, which, v->until, merged, out, true);
            continue;
        }
        sheet_clear(&v->before);
        sheet_clear(&v->after);
        merged_before = live(v, which, v->from, merged_before, &v->before, false);
        merged = live(v, which, v->until, merged, &v->after, true);
        add_difference(&v->before, &v->after, out);
    }
}

void lives_add_units(struct lives *v, struct sheet *out)
{
    for (int64_t i = 0; i < v->world->units; i++) {
        if (v->from == NEVER) {
            unit_line(v->world, i, v->until, &out->file[FILE_UNITS]);
            continue;
        }
        sheet_clear(&v->before);
        sheet_clear(&v->after);
        unit_line(v->world, i, v->from, &v->before.file[FILE_UNITS]);
        unit_line(v->world, i, v->until, &v->after.file[FILE_UNITS]);
        add_changed(&v->before, &v->after, FILE_UNITS, FILES, out);
    }
}
