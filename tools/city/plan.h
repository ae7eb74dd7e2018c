/* What is going to happen to somebody: made from chance alone, before any day is lived. Nothing in
 * a plan depends on the day until which it will be lived. */
#ifndef ANJU_CITY_PLAN_H
#define ANJU_CITY_PLAN_H

#include "person.h"

enum {
    JOBS_MAX = 64,
    REQUESTS_MAX = 224,
    ODD_MAX = 6,
    ACCOUNT_NUMBER_MAX = 14,
};

/* A stretch of months [from, to) for which one unit owes contributions. */
struct job {
    int32_t from, to;
    int64_t unit;
    int32_t starts; /* day of opening, unsealing or moving over from the unit before */
    int32_t seals;  /* day of sealing, when no other job follows at once; else NEVER */
};

/* What becomes of a month's contribution. */
enum fate {
    FATE_PAID,
    FATE_MISSING,
    FATE_MISSING_BACK,
    FATE_SHORT,
    FATE_SHORT_BACK,
    FATE_LATE,
    FATE_WRONG
};

struct odd_month {
    int32_t month;
    enum fate fate;
};

/* Table A.15's neighbours: states and steps of an application. */
enum { REQUEST_RECEIVED = 1, REQUEST_APPROVED, REQUEST_PAID, REQUEST_REFUSED, REQUEST_WITHDRAWN };
enum { STEP_SUBMITTED = 1, STEP_ACCEPTED, STEP_APPROVED, STEP_PAID, STEP_REFUSED, STEP_WITHDRAWN };

/* Reasons, table A.7. */
enum {
    FOR_BUYING = 1,
    FOR_REPAIR_OF_HOME = 2,
    ON_RETIREMENT = 3,
    ON_DISABILITY = 4,
    ON_MOVING = 5,
    FOR_REPAYING = 6,
    FOR_RENTING = 7,
    ON_DEATH = 8,
    ON_ILLNESS = 9,
    REASON_OTHER = 99
};

struct request {
    int32_t apply, accept, decide, end; /* days */
    int outcome;                        /* REQUEST_PAID, _REFUSED or _WITHDRAWN */
    int reason;
    bool closes;  /* the whole balance, kind 12 */
    int share;    /* of what is available, in thousandths */
    int64_t most; /* and at most so much */
};

struct freeze {
    int32_t day, lifted; /* NEVER */
    int64_t amount;      /* 0: the whole account */
    bool by_court;
};

enum close_how { CLOSE_NOT, CLOSE_WITHDRAWN, CLOSE_TRANSFERRED, CLOSE_MERGED };

struct loan_plan {
    bool taken;
    int32_t day; /* paid out */
    int64_t principal, price;
    int months;
    bool equal_principal, second_home;
    int due_day;       /* of the month */
    int prepay_period; /* 0: none */
    int64_t prepaid;
    int settle_period;        /* repaid early after this period, 0: not */
    int late_period, late_by; /* one instalment paid so many days late, 0: none */
    int32_t stops, resumes;   /* instalments due in [stops, resumes) are paid on resumes */
    int64_t partner;          /* person whose first account is the co-borrower's; -1 */
};

struct account_plan {
    char number[ACCOUNT_NUMBER_MAX];
    int32_t opened;
    int jobs;
    struct job job[JOBS_MAX];
    enum close_how close;
    int32_t close_day;
    int close_reason;
    int32_t moved_in; /* day on which money came from another city, NEVER */
    int64_t moved_amount;
    struct freeze freeze;
    int requests;
    struct request request[REQUESTS_MAX];
    int odds;
    struct odd_month odd[ODD_MAX];
    bool plain;        /* nothing odd but the odd months */
    int32_t plant_day; /* settlement that is booked wrong, NEVER */
    int64_t plant_error;
    struct loan_plan loan;
};

struct life {
    struct person person;
    int64_t wage;
    int accounts; /* 1, or 2 when the first was merged into the second */
    struct account_plan account[2];
    int32_t leaves; /* month from which no job is taken any more, NEVER */
};

/* Plans the life of person index. Jobs and requests are listed as far as they begin by until. */
void life_plan(const struct world *w, int64_t index, int32_t until, struct life *l);

/* The parts, in the order in which life_plan calls them. */
void plan_jobs(const struct world *w, struct life *l, struct account_plan *a, int32_t first,
               int32_t stop, int32_t until);
void plan_special(const struct world *w, struct life *l, int32_t until);
void plan_loan(const struct world *w, struct life *l, struct account_plan *a);
void plan_requests(const struct world *w, struct life *l, struct account_plan *a, int32_t until);
void plan_close(struct life *l, struct account_plan *a, int32_t until);
void plan_request(struct account_plan *a, struct request r);

/* The number of an account, for those who refer to it. */
void account_number(int64_t person, int which, char *out);

/* The first of a plan's facts alone: when the person's first account is opened, and whether it is
 * one that lasts. For co-borrowers. */
bool partner_fits(const struct world *w, int64_t index, int32_t day);

#endif
