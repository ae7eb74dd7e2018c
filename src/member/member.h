/* Members: people who registered for the hall, how they prove who they are, and their sessions.
 * Everything here lives in the desk store; the only thing read from the ledger is whom an ID number
 * or a phone belongs to, at registration. */
#ifndef ANJU_MEMBER_MEMBER_H
#define ANJU_MEMBER_MEMBER_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "config/config.h"
#include "store/store.h"
#include "store/vault.h"

/* What the member module needs; one per process, read-only after start, shared by threads. */
struct member_desk {
    const struct config *config;
    const struct clock *clock;
    struct vault *vault;
    struct session_map *sessions; /* HOME/run/sessions: shared memory of all processes */
};

/* Limits, each a number (docs/security.md says why). */
enum {
    MEMBER_PASSWORD_MIN = 8,
    MEMBER_PASSWORD_MAX = 128, /* characters */
    MEMBER_ARGON_KIB = 19456,
    MEMBER_ARGON_PASSES = 2,
    MEMBER_CODE_DIGITS = 6,
    MEMBER_CODE_SECONDS = 300,
    MEMBER_CODE_TRIES = 5,
    MEMBER_SIGN_IN_TRIES = 5,          /* wrong tries of a name from one network before it waits */
    MEMBER_NAME_TRIES = 20,            /* … from all of them before strange networks wait */
    MEMBER_SIGN_IN_WAIT_SECONDS = 900, /* windows of both */
    MEMBER_NETWORK_TRIES = 100,        /* wrong tries of a network in an hour */
    MEMBER_IDLE_SECONDS = 900,
    MEMBER_SESSION_SECONDS = 28800,
    MEMBER_TOKEN_SIZE = 32,

    /* Registration in the hall. */
    MEMBER_REGISTRATION_SECONDS = 1800, /* from the form to the password */
    MEMBER_REGISTRATION_CODES = 3,      /* codes to a phone in a quarter of an hour … */
    MEMBER_REGISTRATION_CODES_DAY = 10, /* … and in a day */
    MEMBER_REGISTRATION_STARTS = 10,    /* codes for an ID number, or for a card, in an hour */
    MEMBER_REGISTRATION_NETWORK = 60,   /* codes from a network in an hour */
    MEMBER_REGISTRATION_REFUSALS = 5,   /* of an ID number or a card in an hour, a phone in a day */
    MEMBER_REGISTRATION_NETWORK_REFUSALS = 40, /* in an hour */
    MEMBER_REGISTRATION_ASKS = 10,             /* of the checks, for one registration */
    MEMBER_NAME_MIN = 2,
    MEMBER_NAME_MAX = 50, /* characters */
};

enum { MEMBER_TOKEN_TEXT_MAX = 48 }; /* of a token as text, with its NUL */

/* Registers a person: the ID number must belong to a holder with a posted remittance; phone is the
 * one codes go to. The password is hashed here (slow: run it in the hash pool). CONFLICT when
 * registered already, NOT_FOUND when no account or nothing posted yet, INVALID for a weak
 * password. */
struct member_registration {
    struct text id_number, phone, password, language;
};
enum result member_register(struct member_desk *m, struct db *db, struct random *r,
                            const struct member_registration *reg, struct error *err);

/* --- registering in the hall: form, code and checks, password ------------------------------- */

/* What the checks are asked about. */
struct member_proof {
    struct text name, id_number, card, phone;
};

/* The identity authority (name and ID number) and the bank-card check (all four), each an answer of
 * another party. OK: they belong together. REFUSED: they do not. Anything else: nobody knows just
 * now. They may take seconds. */
struct member_checks {
    void *context;
    enum result (*identity)(void *context, const struct member_proof *who, struct error *err);
    enum result (*card)(void *context, const struct member_proof *who, struct error *err);
};

/* First step. What is typed is checked for its form alone: the answer and the work are the same,
 * whoever it is. On OK a code is in the outbox and registration (base64url) goes to the page.
 * INVALID: *field names what is wrong. TOO_MANY: wait until *until. Writes desk: io pool. */
struct member_form {
    struct member_proof typed;
    struct text language, network;
    char registration[MEMBER_TOKEN_TEXT_MAX]; /* out */
    char sent_to[32];                         /* out: masked phone */
    instant expires, until;                   /* out: of the code; of the wait */
    const char *field;                        /* out: "name", "id_number", "card", "phone" … */
};
enum result member_registration_start(struct member_desk *m, struct db *db, struct random *r,
                                      struct member_form *f, struct error *err);

