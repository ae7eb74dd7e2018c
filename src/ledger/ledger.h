/* Reading the ledger: accounts, entries, the month picture, interest to a day. All functions run
 * inside a transaction of the caller's and take their memory from the caller's arena. They know
 * nothing of who may see what: only src/access and src/service call them. */
#ifndef ANJU_LEDGER_LEDGER_H
#define ANJU_LEDGER_LEDGER_H

#include "base/arena.h"
#include "ledger/entry.h"
#include "ledger/loan_entry.h"
#include "ledger/loan_plan.h"
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

/* One month laid open. The entries that were booked for it, oldest first; a reversal stands behind
 * what it takes back. At most LEDGER_CREDITS_MAX, the oldest. */
enum { LEDGER_CREDITS_MAX = 60 };
struct month_credit {
    int64_t seq;
    civil_date booked, value_day;
    enum entry_kind kind;
    struct text unit_name, flow;
    fen unit_amount, own_amount;
    int64_t reverses; /* 0: none */
    bool reversed;    /* a later one takes it back */
};
enum result ledger_month_credits(struct db *db, struct arena *a, struct text account,
                                 civil_month month, struct month_credit **out, size_t *count,
                                 struct error *err);

/* Where a base or a ratio stands in its range. DEPENDS: on the wage class of the district, which is
 * not known: it is above the lowest floor and below the highest. */
enum limit_state { LIMIT_UNKNOWN, LIMIT_WITHIN, LIMIT_BELOW, LIMIT_ABOVE, LIMIT_DEPENDS };

/* What was agreed for a month held against the rules of its first day, and both shares worked out
 * anew: base x ratio, each side by itself to the whole yuan, half up. */
struct month_check {
    bool limits_known, ratios_known;
    struct base_limits limits;
    struct ratio_limits ratios;
    const char *class; /* of the office's district; NULL: not known */
    enum limit_state base, unit_ratio, own_ratio;
    fen unit_share, own_share;
    int64_t unit_exact, own_exact; /* before rounding, in millionths of a yuan */
};
/* Pure arithmetic; office is the one that the month's unit belongs to. */
void ledger_month_check(const struct policy *p, const struct month *m, struct text office,
                        struct month_check *out);

/* The office of a unit; empty when the unit is not there. */
enum result ledger_unit_office(struct db *db, struct arena *a, struct text unit, struct text *out,
                               struct error *err);

/* The whole life of an account, a point for each month in which something was booked, oldest first,
 * the sums signed. other: transfers, merging and what has no kind of its own. */
struct history_point {
    civil_month month;
    fen contributed, withdrawn, interest, other;
    fen balance; /* after the month's last entry */
};
enum { LEDGER_HISTORY_MAX = LEDGER_MONTHS_MAX };
/* At most LEDGER_HISTORY_MAX points, the newest. */
enum result ledger_history(struct db *db, struct arena *a, struct text account,
                           struct history_point **out, size_t *count, struct error *err);

/* One fund year (1 July to 30 June) of an account as it was booked; only the interest of a 30 June belongs
 * to that day whenever it was booked, so that the year has its own. opening is what stood before `from`,
 * closing after `to`: opening + what moved = closing. An entry that was reversed within the year and its
 * reversal come to nothing. */
enum year_what {
    YEAR_UNIT,     /* the unit's share of contributions */
    YEAR_OWN,      /* one's own */
    YEAR_INTEREST, /* posted on 30 June, or paid at a closing */
    YEAR_TRANSFER_IN,
    YEAR_TRANSFER_OUT,
    YEAR_MERGED,    /* from another account (positive) or into one */
    YEAR_WITHDRAWN, /* by ground */
    YEAR_CLOSED,    /* balance and interest, by ground */
    YEAR_OTHER,
};
struct year_moved {
    enum year_what what;
    int reason; /* A.7; 0: none */
    fen amount; /* never 0 */
};
enum { LEDGER_YEAR_MOVED_MAX = 64 };
struct fund_year {
    civil_date from, to; /* both count */
    fen opening, closing;
    struct year_moved moved[LEDGER_YEAR_MOVED_MAX]; /* in the order of year_what and reason */
    size_t moved_count;
    /* Of the account's loans. */
    fen lent, repaid_principal, repaid_interest, repaid_penalty;
};
enum result ledger_fund_year(struct db *db, struct text account, civil_date from, civil_date to,
                             struct fund_year *out, struct error *err);

