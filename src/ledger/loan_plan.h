/* What a loan's instalments are, in whole fen: the rule of docs/rules.md, "Loans". No database. */
#ifndef ANJU_LEDGER_LOAN_PLAN_H
#define ANJU_LEDGER_LOAN_PLAN_H

#include "base/date.h"
#include "base/money.h"

/* JGJ/T 320 table A.11; the others have no plan. Once: a loan of a year or less, repaid with all its
 * interest on one day. */
enum loan_method { LOAN_EQUAL_INSTALMENTS = 1, LOAN_EQUAL_PRINCIPAL = 2, LOAN_ONCE = 3 };

enum { LOAN_MONTHS_MAX = 360, LOAN_ONCE_MONTHS_MAX = 12 };

/* A month's interest: principal x rate / 12, half up to the fen. */
fen loan_month_interest(fen principal, millionths rate);

/* The equal instalment P i / (1 - (1+i)^-n), half up to the fen; without interest P / n. A value
 * that lies less than a ten-millionth of a fen below a half counts as the half. Principal 0 to
 * FEN_LIMIT, rate 0 to 1000000, months 1 to LOAN_MONTHS_MAX. */
fen loan_instalment(fen principal, millionths rate, int months);

/* What is still to be repaid, and by which part every month: the equal instalment, or the equal
 * part of the principal. The part is agreed when the money is paid out and again when the rate or
 * the principal changes out of turn; in between it stays, so that it differs by some fen from one
 * worked out anew for what is left. */
struct loan_rest {
    int method;
    fen principal;
    millionths rate;
    int months; /* 0 … LOAN_MONTHS_MAX */
    fen part;
};

/* The part that stands behind an agreed first payment, `periods` instalments ago (0: the coming one
 * is the first). rest->part is what it fills; the rest is as it is now. */
void loan_part_agreed(struct loan_rest *rest, fen first_payment, int periods);

/* The part agreed anew for what is left. */
void loan_part_anew(struct loan_rest *rest);

struct loan_instalment_line {
    int period;
    civil_date due;
    fen payment, principal, interest;
    fen left; /* after it */
};

/* The day in month m on which an instalment is due that is agreed for that day (1 to 31) of each
 * month: the month's last day where it is shorter. */
civil_date loan_due(civil_month m, int day);

/* The instalments from that period on, the first one due in month first and each a month after the
 * one before, on due_day (1 to 31) of it; the last one takes the rest: left is then exactly 0. Room
 * for rest->months lines; returns how many there are, fewer than months when the part repays all
 * sooner, 0 when it repays less than the interest or the method has no plan. Method LOAN_ONCE has
 * one line, due in the last of the months, with the interest of all of them. */
int loan_plan(const struct loan_rest *rest, int period, civil_month first, int due_day,
              struct loan_instalment_line *out);

/* The whole plan of a loan paid out on a day: the first instalment a month later on the same day.
 * rest->months lines (LOAN_ONCE: one); those after all is repaid, which there are when the principal
 * is a few yuan, are zero. */
int loan_plan_whole(const struct loan_rest *rest, civil_date paid_out_on,
                    struct loan_instalment_line *out);

/* The interest of the lines together. */
fen loan_plan_interest(const struct loan_instalment_line *lines, int count);

#endif
