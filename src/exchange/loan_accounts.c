/* The lines of loan_accounts.csv of one account, each with its contract, entries and rates. */
#include "loans.h"

enum { LOAN_REPAID = 3 };

/* --- what stands without its loan ---------------------------------------------------------------- */

static bool is_before(const struct source *s, struct text account, struct text loan)
{
    return is_at(s, account) && (!loan.at || text_compare(s->v[1].text, loan) < 0);
}

/* Entries of loans that loan_accounts.csv does not hold, up to loan (at == NULL: all). */
static enum result entries_of_none(struct loans *l, struct text loan, struct error *err)
{
    struct source *s = &l->ledger;
    enum result result = RESULT_OK;
    char said[KEY_TEXT_MAX];
    size_t said_len = 0;

    while (result == RESULT_OK && is_before(s, l->account, loan)) {
        /* Said once for each loan: its further lines follow from the first. */
        if (!l->loans.dropped &&
            !text_equal(s->v[LOAN_LEDGER_DKZH].text, (struct text){said, said_len}))
            source_fault(s, LOAN_LEDGER_DKZH, FAULT_REFERENCE,
                         "the loan is not in loan_accounts.csv");
        said_len = s->v[LOAN_LEDGER_DKZH].text.len;
        memcpy(said, s->v[LOAN_LEDGER_DKZH].text.at, said_len);
        result = source_next(s, err);
    }
    return result;
}

static enum result put_rate(struct loans *l, struct error *err)
{
    const struct value *v = l->rates.v;
    struct block *b;
    enum result result = out_row(l->in, BULK_LOAN_RATE, &b, err);

    if (!b)
        return result;
    block_text(b, v[RATES_JKRGJJZH].text);
    block_text(b, v[RATES_DKZH].text);
    block_int(b, v[RATES_SXRQ].n);
    block_int(b, v[RATES_DKLL].n);
    block_int(b, v[RATES_DQJHHKJE].n);
    block_row_end(b);
    return RESULT_OK;
}

static enum result ask_loan(struct loans *l, struct text loan, struct stmt **q, bool *there,
                            struct error *err)
{
    enum stmt_step step;

    *there = false;
    if (!l->in->reader)
        return RESULT_OK;
    *q = db_query(l->in->reader, QUERY_import_loan);
    stmt_text(*q, 1, l->account);
    stmt_text(*q, 2, loan);
    step = stmt_step(*q);
    *there = step == STMT_ROW;
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : reader_failed(l->in, err);
}

/* Rates of loans without a line in this set: the loan must have been taken before. */
static enum result rates_of_none(struct loans *l, struct text loan, struct error *err)
{
    struct source *s = &l->rates;
    enum result result = RESULT_OK;

    while (result == RESULT_OK && is_before(s, l->account, loan)) {
        struct stmt *q = NULL;
        bool there;

        result = ask_loan(l, s->v[RATES_DKZH].text, &q, &there, err);
        if (q)
            stmt_end(q);
        if (result == RESULT_OK && !there && !l->loans.dropped)
            source_fault(s, RATES_DKZH, FAULT_REFERENCE, "there is no such loan");
        if (result == RESULT_OK && !s->bad)
            result = put_rate(l, err);
        if (result == RESULT_OK)
            result = source_next(s, err);
    }
    return result;
}

/* --- one loan ----------------------------------------------------------------------------------- */

/* What was taken before of the loan. */
static enum result load_before(struct loans *l, struct error *err)
{
    struct stmt *q = NULL;
    enum stmt_step step;
    enum result result = ask_loan(l, l->loan, &q, &l->existed, err);

    l->balance = fen_of(0);
    l->head_seq = 0;
    l->booked = DATE_NONE;
    memset(l->head_hash, 0, sizeof l->head_hash);
    if (result != RESULT_OK || !l->existed)
        return result;
    if (column_int(q, 0) != l->loans.v[LOANS_DKFFRQ].n && l->loans.v[LOANS_DKFFRQ].there)
        source_fault(&l->loans, LOANS_DKFFRQ, FAULT_RULE, "another date was taken before");
    l->balance = column_fen(q, 1);
    l->head_seq = column_int(q, 2);
    memcpy(l->head_hash, column_bytes(q, 3).at, SHA256_SIZE);
    stmt_end(q);
    if (l->head_seq == 0)
        return RESULT_OK;
    q = db_query(l->in->reader, QUERY_import_loan_entry);
    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    stmt_int(q, 3, l->head_seq);
    step = stmt_step(q);
    if (step == STMT_ROW)
        l->booked = column_date(q, 0);
    stmt_end(q);
    return step == STMT_ROW ? RESULT_OK : reader_failed(l->in, err);
}

static enum result find_contract(struct loans *l, int64_t *method, struct error *err)
{
    struct text number = l->loans.v[LOANS_JKHTBH].text;
    struct stmt *q;
    enum stmt_step step;

    *method = 0;
    for (size_t i = 0; i < l->contract_count; i++) {
        const struct contract *c = &l->contract[i];

        if (text_equal(number, (struct text){c->number, c->length})) {
            *method = c->method;
            return RESULT_OK;
        }
    }
    if (l->in->reader) {
        q = db_query(l->in->reader, QUERY_import_contract);
        stmt_text(q, 1, l->account);
        stmt_text(q, 2, number);
        step = stmt_step(q);
        if (step == STMT_ROW)
            *method = column_int(q, 0);
        stmt_end(q);
        if (step == STMT_ROW)
            return RESULT_OK;
        if (step != STMT_DONE)
            return reader_failed(l->in, err);
    }
    if (!l->contracts.dropped)
        source_fault(&l->loans, LOANS_JKHTBH, FAULT_REFERENCE, "there is no such contract");
    return RESULT_OK;
}

