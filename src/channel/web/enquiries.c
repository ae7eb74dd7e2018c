/* GET and POST /api/v1/me/enquiries. */
#include "channel/web/render.h"

enum { SECONDS_MS = 1000, ABOUT_WORD_MAX = 16 };

static void render_enquiry(struct json *j, const struct clock *clock, const struct enquiry *e)
{
    json_put_object(j, NULL);
    json_put_int(j, "seq", e->seq);
    json_put_text(j, "number", e->number);
    json_put_text(j, "account", e->account);
    json_put_word(j, "about", enquiry_about_word(e->about));
    json_put_text(j, "ref", e->reference);
    json_put_word(j, "state", enquiry_state_word(e->state));
    json_put_instant(j, "asked_at", clock, e->asked);
    json_put_date(j, "due_on", e->due_on);
    json_put_text(j, "words", e->words);
    json_put_array(j, "answers");
    for (size_t i = 0; i < e->answer_count; i++) {
        json_put_object(j, NULL);
        json_put_instant(j, "at", clock, e->answers[i].at);
        json_put_text(j, "staff", e->answers[i].staff);
        json_put_text(j, "office", e->answers[i].office);
        json_put_text(j, "words", e->answers[i].words);
        json_put_object_end(j);
    }
    json_put_array_end(j);
    json_put_object_end(j);
}

enum result handle_enquiries(struct call *c, struct error *err)
{
    struct my_enquiries o;
    struct json *j = &c->json;
    enum result r = service_enquiries(&c->web->service, c->thread->db, c->thread->arena, &c->view,
                                      c->params[0], (int)c->params[1], &o, err);

    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o.today);
    json_put_int(j, "answer_days", o.answer_days);
    json_put_array(j, "enquiries");
    for (size_t i = 0; i < o.count; i++) {
        render_enquiry(j, &c->web->clock, &o.list[i]);
    }
    json_put_array_end(j);
    json_put_bool(j, "more", o.more);
    return call_answer(c, 200, err);
}

static enum result malformed(struct call *c, const char *field)
{
    return call_problem(c, &(struct problem){400, "body-malformed",
                                             "The body is not what this route takes", field, -1, 0,
                                             0});
}

/* Too many in a day, until then; or too many that are open. */
static enum result too_many(struct call *c, instant until)
{
    instant now = clock_now(&c->web->clock);
    int seconds = until > now ? (int)((until - now + SECONDS_MS - 1) / SECONDS_MS) : 1;

    if (until == 0) {
        return call_problem(c, &(struct problem){409, "too-many-open",
                                                 "Too many enquiries wait for an answer", NULL, -1,
                                                 0, 0});
    }
    return call_problem(
        c, &(struct problem){429, "wait", "Enough for one day; wait", NULL, -1, until, seconds});
}

static enum result answer_asked(struct call *c, const struct enquiry_asked *e, struct error *err)
{
    call_json(c);
    json_put_int(&c->json, "seq", e->seq);
    json_put_text(&c->json, "number", text_of(e->number));
    json_put_instant(&c->json, "asked_at", &c->web->clock, e->at);
    json_put_date(&c->json, "due_on", e->due_on);
    json_put_bool(&c->json, "replay", e->replay);
    return call_answer(c, 201, err);
}

enum result handle_ask(struct call *c, struct error *err)
{
    struct enquiry_question q = {0};
    struct enquiry_asked e;
    struct text about;
    int64_t position;
    enum result r;

    if (!body_text(c, "key", ENQUIRY_KEY_MAX, &q.key) ||
        !body_text(c, "about", ABOUT_WORD_MAX, &about) ||
        !body_text_or_empty(c, "ref", ENQUIRY_REFERENCE_MAX, &q.reference) ||
        !body_int(c, "account", 1, LEDGER_ACCOUNTS_MAX, &position) ||
        !body_text(c, "words", ENQUIRY_WORDS_MAX, &q.words) || !body_only(c, 5)) {
        return RESULT_OK;
    }
    q.about = enquiry_about_of(about);
    if (!enquiry_reference_valid(q.about, q.reference)) {
        return malformed(c, q.about == 0 ? "about" : "ref");
    }
    if (!enquiry_words_valid(q.words)) {
        return malformed(c, "words");
    }
    r = service_ask(&c->web->service, c->thread->db, c->thread->arena, &c->thread->random, &c->view,
                    (int)position, &q, &e, err);
    switch (r) {
    case RESULT_OK: return answer_asked(c, &e, err);
    case RESULT_INVALID: return malformed(c, "key");
    case RESULT_CONFLICT:
        return call_problem(c, &(struct problem){409, "key-reused",
                                                 "The key was used for something else", "key", -1,
                                                 0, 0});
    case RESULT_TOO_MANY: return too_many(c, e.until);
    default: return r;
    }
}
