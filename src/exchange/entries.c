/* The lines of ledger.csv of one account: sequence, running balance, chain. */
#include "people.h"

#include <inttypes.h>
#include <stdlib.h>

/* --- the entries of the account that were read -------------------------------------------------- */

const struct kept *entries_by_flow(const struct entries *e, struct text flow)
{
    for (size_t i = 0; i < e->count; i++)
        if (e->kept[i].flow_length == flow.len && memcmp(e->kept[i].flow, flow.at, flow.len) == 0)
            return &e->kept[i];
    return NULL;
}

static enum result keep(struct people *p, const struct entry *e, struct error *err)
{
    struct entries *all = &p->entries;
    struct kept *k;

    if (all->count == all->room) {
        size_t room = all->room ? 2 * all->room : 512;
        struct kept *more = realloc(all->kept, room * sizeof *more);

        if (!more)
            return error_set(err, RESULT_MEMORY, "out of memory");
        all->kept = more;
        all->room = room;
    }
    if (all->count > 0) {
        k = &all->kept[all->count - 1];
        if (text_compare(e->flow, (struct text){k->flow, k->flow_length}) <= 0)
            all->flows_ascend = false;
    } else {
        all->first_seq = e->seq;
    }
    k = &all->kept[all->count++];
    *k = (struct kept){
        .line = p->ledger.line,
        .reverses = e->reverses,
        .amount = e->amount,
        .unit_amount = e->unit_amount,
        .own_amount = e->own_amount,
        .interest = e->interest,
        .value_day = e->value_day,
        .kind = (uint8_t)e->kind,
        .reversing = e->reversing,
        .flow_length = (uint8_t)e->flow.len,
    };
    memcpy(k->flow, e->flow.at, e->flow.len);
    return RESULT_OK;
}

static struct text flow_of(const struct entries *e, uint32_t place)
{
    return (struct text){e->kept[place].flow, e->kept[place].flow_length};
}

static int by_flow(const void *a, const void *b, void *entries)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = text_compare(flow_of(entries, x), flow_of(entries, y));

    return order != 0 ? order : (x > y) - (x < y);
}

/* Flow numbers usually ascend; only where they do not are they sorted to find one that is there
 * twice. */
static enum result check_flows(struct people *p, struct error *err)
{
    struct entries *e = &p->entries;
    uint32_t *sorted;

    if (e->flows_ascend || e->count < 2)
        return RESULT_OK;
    sorted = malloc(e->count * sizeof *sorted);
    if (!sorted)
        return error_set(err, RESULT_MEMORY, "out of memory");
    for (uint32_t i = 0; i < e->count; i++)
        sorted[i] = i;
    qsort_r(sorted, e->count, sizeof *sorted, by_flow, e);
    for (size_t i = 1; i < e->count; i++)
        if (text_equal(flow_of(e, sorted[i]), flow_of(e, sorted[i - 1])))
            source_fault_at(&p->ledger, e->kept[sorted[i]].line, LEDGER_YWLSH, FAULT_DUPLICATE,
                            "the account has this flow number already");
    free(sorted);
    return RESULT_OK;
}

/* The same against what was taken before. */
static enum result check_flow_before(struct people *p, struct text flow, struct error *err)
{
    struct stmt *q;
    enum stmt_step step;

    if (!p->existed)
        return RESULT_OK;
    q = db_query(p->in->reader, QUERY_import_entry_flow);
    stmt_text(q, 1, p->account);
    stmt_text(q, 2, flow);
    step = stmt_step(q);
    stmt_end(q);
    if (step != STMT_ROW && step != STMT_DONE)
        return reader_failed(p->in, err);
    if (step == STMT_ROW)
        source_fault(&p->ledger, LEDGER_YWLSH, FAULT_DUPLICATE,
                     "the account has this flow number already");
    return RESULT_OK;
}

/* --- one line ----------------------------------------------------------------------------------- */

static struct text text_or_none(const struct value *v)
{
    return v->there ? v->text : (struct text){NULL, 0};
}

