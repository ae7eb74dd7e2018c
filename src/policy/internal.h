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

/* loan.* in types; what holds since a day stands beside the file's row of the same number. */
struct loan_rule {
    civil_date rate_since[POLICY_ROWS_MAX], cap_since[POLICY_ROWS_MAX],
        uplift_since[POLICY_ROWS_MAX];
    millionths uplift_most, down_payment, down_payment_subsidised, repayment_share;
    int64_t balance_multiple; /* hundredths */
    fen amount_step;
    int months_most, full_months, once_months;
    struct policy_penalty penalty;
};

/* withdrawal.* in types. */
struct withdrawal_rule {
    struct ground_rule {
        civil_date since, until; /* until: DATE_NONE when it goes on */
        int code;
        enum policy_ground_limit limit;
    } grounds[POLICY_ROWS_MAX];
    civil_date rent_since[POLICY_ROWS_MAX];
    fen rent_talent_month, fee_year;
    int rent_full_months, purchase_months;
    bool this_year_first, sealed_closing_only;
};

struct policy {
    struct policy_file *file;     /* words that are used as they stand */
    struct offices_file *offices; /* NULL: those of the policy file */
    struct deposit_rate rates[POLICY_ROWS_MAX];
    size_t rate_count;
    int32_t day_count;
    struct due_rule due[POLICY_ROWS_MAX];
    struct ratio_rule ratios[POLICY_ROWS_MAX];
    int early_months, deferral_months;
    civil_date base_since[POLICY_ROWS_MAX]; /* of file->contribution.base_limits */
    struct days_rule decision_days[POLICY_ROWS_MAX];
    struct days_rule dispute_days[POLICY_ROWS_MAX];
    struct loan_rule loan;
    struct withdrawal_rule withdrawal;
};

/* Turns p->file into typed rules and checks them; path is for the sentence. */
enum result policy_check(struct policy *p, const char *path, struct error *err);

/* Checks a file of offices. */
enum result policy_check_offices(const struct offices_file *f, const char *path, struct error *err);

/* The newest of count ascending dates, size bytes apart, that is not after d; count when there is
 * none. Tables are short and asked from their end. */
size_t policy_newest(const void *since, size_t size, size_t count, civil_date d);
#define POLICY_NEWEST(rows, count, d) policy_newest(&(rows)[0].since, sizeof(rows)[0], count, d)

/* Mark, note and sources of a datum; its sources are in the list. */
void policy_cite_from(const struct source_row *list, uint32_t count, const struct cited *from,
                      struct policy_cite *out);
/* The district an office is for; NULL when it is not known. */
const char *policy_district_of(const struct policy *p, struct text office);

/* An amount that policy_check has read before. */
fen policy_yuan(const char *word);

#endif
