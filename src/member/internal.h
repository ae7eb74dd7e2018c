/* Inside the member module. */
#ifndef ANJU_MEMBER_INTERNAL_H
#define ANJU_MEMBER_INTERNAL_H

#include "member/member.h"

enum {
    MEMBER_PERSON_MAX = 24, /* with its NUL, as struct session has it */
    MEMBER_ACCOUNT_MAX = 24,
    MEMBER_SECOND_MS = 1000,
    MEMBER_KEY_SIZE = 32, /* ids of challenges and sessions, keyed hashes */
};

/* Parts whose looks the session map notes: 1 to PART_WORDS - 1 (src/access). */
enum { PART_WORDS = 16 };

/* --- session_map.c --- */

/* OK: live; NOT_FOUND: known as ended; BUSY: not in the map, the store must be asked. */
enum result session_map_find(struct session_map *map, const uint8_t id[32], struct session *out);

/* Filling is in three steps, so that a session that ends meanwhile is never believed: read endings;
 * ask the store; fill (the slot is not believed yet); when endings is still the same, publish,
 * otherwise begin again. Returns the slot, or -1 when it could not be had. flushed: the last use
 * that the store knows. */
uint64_t session_map_endings(struct session_map *map);
int session_map_fill(struct session_map *map, const struct session *session, instant flushed);
void session_map_publish(struct session_map *map, int slot, const uint8_t id[32]);

/* After the store's commit: every process refuses this session from now on. False: a process holds
 * its slot, so call again. */
bool session_map_end(struct session_map *map, const uint8_t id[32]);

/* Notes a use. */
void session_map_use(struct session_map *map, const struct session *session, instant now);

/* Sessions whose last use the store does not know yet, at most room; they count as known then. */
size_t session_map_flush(struct session_map *map, struct session *out, size_t room);

/* --- sign_in.c --- */

/* The keyed index of an ID number, its letters taken as large ones. */
void id_index(struct member_desk *m, struct text typed, uint8_t out[MEMBER_KEY_SIZE]);

/* --- token.c: what is handed out once and kept as a hash --- */

/* Draws MEMBER_TOKEN_SIZE bytes: base64url and a NUL into text (room bytes), SHA-256 into id. */
void token_make(struct random *r, char *text, size_t room, uint8_t id[MEMBER_KEY_SIZE]);

/* The id of a token that came back; false when it is none of ours. */
bool token_read(struct text token, uint8_t id[MEMBER_KEY_SIZE]);

/* --- password.c --- */

/* INVALID for one that is too short, too long, or what a stranger would try first. */
enum result password_check(const struct member_registration *reg, struct error *err);

enum { PASSWORD_HASH_MAX = 128 };
enum result password_hash(struct text password, char out[PASSWORD_HASH_MAX], struct error *err);

/* One run of argon2id, whether stored is a hash or NULL (then against a hash that nothing opens).
 * REFUSED: wrong. */
enum result password_verify(const char *stored, struct text typed, struct error *err);

/* Runs of argon2id so far in this process: tests compare paths by it. */
uint64_t password_runs(void);

/* --- throttle.c: counters of tries; docs/security.md has the rules --- */

struct throttle {
    uint8_t subject[MEMBER_KEY_SIZE]; /* keyed hash of what is counted */
    int limit;                        /* tries … */
    int64_t window;                   /* … in so many ms; then wait until its end */
};

/* The name and the network that signs in; name is its keyed index. */
void throttle_of_pair(struct member_desk *m, const uint8_t name[MEMBER_KEY_SIZE],
                      struct text network, struct throttle *out);
void throttle_of_name(struct member_desk *m, const uint8_t name[MEMBER_KEY_SIZE],
                      struct throttle *out);
void throttle_of_network(struct member_desk *m, struct text network, struct throttle *out);

/* Codes sent to a person: a few at once, and a number in a day. */
enum { THROTTLE_CODES = 2 };
void throttle_of_codes(struct member_desk *m, struct text person,
                       struct throttle out[THROTTLE_CODES]);

/* Inside a desk transaction: counts one more try. TOO_MANY when the limit was reached before: then
 * nothing is counted, and *until is raised to the end of the wait. */
enum result throttle_take(struct db *db, const struct throttle *t, instant now, instant *until,
                          struct error *err);
/* The same, of a counter that is only kept. */
enum result throttle_count(struct db *db, const struct throttle *t, instant now, struct error *err);
/* Inside a desk transaction: the last try does not count. */
enum result throttle_give_back(struct db *db, const struct throttle *t, struct error *err);
/* Inside a desk transaction: none counts. */
enum result throttle_clear(struct db *db, const struct throttle *t, struct error *err);

/* --- challenge.c, code.c --- */

/* Inside a desk transaction: a challenge, and its code in the outbox. TOO_MANY: too many codes,
 * until s->until. */
enum result challenge_make(struct member_desk *m, struct db *db, struct random *r,
                           struct text person, instant now, struct member_sign_in *s,
                           struct error *err);

/* Keyed hash of a code of MEMBER_CODE_DIGITS, bound to its challenge: equal codes do not look
 * equal. */
void code_hash(struct member_desk *m, const uint8_t id[MEMBER_KEY_SIZE], const char *code,
               uint8_t out[MEMBER_KEY_SIZE]);

/* The worker looks at once. Best effort: it looks every second anyway. */
void worker_wake(const struct config *config);

/* Keyed hash of a person's network. */
void network_hash(struct member_desk *m, struct text network, uint8_t out[MEMBER_KEY_SIZE]);

/* --- message.c --- */

/* Inside a desk transaction: the person is told. */
enum result message_put(struct db *db, struct text person, instant at, enum desk_event kind,
                        struct text subject, struct error *err);

/* --- session.c --- */

/* Makes a session known to all processes, unless a session ended since endings was read; then the
 * next request asks the store. Sets session->slot. */
void session_share(struct session_map *map, struct session *session, instant flushed,
                   uint64_t endings);

#endif
