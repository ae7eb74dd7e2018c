/* A loan lived until a day. */
#ifndef ANJU_CITY_LOAN_H
#define ANJU_CITY_LOAN_H

#include "plan.h"
#include "sheet.h"

/* Where a loan stands, for truth.jsonl. */
struct loan_facts {
    bool exists;
    char number[24];
    int32_t rate;
    int64_t balance;
    int periods_paid, periods_overdue;
    int64_t overdue_principal, overdue_interest;
    int32_t next_due; /* NEVER when nothing is due any more */
    int64_t next_payment, next_principal, next_interest;
    int32_t repaid_on; /* NEVER */
};

/* Writes the lines of the loan as it stands on the day until into s, if it was paid out by then. */
void loan_live(const struct account_plan *a, int32_t until, struct sheet *s, struct loan_facts *f);

#endif
