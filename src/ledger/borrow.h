/* How much somebody could borrow: the four limits of a new loan, from dated policy. No database.
 * Rules and how sure each figure is: docs/rules.md, "Loans". */
#ifndef ANJU_LEDGER_BORROW_H
#define ANJU_LEDGER_BORROW_H

#include "base/money.h"
#include "policy/policy.h"

/* One's own figures, and those of a co-borrower as they are supposed. */
struct borrow_case {
    civil_date today;
    int full_months; /* consecutive, in full */
    fen base, balance;
    bool open;   /* the account is open … */
    bool paying; /* … and contributions are due to it */
    bool owes;   /* a loan is not repaid */
    bool with_partner;
    fen partner_base, partner_balance;
    fen price; /* 0: not said */
    int months;
    bool second_home, subsidised;
    uint32_t uplifts; /* bit n: the n-th of policy_loan_uplifts */
};

enum borrow_limit { LIMIT_CAP, LIMIT_PRICE, LIMIT_REPAYMENT, LIMIT_BALANCE, LIMIT_COUNT };

enum borrow_refusal {
    BORROW_CLOSED = 1 << 0,    /* there is no open account */
    BORROW_SEALED = 1 << 1,    /* nothing is contributed now */
    BORROW_TOO_SOON = 1 << 2,  /* fewer months in full than are needed */
    BORROW_OWES = 1 << 3,      /* an earlier loan is not repaid */
    BORROW_NOTHING = 1 << 4,   /* the lowest limit is below one step */
    BORROW_NO_POLICY = 1 << 5, /* the policy knows no cap or rate for the day */
};

struct borrow_answer {
    struct loan_bounds bounds;
    struct loan_uplift uplifts[POLICY_UPLIFTS_MAX];
    size_t uplift_count;
    millionths rate, uplift, down_payment;
    int64_t time_factor;    /* hundredths */
    fen most_payment;       /* the household can bear so much a month */
    fen limit[LIMIT_COUNT]; /* LIMIT_PRICE: 0 and not counted when no price is said */
    enum borrow_limit lowest;
    fen amount;            /* the lowest, rounded down to whole steps */
    fen payment, interest; /* of that amount by equal instalments over the months */
    uint32_t refusals;     /* enum borrow_refusal; 0: none */
};
void borrow(const struct policy *p, const struct borrow_case *c, struct borrow_answer *out);

#endif
