/* What a person can ask for: one function each. Channels call these, and nothing beneath them.
 *
 * A function that gives out personal data takes a view (src/access), which proves that the look is
 * on record. Everything for one answer is read inside one read transaction; memory comes from the
 * caller's arena and lives as long as it. No transaction may be open on db when one is called. */
#ifndef ANJU_SERVICE_SERVICE_H
#define ANJU_SERVICE_SERVICE_H

#include "access/access.h"
#include "enquiry/enquiry.h"
#include "ledger/borrow.h"
#include "ledger/ledger.h"
#include "ledger/loan_op.h"
#include "member/member.h"
#include "policy/policy.h"
#include "statement/words.h"
#include "withdraw/withdraw.h"

/* What every use case needs; one per process, read-only after start, shared by threads. */
struct service {
    const struct config *config;
    const struct clock *clock;
    const struct policy *policy;
    struct member_desk *desk;
};

enum {
    OVERVIEW_RECENT = 7,        /* entries */
    OVERVIEW_STRIP_MONTHS = 36, /* at least; whole calendar years: up to 36 */
    OVERVIEW_CURVE_MONTHS = 36,
    OVERVIEW_APPLICATIONS_MAX = 20,
    OVERVIEW_LOANS_MAX = 8,
};

/* One's own accounts; current is the one that a page is about. */
struct own_accounts {
    struct account list[LEDGER_ACCOUNTS_MAX];
    size_t count;
    size_t current;
};

/* total = principal + interest; available = principal - frozen, not below 0. */
struct balance {
    fen total, principal, interest, available;
    instant own_freeze_since; /* 0: the holder has not stopped payments */
};

struct strip {
    struct month *months; /* oldest first */
    size_t count;
    int consecutive, consecutive_if_mended; /* counted over all months, not only these */
};

struct overview {
    civil_date today;
    struct text name; /* in full: mask_name for showing */
    struct own_accounts accounts;
    instant last_sign_in; /* 0: this is the first time */
    struct balance balance;
    struct strip strip;
    struct entry *recent;
    size_t recent_count;
    struct curve_point *curve;
    size_t curve_count;
    civil_date next_settlement; /* DATE_NONE when the account is closed */
    fen next_interest;          /* at least, if the balance stays */
    struct application *applications;
    size_t application_count;
    struct loan *loans;
    size_t loan_count;
};
enum result service_overview(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, instant last_sign_in, struct overview *out,
                             struct error *err);

struct contributions {
    civil_date today;
    struct own_accounts accounts;
    struct strip strip;   /* the last three calendar years */
    struct month *months; /* of the asked year, or all, oldest first */
    size_t count;
    int first_year, last_year; /* that have months; first > last: none */
};
/* position counts one's own accounts from 1; NOT_FOUND beyond them. year 0: all. */
enum result service_contributions(const struct service *s, struct db *db, struct arena *a,
                                  const struct view *v, int position, int year,
                                  struct contributions *out, struct error *err);

/* One month of an account. */
struct month_open {
    civil_date today;
    struct own_accounts accounts;
    struct month month;
    struct text office; /* of the month's unit; empty: not known */
    struct month_check check;
    struct month_credit *credits; /* oldest first */
    size_t credit_count;
    int consecutive; /* months in full without a gap, up to and with this one */
};
/* NOT_FOUND when the account has no such month. */
enum result service_month(const struct service *s, struct db *db, struct arena *a,
                          const struct view *v, int position, civil_month month,
                          struct month_open *out, struct error *err);

struct history {
    civil_date today;
    struct own_accounts accounts;
    struct history_point *points; /* oldest first */
    size_t count;
};
/* A view of the ledger. */
enum result service_history(const struct service *s, struct db *db, struct arena *a,
                            const struct view *v, int position, struct history *out,
                            struct error *err);

