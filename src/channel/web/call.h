/* One call on its way through the web channel; what handlers see. */
#ifndef ANJU_CHANNEL_WEB_CALL_H
#define ANJU_CHANNEL_WEB_CALL_H

#include "channel/web/web.h"

enum {
    PARAMS_MAX = 10, /* one less than this, for the end */
    CALL_ARENA_MAX = 4 * 1024 * 1024,
    CALL_BODY_MAX = HTTP_RESPONSE_BODY_MAX,
    NETWORK_TEXT_MAX = 48,
};

/* Where a handler may run first. */
enum route_pace {
    PACE_QUICK = 1, /* reads only what does not block */
    PACE_STORE,     /* writes the store */
    PACE_HASH,      /* hashes a password */
    PACE_OUTSIDE,   /* asks another party */
};

/* Who may call. A route that says nothing keeps the service from starting. */
enum route_policy {
    POLICY_NONE = 0,
    POLICY_PUBLIC,  /* no personal data in or out but what the caller proves with it */
    POLICY_HOLDER,  /* a session; personal data through a view of `part` */
    POLICY_SESSION, /* a session, no personal data */
};

/* A query parameter: a whole number in a range, or one of a list of words. */
struct route_param {
    const char *name;
    int64_t least, most, otherwise; /* otherwise: when not given */
    const char *const *words;       /* NULL-terminated: the value is the index + 1, 0 when absent */
};

struct call;
typedef enum result (*route_handler)(struct call *c, struct error *err);

struct route {
    enum http_method method;
    const char *path; /* also the template in the log */
    enum route_policy policy;
    enum access_part part;
    enum route_pace pace;
    route_handler handler;
    struct route_param params[PARAMS_MAX]; /* ends with a NULL name */
};

/* What a thread keeps between calls. */
struct web_thread {
    struct db *db;
    struct arena *arena;
    struct random random;
};

struct call {
    struct web *web;
    const struct http_request *request;
    struct http_response *response;
    const struct route *route;
    struct web_thread *thread;
    enum http_place place;
    int64_t params[PARAMS_MAX];
    json_t *body; /* of a POST; freed by dispatch */
    struct session session;
    struct view view;
    struct json json; /* the answer; taken by call_answer */
    char network[NETWORK_TEXT_MAX];
};

extern const struct route routes[];
extern const size_t route_count;

/* The first route of that path at from or behind it; route_count when there is none. */
size_t route_at(struct text path, size_t from);

/* --- answers --- */

/* Begins the answer's object; a handler fills c->json and calls call_answer. */
void call_json(struct call *c);
/* Ends the object and makes it the response's body. */
enum result call_answer(struct call *c, int status, struct error *err);

/* Writes a problem document. code is one of the contract's words. */
struct problem {
    int status;
    const char *code;
    const char *title;
    const char *field; /* or NULL */
    int tries_left;    /* -1: not said */
    instant until;     /* 0: not said */
    int retry_after;   /* seconds; 0: not said */
};
void problem_write(const struct web *w, struct http_response *response, const struct problem *p);
/* The document for a result that a use case gave; for those that have no meaning of their own. */
void problem_of_result(const struct web *w, struct http_response *response, enum result r);

/* A short way for handlers: writes the problem and returns RESULT_OK (the call is answered). */
enum result call_problem(struct call *c, const struct problem *p);

/* The problem "wait", until that moment. */
enum result wait_problem(struct call *c, instant until);

/* --- guard.c --- */

/* A state-changing request must come from the site's own pages, as JSON. False: answered. */
bool guard_write(struct call *c);
/* The session cookie's value; empty when there is none; false when it was sent twice. */
bool guard_cookie(const struct http_request *request, struct text *token);
/* The network a peer belongs to, as text: an IPv4 address, or the /64 of an IPv6 one. */
void guard_network(struct text peer, char out[NETWORK_TEXT_MAX]);
/* "phone" or "desktop", from the user agent. */
struct text guard_device(const struct http_request *request);

/* --- params.c, body.c --- */

/* Reads the query into c->params. False: answered with the parameter's name. */
bool params_read(struct call *c);
/* Parses the body into c->body, an object. False: answered. */
bool body_read(struct call *c);
/* The string member of that name, of at most `most` characters. False: answered. */
bool body_text(struct call *c, const char *name, size_t most, struct text *out);
/* The same, which may be empty. */
bool body_text_or_empty(struct call *c, const char *name, size_t most, struct text *out);
bool body_int(struct call *c, const char *name, int64_t least, int64_t most, int64_t *out);
bool body_bool(struct call *c, const char *name, bool *out);
/* True when the object has no other members than `count`; false: answered. */
bool body_only(struct call *c, size_t count);

/* --- handlers --- */
enum result handle_centre(struct call *c, struct error *err);
enum result handle_sign_in(struct call *c, struct error *err);
enum result handle_sign_in_code(struct call *c, struct error *err);
enum result handle_registration(struct call *c, struct error *err);
enum result handle_registration_code(struct call *c, struct error *err);
enum result handle_registration_password(struct call *c, struct error *err);
enum result handle_sign_out(struct call *c, struct error *err);
enum result handle_overview(struct call *c, struct error *err);
enum result handle_contributions(struct call *c, struct error *err);
enum result handle_entries(struct call *c, struct error *err);
enum result handle_month(struct call *c, struct error *err);
enum result handle_history(struct call *c, struct error *err);
enum result handle_offices(struct call *c, struct error *err);
enum result handle_interest(struct call *c, struct error *err);
enum result handle_year(struct call *c, struct error *err);
enum result handle_withdrawals(struct call *c, struct error *err);
enum result handle_withdraw_grounds(struct call *c, struct error *err);
enum result handle_withdraw(struct call *c, struct error *err);
enum result handle_withdraw_cancel(struct call *c, struct error *err);
enum result handle_loan(struct call *c, struct error *err);
enum result handle_prepayment(struct call *c, struct error *err);
enum result handle_borrowing(struct call *c, struct error *err);
enum result handle_looks(struct call *c, struct error *err);
enum result handle_enquiries(struct call *c, struct error *err);
enum result handle_security(struct call *c, struct error *err);
enum result handle_session_end(struct call *c, struct error *err);
enum result handle_sessions_end(struct call *c, struct error *err);
enum result handle_password(struct call *c, struct error *err);
enum result handle_statement(struct call *c, struct error *err);
enum result handle_messages(struct call *c, struct error *err);
enum result handle_messages_read(struct call *c, struct error *err);
enum result handle_ask(struct call *c, struct error *err);
enum result handle_freeze(struct call *c, struct error *err);

/* --- operations.c, metrics.c --- */
enum http_turn operations_handle(struct web *w, const struct http_request *request,
                                 struct http_response *response, enum http_place place);

/* --- dispatch.c --- */
struct web_thread *web_thread_here(struct web *w, bool with_db, struct error *err);

#endif
