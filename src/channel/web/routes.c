/* The one table of routes. api/openapi.yaml is the contract; a test holds the two together. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "channel/web/call.h"

/* JGJ/T 320 table A.5 as the contract lists it. */
static const char *const kinds[] = {"01", "02", "03", "04", "05", "06", "07", "08", "09",
                                    "10", "11", "12", "13", "14", "15", "71", "99", NULL};

static const char *const statements[] = {"contributions", "ledger",       "interest",
                                         "loan_plan",     "loan_history", NULL};
static const char *const languages[] = {"zh", "en", NULL};
/* In the order of enum prepayment_choice; first and second home. */
static const char *const prepayment_choices[] = {"shorter", "lower", "all", NULL};
static const char *const homes[] = {"first", "second", NULL};

enum { YUAN_MOST = 100000000 };

#define PARAM_ACCOUNT                                                              \
    {                                                                              \
        .name = "account", .least = 1, .most = LEDGER_ACCOUNTS_MAX, .otherwise = 1 \
    }
#define PARAM_YEAR                                                  \
    {                                                               \
        .name = "year", .least = 1990, .most = 2199, .otherwise = 0 \
    }
#define PARAM_BEFORE                                                    \
    {                                                                   \
        .name = "before", .least = 1, .most = INT64_MAX, .otherwise = 0 \
    }
#define PARAM_LIMIT                                               \
    {                                                             \
        .name = "limit", .least = 1, .most = 100, .otherwise = 30 \
    }

