/* POST /api/v1/registration, /api/v1/registration/code and /api/v1/registration/password. */
#include "channel/web/render.h"

enum {
    ID_MAX = 18,
    CARD_MAX = 19,
    PHONE_MAX = 11,
    LANGUAGE_MAX = 2,
    TOKEN_MAX = 64,
    CODE_MAX = 12,
    PASSWORD_MAX = 512,
    AWAY_SECONDS = 10,
};

static enum result over(struct call *c)
{
    return call_problem(c, &(struct problem){410, "registration-over",
                                             "This registration is over; begin again", NULL, -1, 0,
                                             0});
}

static enum result registered(struct call *c)
{
    return call_problem(c, &(struct problem){409, "already-registered",
                                             "This person is registered already", NULL, -1, 0, 0});
}

static enum result field_wrong(struct call *c, const char *field)
{
    return call_problem(
        c, &(struct problem){422, "field-invalid", "A field will not do", field, -1, 0, 0});
}

/* A centre that has named no other parties cannot ask them. */
static bool is_open(struct call *c)
{
    if (!config_takes_registrations(&c->web->config)) {
        call_problem(c, &(struct problem){404, "not-found", "There is no registration here", NULL,
                                          -1, 0, 0});
        return false;
    }
    return true;
}

enum result handle_registration(struct call *c, struct error *err)
{
    struct member_form f = {.network = text_of(c->network)};
    enum result r;

    if (!is_open(c) || !body_text(c, "name", MEMBER_NAME_MAX, &f.typed.name) ||
        !body_text(c, "id_number", ID_MAX, &f.typed.id_number) ||
        !body_text(c, "card", CARD_MAX, &f.typed.card) ||
        !body_text(c, "phone", PHONE_MAX, &f.typed.phone) ||
        !body_text(c, "language", LANGUAGE_MAX, &f.language) || !body_only(c, 5)) {
        return RESULT_OK;
    }
    r = member_registration_start(&c->web->desk, c->thread->db, &c->thread->random, &f, err);
    if (r == RESULT_INVALID) {
        return field_wrong(c, f.field);
    }
    if (r == RESULT_TOO_MANY) {
        return wait_problem(c, f.until);
    }
    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_text(&c->json, "registration", text_of(f.registration));
    json_put_text(&c->json, "sent_to", text_of(f.sent_to));
    json_put_instant(&c->json, "expires_at", &c->web->clock, f.expires);
    return call_answer(c, 200, err);
}

/* --- what came of it --- */

/* The person has proven to be the holder: the look at the own account is on record first. */
static enum result payment_ask(struct call *c, const struct member_registration_code *m,
                               struct first_payment *out, struct error *err)
{
    struct access_request q = {
        .person = text_of(m->person),
        .account = text_of(m->account),
        .actor_kind = ACTOR_HOLDER,
        .actor = TEXT(""),
        .place = guard_device(c->request),
        .case_no = TEXT(""),
        .channel = CHANNEL_WEB,
        .part = PART_CONTRIBUTIONS,
        .purpose = PURPOSE_OWN,
    };
    struct view view;
    enum result r = access_open(c->thread->db, &c->web->clock, &q, &view, err);

    return r == RESULT_OK ? service_first_payment(&c->web->service, c->thread->db, c->thread->arena,
                                                  &view, out, err)
                          : r;
}

static void render_payment(struct json *j, const struct first_payment *p)
{
    json_put_object(j, "first_payment");
    json_put_text(j, "unit", p->account.unit_name);
    render_handler(j, &p->account);
    json_put_month(j, "month", p->month);
    json_put_date(j, "due", p->due);
    json_put_object_end(j);
}

static enum result answer_outcome(struct call *c, const struct member_registration_code *m,
                                  struct error *err)
{
    static const char *const words[] = {
        [REGISTRATION_READY] = "ready",
        [REGISTRATION_WAITING] = "waiting",
        [REGISTRATION_ELSEWHERE] = "elsewhere",
        [REGISTRATION_REGISTERED] = "registered",
    };
    struct first_payment payment;

    if (m->outcome == REGISTRATION_WAITING) {
        enum result r = payment_ask(c, m, &payment, err);

        if (r != RESULT_OK) {
            return r;
        }
    }
    call_json(c);
    json_put_word(&c->json, "outcome", words[m->outcome]);
    if (m->outcome == REGISTRATION_WAITING) {
        render_payment(&c->json, &payment);
    } else {
        json_put_null(&c->json, "first_payment");
    }
    if (m->outcome == REGISTRATION_ELSEWHERE) {
        json_put_object(&c->json, "other_centre");
        json_put_text(&c->json, "zh", text_of(policy_other_centre_zh(c->web->policy)));
        json_put_text(&c->json, "en", text_of(policy_other_centre_en(c->web->policy)));
        json_put_object_end(&c->json);
    } else {
        json_put_null(&c->json, "other_centre");
    }
    return call_answer(c, 200, err);
}

enum result handle_registration_code(struct call *c, struct error *err)
{
    struct member_checks checks = checks_for_members(&c->web->checks);
    struct member_registration_code m = {.network = text_of(c->network)};
    enum result r;

    if (!is_open(c) || !body_text(c, "registration", TOKEN_MAX, &m.registration) ||
        !body_text(c, "code", CODE_MAX, &m.code) || !body_only(c, 2)) {
        return RESULT_OK;
    }
    r = member_registration_check(&c->web->desk, c->thread->db, &checks, &m, err);
    if (r == RESULT_REFUSED) {
        return call_problem(
            c, &(struct problem){401, "code-wrong", "The code is wrong", NULL, m.tries_left, 0, 0});
    }
    if (r == RESULT_EXPIRED || r == RESULT_NOT_FOUND) {
        return call_problem(c,
                            &(struct problem){401, "code-expired",
                                              "The code has expired; begin again", NULL, -1, 0, 0});
    }
    if (r == RESULT_TOO_MANY) {
        return wait_problem(c, m.until);
    }
    if (r != RESULT_OK) {
        return r;
    }
    if (m.outcome == REGISTRATION_AWAY) {
        return call_problem(c, &(struct problem){503, "check-away",
                                                 "A check does not answer just now; try again",
                                                 NULL, -1, 0, AWAY_SECONDS});
    }
    if (m.outcome == REGISTRATION_REFUSED) {
        return call_problem(c, &(struct problem){403, "registration-refused",
                                                 "What was typed could not be confirmed", NULL, -1,
                                                 0, 0});
    }
    return answer_outcome(c, &m, err);
}

enum result handle_registration_password(struct call *c, struct error *err)
{
    struct text registration, password;
    enum result r;

    if (!is_open(c) || !body_text(c, "registration", TOKEN_MAX, &registration) ||
        !body_text(c, "password", PASSWORD_MAX, &password) || !body_only(c, 2)) {
        return RESULT_OK;
    }
    r = member_registration_finish(&c->web->desk, c->thread->db, &c->thread->random, registration,
                                   password, err);
    switch (r) {
    case RESULT_OK: c->response->status = 204; return RESULT_OK;
    case RESULT_INVALID: return field_wrong(c, "password");
    case RESULT_CONFLICT: return registered(c);
    case RESULT_EXPIRED:
    case RESULT_NOT_FOUND: return over(c);
    default: return r;
    }
}
