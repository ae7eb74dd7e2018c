/* Private to the posting of loans: rows. */
#ifndef ANJU_LEDGER_LOAN_POST_INTERNAL_H
#define ANJU_LEDGER_LOAN_POST_INTERNAL_H

#include "ledger/loan_post.h"

enum { LOAN_ACTS_READ = 1000 }; /* how far back an act can be taken back */

/* Acts, newest first, at most limit, in the arena. */
enum result loan_acts_read(struct posting *p, struct text account, struct text loan, int limit,
                           struct loan_act **out, size_t *count, struct error *err);
/* The loan anew, as it stands in the database. */
enum result loan_post_reread(struct loan_post *l, struct error *err);
/* Gives the act its number and hash, and writes it, the loan's row and its newest rate. */
enum result loan_act_write(struct loan_post *l, struct loan_act *act, struct error *err);
/* Appends an entry to the loan's chain; the caller has set happened, kind, period, principal,
 * interest, penalty, reversing, reverses. */
enum result loan_entry_append(struct loan_post *l, struct loan_entry *e, struct error *err);
enum result loan_entry_read(struct loan_post *l, int64_t seq, struct loan_entry *out,
                            struct error *err);
/* What stands in the row when the loan stands like that. */
void loan_stand_of(const struct loan_standing *s, fen principal_repaid, fen interest_repaid,
                   struct loan_stand *out);

/* The borrower's fund account pays that much of a loan; *seq gets its entry. */
enum result loan_fund_pay(struct posting *p, struct text account, civil_date day, fen amount,
                          int64_t *seq, struct error *err);
enum result loan_fund_back(struct posting *p, struct text account, int64_t seq, int reason,
                           struct error *err);

#endif
