/* What can happen to a loan, worked out without a database: the same functions say beforehand what
 * an operation would do (a dry run, the preview in the hall) and do it. Rules: docs/rules.md, "Loans",
 * figures from the policy. */
#ifndef ANJU_LEDGER_LOAN_OP_H
#define ANJU_LEDGER_LOAN_OP_H

#include "ledger/ledger.h"

enum loan_state_code { LOAN_RUNNING = 1, LOAN_OVERDUE = 2, LOAN_REPAID = 3 };

enum { LOAN_LINES_MAX = 2 * LOAN_MONTHS_MAX + 4 };

/* Where a loan stands. What is agreed (the instalment or the part) follows from the newest rate
 * line before a due day. */
struct loan_standing {
    int method, months, due_day;
    int periods_paid, overdue_periods;
    civil_date paid_out_on;
    civil_date settled; /* DATE_NONE: not repaid */
    millionths rate;
    fen balance; /* principal left, what is overdue included */
    fen overdue_principal, overdue_interest;
    struct loan_rate rates[LEDGER_LOAN_RATES_MAX]; /* oldest first */
    size_t rate_count;
    struct loan_instalment_line next; /* period 0: nothing is due any more but what is overdue */
};

/* An entry that comes of an operation. */
struct loan_line {
    enum loan_entry_kind kind;
    int period; /* 0: none */
    civil_date happened;
    fen principal, interest, penalty;
};

/* Why an operation is refused. */
enum loan_refusal {
    LOAN_NOT_REFUSED,
    LOAN_IS_REPAID,
    LOAN_NOT_POSTED,   /* an instalment that was due before is not posted yet */
    LOAN_NEEDS_MORE,   /* what is due is repaid whole: need is the least amount */
    LOAN_SAYS_NOTHING, /* more than what is due, and no word on the rest */
    LOAN_ALL_OF_IT,    /* as much as settles the loan, or more: need is that amount */
    LOAN_TOO_LITTLE,
    LOAN_WRONG_DAY,
};

/* What an operation does. */
struct loan_change {
    struct loan_standing before, after;
    struct loan_line lines[LOAN_LINES_MAX];
    int count;
    fen paid;    /* the lines together */
    bool agreed; /* after has a new rate line: its last one */
    enum loan_refusal why;
    fen need;
};

/* Reads where a loan of the account stands (ledger_loans, ledger_loan_view). DAMAGED when what is
 * stored does not follow from what was agreed: then nothing can be worked out from it. */
enum result loan_standing_of(const struct loan_view *v, struct loan_standing *out,
                             struct error *err);

/* The penalty on an instalment that was due on a day and is repaid on another. */
fen loan_penalty(const struct policy *p, fen principal, fen interest, millionths rate,
                 civil_date due, civil_date repaid);

/* What happens on and before day when the bank collects: each instalment due by then is paid on its
 * day, or is overdue from then on when collected is false. */
enum result loan_collect(const struct loan_standing *s, civil_date day, bool collected,
                         struct loan_change *out, struct error *err);

/* Money comes in on a day: penalty and overdue instalments first, oldest first and whole, then the
 * instalments that are due, then principal. For the last the borrower chooses: a shorter term with
 * about the same instalment, or a lower instalment over the same term. REFUSED with a sentence when
 * the amount does not fit. */
enum loan_then { LOAN_THEN_NOTHING, LOAN_THEN_SHORTER, LOAN_THEN_LOWER };
enum result loan_pay(const struct policy *p, const struct loan_standing *s, civil_date day,
                     fen amount, enum loan_then then, struct loan_change *out, struct error *err);

/* Everything that is left, on a day. */
enum result loan_settle(const struct policy *p, const struct loan_standing *s, civil_date day,
                        struct loan_change *out, struct error *err);

/* From day on the new rate, for what is not due yet. REFUSED when instalments due by then are not
 * posted, or nothing changes. */
enum result loan_reprice(const struct loan_standing *s, civil_date day, millionths rate,
                         struct loan_change *out, struct error *err);

/* The instalments ahead. Room for LOAN_MONTHS_MAX. */
int loan_ahead(const struct loan_standing *s, struct loan_instalment_line *out);

#endif
