/* An entry that reverses another: an earlier ordinary one of the account, whole, and once. */
#include "people.h"

/* What must be known of the entry that is reversed. */
struct target {
    int64_t kind, amount, unit_amount, own_amount, interest, value_day;
    bool there, reversing, reversed;
};

static void from_this_set(struct people *p, int64_t seq, struct target *out)
{
    const struct kept *k = &p->entries.kept[seq - p->entries.first_seq];

    *out = (struct target){
        .kind = k->kind,
        .amount = k->amount.n,
        .unit_amount = k->unit_amount.n,
        .own_amount = k->own_amount.n,
        .interest = k->interest.n,
        .value_day = k->value_day.day,
        .there = true,
        .reversing = k->reversing,
        .reversed = k->reversed,
    };
}

static enum result reversed_before(struct people *p, int64_t seq, bool *reversed, struct error *err)
{
    struct stmt *q = db_query(p->in->reader, QUERY_import_entry_reversed);
    enum stmt_step step;

    stmt_text(q, 1, p->account);
    stmt_int(q, 2, seq);
    step = stmt_step(q);
    stmt_end(q);
    *reversed = step == STMT_ROW;
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : reader_failed(p->in, err);
}

static enum result from_before(struct people *p, int64_t seq, struct target *out, struct error *err)
{
    struct stmt *q = db_query(p->in->reader, QUERY_import_entry);
    enum stmt_step step;
    enum result result;

    stmt_text(q, 1, p->account);
    stmt_int(q, 2, seq);
    step = stmt_step(q);
    if (step == STMT_ROW)
        *out = (struct target){
            .value_day = column_int(q, 1),
            .kind = column_int(q, 2),
            .unit_amount = column_int(q, 3),
            .own_amount = column_int(q, 4),
            .amount = column_int(q, 5),
            .interest = column_int(q, 6),
            .reversing = column_int(q, 7) != 0,
            .there = true,
        };
    stmt_end(q);
    if (step != STMT_ROW)
        return step == STMT_DONE ? RESULT_OK : reader_failed(p->in, err);
    result = reversed_before(p, seq, &out->reversed, err);
    for (size_t i = 0; i < p->entries.count && !out->reversed; i++)
        out->reversed = p->entries.kept[i].reverses == seq;
    return result;
}

enum result reversal_check(struct people *p, const struct entry *e, struct error *err)
{
    struct source *s = &p->ledger;
    struct target t = {.there = false};
    enum result result = RESULT_OK;

    if (e->reverses < e->seq) {
        if (p->entries.count > 0 && e->reverses >= p->entries.first_seq)
            from_this_set(p, e->reverses, &t);
        else if (p->existed)
            result = from_before(p, e->reverses, &t, err);
    }
    if (result != RESULT_OK)
        return result;
    if (!t.there) {
        source_fault(s, LEDGER_CZXH, FAULT_REFERENCE, "no earlier entry has this number");
        return RESULT_OK;
    }
    if (t.reversing)
        source_fault(s, LEDGER_CZXH, FAULT_RULE, "a reversing entry cannot be reversed");
    else if (t.reversed)
        source_fault(s, LEDGER_CZXH, FAULT_RULE, "the entry was reversed before");
    else if (t.kind != e->kind)
        source_fault(s, LEDGER_CZXH, FAULT_RULE, "the entry is of another kind");
    else if (t.amount != -e->amount.n || t.unit_amount != -e->unit_amount.n ||
             t.own_amount != -e->own_amount.n || t.interest != -e->interest.n)
        source_fault(s, LEDGER_CZXH, FAULT_RULE, "the amounts are not the opposite");
    else if (t.value_day != e->value_day.day)
        source_fault(s, LEDGER_QXRQ, FAULT_RULE, "not the value date of the entry reversed");
    if (!s->bad && p->entries.count > 0 && e->reverses >= p->entries.first_seq)
        p->entries.kept[e->reverses - p->entries.first_seq].reversed = true;
    return RESULT_OK;
}
