/* The lines of loan_ledger.csv of one loan: sequence, principal left, chain. */
#include "loans.h"

#include <stdlib.h>

static enum result keep(struct loans *l, const struct loan_entry *e, struct error *err)
{
    if (l->kept_count == l->kept_room) {
        size_t room = l->kept_room ? 2 * l->kept_room : 512;
        struct loan_kept *more = realloc(l->kept, room * sizeof *more);

        if (!more)
            return error_set(err, RESULT_MEMORY, "out of memory");
        l->kept = more;
        l->kept_room = room;
    }
    if (l->kept_count == 0)
        l->first_seq = e->seq;
    l->kept[l->kept_count++] = (struct loan_kept){
        .reverses = e->reverses,
        .amount = e->amount,
        .principal = e->principal,
        .interest = e->interest,
        .penalty = e->penalty,
        .kind = (uint8_t)e->kind,
        .reversing = e->reversing,
    };
    return RESULT_OK;
}

/* What the line must hold by itself. */
static void line_rules(struct source *s)
{
    const struct value *v = s->v;
    int64_t parts = v[LOAN_LEDGER_BJJE].n + v[LOAN_LEDGER_LXJE].n + v[LOAN_LEDGER_FXJE].n;

    if (v[LOAN_LEDGER_DKYWMXLX].n == LOAN_PAID_OUT) {
        if (v[LOAN_LEDGER_BJJE].n != -v[LOAN_LEDGER_FSE].n)
            source_fault(s, LOAN_LEDGER_BJJE, FAULT_RULE, "paid out is the opposite of the amount");
        else if (v[LOAN_LEDGER_LXJE].n != 0 || v[LOAN_LEDGER_FXJE].n != 0)
            source_fault(s, LOAN_LEDGER_FSE, FAULT_RULE,
                         "paying out has no interest and no penalty");
    } else if (v[LOAN_LEDGER_FSE].n != parts) {
        source_fault(s, LOAN_LEDGER_FSE, FAULT_RULE,
                     "not the sum of principal, interest and penalty");
    }
    if (v[LOAN_LEDGER_CZBZ].n == 1 && !v[LOAN_LEDGER_CZXH].there)
        source_fault(s, LOAN_LEDGER_CZXH, FAULT_EMPTY,
                     "a reversing entry names the entry that it reverses");
    if (v[LOAN_LEDGER_CZBZ].n == 0 && v[LOAN_LEDGER_CZXH].there)
        source_fault(s, LOAN_LEDGER_CZXH, FAULT_EMPTY, "the entry reverses nothing");
}

static void entry_of(const struct loans *l, struct loan_entry *e)
{
    const struct value *v = l->ledger.v;

    *e = (struct loan_entry){
        .account = l->account,
        .loan = l->loan,
        .seq = v[LOAN_LEDGER_XH].n,
        .happened = {(int32_t)v[LOAN_LEDGER_YWFSRQ].n},
        .booked = {(int32_t)v[LOAN_LEDGER_JZRQ].n},
        .kind = (enum loan_entry_kind)v[LOAN_LEDGER_DKYWMXLX].n,
        .period = v[LOAN_LEDGER_DQQC].there ? (int)v[LOAN_LEDGER_DQQC].n : 0,
        .amount = fen_of(v[LOAN_LEDGER_FSE].n),
        .principal = fen_of(v[LOAN_LEDGER_BJJE].n),
        .interest = fen_of(v[LOAN_LEDGER_LXJE].n),
        .penalty = fen_of(v[LOAN_LEDGER_FXJE].n),
        .balance = fen_of(v[LOAN_LEDGER_DKYE].n),
        .flow = v[LOAN_LEDGER_YWLSH].text,
        .reversing = v[LOAN_LEDGER_CZBZ].n != 0,
        .reverses = v[LOAN_LEDGER_CZXH].there ? v[LOAN_LEDGER_CZXH].n : 0,
        .batch = l->in->manifest.number,
    };
}

/* --- reversing ----------------------------------------------------------------------------------- */

static enum result target_before(struct loans *l, int64_t seq, struct loan_kept *out, bool *there,
                                 struct error *err)
{
    struct stmt *q = db_query(l->in->reader, QUERY_import_loan_entry);
    enum stmt_step step;

    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    stmt_int(q, 3, seq);
    step = stmt_step(q);
    *there = step == STMT_ROW;
    if (*there)
        *out = (struct loan_kept){
            .kind = (uint8_t)column_int(q, 1),
            .amount = column_fen(q, 2),
            .principal = column_fen(q, 3),
            .interest = column_fen(q, 4),
            .penalty = column_fen(q, 5),
            .reversing = column_int(q, 6) != 0,
        };
    stmt_end(q);
    if (step != STMT_ROW)
        return step == STMT_DONE ? RESULT_OK : reader_failed(l->in, err);
    q = db_query(l->in->reader, QUERY_import_loan_entry_reversed);
    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    stmt_int(q, 3, seq);
    step = stmt_step(q);
    stmt_end(q);
    out->reversed = step == STMT_ROW;
    for (size_t i = 0; i < l->kept_count && !out->reversed; i++)
        out->reversed = l->kept[i].reverses == seq;
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : reader_failed(l->in, err);
}

