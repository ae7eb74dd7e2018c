/* Rows of loans, their entries and acts: read, chained and written. */
#include <string.h>

#include "internal.h"
#include "ledger/hash_bytes.h"
#include "ledger/loan_post_internal.h"

enum { ACT_HASH_VERSION = 1, ACT_HASH_RECORD = 'C', ACT_NUMBERS = 32 };

/* A column of an act behind account and loan. */
struct number {
    bool there;
    int64_t n;
};

static struct number some(int64_t n)
{
    return (struct number){true, n};
}

static struct number unless_zero(int64_t n)
{
    return (struct number){n != 0, n};
}

static struct number day_or_none(civil_date d)
{
    return (struct number){!date_is_none(d), d.day};
}

/* In the order of the table: what is bound is what is hashed. */
static void act_numbers(const struct loan_act *a, int64_t batch, struct number out[ACT_NUMBERS])
{
    const struct loan_stand *s = &a->after;
    const struct number all[ACT_NUMBERS] = {
        some(a->act),
        some(a->kind),
        some(a->day.day),
        some(a->booked.day),
        some(a->ask.amount.n),
        some(a->ask.then),
        {a->kind == LOAN_ACT_REPRICED, a->ask.rate},
        some(a->ask.fund),
        unless_zero(a->fund_seq),
        unless_zero(a->undoes),
        unless_zero(a->reason),
        some(a->entries),
        some(s->agreed.since.day),
        some(s->agreed.rate),
        some(s->agreed.payment.n),
        some(s->balance.n),
        some(s->rate),
        some(s->months),
        some(s->state),
        some(s->periods_paid),
        day_or_none(s->next_due),
        some(s->next_payment.n),
        some(s->next_principal.n),
        some(s->next_interest.n),
        some(s->overdue_principal.n),
        some(s->overdue_interest.n),
        some(s->overdue_periods),
        some(s->principal_repaid.n),
        some(s->interest_repaid.n),
        day_or_none(s->settled),
        some(a->head_seq),
        some(batch),
    };

    memcpy(out, all, sizeof all);
}

static void act_hash(struct loan_post *l, const struct number numbers[ACT_NUMBERS],
                     uint8_t out[SHA256_SIZE])
{
    struct hash_bytes h;

    hash_bytes_begin(&h, l->p->sha, ACT_HASH_VERSION, ACT_HASH_RECORD);
    hash_bytes_text(&h, l->account);
    hash_bytes_text(&h, l->loan);
    for (int i = 0; i < ACT_NUMBERS; i++)
        hash_bytes_int_or_absent(&h, numbers[i].there, numbers[i].n);
    hash_bytes_raw(&h, l->last.hash, SHA256_SIZE);
    hash_bytes_end(&h, out);
}

static enum result act_insert(struct loan_post *l, struct loan_act *act, struct error *err)
{
    struct number numbers[ACT_NUMBERS];
    struct stmt *q = db_query(l->p->db, QUERY_loan_post_act_insert);

    act_numbers(act, l->p->batch, numbers);
    act_hash(l, numbers, act->hash);
    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    for (int i = 0; i < ACT_NUMBERS; i++)
        if (numbers[i].there)
            stmt_int(q, i + 3, numbers[i].n);
        else
            stmt_null(q, i + 3);
    stmt_bytes(q, ACT_NUMBERS + 3, act->hash, SHA256_SIZE);
    return stmt_run(q, NULL, err);
}

static enum result loan_put(struct loan_post *l, const struct loan_stand *s, struct error *err)
{
    struct stmt *q = db_query(l->p->db, QUERY_loan_post_put);
    int64_t changed = 0;
    enum result r;

    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    stmt_int(q, 3, l->read_seq);
    stmt_fen(q, 4, s->balance);
    stmt_int(q, 5, s->rate);
    stmt_int(q, 6, s->months);
    stmt_int(q, 7, s->state);
    stmt_int(q, 8, s->periods_paid);
    stmt_date(q, 9, s->next_due);
    stmt_fen(q, 10, s->next_payment);
    stmt_fen(q, 11, s->next_principal);
    stmt_fen(q, 12, s->next_interest);
    stmt_fen(q, 13, s->overdue_principal);
    stmt_fen(q, 14, s->overdue_interest);
    stmt_int(q, 15, s->overdue_periods);
    stmt_fen(q, 16, s->principal_repaid);
    stmt_fen(q, 17, s->interest_repaid);
    stmt_date(q, 18, s->settled);
    stmt_int(q, 19, l->head_seq);
    stmt_bytes(q, 20, l->head_hash, SHA256_SIZE);
    r = stmt_run(q, &changed, err);
    if (r == RESULT_OK && changed != 1)
        return error_set(err, RESULT_CONFLICT, "the loan was posted to meanwhile; try again");
    l->read_seq = l->head_seq;
    return r;
}

