/* Dated rules that a committee can change: read from policy/NAME.yaml, never in code. */
#ifndef ANJU_POLICY_POLICY_H
#define ANJU_POLICY_POLICY_H

#include "base/date.h"
#include "base/money.h"
#include "base/result.h"

struct policy;

/* Reads and checks a policy file; the sentence names file, key and line where it can. */
enum result policy_load(const char *path, struct policy **out, struct error *err);
void policy_free(struct policy *p);

/* Deposit interest: from which day which rates hold. Before one_rate_since the two parts earn
 * different rates (this year's: demand; carried over: three-month); since then one. */
struct deposit_rate {
    civil_date since;
    millionths this_year, carried;
};
/* The rate that holds on day d; RESULT_NOT_FOUND before the first. */
enum result policy_deposit_rate(const struct policy *p, civil_date d, struct deposit_rate *out);
/* All steps between from and to (both included), first the one that holds on from; at most room. */
size_t policy_deposit_steps(const struct policy *p, civil_date from, civil_date to,
                            struct deposit_rate *out, size_t room);
int32_t policy_day_count(const struct policy *p); /* 360 */

/* The day by which the contribution for month m must be credited. */
civil_date policy_contribution_due(const struct policy *p, civil_month m);

/* Bounds of base and ratio on a date; amounts of 0 when unknown for that time. */
struct contribution_bounds {
    fen base_floor, base_cap;
    millionths ratio_floor, ratio_cap;
};
void policy_contribution_bounds(const struct policy *p, civil_date d, const char *district_class,
                                struct contribution_bounds *out);

/* Working or calendar days for a withdrawal decision on a date (2026 Regulations, article 25). */
int policy_withdrawal_decision_days(const struct policy *p, civil_date d);

/* Days for the written answer to a dispute that is raised on a date (2026 Regulations, article
 * 37). */
int policy_dispute_days(const struct policy *p, civil_date d);

/* What pages need to know of the hotline (12329), and of the other centre in the city that a person
 * who is not found may belong to. They live as long as the policy. */
const char *policy_hotline(const struct policy *p);
const char *policy_other_centre_zh(const struct policy *p);
const char *policy_other_centre_en(const struct policy *p);

#endif
