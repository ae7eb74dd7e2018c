/* Instalments of loans, in fen; rates in millionths a year. */
#ifndef ANJU_CITY_ANNUITY_H
#define ANJU_CITY_ANNUITY_H

#include <stdint.h>

/* A month's interest on balance: balance x rate / 12, half up. */
int64_t month_interest(int64_t balance, int32_t rate);

/* The equal instalment that repays principal (up to 10^9 fen) in months (1 to 360) at rate (up to
 * 60000): P i (1+i)^n / ((1+i)^n - 1) with i = rate / 12, half up. The rounding is proven, not
 * hoped for: see annuity.c. */
int64_t equal_instalment(int64_t principal, int32_t rate, int months);

/* A day's penalty is 1.5 times the loan's rate on the overdue principal; for days of them. */
int64_t overdue_penalty(int64_t overdue_principal, int32_t rate, int32_t days);

/* Interest for days of a running month, rate / 360 a day. */
int64_t days_interest(int64_t balance, int32_t rate, int32_t days);

#endif
