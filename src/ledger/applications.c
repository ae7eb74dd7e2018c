/* Withdrawals that are still moving. */
#include "internal.h"

enum { APPLICATIONS_MAX = 20, STATE_RECEIVED = 1 };

enum result ledger_open_applications(struct db *db, struct arena *a, const struct policy *p,
                                     struct text account, struct application **out, size_t *count,
                                     struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_open_applications);
    enum stmt_step step;
    bool ok = true;

    *count = 0;
    *out = arena_alloc(a, APPLICATIONS_MAX * sizeof **out);
    if (!*out)
        return ledger_no_memory(err);
    stmt_text(q, 1, account);
    while ((step = stmt_step(q)) == STMT_ROW && ok && *count < APPLICATIONS_MAX) {
        civil_date accepted = column_date(q, 5);
        struct application *x = &(*out)[(*count)++];

        *x = (struct application){
            .application = ledger_keep(a, q, 0, &ok),
            .applied = column_date(q, 1),
            .reason = (int)column_int(q, 2),
            .amount = column_fen(q, 3),
            .state = (int)column_int(q, 4),
            .decide_by = DATE_NONE,
        };
        /* Article 25: decided within three days of acceptance. What is approved is decided. */
        if (x->state == STATE_RECEIVED && !date_is_none(accepted))
            x->decide_by = date_plus(accepted, policy_withdrawal_decision_days(p, accepted));
    }
    stmt_end(q);
    if (!ok)
        return ledger_no_memory(err);
    return step == STMT_ROW ? RESULT_OK : ledger_read_end(db, step, err);
}
