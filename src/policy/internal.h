/* Private to src/policy. */
#ifndef ANJU_POLICY_INTERNAL_H
#define ANJU_POLICY_INTERNAL_H

#include "file.h"
#include "policy/policy.h"

enum { POLICY_ROWS_MAX = 129 }; /* rows of a table, and one step more for the one-rate day */

struct due_rule {
    civil_date since;
    int months_after, day;
};
struct ratio_rule {
    civil_date since;
    millionths floor, cap;
};
struct days_rule {
    civil_date since;
    int days;
};

struct policy {
    struct policy_file *file; /* words that are used as they stand */
    struct deposit_rate rates[POLICY_ROWS_MAX];
    size_t rate_count;
    int32_t day_count;
    struct due_rule due[POLICY_ROWS_MAX];
    struct ratio_rule ratios[POLICY_ROWS_MAX];
    civil_date base_since[POLICY_ROWS_MAX]; /* of file->contribution.base_limits */
    struct days_rule decision_days[POLICY_ROWS_MAX];
    struct days_rule dispute_days[POLICY_ROWS_MAX];
};

/* Turns p->file into typed rules and checks them; path is for the sentence. */
enum result policy_check(struct policy *p, const char *path, struct error *err);

/* An amount that policy_check has read before. */
fen policy_yuan(const char *word);

#endif
