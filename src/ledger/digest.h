/* The digest of an account: what its entries and its terms add up to for the first page, packed into
 * a few hundred bytes, so that the page is one row and not a walk through twenty years. docs/stores.md
 * has the layout.
 *
 * It is data and no cache: whoever appends entries brings it forward in the same transaction, anju
 * verify works it out again. A digest is believed only when its head_seq is the account's: one that is
 * missing or behind costs time and never a wrong figure. What depends on today (is a month late, is
 * it missing?) is worked out when it is read. */
#ifndef ANJU_LEDGER_DIGEST_H
#define ANJU_LEDGER_DIGEST_H

#include "ledger/entry.h"
#include "store/store.h"

enum {
    DIGEST_RECENT = 7,         /* newest entries in full */
    DIGEST_CURVE_MONTHS = 36,  /* ends of months whose balance is known */
    DIGEST_CREDITS_MAX = 1024, /* contributions that stand; an account with more has no digest */
    DIGEST_TERMS_MAX = 256,
    DIGEST_FLOW_MAX = 40, /* bytes of a flow number */
    DIGEST_BYTES_MAX = 3500,
};

/* What is due from a month on; nothing while it is not paid (sealed). */
struct digest_terms {
    civil_month from;
    bool paying;
    int64_t due; /* fen, both shares */
};

/* A contribution that no later entry reverses. */
struct digest_credit {
    int64_t seq;
    int64_t amount; /* fen, both shares */
    civil_month month;
    civil_date value_day;
    bool back_paid;
};

/* The balance from the end of that month to that of the next one listed. */
struct digest_balance {
    civil_month month;
    int64_t balance;
};

/* An entry as the first page lists it; e.flow points to flow. */
struct digest_recent {
    struct entry e;
    char flow[DIGEST_FLOW_MAX];
};

/* Unpacked; about 40 KiB, nothing in it is on the heap. */
struct digest {
    int64_t head_seq;
    bool full; /* more than there is room for */
    size_t terms_count, credit_count, balance_count, recent_count;
    struct digest_terms terms[DIGEST_TERMS_MAX];
    struct digest_credit credits[DIGEST_CREDITS_MAX];
    struct digest_balance balances[DIGEST_CURVE_MONTHS + 2];
    struct digest_recent recent[DIGEST_RECENT]; /* newest first */
};

/* --- in memory --- */

void digest_start(struct digest *d); /* of an account without entries and terms */

/* Brings the digest forward by the next entry (e->seq = head_seq + 1). Import and posting both come
 * through here. */
void digest_entry(struct digest *d, const struct entry *e);

/* Terms from a month on, new or instead of those from the same month. */
void digest_agree(struct digest *d, struct digest_terms terms);

/* The bytes of the column facts; 0 when there are too many for a digest. */
size_t digest_pack(const struct digest *d, uint8_t out[DIGEST_BYTES_MAX]);

/* False when the bytes are none of this version, or empty. Texts point into d. */
bool digest_unpack(struct digest *d, int64_t head_seq, struct text facts);

/* --- in the store --- */

/* What posting calls, once per account, in its own transaction that writes the ledger and after it
 * inserted entries (ascending, count may be 0) or changed terms: brings the stored digest forward by
 * them. One that is missing or does not end before the first of the entries is made anew from
 * everything that stands there. No statement of the caller's may be under way on these queries. */
enum result digest_follow(struct db *db, struct text account, const struct entry *entries,
                          size_t count, const struct digest_terms *terms, size_t terms_count,
                          struct error *err);

/* Reads the stored digest if it sums up everything up to entry head_seq, or makes it from all
 * entries and terms (inside any transaction). */
enum result digest_load(struct db *db, struct text account, int64_t head_seq, struct digest *out,
                        struct error *err);

/* For homes of before there were digests: makes those that are missing or behind among the next
 * accounts after `after`, in a transaction of its own; *after becomes the last one looked at, or
 * empty when all are done. room bytes at after hold DIGEST_ACCOUNT_MAX. */
enum { DIGEST_ACCOUNT_MAX = 64, DIGEST_FILL_ACCOUNTS = 200 };
enum result digest_fill(struct db *db, char after[DIGEST_ACCOUNT_MAX], int64_t *made,
                        struct error *err);

#endif
