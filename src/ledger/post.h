/* Posting: entries that we append to accounts ourselves, by operations (docs/posting.md). An
 * operation is something asked for once, under a key: asked again under the same key it gives the
 * same answer and posts nothing. Everything here runs inside the caller's transaction, which writes
 * the ledger; what fails leaves nothing behind after its rollback. An entry is never changed: it is
 * reversed, and what should have been is posted beside it.
 *
 *     db_begin(db, STORE_WRITE_LEDGER)
 *     post_begin → already? → its answer
 *     post_account_read → post_entry, post_reversal … → post_account_write, for each account
 *     post_end, db_commit
 */
#ifndef ANJU_LEDGER_POST_H
#define ANJU_LEDGER_POST_H

#include "base/clock.h"
#include "ledger/ledger.h"

enum {
    POST_KEY_MAX = 128,
    POST_ACTOR_MAX = 64,
    POST_ANSWER_MAX = 4096,
    POST_FLOW_MAX = 20, /* bytes of a flow number (JGJ/T 320) */
};
/* Operations have numbers above this, exchange sets below. */
#define POST_BATCH_BASE INT64_C(1000000000)

/* What an operation does; stored. */
enum post_kind {
    POST_CORRECTION = 1, /* an entry reversed, and what should have been */
    POST_SETTLEMENT = 2, /* the interest of a year, for the whole city */
    POST_REMITTANCE = 3, /* a unit's contributions of a month */
    POST_WITHDRAWAL = 4,
    POST_CHANGE = 5, /* opening, sealing, freezing, transfer: what moves no or all money */
    POST_LOAN = 6,
};

/* Why an entry was reversed: the reversing entry's reason. Below 100 lies A.7. */
enum post_reason {
    REVERSED_AMOUNT = 101,   /* the amount was wrong */
    REVERSED_ACCOUNT = 102,  /* it belongs to another account */
    REVERSED_DATE = 103,     /* the value day or the month was wrong */
    REVERSED_TWICE = 104,    /* it was posted twice */
    REVERSED_RETURNED = 105, /* the bank returned the money */
    REVERSED_INTEREST = 106, /* the interest was wrong */
    REVERSED_SETTLED = 107,  /* the year is settled anew: something before it changed */
    REVERSED_OTHER = 199,
};
bool post_reason_known(int reason);

struct post_order {
    struct text key; /* 1 to POST_KEY_MAX bytes */
    enum post_kind kind;
    struct text content; /* all that was asked, in a form that does not vary: under the same key
                            another content is refused */
    struct text actor;   /* role and number, at most POST_ACTOR_MAX bytes */
    civil_date booked;   /* the day of booking: the clock's today */
    instant at;
};

/* An operation under way in this transaction. */
struct posting {
    struct db *db;
    struct arena *arena;
    struct sha256 *sha;
    int64_t batch;
    civil_date booked;
    int64_t line;    /* flow numbers handed out, those of earlier transactions included */
    int64_t lines;   /* … by this transaction */
    int64_t entries; /* posted by this transaction, with … */
    fen total;
    bool already;       /* it was done before: answer says what came of it */
    bool going_on;      /* it was begun before and is not done */
    struct text answer; /* of what was done before; in the arena */
};

/* Begins (or goes on with) an operation. CONFLICT when the key stands for something else. The arena
 * and sha must live as long as the posting. */
enum result post_begin(struct db *db, struct arena *a, struct sha256 *sha,
                       const struct post_order *order, struct posting *out, struct error *err);

/* Writes the control totals. done: the operation is complete, and answer (at most POST_ANSWER_MAX
 * bytes) is what the same key gets from now on; otherwise it may be gone on with. */
enum result post_end(struct posting *p, bool done, struct text answer, struct error *err);

/* An account that is posted to. Callers may change what row holds besides running (state, unit,
 * base, paid_to, frozen …); running moves by entries alone. */
struct post_account {
    struct account row;
    civil_date booked; /* of the newest entry; DATE_NONE when there is none */
    int64_t head_seq;  /* when it was read */
    int64_t closing;   /* the entry by which it is closed; 0 while it is open */
};
/* NOT_FOUND when there is none. Memory of the posting's arena. */
enum result post_account_read(struct posting *p, struct text account, struct post_account *out,
                              struct error *err);

/* Appends an entry. The caller has set kind, value_day, for_month (MONTH_NONE), unit, terms, shares,
 * amount_year, amount_carried, interest, reason; the rest is set here: account, seq, booked, amount,
 * balance, flow, batch, hash. REFUSED with a sentence when the rules forbid it: a part below zero, a
 * value day after the booking or before the opening, an entry on a closed account. */
enum result post_entry(struct posting *p, struct post_account *a, struct entry *e,
                       struct error *err);

/* Reverses entry seq, on its value day: the opposite amounts, with link and reason (post_reason).
 * What was carried over since leaves the part where it lies now. An entry is reversed once; a
 * reversing one never, a settlement not here: its year is settled anew. out gets the reversing entry. */
enum result post_reversal(struct posting *p, struct post_account *a, int64_t seq, int reason,
                          struct entry *out, struct error *err);

/* Writes the account's row; CONFLICT when it was changed meanwhile by somebody else. */
enum result post_account_write(struct posting *p, struct post_account *a, struct error *err);

/* One entry of an account by its number; NOT_FOUND. */
enum result post_entry_read(struct db *db, struct arena *a, struct text account, int64_t seq,
                            struct entry *out, struct error *err);

/* Writes the flow number of a line of an operation into out, which has POST_FLOW_MAX + 1 bytes:
 * P000000012-000000345. It is unique in the whole ledger. */
struct text post_flow(int64_t batch, int64_t line, char *out);

#endif
