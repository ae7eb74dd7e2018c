/* One operation on one loan, asked once under a key. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "internal.h"
#include "ledger/loan_post_internal.h"

enum { ANSWER_LIMIT = POST_ANSWER_MAX, CONTENT_MAX = 1024, GUARANTEES = 3 };

struct order_run {
    struct posting p;
    const struct policy *policy;
    const struct loan_order *o;
    struct loan_post *loan; /* NULL: a contract */
};

static const char *const order_words[LOAN_ORDERS] = {
    [LOAN_ORDER_CONTRACT] = "contract", [LOAN_ORDER_PAY_OUT] = "pay-out", [LOAN_ORDER_PAY] = "pay",
    [LOAN_ORDER_SETTLE] = "settle",     [LOAN_ORDER_REVERSE] = "reverse",
};

static enum result invalid(struct error *err, const char *words)
{
    return error_set(err, RESULT_INVALID, "%s", words);
}

/* --- contract --- */

static enum result check_contract(const struct loan_order *o, struct error *err)
{
    if (o->contract.len == 0 || o->contract.len > LOAN_NUMBER_BYTES)
        return invalid(err, "a contract's number has 1 to 30 bytes");
    if (o->amount.n < 1 || o->amount.n > FEN_LIMIT || o->price.n < 0 || o->price.n > FEN_LIMIT)
        return invalid(err, "the principal is above zero, the price not below");
    if (o->rate < 0 || o->rate > 1000000)
        return invalid(err, "the rate is 0 to 100 per cent");
    if (o->method < LOAN_EQUAL_INSTALMENTS || o->method > LOAN_ONCE)
        return invalid(err, "the method is one of three");
    if (o->months < 1 ||
        o->months > (o->method == LOAN_ONCE ? LOAN_ONCE_MONTHS_MAX : LOAN_MONTHS_MAX))
        return invalid(err, "a loan has 1 to 360 months, 1 to 12 when it is repaid at once");
    if (o->due_day < 1 || o->due_day > 31)
        return invalid(err, "the due day is 1 to 31");
    if (o->guarantee < 1 || (o->guarantee > GUARANTEES && o->guarantee != 99))
        return invalid(err, "the guarantee is 1, 2, 3 or 99 (table A.10)");
    if (o->bank.len == 0 || o->bank.len > LOAN_BANK_BYTES)
        return invalid(err, "the bank's name has 1 to 120 bytes");
    return RESULT_OK;
}

/* The account is open, and has no loan that is not repaid. */
static enum result may_borrow(struct order_run *run, struct text account, const char *who,
                              struct error *err)
{
    struct post_account a;
    struct stmt *q;
    enum stmt_step step;
    enum result r = post_account_read(&run->p, account, &a, err);

    if (r == RESULT_NOT_FOUND)
        return error_set(err, r, "the %s has no such account", who);
    if (r != RESULT_OK)
        return r;
    if (account_is_closed(a.row.state))
        return error_set(err, RESULT_REFUSED, "the account of the %s is closed", who);
    q = db_query(run->p.db, QUERY_loan_post_open);
    stmt_text(q, 1, account);
    step = stmt_step(q);
    stmt_end(q);
    if (step == STMT_ROW)
        return error_set(err, RESULT_REFUSED, "the %s has a loan that is not repaid", who);
    return step == STMT_DONE ? RESULT_OK : db_failure(run->p.db, err);
}

/* No more than the highest cap of the day with every uplift, and what the house leaves. */
static enum result within_bounds(const struct order_run *run, struct error *err)
{
    const struct loan_order *o = run->o;
    struct loan_bounds b;
    char most[FEN_TEXT_MAX];
    fen cap;

    policy_loan_bounds(run->policy, o->day, &b);
    cap = o->coborrower.len > 0 ? b.cap_two : b.cap_one;
    if (cap.n > 0) {
        cap.n += round_half_up((__int128)cap.n * b.uplift_most, 1000000);
        fen_format(cap, most);
        if (o->amount.n > cap.n)
            return error_set(err, RESULT_REFUSED, "the cap of that day is %s with every uplift",
                             most);
    }
    if (o->price.n > 0 && o->amount.n > o->price.n)
        return error_set(err, RESULT_REFUSED, "the principal is more than the price");
    return RESULT_OK;
}

static enum result insert_contract(struct order_run *run, struct error *err)
{
    const struct loan_order *o = run->o;
    struct stmt *q = db_query(run->p.db, QUERY_loan_post_contract_insert);
    enum result r;

