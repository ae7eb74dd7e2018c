/* The words of files for people, Chinese or English. */
#ifndef ANJU_STATEMENT_WORDS_H
#define ANJU_STATEMENT_WORDS_H

#include "statement/csv_people.h"

enum statement_kind {
    STATEMENT_CONTRIBUTIONS = 1,
    STATEMENT_LEDGER,
    STATEMENT_INTEREST,
    STATEMENT_LOAN_PLAN,
    STATEMENT_LOAN_HISTORY,
};

/* Writes the first row. */
void statement_heads(struct csv_people *w, enum statement_kind kind, bool english);

/* "" for a code that is none. */
struct text statement_entry_word(int kind, bool english);      /* table A.5 */
struct text statement_reason_word(int reason, bool english);   /* A.7 */
struct text statement_loan_entry_word(int kind, bool english); /* A.15 */
struct text statement_month_word(int state, bool english);     /* enum month_state */
struct text statement_part_word(int part, bool english);       /* enum interest_part */
struct text statement_sum_word(bool english);

#endif
