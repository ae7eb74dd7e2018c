/* accounts.csv, terms.csv, ledger.csv, applications.csv and application_steps.csv, walked together:
 * all are sorted by the account first, so that one account at a time is looked at, whatever the
 * size of the set. */
#include "people.h"

#include <stdlib.h>

static enum result open_all(struct people *p, struct error *err)
{
    const struct {
        struct source *source;
        enum file_id file;
    } all[] = {
        {&p->accounts, FILE_ACCOUNTS},         {&p->terms, FILE_TERMS}, {&p->ledger, FILE_LEDGER},
        {&p->applications, FILE_APPLICATIONS}, {&p->steps, FILE_STEPS},
    };
    enum result result = RESULT_OK;

    for (size_t i = 0; i < sizeof all / sizeof all[0] && result == RESULT_OK; i++)
        result =
            source_open(all[i].source, &kinds[all[i].file], &p->in->manifest.files[all[i].file],
                        p->in->dir, &p->in->reading, false, err);
    return result;
}

static void finish_all(struct people *p)
{
    struct source *all[] = {&p->accounts, &p->terms, &p->ledger, &p->applications, &p->steps};

    for (int i = 0; i < 5; i++) {
        source_finish(all[i]);
        p->in->report->records[FILE_ACCOUNTS + i] = all[i]->records;
    }
    p->in->accounts_dropped = p->accounts.dropped;
}

/* The smallest account number that any of the files stands at; at == NULL at the end of all. */
static struct text next_account(const struct people *p)
{
    const struct source *all[] = {&p->accounts, &p->terms, &p->ledger, &p->applications, &p->steps};
    struct text least = {NULL, 0};

    for (int i = 0; i < 5; i++) {
        struct text key = key_of(all[i]);

        if (key.at && (!least.at || text_compare(key, least) < 0))
            least = key;
    }
    return least;
}

/* What was taken before of the account: its running figures, and how its newest entry stands. */
static enum result load_before(struct people *p, struct error *err)
{
    struct account_before before;
    struct stmt *q;
    enum stmt_step step;
    enum result result = before_account(p->in, p->account, &p->existed, &before, err);

    if (result != RESULT_OK || !p->existed)
        return result;
    p->opened = before.opened;
    p->running = before.running;
    result = digest_load(p->in->reader, p->account, p->running.head_seq, &p->digest, err);
    if (result != RESULT_OK || p->running.head_seq == 0)
        return result;
    q = db_query(p->in->reader, QUERY_import_entry);
    stmt_text(q, 1, p->account);
    stmt_int(q, 2, p->running.head_seq);
    step = stmt_step(q);
    if (step == STMT_DONE)
        return error_set(err, RESULT_DAMAGED, "the newest entry of an account is missing");
    if (step != STMT_ROW)
        return reader_failed(p->in, err);
    p->booked = column_date(q, 0);
    if (!column_int(q, 7) && (column_int(q, 2) == ENTRY_CLOSING ||
                              (column_int(q, 2) == ENTRY_MERGING && column_int(q, 5) < 0)))
        p->closing = p->running.head_seq;
    stmt_end(q);
    return RESULT_OK;
}

static enum result begin_account(struct people *p, struct error *err)
{
    enum result result;

    p->listed = is_at(&p->accounts, p->account);
    p->existed = false;
    p->chained = true;
    p->closing = 0;
    p->booked = DATE_NONE;
    p->entries.count = 0;
    p->entries.flows_ascend = true;
    digest_start(&p->digest);
    result = load_before(p, err);
    if (result != RESULT_OK || p->existed)
        return result;
    p->opened = (civil_date){(int32_t)p->accounts.v[ACCOUNTS_KHRQ].n};
    if (!p->listed || !p->accounts.v[ACCOUNTS_KHRQ].there) {
        p->opened = DATE_NONE;
        p->chained = false;
        running_open(&p->running, (civil_date){0});
        return RESULT_OK;
    }
    running_open(&p->running, p->opened);
    return RESULT_OK;
}

