/* anju verify: recomputes everything that is stored twice and says what is wrong where. */
#ifndef ANJU_LEDGER_VERIFY_H
#define ANJU_LEDGER_VERIFY_H

#include "base/progress.h"
#include "store/store.h"

struct verify_report {
    int64_t accounts, entries, loans, loan_entries, persons, looks; /* checked */
    int64_t roots;                                                  /* signed ones */
    uint8_t signer[32];                                             /* public key of the newest */
    int64_t faults;
};

/* Calls fault once for each thing found wrong (a bounded number; the count goes on): where names
 * the row ("ledger.entry 530199000123 17"), what the field and both figures. Reads in one
 * transaction per store part, so it runs while the service does. RESULT_OK also with faults. */
typedef void (*verify_fault)(void *context, const char *where, const char *what);
enum result verify_all(struct db *db, struct progress *progress, verify_fault fault, void *context,
                       struct verify_report *report, struct error *err);

/* `anju verify [--json]`: 0 when nothing is wrong, 1 with faults. */
int verify_main(int argc, char **argv);

#endif
