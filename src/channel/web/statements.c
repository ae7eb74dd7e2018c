/* GET /api/v1/me/statement: a file, not an answer for a page. */
#include <stdio.h>

#include "channel/web/render.h"

enum { PARAM_KIND, PARAM_OWN_ACCOUNT, PARAM_FROM, PARAM_TO, PARAM_LOAN, PARAM_LANGUAGE };
enum { NAME_MAX_BYTES = 96 };

/* Nothing personal: what it is and of which years. */
static void file_name(const struct statement_question *q, char out[NAME_MAX_BYTES])
{
    static const char *const kinds[] = {
        [STATEMENT_CONTRIBUTIONS] = "contributions", [STATEMENT_LEDGER] = "ledger",
        [STATEMENT_INTEREST] = "interest",           [STATEMENT_LOAN_PLAN] = "loan-plan",
        [STATEMENT_LOAN_HISTORY] = "loan-history",
    };
    char years[24] = "";

    if (q->from_year != 0 && q->from_year == q->to_year) {
        snprintf(years, sizeof years, "-%d", q->from_year);
    } else if (q->from_year != 0 && q->to_year != 0) {
        snprintf(years, sizeof years, "-%d-%d", q->from_year, q->to_year);
    }
    snprintf(out, NAME_MAX_BYTES, "attachment; filename=\"housing-fund-%s%s.csv\"", kinds[q->kind],
             years);
}

enum result handle_statement(struct call *c, struct error *err)
{
    struct statement_question q = {
        .kind = (enum statement_kind)c->params[PARAM_KIND],
        .position = (int)c->params[PARAM_OWN_ACCOUNT],
        .from_year = (int)c->params[PARAM_FROM],
        .to_year = (int)c->params[PARAM_TO],
        .loan = (int)c->params[PARAM_LOAN],
        .english = c->params[PARAM_LANGUAGE] == 2,
    };
    struct csv_people w;
    char name[NAME_MAX_BYTES];
    enum result r;

    if (q.kind == 0) {
        return call_problem(
            c, &(struct problem){400, "parameter-invalid", "Which file?", "kind", -1, 0, 0});
    }
    if (q.from_year != 0 && q.to_year != 0 && q.from_year > q.to_year) {
        return call_problem(c, &(struct problem){400, "parameter-invalid",
                                                 "The years are the wrong way round", "from", -1, 0,
                                                 0});
    }
    csv_people_start(&w, STATEMENT_BYTES_MAX);
    r = service_statement(&c->web->service, c->thread->db, c->thread->arena, &c->view, &q, &w, err);
    if (r != RESULT_OK) {
        csv_people_free(&w);
        return r == RESULT_TOO_MANY
                   ? call_problem(c, &(struct problem){422, "statement-too-long",
                                                       "Too many rows for one file; ask for fewer "
                                                       "years",
                                                       NULL, -1, 0, 0})
                   : r;
    }
    file_name(&q, name);
    http_response_header_z(c->response, "content-disposition", name);
    c->response->status = 200;
    c->response->content_type = TEXT("text/csv; charset=utf-8");
    c->response->body = w.at;
    c->response->body_len = w.len;
    c->response->body_room = w.room;
    return RESULT_OK;
}