static void entry_of(const struct people *p, struct entry *e)
{
    const struct value *v = p->ledger.v;

    *e = (struct entry){
        .account = p->account,
        .seq = v[LEDGER_XH].n,
        .booked = {(int32_t)v[LEDGER_JZRQ].n},
        .value_day = {(int32_t)v[LEDGER_QXRQ].n},
        .kind = (enum entry_kind)v[LEDGER_GJHTQYWLX].n,
        .for_month = MONTH_NONE,
        .unit = text_or_none(&v[LEDGER_DWZH]),
        .has_terms = v[LEDGER_GRJCJS].there,
        .base = fen_of(v[LEDGER_GRJCJS].n),
        .unit_ratio = (millionths)v[LEDGER_DWJCBL].n,
        .own_ratio = (millionths)v[LEDGER_GRJCBL].n,
        .unit_amount = fen_of(v[LEDGER_DWJCE].n),
        .own_amount = fen_of(v[LEDGER_GRJCE].n),
        .amount = fen_of(v[LEDGER_FSE].n),
        .amount_year = fen_of(v[LEDGER_DNGJFSE].n),
        .amount_carried = fen_of(v[LEDGER_SNJZFSE].n),
        .interest = fen_of(v[LEDGER_FSLXE].n),
        .balance = fen_of(v[LEDGER_YE].n),
        .reason = v[LEDGER_TQYY].there ? (int)v[LEDGER_TQYY].n : 0,
        .flow = v[LEDGER_YWLSH].text,
        .reversing = v[LEDGER_CZBZ].n != 0,
        .reverses = v[LEDGER_CZXH].there ? v[LEDGER_CZXH].n : 0,
        .batch = p->in->manifest.number,
    };
    if (v[LEDGER_HBJNY].there)
        e->for_month.n = (int32_t)v[LEDGER_HBJNY].n;
}

/* An entry that empties the account and ends it. */
static bool is_closing(const struct entry *e)
{
    return !e->reversing &&
           (e->kind == ENTRY_CLOSING || (e->kind == ENTRY_MERGING && e->amount.n < 0));
}

static void check_dates(struct people *p, const struct entry *e)
{
    if (!date_is_none(p->booked) && e->booked.day < p->booked.day)
        source_fault(&p->ledger, LEDGER_JZRQ, FAULT_RULE, "earlier than the entry before");
    if (e->value_day.day < p->opened.day)
        source_fault(&p->ledger, LEDGER_QXRQ, FAULT_RULE, "before the account was opened");
}

static void check_balance(struct people *p, const struct entry *e)
{
    struct source *s = &p->ledger;
    const struct running *r = &p->running;

    if (e->balance.n != r->balance.n + e->amount.n)
        source_fault(s, LEDGER_YE, FAULT_BALANCE, "not the balance before and the amount");
    else if (e->balance.n < 0)
        source_fault(s, LEDGER_YE, FAULT_BALANCE, "the balance becomes negative");
    else if (r->this_year.n + e->amount_year.n < 0)
        source_fault(s, LEDGER_DNGJFSE, FAULT_BALANCE, "this year's part becomes negative");
    else if (r->carried.n + e->amount_carried.n < 0)
        source_fault(s, LEDGER_SNJZFSE, FAULT_BALANCE, "the carried-over part becomes negative");
}

/* What the kind says of the balance before. */
static void check_kind(struct people *p, const struct entry *e)
{
    struct source *s = &p->ledger;
    const struct running *r = &p->running;

    if (p->closing != 0 && !(e->reversing && e->reverses == p->closing))
        source_fault(s, LEDGER_GJHTQYWLX, FAULT_RULE, "the account was closed by the entry before");
    if (e->reversing)
        return;
    if (e->kind == ENTRY_INTEREST && e->amount_year.n != -r->this_year.n)
        source_fault(s, LEDGER_DNGJFSE, FAULT_RULE,
                     "the yearly interest carries over the whole of this year's part");
    if (e->kind == ENTRY_INTEREST && e->value_day.day < r->settled.day)
        source_fault(s, LEDGER_QXRQ, FAULT_RULE, "this year was settled before");
    if (is_closing(e) && e->amount.n != -r->balance.n)
        source_fault(s, LEDGER_FSE, FAULT_RULE, "a closing takes out the whole balance");
    else if (is_closing(e) && e->amount_year.n != -r->this_year.n)
        source_fault(s, LEDGER_DNGJFSE, FAULT_RULE, "a closing empties both parts");
    if (e->kind == ENTRY_MERGING && e->amount.n > 0 && e->amount_year.n != 0)
        source_fault(s, LEDGER_DNGJFSE, FAULT_RULE,
                     "what comes from a merged account goes to the carried-over part");
}

static enum result check_unit(struct people *p, const struct entry *e, struct error *err)
{
    bool known = true;
    enum result result = RESULT_OK;

    if (e->unit.at)
        result = units_known(p->in, e->unit, &known, err);
    if (!known)
        source_fault(&p->ledger, LEDGER_DWZH, FAULT_REFERENCE, "there is no such unit");
    return result;
}

