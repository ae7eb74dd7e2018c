/* No view, no data: personal data is reached only through a view, and opening one records the look
 * first. There is no second door: service functions take a struct view, which only this module can
 * make. */
#ifndef ANJU_ACCESS_ACCESS_H
#define ANJU_ACCESS_ACCESS_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

/* Parts of what is known about a person; the number is stored. */
enum access_part {
    PART_OVERVIEW = 1,
    PART_CONTRIBUTIONS = 2,
    PART_LEDGER = 3,
    PART_LOOKS = 4,
    PART_FREEZE = 5,
    PART_INTEREST = 6,
    PART_WITHDRAWALS = 7,
    PART_LOAN = 8,
    PART_STATEMENTS = 9,
    PART_MESSAGES = 10,
    PART_ENQUIRIES = 11,
    PART_SECURITY = 12,
    PART_BORROWING = 13,
    PART_YEAR = 14,
    PART_COUNT = 16,
};
enum access_channel { CHANNEL_WEB = 1, CHANNEL_COMMAND = 2 };
enum access_actor {
    ACTOR_HOLDER = 1,
    ACTOR_STAFF = 2,
    ACTOR_BANK = 3,
    ACTOR_PLATFORM = 4,
    ACTOR_EMPLOYER = 5,
    ACTOR_HOTLINE = 6,
    ACTOR_AUDITOR = 7
};
enum access_purpose { PURPOSE_OWN = 1, PURPOSE_SERVICE = 2, PURPOSE_CHECK = 3 };
enum access_outcome { OUTCOME_SHOWN = 1, OUTCOME_REFUSED = 2 };

enum { ACCESS_JOIN_MS = 15 * 60 * 1000 }; /* the holder's own looks at one part: one line */

/* Who asks for what, about whom. */
struct access_request {
    struct text person;  /* the subject */
    struct text account; /* the subject's account in this session */
    enum access_actor actor_kind;
    struct text actor, place, case_no;
    enum access_channel channel;
    enum access_part part;
    enum access_purpose purpose;
};

/* What staff ask for at the centre's own machine to serve somebody; the subject is to be filled in.
 * The texts are views. */
struct access_request access_by_staff(enum access_part part, struct text staff, struct text place,
                                      struct text case_no);

/* Proof that the look is on record. Filled by access_open alone. */
struct view {
    struct text person, account;
    enum access_part part;
    instant looked; /* when the line that covers this look was written */
    uint64_t seal;  /* set by access_open; service functions assert it */
};

/* Is this actor, through this channel, allowed that part? One table, read by a test as well. */
bool access_allowed(enum access_actor actor, enum access_channel channel, enum access_part part);

/* Records the look in a transaction of its own on the desk store and commits it before it returns
 * OK. The holder's own look at a part of which a line less than ACCESS_JOIN_MS old stands there
 * already, from the same place, makes no new line. A look that is not allowed is recorded as
 * refused and gives RESULT_REFUSED. No transaction may be open on db. */
enum result access_open(struct db *db, const struct clock *clock, const struct access_request *q,
                        struct view *out, struct error *err);

/* The view of a holder whose own look at this part was recorded at `looked` less than
 * ACCESS_JOIN_MS before now: no new line is due. REFUSED when one is due (use access_open). */
enum result access_joined(const struct clock *clock, const struct access_request *q, instant looked,
                          struct view *out);

bool view_is_good(const struct view *v, enum access_part part);

/* A line of the record, for 谁看过我的账户. */
struct look {
    int64_t seq;
    instant at;
    int actor_kind, channel, part, purpose, outcome;
    struct text actor, place, case_no;
};
enum { LOOKS_MAX = 100 };

/* The words of the contract for these codes; "" for a number that is none. */
const char *access_part_word(int part);
const char *access_channel_word(int channel);
const char *access_actor_word(int actor_kind);
const char *access_purpose_word(int purpose);
const char *access_outcome_word(int outcome);

/* Looks at the view's person, newest first (view of PART_LOOKS). */
enum result access_looks(struct db *db, struct arena *a, const struct view *v, int64_t before_seq,
                         int limit, struct look **out, size_t *count, bool *more,
                         struct error *err);

/* SHA-256 of a look as docs/stores.md lays it out. */
void look_hash(struct text person, const struct look *l, const uint8_t previous[32],
               uint8_t out[32]);

#endif
