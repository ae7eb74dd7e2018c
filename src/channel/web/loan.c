/* GET /api/v1/me/loan. */
#include "channel/web/render.h"

static void render_contract(struct json *j, const struct loan_view *v)
{
    json_put_text(j, "number", v->loan.loan);
    json_put_text(j, "contract", v->loan.contract);
    json_put_date(j, "signed", v->signed_on);
    json_put_fen(j, "principal", v->principal);
    json_put_fen(j, "price", v->price);
    render_code_or_null(j, "guarantee", v->guarantee);
    json_put_bool(j, "shared", v->shared);
    json_put_fen(j, "principal_repaid", v->principal_repaid);
    json_put_fen(j, "interest_repaid", v->interest_repaid);
    json_put_date(j, "settled", v->settled);
    json_put_array(j, "rates");
    for (size_t i = 0; i < v->rate_count; i++) {
        json_put_object(j, NULL);
        json_put_date(j, "since", v->rates[i].since);
        json_put_percent(j, "rate", v->rates[i].rate);
        json_put_fen(j, "payment", v->rates[i].payment);
        json_put_object_end(j);
    }
    json_put_array_end(j);
}

static void render_plan(struct json *j, const struct loan_view *v)
{
    fen interest = fen_of(0), payment = fen_of(0);

    if (v->plan_count == 0) {
        json_put_null(j, "plan");
        return;
    }
    json_put_object(j, "plan");
    json_put_array(j, "instalments");
    for (size_t i = 0; i < v->plan_count; i++) {
        const struct loan_instalment_line *l = &v->plan[i];

        json_put_object(j, NULL);
        json_put_int(j, "period", l->period);
        json_put_date(j, "due", l->due);
        json_put_fen(j, "payment", l->payment);
        json_put_fen(j, "principal", l->principal);
        json_put_fen(j, "interest", l->interest);
        json_put_fen(j, "left", l->left);
        json_put_object_end(j);
        interest = fen_add(interest, l->interest);
        payment = fen_add(payment, l->payment);
    }
    json_put_array_end(j);
    json_put_fen(j, "payment", payment);
    json_put_fen(j, "interest", interest);
    json_put_bool(j, "agrees", v->plan_agrees);
    json_put_object_end(j);
}

static void render_history(struct json *j, const struct my_loan *o)
{
    json_put_array(j, "history");
    for (size_t i = 0; i < o->history_count; i++) {
        const struct loan_entry *e = &o->history[i];

        json_put_object(j, NULL);
        json_put_int(j, "seq", e->seq);
        json_put_date(j, "happened", e->happened);
        json_put_date(j, "booked", e->booked);
        render_code(j, "kind", (int)e->kind);
        if (e->period == 0) {
            json_put_null(j, "period");
        } else {
            json_put_int(j, "period", e->period);
        }
        json_put_fen(j, "amount", e->amount);
        json_put_fen(j, "principal", e->principal);
        json_put_fen(j, "interest", e->interest);
        json_put_fen(j, "penalty", e->penalty);
        json_put_fen(j, "balance", e->balance);
        json_put_text(j, "flow", e->flow);
        if (e->reverses == 0) {
            json_put_null(j, "reverses");
        } else {
            json_put_int(j, "reverses", e->reverses);
        }
        json_put_object_end(j);
    }
    json_put_array_end(j);
    json_put_bool(j, "more", o->more);
}

enum result handle_loan(struct call *c, struct error *err)
{
    struct loan_question q = {
        .position = (int)c->params[0],
        .which = (int)c->params[1],
        .before_seq = c->params[2],
        .limit = (int)c->params[3],
    };
    struct my_loan o;
    struct json *j = &c->json;
    enum result r =
        service_loan(&c->web->service, c->thread->db, c->thread->arena, &c->view, &q, &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    render_account(j, "account", &o.accounts, o.accounts.current);
    json_put_int(j, "count", (int64_t)o.count);
    if (o.count == 0) {
        json_put_null(j, "loan");
        return call_answer(c, 200, err);
    }
    json_put_object(j, "loan");
    render_loan(j, &o.view.loan);
    render_contract(j, &o.view);
    render_plan(j, &o.view);
    render_history(j, &o);
    json_put_object_end(j);
    return call_answer(c, 200, err);
}
