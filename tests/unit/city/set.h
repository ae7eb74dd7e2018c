/* Sets in temporary folders, and a reader of their files that knows nothing of the city. */
#ifndef ANJU_TEST_CITY_SET_H
#define ANJU_TEST_CITY_SET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/date.h"
#include "base/money.h"
#include "base/text.h"
#include "city/city.h"

#define NO_DAY INT32_MIN

/* A folder below /tmp that does not exist yet, into out. */
enum { FOLDER_MAX = 64 };
void folder_new(char *out);
void folder_remove(const char *dir);

/* Writes a whole city whose lives end at the date; the test fails when that fails. */
void set_write(const char *dir, int64_t people, uint64_t seed, const char *until);

/* One file, record after record. */
struct table {
    FILE *file;
    char name[64];
    int line;
    bool more; /* a record is held in fields */
    int columns;
    char header[CSV_RECORD_MAX], record[CSV_RECORD_MAX + 2];
    struct text names[CSV_FIELDS_MAX], fields[CSV_FIELDS_MAX];
};

void table_open(struct table *t, const char *dir, const char *name);
void table_next(struct table *t);
void table_close(struct table *t);

/* Fails the test, naming file and line. */
void table_fail(const struct table *t, const char *what);
#define table_check(t, condition)        \
    do {                                 \
        if (!(condition))                \
            table_fail((t), #condition); \
    } while (0)

/* Fields by column name; the readers of values fail the test when the form is wrong. Empty is
 * NO_DAY, -1 for months and numbers. */
struct text field(const struct table *t, const char *column);
bool field_is(const struct table *t, const char *column, const char *value);
int64_t field_fen(const struct table *t, const char *column);
int64_t field_count(const struct table *t, const char *column);
int32_t field_day(const struct table *t, const char *column);
int32_t field_month(const struct table *t, const char *column);
int32_t field_percent(const struct table *t, const char *column);

/* What the records of one account say, gathered over the files. */
enum { ENTRIES_MOST = 1200, TERMS_MOST = 200, MONTHS_MOST = 1300, APPLICATIONS_MOST = 120 };

struct read_entry {
    int32_t booked, value, month;
    int kind;
    int64_t amount, year, carried, interest, balance;
    bool reverses, reversed;
    char flow[24];
};

struct read_term {
    int32_t month;
    bool sealed;
    int64_t due;
};

struct read_account {
    char number[24], person[24], document[24];
    int state;
    int32_t opened, closed, as_of, paid_to;
    int64_t balance, carried, year, frozen;
    int terms;
    struct read_term term[TERMS_MOST];
    int entries;
    struct read_entry entry[ENTRIES_MOST];
    int applications[6]; /* by state; [0] all */
    int64_t interest_to_date;
    int wrong_settlements;
    int64_t wrong_seq, wrong_booked, wrong_right;
};

/* What was met over a whole set. */
struct coverage {
    int entry_kinds[100], states[10], application_states[6], loan_states[4], loan_kinds[10];
    int methods[3], documents[5], permits, reversals, value_dates, closed_units, newest;
    int64_t accounts, entries, loans;
};

/* Reads the set and fails at the first rule that is broken; c gathers what there was. */
void set_check(const char *dir, const char *as_of, struct coverage *c);

/* Its parts. Tables stand at the first record of the account when they are called, and behind its
 * last one afterwards. */
void check_units(const char *dir, struct coverage *c);
void check_account(struct table *accounts, struct read_account *a, struct coverage *c);
void check_terms(struct table *terms, struct read_account *a);
void check_ledger(struct table *ledger, struct read_account *a, struct coverage *c);
void check_applications(struct table *applications, struct table *steps, struct read_account *a,
                        struct coverage *c);
void check_truth(const char *line, const struct read_account *a);
void check_loans(const char *dir, int32_t as_of, struct coverage *c);

#endif