/* A month in brief, for as many as a page shows. */
struct month_mark {
    civil_month month;
    enum month_state state;
    fen due, credited;
    civil_date credited_on;
};

/* What the first page needs of a person's accounts, in one statement. */
struct digest;
struct glance {
    struct account account;
    struct text name;         /* the holder's, in full; at == NULL: there is no holder */
    bool applications, loans; /* there are some that are open; there are some */
    int64_t digest_seq;
    struct text facts; /* at == NULL: there is no digest */
};
/* In the order of ledger_accounts_of. */
enum result ledger_glances_of(struct db *db, struct arena *a, struct text person,
                              struct glance out[LEDGER_ACCOUNTS_MAX], size_t *count,
                              struct error *err);

/* Unpacks the digest and says whether it can be believed on that day: it sums up everything, and
 * nothing in it lies in the future. Otherwise the ledger must be walked (ledger_months, ledger_entries,
 * ledger_curve), which gives the same. */
bool ledger_glance_digest(const struct glance *g, civil_date today, struct digest *out);

/* Months from `from` on (or from the first due one, when that is later) to today's, and the
 * consecutive ones counted over all; as ledger_months and ledger_months_consecutive. */
struct month_marks {
    struct month_mark *list;
    size_t count;
    int full, if_mended;
};
enum result ledger_digest_months(const struct digest *d, struct arena *a, const struct policy *p,
                                 const struct account *account, civil_month from, civil_date today,
                                 struct month_marks *out, struct error *err);

/* Interest from the last settlement to and with day d, rounded half up once (policy's rates). d is
 * not before the last settlement. A scan of this interest year's entries only when a rate changed
 * inside it. */
enum result ledger_interest_to(struct db *db, const struct policy *p, const struct account *account,
                               civil_date d, fen *interest, struct error *err);

/* Interest years laid open. One runs from the day after a settlement to the next one, and bears the
 * number of the calendar year in which it ends; the first begins when the account was opened. What
 * stands there now (posted) is apart from what comes out when it is worked out anew (right). */
enum interest_state {
    INTEREST_RUNNING, /* not settled: reckoned to this day */
    INTEREST_SETTLED, /* by the settlement of its last day */
    INTEREST_PAID,    /* the account was closed: paid out beside the balance */
};
struct interest_year {
    int year;
    enum interest_state state;
    civil_date from, to; /* both count; from > to: no day yet */
    fen posted;          /* 0 while it runs */
    bool known;          /* the policy knows the rates of all its days; otherwise right is 0 */
    fen right;
    int64_t before; /* its entries are those before this one; 0: to the newest */
};

/* Days at one balance and one rate. While the two parts earn different rates each has lines of its
 * own; days without money have none. */
enum interest_part { INTEREST_WHOLE, INTEREST_THIS_YEAR, INTEREST_CARRIED };
struct interest_line {
    civil_date from, to;
    enum interest_part part;
    fen balance;
    millionths rate;
    int64_t product; /* fen x days */
};
/* What all lines of a rate come to, whether listed or not. */
struct interest_sum {
    millionths rate;
    int64_t product;
};
enum { INTEREST_YEARS_MAX = 100, INTEREST_LINES_MAX = 400, INTEREST_SUMS_MAX = 32 };
struct interest_calculation {
    struct interest_line *lines; /* oldest first */
    size_t count;
    size_t left_out; /* lines beyond INTEREST_LINES_MAX: the newest ones */
    struct interest_sum sums[INTEREST_SUMS_MAX];
    size_t sum_count;
    int64_t unrounded; /* the interest in millionths of a yuan, cut off */
    fen interest;      /* rounded half up, once */
    fen balance;       /* at the end of the last day */
};

/* The interest years of an account, newest first, the running or the paid one at the head; at most
 * INTEREST_YEARS_MAX. to is today, or the last day of an account that is closed. */
enum result ledger_interest_years(struct db *db, struct arena *a, const struct policy *p,
                                  const struct account *account, civil_date to,
                                  struct interest_year **out, size_t *count, struct error *err);
/* One of them, line by line. */
enum result ledger_interest_lines(struct db *db, struct arena *a, const struct policy *p,
                                  const struct account *account, const struct interest_year *year,
                                  struct interest_calculation *out, struct error *err);

/* The year that holds a day, cut off after it: past, or to come until the next settlement if nothing
 * moves any more. With ledger_interest_lines it says the balance at the end of the day (that of the
 * lines and posted; by value days, as far as is known today) and the interest from the year's first
 * day to and with it. */
