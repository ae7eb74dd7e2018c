#include "deed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/settle.h"
#include "root/root.h"

enum { NOON_MS = 12 * 3600 * 1000, DAY_MS = 24 * 3600 * 1000, EAST_MS = 8 * 3600 * 1000 };

static struct clock noon(civil_date day)
{
    struct clock c;

    clock_fixed(&c, "Asia/Shanghai", (instant)day.day * DAY_MS + NOON_MS - EAST_MS);
    return c;
}

static enum result file_done(const struct deed *d, const struct tools *t, struct deed_outcome *out,
                             struct error *err)
{
    const struct clock clock = noon(d->day);
    struct random random = t->random;
    char content[DEED_CONTENT_MAX];
    const struct contribution_desk desk = {.db = t->f->db,
                                           .policy = t->policy,
                                           .clock = &clock,
                                           .vault = t->vault,
                                           .random = &random,
                                           .demo = true};
    struct contribution_order order = {.op = contribution_find(text_of(d->what)),
                                       .file = "f.csv",
                                       .content = content,
                                       .size = strlen(d->content),
                                       .key = text_of(d->key),
                                       .actor = TEXT("staff 7")};
    struct contribution_report r;
    enum result result;

    memcpy(content, d->content, sizeof content);
    result = contribution_post(&desk, &order, &r, err);
    snprintf(out->answer, sizeof out->answer,
             "operation %" PRId64 ": %" PRId64 " lines, %" PRId64 " entries, unit %" PRId64
             ", own %" PRId64 ", amount %" PRId64 ", interest %" PRId64,
             r.batch, r.lines, r.entries, r.unit_amount.n, r.own_amount.n, r.amount.n,
             r.interest.n);
    return result;
}

/* Inside the caller's transaction, as everything is that is one operation on one account. */
static enum result one_done(const struct deed *d, const struct tools *t, struct deed_outcome *out,
                            struct error *err)
{
    const struct clock clock = noon(d->day);
    const struct withdraw_desk desk = {.clock = &clock, .policy = t->policy, .sha = t->sha};
    struct loan_order_answer answer = {0};
    struct withdraw_done done = {0};
    struct withdraw_ask ask = d->ask;
    struct loan_order order = d->order;
    struct withdraw_move move = {
        .step = d->step, .number = text_of(d->number), .actor = TEXT("staff 7")};
    enum result r = db_begin(t->f->db, STORE_WRITE_LEDGER, err);

    if (r != RESULT_OK)
        return r;
    if (d->kind == DEED_APPLY) {
        ask.key = text_of(d->key);
        ask.actor = TEXT("staff 7");
        ask.account = text_of(d->account);
        ask.ground = text_of(d->ground);
        ask.document = text_of(d->key);
        r = withdraw_apply(&desk, t->f->db, t->arena, &ask, &done, NULL, err);
    } else if (d->kind == DEED_MOVE) {
        move.words = d->step == STEP_REFUSE ? TEXT("材料不全") : TEXT("");
        r = withdraw_move(&desk, t->f->db, t->arena, &move, &done, err);
    } else {
        order.key = text_of(d->key);
        order.staff = TEXT("0317");
        order.account = text_of(d->account);
        order.loan = text_of(d->loan);
        order.contract = text_of(d->contract);
        order.bank = TEXT("示范银行");
        r = loan_order_post(t->f->db, t->arena, t->sha, t->policy, &clock, &order, &answer, err);
    }
    if (r == RESULT_OK)
        r = db_commit(t->f->db, err);
    else
        db_rollback(t->f->db);
    if (d->kind == DEED_LOAN)
        snprintf(out->answer, sizeof out->answer, "%.*s", (int)answer.json.len,
                 answer.json.at ? answer.json.at : "");
    else
        snprintf(out->answer, sizeof out->answer,
                 "%.*s: state %d, amount %" PRId64 ", interest %" PRId64 ", flow %.*s",
                 (int)done.number.len, done.number.at ? done.number.at : "", (int)done.state,
                 done.amount.n, done.interest.n, (int)done.flow.len,
                 done.flow.at ? done.flow.at : "");
    return r;
}

static enum result batch_done(const struct deed *d, const struct tools *t, struct deed_outcome *out,
                              struct error *err)
{
    const struct clock clock = noon(d->day);
    const struct loan_returned one = {text_of(d->account), text_of(d->loan)};
    const struct loan_batch b = {.db = t->f->db,
                                 .policy = t->policy,
                                 .clock = &clock,
                                 .day = d->on,
                                 .list_of = d->returned ? text_of(d->loan) : TEXT(""),
                                 .returned = &one,
                                 .returned_count = d->returned};
    struct loan_batch_report r;
    enum result result =
        d->kind == DEED_COLLECT ? loan_collect_city(&b, &r, err) : loan_reprice_city(&b, &r, err);

    snprintf(out->answer, sizeof out->answer,
             "operation %" PRId64 ": collected %" PRId64 ", missed %" PRId64 ", repriced %" PRId64
             ", principal %" PRId64 ", interest %" PRId64,
             r.batch, r.collected, r.missed, r.repriced, r.principal.n, r.interest.n);
    return result;
}

static enum result settle_done(const struct deed *d, const struct tools *t,
                               struct deed_outcome *out, struct error *err)
{
    const struct clock clock = noon(d->day);
    struct settle_report r;
    enum result result = settle_city(t->f->store, t->policy, &clock, d->on, NULL, &r, err);

    snprintf(out->answer, sizeof out->answer,
             "accounts %" PRId64 ", posted %" PRId64 ", interest %" PRId64, r.accounts,
             r.outcomes[SETTLE_POSTED], r.interest.n);
    return result;
}

static enum result root_done(const struct deed *d, const struct tools *t, struct deed_outcome *out,
                             struct error *err)
{
    const struct clock clock = noon(d->day);
    const struct root_desk desk = {
        .clock = &clock, .centre = "示范市", .keys = t->keys, .may_make_key = true};
    struct root root;
    bool made;
    enum result result = root_make(&desk, t->f->db, t->arena, NULL, &root, &made, err);

    if (result == RESULT_OK)
        snprintf(out->answer, sizeof out->answer, "%" PRId64 " accounts, operation %" PRId64,
                 root.statement.accounts, root.statement.operation);
    return result;
}

void deed_do(const struct deed *d, const struct tools *t, struct deed_outcome *out)
{
    struct error err = {0};

    *out = (struct deed_outcome){0};
    switch (d->kind) {
    case DEED_FILE: out->result = file_done(d, t, out, &err); break;
    case DEED_COLLECT:
    case DEED_REPRICE: out->result = batch_done(d, t, out, &err); break;
    case DEED_SETTLE: out->result = settle_done(d, t, out, &err); break;
    case DEED_ROOT: out->result = root_done(d, t, out, &err); break;
    default: out->result = one_done(d, t, out, &err);
    }
    if (out->result != RESULT_OK)
        snprintf(out->answer, sizeof out->answer, "%s", err.sentence);
}
