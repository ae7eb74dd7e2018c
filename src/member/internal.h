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

/* --- register.c: whose number it is, and what makes a member of that person --- */

struct member_holder {
    char person[MEMBER_PERSON_MAX], account[MEMBER_ACCOUNT_MAX];
    uint8_t id_index[MEMBER_KEY_SIZE], phone_index[MEMBER_KEY_SIZE];
    char password[128];
};

/* Inside a read: the holder with h->id_index. NOT_FOUND: nobody's. *contributed: something was
 * posted for that person. */
enum result holder_find(struct db *db, struct member_holder *h, bool *contributed,
                        struct error *err);

/* Asks the ledger for the holder of reg->id_number, in a read of its own. NOT_FOUND also when
 * nothing was posted yet. */
enum result holder_ask(struct member_desk *m, struct db *db, const struct member_registration *reg,
                       struct member_holder *h, struct error *err);

/* Inside a desk transaction: the member and both names, h->password being the hash. CONFLICT when
 * registered already. */
enum result member_write(struct member_desk *m, struct db *db, struct random *r,
                         const struct member_registration *reg, const struct member_holder *h,
                         struct error *err);

/* --- notice.c: what is sent to a phone --- */

enum notice_kind { NOTICE_CODE = 1, NOTICE_WELCOME = 2, NOTICE_CHANGE = 3 }; /* desk.outbox.kind */
enum { NOTICE_TEXT_MAX = 512 };

struct notice {
    enum notice_kind kind;
    struct text person; /* "" while it is nobody's account */
    struct text phone, text;
    instant now, expires; /* not sent any more from then on */
};
/* Inside a desk transaction: seals phone and text into the outbox. */
enum result notice_put(struct member_desk *m, struct db *db, struct random *r,
                       const struct notice *o, struct error *err);

/* Its words in either language; CONFIG when the centre's name is too long for a text message. */
enum notice_words { WORDS_SIGN_IN, WORDS_REGISTRATION, WORDS_WELCOME, WORDS_NEW_PASSWORD };
enum result notice_words(const struct member_desk *m, enum notice_words which, const char *code,
                         bool english, char out[NOTICE_TEXT_MAX], size_t *len, struct error *err);

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

/* Any other: value is counted under purpose. */
void throttle_of_value(struct member_desk *m, const char *purpose, struct text value, int limit,
                       int seconds, struct throttle *out);

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

/* Where a member is called, in the open: wipe it after use. */
enum { PHONE_OPEN_MAX = 32 + VAULT_OVERHEAD };
struct recipient {
    char phone[PHONE_OPEN_MAX]; /* room for opening in */
    size_t phone_len;
    bool english;
};
enum result recipient_read(struct member_desk *m, struct db *db, struct text person,
                           struct recipient *out, char *mask, size_t mask_room, struct error *err);

/* Inside a desk transaction: a challenge, and its code in the outbox. TOO_MANY: too many codes,
 * until s->until. */
enum result challenge_make(struct member_desk *m, struct db *db, struct random *r,
                           struct text person, instant now, struct member_sign_in *s,
                           struct error *err);

enum { CODE_TEXT_MAX = MEMBER_CODE_DIGITS + 1 };
/* Draws a code. */
void code_draw(struct random *r, char out[CODE_TEXT_MAX]);
bool code_is_formed(struct text t);

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

/* Sessions that were ended in the store and must end in the map. */
struct session_ids;
/* Inside a desk transaction: ends the person's other sessions. *out goes to sessions_ended in any
 * case. */
enum result sessions_end_others(struct db *db, const struct session *s, instant now,
                                struct session_ids **out, struct error *err);
/* After the transaction: when it was committed every process refuses them; frees ids. */
enum result sessions_ended(struct member_desk *m, struct session_ids *ids, enum result committed,
                           struct error *err);

/* Makes a session known to all processes, unless a session ended since endings was read; then the
 * next request asks the store. Sets session->slot. */
void session_share(struct session_map *map, struct session *session, instant flushed,
                   uint64_t endings);

#endif
