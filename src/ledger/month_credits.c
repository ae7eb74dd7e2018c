/* The entries that were booked for one month, and the office of a unit. */
#include "internal.h"

enum { SEQ, BOOKED, VALUE_DAY, KIND, UNIT, UNIT_AMOUNT, OWN_AMOUNT, FLOW, REVERSES };

static bool take(struct arena *a, struct stmt *q, struct month_credit *list, size_t at)
{
    struct month_credit *c = &list[at];
    bool ok = true;

    *c = (struct month_credit){
        .seq = column_int(q, SEQ),
        .booked = column_date(q, BOOKED),
        .value_day = column_date(q, VALUE_DAY),
        .kind = (enum entry_kind)column_int(q, KIND),
        .unit_name = ledger_keep(a, q, UNIT, &ok),
        .flow = ledger_keep(a, q, FLOW, &ok),
        .unit_amount = column_fen(q, UNIT_AMOUNT),
        .own_amount = column_fen(q, OWN_AMOUNT),
        .reverses = column_int(q, REVERSES),
    };
    for (size_t i = 0; c->reverses != 0 && i < at; i++)
        if (list[i].seq == c->reverses)
            list[i].reversed = true;
    return ok;
}

enum result ledger_month_credits(struct db *db, struct arena *a, struct text account,
                                 civil_month month, struct month_credit **out, size_t *count,
                                 struct error *err)
{
    struct month_credit *list = arena_alloc(a, LEDGER_CREDITS_MAX * sizeof *list);
    struct stmt *q = db_query(db, QUERY_ledger_month_credits);
    enum stmt_step step;
    bool ok = list != NULL;

    *out = list;
    *count = 0;
    if (!ok)
        return ledger_no_memory(err);
    stmt_text(q, 1, account);
    stmt_int(q, 2, month.n);
    stmt_int(q, 3, LEDGER_CREDITS_MAX);
    while (ok && (step = stmt_step(q)) == STMT_ROW)
        ok = take(a, q, list, (*count)++);
    if (!ok) {
        stmt_end(q);
        return ledger_no_memory(err);
    }
    return ledger_read_end(db, step, err);
}

enum result ledger_unit_office(struct db *db, struct arena *a, struct text unit, struct text *out,
                               struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_unit_office);
    enum stmt_step step;
    bool ok = true;

    *out = TEXT("");
    stmt_text(q, 1, unit);
    step = stmt_step(q);
    if (step == STMT_ROW) {
        *out = ledger_keep(a, q, 0, &ok);
        stmt_end(q);
        return ok ? RESULT_OK : ledger_no_memory(err);
    }
    return ledger_read_end(db, step, err);
}
