/* Private to src/exchange: what the parts of an import share. */
#ifndef ANJU_EXCHANGE_INTERNAL_H
#define ANJU_EXCHANGE_INTERNAL_H

#include "exchange/import.h"
#include "exchange/pipe.h"
#include "exchange/source.h"
#include "exchange/spool.h"
#include "ledger/entry.h"

enum {
    UNITS_MAX = 1000000,         /* different units an import may meet */
    ACCOUNT_ENTRIES_MAX = 50000, /* entries of one account, or one loan, in one set */
    ACCOUNT_CONTRACTS_MAX = 64,  /* loan contracts of one account in one set */
    NUMBER_MAX = 20,             /* bytes of an account's, unit's or flow number */
    PATH_ROOM = CONFIG_PATH_MAX + 16,
};

/* A unit's number is known when it stands in units.csv or was taken before. */
struct units;

/* Rows of a table that wait in a temporary file. */
struct held {
    struct spool spool;
    struct block *block; /* being filled; NULL before the first row */
};

/* What can only be looked up when everything is in the database. */
enum later_kind {
    LATER_MERGED_INTO, /* accounts.csv HBZH: the account is there */
    LATER_COBORROWER,  /* loan_contracts.csv GTJKRGRZH: the account is there */
    LATER_MERGING,     /* ledger.csv, kind 71: the money arrived in the other account */
};
struct later {
    enum later_kind kind;
    int64_t line;
    uint8_t length;
    char account[NUMBER_MAX];
    int32_t day;    /* of LATER_MERGING … */
    int64_t amount; /* … what arrived */
};

struct import {
    struct store *store;
    struct vault *vault;
    const struct config *config;
    const char *dir;
    struct import_report *report;
    struct faults faults;
    struct manifest manifest;
    struct reading reading;
    struct db *writer; /* its transaction holds everything */
    struct db *reader; /* sees what was taken before; NULL when this is the first set */
    struct pipe *pipe;
    struct sha256 *sha;
    struct random random;
    struct units *units;
    struct block *direct; /* being filled for the pipe */
    struct held held[BLOCK_TABLES];
    struct spool later;
    bool prepared;                        /* the database was prepared for a large load */
    bool units_dropped, accounts_dropped; /* lines that others may refer to could not be read */
};

/* --- out.c: rows on their way to the database --- */

/* The block in which a row of that table is to be written now, or NULL in *out when only checks go
 * on because a mistake was found. Rows of unit, entry and loan_entry go to the writer at once,
 * those of other tables wait until out_release. */
enum result out_row(struct import *in, enum bulk_table table, struct block **out,
                    struct error *err);
/* Sends what is half full to the writer. */
enum result out_flush(struct import *in, struct error *err);
/* Sends the rows of a table that waited. */
enum result out_release(struct import *in, enum bulk_table table, struct error *err);
enum result out_later(struct import *in, const struct later *l, struct error *err);
void out_close(struct import *in);

/* --- units.c --- */

enum result units_import(struct import *in, struct error *err);
/* True also when units.csv had lines that could not be read. */
enum result units_known(struct import *in, struct text unit, bool *known, struct error *err);
void units_free(struct units *u);

/* --- the files of people and of loans --- */

enum result people_import(struct import *in, struct error *err);
enum result loans_import(struct import *in, struct error *err);

/* --- after.c: checks that need everything in the database --- */

enum result after_check(struct import *in, struct error *err);

/* What the account's rows in the database say; *there is false when it was never taken. */
struct account_before {
    civil_date opened;
    struct running running;
};
enum result before_account(struct import *in, struct text account, bool *there,
                           struct account_before *out, struct error *err);

/* The failure of the reader's last statement. */
enum result reader_failed(struct import *in, struct error *err);

static inline struct text key_of(const struct source *s)
{
    return s->there ? source_account(s) : (struct text){NULL, 0};
}

/* True when the source's current row belongs to that account. */
static inline bool is_at(const struct source *s, struct text account)
{
    return s->there && text_equal(source_account(s), account);
}

#endif
