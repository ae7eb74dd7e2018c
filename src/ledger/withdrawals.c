/* All applications for a withdrawal with their steps, as their own page shows them. */
#include "internal.h"

enum { STEP_ACCEPTED = 2, STATE_RECEIVED = 1 };

static enum result read_applications(struct db *db, struct arena *a, struct text account,
                                     struct withdrawals *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_withdrawals);
    enum stmt_step step;
    bool ok = true;

    stmt_text(q, 1, account);
    stmt_int(q, 2, LEDGER_WITHDRAWALS_MAX + 1);
    while ((step = stmt_step(q)) == STMT_ROW && ok) {
        if (out->count == LEDGER_WITHDRAWALS_MAX) {
            out->more = true;
            break;
        }
        out->list[out->count++] = (struct withdrawal){
            .application =
                {
                    .application = ledger_keep(a, q, 0, &ok),
                    .applied = column_date(q, 1),
                    .reason = (int)column_int(q, 2),
                    .amount = column_fen(q, 3),
                    .state = (int)column_int(q, 4),
                    .decide_by = DATE_NONE,
                },
            .flow = ledger_keep(a, q, 5, &ok),
            .batch = column_int(q, 6),
            .cancellable = column_int(q, 7) != 0,
        };
    }
    stmt_end(q);
    if (!ok)
        return ledger_no_memory(err);
    return step == STMT_ROW ? RESULT_OK : ledger_read_end(db, step, err);
}

/* The steps come in the order of the applications, so each belongs to this one or to a later one. */
static bool take_step(struct arena *a, struct stmt *q, const struct withdrawals *out, size_t *at)
{
    struct withdrawal *w;
    bool ok = true;

    while (*at < out->count &&
           !text_equal(out->list[*at].application.application, column_text(q, 0)))
        ++*at;
    if (*at == out->count)
        return true;
    w = &out->list[*at];
    if (!w->steps)
        w->steps = arena_alloc(a, LEDGER_STEPS_MAX * sizeof *w->steps);
    if (!w->steps)
        return false;
    if (w->step_count < LEDGER_STEPS_MAX)
        w->steps[w->step_count++] = (struct application_step){
            .day = column_date(q, 1),
            .kind = (int)column_int(q, 2),
            .words = ledger_keep(a, q, 3, &ok),
        };
    return ok;
}

static enum result read_steps(struct db *db, struct arena *a, struct text account,
                              const struct withdrawals *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_withdrawal_steps);
    enum stmt_step step;
    bool ok = true;
    size_t at = 0;

    stmt_text(q, 1, account);
    stmt_int(q, 2, LEDGER_WITHDRAWALS_MAX);
    stmt_int(q, 3, LEDGER_STEPS_MAX);
    while ((step = stmt_step(q)) == STMT_ROW && ok)
        ok = take_step(a, q, out, &at);
    stmt_end(q);
    if (!ok)
        return ledger_no_memory(err);
    return step == STMT_ROW ? RESULT_OK : ledger_read_end(db, step, err);
}

/* Article 25: decided within three days of acceptance. What is approved is decided. */
static void set_decide_by(const struct policy *p, struct withdrawal *w)
{
    for (size_t i = 0; w->application.state == STATE_RECEIVED && i < w->step_count; i++) {
        civil_date day = w->steps[i].day;

        if (w->steps[i].kind == STEP_ACCEPTED && date_is_none(w->application.decide_by))
            w->application.decide_by = date_plus(day, policy_withdrawal_decision_days(p, day));
    }
}

enum result ledger_withdrawals(struct db *db, struct arena *a, const struct policy *p,
                               struct text account, struct withdrawals *out, struct error *err)
{
    enum result r;

    *out = (struct withdrawals){
        .list = arena_alloc(a, LEDGER_WITHDRAWALS_MAX * sizeof *out->list),
    };
    if (!out->list)
        return ledger_no_memory(err);
    r = read_applications(db, a, account, out, err);
    if (r == RESULT_OK && out->count > 0)
        r = read_steps(db, a, account, out, err);
    for (size_t i = 0; r == RESULT_OK && i < out->count; i++)
        set_decide_by(p, &out->list[i]);
    return r;
}
