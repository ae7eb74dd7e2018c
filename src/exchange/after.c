/* Checks that need everything in the database, inside the transaction that is to be committed:
 * accounts that are named out of order, and what must be there once only. */
#include "internal.h"

#include <stdlib.h>

enum { TWICE_MAX = 100 }; /* as the queries' LIMIT */

static enum result writer_query_failed(struct import *in, struct error *err)
{
    return error_set(err, RESULT_STORE, "%s", db_error(in->writer));
}

/* True in *there when the query gives a row. */
static enum result ask(struct import *in, struct stmt *q, bool *there, struct error *err)
{
    enum stmt_step step = stmt_step(q);

    *there = step == STMT_ROW;
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : writer_query_failed(in, err);
}

static enum result check_later(struct import *in, const struct later *l, struct error *err)
{
    struct text account = {l->account, l->length};
    enum result result;
    struct stmt *q;
    bool there;

    q = db_query(in->writer,
                 l->kind == LATER_MERGING ? QUERY_import_entry_merged : QUERY_import_account);
    stmt_text(q, 1, account);
    if (l->kind == LATER_MERGING) {
        stmt_int(q, 2, l->day);
        stmt_int(q, 3, l->amount);
    }
    result = ask(in, q, &there, err);
    if (result != RESULT_OK || there)
        return result;
    switch (l->kind) {
    case LATER_MERGED_INTO:
        fault_add(&in->faults, kinds[FILE_ACCOUNTS].file, l->line, "HBZH", FAULT_REFERENCE,
                  "there is no such account");
        break;
    case LATER_COBORROWER:
        fault_add(&in->faults, kinds[FILE_CONTRACTS].file, l->line, "GTJKRGRZH", FAULT_REFERENCE,
                  "there is no such account");
        break;
    case LATER_MERGING:
        fault_add(&in->faults, kinds[FILE_LEDGER].file, l->line, "FSE", FAULT_RULE,
                  "the other account has no entry of kind 71 with this amount on this day");
        break;
    }
    return RESULT_OK;
}

static enum result check_all_later(struct import *in, struct error *err)
{
    enum result result = RESULT_OK;
    struct later l;
    bool there = true;

    if (in->later.fd < 0)
        return RESULT_OK;
    result = spool_rewind(&in->later, err);
    while (result == RESULT_OK) {
        result = spool_get(&in->later, &l, sizeof l, &there, err);
        if (result != RESULT_OK || !there)
            break;
        result = check_later(in, &l, err);
    }
    return result;
}

/* --- once only ----------------------------------------------------------------------------------- */

static const struct once {
    enum query_id query;
    const char *column;
    enum fault_code code;
    const char *words;
} once[] = {
    {QUERY_import_open_twice, "GRBH", FAULT_DUPLICATE,
     "the person has another account that is not closed"},
    {QUERY_import_document_twice, "ZJHM", FAULT_DUPLICATE,
     "the document number stands with another person"},
    {QUERY_import_person_twice, "ZJHM", FAULT_RULE,
     "the person stands with another document number"},
};

struct offender {
    uint8_t length;
    char account[NUMBER_MAX];
    int64_t line;
};

/* The account numbers come in the order of accounts.csv: one more reading finds their lines. */
static enum result find_lines(struct import *in, struct offender *all, size_t count,
                              struct error *err)
{
    struct source s = {.fd = -1};
    size_t i = 0;
    enum result result = source_open(&s, &kinds[FILE_ACCOUNTS], &in->manifest.files[FILE_ACCOUNTS],
                                     in->dir, &in->reading, true, err);

    while (result == RESULT_OK && s.there && i < count) {
        while (i < count &&
               text_equal(source_account(&s), (struct text){all[i].account, all[i].length}))
            all[i++].line = s.line;
        result = source_next(&s, err);
    }
    source_close(&s);
    return result;
}

static enum result check_once(struct import *in, const struct once *o, struct error *err)
{
    struct offender *all = calloc(TWICE_MAX, sizeof *all);
    struct stmt *q = db_query(in->writer, o->query);
    enum result result = RESULT_OK;
    enum stmt_step step;
    size_t count = 0;

    if (!all)
        return error_set(err, RESULT_MEMORY, "out of memory");
    stmt_int(q, 1, in->manifest.number);
    while ((step = stmt_step(q)) == STMT_ROW && count < TWICE_MAX) {
        struct text account = column_text(q, 0);

        if (account.len > NUMBER_MAX ||
            (count > 0 &&
             text_equal(account, (struct text){all[count - 1].account, all[count - 1].length})))
            continue; /* said once for each account */
        all[count].length = (uint8_t)account.len;
        memcpy(all[count++].account, account.at, account.len);
    }
    stmt_end(q);
    if (step == STMT_FAILED || step == STMT_UNIQUE)
        result = writer_query_failed(in, err);
    else if (count > 0)
        result = find_lines(in, all, count, err);
    for (size_t i = 0; i < count && result == RESULT_OK; i++)
        fault_add(&in->faults, kinds[FILE_ACCOUNTS].file, all[i].line, o->column, o->code, "%s",
                  o->words);
    free(all);
    return result;
}

enum result after_check(struct import *in, struct error *err)
{
    enum result result = check_all_later(in, err);

    for (size_t i = 0; i < sizeof once / sizeof once[0] && result == RESULT_OK; i++)
        result = check_once(in, &once[i], err);
    return result;
}
