/* A line of accounts.csv: its own rules, and whether the account's entries lead to its figures. */
#include "people.h"

static bool state_is_closed(const struct value *v)
{
    return v[ACCOUNTS_GRZHZT].there && account_is_closed((enum account_state)v[ACCOUNTS_GRZHZT].n);
}

/* A column that is set if and only if a condition holds. */
static void set_exactly_when(struct source *s, int column, bool when, const char *must,
                             const char *must_not)
{
    if (when && !s->v[column].there)
        source_fault(s, column, FAULT_EMPTY, must);
    if (!when && s->v[column].text.len > 0)
        source_fault(s, column, FAULT_EMPTY, must_not);
}

static void check_document(struct people *p)
{
    struct source *s = &p->accounts;
    const char *words;
    enum fault_code code;

    if (!s->v[ACCOUNTS_ZJLX].there || !s->v[ACCOUNTS_ZJHM].there)
        return;
    code = column_document(&p->in->reading.judge, s->v[ACCOUNTS_ZJLX].n, s->v[ACCOUNTS_ZJHM].text,
                           &words);
    if (code != FAULT_NONE)
        source_fault(s, ACCOUNTS_ZJHM, code, words);
}

static void check_state(struct source *s)
{
    const struct value *v = s->v;

    if (!v[ACCOUNTS_GRZHZT].there)
        return;
    set_exactly_when(s, ACCOUNTS_XHRQ, state_is_closed(v), "a closed account has its closing date",
                     "the account is not closed");
    set_exactly_when(s, ACCOUNTS_HBZH, v[ACCOUNTS_GRZHZT].n == ACCOUNT_MERGED,
                     "a merged account names the other one", "the account is not merged");
}

static void check_figures(struct source *s)
{
    const struct value *v = s->v;

    if (!v[ACCOUNTS_GRZHYE].there || !v[ACCOUNTS_GRZHSNJZYE].there ||
        !v[ACCOUNTS_GRZHDNGJYE].there || !v[ACCOUNTS_DJJE].there)
        return;
    if (v[ACCOUNTS_GRZHYE].n != v[ACCOUNTS_GRZHSNJZYE].n + v[ACCOUNTS_GRZHDNGJYE].n)
        source_fault(s, ACCOUNTS_GRZHYE, FAULT_BALANCE, "not the sum of the two parts");
    if (!state_is_closed(v) && v[ACCOUNTS_DJJE].n > v[ACCOUNTS_GRZHYE].n)
        source_fault(s, ACCOUNTS_DJJE, FAULT_RULE, "more is frozen than there is");
}

enum result account_check(struct people *p, struct error *err)
{
    struct source *s = &p->accounts;
    enum result result = RESULT_OK;
    bool known = true;

    check_document(p);
    check_state(s);
    check_figures(s);
    if (p->existed && s->v[ACCOUNTS_KHRQ].there && s->v[ACCOUNTS_KHRQ].n != p->opened.day)
        source_fault(s, ACCOUNTS_KHRQ, FAULT_RULE, "another date was taken before");
    if (s->v[ACCOUNTS_DWZH].there)
        result = units_known(p->in, s->v[ACCOUNTS_DWZH].text, &known, err);
    if (!known)
        source_fault(s, ACCOUNTS_DWZH, FAULT_REFERENCE, "there is no such unit");
    return result;
}

/* The figures of the line against those that the entries lead to. */
static void compare(struct people *p)
{
    const struct {
        int column;
        int64_t figure;
    } all[] = {
        {ACCOUNTS_GRZHYE, p->running.balance.n},
        {ACCOUNTS_GRZHSNJZYE, p->running.carried.n},
        {ACCOUNTS_GRZHDNGJYE, p->running.this_year.n},
    };
    struct source *s = &p->accounts;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (s->v[all[i].column].there && s->v[all[i].column].n != all[i].figure)
            source_fault(s, all[i].column, FAULT_BALANCE, "not what the account's entries lead to");
}

static enum result put_account(struct people *p, struct error *err)
{
    const struct value *v = p->accounts.v;
    const struct running *r = &p->running;
    struct block *b;
    enum result result = out_row(p->in, BULK_ACCOUNT, &b, err);