/* Lines agreed later than the newest that holds belonged to what was taken back. */
static enum result rates_put(struct loan_post *l, const struct loan_rate *agreed, struct error *err)
{
    struct stmt *q = db_query(l->p->db, QUERY_loan_post_rate_drop);
    enum result r;

    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    stmt_date(q, 3, agreed->since);
    r = stmt_run(q, NULL, err);
    if (r != RESULT_OK)
        return r;
    q = db_query(l->p->db, QUERY_loan_post_rate_put);
    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    stmt_date(q, 3, agreed->since);
    stmt_int(q, 4, agreed->rate);
    stmt_fen(q, 5, agreed->payment);
    return stmt_run(q, NULL, err);
}

enum result loan_act_write(struct loan_post *l, struct loan_act *act, struct error *err)
{
    const struct loan_rate *agreed = &act->after.agreed, *before = &l->now.agreed;
    bool same = agreed->since.day == before->since.day && agreed->rate == before->rate &&
                agreed->payment.n == before->payment.n;
    enum result r;

    act->act = l->last.act + 1;
    act->booked = l->p->booked;
    act->head_seq = l->head_seq;
    r = act_insert(l, act, err);
    if (r == RESULT_OK)
        r = loan_put(l, &act->after, err);
    if (r == RESULT_OK && (!same || act->kind == LOAN_ACT_PAID_OUT))
        r = rates_put(l, agreed, err);
    l->now = act->after;
    l->last = *act;
    return r;
}

enum result loan_acts_read(struct posting *p, struct text account, struct text loan, int limit,
                           struct loan_act **out, size_t *count, struct error *err)
{
    struct stmt *q = db_query(p->db, QUERY_loan_post_acts);
    enum stmt_step step;

    *count = 0;
    *out = arena_alloc(p->arena, (size_t)limit * sizeof **out);
    if (!*out)
        return ledger_no_memory(err);
    stmt_text(q, 1, account);
    stmt_text(q, 2, loan);
    stmt_int(q, 3, limit);
    while ((step = stmt_step(q)) == STMT_ROW && *count < (size_t)limit) {
        struct loan_act *a = &(*out)[(*count)++];
        struct text hash = column_bytes(q, 31);

        *a = (struct loan_act){
            .act = column_int(q, 0),
            .kind = (enum loan_act_kind)column_int(q, 1),
            .day = column_date(q, 2),
            .booked = column_date(q, 3),
            .ask = {.kind = (enum loan_act_kind)column_int(q, 1),
                    .day = column_date(q, 2),
                    .amount = column_fen(q, 4),
                    .then = (enum loan_then)column_int(q, 5),
                    .rate = (millionths)column_int(q, 6),
                    .fund = column_int(q, 7) != 0},
            .fund_seq = column_int(q, 8),
            .undoes = column_int(q, 9),
            .reason = (int)column_int(q, 10),
            .entries = (int)column_int(q, 11),
            .after = {.agreed = {column_date(q, 12), (millionths)column_int(q, 13),
                                 column_fen(q, 14)},
                      .balance = column_fen(q, 15),
                      .rate = (millionths)column_int(q, 16),
                      .months = (int)column_int(q, 17),
                      .state = (int)column_int(q, 18),
                      .periods_paid = (int)column_int(q, 19),
                      .next_due = column_date(q, 20),
                      .next_payment = column_fen(q, 21),
                      .next_principal = column_fen(q, 22),
                      .next_interest = column_fen(q, 23),
                      .overdue_principal = column_fen(q, 24),
                      .overdue_interest = column_fen(q, 25),
                      .overdue_periods = (int)column_int(q, 26),
                      .principal_repaid = column_fen(q, 27),
                      .interest_repaid = column_fen(q, 28),
                      .settled = column_date(q, 29)},
            .head_seq = column_int(q, 30),
        };
        if (hash.len == SHA256_SIZE)
            memcpy(a->hash, hash.at, SHA256_SIZE);
    }
    stmt_end(q);
    return step == STMT_ROW ? RESULT_OK : ledger_read_end(p->db, step, err);
}

/* --- the loan --- */

