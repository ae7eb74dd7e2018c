/* Batches: what the files of each set said against the rows that came of them. Entries are never
 * changed, so their counts and totals hold for every set; a line of an account or a loan may have
 * been replaced by a later set, so those are compared for the newest one. */
#include "verify_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES_MAX = 1000000 };

struct verify_batch *verify_batch_of(struct verify *v, int64_t batch)
{
    size_t low = 0, high = v->batch_count;

    /* Batches are numbered from 1 without gaps: as a rule it stands at its number. */
    if (batch >= 1 && (uint64_t)batch <= v->batch_count && v->batches[batch - 1].batch == batch)
        return &v->batches[batch - 1];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (v->batches[middle].batch == batch)
            return &v->batches[middle];
        if (v->batches[middle].batch < batch)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static enum result add_batch(struct verify *v, int64_t batch)
{
    struct verify_batch *more;

    if (v->batch_count > 0 && v->batches[v->batch_count - 1].batch == batch)
        return RESULT_OK;
    if (v->batch_count == BATCHES_MAX)
        return error_set(v->err, RESULT_INTERNAL, "there are more than %d batches", BATCHES_MAX);
    /* Grown by doubling: at powers of two. */
    if ((v->batch_count & (v->batch_count - 1)) == 0) {
        size_t room = v->batch_count ? v->batch_count * 2 : 1;
        more = realloc(v->batches, room * sizeof *more);
        if (!more)
            return error_set(v->err, RESULT_MEMORY, "out of memory for the list of batches");
        v->batches = more;
    }
    v->batches[v->batch_count++] = (struct verify_batch){.batch = batch};
    return RESULT_OK;
}

static void take_file(struct verify_batch *b, struct text file, int64_t records, int64_t total)
{
    if (text_equal(file, TEXT("ledger.csv"))) {
        b->said[SAID_ENTRIES] = records;
        b->said[SAID_ENTRIES_TOTAL] = total;
    } else if (text_equal(file, TEXT("loan_ledger.csv"))) {
        b->said[SAID_LOAN_ENTRIES] = records;
        b->said[SAID_LOAN_ENTRIES_TOTAL] = total;
    } else if (text_equal(file, TEXT("accounts.csv"))) {
        b->said[SAID_ACCOUNTS] = records;
        b->said[SAID_ACCOUNTS_TOTAL] = total;
    } else if (text_equal(file, TEXT("loan_accounts.csv"))) {
        b->said[SAID_LOANS] = records;
    }
}

enum result verify_read_batches(struct verify *v)
{
    struct rows files;
    enum result r = RESULT_OK;

    rows_start(v, &files, QUERY_verify_batches);
    for (; files.there && r == RESULT_OK; rows_next(&files)) {
        r = add_batch(v, column_int(files.q, 0));
        if (r == RESULT_OK)
            take_file(&v->batches[v->batch_count - 1], column_text(files.q, 1),
                      column_int(files.q, 2), column_int(files.q, 3));
    }
    if (r != RESULT_OK)
        stmt_end(files.q);
    return r == RESULT_OK ? rows_result(v, &files) : r;
}

static void compare_count(struct verify *v, const struct verify_batch *b, const char *file,
                          int64_t is, int64_t should)
{
    if (is != should)
        verify_wrong(v, "ledger.batch_file", (struct text){NULL, 0}, file, b->batch,
                     "%" PRId64 " rows came of it and it held %" PRId64 " records", is, should);
}

static void compare_total(struct verify *v, const struct verify_batch *b, const char *file,
                          int64_t is, int64_t should)
{
    if (is != should)
        verify_amount(v, "ledger.batch_file", (struct text){NULL, 0}, file, b->batch,
                      "the sum of its rows", is, should);
}

void verify_batch_totals(struct verify *v)
{
    for (size_t i = 0; i < v->batch_count; i++) {
        const struct verify_batch *b = &v->batches[i];

        compare_count(v, b, "ledger.csv", b->entries, b->said[SAID_ENTRIES]);
        compare_total(v, b, "ledger.csv", b->entries_total, b->said[SAID_ENTRIES_TOTAL]);
        compare_count(v, b, "loan_ledger.csv", b->loan_entries, b->said[SAID_LOAN_ENTRIES]);
        compare_total(v, b, "loan_ledger.csv", b->loan_entries_total,
                      b->said[SAID_LOAN_ENTRIES_TOTAL]);
        if (i + 1 < v->batch_count)
            continue;
        compare_count(v, b, "accounts.csv", b->accounts, b->said[SAID_ACCOUNTS]);
        compare_total(v, b, "accounts.csv", b->accounts_total, b->said[SAID_ACCOUNTS_TOTAL]);
        compare_count(v, b, "loan_accounts.csv", b->loans, b->said[SAID_LOANS]);
    }
}
