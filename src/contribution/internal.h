/* Private to src/contribution. */
#ifndef ANJU_CONTRIBUTION_INTERNAL_H
#define ANJU_CONTRIBUTION_INTERNAL_H

#include "contribution/contribution.h"
#include "exchange/column.h"
#include "ledger/post.h"

/* A column of an operation's file, and what it is called as an option of the command. */
struct field {
    struct column column;
    const char *option; /* "--account" */
    const char *words;
};

struct work;
struct contribution_op {
    const char *name;
    enum post_kind kind;
    const char *does; /* one line */
    const char *more; /* further lines of --help, each with its end; "" */
    const struct field *fields;
    int count;
    /* Does one line. Refusals say why; the caller adds file and line. */
    enum result (*line)(struct work *w, const struct value *v, struct error *err);
};
extern const struct contribution_op contribution_ops[];
extern const int contribution_op_count;

enum { UNIT_MAX = 20, OFFICE_MAX = 240 };

/* An operation under way. */
struct work {
    const struct contribution_desk *desk;
    struct posting p;
    struct arena *arena; /* emptied after each line */
    civil_date today;
    struct judge judge;
    const struct value *first; /* the first line */
    int64_t number;            /* of the line under way, from 1 */
    struct contribution_report *report;
    char unit[UNIT_MAX + 1], office[OFFICE_MAX + 1]; /* asked for last */
};

/* --- the file --- */

struct lines {
    const struct contribution_op *op;
    struct value *values; /* op->count for each line */
    int64_t *at;          /* the lines' numbers in the file */
    int64_t count;
};
/* Reads a whole file into typed values, which are views into content. INVALID with "FILE:LINE: …" for
 * the first mistake. order_lines_free in any case. */
enum result order_lines_read(struct lines *l, const struct contribution_order *o,
                             const struct judge *j, struct error *err);
void order_lines_free(struct lines *l);

/* --- what is agreed --- */

struct agreed {
    bool there; /* something was agreed by then */
    civil_month from;
    bool paying;
    struct text unit; /* in the arena */
    fen base;
    millionths unit_ratio, own_ratio;
    fen unit_due, own_due; /* 0 while it is not paid */
};
/* The terms that hold in a month. */
enum result agreed_at(struct work *w, struct text account, civil_month m, struct agreed *out,
                      struct error *err);
/* base x ratio, each side by itself to the whole yuan, half up. */
void agreed_shares(struct agreed *g);
/* Base and ratios against the limits that hold on the first day of a month, and the wage class of the
 * unit's district. REFUSED with the limit. Limits that are not known bound nothing. */
enum result agreed_within(struct work *w, const struct agreed *g, civil_month m, struct error *err);
/* From a month on, for good; REFUSED when something is agreed from a later month already. */
enum result agreed_from(struct work *w, struct text account, const struct agreed *g,
                        struct error *err);
/* For the months from g->from to before `to`; then again what held there before. REFUSED when
 * something begins in between. */
enum result agreed_for(struct work *w, struct text account, const struct agreed *g, civil_month to,
                       struct error *err);
/* Reads base and ratios of a line into g and works out the shares. */
void agreed_read(struct agreed *g, const struct value *base, const struct value *unit_ratio,
                 const struct value *own_ratio);

/* --- accounts --- */

/* An account that something may be posted to: NOT_FOUND, REFUSED when it is closed. */
enum result account_open(struct work *w, struct text account, struct post_account *out,
                         struct error *err);
/* NOT_FOUND when the unit is not there, REFUSED when it is closed. */
enum result unit_open(struct work *w, struct text unit, struct error *err);

/* What came for a month, both shares, reversed ones left out. */
struct paid {
    fen unit, own;
};
enum result paid_for(struct work *w, struct text account, civil_month m, struct paid *out,
                     struct error *err);
/* Brings paid_to to the newest month that is in full. */
enum result paid_to_anew(struct work *w, struct post_account *a, struct error *err);

/* Appends an entry and adds it to the report. */
enum result enter(struct work *w, struct post_account *a, struct entry *e, struct error *err);
/* An entry that moves no money. */
enum result note(struct work *w, struct post_account *a, enum entry_kind kind, struct text unit,
                 civil_month month, struct error *err);

/* Reverses an entry and takes it off the report. */
enum result reverse(struct work *w, struct post_account *a, int64_t seq, int reason,
                    struct entry *out, struct error *err);
/* Writes the account's row: of an account that is frozen whole, all that is there is frozen. REFUSED
 * when more is frozen than would be left. */
enum result account_put(struct work *w, struct post_account *a, struct error *err);
#define TEXT_NONE ((struct text){NULL, 0})

/* "2026-11", for sentences. */
struct month_words {
    char at[MONTH_TEXT_MAX];
};
struct month_words month_words(civil_month m);
struct fen_words {
    char at[FEN_TEXT_MAX];
};
struct fen_words fen_words(fen n);

static inline civil_month month_value(const struct value *v)
{
    return (civil_month){(int32_t)v->n};
}

/* --- the operations' lines --- */

enum result remit_line(struct work *w, const struct value *v, struct error *err);
enum result back_pay_line(struct work *w, const struct value *v, struct error *err);
enum result correct_line(struct work *w, const struct value *v, struct error *err);
enum result refund_line(struct work *w, const struct value *v, struct error *err);
enum result open_line(struct work *w, const struct value *v, struct error *err);
enum result base_line(struct work *w, const struct value *v, struct error *err);
enum result seal_line(struct work *w, const struct value *v, struct error *err);
enum result unseal_line(struct work *w, const struct value *v, struct error *err);
enum result move_line(struct work *w, const struct value *v, struct error *err);
enum result defer_line(struct work *w, const struct value *v, struct error *err);
enum result freeze_line(struct work *w, const struct value *v, struct error *err);
enum result lift_line(struct work *w, const struct value *v, struct error *err);
enum result transfer_in_line(struct work *w, const struct value *v, struct error *err);
enum result transfer_out_line(struct work *w, const struct value *v, struct error *err);
enum result merge_line(struct work *w, const struct value *v, struct error *err);

#endif
