/* A person's accounts as the first page needs them. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/digest.h"

enum { GLANCES_READ_MAX = 64 }; /* the LIMIT of ledger_glances_of */

enum {
    NAME = LEDGER_ACCOUNT_COLUMNS,
    DIGEST_SEQ,
    FACTS,
    APPLICATIONS,
    LOANS,
};

static bool read_glance(struct arena *a, struct stmt *q, struct glance *g)
{
    bool ok = ledger_read_account(a, q, &g->account);

    g->name = ledger_keep(a, q, NAME, &ok);
    g->digest_seq = column_int(q, DIGEST_SEQ);
    g->facts = (struct text){NULL, 0};
    if (!column_is_null(q, FACTS)) {
        g->facts = column_bytes(q, FACTS);
        g->facts.at = arena_copy(a, g->facts);
        ok = ok && g->facts.at;
    }
    g->applications = column_int(q, APPLICATIONS) != 0;
    g->loans = column_int(q, LOANS) != 0;
    return ok;
}

static int compare(const void *left, const void *right)
{
    const struct glance *a = left, *b = right;

    return ledger_compare_accounts(&a->account, &b->account);
}

enum result ledger_glances_of(struct db *db, struct arena *a, struct text person,
                              struct glance out[LEDGER_ACCOUNTS_MAX], size_t *count,
                              struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_glances_of);
    struct glance list[GLANCES_READ_MAX]; /* not cleared: one is the rule */
    enum stmt_step step = STMT_ROW;
    bool ok = true;
    size_t read = 0;

    *count = 0;
    stmt_text(q, 1, person);
    while (ok && read < GLANCES_READ_MAX && (step = stmt_step(q)) == STMT_ROW)
        ok = read_glance(a, q, &list[read++]);
    stmt_end(q);
    if (!ok)
        return ledger_no_memory(err);
    if (step != STMT_ROW && step != STMT_DONE)
        return db_failure(db, err);
    if (read > 1)
        qsort(list, read, sizeof *list, compare);
    *count = read < LEDGER_ACCOUNTS_MAX ? read : LEDGER_ACCOUNTS_MAX;
    memcpy(out, list, *count * sizeof *list);
    return RESULT_OK;
}
