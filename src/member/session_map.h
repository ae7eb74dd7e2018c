/* How the session map lies in memory: shared by session_map.c and session_map_open.c. */
#ifndef ANJU_MEMBER_SESSION_MAP_H
#define ANJU_MEMBER_SESSION_MAP_H

#include <stdatomic.h>

#include "member/internal.h"

enum {
    MAP_VERSION = 2,
    MAP_WAYS = 8,         /* slots a session may stand in */
    MAP_SLOTS = 1 << 19,  /* for 200,000 live sessions at well under half full */
    MAP_GROUPS = 1 << 10, /* marks of use, so that flushing does not read every slot */
    MAP_GROUP_SLOTS = MAP_SLOTS / MAP_GROUPS,
    MAP_TURNS = 1000, /* of waiting for a lock */
    WORD_ID = 0,      /* 4 words: SHA-256 of the token */
    WORD_PERSON = 4,  /* 3 words */
    WORD_ACCOUNT = 7, /* 3 words */
    WORD_STATE = 10,  /* enum slot_state | channel << 8 */
    WORD_CREATED = 11,
    WORD_ENDS = 12,
    WORD_PREVIOUS = 13,
    WORD_FLUSHED = 14, /* the use that the store knows */
    WORD_LOOKED = 15,  /* 15 words: parts 1 to 15 */
    WORDS = 30,
    MAP_PAGE = 4096, /* the smallest of any machine */
};

_Static_assert(WORD_LOOKED + PART_WORDS - 1 == WORDS, "a word for each part");
_Static_assert(sizeof((struct session *)0)->person == 24, "three words");

enum slot_state {
    SLOT_FREE,
    SLOT_COMING, /* being filled: not yet to be believed */
    SLOT_LIVE,
    SLOT_ENDED,
};

struct slot {
    _Atomic uint64_t lock; /* low half: a count, odd while written; high half: the writer */
    _Atomic uint64_t words[WORDS];
    uint64_t spare;
};
_Static_assert(sizeof(struct slot) == 256, "four cache lines");

struct shared {
    _Atomic uint32_t version;
    _Atomic uint32_t unused;
    _Atomic uint64_t endings; /* goes up with each sign-out, after its commit */
    char boot[40];            /* /proc/sys/kernel/random/boot_id */
    uint64_t spare[25];
    _Atomic uint8_t touched[MAP_GROUPS];
    /* When the session of each slot was last used. Every request writes it, so it lies close
     * together and outside the locks: a page that the kernel has written to the disk costs a fault
     * with the next write to it, and a slot for each request would be such a page each. */
    _Atomic uint64_t used[MAP_SLOTS];
    struct slot slots[MAP_SLOTS];
};

struct session_map {
    struct shared *at;
    int fd; /* of the file, for taking room on the disk */
    _Atomic uint8_t there[sizeof(struct shared) / MAP_PAGE + 1]; /* pages that are no hole */
};

#endif