struct interest_as_of {
    civil_date day;
    struct interest_year year;
    fen posted;  /* of the settlement on that very day, which the lines do not hold; otherwise 0 */
    bool closed; /* the account was closed by then: no balance, no interest after that */
};
/* INVALID before the account was opened, and after the next settlement. */
enum result ledger_interest_as_of(struct db *db, struct arena *a, const struct policy *p,
                                  const struct account *account, civil_date today, civil_date day,
                                  struct interest_as_of *out, struct error *err);

/* The balance at the end of each month for the curve: at most months values, oldest first, the last
 * one being today's balance. */
struct curve_point {
    civil_date day;
    fen balance;
};
enum result ledger_curve(struct db *db, struct arena *a, const struct account *account, int months,
                         civil_date today, struct curve_point **out, size_t *count,
                         struct error *err);

/* The same from the digest; at most DIGEST_CURVE_MONTHS. */
enum result ledger_digest_curve(const struct digest *d, struct arena *a,
                                const struct account *account, int months, civil_date today,
                                struct curve_point **out, size_t *count, struct error *err);

/* The newest entries of the digest, newest first, without unit, terms, batch and hash; limit is at
 * most DIGEST_RECENT. */
enum result ledger_digest_recent(const struct digest *d, struct arena *a, size_t limit,
                                 struct entry **out, size_t *count, struct error *err);

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
    int due_day; /* of the month, 1 to 31; a shorter month's last day */
    fen paid_out, balance;
    millionths rate;
    civil_date paid_out_on, last_due, next_due; /* next_due: DATE_NONE when repaid */
    fen next_payment, next_principal, next_interest;
    fen overdue_principal, overdue_interest;
};
enum result ledger_loans(struct db *db, struct arena *a, struct text account, struct loan **out,
                         size_t *count, struct error *err);

/* One loan as its own page shows it. */
struct loan_rate {
    civil_date since;
    millionths rate;
    fen payment; /* the first one from then on */
};
enum { LEDGER_LOAN_RATES_MAX = 120 };
/* Newest first, those yet to come among them. */
enum result ledger_loan_rates(struct db *db, struct arena *a, struct text account, struct text loan,
                              struct loan_rate **out, size_t *count, struct error *err);

struct loan_view {
    struct loan loan;
    civil_date signed_on; /* DATE_NONE: the contract is not there */
    fen principal, price;
    int guarantee;
    bool shared; /* there is a co-borrower */
    fen principal_repaid, interest_repaid;
    civil_date settled;      /* DATE_NONE: not repaid */
    struct loan_rate *rates; /* newest first, those yet to come among them */
    size_t rate_count;
    /* The instalments ahead, if the rate stays and what is overdue is repaid; none when the loan is
     * repaid, its method has no plan or its term is over. plan_agrees: the first one is the stored
     * next instalment. */
    struct loan_instalment_line *plan;
    size_t plan_count;
    bool plan_agrees;
};
enum result ledger_loan_view(struct db *db, struct arena *a, struct text account,
                             const struct loan *loan, civil_date today, struct loan_view *out,
                             struct error *err);

/* The loan's entries, newest first; before_seq 0: from the newest; limit as for entries. */
enum result ledger_loan_entries(struct db *db, struct arena *a, struct text account,
                                struct text loan, int64_t before_seq, int limit,
                                struct loan_entry **out, size_t *count, bool *more,
                                struct error *err);

/* Every application for a withdrawal, newest first, with its steps, oldest first: the last
 * LEDGER_STEPS_MAX of them. */
enum { LEDGER_WITHDRAWALS_MAX = 200, LEDGER_STEPS_MAX = 20 };
struct application_step {
    civil_date day;
    int kind;
    struct text words; /* the centre's, for the holder */
};
struct withdrawal {
    struct application application;
    struct text flow; /* of the entry that paid it; at == NULL: not paid */
    int64_t batch;    /* that it came or moved with last */
    bool cancellable; /* applied for here, and not decided: the holder may cancel it */
    struct application_step *steps;
    size_t step_count;
};
struct withdrawals {
    struct withdrawal *list;
    size_t count;
    bool more; /* there are older ones */
};
enum result ledger_withdrawals(struct db *db, struct arena *a, const struct policy *p,
                               struct text account, struct withdrawals *out, struct error *err);

#endif
