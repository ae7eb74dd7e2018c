/* Loans and their entries: two streams in the order of account and loan. */
#include "verify_internal.h"

#include <inttypes.h>
#include <string.h>

#include "ledger/loan_entry.h"

static const char table[] = "ledger.loan_entry";
static const char loan_types[] = "TTIIIIIIIIIITIII";
enum {
    E_ACCOUNT,
    E_LOAN,
    E_SEQ,
    E_HAPPENED,
    E_BOOKED,
    E_KIND,
    E_PERIOD,
    E_AMOUNT,
    E_PRINCIPAL,
    E_INTEREST,
    E_PENALTY,
    E_BALANCE,
    E_FLOW,
    E_REVERSING,
    E_REVERSES,
    E_BATCH,
    E_HASH,
};
enum {
    L_ACCOUNT,
    L_LOAN,
    L_PAID_OUT,
    L_BALANCE,
    L_PRINCIPAL_REPAID,
    L_INTEREST_REPAID,
    L_HEAD_SEQ,
    L_HEAD_HASH,
    L_BATCH,
    L_METHOD,
    L_SAID, /* what the newest act says too */
};

enum { LOAN_NUMBER_MAX = 64 };

struct chain {
    struct text account;
    char loan[LOAN_NUMBER_MAX];
    int64_t seq, booked, balance, paid_out, principal, interest;
    int64_t own; /* entries of our operations */
    uint8_t hash[VERIFY_HASH];
};

static void wrong(struct verify *v, const struct chain *c, int64_t seq, const char *what)
{
    verify_wrong(v, table, c->account, c->loan, seq, "%s", what);
}

static void check_hash(struct verify *v, struct chain *c, struct stmt *q, int64_t seq)
{
    uint8_t computed[VERIFY_HASH];
    struct text stored = column_bytes(q, E_HASH);

    if (!hasher_row(v->hasher, 'L', q, loan_types, c->hash, computed) ||
        stored.len != VERIFY_HASH || memcmp(stored.at, computed, VERIFY_HASH) != 0)
        wrong(v, c, seq, "hash does not follow from the row and the one before");
    memset(c->hash, 0, sizeof c->hash);
    if (stored.len == VERIFY_HASH)
        memcpy(c->hash, stored.at, VERIFY_HASH);
}

/* Paying out raises what is left, everything else lowers it; interest and penalty do not. */
static void check_amounts(struct verify *v, struct chain *c, struct stmt *q, int64_t seq)
{
    int64_t amount = column_int(q, E_AMOUNT), principal = column_int(q, E_PRINCIPAL);
    int64_t interest = column_int(q, E_INTEREST), penalty = column_int(q, E_PENALTY);
    bool out = column_int(q, E_KIND) == LOAN_PAID_OUT;
    int64_t should = out ? -principal : principal + interest + penalty;
    int64_t balance = c->balance + (out ? principal : -principal);

    if (amount != should)
        verify_amount(v, table, c->account, c->loan, seq, "amount", amount, should);
    if (column_int(q, E_BALANCE) != balance)
        verify_amount(v, table, c->account, c->loan, seq, "balance", column_int(q, E_BALANCE),
                      balance);
    if (column_int(q, E_BALANCE) < 0)
        wrong(v, c, seq, "the balance is negative");
    if (column_int(q, E_BOOKED) < c->booked)
        wrong(v, c, seq, "booked is earlier than on the entry before");
    c->paid_out += out ? principal : 0;
    c->principal += out ? 0 : principal;
    c->interest += interest;
    c->booked = column_int(q, E_BOOKED);
    c->balance = column_int(q, E_BALANCE);
}

static void check_entry(struct verify *v, struct chain *c, struct stmt *q)
{
    int64_t seq = column_int(q, E_SEQ);
    int64_t batch = column_int(q, E_BATCH);
    struct verify_batch *b = verify_batch_of(v, batch);
    struct verify_operation *o = verify_operation_of(v, batch);

    if (seq != c->seq + 1)
        verify_wrong(v, table, c->account, c->loan, seq,
                     "seq is %" PRId64 " and should be %" PRId64 ": an entry is missing", seq,
                     c->seq + 1);
    c->seq = seq;
    check_hash(v, c, q, seq);
    check_amounts(v, c, q, seq);
    if (o) {
        verify_operation_entry(o, column_int(q, E_BOOKED), column_int(q, E_AMOUNT));
        c->own++;
    } else if (!b) {
        wrong(v, c, seq, "batch does not exist");
    } else {
        b->loan_entries++;
        b->loan_entries_total += column_int(q, E_AMOUNT);
    }
    v->report->loan_entries++;
    verify_tick(v);
}

