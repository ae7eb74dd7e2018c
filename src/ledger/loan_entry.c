#include "loan_entry.h"

#include "hash_bytes.h"

enum { LOAN_ENTRY_HASH_VERSION = 1, LOAN_ENTRY_HASH_RECORD = 'L' };

void loan_entry_hash(struct sha256 *s, const struct loan_entry *e,
                     const uint8_t previous[SHA256_SIZE], uint8_t out[SHA256_SIZE])
{
    struct hash_bytes h;

    hash_bytes_begin(&h, s, LOAN_ENTRY_HASH_VERSION, LOAN_ENTRY_HASH_RECORD);
    hash_bytes_text(&h, e->account);
    hash_bytes_text(&h, e->loan);
    hash_bytes_int(&h, e->seq);
    hash_bytes_int(&h, e->happened.day);
    hash_bytes_int(&h, e->booked.day);
    hash_bytes_int(&h, e->kind);
    hash_bytes_int_or_absent(&h, e->period != 0, e->period);
    hash_bytes_int(&h, e->amount.n);
    hash_bytes_int(&h, e->principal.n);
    hash_bytes_int(&h, e->interest.n);
    hash_bytes_int(&h, e->penalty.n);
    hash_bytes_int(&h, e->balance.n);
    hash_bytes_text(&h, e->flow);
    hash_bytes_int(&h, e->reversing);
    hash_bytes_int_or_absent(&h, e->reverses != 0, e->reverses);
    hash_bytes_int(&h, e->batch);
    hash_bytes_raw(&h, previous, SHA256_SIZE);
    hash_bytes_end(&h, out);
}
