/* anju-audit: the second opinion on a ledger. It re-derives from the entries what the first program
 * stored, and shares no code with it: no header of src/ is within its reach, and it links libraries
 * only. What it knows stands in docs/rules.md, docs/stores.md and docs/posting.md.
 *
 * Amounts are fen, dates days since 1970-01-01, rates millionths a year, as in the store. */
#ifndef ANJU_AUDIT_AUDIT_H
#define ANJU_AUDIT_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    AUDIT_HASH = 32,
    AUDIT_KEY_MAX = 64,
    OWN_BATCHES = 1000000000, /* numbers above are operations, those below exchange sets */
    EXIT_DIFFERS = 1,
    EXIT_USAGE = 64,
    EXIT_MEMORY = 71,
    EXIT_STORE = 74,
    EXIT_CONFIG = 78,
};

struct span {
    const char *at;
    size_t len;
};
struct span span_of(const char *text);
int span_compare(struct span a, struct span b);
void span_keep(struct span s, char out[AUDIT_KEY_MAX]);

/* --- source.c: the database, of which nothing but reading is asked --- */
struct source;
struct cursor;
/* home is used when url is empty. NULL with the reason in why. */
struct source *source_open(const char *home, const char *url, char *why, size_t room);
void source_close(struct source *s);
/* One moment of all that is read until source_end. */
bool source_begin(struct source *s);
void source_end(struct source *s);
const char *source_why(const struct source *s);
struct cursor *cursor_open(struct source *s, const char *sql); /* on its first row */
bool cursor_there(const struct cursor *c);
bool cursor_failed(const struct cursor *c);
void cursor_next(struct cursor *c);
void cursor_close(struct cursor *c);
/* Of the row that stands; bytes hold until the next one. */
bool cell_null(const struct cursor *c, int column);
int64_t cell_int(const struct cursor *c, int column); /* 0 when NULL */
struct span cell_bytes(const struct cursor *c, int column);

/* --- calendar.c --- */
void calendar_fill(void); /* once, before the others */
bool calendar_parse(const char *text, int32_t *day);
enum { DAY_ROOM = 40 };
void calendar_write(int64_t day, char out[DAY_ROOM]); /* a number outside the calendar */
/* day (1 to 31) of the month `months` after that of a date; the last one of a shorter month. */
int32_t calendar_due(int32_t date, int months, int day);

/* --- rates.c: the policy file, of which only what is asked here is read --- */
struct day_rate {
    int32_t year, carried; /* what each part earns on that day; -1: not known */
};
struct rates {
    int64_t day_count;
    int64_t penalty_millionths; /* of the loan's rate */
    struct day_rate *of_day;
};
bool rates_read(const char *file, struct rates *out, char *why, size_t room);
void rates_free(struct rates *r);
struct day_rate rate_on(const struct rates *r, int32_t day);
/* n / d to the nearest whole number, halves away from zero; d above 0. */
int64_t nearest(__int128 n, __int128 d);

/* --- report.c --- */
struct place {
    const char *table;
    struct span key; /* account or person */
    const char *sub; /* loan or file; "" */
    int64_t entry;   /* 0: none */
    bool imported;   /* the figure came with an exchange set */
};
struct report;
struct report *report_new(bool json);
void report_free(struct report *r);
void differ_fen(struct report *r, struct place p, const char *field, int64_t stored,
                int64_t derived);
void differ_int(struct report *r, struct place p, const char *field, int64_t stored,
                int64_t derived);
void differ_day(struct report *r, struct place p, const char *field, int64_t stored,
                int64_t derived);
void differ_hash(struct report *r, struct place p, const char *field, struct span stored,
                 const uint8_t derived[AUDIT_HASH]);
void differ_text(struct report *r, struct place p, const char *field, const char *stored,
                 const char *derived);
int64_t report_count(const struct report *r);

struct counts {
    int64_t accounts, entries, settlements, unknown_rates, loans, loan_entries, people, looks,
        roots;
};
void report_end(struct report *r, const struct counts *c);

/* --- chain.c: SHA-256 of a row after its predecessor --- */
/* The columns of c in order, T for text and I for an integer in types, then previous. */
void chain_hash(const struct cursor *c, char record, const char *types,
                const uint8_t previous[AUDIT_HASH], uint8_t out[AUDIT_HASH]);
/* Derives the hash of the row, names it when the stored one in that column differs, and goes on from
 * the stored one: one altered row is one difference. */
void chain_follow(struct report *r, struct place p, const struct cursor *c, char record,
                  const char *types, int hash_column, uint8_t hash[AUDIT_HASH]);

/* The leaf of an account in the tree of a signed root. */
void chain_leaf(struct span account, int64_t seq, const uint8_t hash[AUDIT_HASH],
                uint8_t out[AUDIT_HASH]);

/* --- totals.c: sets and operations --- */
struct total {
    int64_t batch, entries, amount, loan_entries, loan_amount;
};
struct totals;
struct totals *totals_read(struct source *s, int64_t *rows_expected);
void totals_free(struct totals *t);
/* NULL: there is no such set or operation. */
struct total *totals_of(struct totals *t, int64_t batch);
void totals_compare(struct totals *t, struct report *r);

/* --- the parts --- */
struct roots;
struct audit {
    struct source *source;
    struct rates rates;
    struct report *report;
    struct totals *totals;
    struct roots *roots;
    struct counts counts;
    int64_t rows, rows_expected;
    bool out_of_memory;
};
void audit_row(struct audit *a); /* moves the progress bar */
void audit_rows_end(const struct audit *a);
bool audit_accounts(struct audit *a);
bool audit_loans(struct audit *a);
bool audit_looks(struct audit *a);
/* root.c: read first; then, account by account in their order, each entry's derived hash and the end of
 * the account; at the end what differs. */
bool roots_open(struct audit *a);
void roots_entry(struct audit *a, int64_t batch, int64_t seq, const uint8_t hash[AUDIT_HASH]);
void roots_account(struct audit *a, struct span account);
void roots_compare(struct audit *a);
void roots_free(struct audit *a);

/* --- earning.c: what an account earns, one day after the other --- */
struct move {
    int32_t first; /* the day from which it counts */
    int64_t year, carried;
};
struct moves {
    struct move *at; /* by first */
    size_t count, room;
};
struct earned {
    __int128 weighted; /* fen x millionths, summed over days */
    __int128 product, product_year;
    bool known; /* every day's rate */
};
bool moves_add(struct moves *m, int32_t first, int64_t year, int64_t carried);
/* What counts from days after a settlement. */
struct move moves_later(const struct moves *m, int32_t day);
/* A settlement: what counted by the end of day gives way to what is carried over from it. */
bool moves_settle(struct moves *m, int32_t day, int64_t year, int64_t carried);
struct earned moves_earned(const struct moves *m, const struct rates *r, int32_t first,
                           int32_t last);

/* --- instalment.c --- */
/* The equal instalment of principal over months, to the nearest fen; -1 when out of memory. */
int64_t equal_instalment(int64_t principal, int32_t rate, int months);
int64_t month_interest(int64_t principal, int32_t rate);

#endif