/* What came of it. Before both checks have passed there is REFUSED and nothing else, whoever it is;
 * after that the true reason. */
enum registration_outcome {
    REGISTRATION_AWAY,       /* a check did not answer: try again with the same code */
    REGISTRATION_REFUSED,    /* what was typed does not belong together */
    REGISTRATION_READY,      /* a password may be set */
    REGISTRATION_WAITING,    /* has an account, but nothing was posted yet */
    REGISTRATION_ELSEWHERE,  /* has no account here */
    REGISTRATION_REGISTERED, /* is a member already */
};

/* Second step: the code, and when it is right both checks, always both. On OK outcome is set; person
 * and account are when it is WAITING. REFUSED: wrong code, *tries_left more. EXPIRED or NOT_FOUND:
 * begin again. TOO_MANY: wait until *until. Asks other parties: outside pool. */
struct member_registration_code {
    struct text registration, code, network;
    int tries_left;                    /* out */
    instant until;                     /* out */
    enum registration_outcome outcome; /* out */
    char person[24], account[24];      /* out */
};
enum result member_registration_check(struct member_desk *m, struct db *db,
                                      const struct member_checks *checks,
                                      struct member_registration_code *c, struct error *err);

/* Third step: the password makes a member of the person. INVALID for a weak one; EXPIRED or
 * NOT_FOUND: begin again; CONFLICT: is a member already. Slow: hash pool. */
enum result member_registration_finish(struct member_desk *m, struct db *db, struct random *r,
                                       struct text registration, struct text password,
                                       struct error *err);

/* First step of signing in. login is an ID number or a phone. Same work and same answer whether the
 * name is known or not: one argon2 run either way. On OK a code is in the outbox and challenge
 * (base64url, NUL-terminated) goes to the page. REFUSED: name or password wrong. TOO_MANY: wait
 * until *until. Slow: run it in the hash pool. network is the peer's address (IPv6: its /64). */
enum { MEMBER_CHALLENGE_MAX = 48 };
struct member_sign_in {
    struct text login, password, network;
    char challenge[MEMBER_CHALLENGE_MAX]; /* out */
    char sent_to[32];                     /* out: masked phone */
    instant expires, until;               /* out */
};
enum result member_sign_in_start(struct member_desk *m, struct db *db, struct random *r,
                                 struct member_sign_in *s, struct error *err);

/* Second step. On OK token (base64url) is the new session's cookie value. REFUSED: wrong code,
 * *tries_left more; EXPIRED: begin again; NOT_FOUND: no such challenge. Writes desk: io pool. */
struct member_code {
    struct text challenge, code, network;
    struct text device; /* class: "phone", "desktop" */
    int channel;
    char token[MEMBER_TOKEN_TEXT_MAX]; /* out */
    int tries_left;                    /* out */
};
enum result member_sign_in_finish(struct member_desk *m, struct db *db, struct random *r,
                                  struct member_code *c, struct error *err);

/* Begins a session of somebody who has proved who they are: writes it in the caller's desk
 * transaction. In: s->person, s->account, s->channel; out: the rest of s, and token, the cookie's
 * value. previous: when the person signed in before, 0: never; device: the class, "phone" or
 * "desktop", may be empty. Until it is shared in the map, a process asks the store. */
struct session;
enum result member_session_begin(struct db *db, struct random *r, instant now, instant previous,
                                 struct text device, struct session *s,
                                 char token[MEMBER_TOKEN_TEXT_MAX], struct error *err);

/* Who a cookie's token belongs to. Does not block while the session map holds it. */
struct session {
    uint8_t id[32]; /* SHA-256 of the token */
    char person[24], account[24];
    int channel;
    instant created, used, ends;
    instant previous; /* when the person signed in before this session; 0: never */
    int slot;         /* place in the session map */
};
/* OK, NOT_FOUND (no such session, or ended), EXPIRED (idle or absolute limit), BUSY: not in the
 * map, look again with may_block (the store is asked). */
enum result member_session(struct member_desk *m, struct db *db, struct text token, bool may_block,
                           struct session *out, struct error *err);

/* Ends this session, or all of the person's; when it returns every worker refuses them. */
enum result member_sign_out(struct member_desk *m, struct db *db, const struct session *s,
                            bool everywhere, struct error *err);