static void check_line(struct source *s)
{
    bool repaid = s->v[LOANS_DKZT].n == LOAN_REPAID;

    if (!s->v[LOANS_DKZT].there)
        return;
    if (repaid && !s->v[LOANS_DKJQRQ].there)
        source_fault(s, LOANS_DKJQRQ, FAULT_EMPTY, "a loan that is repaid has the date");
    if (!repaid && s->v[LOANS_DKJQRQ].text.len > 0)
        source_fault(s, LOANS_DKJQRQ, FAULT_EMPTY, "the loan is not repaid");
}

static enum result put_loan(struct loans *l, int64_t method, struct error *err)
{
    const struct value *v = l->loans.v;
    struct block *b;
    enum result result = out_row(l->in, BULK_LOAN, &b, err);

    if (!b)
        return result;
    block_text(b, v[LOANS_JKRGJJZH].text);
    block_text(b, v[LOANS_DKZH].text);
    block_text(b, v[LOANS_JKHTBH].text);
    block_int(b, v[LOANS_DKFFE].n);
    block_int(b, v[LOANS_DKFFRQ].n);
    block_int(b, v[LOANS_DKYE].n);
    block_int(b, v[LOANS_DKLL].n);
    block_int(b, v[LOANS_DKQS].n);
    block_int(b, method);
    block_int(b, v[LOANS_DKZT].n);
    block_int(b, v[LOANS_YHQS].n);
    block_int_or_null(b, v[LOANS_XYHKRQ].there, v[LOANS_XYHKRQ].n);
    block_int(b, v[LOANS_DQJHHKJE].n);
    block_int(b, v[LOANS_DQJHGHBJ].n);
    block_int(b, v[LOANS_DQJHGHLX].n);
    block_int(b, v[LOANS_YQBJZE].n);
    block_int(b, v[LOANS_YQLXZE].n);
    block_int(b, v[LOANS_LJYQQS].n);
    block_int(b, v[LOANS_HSBJZE].n);
    block_int(b, v[LOANS_HSLXZE].n);
    block_int_or_null(b, v[LOANS_DKJQRQ].there, v[LOANS_DKJQRQ].n);
    block_int(b, l->head_seq);
    block_bytes(b, l->head_hash, SHA256_SIZE);
    block_int(b, l->in->manifest.number);
    block_row_end(b);
    return RESULT_OK;
}

/* The rates of the loan at hand. A new loan's first one stands on the day it was paid out. */
static enum result rates_import(struct loans *l, struct error *err)
{
    struct source *s = &l->rates;
    enum result result = RESULT_OK;
    bool first = !l->existed && !s->gap;

    if (first && !(is_at(s, l->account) && text_equal(s->v[RATES_DKZH].text, l->loan)) &&
        !s->dropped)
        source_fault(&l->loans, LOANS_DKLL, FAULT_REFERENCE,
                     "the loan has no line in loan_rates.csv");
    while (result == RESULT_OK && is_at(s, l->account) &&
           text_equal(s->v[RATES_DKZH].text, l->loan)) {
        if (first && l->loans.v[LOANS_DKFFRQ].there &&
            s->v[RATES_SXRQ].n != l->loans.v[LOANS_DKFFRQ].n)
            source_fault(s, RATES_SXRQ, FAULT_RULE,
                         "the first rate stands on the day of paying out");
        first = false;
        if (!s->bad)
            result = put_rate(l, err);
        if (result == RESULT_OK)
            result = source_next(s, err);
    }
    return result;
}

static enum result one_loan(struct loans *l, struct error *err)
{
    struct source *s = &l->loans;
    int64_t method = 0;
    enum result result;

    check_line(s);
    result = load_before(l, err);
    if (result == RESULT_OK && s->v[LOANS_JKHTBH].there)
        result = find_contract(l, &method, err);
    if (result == RESULT_OK)
        result = entries_of_none(l, l->loan, err);
    if (result == RESULT_OK)
        result = rates_of_none(l, l->loan, err);
    if (result == RESULT_OK)
        result = loan_lines_import(l, err);
    if (result == RESULT_OK)
        result = rates_import(l, err);
    if (result != RESULT_OK)
        return result;
    if (l->chained && s->v[LOANS_DKYE].there && s->v[LOANS_DKYE].n != l->balance.n)
        source_fault(s, LOANS_DKYE, FAULT_BALANCE, "not what the loan's entries lead to");
    return s->bad ? RESULT_OK : put_loan(l, method, err);
}

enum result loan_accounts_import(struct loans *l, struct error *err)
{
    const struct text none = {NULL, 0};
    struct source *s = &l->loans;
    enum result result = RESULT_OK;

    while (result == RESULT_OK && is_at(s, l->account)) {
        l->loan = s->v[LOANS_DKZH].text;
        result = one_loan(l, err);
        if (result == RESULT_OK)
            result = source_next(s, err);
    }
    if (result == RESULT_OK)
        result = entries_of_none(l, none, err);
    return result == RESULT_OK ? rates_of_none(l, none, err) : result;
}
