/* GET and POST /api/v1/me/withdrawals, GET …/grounds, POST …/cancel. */
#include "channel/web/render.h"

enum { KEY_MAX = 64, GROUND_MAX = 32, AMOUNT_TEXT = 22, MONTH_TEXT = 7, DAY_TEXT = 10 };

static void render_withdrawal(struct json *j, const struct withdrawal *w)
{
    json_put_object(j, NULL);
    render_application(j, &w->application);
    render_text_or_null(j, "flow", w->flow);
    json_put_bool(j, "cancellable", w->cancellable);
    json_put_array(j, "steps");
    for (size_t i = 0; i < w->step_count; i++) {
        json_put_object(j, NULL);
        json_put_date(j, "day", w->steps[i].day);
        render_code(j, "kind", w->steps[i].kind);
        json_put_text(j, "words", w->steps[i].words);
        json_put_object_end(j);
    }
    json_put_array_end(j);
    json_put_object_end(j);
}

enum result handle_withdrawals(struct call *c, struct error *err)
{
    struct my_withdrawals o;
    struct json *j = &c->json;
    enum result r = service_withdrawals(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                        (int)c->params[0], &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    render_account(j, "account", &o.accounts, o.accounts.current);
    json_put_array(j, "applications");
    for (size_t i = 0; i < o.all.count; i++) {
        render_withdrawal(j, &o.all.list[i]);
    }
    json_put_array_end(j);
    json_put_bool(j, "more", o.all.more);
    return call_answer(c, 200, err);
}

/* --- applying --- */

/* In the order of enum policy_ground_limit. */
static const char *limit_word(enum policy_ground_limit limit)
{
    static const char *const words[] = {
        [GROUND_RENT] = "rent", [GROUND_PRICE] = "price", [GROUND_COST] = "cost",
        [GROUND_FEE] = "fee",   [GROUND_ALL] = "all",
    };

    return words[limit];
}

static void render_refusal(struct json *j, enum withdraw_refusal why)
{
    const char *word = withdraw_refusal_word(why);

    if (*word) {
        json_put_word(j, "refusal", word);
    } else {
        json_put_null(j, "refusal");
    }
}

static void render_choice(struct json *j, const struct withdraw_choice *o)
{
    json_put_object(j, NULL);
    json_put_word(j, "ground", o->ground.key);
    json_put_word(j, "zh", o->ground.zh);
    json_put_word(j, "en", o->ground.en);
    json_put_word(j, "limit", limit_word(o->ground.limit));
    render_refusal(j, o->refusal);
    json_put_object_end(j);
}

enum result handle_withdraw_grounds(struct call *c, struct error *err)
{
    struct my_withdraw_choices o;
    struct json *j = &c->json;
    enum result r = service_withdraw_choices(&c->web->service, c->thread->db, c->thread->arena,
                                             &c->view, (int)c->params[0], &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    render_account(j, "account", &o.accounts, o.accounts.current);
    json_put_fen(j, "balance", o.all.balance);
    json_put_fen(j, "frozen", o.all.frozen);
    json_put_fen(j, "waiting", o.all.waiting);
    render_instant_or_null(j, "payments_stopped_since", &c->web->clock, o.stopped_since);
    json_put_fen(j, "rent_month", o.rent_month);
    json_put_fen(j, "rent_year", o.rent_year);
    json_put_int(j, "rent_full_months", o.rent_full_months);
    json_put_fen(j, "fee_year", o.fee_year);
    json_put_array(j, "grounds");
    for (size_t i = 0; i < o.all.count; i++) {
        render_choice(j, &o.all.list[i]);
    }
    json_put_array_end(j);
    return call_answer(c, 200, err);
}

static bool malformed(struct call *c, const char *field)
{
    call_problem(c, &(struct problem){400, "body-malformed",
                                      "The body is not what this route takes", field, -1, 0, 0});
    return false;
}

/* An amount of yuan as text, above zero; empty: none. */
static bool body_fen(struct call *c, const char *name, fen *out)
{
    struct text t;

    *out = fen_of(0);
    if (!body_text_or_empty(c, name, AMOUNT_TEXT, &t)) {
        return false;
    }
    return t.len == 0 || (fen_parse(t, out) && out->n > 0 && out->n <= FEN_LIMIT) ||
           malformed(c, name);
}

static bool body_month(struct call *c, const char *name, civil_month *out)
{
    struct text t;

    *out = MONTH_NONE;
    return body_text_or_empty(c, name, MONTH_TEXT, &t) &&
           (t.len == 0 || month_parse(t, out) || malformed(c, name));
}

static bool body_day(struct call *c, const char *name, civil_date *out)
{
    struct text t;

    *out = DATE_NONE;
    return body_text_or_empty(c, name, DAY_TEXT, &t) &&
           (t.len == 0 || date_parse(t, out) || malformed(c, name));
}

/* Every member is there; what the ground does not ask for is empty. */
static bool read_ask(struct call *c, struct withdraw_ask *ask, int64_t *position, bool *dry_run)
{
    int64_t months;

    if (!body_text(c, "key", KEY_MAX, &ask->key) ||
        !body_int(c, "account", 1, LEDGER_ACCOUNTS_MAX, position) ||
        !body_text(c, "ground", GROUND_MAX, &ask->ground) || !body_fen(c, "amount", &ask->amount) ||
        !body_month(c, "months_from", &ask->months_from) ||
        !body_int(c, "months", 0, WITHDRAW_MONTHS_MAX, &months) ||
        !body_fen(c, "spent", &ask->spent) || !body_day(c, "spent_on", &ask->spent_on) ||
        !body_text_or_empty(c, "document", WITHDRAW_DOCUMENT_MAX, &ask->document) ||
        !body_bool(c, "dry_run", dry_run) || !body_only(c, 10)) {
        return false;
    }
    ask->months = (int)months;
    return text_is_clean_utf8(ask->key) || malformed(c, "key");
}

static enum result answer_asked(struct call *c, const struct my_withdrawal *o, bool dry_run,
                                struct error *err)
{
    struct json *j = &c->json;

