/* Dated rules that a committee can change: read from policy/NAME.yaml, never in code. */
#ifndef ANJU_POLICY_POLICY_H
#define ANJU_POLICY_POLICY_H

#include "base/date.h"
#include "base/money.h"
#include "base/result.h"
#include "base/text.h"

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

/* How many months a contribution may be remitted ahead of its month; for how many a unit may put its
 * contributions off. */
int policy_early_months(const struct policy *p);
int policy_deferral_months(const struct policy *p);

/* How sure a datum is (docs/rules.md explains the marks) and where it was read. The words live as long
 * as the policy. */
enum { POLICY_SOURCES_MAX = 8, POLICY_FLOORS_MAX = 8 };
struct policy_source {
    const char *title, *address; /* address: "" when there is none */
};
struct policy_cite {
    const char *mark;
    const char *note_zh, *note_en; /* NULL: none */
    struct policy_source sources[POLICY_SOURCES_MAX];
    size_t count;
};

/* Limits of the monthly base on a date: one cap, and a floor for each wage class of the districts. */
struct base_limits {
    civil_date since;
    fen cap;
    struct class_floor {
        const char *class;
        fen amount;
    } floors[POLICY_FLOORS_MAX];
    size_t floor_count;
    struct policy_cite cite;
};
/* RESULT_NOT_FOUND when the limits of that time are not known. */
enum result policy_base_limits(const struct policy *p, civil_date d, struct base_limits *out);

/* The range of the ratio of each side on a date; RESULT_NOT_FOUND as above. */
struct ratio_limits {
    civil_date since;
    millionths floor, cap;
    struct policy_cite cite;
};
enum result policy_ratio_limits(const struct policy *p, civil_date d, struct ratio_limits *out);

/* The wage class of the district that an office (管理部, by its Chinese name) is for, on a date. NULL
 * when the office, its district or the class of that time is not known. */
const char *policy_class_of_office(const struct policy *p, struct text office, civil_date d);

/* Working or calendar days for a withdrawal decision on a date (2026 Regulations, article 25). */
int policy_withdrawal_decision_days(const struct policy *p, civil_date d);

/* --- withdrawals --- */

/* What bounds the amount of a ground. */
enum policy_ground_limit {
    GROUND_RENT = 1, /* per household and month */
    GROUND_PRICE,    /* the price of one home, within some months of buying */
    GROUND_COST,     /* what one document says was spent */
    GROUND_FEE,      /* so much a year */
    GROUND_ALL,      /* the whole account, which it closes */
};
struct policy_ground {
    const char *key; /* "rent" */
    const char *zh, *en, *mark;
    int code; /* A.7; 99 for several */
    bool closes;
    bool online; /* the holder may apply in the hall; else at a counter, with the papers */
    enum policy_ground_limit limit;
};
/* The grounds that hold on a day, in the file's order; at most POLICY_GROUNDS_MAX. */
enum { POLICY_GROUNDS_MAX = 32 };
size_t policy_grounds(const struct policy *p, civil_date d,
                      struct policy_ground out[POLICY_GROUNDS_MAX]);
/* One of them by its key; NOT_FOUND when it does not hold on that day. */
enum result policy_ground(const struct policy *p, civil_date d, struct text key,
                          struct policy_ground *out);

/* Rent without an invoice, per household with so many children; NOT_FOUND when the policy knows
 * none for that day. talent: a holder of the city's talent card has a month's limit of their own. */
enum result policy_rent_limit(const struct policy *p, civil_date d, int children, bool talent,
                              fen *month, fen *year);
int policy_rent_full_months(const struct policy *p);
int policy_purchase_within_months(const struct policy *p);
fen policy_property_fee_year(const struct policy *p);
/* Which part a withdrawal takes first. */
bool policy_withdrawal_this_year_first(const struct policy *p);
/* Whether a sealed account may be withdrawn from on closing grounds alone. */
bool policy_sealed_closing_only(const struct policy *p);

/* Days for the written answer to a dispute that is raised on a date (2026 Regulations, article
 * 37). */
int policy_dispute_days(const struct policy *p, civil_date d);

/* --- loans --- */

/* The yearly rate of a new loan of so many months on a day: up to five years or above, first or
 * second home (the first home's where the table has none for a second). NOT_FOUND before the first
 * line. */
enum result policy_loan_rate(const struct policy *p, civil_date d, int months, bool second_home,
                             millionths *out);
/* "01-01": the month and day of the next year on which a loan of more than policy_loan_once_months
 * takes a new rate. */
void policy_loan_reprices_on(const struct policy *p, int *month, int *day);
int policy_loan_once_months(const struct policy *p);

/* A day's penalty on an overdue instalment: base x rate x factor / 100 / day_count. */
struct policy_penalty {
    int64_t factor;   /* hundredths: 150 */
    bool on_interest; /* the base is principal and interest, not principal alone */
    int32_t day_count;
};
struct policy_penalty policy_loan_penalty(const struct policy *p);

/* What bounds the amount of a new loan on a day. */
struct loan_bounds {
    fen cap_one, cap_two; /* 0: not known for that day */
    millionths down_payment, down_payment_subsidised;
    millionths repayment_share; /* of the borrowers' bases together */
    int64_t balance_multiple;   /* hundredths */
    fen step;                   /* the amount is rounded down to whole steps */
    millionths uplift_most;
    int months_most, full_months;
    /* how sure each of them is: "S2", "G" … */
    const char *cap_mark, *down_payment_mark, *repayment_mark, *balance_mark, *full_months_mark;
};
void policy_loan_bounds(const struct policy *p, civil_date d, struct loan_bounds *out);
/* What the balance limit is multiplied with after so many months of contribution, in hundredths. */
int64_t policy_loan_time_factor(const struct policy *p, int months);

/* Uplifts of the cap that hold on a day; at most room. The words live as long as the policy. */
enum { POLICY_UPLIFTS_MAX = 8 };
struct loan_uplift {
    const char *zh, *en;
    millionths share;
};
size_t policy_loan_uplifts(const struct policy *p, civil_date d,
                           struct loan_uplift out[POLICY_UPLIFTS_MAX]);

/* What pages need to know of the hotline (12329), and of the other centre in the city that a person
 * who is not found may belong to. They live as long as the policy. */
const char *policy_hotline(const struct policy *p);
const char *policy_other_centre_zh(const struct policy *p);
const char *policy_other_centre_en(const struct policy *p);
const char *policy_site(const struct policy *p); /* the address of the centre's own pages */
/* What is known of that other centre, and how well. */
void policy_other_centre_cite(const struct policy *p, struct policy_cite *out);

/* The centre's offices, in the order in which a page shows them; their number. */
struct policy_office {
    const char *zh, *en, *district, *address, *hours, *phone; /* "": not known */
};
enum { POLICY_OFFICES_MAX = 64 };
size_t policy_offices(const struct policy *p, struct policy_office out[POLICY_OFFICES_MAX],
                      struct policy_cite *cite);

/* Takes the offices from a file of their own (anju-offices/1) in place of the policy's: a centre's
 * configuration names it. Called before the policy is shared between threads. */
enum result policy_take_offices(struct policy *p, const char *path, struct error *err);

#endif
