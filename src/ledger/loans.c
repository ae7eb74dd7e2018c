/* Loans as the overview shows them. */
#include "internal.h"

enum { LOANS_MAX = 8 };

/* The first instalment is due in the month after the money was paid out, the last one months later. */
static civil_date last_due(const struct loan *l)
{
    return loan_due((civil_month){date_month(l->paid_out_on).n + l->months}, l->due_day);
}

enum result ledger_loans(struct db *db, struct arena *a, struct text account, struct loan **out,
                         size_t *count, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_loans);
    enum stmt_step step;
    bool ok = true;

    *count = 0;
    *out = arena_alloc(a, LOANS_MAX * sizeof **out);
    if (!*out)
        return ledger_no_memory(err);
    stmt_text(q, 1, account);
    while ((step = stmt_step(q)) == STMT_ROW && ok && *count < LOANS_MAX) {
        struct loan *l = &(*out)[(*count)++];

        *l = (struct loan){
            .loan = ledger_keep(a, q, 0, &ok),
            .contract = ledger_keep(a, q, 1, &ok),
            .bank = ledger_keep(a, q, 2, &ok),
            .state = (int)column_int(q, 3),
            .method = (int)column_int(q, 4),
            .months = (int)column_int(q, 5),
            .periods_paid = (int)column_int(q, 6),
            .overdue_periods = (int)column_int(q, 7),
            .paid_out = column_fen(q, 8),
            .balance = column_fen(q, 9),
            .rate = (millionths)column_int(q, 10),
            .paid_out_on = column_date(q, 11),
            .due_day = (int)column_int(q, 12),
            .next_due = column_date(q, 13),
            .next_payment = column_fen(q, 14),
            .next_principal = column_fen(q, 15),
            .next_interest = column_fen(q, 16),
            .overdue_principal = column_fen(q, 17),
            .overdue_interest = column_fen(q, 18),
        };
        l->last_due = last_due(l);
    }
    stmt_end(q);
    if (!ok)
        return ledger_no_memory(err);
    return step == STMT_ROW ? RESULT_OK : ledger_read_end(db, step, err);
}
