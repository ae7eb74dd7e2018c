/* Control totals: what the rows of each exchange set and each operation add up to, against what was
 * written down when they were taken or posted. */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "queries.h"

struct said {
    int64_t batch, figure[4]; /* entries, amount, loan entries, loan amount */
    bool loans;               /* the last two are said */
};

struct totals {
    struct total *at; /* by batch */
    struct said *said;
    size_t count, room;
};

static bool grow(struct totals *t, int64_t batch)
{
    if (t->count > 0 && t->at[t->count - 1].batch == batch)
        return true;
    if (t->count == t->room) {
        size_t room = t->room ? 2 * t->room : 64;
        struct total *at = realloc(t->at, room * sizeof *at);
        struct said *said;

        if (at)
            t->at = at;
        said = at ? realloc(t->said, room * sizeof *said) : NULL;
        if (!said)
            return false;
        t->said = said;
        t->room = room;
    }
    t->at[t->count] = (struct total){.batch = batch};
    t->said[t->count++] = (struct said){.batch = batch};
    return true;
}

static bool is(struct span s, const char *text)
{
    return span_compare(s, span_of(text)) == 0;
}

static bool read_sets(struct totals *t, struct source *s)
{
    struct cursor *c = cursor_open(s, AUDIT_SETS);
    bool ok = true;

    for (; ok && cursor_there(c); cursor_next(c)) {
        struct span file = cell_bytes(c, 1);
        int at = is(file, "ledger.csv") ? 0 : is(file, "loan_ledger.csv") ? 2 : -1;

        ok = grow(t, cell_int(c, 0));
        if (!ok || at < 0)
            continue;
        t->said[t->count - 1].figure[at] = cell_int(c, 2);
        t->said[t->count - 1].figure[at + 1] = cell_int(c, 3);
        t->said[t->count - 1].loans = true;
    }
    ok = ok && !cursor_failed(c);
    cursor_close(c);
    return ok;
}

static bool read_operations(struct totals *t, struct source *s)
{
    struct cursor *c = cursor_open(s, AUDIT_OPERATIONS);
    bool ok = true;

    for (; ok && cursor_there(c); cursor_next(c)) {
        ok = grow(t, cell_int(c, 0));
        if (!ok)
            continue;
        t->said[t->count - 1].figure[0] = cell_int(c, 1);
        t->said[t->count - 1].figure[1] = cell_int(c, 2);
    }
    ok = ok && !cursor_failed(c);
    cursor_close(c);
    return ok;
}

struct totals *totals_read(struct source *s, int64_t *rows_expected)
{
    struct totals *t = calloc(1, sizeof *t);

    *rows_expected = 0;
    if (!t || !read_sets(t, s) || !read_operations(t, s)) {
        totals_free(t);
        return NULL;
    }
    for (size_t i = 0; i < t->count; i++)
        *rows_expected += t->said[i].figure[0] + t->said[i].figure[2];
    return t;
}

void totals_free(struct totals *t)
{
    if (!t)
        return;
    free(t->at);
    free(t->said);
    free(t);
}

struct total *totals_of(struct totals *t, int64_t batch)
{
    size_t low = 0, high = t->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->at[middle].batch == batch)
            return &t->at[middle];
        if (t->at[middle].batch < batch)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

void totals_compare(struct totals *t, struct report *r)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct total *is = &t->at[i];
        const struct said *said = &t->said[i];
        bool own = is->batch > OWN_BATCHES;
        struct place p = {.table = own ? "ledger.operation" : "ledger.batch_file",
                          .sub = own ? "" : "ledger.csv",
                          .entry = is->batch};

        /* An operation counts what it posted, to accounts and to loans. */
        differ_int(r, p, own ? "entries" : "records", said->figure[0],
                   is->entries + (own ? is->loan_entries : 0));
        differ_fen(r, p, "total", said->figure[1], is->amount + (own ? is->loan_amount : 0));
        if (own)
            continue;
        p.sub = "loan_ledger.csv";
        differ_int(r, p, "records", said->figure[2], is->loan_entries);
        differ_fen(r, p, "total", said->figure[3], is->loan_amount);
    }
}
