/* anju verify, as a whole: the parts in their transactions, and how faults are told. */
#include "verify_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { WHERE_MAX = 160, WHAT_MAX = 240, TICK_ROWS = 4096 };

void verify_wrong(struct verify *v, const char *table, struct text key, const char *sub,
                  int64_t seq, const char *format, ...)
{
    char where[WHERE_MAX], what[WHAT_MAX], number[32] = "";
    va_list args;

    if (++v->report->faults > VERIFY_NAMED_MAX)
        return;
    if (seq != 0)
        snprintf(number, sizeof number, " %" PRId64, seq);
    snprintf(where, sizeof where, "%s%s%.*s%s%s%s", table, key.len ? " " : "", TEXT_ARG(key),
             sub[0] ? " " : "", sub, number);
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    v->fault(v->context, where, what);
}

/* Altered figures may be beyond what fen_format writes: it takes every int64_t. */
void verify_amount(struct verify *v, const char *table, struct text key, const char *sub,
                   int64_t seq, const char *figure, int64_t is, int64_t should)
{
    char is_text[FEN_TEXT_MAX], should_text[FEN_TEXT_MAX];

    fen_format(fen_of(is), is_text);
    fen_format(fen_of(should), should_text);
    verify_wrong(v, table, key, sub, seq, "%s is %s and should be %s", figure, is_text,
                 should_text);
}

void verify_tick(struct verify *v)
{
    if (v->progress && ++v->rows % TICK_ROWS == 0)
        progress_show(v->progress, v->rows);
}

void rows_start(struct verify *v, struct rows *r, enum query_id query)
{
    *r = (struct rows){.q = db_query(v->db, query)};
    rows_next(r);
}

void rows_next(struct rows *r)
{
    enum stmt_step step = stmt_step(r->q);

    r->there = step == STMT_ROW;
    r->failed = step != STMT_ROW && step != STMT_DONE;
}

enum result rows_result(struct verify *v, const struct rows *r)
{
    return r->failed ? db_failure(v->db, v->err) : RESULT_OK;
}

static uint64_t rows_expected(const struct verify *v)
{
    uint64_t rows = 0;

    for (size_t i = 0; i < v->batch_count; i++)
        rows +=
            (uint64_t)(v->batches[i].said[SAID_ENTRIES] + v->batches[i].said[SAID_LOAN_ENTRIES]);
    for (size_t i = 0; i < v->operation_count; i++)
        rows += (uint64_t)v->operations[i].said_entries;
    return rows;
}

/* One moment of the ledger: what is imported meanwhile is not looked at. */
static enum result verify_ledger(struct verify *v)
{
    enum result r = db_begin(v->db, STORE_READ, v->err);

    if (r != RESULT_OK)
        return r;
    r = verify_read_batches(v);
    if (r == RESULT_OK)
        r = verify_read_operations(v);
    if (r == RESULT_OK)
        r = verify_roots_open(v);
    if (r == RESULT_OK && v->progress)
        progress_start(v->progress, "verifying", rows_expected(v));
    if (r == RESULT_OK)
        r = verify_accounts(v);
    if (r == RESULT_OK)
        r = verify_settlements(v);
    if (r == RESULT_OK)
        r = verify_withdrawals(v);
    if (r == RESULT_OK)
        r = verify_loans(v);
    if (r == RESULT_OK)
        r = verify_cross(v);
    if (r == RESULT_OK) {
        verify_batch_totals(v);
        verify_operation_totals(v);
    }
    db_rollback(v->db);
    return r;
}

static enum result verify_desk(struct verify *v)
{
    enum result r = db_begin(v->db, STORE_READ, v->err);

    if (r != RESULT_OK)
        return r;
    r = verify_looks(v);
    db_rollback(v->db);
    return r;
}

enum result verify_all(struct db *db, struct progress *progress, verify_fault fault, void *context,
                       struct verify_report *report, struct error *err)
{
    struct verify v = {.db = db,
                       .progress = progress,
                       .fault = fault,
                       .context = context,
                       .report = report,
                       .err = err};
    enum result r;

    *report = (struct verify_report){0};
    if (progress)
        *progress = (struct progress){0};
    v.hasher = hasher_new();
    if (!v.hasher)
        return error_set(err, RESULT_MEMORY, "SHA-256 is not to be had from OpenSSL");
    r = verify_ledger(&v);
    if (r == RESULT_OK)
        r = verify_desk(&v);
    if (progress)
        progress_end(progress);
    verify_roots_free(&v);
    hasher_free(v.hasher);
    free(v.digest);
    free(v.batches);
    free(v.operations);
    free(v.moves);
    return r;
}
