/* Settlements of a city: each account that was settled has the entry that says so, and each entry its
 * settlement. */
#include "verify_internal.h"

#include <inttypes.h>

#include "ledger/entry.h"

enum {
    ACCOUNT,
    DAY,
    KIND,
    OUTCOME,
    SEQ,
    INTEREST,
    BATCH,
    E_KIND,
    E_VALUE,
    E_INTEREST,
    E_BATCH,
    E_REVERSING,
    A_THERE
};
enum { POSTED = 1, LAST_OUTCOME = 5 };

static void check(struct verify *v, struct stmt *q)
{
    static const char table[] = "ledger.settlement";
    struct text account = column_text(q, ACCOUNT);
    int64_t outcome = column_int(q, OUTCOME);

    if (column_is_null(q, A_THERE))
        verify_wrong(v, table, account, "", 0, "there is no such account");
    if (!verify_operation_of(v, column_int(q, BATCH)))
        verify_wrong(v, table, account, "", 0, "operation does not exist");
    if (column_int(q, KIND) != 1 || outcome < POSTED || outcome > LAST_OUTCOME)
        verify_wrong(v, table, account, "", 0, "kind or outcome is none that there is");
    if (outcome != POSTED) {
        if (!column_is_null(q, SEQ) || column_int(q, INTEREST) != 0)
            verify_wrong(v, table, account, "", 0,
                         "names an entry or interest, and none was posted");
        return;
    }
    if (column_is_null(q, E_KIND) || column_int(q, E_KIND) != ENTRY_INTEREST ||
        column_int(q, E_REVERSING) != 0 || column_int(q, E_VALUE) != column_int(q, DAY) ||
        column_int(q, E_BATCH) != column_int(q, BATCH))
        verify_wrong(v, table, account, "", column_int(q, SEQ), "the entry is not its settlement");
    else if (column_int(q, E_INTEREST) != column_int(q, INTEREST))
        verify_amount(v, table, account, "", column_int(q, SEQ), "interest",
                      column_int(q, INTEREST), column_int(q, E_INTEREST));
    v->settlements--;
}

enum result verify_settlements(struct verify *v)
{
    struct rows rows;

    rows_start(v, &rows, QUERY_verify_settlements);
    for (; rows.there; rows_next(&rows)) {
        check(v, rows.q);
        verify_tick(v);
    }
    if (!rows.failed && v->settlements != 0)
        verify_wrong(v, "ledger.settlement", (struct text){NULL, 0}, "", 0,
                     "%" PRId64 " more entries than settlements", v->settlements);
    return rows_result(v, &rows);
}
