/* Applications to withdraw, and their steps. */
#include "people.h"

enum {
    STATE_RECEIVED = 1,
    STATE_APPROVED,
    STATE_PAID,
    STATE_REFUSED,
    STATE_WITHDRAWN,
    STEP_SUBMITTED = 1,
    STEP_ACCEPTED,
    STEP_APPROVED,
    STEP_PAID,
    STEP_REFUSED,
    STEP_WITHDRAWN,
};

static bool step_agrees(int64_t state, int64_t step)
{
    switch (state) {
    case STATE_RECEIVED: return step == STEP_SUBMITTED || step == STEP_ACCEPTED;
    case STATE_APPROVED: return step == STEP_APPROVED;
    case STATE_PAID: return step == STEP_PAID;
    case STATE_REFUSED: return step == STEP_REFUSED;
    case STATE_WITHDRAWN: return step == STEP_WITHDRAWN;
    default: return false;
    }
}

/* --- the entry that paid it --------------------------------------------------------------------- */

static bool pays(int64_t kind, int64_t amount, int64_t applied_for)
{
    return (kind == ENTRY_WITHDRAWAL || kind == ENTRY_CLOSING) && -amount == applied_for;
}

static enum result find_before(struct people *p, struct text flow, bool *there, bool *right,
                               struct error *err)
{
    struct stmt *q;
    enum stmt_step step;

    if (!p->existed)
        return RESULT_OK;
    q = db_query(p->in->reader, QUERY_import_entry_flow);
    stmt_text(q, 1, p->account);
    stmt_text(q, 2, flow);
    step = stmt_step(q);
    *there = step == STMT_ROW;
    if (*there)
        *right = pays(column_int(q, 0), column_int(q, 1), p->applications.v[APPLICATIONS_SQJE].n);
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : reader_failed(p->in, err);
}

static enum result check_payment(struct people *p, struct error *err)
{
    struct source *s = &p->applications;
    const struct value *v = s->v;
    const struct kept *k = entries_by_flow(&p->entries, v[APPLICATIONS_YWLSH].text);
    bool there = k != NULL, right = false;
    enum result result = RESULT_OK;

    if (k)
        right = pays(k->kind, k->amount.n, v[APPLICATIONS_SQJE].n);
    else
        result = find_before(p, v[APPLICATIONS_YWLSH].text, &there, &right, err);
    if (result == RESULT_OK && !there)
        source_fault(s, APPLICATIONS_YWLSH, FAULT_REFERENCE,
                     "no entry of the account has this flow number");
    else if (result == RESULT_OK && !right)
        source_fault(s, APPLICATIONS_YWLSH, FAULT_RULE,
                     "the entry is no withdrawal of this amount");
    return result;
}

static enum result check_application(struct people *p, struct error *err)
{
    struct source *s = &p->applications;
    const struct value *v = s->v;
    bool paid = v[APPLICATIONS_SQZT].n == STATE_PAID;

    if (!p->listed && !p->existed && !p->accounts.dropped)
        source_fault(s, APPLICATIONS_GRZH, FAULT_REFERENCE, "there is no such account");
    if (s->bad)
        return RESULT_OK;
    if (paid && !v[APPLICATIONS_YWLSH].there)
        source_fault(s, APPLICATIONS_YWLSH, FAULT_EMPTY, "paid: by which flow");
    if (!paid && v[APPLICATIONS_YWLSH].there)
        source_fault(s, APPLICATIONS_YWLSH, FAULT_EMPTY, "not paid");
    return paid && !s->bad && p->chained ? check_payment(p, err) : RESULT_OK;
}

/* --- steps -------------------------------------------------------------------------------------- */

static enum result put_step(struct people *p, struct error *err)
{
    const struct value *v = p->steps.v;
    struct block *b;
    enum result result = out_row(p->in, BULK_APPLICATION_STEP, &b, err);

    if (!b)
        return result;
    block_text(b, v[STEPS_GRZH].text);
    block_text(b, v[STEPS_SQBH].text);
    block_int(b, v[STEPS_BZXH].n);
    block_int(b, v[STEPS_BZRQ].n);
    block_int(b, v[STEPS_BZLX].n);
    block_text(b, v[STEPS_BZSM].text);
    block_row_end(b);
    return RESULT_OK;
}

