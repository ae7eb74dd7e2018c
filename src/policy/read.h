/* Reading the words of a policy file. The first thing found wrong is kept and the reading goes on
 * with zeros, so that the checks read as a list. Private to src/policy. */
#ifndef ANJU_POLICY_READ_H
#define ANJU_POLICY_READ_H

#include "internal.h"

struct reader {
    const char *path;
    const struct policy_file *file;
    struct error *err;
    enum result result;
};

/* Where a word stands: "deposit.rates", row 3 (0: no row), "since". */
struct place {
    const char *key;
    size_t row;
    const char *field;
};

void read_wrong(struct reader *r, struct place at, const char *why);

civil_date read_date(struct reader *r, struct place at, const char *word);
/* A date that is later than the one of the row before (DATE_NONE in the first row). */
civil_date read_since(struct reader *r, struct place at, const char *word, civil_date before);
millionths read_percent(struct reader *r, struct place at, const char *word); /* "3.575" */
fen read_yuan(struct reader *r, struct place at, const char *word);
int64_t read_number(struct reader *r, struct place at, const char *word, int64_t most);
void read_month_day(struct reader *r, struct place at, const char *word); /* "06-30" */
/* One word and no other: what the program does and cannot do otherwise. */
void read_only(struct reader *r, struct place at, const char *word, const char *only);
void read_filled(struct reader *r, struct place at, const char *word);
/* The mark is one of the five and every source is listed. */
void read_cited(struct reader *r, struct place at, const struct cited *cited);
/* A value that is not empty, with its mark and sources. */
void read_value(struct reader *r, const char *key, const struct value_row *v);
/* Days since dates, at least one line; out may be NULL. */
void read_days(struct reader *r, const char *key, const struct days_row *rows, uint32_t count,
               struct days_rule *out);

/* check_loan.c, check_withdrawal.c */
void policy_check_loan(struct reader *r, struct policy *p);
void policy_check_withdrawal(struct reader *r, struct policy *p);

#endif
