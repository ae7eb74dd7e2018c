/* GET /api/v1/centre and /api/v1/me/overview. */
#include "base/identity.h"
#include "channel/web/render.h"

enum { NAME_MASK_MAX = 256 };

enum result handle_centre(struct call *c, struct error *err)
{
    const struct config *config = &c->web->config;

    call_json(c);
    json_put_object(&c->json, "name");
    json_put_text(&c->json, "zh", text_of(config->centre_zh));
    json_put_text(&c->json, "en", text_of(config->centre_en));
    json_put_object_end(&c->json);
    json_put_date(&c->json, "today", clock_today(&c->web->clock));
    json_put_text(&c->json, "zone", text_of(config->zone));
    json_put_text(&c->json, "hotline", text_of(policy_hotline(c->web->policy)));
    json_put_bool(&c->json, "demo", config->demo);
    json_put_int(&c->json, "code_digits", MEMBER_CODE_DIGITS);
    json_put_bool(&c->json, "registration", config_takes_registrations(config));
    return call_answer(c, 200, err);
}

static void render_balance(struct json *j, const struct clock *clock, const struct account *a,
                           const struct balance *b)
{
    json_put_object(j, "balance");
    json_put_fen(j, "total", b->total);
    json_put_fen(j, "principal", b->principal);
    json_put_fen(j, "interest", b->interest);
    json_put_date(j, "interest_since", date_plus(a->running.settled, 1));
    json_put_fen(j, "carried", a->running.carried);
    json_put_fen(j, "this_year", a->running.this_year);
    json_put_fen(j, "frozen", a->frozen);
    json_put_date(j, "frozen_since", a->frozen_since);
    render_text_or_null(j, "frozen_by", a->frozen_by);
    json_put_fen(j, "available", b->available);
    render_instant_or_null(j, "own_freeze_since", clock, b->own_freeze_since);
    json_put_object_end(j);
}

static void render_applications(struct json *j, const struct overview *o)
{
    json_put_array(j, "applications");
    for (size_t i = 0; i < o->application_count && i < OVERVIEW_APPLICATIONS_MAX; i++) {
        json_put_object(j, NULL);
        render_application(j, &o->applications[i]);
        json_put_object_end(j);
    }
    json_put_array_end(j);
}

static void render_lists(struct json *j, const struct overview *o)
{
    json_put_array(j, "recent");
    for (size_t i = 0; i < o->recent_count; i++) {
        render_entry(j, &o->recent[i]);
    }
    json_put_array_end(j);
    json_put_array(j, "curve");
    for (size_t i = 0; i < o->curve_count; i++) {
        json_put_object(j, NULL);
        json_put_date(j, "day", o->curve[i].day);
        json_put_fen(j, "balance", o->curve[i].balance);
        json_put_object_end(j);
    }
    json_put_array_end(j);
    if (date_is_none(o->next_settlement)) {
        json_put_null(j, "next_settlement");
    } else {
        json_put_object(j, "next_settlement");
        json_put_date(j, "day", o->next_settlement);
        json_put_fen(j, "at_least", o->next_interest);
        json_put_object_end(j);
    }
    render_applications(j, o);
    json_put_array(j, "loans");
    for (size_t i = 0; i < o->loan_count && i < OVERVIEW_LOANS_MAX; i++) {
        json_put_object(j, NULL);
        render_loan(j, &o->loans[i]);
        json_put_object_end(j);
    }
    json_put_array_end(j);
}

static void render_overview(struct json *j, const struct clock *clock, const struct overview *o)
{
    const struct account *a = &o->accounts.list[o->accounts.current];
    char mask[NAME_MASK_MAX];

    mask_name(o->name, mask, sizeof mask);
    json_put_date(j, "today", o->today);
    json_put_text(j, "name", text_of(mask));
    render_instant_or_null(j, "last_sign_in", clock, o->last_sign_in);
    render_account(j, "account", &o->accounts, o->accounts.current);
    json_put_array(j, "other_accounts");
    for (size_t i = 0; i < o->accounts.count; i++) {
        if (i != o->accounts.current) {
            render_account(j, NULL, &o->accounts, i);
        }
    }
    json_put_array_end(j);
    render_agreed(j, a);
    render_handler(j, a);
    render_balance(j, clock, a, &o->balance);
    render_strip(j, "contributions", &o->strip);
    render_lists(j, o);
}

enum result handle_overview(struct call *c, struct error *err)
{
    struct overview o;
    enum result r = service_overview(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                     c->session.previous, &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    render_overview(&c->json, &c->web->clock, &o);
    return call_answer(c, 200, err);
}