/* The steps of the application that the other file stands at; number is a copy of its own. */
static enum result steps_of(struct people *p, struct text number, struct error *err)
{
    struct source *s = &p->steps;
    enum result result = RESULT_OK;
    int64_t seq = 0, day = 0, last = 0, last_line = 0;
    bool whole = !s->gap;

    while (result == RESULT_OK && is_at(s, p->account) &&
           text_equal(s->v[STEPS_SQBH].text, number)) {
        whole = whole && !s->gap && !s->bad;
        if (whole && s->v[STEPS_BZXH].n != seq + 1)
            source_fault(s, STEPS_BZXH, FAULT_ORDER, "not the number after the step before");
        if (whole && seq > 0 && s->v[STEPS_BZRQ].n < day)
            source_fault(s, STEPS_BZRQ, FAULT_RULE, "earlier than the step before");
        seq = s->v[STEPS_BZXH].n;
        day = s->v[STEPS_BZRQ].n;
        last = s->v[STEPS_BZLX].n;
        last_line = s->line;
        whole = whole && !s->bad;
        if (!s->bad)
            result = put_step(p, err);
        if (result == RESULT_OK)
            result = source_next(s, err);
    }
    if (!whole || s->gap || result != RESULT_OK || p->applications.bad)
        return result;
    if (seq == 0)
        source_fault(&p->applications, APPLICATIONS_SQZT, FAULT_RULE, "there is no step");
    else if (!step_agrees(p->applications.v[APPLICATIONS_SQZT].n, last))
        source_fault_at(s, last_line, STEPS_BZLX, FAULT_RULE,
                        "the last step does not agree with the application's state");
    return result;
}

/* Steps before the next application belong to none. */
static enum result steps_of_none(struct people *p, struct text before, struct error *err)
{
    struct source *s = &p->steps;
    enum result result = RESULT_OK;

    while (result == RESULT_OK && is_at(s, p->account) &&
           (!before.at || text_compare(s->v[STEPS_SQBH].text, before) < 0)) {
        if (!p->applications.dropped && s->v[STEPS_BZXH].n == 1)
            source_fault(s, STEPS_SQBH, FAULT_REFERENCE,
                         "the application is not in applications.csv");
        else if (!p->applications.dropped)
            source_fault(s, STEPS_BZXH, FAULT_ORDER, "the first step has the number 1");
        result = source_next(s, err);
    }
    return result;
}

/* --- the account's applications ----------------------------------------------------------------- */

static enum result put_application(struct people *p, struct error *err)
{
    const struct value *v = p->applications.v;
    struct block *b;
    enum result result = out_row(p->in, BULK_APPLICATION, &b, err);

    if (!b)
        return result;
    block_text(b, v[APPLICATIONS_GRZH].text);
    block_text(b, v[APPLICATIONS_SQBH].text);
    block_int(b, v[APPLICATIONS_SQRQ].n);
    block_int(b, v[APPLICATIONS_TQYY].n);
    block_int(b, v[APPLICATIONS_SQJE].n);
    block_int(b, v[APPLICATIONS_SQZT].n);
    block_text_or_null(b, v[APPLICATIONS_YWLSH].there, v[APPLICATIONS_YWLSH].text);
    block_int(b, p->in->manifest.number);
    block_row_end(b);
    return RESULT_OK;
}

enum result applications_import(struct people *p, struct error *err)
{
    struct source *s = &p->applications;
    enum result result = RESULT_OK;

    while (result == RESULT_OK && is_at(s, p->account)) {
        struct text number = s->v[APPLICATIONS_SQBH].text;

        result = check_application(p, err);
        if (result == RESULT_OK)
            result = steps_of_none(p, number, err);
        if (result == RESULT_OK)
            result = steps_of(p, number, err);
        if (result == RESULT_OK && !s->bad)
            result = put_application(p, err);
        if (result == RESULT_OK)
            result = source_next(s, err);
    }
    return result == RESULT_OK ? steps_of_none(p, (struct text){NULL, 0}, err) : result;
}
