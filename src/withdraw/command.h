/* Private to src/withdraw: what anju withdraw is asked for, in words, from options or a file's line. */
#ifndef ANJU_WITHDRAW_COMMAND_H
#define ANJU_WITHDRAW_COMMAND_H

#include "withdraw/internal.h"

enum { LINES_MAX = 1000, FILE_BYTES_MAX = 1 << 20, STAFF_MAX = 20 };

/* Names of columns; an option is --NAME, with - for _. */
enum field {
    FIELD_NUMBER,
    FIELD_KEY,
    FIELD_ACCOUNT,
    FIELD_GROUND,
    FIELD_AMOUNT,
    FIELD_HOUSEHOLD,
    FIELD_MONTHS_FROM,
    FIELD_MONTHS,
    FIELD_CHILDREN,
    FIELD_TALENT,
    FIELD_SPENT,
    FIELD_SPENT_ON,
    FIELD_DOCUMENT,
    FIELD_DECISION,
    FIELD_WORDS,
    FIELD_COUNT
};
/* The field of a name (with _ or -); FIELD_COUNT when there is none. */
enum field field_of(struct text name);

/* Words as they were given; empty: not given. */
struct line {
    int64_t number; /* in the file, from 1; 0: of the command line */
    struct text words[FIELD_COUNT];
};

/* Which steps take which fields. */
enum verb { VERB_APPLY, VERB_ACCEPT, VERB_DECIDE, VERB_PAY, VERB_CANCEL, VERB_COUNT };
const char *verb_word(enum verb verb);

/* Reads a CSV file with a head line that names its columns. INVALID with the line's number. Lines and
 * texts live in the arena. */
enum result lines_read(const char *path, enum verb verb, struct arena *a, struct line **out,
                       size_t *count, struct error *err);

/* INVALID: a field that the step does not take, or lacks. */
enum result line_check(const struct line *l, enum verb verb, struct error *err);
/* From words to types; INVALID says which word is none. */
enum result line_ask(const struct line *l, struct text actor, struct withdraw_ask *out,
                     struct error *err);
enum result line_move(const struct line *l, enum verb verb, struct text actor,
                      struct withdraw_move *out, struct error *err);

/* What was done, or is known, of count applications. */
void say_done(const struct withdraw_done *done, size_t count, bool dry_run, bool json);
/* The applications in that state, of which at most limit were asked for. */
void say_queue(const struct withdraw_due *list, size_t count, enum withdraw_state state, int limit,
               civil_date today, bool json);

#endif