/* One fund year in figures, for the picture of it. */
struct my_year {
    civil_date today;
    struct own_accounts accounts;
    int first_year, last_year; /* that there are */
    int year;                  /* the calendar year in which it ends */
    bool running;              /* its last day is to come, and the account is open */
    struct fund_year figures;
    bool has_before; /* there is a year before it */
    struct fund_year before;
    struct month *months; /* July to June, as far as due; oldest first */
    size_t month_count;
};
/* year 0: the last one that is over, or the only one. NOT_FOUND: the account has no such year. */
enum result service_year(const struct service *s, struct db *db, struct arena *a,
                         const struct view *v, int position, int year, struct my_year *out,
                         struct error *err);

struct entries {
    civil_date today;
    struct own_accounts accounts;
    struct entry *list; /* newest first */
    size_t count;
    bool more;
    int first_year, last_year;
};
enum result service_entries(const struct service *s, struct db *db, struct arena *a,
                            const struct view *v, int position, const struct entry_filter *f,
                            struct entries *out, struct error *err);

struct interest {
    civil_date today;
    struct own_accounts accounts;
    struct interest_year *years; /* newest first, never none */
    size_t count;
    const struct interest_year *year; /* the one that is laid open */
    struct interest_calculation calculation;
    civil_date day; /* to the end of which it is; DATE_NONE: to its end, or today */
    fen day_balance;
    struct interest_year to_day; /* then year is this one */
};
/* year: the calendar year in which it ends; 0: the newest. day: the year that holds it, to and with that
 * day, past or until the next settlement; DATE_NONE: none. NOT_FOUND when there is no such year, INVALID
 * when the day cannot be worked out. */
enum result service_interest(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, int position, int year, civil_date day,
                             struct interest *out, struct error *err);

/* One account on one day, past or to come until the next settlement. */
struct account_day {
    civil_date today;
    struct account account;
    struct interest_as_of as_of;
    struct interest_calculation calculation; /* of the interest year, to the day */
};
/* The view's account (a view of PART_INTEREST). INVALID for a day that cannot be worked out. */
enum result service_account_day(const struct service *s, struct db *db, struct arena *a,
                                const struct view *v, civil_date day, struct account_day *out,
                                struct error *err);

struct my_withdrawals {
    civil_date today;
    struct own_accounts accounts;
    struct withdrawals all;
};
enum result service_withdrawals(const struct service *s, struct db *db, struct arena *a,
                                const struct view *v, int position, struct my_withdrawals *out,
                                struct error *err);

/* What the holder may apply for in the hall today. */
struct my_withdraw_choices {
    civil_date today;
    struct own_accounts accounts;
    struct withdraw_choices all;
    instant stopped_since; /* the holder's own stop of payments; 0: none */
    /* Rent without children or a talent card; zero when the policy has no limit for today. */
    fen rent_month, rent_year;
    int rent_full_months;
    fen fee_year;
};
enum result service_withdraw_choices(const struct service *s, struct db *db, struct arena *a,
                                     const struct view *v, int position,
                                     struct my_withdraw_choices *out, struct error *err);

/* Applies for a withdrawal, or with dry_run says what applying would do, by the same function in a
 * transaction that is rolled back. A dry run without an amount says how much may be asked for. `ask`
 * has what the holder typed; key, account and person are completed here. REFUSED: out->room says why.
 * CONFLICT: the key stands for another application. TOO_MANY: enough for one day. */
struct my_withdrawal {
    civil_date today;
    struct withdraw_room room; /* zero when it was applied for before under this key */
    struct withdraw_done done; /* empty after a dry run without an amount */
};
enum result service_withdraw(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, int position, bool dry_run,
                             struct withdraw_ask *ask, struct my_withdrawal *out,
                             struct error *err);

/* Cancels one's own application before it is decided. NOT_FOUND: no such one of this holder. REFUSED: it
 * is decided. */
