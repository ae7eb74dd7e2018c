/* Operations on loans: the arithmetic of loan_op.h posted to the ledger (docs/loans.md). Everything
 * runs inside the caller's transaction, which writes the ledger; a dry run is the same call, rolled
 * back. */
#ifndef ANJU_LEDGER_LOAN_POST_H
#define ANJU_LEDGER_LOAN_POST_H

#include "ledger/loan_op.h"
#include "ledger/post.h"

enum { LOAN_NUMBER_BYTES = 30, LOAN_BANK_BYTES = 120 };

/* What happened to a loan; stored. */
enum loan_act_kind {
    LOAN_ACT_TAKEN = 1, /* nothing: how it stood before our first operation */
    LOAN_ACT_PAID_OUT = 2,
    LOAN_ACT_COLLECTED = 3,
    LOAN_ACT_MISSED = 4, /* an instalment that was due and did not come */
    LOAN_ACT_PAID = 5,   /* what the borrower brought: overdue, due, and early */
    LOAN_ACT_SETTLED = 6,
    LOAN_ACT_REPRICED = 7,
    LOAN_ACT_UNDONE = 8, /* another act was taken back */
    LOAN_ACT_KINDS = 9,
};

/* What is to happen to a loan on a day. */
struct loan_ask {
    enum loan_act_kind kind; /* COLLECTED, MISSED, PAID, SETTLED or REPRICED */
    civil_date day;
    fen amount;          /* PAID */
    enum loan_then then; /* PAID */
    millionths rate;     /* REPRICED */
    bool fund;           /* PAID, SETTLED: out of the borrower's fund account (冲还贷) */
};

/* How a loan stands: the columns of ledger.loan that an act changes. */
struct loan_stand {
    struct loan_rate agreed; /* the newest line of its rates */
    fen balance;
    millionths rate;
    int months, state, periods_paid;
    civil_date next_due;
    fen next_payment, next_principal, next_interest;
    fen overdue_principal, overdue_interest;
    int overdue_periods;
    fen principal_repaid, interest_repaid;
    civil_date settled;
};

/* A row of ledger.loan_act. */
struct loan_act {
    int64_t act;
    enum loan_act_kind kind;
    civil_date day, booked;
    struct loan_ask ask;
    int64_t fund_seq, undoes; /* 0: none */
    int reason;               /* 0: none */
    int entries;
    struct loan_stand after;
    int64_t head_seq;
    uint8_t hash[SHA256_SIZE];
};

/* A loan that is posted to. */
struct loan_post {
    struct posting *p;
    const struct policy *policy;
    struct text account, loan, coborrower; /* coborrower.at == NULL: none */
    struct loan_standing standing;
    struct loan_stand now;
    int64_t head_seq, read_seq;
    uint8_t head_hash[SHA256_SIZE];
    civil_date booked;    /* of the newest entry; DATE_NONE */
    struct loan_act last; /* act 0: no operation posted to it yet */
    /* Of everything since it was read: */
    fen principal, interest, penalty; /* repaid; what was taken back is taken off */
    int undone, redone;
    struct loan_change change; /* of the newest act */
};

/* NOT_FOUND when there is none, DAMAGED when what is stored does not follow from what was agreed.
 * *out is in the posting's arena, and so are the texts; account and loan must live as long. */
enum result loan_post_read(struct posting *p, const struct policy *policy, struct text account,
                           struct text loan, struct loan_post **out, struct error *err);

/* Does what is asked and writes it. A day before acts that are posted already takes a reason
 * (enum post_reason, else 0): they are taken back, newest first, and done again after it, so that
 * every figure follows; entries have their old day and are booked today. REFUSED with a sentence. */
enum result loan_post_do(struct loan_post *l, const struct loan_ask *ask, int reason,
                         struct error *err);

/* Takes an act back, and does again what came after it. instead: what is done in its place (NULL:
 * nothing). */
enum result loan_post_undo(struct loan_post *l, int64_t act, const struct loan_ask *instead,
                           int reason, struct error *err);

/* The yearly rate that holds for the loan from the last 1 January on or before day, by the policy;
 * false when it keeps its own: paid out since, of a year or less, or not at a rate of the table. */
struct loan_terms {
    int method, months; /* of the contract */
    millionths rate;    /* of the contract */
    civil_date paid_out_on;
};
bool loan_rate_due(const struct policy *policy, const struct loan_terms *t, civil_date day,
                   millionths *out);

/* --- one operation on one loan -------------------------------------------------------------------- */

enum loan_order_kind {
    LOAN_ORDER_CONTRACT,
    LOAN_ORDER_PAY_OUT,
    LOAN_ORDER_PAY,
    LOAN_ORDER_SETTLE,
    LOAN_ORDER_REVERSE,
    LOAN_ORDERS,
};

struct loan_order {
    enum loan_order_kind kind;
    struct text key, staff;
    struct text account, loan;
    struct text contract, bank, coborrower; /* contract and paying out; coborrower "": none */
    civil_date day; /* signed, paid out, or the day on which the money came */
    fen amount;     /* the principal, or the money */
    fen price;
    millionths rate;
    int months, method, due_day, guarantee;
    enum loan_then then;
    bool fund;
    int64_t act; /* that is reversed */
    bool missed; /* and the instalment did not come */
    int reason;
};

/* Posts an order under its key. answer is JSON, the same for the same key for ever; *already says
 * that it was posted before. INVALID for wrong input, REFUSED when the rules forbid it, CONFLICT
 * when the key stands for something else; nothing is changed then, once the caller rolls back. */
struct loan_order_answer {
    bool already;
    struct text json; /* in the arena */
};
enum result loan_order_post(struct db *db, struct arena *a, struct sha256 *sha,
                            const struct policy *policy, const struct clock *clock,
                            const struct loan_order *order, struct loan_order_answer *out,
                            struct error *err);

/* --- the whole city -------------------------------------------------------------------------------- */

/* A loan that a batch passed over, and why. */
enum { LOAN_PASSED_MAX = 20 };
struct loan_passed {
    char account[24], loan[LOAN_NUMBER_BYTES + 1];
    char why[120];
};

struct loan_batch_report {
    civil_date day;
    int64_t batch;
    bool already, dry_run;
    int64_t loans, acts_now; /* looked at, and done by this run */
    /* Of the operation, all runs: */
    int64_t collected, missed, repriced;
    fen principal, interest;
    int64_t passed; /* of this run */
    struct loan_passed list[LOAN_PASSED_MAX];
    double seconds;
};

struct loan_returned {
    struct text account, loan;
};

struct loan_batch {
    struct db *db;
    const struct policy *policy;
    const struct clock *clock;
    struct progress *progress; /* may be NULL */
    civil_date day;
    bool dry_run;
    struct text list_of;                  /* the bytes that returned was read from, or "" */
    const struct loan_returned *returned; /* collecting: what the bank could not collect, sorted */
    size_t returned_count;
};

/* Collects every instalment that is due on or before the day. May be killed and run again: what is
 * committed stays, no instalment is collected twice, and what one run left the next one takes. */
enum result loan_collect_city(const struct loan_batch *b, struct loan_batch_report *out,
                              struct error *err);

/* Gives every loan the rate that holds from that 1 January on. The same promises. */
enum result loan_reprice_city(const struct loan_batch *b, struct loan_batch_report *out,
                              struct error *err);

#endif
