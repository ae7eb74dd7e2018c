/* A registration between its steps; private to src/member. */
#ifndef ANJU_MEMBER_REGISTRATION_H
#define ANJU_MEMBER_REGISTRATION_H

#include "member/internal.h"

enum registration_state { /* desk.registration.state */
                          STATE_CODE_SENT = 1,
                          STATE_PHONE_PROVEN = 2,
                          STATE_PASSED = 3,
                          STATE_REFUSED = 4,
                          STATE_MEMBER = 5,
};

enum { PROOF_FIELDS = 4, DETAILS_MAX = 512 };

/* A row, its details opened into text (sodium_memzero it). */
struct registration {
    uint8_t id[MEMBER_KEY_SIZE];
    enum registration_state state;
    int tries, asks;
    uint8_t code[MEMBER_KEY_SIZE];
    instant created, code_until, ends;
    char language[3];
    char text[DETAILS_MAX + VAULT_OVERHEAD];
    struct member_proof proof; /* views on text */
};

/* Inside a desk transaction. NOT_FOUND: there is none. */
enum result registration_read(struct member_desk *m, struct db *db,
                              const uint8_t id[MEMBER_KEY_SIZE], struct registration *out,
                              struct error *err);
enum result registration_write(struct member_desk *m, struct db *db, struct random *r,
                               const struct registration *reg, struct error *err);

/* Inside a desk transaction: from one state to the next; *done: it was in the first. */
enum result registration_settle(struct db *db, const uint8_t id[MEMBER_KEY_SIZE],
                                enum registration_state from, enum registration_state to,
                                bool *done, struct error *err);

/* Of a registration that is over, whatever became of it. A clock that was set back: nobody knows how
 * old it is. */
bool registration_is_over(const struct registration *reg, instant now);

#endif
