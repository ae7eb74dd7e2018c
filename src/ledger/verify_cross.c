/* The rules between tables that need no reckoning: what a row names exists, and what follows from
 * another row does. Each rule is told by its query (sql/queries/verify.sql), in the order of the
 * table's key; only rows that break one come. */
#include "verify_internal.h"

enum { KEY, SUB, SEQ, WHAT, SUB_MAX = 64, WHAT_MAX = 160 };

static const struct cross {
    enum query_id query;
    const char *table;
} rules[] = {
    {QUERY_verify_cross_batches, "ledger.batch"},
    {QUERY_verify_cross_files, "ledger.batch_file"},
    {QUERY_verify_cross_operations, "ledger.operation"},
    {QUERY_verify_cross_accounts, "ledger.account"},
    {QUERY_verify_cross_terms, "ledger.terms"},
    {QUERY_verify_cross_applications, "ledger.application"},
    {QUERY_verify_cross_steps, "ledger.application_step"},
    {QUERY_verify_cross_withdrawals, "ledger.withdrawal"},
    {QUERY_verify_cross_contracts, "ledger.loan_contract"},
    {QUERY_verify_cross_loans, "ledger.loan"},
    {QUERY_verify_cross_rates, "ledger.loan_rate"},
    {QUERY_verify_cross_agreed, "ledger.loan_act"},
};

static enum result check(struct verify *v, const struct cross *rule)
{
    char sub[SUB_MAX], what[WHAT_MAX];
    struct rows rows;

    rows_start(v, &rows, rule->query);
    for (; rows.there; rows_next(&rows)) {
        text_copy(column_text(rows.q, SUB), sub, sizeof sub);
        text_copy(column_text(rows.q, WHAT), what, sizeof what);
        verify_wrong(v, rule->table, column_text(rows.q, KEY), sub, column_int(rows.q, SEQ), "%s",
                     what);
    }
    return rows_result(v, &rows);
}

enum result verify_cross(struct verify *v)
{
    enum result r = RESULT_OK;

    for (size_t i = 0; i < sizeof rules / sizeof *rules && r == RESULT_OK; i++)
        r = check(v, &rules[i]);
    return r;
}
