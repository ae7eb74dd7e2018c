/* Withdrawals that were applied for here: what is kept twice agrees, each that is paid has the entry
 * that paid it, and the newest step is the one of its state. */
#include "verify_internal.h"

#include "ledger/entry.h"

enum {
    NUMBER,
    STATE,
    ENTRY,
    INTEREST,
    P_STATE,
    P_AMOUNT,
    P_FLOW,
    P_BATCH,
    E_KIND,
    E_AMOUNT,
    E_INTEREST,
    E_FLOW,
    E_BATCH,
    LAST_STEP
};
enum { RECEIVED = 1, PAID = 3, CANCELLED = 5, STEP_SUBMITTED = 1, STEP_ACCEPTED = 2 };

static const char table[] = "ledger.withdrawal";

static bool step_agrees(int64_t state, int64_t step)
{
    static const int last[] = {0, STEP_SUBMITTED, 3, 4, 5, 6}; /* of each state */

    if (state < RECEIVED || state > CANCELLED)
        return false;
    return step == last[state] || (state == RECEIVED && step == STEP_ACCEPTED);
}

static void check_entry(struct verify *v, struct stmt *q, struct text number)
{
    int64_t kind = column_int(q, E_KIND);

    if (column_int(q, STATE) != PAID) {
        if (!column_is_null(q, ENTRY) || !column_is_null(q, P_FLOW) || column_int(q, INTEREST) != 0)
            verify_wrong(v, table, number, "", 0, "names a payment and is not paid");
        return;
    }
    if ((kind != ENTRY_WITHDRAWAL && kind != ENTRY_CLOSING) ||
        column_int(q, E_BATCH) != column_int(q, P_BATCH) ||
        !text_equal(column_text(q, E_FLOW), column_text(q, P_FLOW)))
        verify_wrong(v, table, number, "", 0, "the entry is not its payment");
    else if (-column_int(q, E_AMOUNT) != column_int(q, P_AMOUNT))
        verify_amount(v, "ledger.application", number, "", 0, "amount", column_int(q, P_AMOUNT),
                      -column_int(q, E_AMOUNT));
    else if (column_int(q, E_INTEREST) != column_int(q, INTEREST))
        verify_amount(v, table, number, "", 0, "interest", column_int(q, INTEREST),
                      column_int(q, E_INTEREST));
}

static void check(struct verify *v, struct stmt *q)
{
    struct text number = column_text(q, NUMBER);

    if (column_is_null(q, P_STATE)) {
        verify_wrong(v, table, number, "", 0, "there is no such application of the account");
        return;
    }
    if (column_int(q, STATE) != column_int(q, P_STATE))
        verify_wrong(v, table, number, "", 0, "state is not the application's");
    if (!step_agrees(column_int(q, P_STATE), column_int(q, LAST_STEP)))
        verify_wrong(v, table, number, "", 0, "the last step does not agree with the state");
    if (!verify_operation_of(v, column_int(q, P_BATCH)))
        verify_wrong(v, "ledger.application", number, "", 0, "operation does not exist");
    check_entry(v, q, number);
}

enum result verify_withdrawals(struct verify *v)
{
    struct rows rows;

    rows_start(v, &rows, QUERY_verify_withdrawals);
    for (; rows.there; rows_next(&rows)) {
        check(v, rows.q);
        verify_tick(v);
    }
    return rows_result(v, &rows);
}