/* What the holder sees of the own account's safety. */
enum { MEMBER_SESSIONS_SHOWN = 50, MEMBER_SIGN_INS_SHOWN = 10, MEMBER_SESSION_ID = 8 };
struct session_line {
    uint8_t id[32];        /* pages get its first MEMBER_SESSION_ID bytes */
    instant created, used; /* used: to the minute, but for the one that asks */
    char device[16];       /* class; "": not known */
    bool current;
};
struct sign_in_line {
    instant at;
    char device[16];
};
struct member_security {
    char phone_mask[32];
    instant stopped_since;                               /* payments; 0: they are not */
    struct session_line sessions[MEMBER_SESSIONS_SHOWN]; /* newest first */
    size_t session_count;
    struct sign_in_line sign_ins[MEMBER_SIGN_INS_SHOWN]; /* newest first */
    size_t sign_in_count;
};
/* No transaction may be open on db, here and below. */
enum result member_security(struct member_desk *m, struct db *db, const struct session *s,
                            struct member_security *out, struct error *err);

/* Ends the person's session whose id begins with these hex digits (NOT_FOUND when it is none of
 * theirs), or all but this one. */
enum result member_end_session(struct member_desk *m, struct db *db, const struct session *s,
                               struct text id, struct error *err);
enum result member_end_others(struct member_desk *m, struct db *db, const struct session *s,
                              struct error *err);

/* A new password for who knows the old one. REFUSED: that is wrong; TOO_MANY: tries, until *until;
 * INVALID: the new one is weak, or the old one again. On OK the person's other sessions have ended
 * and a text message is on its way. Slow: run it in the hash pool. */
struct member_new_password {
    struct text before, after, network;
    instant until; /* out */
};
enum result member_change_password(struct member_desk *m, struct db *db, struct random *r,
                                   const struct session *s, struct member_new_password *c,
                                   struct error *err);

/* The holder stops all payments out of the account, at once. CONFLICT when stopped already. */
enum result member_freeze(struct member_desk *m, struct db *db, const struct session *s,
                          instant *at, struct error *err);
/* The centre lifts the holder's stop, at the holder's own wish: the holder reads it among the
 * messages. *since: when it was stopped. CONFLICT when it is not. */
enum result member_lift(const struct clock *clock, struct db *db, struct text person,
                        instant *since, instant *at, struct error *err);
/* Since when it is stopped; 0 when it is not. Inside a transaction. */
enum result member_frozen_since(struct db *db, struct text person, instant *since,
                                struct error *err);

/* What happened at the desk that its holder should be told; the numbers of SIGN_IN,
 * NEW_PASSWORD and REGISTERED are stored. */
enum desk_event {
    EVENT_SIGN_IN = 1, /* from a network or a class of device not seen before; subject: the class */
    EVENT_ANSWER = 2,  /* of the centre; subject: the enquiry's sequence number */
    EVENT_STOP = 3,    /* of payments */
    EVENT_LIFT = 4,
    EVENT_NEW_PASSWORD = 5,
    EVENT_REGISTERED = 6, /* in the hall */
};
enum { MEMBER_EVENTS_MAX = 200 };
struct member_event {
    instant at;
    enum desk_event kind;
    char subject[24];
};
/* The events after since, newest first. Inside a transaction of the caller's. */
enum result member_events(struct db *db, struct text person, instant since,
                          struct member_event out[MEMBER_EVENTS_MAX], size_t *count,
                          struct error *err);
/* Until when messages were read; 0: never. Inside a transaction. */
enum result member_read_mark(struct db *db, struct text person, instant *out, struct error *err);
/* They were read until then; a mark never goes back. No transaction may be open. */
enum result member_read_until(struct db *db, struct text person, instant until, struct error *err);

/* Housekeeping for anju worker: last use of sessions to the store (at most once a minute each),
 * expired challenges, registrations, throttles and sessions away (bounded work per call). */
enum result member_housekeeping(struct member_desk *m, struct db *db, struct error *err);

/* --- the session map ------------------------------------------------------------------------ */

/* Shared memory in HOME/run/sessions (0600), safe between processes and threads; holds nothing that
 * the store does not hold, and is filled again from it. */
enum result session_map_open(const char *home, struct session_map **out, struct error *err);
void session_map_close(struct session_map *map);

/* A number that the channel noted for a part of this session, 0 if none: when a look at it was last
 * recorded, so that the holder's own looks within 15 minutes are one line without asking the
 * store. */
instant session_map_looked(struct session_map *map, const struct session *s, int part);
void session_map_set_looked(struct session_map *map, const struct session *s, int part, instant at);

#endif
