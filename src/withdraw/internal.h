/* Private to src/withdraw. */
#ifndef ANJU_WITHDRAW_INTERNAL_H
#define ANJU_WITHDRAW_INTERNAL_H

#include "withdraw/withdraw.h"

/* A column's text in the arena, empty when null; *ok becomes false when the arena is full. */
struct text withdraw_keep(struct arena *a, struct stmt *q, int column, bool *ok);
enum result withdraw_no_memory(struct error *err);

/* The account of an application that may be asked for or paid today: not closed, not frozen whole,
 * sealed only where the policy allows it. */
enum withdraw_refusal withdraw_account_refusal(const struct withdraw_desk *d,
                                               const struct account *account, bool closes);
/* The same as an error with a sentence; OK for WITHDRAW_MAY. */
enum result withdraw_account_good(const struct withdraw_desk *d, const struct account *account,
                                  bool closes, struct error *err);

/* Room with the application `number` left out of what waits. */
enum result withdraw_waiting(struct db *db, struct text account, struct text number, fen *out,
                             struct error *err);

/* Adds a step to an application of the account. */
struct withdraw_note {
    struct text account, number;
    int step;
    enum withdraw_step kind;
    civil_date day;
    struct text words;
};
enum result withdraw_note(struct db *db, const struct withdraw_note *n, struct error *err);

/* Posts the payment of r in the operation p: *done gets amount, interest and flow, *seq the entry. */
enum result withdraw_pay(const struct withdraw_desk *d, struct posting *p,
                         const struct withdraw_record *r, const struct policy_ground *ground,
                         struct withdraw_done *done, int64_t *seq, struct error *err);

/* The answer that an operation keeps, and back. */
enum result withdraw_answer_write(struct arena *a, const struct withdraw_done *d, struct text *out,
                                  struct error *err);
enum result withdraw_answer_read(struct arena *a, struct text answer, struct withdraw_done *out,
                                 struct error *err);

#endif
