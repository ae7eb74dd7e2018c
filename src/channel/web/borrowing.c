/* GET /api/v1/me/borrowing and /api/v1/me/loan/prepayment. */
#include "channel/web/render.h"

enum { FEN_OF_A_YUAN = 100, WORD_YES = 2 };

static fen yuan(int64_t whole)
{
    return fen_of(whole * FEN_OF_A_YUAN);
}

static void render_limit(struct json *j, const char *word, const struct borrowing *o,
                         enum borrow_limit i, const char *mark)
{
    bool said = i != LIMIT_PRICE || o->asked.price.n > 0;

    json_put_object(j, NULL);
    json_put_word(j, "limit", word);
    if (said) {
        json_put_fen(j, "amount", o->answer.limit[i]);
    } else {
        json_put_null(j, "amount");
    }
    json_put_bool(j, "lowest", said && o->answer.lowest == i);
    json_put_word(j, "mark", mark);
    json_put_object_end(j);
}

static void render_limits(struct json *j, const struct borrowing *o)
{
    const struct loan_bounds *b = &o->answer.bounds;

    json_put_array(j, "limits");
    render_limit(j, "cap", o, LIMIT_CAP, b->cap_mark);
    render_limit(j, "price", o, LIMIT_PRICE, b->down_payment_mark);
    render_limit(j, "repayment", o, LIMIT_REPAYMENT, b->repayment_mark);
    render_limit(j, "balance", o, LIMIT_BALANCE, b->balance_mark);
    json_put_array_end(j);
}

static void render_refusals(struct json *j, uint32_t refusals)
{
    static const char *const words[] = {"closed", "sealed",  "too-soon",
                                        "owes",   "nothing", "policy"};

    json_put_array(j, "refusals");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (refusals >> i & 1U) {
            json_put_word(j, NULL, words[i]);
        }
    }
    json_put_array_end(j);
}

static void render_rules(struct json *j, const struct borrow_answer *a)
{
    char factor[FEN_TEXT_MAX];

    json_put_object(j, "rules");
    json_put_int(j, "months_needed", a->bounds.full_months);
    json_put_word(j, "months_mark", a->bounds.full_months_mark);
    json_put_int(j, "months_most", a->bounds.months_most);
    json_put_percent(j, "rate", a->rate);
    json_put_percent(j, "down_payment", a->down_payment);
    json_put_percent(j, "repayment_share", a->bounds.repayment_share);
    json_put_fen(j, "most_payment", a->most_payment);
    fen_format(fen_of(a->bounds.balance_multiple), factor);
    json_put_text(j, "balance_multiple", text_of(factor));
    fen_format(fen_of(a->time_factor), factor);
    json_put_text(j, "time_factor", text_of(factor));
    json_put_percent(j, "uplift", a->uplift);
    json_put_percent(j, "uplift_most", a->bounds.uplift_most);
    json_put_fen(j, "step", a->bounds.step);
    json_put_array(j, "uplifts");
    for (size_t i = 0; i < a->uplift_count; i++) {
        json_put_object(j, NULL);
        json_put_text(j, "zh", text_of(a->uplifts[i].zh));
        json_put_text(j, "en", text_of(a->uplifts[i].en));
        json_put_percent(j, "percent", a->uplifts[i].share);
        json_put_object_end(j);
    }
    json_put_array_end(j);
    json_put_object_end(j);
}

enum result handle_borrowing(struct call *c, struct error *err)
{
    const struct borrow_case asked = {
        .price = yuan(c->params[1]),
        .months = (int)c->params[2],
        .second_home = c->params[3] == WORD_YES,
        .subsidised = c->params[4] == 1,
        .uplifts = (uint32_t)c->params[5],
        .with_partner = c->params[6] == 1,
        .partner_base = yuan(c->params[7]),
        .partner_balance = yuan(c->params[8]),
    };
    struct borrowing o;
    struct json *j = &c->json;
    enum result r = service_borrowing(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                      (int)c->params[0], &asked, &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    render_account(j, "account", &o.accounts, o.accounts.current);
    json_put_int(j, "full_months", o.asked.full_months);
    json_put_int(j, "if_mended", o.if_mended);
    json_put_fen(j, "base", o.asked.base);
    json_put_fen(j, "balance", o.asked.balance);
    json_put_int(j, "months", o.asked.months);
    render_limits(j, &o);
    json_put_fen(j, "amount", o.answer.amount);
    json_put_fen(j, "payment", o.answer.payment);
    json_put_fen(j, "interest", o.answer.interest);
    render_refusals(j, o.answer.refusals);
    render_rules(j, &o.answer);
    return call_answer(c, 200, err);
}

static const char *refusal_word(const struct prepayment *o)
{
    static const char *const words[] = {
        [LOAN_IS_REPAID] = "repaid",      [LOAN_NOT_POSTED] = "not-posted",
        [LOAN_NEEDS_MORE] = "needs-more", [LOAN_SAYS_NOTHING] = "needs-more",
        [LOAN_ALL_OF_IT] = "all-of-it",   [LOAN_TOO_LITTLE] = "too-little",
        [LOAN_WRONG_DAY] = "not-posted",
    };

    return o->clear ? words[o->why] : "unclear";
}

static void render_side(struct json *j, const char *key, const struct loan_standing *s, int left,
                        civil_date last, fen interest)
{
    json_put_object(j, key);
    json_put_fen(j, "balance", s->balance);
    json_put_int(j, "instalments", left);
    json_put_date(j, "last_due", last);
    json_put_fen(j, "payment", s->next.payment);
    json_put_fen(j, "interest", interest);
    json_put_object_end(j);
}

static void render_lines(struct json *j, const struct loan_change *change)
{
    json_put_array(j, "lines");
    for (int i = 0; i < change->count; i++) {
        const struct loan_line *l = &change->lines[i];

        json_put_object(j, NULL);
        render_code(j, "kind", (int)l->kind);
        json_put_fen(j, "principal", l->principal);
        json_put_fen(j, "interest", l->interest);
        json_put_fen(j, "penalty", l->penalty);
        json_put_object_end(j);
    }
    json_put_array_end(j);
}

enum result handle_prepayment(struct call *c, struct error *err)
{
    const struct prepayment_question q = {
        .position = (int)c->params[0],
        .which = (int)c->params[1],
        .amount = yuan(c->params[2]),
        .choice = c->params[3] ? (enum prepayment_choice)c->params[3] : PREPAY_SHORTER,
    };
    struct prepayment *o;
    struct json *j = &c->json;
    enum result r = service_prepayment(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                       &q, &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o->today);
    if (o->settle.n > 0) {
        json_put_fen(j, "settle", o->settle);
    } else {
        json_put_null(j, "settle");
    }
    if (!o->clear || o->why != LOAN_NOT_REFUSED) {
        json_put_word(j, "refused", refusal_word(o));
        if (o->need.n > 0) {
            json_put_fen(j, "need", o->need);
        } else {
            json_put_null(j, "need");
        }
        json_put_null(j, "result");
        return call_answer(c, 200, err);
    }
    json_put_null(j, "refused");
    json_put_null(j, "need");
    json_put_object(j, "result");
    json_put_fen(j, "paid", o->change.paid);
    render_lines(j, &o->change);
    render_side(j, "before", &o->change.before, o->left_before, o->last_before, o->interest_before);
    render_side(j, "after", &o->change.after, o->left_after, o->last_after, o->interest_after);
    json_put_fen(j, "saved", o->saved);
    json_put_object_end(j);
    return call_answer(c, 200, err);
}