static void read_row(struct loan_post *l, struct stmt *q, struct loan_view *v, bool *ok)
{
    struct text hash = column_bytes(q, 20);

    v->loan = (struct loan){
        .loan = l->loan,
        .paid_out = column_fen(q, 1),
        .paid_out_on = column_date(q, 2),
        .balance = column_fen(q, 3),
        .rate = (millionths)column_int(q, 4),
        .months = (int)column_int(q, 5),
        .method = (int)column_int(q, 6),
        .state = (int)column_int(q, 7),
        .periods_paid = (int)column_int(q, 8),
        .next_due = column_date(q, 9),
        .next_payment = column_fen(q, 10),
        .next_principal = column_fen(q, 11),
        .next_interest = column_fen(q, 12),
        .overdue_principal = column_fen(q, 13),
        .overdue_interest = column_fen(q, 14),
        .overdue_periods = (int)column_int(q, 15),
        .due_day = (int)column_int(q, 21),
    };
    v->settled = column_date(q, 18);
    l->now = (struct loan_stand){
        .balance = v->loan.balance,
        .rate = v->loan.rate,
        .months = v->loan.months,
        .state = v->loan.state,
        .periods_paid = v->loan.periods_paid,
        .next_due = v->loan.next_due,
        .next_payment = v->loan.next_payment,
        .next_principal = v->loan.next_principal,
        .next_interest = v->loan.next_interest,
        .overdue_principal = v->loan.overdue_principal,
        .overdue_interest = v->loan.overdue_interest,
        .overdue_periods = v->loan.overdue_periods,
        .principal_repaid = column_fen(q, 16),
        .interest_repaid = column_fen(q, 17),
        .settled = v->settled,
    };
    l->head_seq = l->read_seq = column_int(q, 19);
    memset(l->head_hash, 0, sizeof l->head_hash);
    if (hash.len == SHA256_SIZE)
        memcpy(l->head_hash, hash.at, SHA256_SIZE);
    l->coborrower = ledger_keep(l->p->arena, q, 22, ok);
    l->booked = column_date(q, 23);
}

static enum result read_rates(struct loan_post *l, struct loan_view *v, struct error *err)
{
    struct stmt *q = db_query(l->p->db, QUERY_ledger_loan_rates);
    enum stmt_step step;

    v->rates = arena_alloc(l->p->arena, LEDGER_LOAN_RATES_MAX * sizeof *v->rates);
    if (!v->rates)
        return ledger_no_memory(err);
    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    stmt_int(q, 3, LEDGER_LOAN_RATES_MAX);
    while ((step = stmt_step(q)) == STMT_ROW && v->rate_count < LEDGER_LOAN_RATES_MAX)
        v->rates[v->rate_count++] =
            (struct loan_rate){column_date(q, 0), (millionths)column_int(q, 1), column_fen(q, 2)};
    stmt_end(q);
    if (v->rate_count > 0)
        l->now.agreed = v->rates[0];
    return step == STMT_ROW ? RESULT_OK : ledger_read_end(l->p->db, step, err);
}

enum result loan_post_reread(struct loan_post *l, struct error *err)
{
    struct stmt *q = db_query(l->p->db, QUERY_loan_post_read);
    struct loan_view v = {.settled = DATE_NONE};
    struct loan_act *acts;
    size_t count = 0;
    civil_date happened;
    bool ok = true;
    enum stmt_step step;
    enum result r;

    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    step = stmt_step(q);
    if (step == STMT_DONE)
        return error_set(err, RESULT_NOT_FOUND, "the account has no such loan");
    if (step != STMT_ROW)
        return db_failure(l->p->db, err);
    read_row(l, q, &v, &ok);
    happened = column_date(q, 24);
    stmt_end(q);
    if (!ok)
        return ledger_no_memory(err);
    r = read_rates(l, &v, err);
    if (r == RESULT_OK)
        r = loan_standing_of(&v, &l->standing, err);
    if (r == RESULT_OK)
        r = loan_acts_read(l->p, l->account, l->loan, 1, &acts, &count, err);
    if (r != RESULT_OK)
        return r;
    l->last =
        count ? acts[0]
              : (struct loan_act){.day = date_is_none(happened) ? v.loan.paid_out_on : happened};
    return RESULT_OK;
}

enum result loan_post_read(struct posting *p, const struct policy *policy, struct text account,
                           struct text loan, struct loan_post **out, struct error *err)
{
    struct loan_post *l = arena_alloc(p->arena, sizeof *l);

    *out = l;
    if (!l)
        return ledger_no_memory(err);
    l->p = p;
    l->policy = policy;
    l->account = account;
    l->loan = loan;
    return loan_post_reread(l, err);
}