    call_json(c);
    json_put_date(j, "today", o->today);
    json_put_bool(j, "dry_run", dry_run);
    json_put_bool(j, "replay", o->done.already);
    render_refusal(j, o->room.refusal);
    json_put_int(j, "wanted", o->room.wanted);
    json_put_int(j, "has", o->room.has);
    json_put_fen(j, "balance", o->room.balance);
    json_put_fen(j, "frozen", o->room.frozen);
    json_put_fen(j, "waiting", o->room.waiting);
    json_put_fen(j, "most", o->room.most);
    json_put_fen(j, "amount", o->done.amount);
    render_text_or_null(j, "number", dry_run ? (struct text){NULL, 0} : o->done.number);
    return call_answer(c, dry_run ? 200 : 201, err);
}

static instant next_midnight(const struct clock *clock)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000 };
    instant now = clock_now(clock);

    return now + DAY_MS - (now + (instant)clock_offset_minutes(clock, now) * 60000) % DAY_MS;
}

enum result handle_withdraw(struct call *c, struct error *err)
{
    struct withdraw_ask ask = {0};
    struct my_withdrawal o;
    int64_t position;
    bool dry_run;
    enum result r;

    if (!read_ask(c, &ask, &position, &dry_run)) {
        return RESULT_OK;
    }
    r = service_withdraw(&c->web->service, c->thread->db, c->thread->arena, &c->view, (int)position,
                         dry_run, &ask, &o, err);
    if (r == RESULT_OK || (r == RESULT_REFUSED && dry_run)) {
        return answer_asked(c, &o, dry_run, err);
    }
    switch (r) {
    case RESULT_INVALID: malformed(c, NULL); return RESULT_OK;
    case RESULT_REFUSED:
        return call_problem(c,
                            &(struct problem){409, "not-possible",
                                              "This may not be applied for now", NULL, -1, 0, 0});
    case RESULT_CONFLICT:
        return call_problem(c, &(struct problem){409, "key-reused",
                                                 "The key was used for something else", "key", -1,
                                                 0, 0});
    case RESULT_TOO_MANY: return wait_problem(c, next_midnight(&c->web->clock));
    default: return r;
    }
}

enum result handle_withdraw_cancel(struct call *c, struct error *err)
{
    struct withdraw_done done;
    struct text number;
    enum result r;

    if (!body_text(c, "number", WITHDRAW_NUMBER_MAX, &number) || !body_only(c, 1)) {
        return RESULT_OK;
    }
    r = service_withdraw_cancel(&c->web->service, c->thread->db, c->thread->arena, &c->view, number,
                                &done, err);
    if (r == RESULT_REFUSED) {
        return call_problem(c, &(struct problem){409, "not-possible", "The application is decided",
                                                 NULL, -1, 0, 0});
    }
    if (r == RESULT_OK) {
        c->response->status = 204;
    }
    return r;
}