    stmt_text(q, 1, o->account);
    stmt_text(q, 2, o->contract);
    stmt_date(q, 3, o->day);
    stmt_fen(q, 4, o->amount);
    stmt_int(q, 5, o->months);
    stmt_int(q, 6, o->method);
    stmt_int(q, 7, o->rate);
    stmt_int(q, 8, 1000000);
    stmt_int(q, 9, o->guarantee);
    stmt_fen(q, 10, o->price);
    stmt_int(q, 11, o->due_day);
    stmt_text(q, 12, o->bank);
    if (o->coborrower.len > 0)
        stmt_text(q, 13, o->coborrower);
    else
        stmt_null(q, 13);
    stmt_int(q, 14, run->p.batch);
    r = stmt_run(q, NULL, err);
    return r == RESULT_CONFLICT
               ? error_set(err, r, "the account has a contract of this number already")
               : r;
}

static enum result sign(struct order_run *run, struct error *err)
{
    const struct loan_order *o = run->o;
    enum result r = may_borrow(run, o->account, "borrower", err);

    if (r == RESULT_OK && o->coborrower.len > 0 && text_equal(o->coborrower, o->account))
        return invalid(err, "the co-borrower is another person");
    if (r == RESULT_OK && o->coborrower.len > 0)
        r = may_borrow(run, o->coborrower, "co-borrower", err);
    if (r == RESULT_OK)
        r = within_bounds(run, err);
    return r == RESULT_OK ? insert_contract(run, err) : r;
}

/* --- paying out --- */

struct signed_contract {
    civil_date day;
    fen principal;
    int months, method, due_day;
    millionths rate;
};

static enum result read_contract(struct order_run *run, struct signed_contract *c,
                                 struct error *err)
{
    struct stmt *q = db_query(run->p.db, QUERY_loan_post_contract);
    enum stmt_step step;
    bool paid_out;

    stmt_text(q, 1, run->o->account);
    stmt_text(q, 2, run->o->contract);
    step = stmt_step(q);
    if (step == STMT_DONE)
        return error_set(err, RESULT_NOT_FOUND, "the account has no such contract");
    if (step != STMT_ROW)
        return db_failure(run->p.db, err);
    *c = (struct signed_contract){
        .day = column_date(q, 0),
        .principal = column_fen(q, 1),
        .months = (int)column_int(q, 2),
        .method = (int)column_int(q, 3),
        .rate = (millionths)column_int(q, 4),
        .due_day = (int)column_int(q, 5),
    };
    paid_out = !column_is_null(q, 6);
    stmt_end(q);
    if (paid_out)
        return error_set(err, RESULT_REFUSED, "the contract's money was paid out before");
    if (run->o->day.day < c->day.day)
        return error_set(err, RESULT_REFUSED, "the day is before the contract was signed");
    return RESULT_OK;
}

/* As it stands once the money is out. */
static enum result first_standing(const struct signed_contract *c, civil_date day,
                                  struct loan_standing *out, struct error *err)
{
    struct loan_rest rest = {c->method, c->principal, c->rate, c->months, {0}};
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    struct loan_rate agreed = {day, c->rate, {0}};
    struct loan_view v = {.rates = &agreed, .rate_count = 1, .settled = DATE_NONE};

    loan_part_anew(&rest);
    if (loan_plan(&rest, 1, (civil_month){date_month(day).n + 1}, c->due_day, lines) == 0)
        return error_set(err, RESULT_REFUSED, "the contract has no plan of instalments");
    agreed.payment = lines[0].payment;
    v.loan = (struct loan){
        .method = c->method,
        .months = c->months,
        .due_day = c->due_day,
        .paid_out_on = day,
        .rate = c->rate,
        .balance = c->principal,
        .next_due = lines[0].due,
        .next_payment = lines[0].payment,
        .next_principal = lines[0].principal,
        .next_interest = lines[0].interest,
    };
    return loan_standing_of(&v, out, err);
}

static enum result insert_loan(struct order_run *run, const struct signed_contract *c,
                               struct error *err)
{
    static const uint8_t zeros[SHA256_SIZE];
    const struct loan_order *o = run->o;
    struct stmt *q = db_query(run->p.db, QUERY_loan_post_insert);
    enum result r;

