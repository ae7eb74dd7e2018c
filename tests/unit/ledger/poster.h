/* An account written by hand, entry by entry, through the same steps as the import's. */
#ifndef ANJU_TEST_LEDGER_POSTER_H
#define ANJU_TEST_LEDGER_POSTER_H

#include "fixture.h"
#include "ledger/ledger.h"

enum { POSTER_ENTRIES_MAX = 400, POSTER_TERMS_MAX = 32 };

struct agreed {
    civil_month from;
    bool paying;
    fen base, share; /* share: of each side */
};

struct poster {
    struct fixture *f;
    struct policy *policy;
    struct arena *arena;
    struct sha256 *sha;
    civil_date opened;
    enum account_state state;
    civil_date closed;
    struct running running;
    struct entry entries[POSTER_ENTRIES_MAX];
    size_t count;
    struct agreed terms[POSTER_TERMS_MAX];
    size_t terms_count;
};

void poster_start(struct poster *p, struct fixture *f, civil_date opened);
void poster_end(struct poster *p);

/* Any entry; amounts are split into this year's part and the one carried over. Returns its number. */
int64_t post(struct poster *p, enum entry_kind kind, civil_date booked, civil_date value,
             int64_t year, int64_t carried);
/* A contribution of each share for a month, in this year's part. */
int64_t post_share(struct poster *p, enum entry_kind kind, civil_month month, civil_date booked,
                   civil_date value, int64_t each);
/* A withdrawal of the part carried over and, beyond it, this year's; and what ends the account, interest
 * being paid beside it. */
int64_t post_withdrawal(struct poster *p, int ground, civil_date day, int64_t amount);
int64_t post_closing(struct poster *p, int ground, civil_date day, int64_t interest);
/* Reverses an entry, on its value day. */
int64_t post_opposite(struct poster *p, int64_t seq, civil_date booked);
/* 30 June: this year's part and the interest are carried over. */
int64_t post_settlement(struct poster *p, civil_date day, int64_t interest);
void agree(struct poster *p, civil_month from, bool paying, int64_t base, int64_t share);

/* Writes what was posted and begins a read; the account as it stands. */
struct account written(struct poster *p);

/* Interest to day d of the account as written. */
int64_t interest_to(struct poster *p, const struct account *a, civil_date d);

#endif