const struct route routes[] = {
    {HTTP_GET, "/api/v1/centre", POLICY_PUBLIC, 0, PACE_QUICK, handle_centre, {{0}}},
    {HTTP_GET, "/api/v1/offices", POLICY_PUBLIC, 0, PACE_QUICK, handle_offices, {{0}}},
    {HTTP_POST, "/api/v1/sign-in", POLICY_PUBLIC, 0, PACE_HASH, handle_sign_in, {{0}}},
    {HTTP_POST, "/api/v1/sign-in/code", POLICY_PUBLIC, 0, PACE_STORE, handle_sign_in_code, {{0}}},
    {HTTP_POST, "/api/v1/registration", POLICY_PUBLIC, 0, PACE_STORE, handle_registration, {{0}}},
    {HTTP_POST,
     "/api/v1/registration/code",
     POLICY_PUBLIC,
     0,
     PACE_OUTSIDE,
     handle_registration_code,
     {{0}}},
    {HTTP_POST,
     "/api/v1/registration/password",
     POLICY_PUBLIC,
     0,
     PACE_HASH,
     handle_registration_password,
     {{0}}},
    {HTTP_POST, "/api/v1/sign-out", POLICY_SESSION, 0, PACE_STORE, handle_sign_out, {{0}}},
    {HTTP_GET,
     "/api/v1/me/overview",
     POLICY_HOLDER,
     PART_OVERVIEW,
     PACE_QUICK,
     handle_overview,
     {{0}}},
    {HTTP_GET,
     "/api/v1/me/contributions",
     POLICY_HOLDER,
     PART_CONTRIBUTIONS,
     PACE_QUICK,
     handle_contributions,
     {PARAM_ACCOUNT, PARAM_YEAR}},
    {HTTP_GET,
     "/api/v1/me/contributions/month",
     POLICY_HOLDER,
     PART_CONTRIBUTIONS,
     PACE_QUICK,
     handle_month,
     {PARAM_ACCOUNT, PARAM_YEAR, {.name = "month", .least = 1, .most = 12, .otherwise = 0}}},
    {HTTP_GET,
     "/api/v1/me/history",
     POLICY_HOLDER,
     PART_LEDGER,
     PACE_QUICK,
     handle_history,
     {PARAM_ACCOUNT}},
    {HTTP_GET,
     "/api/v1/me/entries",
     POLICY_HOLDER,
     PART_LEDGER,
     PACE_QUICK,
     handle_entries,
     {PARAM_ACCOUNT, PARAM_BEFORE, PARAM_YEAR, {.name = "kind", .words = kinds}, PARAM_LIMIT}},
    {HTTP_GET,
     "/api/v1/me/interest",
     POLICY_HOLDER,
     PART_INTEREST,
     PACE_QUICK,
     handle_interest,
     {PARAM_ACCOUNT,
      PARAM_YEAR,
      {.name = "day", .least = 19900101, .most = 21991231, .otherwise = 0}}},
    {HTTP_GET,
     "/api/v1/me/year",
     POLICY_HOLDER,
     PART_YEAR,
     PACE_QUICK,
     handle_year,
     {PARAM_ACCOUNT, PARAM_YEAR}},
    {HTTP_GET,
     "/api/v1/me/withdrawals",
     POLICY_HOLDER,
     PART_WITHDRAWALS,
     PACE_QUICK,
     handle_withdrawals,
     {PARAM_ACCOUNT}},
    {HTTP_POST,
     "/api/v1/me/withdrawals",
     POLICY_HOLDER,
     PART_WITHDRAWALS,
     PACE_STORE,
     handle_withdraw,
     {{0}}},
    {HTTP_GET,
     "/api/v1/me/withdrawals/grounds",
     POLICY_HOLDER,
     PART_WITHDRAWALS,
     PACE_QUICK,
     handle_withdraw_grounds,
     {PARAM_ACCOUNT}},
    {HTTP_POST,
     "/api/v1/me/withdrawals/cancel",
     POLICY_HOLDER,
     PART_WITHDRAWALS,
     PACE_STORE,
     handle_withdraw_cancel,
     {{0}}},
    {HTTP_GET,
     "/api/v1/me/loan",
     POLICY_HOLDER,
     PART_LOAN,
     PACE_QUICK,
     handle_loan,
     {PARAM_ACCOUNT,
      {.name = "loan", .least = 1, .most = OVERVIEW_LOANS_MAX, .otherwise = 1},
      PARAM_BEFORE,
      PARAM_LIMIT}},
    {HTTP_GET,
     "/api/v1/me/loan/prepayment",
     POLICY_HOLDER,
     PART_LOAN,
     PACE_QUICK,
     handle_prepayment,
     {PARAM_ACCOUNT,
      {.name = "loan", .least = 1, .most = OVERVIEW_LOANS_MAX, .otherwise = 1},
      {.name = "amount", .least = 1, .most = YUAN_MOST, .otherwise = 0},
      {.name = "choice", .words = prepayment_choices}}},
    {HTTP_GET,
     "/api/v1/me/borrowing",
     POLICY_HOLDER,
     PART_BORROWING,
     PACE_QUICK,
     handle_borrowing,
     {PARAM_ACCOUNT,
      {.name = "price", .least = 1, .most = YUAN_MOST, .otherwise = 0},
      {.name = "months", .least = 1, .most = LOAN_MONTHS_MAX, .otherwise = LOAN_MONTHS_MAX},
      {.name = "home", .words = homes},
      {.name = "subsidised", .least = 0, .most = 1, .otherwise = 0},
      {.name = "uplifts", .least = 0, .most = (1 << POLICY_UPLIFTS_MAX) - 1, .otherwise = 0},
      {.name = "partner", .least = 0, .most = 1, .otherwise = 0},
      {.name = "partner_base", .least = 0, .most = YUAN_MOST, .otherwise = 0},
      {.name = "partner_balance", .least = 0, .most = YUAN_MOST, .otherwise = 0}}},
    {HTTP_GET,
     "/api/v1/me/looks",
     POLICY_HOLDER,
     PART_LOOKS,
     PACE_QUICK,
     handle_looks,
     {PARAM_BEFORE, PARAM_LIMIT}},
    {HTTP_GET,
     "/api/v1/me/statement",
     POLICY_HOLDER,
     PART_STATEMENTS,
     PACE_STORE, /* longer than a page's answer: not in the loop */
     handle_statement,
     {{.name = "kind", .words = statements},
      PARAM_ACCOUNT,
      {.name = "from", .least = 1990, .most = 2199, .otherwise = 0},
      {.name = "to", .least = 1990, .most = 2199, .otherwise = 0},
      {.name = "loan", .least = 1, .most = OVERVIEW_LOANS_MAX, .otherwise = 1},
      {.name = "language", .words = languages}}},
    {HTTP_GET,
     "/api/v1/me/messages",
     POLICY_HOLDER,
     PART_MESSAGES,
     PACE_QUICK,
     handle_messages,
     {{.name = "skip", .least = 0, .most = MESSAGES_MAX, .otherwise = 0}, PARAM_LIMIT}},
    {HTTP_POST,
     "/api/v1/me/messages/read",
     POLICY_HOLDER,
     PART_MESSAGES,
     PACE_STORE,
     handle_messages_read,
     {{0}}},
    {HTTP_GET,
     "/api/v1/me/enquiries",
     POLICY_HOLDER,
     PART_ENQUIRIES,
     PACE_QUICK,
     handle_enquiries,
     {PARAM_BEFORE, PARAM_LIMIT}},
    {HTTP_POST,
     "/api/v1/me/enquiries",
     POLICY_HOLDER,
     PART_ENQUIRIES,
     PACE_STORE,
     handle_ask,
     {{0}}},
    {HTTP_GET,
     "/api/v1/me/security",
     POLICY_HOLDER,
     PART_SECURITY,
     PACE_QUICK,
     handle_security,
     {{0}}},
    {HTTP_POST,
     "/api/v1/me/sessions/end",
     POLICY_HOLDER,
     PART_SECURITY,
     PACE_STORE,
     handle_session_end,
     {{0}}},
    {HTTP_POST,
     "/api/v1/me/sessions/end-others",
     POLICY_HOLDER,
     PART_SECURITY,
     PACE_STORE,
     handle_sessions_end,
     {{0}}},
    {HTTP_POST,
     "/api/v1/me/password",
     POLICY_HOLDER,
     PART_SECURITY,
     PACE_HASH,
     handle_password,
     {{0}}},
    {HTTP_POST, "/api/v1/me/freezes", POLICY_HOLDER, PART_FREEZE, PACE_STORE, handle_freeze, {{0}}},
};
const size_t route_count = sizeof routes / sizeof *routes;

