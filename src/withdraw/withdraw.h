/* Withdrawals (提取): applied for, accepted, decided, paid; or refused, or cancelled by the holder.
 * docs/withdrawals.md tells the rules. Each step is one function that runs inside the caller's
 * transaction, which writes the ledger: a counter, the holder's page, a command and a file call the
 * same one, and a dry run rolls it back. Each step is an operation of its own (ledger/post.h): asked
 * again under its key it gives the same answer and does nothing. */
#ifndef ANJU_WITHDRAW_WITHDRAW_H
#define ANJU_WITHDRAW_WITHDRAW_H

#include "base/clock.h"
#include "ledger/post.h"

enum {
    WITHDRAW_NUMBER_MAX = 20,   /* bytes of an application's number */
    WITHDRAW_WORDS_MAX = 200,   /* characters for the holder */
    WITHDRAW_DOCUMENT_MAX = 40, /* characters of a document's number */
    WITHDRAW_MONTHS_MAX = 12,
    WITHDRAW_CHILDREN_MAX = 20,
    WITHDRAW_QUEUE_MAX = 1000,
    WITHDRAW_HOLDER_DAY_MAX = 10, /* applications of a holder's own in the hall on one day */
};

/* As ledger.application has them (docs/data-exchange.md). */
enum withdraw_state {
    WITHDRAW_RECEIVED = 1,
    WITHDRAW_APPROVED,
    WITHDRAW_PAID,
    WITHDRAW_REFUSED,
    WITHDRAW_CANCELLED,
};
/* The kinds of steps are stored. */
enum withdraw_step {
    STEP_APPLY = 1,
    STEP_ACCEPT,
    STEP_APPROVE,
    STEP_PAY,
    STEP_REFUSE,
    STEP_CANCEL,
};
const char *withdraw_state_word(int state); /* "received" … */

struct withdraw_desk {
    const struct clock *clock;
    const struct policy *policy;
    struct sha256 *sha;
};

/* What is applied for, and what the ground needs to say (the rest stays empty). */
struct withdraw_ask {
    struct text key;    /* the asker's: the same form is the same application for ever */
    struct text actor;  /* role and number */
    struct text person; /* at != NULL: the account must be this person's */
    bool online;        /* in the hall, where some grounds are not to be had */
    struct text account;
    struct text ground;    /* the policy's key */
    fen amount;            /* 0 on a closing ground: everything */
    struct text household; /* another account of the household; empty: none */
    civil_month months_from;
    int months, children;
    bool talent;
    fen spent;
    civil_date spent_on;
    struct text document;
};

/* Why something may not be asked for now. */
enum withdraw_refusal {
    WITHDRAW_MAY,
    WITHDRAW_NO_GROUND,   /* it does not hold today */
    WITHDRAW_AT_COUNTER,  /* not in the hall */
    WITHDRAW_CLOSED,      /* the account is */
    WITHDRAW_FROZEN,      /* the account is */
    WITHDRAW_PART_FROZEN, /* and so cannot be closed */
    WITHDRAW_SEALED,      /* and only closing grounds are left */
    WITHDRAW_WAITS,       /* another application is under way: the account cannot be closed */
    WITHDRAW_FULL_MONTHS, /* in a row: `wanted`, and there are `has` */
    WITHDRAW_TO_COME,     /* a month or a document that is still to come */
    WITHDRAW_BEFORE,      /* rent of one of the months was applied for */
    WITHDRAW_TOO_LATE,    /* longer ago than `wanted` months */
    WITHDRAW_AMOUNT,      /* more than may be asked for */
};
const char *withdraw_refusal_word(enum withdraw_refusal why); /* "full-months" …; "" for MAY */

/* What may be asked for now. */
struct withdraw_room {
    struct policy_ground ground;
    fen balance, frozen;
    fen waiting;     /* asked for in other applications that are not paid yet */
    fen ground_most; /* by the ground alone; the balance on a closing one */
    fen most;        /* the least of it all, not below 0 */
    enum withdraw_refusal refusal;
    int wanted, has; /* what the refusal counts */
};

