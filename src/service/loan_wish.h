/* Private to `anju loan`: an order as it is asked for, at the command line or in a file. */
#ifndef ANJU_SERVICE_LOAN_WISH_H
#define ANJU_SERVICE_LOAN_WISH_H

#include "ledger/loan_options.h"
#include "ledger/loan_post.h"
#include "service/loan_desk.h"

enum option {
    KEY,
    STAFF,
    ACCOUNT,
    LOAN,
    CONTRACT,
    DATE,
    AMOUNT,
    MONTHS,
    METHOD,
    DUE_DAY,
    GUARANTEE,
    BANK,
    PRICE,
    RATE,
    SECOND_HOME,
    COBORROWER,
    THEN,
    FROM_FUND,
    ACT,
    REASON,
    MISSED,
    DRY_RUN,
    JSON,
    OPTIONS,
};

extern const struct loan_option loan_wish_options[OPTIONS];

struct loan_operation {
    const char *name;
    enum loan_order_kind kind;
    unsigned takes; /* a bit for each option */
};
/* NULL: there is none of that name. */
const struct loan_operation *loan_find_operation(struct text name);

/* An order as it was asked for, before the policy is known. */
struct loan_wish {
    struct loan_order order;
    bool second_home, no_rate;
};

/* False, and said on standard error, when something is wrong. Texts are views into the options. */
bool loan_wish_read(const struct loan_options *o, const struct loan_operation *op,
                    struct loan_wish *w);

/* The look is on record before anything of the borrower is shown, also in a dry run. */
enum result loan_wish_look(struct loan_desk *d, const struct loan_wish *w, struct error *err);
/* Inside a transaction that writes the ledger. */
enum result loan_wish_post(struct loan_desk *d, struct loan_wish *w, struct loan_order_answer *out,
                           struct error *err);
void loan_wish_say(const struct loan_order_answer *a, bool dry_run, bool json);

/* Closes the desk, says what went wrong and returns the exit status. */
int loan_finish(struct loan_desk *d, enum result r, const char *command, const struct error *err);

#endif