/* Few paths are as long as the one that is sought: the others are passed over by their length, which
 * is counted once. */
static size_t lengths[sizeof routes / sizeof *routes];
static pthread_once_t lengths_once = PTHREAD_ONCE_INIT;

static void lengths_count(void)
{
    for (size_t i = 0; i < route_count; i++) {
        lengths[i] = strlen(routes[i].path);
    }
}

size_t route_at(struct text path, size_t from)
{
    pthread_once(&lengths_once, lengths_count);
    for (size_t i = from; i < route_count; i++) {
        if (path.len == lengths[i] && memcmp(path.at, routes[i].path, path.len) == 0) {
            return i;
        }
    }
    return route_count;
}

enum result web_routes_check(struct error *err)
{
    for (size_t i = 0; i < route_count; i++) {
        const struct route *r = &routes[i];
        const char *what = NULL;

        if (r->policy == POLICY_NONE) {
            what = "declares no policy";
        } else if ((r->policy == POLICY_HOLDER) != (r->part != 0)) {
            what = "needs a part of the record exactly when it gives out personal data";
        } else if (strncmp(r->path, "/api/v1/me/", 11) == 0 && r->policy != POLICY_HOLDER) {
            what = "is about a person but asks for no view";
        } else if (!r->handler || r->pace == 0) {
            what = "has no handler or pace";
        } else if (r->part != 0 && !access_allowed(ACTOR_HOLDER, CHANNEL_WEB, r->part)) {
            what = "gives out a part that a holder may not see on the web";
        }
        if (what) {
            return error_set(err, RESULT_INTERNAL, "the route %s %s %s",
                             http_method_name(r->method), r->path, what);
        }
    }
    return RESULT_OK;
}

static const char *policy_word(enum route_policy p)
{
    static const char *const words[] = {"none", "public", "holder", "session"};
    return words[p];
}

static void print_param(struct json *j, const struct route_param *p)
{
    json_put_object(j, NULL);
    json_put_word(j, "name", p->name);
    if (p->words) {
        json_put_array(j, "words");
        for (const char *const *w = p->words; *w; w++) {
            json_put_word(j, NULL, *w);
        }
        json_put_array_end(j);
    } else {
        json_put_int(j, "least", p->least);
        json_put_int(j, "most", p->most);
        json_put_int(j, "otherwise", p->otherwise);
    }
    json_put_object_end(j);
}

static void print_json(void)
{
    struct json j;

    json_start(&j, 1 << 20);
    json_put_array(&j, NULL);
    for (size_t i = 0; i < route_count; i++) {
        json_put_object(&j, NULL);
        json_put_word(&j, "method", http_method_name(routes[i].method));
        json_put_word(&j, "path", routes[i].path);
        json_put_word(&j, "policy", policy_word(routes[i].policy));
        json_put_word(&j, "part", access_part_word(routes[i].part));
        json_put_array(&j, "params");
        for (const struct route_param *p = routes[i].params; p->name; p++) {
            print_param(&j, p);
        }
        json_put_array_end(&j);
        json_put_object_end(&j);
    }
    json_put_array_end(&j);
    printf("%.*s\n", (int)j.len, j.at);
    json_free(&j);
}

int routes_main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--json") == 0) {
        print_json();
        return 0;
    }
    if (argc > 1) {
        fprintf(stderr, "usage: anju routes [--json]\n"
                        "Prints the routes of the web service, who may call them and what they "
                        "take.\n");
        return strcmp(argv[1], "--help") == 0 ? 0 : 64;
    }
    for (size_t i = 0; i < route_count; i++) {
        printf("%-5s %-28s %-8s %s\n", http_method_name(routes[i].method), routes[i].path,
               policy_word(routes[i].policy), access_part_word(routes[i].part));
    }
    return 0;
}