void loan_stand_of(const struct loan_standing *s, fen principal_repaid, fen interest_repaid,
                   struct loan_stand *out)
{
    *out = (struct loan_stand){
        .agreed = s->rates[s->rate_count - 1],
        .balance = s->balance,
        .rate = s->rate,
        .months = s->months,
        .state = s->balance.n == 0        ? LOAN_REPAID
                 : s->overdue_periods > 0 ? LOAN_OVERDUE
                                          : LOAN_RUNNING,
        .periods_paid = s->periods_paid,
        .next_due = s->next.period > 0 ? s->next.due : DATE_NONE,
        .next_payment = s->next.payment,
        .next_principal = s->next.principal,
        .next_interest = s->next.interest,
        .overdue_principal = s->overdue_principal,
        .overdue_interest = s->overdue_interest,
        .overdue_periods = s->overdue_periods,
        .principal_repaid = principal_repaid,
        .interest_repaid = interest_repaid,
        .settled = s->settled,
    };
}

/* --- entries --- */

enum result loan_entry_read(struct loan_post *l, int64_t seq, struct loan_entry *out,
                            struct error *err)
{
    struct stmt *q = db_query(l->p->db, QUERY_loan_post_entry);
    enum stmt_step step;

    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    stmt_int(q, 3, seq);
    step = stmt_step(q);
    if (step == STMT_DONE)
        return error_set(err, RESULT_DAMAGED, "an entry of the loan is missing");
    if (step != STMT_ROW)
        return db_failure(l->p->db, err);
    *out = (struct loan_entry){
        .seq = seq,
        .happened = column_date(q, 0),
        .kind = (enum loan_entry_kind)column_int(q, 1),
        .period = (int)column_int(q, 2),
        .amount = column_fen(q, 3),
        .principal = column_fen(q, 4),
        .interest = column_fen(q, 5),
        .penalty = column_fen(q, 6),
    };
    stmt_end(q);
    return RESULT_OK;
}

static enum result entry_insert(struct loan_post *l, const struct loan_entry *e, struct error *err)
{
    struct stmt *q = db_query(l->p->db, QUERY_loan_post_entry_insert);

    stmt_text(q, 1, e->account);
    stmt_text(q, 2, e->loan);
    stmt_int(q, 3, e->seq);
    stmt_date(q, 4, e->happened);
    stmt_date(q, 5, e->booked);
    stmt_int(q, 6, e->kind);
    if (e->period != 0)
        stmt_int(q, 7, e->period);
    else
        stmt_null(q, 7);
    stmt_fen(q, 8, e->amount);
    stmt_fen(q, 9, e->principal);
    stmt_fen(q, 10, e->interest);
    stmt_fen(q, 11, e->penalty);
    stmt_fen(q, 12, e->balance);
    stmt_text(q, 13, e->flow);
    stmt_int(q, 14, e->reversing);
    if (e->reversing)
        stmt_int(q, 15, e->reverses);
    else
        stmt_null(q, 15);
    stmt_int(q, 16, e->batch);
    stmt_bytes(q, 17, e->hash, SHA256_SIZE);
    return stmt_run(q, NULL, err);
}

enum result loan_entry_append(struct loan_post *l, struct loan_entry *e, struct error *err)
{
    struct posting *p = l->p;
    char flow[POST_FLOW_MAX + 1];
    fen before = l->now.balance;
    bool out = e->kind == LOAN_PAID_OUT;
    enum result r;

    if (!date_is_none(l->booked) && p->booked.day < l->booked.day)
        return error_set(err, RESULT_REFUSED,
                         "the loan has an entry that was booked on a later day");
    if (e->happened.day > p->booked.day)
        return error_set(err, RESULT_REFUSED, "the day is later than today");
    e->account = l->account;
    e->loan = l->loan;
    e->seq = l->head_seq + 1;
    e->booked = p->booked;
    e->amount =
        out ? fen_negate(e->principal) : fen_add(e->principal, fen_add(e->interest, e->penalty));
    e->balance = out ? fen_add(before, e->principal) : fen_sub(before, e->principal);
    e->batch = p->batch;
    e->flow = post_flow(p->batch, p->line + 1, flow);
    loan_entry_hash(p->sha, e, l->head_hash, e->hash);
    r = entry_insert(l, e, err);
    if (r != RESULT_OK)
        return r;
    p->line++;
    p->lines++;
    p->entries++;
    p->total = fen_add(p->total, e->amount);
    l->head_seq = e->seq;
    l->booked = e->booked;
    l->now.balance = e->balance;
    memcpy(l->head_hash, e->hash, SHA256_SIZE);
    if (!out) {
        l->principal = fen_add(l->principal, e->principal);
        l->interest = fen_add(l->interest, e->interest);
        l->penalty = fen_add(l->penalty, e->penalty);
    }
    return RESULT_OK;
}