static void check_figure(struct verify *v, const struct chain *c, struct stmt *q, int column,
                         const char *figure, int64_t should)
{
    int64_t is = column_int(q, column);

    if (is != should)
        verify_amount(v, "ledger.loan", c->account, c->loan, 0, figure, is, should);
}

static void check_loan(struct verify *v, const struct chain *c, struct stmt *q)
{
    struct text head = column_bytes(q, L_HEAD_HASH);
    struct verify_batch *b = verify_batch_of(v, column_int(q, L_BATCH));

    check_figure(v, c, q, L_PAID_OUT, "paid_out", c->paid_out);
    check_figure(v, c, q, L_BALANCE, "balance", c->balance);
    check_figure(v, c, q, L_PRINCIPAL_REPAID, "principal_repaid", c->principal);
    check_figure(v, c, q, L_INTEREST_REPAID, "interest_repaid", c->interest);
    if (column_int(q, L_HEAD_SEQ) != c->seq)
        verify_wrong(v, "ledger.loan", c->account, c->loan, 0,
                     "head_seq is %" PRId64 " and should be %" PRId64, column_int(q, L_HEAD_SEQ),
                     c->seq);
    if (head.len != VERIFY_HASH || memcmp(head.at, c->hash, VERIFY_HASH) != 0)
        verify_wrong(v, "ledger.loan", c->account, c->loan, 0,
                     "head_hash is not the hash of the newest entry");
    if (b)
        b->loans++;
    else if (!verify_operation_of(v, column_int(q, L_BATCH)))
        verify_wrong(v, "ledger.loan", c->account, c->loan, 0, "batch does not exist");
}

/* Below 0, 0 or above: where the entry that stands lies as to this loan. */
static int compare_key(struct stmt *entry, const struct chain *c)
{
    int by_account = text_compare(column_text(entry, E_ACCOUNT), c->account);

    return by_account ? by_account : text_compare(column_text(entry, E_LOAN), text_of(c->loan));
}

static void orphan(struct verify *v, struct rows *entries)
{
    char loan[LOAN_NUMBER_MAX];

    text_copy(column_text(entries->q, E_LOAN), loan, sizeof loan);
    verify_wrong(v, table, column_text(entries->q, E_ACCOUNT), loan, column_int(entries->q, E_SEQ),
                 "there is no such loan");
    rows_next(entries);
}

enum result verify_loans(struct verify *v)
{
    struct rows loans, entries, acts;
    enum result r;

    rows_start(v, &loans, QUERY_verify_loans);
    rows_start(v, &entries, QUERY_verify_loan_entries);
    rows_start(v, &acts, QUERY_verify_loan_acts);
    for (; loans.there && !entries.failed && !acts.failed; rows_next(&loans)) {
        struct chain c = {.account = column_text(loans.q, L_ACCOUNT), .booked = INT64_MIN};

        text_copy(column_text(loans.q, L_LOAN), c.loan, sizeof c.loan);
        while (entries.there && compare_key(entries.q, &c) < 0)
            orphan(v, &entries);
        while (entries.there && compare_key(entries.q, &c) == 0) {
            check_entry(v, &c, entries.q);
            rows_next(&entries);
        }
        if (!entries.failed)
            check_loan(v, &c, loans.q);
        if (!entries.failed)
            verify_loan_acts(v, &acts, loans.q, c.loan,
                             &(struct verify_loan_said){L_METHOD, L_SAID, c.own});
        v->report->loans++;
    }
    while (entries.there && !loans.failed)
        orphan(v, &entries);
    while (acts.there && !loans.failed)
        verify_act_orphan(v, &acts);
    r = rows_result(v, &loans);
    if (r == RESULT_OK)
        r = rows_result(v, &entries);
    return r == RESULT_OK ? rows_result(v, &acts) : r;
}
