/* The options of `anju loan …`: read once into texts, then into typed values. What is wrong is one
 * line on standard error. Private to src/ledger. */
#ifndef ANJU_LEDGER_LOAN_OPTIONS_H
#define ANJU_LEDGER_LOAN_OPTIONS_H

#include <stdbool.h>

#include "base/date.h"
#include "base/money.h"

enum { STATUS_USAGE = 64 };

struct loan_option {
    const char *name;  /* "--rate" */
    bool flag;         /* takes no value */
    const char *value; /* NULL: not given; a flag's is its name */
};

/* What a subcommand calls itself in its lines, "anju loan plan", and its options. */
struct loan_options {
    const char *command;
    struct loan_option *list;
    int count;
};

/* False, and said, when an argument is no option of the list, comes twice or lacks its value. */
bool loan_options_read(const struct loan_options *o, int argc, char **argv);

/* Each says what is wrong and returns false: the option is missing, or its value is not of the kind.
 * Amounts are yuan with at most two decimals, above zero and up to FEN_LIMIT; a rate is per cent with
 * at most four decimals, 0 to 100; an absent date leaves *out as it is. */
bool loan_option_text(const struct loan_options *o, int option, struct text *out);
bool loan_option_amount(const struct loan_options *o, int option, fen *out);
bool loan_option_rate(const struct loan_options *o, int option, millionths *out);
bool loan_option_number(const struct loan_options *o, int option, int least, int most, int *out);
bool loan_option_date(const struct loan_options *o, int option, civil_date *out);

/* Which of the words the value is (NULL ends them), from 0; -1 and said when none. */
int loan_option_word(const struct loan_options *o, int option, const char *const *words);

#endif