static void check_target(struct loans *l, const struct loan_entry *e, const struct loan_kept *t)
{
    const char *words = NULL;

    if (t->reversing)
        words = "a reversing entry cannot be reversed";
    else if (t->reversed)
        words = "the entry was reversed before";
    else if (t->kind != e->kind)
        words = "the entry is of another kind";
    else if (t->amount.n != -e->amount.n || t->principal.n != -e->principal.n ||
             t->interest.n != -e->interest.n || t->penalty.n != -e->penalty.n)
        words = "the amounts are not the opposite";
    if (words)
        source_fault(&l->ledger, LOAN_LEDGER_CZXH, FAULT_RULE, words);
}

static enum result check_reversal(struct loans *l, const struct loan_entry *e, struct error *err)
{
    struct loan_kept before, *t = NULL;
    enum result result = RESULT_OK;
    bool there = false;

    if (e->reverses < e->seq && l->kept_count > 0 && e->reverses >= l->first_seq) {
        t = &l->kept[e->reverses - l->first_seq];
    } else if (e->reverses < e->seq && l->existed) {
        result = target_before(l, e->reverses, &before, &there, err);
        t = there ? &before : NULL;
    }
    if (result != RESULT_OK)
        return result;
    if (!t) {
        source_fault(&l->ledger, LOAN_LEDGER_CZXH, FAULT_REFERENCE,
                     "no earlier entry has this number");
        return RESULT_OK;
    }
    check_target(l, e, t);
    t->reversed = true;
    return RESULT_OK;
}

/* --- one line ------------------------------------------------------------------------------------ */

static enum result check_chain(struct loans *l, const struct loan_entry *e, struct error *err)
{
    struct source *s = &l->ledger;
    int64_t moved = e->kind == LOAN_PAID_OUT ? e->principal.n : -e->principal.n;

    if (e->seq != l->head_seq + 1) {
        source_fault(s, LOAN_LEDGER_XH, FAULT_ORDER, "not the number after the entry before");
        return RESULT_OK;
    }
    if (!date_is_none(l->booked) && e->booked.day < l->booked.day)
        source_fault(s, LOAN_LEDGER_JZRQ, FAULT_RULE, "earlier than the entry before");
    if (e->balance.n != l->balance.n + moved)
        source_fault(s, LOAN_LEDGER_DKYE, FAULT_BALANCE,
                     "not the principal left before and what moved");
    if (l->kept_count == ACCOUNT_ENTRIES_MAX)
        source_fault(s, LOAN_LEDGER_XH, FAULT_RANGE,
                     "more than 50,000 entries of one loan in a set");
    return e->reversing ? check_reversal(l, e, err) : RESULT_OK;
}

static enum result put_entry(struct loans *l, const struct loan_entry *e, struct error *err)
{
    struct block *b;
    enum result result = out_row(l->in, BULK_LOAN_ENTRY, &b, err);

    if (!b)
        return result;
    block_text(b, e->account);
    block_text(b, e->loan);
    block_int(b, e->seq);
    block_int(b, e->happened.day);
    block_int(b, e->booked.day);
    block_int(b, e->kind);
    block_int_or_null(b, e->period != 0, e->period);
    block_int(b, e->amount.n);
    block_int(b, e->principal.n);
    block_int(b, e->interest.n);
    block_int(b, e->penalty.n);
    block_int(b, e->balance.n);
    block_text(b, e->flow);
    block_int(b, e->reversing);
    block_int_or_null(b, e->reverses != 0, e->reverses);
    block_int(b, e->batch);
    block_bytes(b, e->hash, SHA256_SIZE);
    block_row_end(b);
    return RESULT_OK;
}

static enum result apply(struct loans *l, struct loan_entry *e, struct error *err)
{
    enum result result;

    loan_entry_hash(l->in->sha, e, l->head_hash, e->hash);
    memcpy(l->head_hash, e->hash, SHA256_SIZE);
    l->head_seq = e->seq;
    l->balance = e->balance;
    l->booked = e->booked;
    result = keep(l, e, err);
    return result == RESULT_OK ? put_entry(l, e, err) : result;
}

static enum result one_line(struct loans *l, struct error *err)
{
    struct source *s = &l->ledger;
    enum result result = RESULT_OK;
    struct loan_entry e;

    if (!s->bad)
        line_rules(s);
    if (s->gap)
        l->chained = false;
    if (!s->bad && l->chained) {
        entry_of(l, &e);
        result = check_chain(l, &e, err);
        if (result == RESULT_OK && !s->bad)
            result = apply(l, &e, err);
    }
    if (s->bad)
        l->chained = false;
    return result == RESULT_OK ? source_next(s, err) : result;
}

enum result loan_lines_import(struct loans *l, struct error *err)
{
    struct source *s = &l->ledger;
    enum result result = RESULT_OK;

    l->chained = true;
    l->kept_count = 0;
    while (result == RESULT_OK && is_at(s, l->account) &&
           text_equal(s->v[LOAN_LEDGER_DKZH].text, l->loan))
        result = one_line(l, err);
    if (s->gap)
        l->chained = false;
    return result;
}
