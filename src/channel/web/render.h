/* What several answers share, in the words of the contract. */
#ifndef ANJU_CHANNEL_WEB_RENDER_H
#define ANJU_CHANNEL_WEB_RENDER_H

#include "channel/web/call.h"

/* Two digits of a JGJ/T 320 code as a string. */
void render_code(struct json *j, const char *key, int code);
void render_code_or_null(struct json *j, const char *key, int code); /* 0: null */
void render_text_or_null(struct json *j, const char *key, struct text t);
void render_instant_or_null(struct json *j, const char *key, const struct clock *c, instant t);

void render_account(struct json *j, const char *key, const struct own_accounts *o, size_t i);
void render_agreed(struct json *j, const struct account *a);
void render_handler(struct json *j, const struct account *a);
void render_strip(struct json *j, const char *key, const struct strip *s);
void render_entry(struct json *j, const struct entry *e);
/* The members alone: the caller opens and ends the object. */
void render_application(struct json *j, const struct application *a);
void render_loan(struct json *j, const struct loan *l);
const char *render_month_state(enum month_state s);
/* A month of contributions as an object. */
void render_month(struct json *j, const char *key, const struct month *m);

/* Millionths of a yuan as yuan with six decimals. */
void render_millionths(struct json *j, const char *key, int64_t n);

/* How sure something is and where it was read. */
void render_cite(struct json *j, const char *key, const struct policy_cite *c);

/* Years from last down to first. */
void render_years(struct json *j, int first, int last);

#endif
