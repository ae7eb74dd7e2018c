/* loan_contracts.csv, loan_accounts.csv, loan_ledger.csv and loan_rates.csv, walked together like
 * the files of people. accounts.csv is read a second time, for its account numbers. */
#include "loans.h"

#include <stdlib.h>

static enum result open_all(struct loans *l, struct error *err)
{
    const struct {
        struct source *source;
        enum file_id file;
    } all[] = {
        {&l->accounts, FILE_ACCOUNTS},  {&l->contracts, FILE_CONTRACTS}, {&l->loans, FILE_LOANS},
        {&l->ledger, FILE_LOAN_LEDGER}, {&l->rates, FILE_RATES},
    };
    enum result result = RESULT_OK;

    for (size_t i = 0; i < sizeof all / sizeof all[0] && result == RESULT_OK; i++) {
        if (all[i].file == FILE_ACCOUNTS && l->in->accounts_dropped)
            continue; /* said already; nothing can be concluded from it */
        result =
            source_open(all[i].source, &kinds[all[i].file], &l->in->manifest.files[all[i].file],
                        l->in->dir, &l->in->reading, all[i].file == FILE_ACCOUNTS, err);
    }
    return result;
}

static void finish_all(struct loans *l)
{
    struct source *all[] = {&l->contracts, &l->loans, &l->ledger, &l->rates};

    for (int i = 0; i < 4; i++) {
        source_finish(all[i]);
        l->in->report->records[FILE_CONTRACTS + i] = all[i]->records;
    }
}

static struct text next_account(const struct loans *l)
{
    const struct source *all[] = {&l->contracts, &l->loans, &l->ledger, &l->rates};
    struct text least = {NULL, 0};

    for (int i = 0; i < 4; i++) {
        struct text key = key_of(all[i]);

        if (key.at && (!least.at || text_compare(key, least) < 0))
            least = key;
    }
    return least;
}

/* The borrower's account stands in accounts.csv or was taken before. */
static enum result check_account(struct loans *l, struct error *err)
{
    struct source *all[] = {&l->contracts, &l->loans, &l->ledger, &l->rates};
    struct account_before before;
    enum result result = RESULT_OK;
    bool there;

    while (result == RESULT_OK && l->accounts.there &&
           text_compare(source_account(&l->accounts), l->account) < 0)
        result = source_next(&l->accounts, err);
    if (result != RESULT_OK || is_at(&l->accounts, l->account) || l->in->accounts_dropped)
        return result;
    result = before_account(l->in, l->account, &there, &before, err);
    for (int i = 0; i < 4 && result == RESULT_OK && !there; i++) {
        if (is_at(all[i], l->account)) {
            source_fault(all[i], 0, FAULT_REFERENCE, "there is no such account");
            break;
        }
    }
    return result;
}

static enum result put_contract(struct loans *l, struct error *err)
{
    const struct value *v = l->contracts.v;
    struct block *b;
    enum result result = out_row(l->in, BULK_LOAN_CONTRACT, &b, err);

    if (!b)
        return result;
    block_text(b, v[CONTRACTS_JKRGJJZH].text);
    block_text(b, v[CONTRACTS_JKHTBH].text);
    block_int(b, v[CONTRACTS_JKHTQDRQ].n);
    block_int(b, v[CONTRACTS_HTDKJE].n);
    block_int(b, v[CONTRACTS_DKQS].n);
    block_int(b, v[CONTRACTS_DKHKFS].n);
    block_int(b, v[CONTRACTS_JKHTLL].n);
    block_int(b, v[CONTRACTS_LLFDBL].n);
    block_int(b, v[CONTRACTS_DKDBLX].n);
    block_int(b, v[CONTRACTS_FWZJ].n);
    block_int(b, v[CONTRACTS_YDHKR].n);
    block_text(b, v[CONTRACTS_SWTYHMC].text);
    block_text_or_null(b, v[CONTRACTS_GTJKRGRZH].there, v[CONTRACTS_GTJKRGRZH].text);
    block_int(b, l->in->manifest.number);
    block_row_end(b);
    return RESULT_OK;
}

static enum result note_coborrower(struct loans *l, struct error *err)
{
    const struct value *v = &l->contracts.v[CONTRACTS_GTJKRGRZH];
    struct later later = {.kind = LATER_COBORROWER, .line = l->contracts.line};

    if (!v->there)
        return RESULT_OK;
    later.length = (uint8_t)v->text.len;
    memcpy(later.account, v->text.at, v->text.len);
    return out_later(l->in, &later, err);
}

static enum result contracts_import(struct loans *l, struct error *err)
{
    struct source *s = &l->contracts;
    enum result result = RESULT_OK;

    l->contract_count = 0;
    while (result == RESULT_OK && is_at(s, l->account)) {
        if (l->contract_count == ACCOUNT_CONTRACTS_MAX) {
            source_fault(s, CONTRACTS_JKHTBH, FAULT_RANGE, "more than 64 contracts of one account");
        } else {
            struct contract *c = &l->contract[l->contract_count++];

            c->length = (uint8_t)s->v[CONTRACTS_JKHTBH].text.len;
            memcpy(c->number, s->v[CONTRACTS_JKHTBH].text.at, c->length);
            c->method = s->v[CONTRACTS_DKHKFS].n;
        }
        if (!s->bad)
            result = note_coborrower(l, err);
        if (result == RESULT_OK && !s->bad)
            result = put_contract(l, err);
        if (result == RESULT_OK)
            result = source_next(s, err);
    }
    return result;
}

static enum result walk(struct loans *l, struct error *err)
{
    char number[NUMBER_MAX];
    enum result result = RESULT_OK;
    struct text next;

    while (result == RESULT_OK && (next = next_account(l)).at) {
        memcpy(number, next.at, next.len);
        l->account = (struct text){number, next.len};
        result = check_account(l, err);
        if (result == RESULT_OK)
            result = contracts_import(l, err);
        if (result == RESULT_OK)
            result = loan_accounts_import(l, err);
    }
    l->account = (struct text){NULL, 0};
    /* To its end, so that its digest can be compared once more. */
    while (result == RESULT_OK && l->accounts.there)
        result = source_next(&l->accounts, err);
    return result;
}

static enum result release(struct loans *l, struct error *err)
{
    static const enum bulk_table tables[] = {BULK_LOAN_CONTRACT, BULK_LOAN, BULK_LOAN_RATE};
    enum result result = out_flush(l->in, err);

    for (size_t i = 0; i < sizeof tables / sizeof tables[0] && result == RESULT_OK; i++)
        result = out_release(l->in, tables[i], err);
    return result;
}

enum result loans_import(struct import *in, struct error *err)
{
    struct loans l = {
        .in = in,
        .accounts.fd = -1,
        .contracts.fd = -1,
        .loans.fd = -1,
        .ledger.fd = -1,
        .rates.fd = -1,
    };
    enum result result = open_all(&l, err);

    if (result == RESULT_OK)
        result = walk(&l, err);
    if (result == RESULT_OK) {
        finish_all(&l);
        /* Its first reading said what was wrong; it must not have changed since. */
        if (in->faults.count == 0)
            source_finish(&l.accounts);
        result = release(&l, err);
    }
    source_close(&l.accounts);
    source_close(&l.contracts);
    source_close(&l.loans);
    source_close(&l.ledger);
    source_close(&l.rates);
    free(l.kept);
    return result;
}
