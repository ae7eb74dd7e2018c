/* GET /api/v1/me/year. */
#include "channel/web/render.h"

static const char *what_word(enum year_what w)
{
    static const char *const words[] = {
        [YEAR_UNIT] = "unit",
        [YEAR_OWN] = "own",
        [YEAR_INTEREST] = "interest",
        [YEAR_TRANSFER_IN] = "transfer_in",
        [YEAR_TRANSFER_OUT] = "transfer_out",
        [YEAR_MERGED] = "merged",
        [YEAR_WITHDRAWN] = "withdrawn",
        [YEAR_CLOSED] = "closed",
        [YEAR_OTHER] = "other",
    };
    return words[w];
}

static void render_moved(struct json *j, const struct fund_year *y)
{
    json_put_array(j, "moved");
    for (size_t i = 0; i < y->moved_count; i++) {
        json_put_object(j, NULL);
        json_put_word(j, "what", what_word(y->moved[i].what));
        render_code_or_null(j, "reason", y->moved[i].reason);
        json_put_fen(j, "amount", y->moved[i].amount);
        json_put_object_end(j);
    }
    json_put_array_end(j);
}

/* What came in, what went out, and the interest, of the year before. */
static void render_before(struct json *j, const struct fund_year *y)
{
    fen contributed = fen_of(0), interest = fen_of(0), withdrawn = fen_of(0);

    for (size_t i = 0; i < y->moved_count; i++) {
        enum year_what what = y->moved[i].what;
        fen *sum = what == YEAR_UNIT || what == YEAR_OWN           ? &contributed
                   : what == YEAR_INTEREST                         ? &interest
                   : what == YEAR_WITHDRAWN || what == YEAR_CLOSED ? &withdrawn
                                                                   : NULL;

        if (sum) {
            *sum = fen_add(*sum, y->moved[i].amount);
        }
    }
    json_put_object(j, "before");
    json_put_fen(j, "contributed", contributed);
    json_put_fen(j, "interest", interest);
    json_put_fen(j, "withdrawn", withdrawn);
    json_put_object_end(j);
}

static void render_loans(struct json *j, const struct fund_year *y)
{
    if (y->lent.n == 0 && y->repaid_principal.n == 0 && y->repaid_interest.n == 0 &&
        y->repaid_penalty.n == 0) {
        json_put_null(j, "loans");
        return;
    }
    json_put_object(j, "loans");
    json_put_fen(j, "lent", y->lent);
    json_put_fen(j, "principal", y->repaid_principal);
    json_put_fen(j, "interest", y->repaid_interest);
    json_put_fen(j, "penalty", y->repaid_penalty);
    json_put_object_end(j);
}

enum result handle_year(struct call *c, struct error *err)
{
    struct my_year *o = arena_alloc(c->thread->arena, sizeof *o);
    struct json *j = &c->json;
    enum result r;

    if (!o) {
        return error_set(err, RESULT_MEMORY, "no memory for a year");
    }
    r = service_year(&c->web->service, c->thread->db, c->thread->arena, &c->view, (int)c->params[0],
                     (int)c->params[1], o, err);
    if (r != RESULT_OK) {
        return r;
    }
    call_json(c);
    json_put_date(j, "today", o->today);
    render_account(j, "account", &o->accounts, o->accounts.current);
    render_years(j, o->first_year, o->last_year);
    json_put_int(j, "year", o->year);
    json_put_bool(j, "running", o->running);
    json_put_date(j, "from", o->figures.from);
    json_put_date(j, "to", o->figures.to);
    json_put_fen(j, "opening", o->figures.opening);
    json_put_fen(j, "closing", o->figures.closing);
    render_moved(j, &o->figures);
    if (o->has_before) {
        render_before(j, &o->before);
    } else {
        json_put_null(j, "before");
    }
    json_put_array(j, "months");
    for (size_t i = 0; i < o->month_count; i++) {
        json_put_object(j, NULL);
        json_put_month(j, "month", o->months[i].month);
        json_put_word(j, "state", render_month_state(o->months[i].state));
        json_put_object_end(j);
    }
    json_put_array_end(j);
    render_loans(j, &o->figures);
    return call_answer(c, 200, err);
}
