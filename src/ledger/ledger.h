/* Reading the ledger: accounts, entries, the month picture, interest to a day. All functions run
 * inside a transaction of the caller's and take their memory from the caller's arena. They know
 * nothing of who may see what: only src/access and src/service call them. */
#ifndef ANJU_LEDGER_LEDGER_H
#define ANJU_LEDGER_LEDGER_H

#include "base/arena.h"
#include "ledger/entry.h"
#include "policy/policy.h"
#include "store/store.h"

struct account {
    struct text account, person, unit, unit_name;
    struct text handler_name, handler_phone; /* the unit's handler, office line */
    struct text office;
    enum account_state state;
    civil_date opened, closed; /* closed: DATE_NONE */
    int close_reason;
    struct text merged_into; /* at == NULL: none */
    fen base;
    millionths unit_ratio, own_ratio;
    fen unit_amount, own_amount;
    civil_month paid_to; /* MONTH_NONE */
    fen frozen;
    civil_date frozen_since;
    struct text frozen_by;
    struct running running;
};

/* RESULT_NOT_FOUND when there is none. */
enum result ledger_account(struct db *db, struct arena *a, struct text account, struct account *out,
                           struct error *err);

struct holder {
    struct text account, person, name; /* name in full: mask_name for showing */
    int id_type;
    struct text id_mask, phone_mask, card_mask, card_bank;
    struct text phone_sealed; /* at == NULL: none */
};

enum result ledger_holder(struct db *db, struct arena *a, struct text account, struct holder *out,
                          struct error *err);

/* The accounts of a person, the open one first, then by opening date, newest first. At most
 * LEDGER_ACCOUNTS_MAX. */
enum { LEDGER_ACCOUNTS_MAX = 8, LEDGER_ENTRIES_MAX = 100, LEDGER_MONTHS_MAX = 720 };
enum result ledger_accounts_of(struct db *db, struct arena *a, struct text person,
                               struct account out[LEDGER_ACCOUNTS_MAX], size_t *count,
                               struct error *err);

/* Entries newest first. */
struct entry_filter {
    int64_t before_seq; /* 0: from the newest */
    int year;           /* of the booking date; 0: all */
    int kind;           /* 0: all */
    int limit;          /* 1 … LEDGER_ENTRIES_MAX */
};
/* *more tells whether older ones exist under the same filter. */
enum result ledger_entries(struct db *db, struct arena *a, struct text account,
                           const struct entry_filter *f, struct entry **out, size_t *count,
                           bool *more, struct error *err);

/* A month's picture: what was due, what came. Reversed entries and their reversals cancel out. */
enum month_state {
    MONTH_FULL,     /* credited in full in time */
    MONTH_LATE,     /* in full by remittance, after the due day */
    MONTH_BACKPAID, /* in full, by back payment in part or whole */
    MONTH_SHORT,    /* less than due, due day over */
    MONTH_MISSING,  /* nothing, due day over */
    MONTH_AWAITED,  /* nothing or less, due day not over */
    MONTH_SEALED,   /* nothing was due */
    MONTH_EXTRA,    /* money came though none was due */
};

struct month {
    civil_month month;
    enum month_state state;
    struct text unit, unit_name;
    fen base;
    millionths unit_ratio, own_ratio;
    fen unit_due, own_due;
    fen unit_credited, own_credited;
    civil_date credited_on; /* the last credit; DATE_NONE when none */
    civil_date due_day;     /* policy: contribution.due */
    bool base_changed;      /* the base differs from the month before */
    fen base_before;
};

/* Months from the first due one (or from, when later) to today's month, oldest first. MONTH_NONE
 * for from: all. */
enum result ledger_months(struct db *db, struct arena *a, const struct policy *p,
                          const struct account *account, civil_month from, civil_date today,
                          struct month **out, size_t *count, struct error *err);

/* Consecutive months in full up to the last one whose due day is over or that is credited already,
 * counted back from the newest; and what it would be if the newest gap were filled. */
void ledger_months_consecutive(const struct month *months, size_t count, int *full, int *if_mended);

/* Interest from the last settlement to and with day d, rounded half up once (policy's rates). d is
 * not before the last settlement. A scan of this interest year's entries only when a rate changed
 * inside it. */
enum result ledger_interest_to(struct db *db, const struct policy *p, const struct account *account,
                               civil_date d, fen *interest, struct error *err);

/* The balance at the end of each month for the curve: at most months values, oldest first, the last
 * one being today's balance. */
struct curve_point {
    civil_date day;
    fen balance;
};
enum result ledger_curve(struct db *db, struct arena *a, const struct account *account, int months,
                         civil_date today, struct curve_point **out, size_t *count,
                         struct error *err);

/* Applications still moving, and the loan, as the overview shows them. */
struct application {
    struct text application;
    civil_date applied;
    int reason, state;
    fen amount;
    civil_date decide_by; /* policy: withdrawal.decision_days after acceptance; DATE_NONE */
};
enum result ledger_open_applications(struct db *db, struct arena *a, const struct policy *p,
                                     struct text account, struct application **out, size_t *count,
                                     struct error *err);
struct loan {
    struct text loan, contract, bank;
    int state, method, months, periods_paid, overdue_periods;
    fen paid_out, balance;
    millionths rate;
    civil_date paid_out_on, last_due, next_due; /* next_due: DATE_NONE when repaid */
    fen next_payment, next_principal, next_interest;
    fen overdue_principal, overdue_interest;
};
enum result ledger_loans(struct db *db, struct arena *a, struct text account, struct loan **out,
                         size_t *count, struct error *err);

#endif