static enum result put_entry(struct people *p, const struct entry *e, struct error *err)
{
    struct block *b;
    enum result result = out_row(p->in, BULK_ENTRY, &b, err);

    if (!b)
        return result;
    block_text(b, e->account);
    block_int(b, e->seq);
    block_int(b, e->booked.day);
    block_int(b, e->value_day.day);
    block_int(b, e->kind);
    block_int_or_null(b, !month_is_none(e->for_month), e->for_month.n);
    block_text_or_null(b, e->unit.at != NULL, e->unit);
    block_int_or_null(b, e->has_terms, e->base.n);
    block_int_or_null(b, e->has_terms, e->unit_ratio);
    block_int_or_null(b, e->has_terms, e->own_ratio);
    block_int(b, e->unit_amount.n);
    block_int(b, e->own_amount.n);
    block_int(b, e->amount.n);
    block_int(b, e->amount_year.n);
    block_int(b, e->amount_carried.n);
    block_int(b, e->interest.n);
    block_int(b, e->balance.n);
    block_int_or_null(b, e->reason != 0, e->reason);
    block_text(b, e->flow);
    block_int(b, e->reversing);
    block_int_or_null(b, e->reverses != 0, e->reverses);
    block_int(b, e->batch);
    block_bytes(b, e->hash, SHA256_SIZE);
    block_row_end(b);
    return RESULT_OK;
}

/* The checks against what came before; false in p->chained when they must end here. */
static enum result check_chain(struct people *p, const struct entry *e, struct error *err)
{
    struct source *s = &p->ledger;
    enum result result = RESULT_OK;

    if (e->seq != p->running.head_seq + 1) {
        source_fault(s, LEDGER_XH, FAULT_ORDER, "not the number after the entry before");
        return RESULT_OK;
    }
    check_dates(p, e);
    check_balance(p, e);
    check_kind(p, e);
    if (e->reversing)
        result = reversal_check(p, e, err);
    if (result == RESULT_OK)
        result = check_flow_before(p, e->flow, err);
    return result;
}

/* Takes the entry into the account's running figures and sends it to the database. */
static enum result apply(struct people *p, struct entry *e, struct error *err)
{
    struct error why;
    enum result result;

    if (p->entries.count == ACCOUNT_ENTRIES_MAX) {
        source_fault(&p->ledger, LEDGER_XH, FAULT_RANGE,
                     "more than 50,000 entries of one account in a set");
        return RESULT_OK;
    }
    entry_hash(p->in->sha, e, p->running.head_hash, e->hash);
    if (running_apply(&p->running, e, &why) != RESULT_OK) {
        source_fault(&p->ledger, LEDGER_QXRQ, FAULT_RULE, "lies before what was settled already");
        return RESULT_OK;
    }
    digest_entry(&p->digest, e);
    p->booked = e->booked;
    if (is_closing(e))
        p->closing = e->seq;
    else if (p->closing != 0)
        p->closing = 0; /* it was reversed */
    result = keep(p, e, err);
    return result == RESULT_OK ? put_entry(p, e, err) : result;
}

static enum result one_line(struct people *p, struct error *err)
{
    struct source *s = &p->ledger;
    enum result result = RESULT_OK;
    struct entry e;

    if (!s->bad)
        entry_rules(s);
    if (!s->bad) {
        entry_of(p, &e);
        result = check_unit(p, &e, err);
    }
    /* A line that is missing or wrong would make all after it wrong: only the first is said. */
    if (s->gap)
        p->chained = false;
    if (result == RESULT_OK && !s->bad && p->chained)
        result = check_chain(p, &e, err);
    if (result == RESULT_OK && !s->bad && p->chained)
        result = apply(p, &e, err);
    if (s->bad)
        p->chained = false;
    return result == RESULT_OK ? source_next(s, err) : result;
}

enum result entries_import(struct people *p, struct error *err)
{
    struct source *s = &p->ledger;
    enum result result = RESULT_OK;

    if (!is_at(s, p->account))
        return RESULT_OK;
    if (!p->listed && !p->accounts.dropped)
        source_fault(s, LEDGER_GRZH, FAULT_REFERENCE, "the account is not in accounts.csv");
    while (result == RESULT_OK && is_at(s, p->account)) {
        if (!p->listed)
            result = source_next(s, err);
        else
            result = one_line(p, err);
    }
    /* What was dropped behind the last line may have been one of this account's. */
    if (s->gap)
        p->chained = false;
    if (result == RESULT_OK)
        result = check_flows(p, err);
    return result;
}