    if (!b)
        return result;
    block_text(b, v[ACCOUNTS_GRZH].text);
    block_text(b, v[ACCOUNTS_GRBH].text);
    block_text(b, v[ACCOUNTS_DWZH].text);
    block_int(b, v[ACCOUNTS_GRZHZT].n);
    block_int(b, v[ACCOUNTS_KHRQ].n);
    block_int_or_null(b, v[ACCOUNTS_XHRQ].there, v[ACCOUNTS_XHRQ].n);
    block_int_or_null(b, v[ACCOUNTS_XHYY].there, v[ACCOUNTS_XHYY].n);
    block_text_or_null(b, v[ACCOUNTS_HBZH].there, v[ACCOUNTS_HBZH].text);
    block_int(b, v[ACCOUNTS_GRJCJS].n);
    block_int(b, v[ACCOUNTS_DWJCBL].n);
    block_int(b, v[ACCOUNTS_GRJCBL].n);
    block_int(b, v[ACCOUNTS_DWYJCE].n);
    block_int(b, v[ACCOUNTS_GRYJCE].n);
    block_int_or_null(b, v[ACCOUNTS_JZNY].there, v[ACCOUNTS_JZNY].n);
    block_int(b, r->balance.n);
    block_int(b, r->carried.n);
    block_int(b, r->this_year.n);
    block_int(b, v[ACCOUNTS_DJJE].n);
    block_int_or_null(b, v[ACCOUNTS_DJRQ].there, v[ACCOUNTS_DJRQ].n);
    block_text_or_null(b, v[ACCOUNTS_DJJG].there, v[ACCOUNTS_DJJG].text);
    block_int(b, r->settled.day);
    block_int(b, r->product);
    block_int(b, r->product_year);
    block_int(b, r->product_day.day);
    block_int(b, r->head_seq);
    block_bytes(b, r->head_hash, SHA256_SIZE);
    block_int(b, v[ACCOUNTS_SXRQ].n);
    block_int(b, p->in->manifest.number);
    block_row_end(b);
    return RESULT_OK;
}

static enum result put_digest(struct people *p, struct error *err)
{
    uint8_t facts[DIGEST_BYTES_MAX];
    struct block *b;
    enum result result = out_row(p->in, BULK_DIGEST, &b, err);

    if (!b)
        return result;
    block_text(b, p->accounts.v[ACCOUNTS_GRZH].text);
    block_int(b, p->digest.head_seq);
    block_bytes(b, facts, digest_pack(&p->digest, facts));
    block_row_end(b);
    return RESULT_OK;
}

/* Notes what is to be looked up when all accounts and entries are in the database. */
static enum result note_merge(struct people *p, struct error *err)
{
    const struct value *into = &p->accounts.v[ACCOUNTS_HBZH];
    struct later later = {.kind = LATER_MERGED_INTO, .line = p->accounts.line};
    const struct kept *last;
    enum result result;

    later.length = (uint8_t)into->text.len;
    memcpy(later.account, into->text.at, into->text.len);
    result = out_later(p->in, &later, err);
    if (result != RESULT_OK || p->closing < p->entries.first_seq || p->entries.count == 0)
        return result;
    last = &p->entries.kept[p->closing - p->entries.first_seq];
    if (last->kind != ENTRY_MERGING)
        return result;
    later.kind = LATER_MERGING;
    later.line = last->line;
    later.day = p->booked.day;
    later.amount = -last->amount.n;
    return out_later(p->in, &later, err);
}

/* An account that ends in a merging entry is merged by its line too. */
static void check_merged(struct people *p)
{
    const struct entries *e = &p->entries;
    const struct kept *last = NULL;

    if (p->closing != 0 && e->count > 0 && p->closing >= e->first_seq)
        last = &e->kept[p->closing - e->first_seq];
    if (last && last->kind == ENTRY_MERGING && p->accounts.v[ACCOUNTS_GRZHZT].n != ACCOUNT_MERGED)
        source_fault_at(&p->ledger, last->line, LEDGER_GJHTQYWLX, FAULT_RULE,
                        "the account's line does not say that it was merged");
}

enum result account_finish(struct people *p, struct error *err)
{
    struct source *s = &p->accounts;
    enum result result = RESULT_OK;

    if (p->chained)
        compare(p);
    if (p->chained && !s->bad)
        check_merged(p);
    if (!s->bad && s->v[ACCOUNTS_HBZH].there)
        result = note_merge(p, err);
    if (result == RESULT_OK && !s->bad)
        result = put_account(p, err);
    if (result == RESULT_OK && !s->bad)
        result = put_digest(p, err);
    if (result == RESULT_OK && !s->bad)
        result = holders_add(p, err);
    return result == RESULT_OK ? source_next(s, err) : result;
}
