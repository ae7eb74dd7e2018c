/* Altering rows behind the program's back, and what anju verify says of it. */
#ifndef ANJU_TEST_LEDGER_BEHIND_H
#define ANJU_TEST_LEDGER_BEHIND_H

#include "fixture.h"
#include "ledger/verify.h"

enum { FOUND_ROOM = 16 * 1024 };

struct found {
    char text[FOUND_ROOM]; /* "WHERE: WHAT" line by line */
    struct verify_report report;
};
extern struct found found; /* by the last verify() */

void verify(struct fixture *f);
void clean(struct fixture *f);       /* verifies that nothing is wrong */
void says(const char *words);        /* the words are in what was found */
void open_guards(struct fixture *f); /* the triggers that keep entries and records go */

/* A row of a table and how it is named in a fault. */
struct row {
    const char *side, *table;
    char key[160];  /* SQL */
    char name[160]; /* "ledger.entry 0871… 17" */
};

/* Copies the row away, so that it can be put back as it was: in place of what where names. */
void keep_row(struct fixture *f, const struct row *r);
void put_back(struct fixture *f, const struct row *r, const char *where);
void change(struct fixture *f, const struct row *r, const char *set);
void drop(struct fixture *f, const struct row *r);

/* Each change of one column is found, named with the row, and gone when it is put back. */
void each_is_found(struct fixture *f, const struct row *r, const char *const *sets, size_t count);
#define COUNT(a) (sizeof(a) / sizeof *(a))

#endif