    stmt_text(q, 1, o->account);
    stmt_text(q, 2, o->loan);
    stmt_text(q, 3, o->contract);
    stmt_fen(q, 4, c->principal);
    stmt_date(q, 5, o->day);
    stmt_int(q, 6, c->rate);
    stmt_int(q, 7, c->months);
    stmt_int(q, 8, c->method);
    stmt_bytes(q, 9, zeros, sizeof zeros);
    stmt_int(q, 10, run->p.batch);
    r = stmt_run(q, NULL, err);
    return r == RESULT_CONFLICT ? error_set(err, r, "the account has a loan of this number already")
                                : r;
}

static enum result pay_out(struct order_run *run, struct error *err)
{
    const struct loan_order *o = run->o;
    struct loan_post *l = run->loan = arena_alloc(run->p.arena, sizeof *l);
    struct loan_act act = {.kind = LOAN_ACT_PAID_OUT, .day = o->day, .entries = 1};
    struct loan_entry e = {.kind = LOAN_PAID_OUT, .happened = o->day};
    struct signed_contract c = {0};
    enum result r;

    if (!l)
        return ledger_no_memory(err);
    r = read_contract(run, &c, err);
    if (r == RESULT_OK)
        r = first_standing(&c, o->day, &l->standing, err);
    if (r == RESULT_OK)
        r = insert_loan(run, &c, err);
    if (r != RESULT_OK)
        return r;
    l->p = &run->p;
    l->policy = run->policy;
    l->account = o->account;
    l->loan = o->loan;
    l->booked = DATE_NONE;
    e.principal = act.ask.amount = c.principal;
    r = loan_entry_append(l, &e, err);
    loan_stand_of(&l->standing, fen_of(0), fen_of(0), &act.after);
    return r == RESULT_OK ? loan_act_write(l, &act, err) : r;
}

/* --- what the borrower brings, and what is taken back --- */

static enum result bring(struct order_run *run, struct error *err)
{
    const struct loan_order *o = run->o;
    const struct loan_ask ask = {
        .kind = o->kind == LOAN_ORDER_SETTLE ? LOAN_ACT_SETTLED : LOAN_ACT_PAID,
        .day = o->day,
        .amount = o->amount,
        .then = o->then,
        .fund = o->fund,
    };
    enum result r = loan_post_read(&run->p, run->policy, o->account, o->loan, &run->loan, err);

    return r == RESULT_OK ? loan_post_do(run->loan, &ask, o->reason, err) : r;
}

static enum result reverse(struct order_run *run, struct error *err)
{
    const struct loan_order *o = run->o;
    struct loan_act *all;
    struct loan_ask missed = {.kind = LOAN_ACT_MISSED};
    size_t count;
    enum result r = loan_post_read(&run->p, run->policy, o->account, o->loan, &run->loan, err);

    if (r == RESULT_OK && o->missed) {
        r = loan_acts_read(&run->p, o->account, o->loan, LOAN_ACTS_READ, &all, &count, err);
        missed.day = DATE_NONE;
        for (size_t i = 0; r == RESULT_OK && i < count; i++)
            if (all[i].act == o->act && all[i].kind == LOAN_ACT_COLLECTED)
                missed.day = all[i].day;
        if (r == RESULT_OK && date_is_none(missed.day))
            return error_set(err, RESULT_REFUSED, "that act collected no instalment");
    }
    return r == RESULT_OK
               ? loan_post_undo(run->loan, o->act, o->missed ? &missed : NULL, o->reason, err)
               : r;
}

/* --- the answer --- */

static void put_loan(struct json *j, const struct order_run *run)
{
    const struct loan_post *l = run->loan;
    const struct loan_stand *s = &l->now;

    json_put_int(j, "act", l->last.act);
    json_put_fen(j, "paid", fen_add(l->principal, fen_add(l->interest, l->penalty)));
    json_put_fen(j, "principal", l->principal);
    json_put_fen(j, "interest", l->interest);
    json_put_fen(j, "penalty", l->penalty);
    json_put_int(j, "undone", l->undone);
    json_put_int(j, "redone", l->redone);
    json_put_fen(j, "balance", s->balance);
    json_put_percent(j, "rate", s->rate);
    json_put_int(j, "months", s->months);
    json_put_int(j, "periods_paid", s->periods_paid);
    json_put_int(j, "overdue_periods", s->overdue_periods);
    if (date_is_none(s->next_due))
        json_put_null(j, "next_due");
    else
        json_put_date(j, "next_due", s->next_due);
    json_put_fen(j, "next_payment", s->next_payment);
    json_put_fen(j, "next_principal", s->next_principal);
    json_put_fen(j, "next_interest", s->next_interest);
    json_put_bool(j, "settled", s->balance.n == 0);
}

