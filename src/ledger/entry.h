/* An entry of the personal ledger, its place in the account's chain, and what it does to the
 * account's running figures. docs/stores.md has the layout of the hash and the rule of the day
 * product; docs/data-exchange.md the codes. */
#ifndef ANJU_LEDGER_ENTRY_H
#define ANJU_LEDGER_ENTRY_H

#include "base/date.h"
#include "base/money.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/text.h"

/* JGJ/T 320 table A.5; 71 is local. */
enum entry_kind {
    ENTRY_REMITTANCE = 1,
    ENTRY_BACK_PAYMENT = 2,
    ENTRY_OPENING = 3,
    ENTRY_UNSEALING = 4,
    ENTRY_SEALING = 5,
    ENTRY_TRANSFER_UNIT = 6,
    ENTRY_TRANSFER_OUT = 7,
    ENTRY_TRANSFER_IN = 8,
    ENTRY_INTEREST = 9,
    ENTRY_BASE_CHANGE = 10,
    ENTRY_WITHDRAWAL = 11,
    ENTRY_CLOSING = 12,
    ENTRY_DEFERRAL = 13,
    ENTRY_FREEZING = 14,
    ENTRY_LIFTING = 15,
    ENTRY_MERGING = 71,
    ENTRY_OTHER = 99,
};

/* JGJ/T 320 table A.6. */
enum account_state {
    ACCOUNT_NORMAL = 1,
    ACCOUNT_SEALED = 2,
    ACCOUNT_MERGED = 3,
    ACCOUNT_TRANSFERRED = 4,
    ACCOUNT_WITHDRAWN = 5,
    ACCOUNT_FROZEN = 6,
    ACCOUNT_OTHER = 99,
};

static inline bool account_is_closed(enum account_state s)
{
    return s == ACCOUNT_MERGED || s == ACCOUNT_TRANSFERRED || s == ACCOUNT_WITHDRAWN;
}

#define MONTH_NONE ((civil_month){INT32_MIN})
static inline bool month_is_none(civil_month m)
{
    return m.n == INT32_MIN;
}

struct entry {
    struct text account;
    int64_t seq;
    civil_date booked, value_day;
    enum entry_kind kind;
    civil_month for_month; /* MONTH_NONE when none */
    struct text unit;      /* at == NULL when none */
    bool has_terms;        /* base and ratios are given */
    fen base;
    millionths unit_ratio, own_ratio;
    fen unit_amount, own_amount;
    fen amount, amount_year, amount_carried;
    fen interest;
    fen balance; /* after this entry */
    int reason;  /* A.7; 0: none */
    struct text flow;
    bool reversing;
    int64_t reverses; /* 0: none */
    int64_t batch;
    uint8_t hash[SHA256_SIZE];
};

/* The hash of e after its predecessor's (32 zero bytes for the first), version 1. */
void entry_hash(struct sha256 *s, const struct entry *e, const uint8_t previous[SHA256_SIZE],
                uint8_t out[SHA256_SIZE]);

/* An account's running figures: what the account row carries. */
struct running {
    fen balance, carried, this_year;
    civil_date settled;     /* products begin on the day after */
    civil_date product_day; /* … and are counted up to and with this day */
    int64_t product;        /* fen x days, whole balance; |product| < 2^62 by FEN_LIMIT */
    int64_t product_year;   /* fen x days, this year's part */
    int64_t head_seq;
    uint8_t head_hash[SHA256_SIZE];
};

/* The state of an account opened on that day, before its first entry. */
void running_open(struct running *r, civil_date opened);

/* Applies e: checks that e->balance, the parts and the sequence follow, moves the product, chains
 * the hash (set in e->hash by the caller). RESULT_INVALID with a sentence that holds figures but no
 * identity when something does not follow; r is then unchanged. */
enum result running_apply(struct running *r, const struct entry *e, struct error *err);

/* What counts from days after a settlement that is posted late, in the figures that stand when it
 * comes: how much it is, and its products up to and with product_day. */
struct running_later {
    fen amount, amount_year;
    int64_t product, product_year;
};
/* Applies a settlement e of 30 June, also when later days are counted already (product_day beyond
 * it). later: all zero when nothing counts from after it. */
enum result running_settle(struct running *r, const struct entry *e,
                           const struct running_later *later, struct error *err);

/* The products up to and with day d (d >= product_day), without changing r. */
int64_t running_product_at(const struct running *r, civil_date d);
int64_t running_product_year_at(const struct running *r, civil_date d);

#endif
