/* What happens to contribution accounts besides interest, withdrawals and loans: remittances and what
 * puts them right, opening, sealing, moving, freezing (docs/remittance.md).
 *
 * Each operation is an entry of one table: the columns of its file, and a function that does one line.
 * A counter that has one line in its hands and an employer's file of thousands go through the same
 * contribution_post; so does the dry run, which differs in the last step alone. */
#ifndef ANJU_CONTRIBUTION_CONTRIBUTION_H
#define ANJU_CONTRIBUTION_CONTRIBUTION_H

#include "base/clock.h"
#include "base/money.h"
#include "base/progress.h"
#include "base/random.h"
#include "policy/policy.h"
#include "store/store.h"
#include "store/vault.h"

enum {
    CONTRIBUTION_FIELDS_MAX = 16,
    CONTRIBUTION_LINES_MAX = 100000,
    CONTRIBUTION_FILE_MAX = 64 * 1024 * 1024, /* bytes */
};

/* An operation, by its name: "remit", "seal" … NULL when there is none. */
struct contribution_op;
const struct contribution_op *contribution_find(struct text name);

/* What it works with; the owner keeps all of it until the call ends. */
struct contribution_desk {
    struct db *db;
    const struct policy *policy;
    const struct clock *clock;
    struct vault *vault;       /* opening seals who the holder is */
    struct random *random;     /* … with fresh nonces */
    struct progress *progress; /* NULL: none */
    bool demo;                 /* takes numbers that name nobody, and no others */
};

/* What is asked: a file of the operation's columns, header first. */
struct contribution_order {
    const struct contribution_op *op;
    const char *file; /* what sentences call it */
    char *content;    /* changed while it is read */
    size_t size;
    struct text key;   /* of the operation (ledger/post.h); len 0: follows from the content … */
    bool of_the_day;   /* … and the day: the same may be asked again tomorrow */
    struct text actor; /* who posts */
    bool dry_run;      /* works everything out and posts nothing */
};

/* What came of it, or would. */
struct contribution_report {
    bool already;           /* it was done before under its key; this is what came of it then */
    int64_t batch;          /* the operation's number; 0 in a dry run */
    int64_t lines, entries; /* of the file; posted */
    fen unit_amount, own_amount; /* sums of the contributions' shares, less what was reversed */
    fen amount;                  /* what the accounts' balances moved by */
    fen interest;                /* paid beside the balance by closings */
};

/* Does all lines or none. INVALID and REFUSED name the line: "FILE:12: …". BUSY: another process
 * writes the ledger. */
enum result contribution_post(const struct contribution_desk *desk,
                              const struct contribution_order *order,
                              struct contribution_report *out, struct error *err);

/* anju remit, anju contribution. */
int remit_main(int argc, char **argv);
int contribution_main(int argc, char **argv);

#endif
