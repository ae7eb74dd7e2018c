/* A loan as its own page shows it: the contract, the rates, what was paid, and the plan ahead. */
#include "internal.h"

static enum result read_contract(struct db *db, struct text account, struct loan_view *out,
                                 struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_loan_detail);
    enum stmt_step step;

    stmt_text(q, 1, account);
    stmt_text(q, 2, out->loan.loan);
    step = stmt_step(q);
    if (step != STMT_ROW)
        return ledger_read_end(db, step, err);
    out->signed_on = column_date(q, 0);
    out->principal = column_fen(q, 1);
    out->guarantee = (int)column_int(q, 2);
    out->price = column_fen(q, 3);
    out->shared = !column_is_null(q, 4) && column_text(q, 4).len > 0;
    out->principal_repaid = column_fen(q, 5);
    out->interest_repaid = column_fen(q, 6);
    out->settled = column_date(q, 7);
    stmt_end(q);
    return RESULT_OK;
}

enum result ledger_loan_rates(struct db *db, struct arena *a, struct text account, struct text loan,
                              struct loan_rate **out, size_t *count, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_loan_rates);
    struct loan_rate *rates = arena_alloc(a, LEDGER_LOAN_RATES_MAX * sizeof *rates);
    enum stmt_step step;

    *out = rates;
    *count = 0;
    if (!rates)
        return ledger_no_memory(err);
    stmt_text(q, 1, account);
    stmt_text(q, 2, loan);
    stmt_int(q, 3, LEDGER_LOAN_RATES_MAX);
    while ((step = stmt_step(q)) == STMT_ROW && *count < LEDGER_LOAN_RATES_MAX)
        rates[(*count)++] = (struct loan_rate){
            .since = column_date(q, 0),
            .rate = (millionths)column_int(q, 1),
            .payment = column_fen(q, 2),
        };
    stmt_end(q);
    return step == STMT_ROW ? RESULT_OK : ledger_read_end(db, step, err);
}

/* How many instalments fell due since the day on which the part was agreed, before the coming one. An
 * instalment due on that very day came before it, and none is due in the month of paying out. */
static int periods_since(const struct loan *l, civil_date since)
{
    civil_month month = date_month(since);
    bool over = since.day >= loan_due(month, l->due_day).day;
    int first = month.n + (over ? 1 : 0), earliest = date_month(l->paid_out_on).n + 1;
    int periods = date_month(l->next_due).n - (first < earliest ? earliest : first);

    return periods < 0 ? 0 : periods;
}

static const struct loan_rate *rate_now(const struct loan_view *v, civil_date today)
{
    for (size_t i = 0; i < v->rate_count; i++)
        if (v->rates[i].since.day <= today.day) /* newest first */
            return &v->rates[i];
    return NULL;
}

/* The plan begins behind what is overdue, as the stored next instalment does. */
static enum result make_plan(struct arena *a, civil_date today, struct loan_view *v,
                             struct error *err)
{
    const struct loan *l = &v->loan;
    const struct loan_rate *agreed = rate_now(v, today);
    struct loan_rest rest = {
        .method = l->method,
        .principal = fen_sub(l->balance, l->overdue_principal),
        .rate = l->rate,
        .months = l->months - l->periods_paid - l->overdue_periods,
    };

    civil_month first = date_month(l->next_due);

    if (date_is_none(l->next_due) || rest.months < 1 || rest.months > LOAN_MONTHS_MAX ||
        rest.principal.n <= 0 || rest.rate < 0 || rest.rate > 1000000)
        return RESULT_OK;
    v->plan = arena_alloc(a, (size_t)rest.months * sizeof *v->plan);
    if (!v->plan)
        return ledger_no_memory(err);
    if (agreed && agreed->rate == l->rate)
        loan_part_agreed(&rest, agreed->payment, periods_since(l, agreed->since));
    else
        loan_part_anew(&rest);
    if (rest.method == LOAN_ONCE)
        first.n -= rest.months - 1; /* what is due next is due in the last month */
    v->plan_count = (size_t)loan_plan(&rest, l->periods_paid + l->overdue_periods + 1, first,
                                      l->due_day, v->plan);
    v->plan_agrees = v->plan_count > 0 && v->plan[0].payment.n == l->next_payment.n &&
                     v->plan[0].principal.n == l->next_principal.n &&
                     v->plan[0].interest.n == l->next_interest.n;
    return RESULT_OK;
}

enum result ledger_loan_view(struct db *db, struct arena *a, struct text account,
                             const struct loan *loan, civil_date today, struct loan_view *out,
                             struct error *err)
{
    enum result r;

    *out = (struct loan_view){.loan = *loan, .signed_on = DATE_NONE, .settled = DATE_NONE};
    r = read_contract(db, account, out, err);
    if (r == RESULT_OK)
        r = ledger_loan_rates(db, a, account, out->loan.loan, &out->rates, &out->rate_count, err);
    return r == RESULT_OK ? make_plan(a, today, out, err) : r;
}

enum result ledger_loan_entries(struct db *db, struct arena *a, struct text account,
                                struct text loan, int64_t before_seq, int limit,
                                struct loan_entry **out, size_t *count, bool *more,
                                struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_loan_entries);
    enum stmt_step step;
    bool ok = true;

    *count = 0;
    *more = false;
    *out = arena_alloc(a, (size_t)limit * sizeof **out);
    if (!*out)
        return ledger_no_memory(err);
    stmt_text(q, 1, account);
    stmt_text(q, 2, loan);
    stmt_int(q, 3, before_seq ? before_seq : INT64_MAX);
    stmt_int(q, 4, limit + 1); /* one more tells whether there is more */
    while ((step = stmt_step(q)) == STMT_ROW && ok) {
        if (*count == (size_t)limit) {
            *more = true;
            break;
        }
        (*out)[(*count)++] = (struct loan_entry){
            .account = account,
            .loan = loan,
            .seq = column_int(q, 0),
            .happened = column_date(q, 1),
            .booked = column_date(q, 2),
            .kind = (enum loan_entry_kind)column_int(q, 3),
            .period = (int)column_int(q, 4),
            .amount = column_fen(q, 5),
            .principal = column_fen(q, 6),
            .interest = column_fen(q, 7),
            .penalty = column_fen(q, 8),
            .balance = column_fen(q, 9),
            .flow = ledger_keep(a, q, 10, &ok),
            .reversing = column_int(q, 11) != 0,
            .reverses = column_int(q, 12),
        };
    }
    stmt_end(q);
    if (!ok)
        return ledger_no_memory(err);
    return step == STMT_ROW ? RESULT_OK : ledger_read_end(db, step, err);
}