static enum result answer(struct order_run *run, struct text *out, struct error *err)
{
    const struct loan_order *o = run->o;
    struct json j;
    bool failed;

    json_start(&j, ANSWER_LIMIT);
    json_put_object(&j, NULL);
    json_put_word(&j, "operation", order_words[o->kind]);
    json_put_int(&j, "number", run->p.batch - POST_BATCH_BASE);
    json_put_text(&j, "account", o->account);
    if (o->kind == LOAN_ORDER_CONTRACT)
        json_put_text(&j, "contract", o->contract);
    else
        json_put_text(&j, "loan", o->loan);
    json_put_date(&j, "booked", run->p.booked);
    if (run->loan)
        put_loan(&j, run);
    json_put_object_end(&j);
    failed = j.failed;
    if (!failed)
        *out = text_of(arena_copy(run->p.arena, text_of(j.at)));
    json_free(&j);
    return failed ? error_set(err, RESULT_INTERNAL, "the answer is too long") : RESULT_OK;
}

/* --- the order --- */

static enum result check(const struct loan_order *o, struct error *err)
{
    if (o->account.len == 0 || o->account.len > LOAN_NUMBER_BYTES)
        return invalid(err, "an account's number has 1 to 30 bytes");
    if (o->kind != LOAN_ORDER_CONTRACT &&
        (o->loan.len == 0 || o->loan.len > LOAN_NUMBER_BYTES || !text_is_clean_utf8(o->loan)))
        return invalid(err, "a loan's number has 1 to 30 bytes");
    if (o->kind == LOAN_ORDER_PAY && (o->amount.n < 1 || o->amount.n > FEN_LIMIT))
        return invalid(err, "the amount is above zero");
    if (o->kind == LOAN_ORDER_REVERSE && !post_reason_known(o->reason))
        return invalid(err, "a reversal has a reason: 101 to 107, or 199");
    return o->kind == LOAN_ORDER_CONTRACT ? check_contract(o, err) : RESULT_OK;
}

/* All that was asked, in one form. */
static struct text content(const struct loan_order *o, char out[CONTENT_MAX])
{
    int n = snprintf(
        out, CONTENT_MAX,
        "loan %s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%d %lld %lld %d %d %d %d %d %d %d %lld %d %d\n",
        order_words[o->kind], TEXT_ARG(o->account), TEXT_ARG(o->loan), TEXT_ARG(o->contract),
        TEXT_ARG(o->bank), TEXT_ARG(o->coborrower), o->day.day, (long long)o->amount.n,
        (long long)o->price.n, o->rate, o->months, o->method, o->due_day, o->guarantee, o->then,
        o->fund, (long long)o->act, o->missed, o->reason);

    return (struct text){out, n < CONTENT_MAX ? (size_t)n : CONTENT_MAX - 1};
}

static enum result carry_out(struct order_run *run, struct error *err)
{
    switch (run->o->kind) {
    case LOAN_ORDER_CONTRACT: return sign(run, err);
    case LOAN_ORDER_PAY_OUT: return pay_out(run, err);
    case LOAN_ORDER_PAY:
    case LOAN_ORDER_SETTLE: return bring(run, err);
    case LOAN_ORDER_REVERSE: return reverse(run, err);
    default: return error_set(err, RESULT_INTERNAL, "there is no such order");
    }
}

enum result loan_order_post(struct db *db, struct arena *a, struct sha256 *sha,
                            const struct policy *policy, const struct clock *clock,
                            const struct loan_order *order, struct loan_order_answer *out,
                            struct error *err)
{
    struct order_run run = {.policy = policy, .o = order};
    civil_date today = clock_today(clock);
    char words[CONTENT_MAX];
    enum result r = check(order, err);

    *out = (struct loan_order_answer){0};
    if (r == RESULT_OK && order->day.day > today.day)
        r = error_set(err, RESULT_REFUSED, "the day is still to come");
    if (r == RESULT_OK)
        r = post_begin(db, a, sha,
                       &(struct post_order){.key = order->key,
                                            .kind = POST_LOAN,
                                            .content = content(order, words),
                                            .actor = order->staff,
                                            .booked = today,
                                            .at = clock_now(clock)},
                       &run.p, err);
    if (r != RESULT_OK)
        return r;
    out->already = run.p.already;
    out->json = run.p.answer;
    if (out->already)
        return RESULT_OK;
    r = carry_out(&run, err);
    if (r == RESULT_OK)
        r = answer(&run, &out->json, err);
    return r == RESULT_OK ? post_end(&run.p, true, out->json, err) : r;
}
