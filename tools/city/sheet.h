/* The lines of all files for some lives, with the totals that the manifest names. */
#ifndef ANJU_CITY_SHEET_H
#define ANJU_CITY_SHEET_H

#include "put.h"

/* The ten files in the manifest's order, and the truth beside them. */
enum file {
    FILE_UNITS,
    FILE_ACCOUNTS,
    FILE_TERMS,
    FILE_LEDGER,
    FILE_APPLICATIONS,
    FILE_STEPS,
    FILE_CONTRACTS,
    FILE_LOANS,
    FILE_LOAN_LEDGER,
    FILE_LOAN_RATES,
    FILE_TRUTH,
    FILES
};

enum { TOTALS_MAX = 4 };

struct sheet {
    struct lines file[FILES];
    int64_t total[FILES][TOTALS_MAX]; /* fen, in the order of file_facts */
};

struct file_facts {
    const char *name;
    const char *header;             /* NULL: none */
    const char *totals[TOTALS_MAX]; /* columns, NULL after the last */
};
extern const struct file_facts file_facts[FILES];

void sheet_clear(struct sheet *s);
void sheet_free(struct sheet *s);

#endif
