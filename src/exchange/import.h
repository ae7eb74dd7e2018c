/* anju import DIR: takes an exchange set (docs/data-exchange.md) whole or not at all. */
#ifndef ANJU_EXCHANGE_IMPORT_H
#define ANJU_EXCHANGE_IMPORT_H

#include "base/clock.h"
#include "config/config.h"
#include "exchange/manifest.h"
#include "store/store.h"
#include "store/vault.h"

struct import_report {
    /* Set by the caller; pointers may be NULL. */
    void (*show)(void *context, const char *line); /* gets "FILE:LINE:COLUMN CODE words" */
    void (*committing)(void *context); /* all is written: from here on it can no longer be undone */
    void *context;
    struct progress *progress; /* not started */
    instant now;               /* when the set is taken */

    /* Set by import_set: */
    bool already; /* the same set was taken before: nothing was done */
    char set_id[SET_ID_MAX + 1];
    int64_t number;
    int64_t faults; /* mistakes, also those not shown */
    int64_t records[FILE_COUNT];
    double seconds;
};

/* Reads, checks and takes the set in dir. RESULT_OK: it is in the database (or was already).
 * RESULT_INVALID: mistakes were shown; like after every other failure the database is unchanged.
 * RESULT_BUSY: another process writes the ledger. */
enum result import_set(struct store *store, struct vault *vault, const struct config *config,
                       const char *dir, struct import_report *report, struct error *err);

/* The command; returns the exit status: 0, 2 for mistakes in the set, or that of the failure. */
int import_main(int argc, char **argv);

#endif