static enum result put_terms(struct people *p, struct error *err)
{
    const struct value *v = p->terms.v;
    struct block *b;
    enum result result = out_row(p->in, BULK_TERMS, &b, err);

    if (!b)
        return result;
    digest_agree(&p->digest, (struct digest_terms){
                                 .from = {(int32_t)v[TERMS_SXNY].n},
                                 .paying = v[TERMS_JCZT].n == 1,
                                 .due = v[TERMS_DWJCE].n + v[TERMS_GRJCE].n,
                             });
    block_text(b, v[TERMS_GRZH].text);
    block_int(b, v[TERMS_SXNY].n);
    block_text(b, v[TERMS_DWZH].text);
    block_int(b, v[TERMS_JCZT].n == 1);
    block_int(b, v[TERMS_GRJCJS].n);
    block_int(b, v[TERMS_DWJCBL].n);
    block_int(b, v[TERMS_GRJCBL].n);
    block_int(b, v[TERMS_DWJCE].n);
    block_int(b, v[TERMS_GRJCE].n);
    block_row_end(b);
    return RESULT_OK;
}

static enum result terms_import(struct people *p, struct error *err)
{
    struct source *s = &p->terms;
    enum result result = RESULT_OK;
    bool first = true;

    for (; result == RESULT_OK && is_at(s, p->account); first = false) {
        bool known = true;

        if (!p->listed && first && !p->accounts.dropped)
            source_fault(s, TERMS_GRZH, FAULT_REFERENCE, "the account is not in accounts.csv");
        if (s->v[TERMS_DWZH].there)
            result = units_known(p->in, s->v[TERMS_DWZH].text, &known, err);
        if (!known)
            source_fault(s, TERMS_DWZH, FAULT_REFERENCE, "there is no such unit");
        if (result == RESULT_OK && !s->bad)
            result = put_terms(p, err);
        if (result == RESULT_OK)
            result = source_next(s, err);
    }
    return result;
}

static enum result one_account(struct people *p, struct error *err)
{
    enum result result = begin_account(p, err);

    if (result == RESULT_OK && p->listed)
        result = account_check(p, err);
    if (result == RESULT_OK)
        result = terms_import(p, err);
    if (result == RESULT_OK)
        result = entries_import(p, err);
    if (result == RESULT_OK)
        result = applications_import(p, err);
    if (result == RESULT_OK && p->listed)
        result = account_finish(p, err);
    return result;
}

static enum result walk(struct people *p, struct error *err)
{
    char number[NUMBER_MAX];
    enum result result = RESULT_OK;
    struct text next;

    while (result == RESULT_OK && (next = next_account(p)).at) {
        /* A copy: the row that it came from is left before the account's work ends. */
        memcpy(number, next.at, next.len);
        p->account = (struct text){number, next.len};
        result = one_account(p, err);
    }
    p->account = (struct text){NULL, 0};
    return result;
}

static enum result release(struct people *p, struct error *err)
{
    static const enum bulk_table tables[] = {BULK_ACCOUNT, BULK_DIGEST,      BULK_HOLDER,
                                             BULK_TERMS,   BULK_APPLICATION, BULK_APPLICATION_STEP};
    enum result result = holders_flush(p, err);

    if (result == RESULT_OK)
        result = out_flush(p->in, err);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0] && result == RESULT_OK; i++)
        result = out_release(p->in, tables[i], err);
    return result;
}

enum result people_import(struct import *in, struct error *err)
{
    struct people p = {
        .in = in,
        .accounts.fd = -1,
        .terms.fd = -1,
        .ledger.fd = -1,
        .applications.fd = -1,
        .steps.fd = -1,
    };
    enum result result = holders_new(&p.holders, err);

    if (result == RESULT_OK)
        result = open_all(&p, err);
    if (result == RESULT_OK)
        result = walk(&p, err);
    if (result == RESULT_OK) {
        finish_all(&p);
        result = release(&p, err);
    }
    source_close(&p.accounts);
    source_close(&p.terms);
    source_close(&p.ledger);
    source_close(&p.applications);
    source_close(&p.steps);
    holders_free(p.holders);
    free(p.entries.kept);
    return result;
}