enum result service_withdraw_cancel(const struct service *s, struct db *db, struct arena *a,
                                    const struct view *v, struct text number,
                                    struct withdraw_done *out, struct error *err);

struct my_loan {
    civil_date today;
    struct own_accounts accounts;
    struct loan *loans; /* those still to be repaid first */
    size_t count;
    size_t current; /* the one that the rest is about, when there is any */
    struct loan_view view;
    struct loan_entry *history; /* newest first */
    size_t history_count;
    bool more;
};
/* The which-th loan of the account, from 1; NOT_FOUND beyond them, but not for the first of none.
 * before_seq and limit are of its history. */
struct loan_question {
    int position, which;
    int64_t before_seq;
    int limit;
};
enum result service_loan(const struct service *s, struct db *db, struct arena *a,
                         const struct view *v, const struct loan_question *q, struct my_loan *out,
                         struct error *err);

/* What a prepayment of a loan would do today; nothing is done. amount is not asked for when all is to
 * be repaid. */
struct prepayment_question {
    int position, which;
    fen amount;
    enum prepayment_choice { PREPAY_SHORTER = 1, PREPAY_LOWER, PREPAY_ALL } choice;
};
struct prepayment {
    civil_date today;
    bool clear;            /* what is stored of the loan follows from what was agreed */
    fen settle;            /* would repay all of it today; 0: not today */
    enum loan_refusal why; /* LOAN_NOT_REFUSED: change is what would happen */
    fen need;
    struct loan_change change;
    int left_before, left_after; /* instalments ahead */
    civil_date last_before, last_after;
    fen interest_before, interest_after; /* still to be paid, that of change's lines not in after */
    fen saved;
};
enum result service_prepayment(const struct service *s, struct db *db, struct arena *a,
                               const struct view *v, const struct prepayment_question *q,
                               struct prepayment **out, struct error *err);

/* How much the holder could borrow: the account's own figures, and what is supposed of price, term
 * and co-borrower. Of `asked` the holder's figures are filled in here. */
struct borrowing {
    civil_date today;
    struct own_accounts accounts;
    struct borrow_case asked;
    struct borrow_answer answer;
    int if_mended; /* months in full if the newest gap were filled */
};
enum result service_borrowing(const struct service *s, struct db *db, struct arena *a,
                              const struct view *v, int position, const struct borrow_case *asked,
                              struct borrowing *out, struct error *err);

struct looks {
    civil_date today;
    struct look *list; /* newest first */
    size_t count;
    bool more;
};
enum result service_looks(const struct service *s, struct db *db, struct arena *a,
                          const struct view *v, int64_t before_seq, int limit, struct looks *out,
                          struct error *err);

/* A file for people (src/statement/csv_people.h). Years of 0: without that bound. Contributions go by
 * their month, entries by the booking date, interest by the year in which it ends; a plan has no
 * years. */
enum {
    STATEMENT_ROWS_MAX = 5000,
    STATEMENT_PAGES = STATEMENT_ROWS_MAX / LEDGER_ENTRIES_MAX,
    STATEMENT_BYTES_MAX = 4 * 1024 * 1024,
};
struct statement_question {
    enum statement_kind kind;
    int position, loan; /* which of one's own accounts, which of its loans; from 1 */
    int from_year, to_year;
    bool english;
};
/* Writes the whole file into out, which was started. TOO_MANY: more rows than a file may have;
 * NOT_FOUND: no such account or loan. */
enum result service_statement(const struct service *s, struct db *db, struct arena *a,
                              const struct view *v, const struct statement_question *q,
                              struct csv_people *out, struct error *err);

/* Messages of the last MESSAGES_DAYS days, newest first. Each states its facts in one order:
 * direction, cause, month, amount, balance after. */
