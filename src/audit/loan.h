/* Private to the audit of loans. */
#ifndef ANJU_AUDIT_LOAN_H
#define ANJU_AUDIT_LOAN_H

#include "audit.h"

/* JGJ/T 320 table A.15. */
enum {
    LOAN_PAID_OUT = 1,
    LOAN_REPAYMENT = 2,
    LOAN_PREPAYMENT = 3,
    LOAN_OVERDUE_REPAYMENT = 4,
    LOAN_SETTLED = 6,
};
/* Table A.11. */
enum { EQUAL_INSTALMENTS = 1, EQUAL_PRINCIPAL = 2 };

enum {
    L_ACCOUNT,
    L_LOAN,
    L_CONTRACT,
    L_PAID_OUT,
    L_PAID_OUT_ON,
    L_BALANCE,
    L_RATE,
    L_MONTHS,
    L_METHOD,
    L_STATE,
    L_PERIODS_PAID,
    L_NEXT_DUE,
    L_NEXT_PAYMENT,
    L_NEXT_PRINCIPAL,
    L_NEXT_INTEREST,
    L_OVERDUE_PRINCIPAL,
    L_OVERDUE_INTEREST,
    L_OVERDUE_PERIODS,
    L_PRINCIPAL_REPAID,
    L_INTEREST_REPAID,
    L_SETTLED,
    L_HEAD_SEQ,
    L_HEAD_HASH,
    L_BATCH,
    L_DUE_DAY,
    L_CONTRACT_PRINCIPAL,
    L_CONTRACT_MONTHS,
    L_CONTRACT_METHOD,
    L_ACTS,
};

enum { PERIODS_MAX = 361, RATES_MAX = 512, EXTRAS_MAX = 512 };

/* What was repaid of an instalment. */
struct repaid {
    int64_t seq, happened, kind, principal, interest, penalty;
    bool there;
};
/* What was repaid out of turn. */
struct extra {
    int64_t seq, happened, kind, principal, interest;
};
struct agreed {
    int64_t since, payment;
    int32_t rate;
};

struct loan {
    char account[AUDIT_KEY_MAX], loan[AUDIT_KEY_MAX];
    bool imported;
    bool own; /* operations moved it: its schedule is not derived */
    int64_t seq, booked, balance, paid_out, principal, interest, repaid_on;
    uint8_t hash[AUDIT_HASH];
    struct repaid repaid[PERIODS_MAX + 1]; /* by instalment, from 1 */
    struct extra extras[EXTRAS_MAX];
    int extra_count;
    struct agreed agreed[RATES_MAX];
    int agreed_count;
    int last_period;
    bool too_many; /* for the arrays: the schedule is not derived */
};

struct place loan_place(const struct loan *l, const char *table, int64_t seq);
/* loan_schedule.c: derives every instalment from the contract, the rates and what was repaid. row is
 * the loan's. */
void loan_schedule(struct audit *a, struct loan *l, const struct cursor *row);

#endif
