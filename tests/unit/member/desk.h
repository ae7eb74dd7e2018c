/* A desk with a clock that tests move, people in its ledger, and a phone in which codes arrive. */
#ifndef ANJU_TEST_MEMBER_DESK_H
#define ANJU_TEST_MEMBER_DESK_H

#include "fixture.h"

#include "member/internal.h"
#include "notify/outbox.h"

enum { PEOPLE = 3, SECOND = 1000, MINUTE = 60 * SECOND };

struct desk {
    struct fixture *f;
    struct db *db;
    struct config config;
    struct clock clock;
    struct random random;
    struct member_desk m;
    struct error err;
    char code[8], text[600], to[32]; /* of the last message */
    int messages;
};

/* Everybody is registered with PASSWORD: ID numbers and phones of person 0 … PEOPLE - 1. */
extern const char *const ids[PEOPLE], *const phones[PEOPLE];
#define PASSWORD "correct horse 电池"
#define WRONG    "wrong horse 电池"

void desk_start(struct desk *d, struct fixture *f);
void desk_stop(struct desk *d);

/* A holder in the ledger; with a posted contribution when contributed. */
void desk_holder(struct desk *d, const char *person, const char *account, const char *id,
                 bool contributed);

enum result desk_register(struct desk *d, const char *id, const char *phone, const char *password);

/* The two steps, from that network. The code arrives in d->code. */
enum result start(struct desk *d, const char *login, const char *password, const char *network,
                  struct member_sign_in *s);
enum result finish(struct desk *d, const struct member_sign_in *s, const char *code,
                   const char *network, struct member_code *c);
/* Takes what is in the outbox into d->code. */
void collect(struct desk *d);

/* Both steps, which must work; the cookie's token. */
void sign_in(struct desk *d, const char *login, const char *network, char token[64]);

enum result session_of(struct desk *d, const char *token, bool may_block, struct session *out);

void wait_ms(struct desk *d, int64_t ms);

#endif