enum message_kind {
    MESSAGE_CONTRIBUTION = 1, /* credited: cause, month, amount, balance */
    MESSAGE_MISSING,          /* month, amount that was due, due day */
    MESSAGE_SHORT,            /* month, amount that is wanting, due day */
    MESSAGE_INTEREST,         /* posted: amount, balance */
    MESSAGE_MONEY,            /* any other entry: cause, amount, balance */
    MESSAGE_CORRECTION,       /* an entry taken back: cause, month, amount, balance */
    MESSAGE_APPLICATION,      /* moved: cause (ground), amount, step, number */
    MESSAGE_LOAN_DUE,         /* amount, due day */
    MESSAGE_LOAN_OVERDUE,     /* amount, count of instalments */
    MESSAGE_LOAN_REPRICED,    /* amount of the instalment, rate */
    MESSAGE_SIGN_IN,          /* from a network or kind of device not seen before: ref */
    MESSAGE_ANSWER,           /* to an enquiry: its number is ref */
    MESSAGE_STOP,
    MESSAGE_LIFT,
    MESSAGE_NEW_PASSWORD,
    MESSAGE_REGISTERED, /* in the hall */
};
enum { MESSAGES_DAYS = 366, MESSAGES_MAX = 500 };
struct message {
    enum message_kind kind;
    civil_date day;
    instant at;    /* 0: of a day, not of a moment */
    int direction; /* 1: came in, -1: went out, 0: neither */
    int cause;     /* table A.5, of applications A.7; 0: none */
    civil_month month;
    bool has_amount, has_balance;
    fen amount, balance;
    civil_date due;
    int step, count;
    int64_t number; /* of the entry; which of the loans */
    millionths rate;
    struct text ref;
    bool unread;
    int64_t order; /* within a day */
};
struct messages {
    civil_date today;
    instant as_of; /* what is here was known then */
    struct message *list;
    size_t count;
    bool more;
    int unread; /* of all, not only of these */
};
enum result service_messages(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, int skip, int limit, struct messages *out,
                             struct error *err);
/* What was known until then has been seen. */
enum result service_messages_read(const struct service *s, struct db *db, const struct view *v,
                                  instant until, struct error *err);

struct my_enquiries {
    civil_date today;
    int answer_days;      /* an enquiry of today is answered within so many days */
    struct enquiry *list; /* newest first */
    size_t count;
    bool more;
};
enum result service_enquiries(const struct service *s, struct db *db, struct arena *a,
                              const struct view *v, int64_t before_seq, int limit,
                              struct my_enquiries *out, struct error *err);
/* Asks about the account of that position (view of PART_ENQUIRIES); results as enquiry_ask. Fills
 * q->account. */
enum result service_ask(const struct service *s, struct db *db, struct arena *a, struct random *r,
                        const struct view *v, int position, struct enquiry_question *q,
                        struct enquiry_asked *out, struct error *err);

/* For whom nothing was posted yet (view of PART_CONTRIBUTIONS): who pays, for which month, and by
 * which day it must be there. */
struct first_payment {
    struct account account; /* unit and its handler */
    civil_month month;
    civil_date due;
};
enum result service_first_payment(const struct service *s, struct db *db, struct arena *a,
                                  const struct view *v, struct first_payment *out,
                                  struct error *err);

/* The account's safety (view of PART_SECURITY): as the functions of the member module. */
enum result service_security(const struct service *s, struct db *db, const struct view *v,
                             const struct session *session, struct member_security *out,
                             struct error *err);
/* id: of the one to end; empty: all but this one. */
enum result service_end_sessions(const struct service *s, struct db *db, const struct view *v,
                                 const struct session *session, struct text id, struct error *err);
enum result service_change_password(const struct service *s, struct db *db, struct random *r,
                                    const struct view *v, const struct session *session,
                                    struct member_new_password *c, struct error *err);

/* Stops all payments out of the account (view of PART_FREEZE). CONFLICT when stopped already. */
enum result service_freeze(const struct service *s, struct db *db, const struct view *v,
                           const struct session *session, instant *at, struct error *err);

#endif