/* A step on an application that is there. */
struct withdraw_move {
    enum withdraw_step step; /* not STEP_APPLY */
    struct text number, actor;
    struct text person; /* at != NULL: the application must be this person's */
    struct text words;  /* for the holder; wanted by STEP_REFUSE */
};

/* What a step did. Texts live in the caller's arena. */
struct withdraw_done {
    struct text number, account, ground;
    enum withdraw_state state;
    civil_date day, decide_by; /* decide_by: DATE_NONE before it is accepted */
    fen amount;                /* asked for; once paid, what left the balance */
    fen interest;              /* paid beside it at a closing */
    struct text flow;          /* of the entry; empty before it is paid */
    bool already;              /* it was done before under this key: nothing was changed */
};

/* The grounds of today for an account, each with what stands against it before anything is typed. */
struct withdraw_choice {
    struct policy_ground ground;
    enum withdraw_refusal refusal;
};
struct withdraw_choices {
    fen balance, frozen, waiting;
    struct withdraw_choice list[POLICY_GROUNDS_MAX];
    size_t count;
};
/* In any transaction. online: as in the hall, where some grounds are not to be had. */
enum result withdraw_choices(const struct withdraw_desk *d, struct db *db,
                             const struct account *account, bool online,
                             struct withdraw_choices *out, struct error *err);

/* What may be asked for on a ground, without asking for it. In any transaction. Looks at all of ask
 * but key, actor and amount. Errors as withdraw_apply. */
enum result withdraw_room(const struct withdraw_desk *d, struct db *db, struct arena *a,
                          const struct withdraw_ask *ask, struct withdraw_room *out,
                          struct error *err);

/* NOT_FOUND: no such account, or not the person's. INVALID: something that the ground needs is
 * missing. REFUSED with a sentence: the ground does not hold today, the account is closed or frozen,
 * the amount is more than may be asked for. CONFLICT: the key stands for something else. *room (may be
 * NULL) says how much might be asked for and why it was refused; nothing when it was done before. */
enum result withdraw_apply(const struct withdraw_desk *d, struct db *db, struct arena *a,
                           const struct withdraw_ask *ask, struct withdraw_done *out,
                           struct withdraw_room *room, struct error *err);

/* How many applications the account's holder made here on a day. */
enum result withdraw_made_on(struct db *db, struct text account, civil_date day, int *out,
                             struct error *err);

/* NOT_FOUND: no such application, or not the person's. REFUSED: it does not stand where this step
 * begins; the account cannot pay (frozen, closed, stopped by its holder, a year not settled). */
enum result withdraw_move(const struct withdraw_desk *d, struct db *db, struct arena *a,
                          const struct withdraw_move *m, struct withdraw_done *out,
                          struct error *err);

/* One application that was made here, as it stands. */
struct withdraw_record {
    struct text number, account, person, ground, flow, document, household;
    civil_date applied, decide_by, spent_on;
    int reason, months;
    enum withdraw_state state;
    enum withdraw_step last; /* the newest step … */
    int last_step;           /* … and its number */
    civil_date last_day;
    fen amount, interest, most, spent;
    civil_month months_from;
};
enum result withdraw_find(struct db *db, struct arena *a, struct text number,
                          struct withdraw_record *out, struct error *err);

/* What is in a state, decided soonest first: whose it is, is not in it. At most limit. */
struct withdraw_due {
    struct text number, ground;
    civil_date applied, decide_by;
    fen amount;
};
enum result withdraw_queue(struct db *db, struct arena *a, enum withdraw_state state, int limit,
                           struct withdraw_due **out, size_t *count, struct error *err);

/* anju withdraw … */
int withdraw_main(int argc, char **argv);

#endif
