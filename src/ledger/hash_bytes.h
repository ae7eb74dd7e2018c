/* The bytes that a chained record's hash is taken over: fields without gaps, each with its length
 * before it as two bytes, big-endian (docs/stores.md, "The hash of an entry"). */
#ifndef ANJU_LEDGER_HASH_BYTES_H
#define ANJU_LEDGER_HASH_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/sha256.h"
#include "base/text.h"

enum {
    HASH_BYTES_ROOM = 512,
    HASH_ABSENT = 0xFFFF,             /* the length that stands for an absent value */
    HASH_FIELD_MAX = HASH_ABSENT - 1, /* longer texts are refused before they are stored */
};

struct hash_bytes {
    struct sha256 *to;
    size_t used;
    uint8_t at[HASH_BYTES_ROOM];
};

static inline void hash_bytes_flush(struct hash_bytes *h)
{
    sha256_add(h->to, h->at, h->used);
    h->used = 0;
}

static inline void hash_bytes_begin(struct hash_bytes *h, struct sha256 *to, uint8_t version,
                                    uint8_t record)
{
    h->to = to;
    h->used = 2;
    h->at[0] = version;
    h->at[1] = record;
    sha256_begin(to);
}

static inline void hash_bytes_length(struct hash_bytes *h, size_t length)
{
    if (h->used + 2 > HASH_BYTES_ROOM)
        hash_bytes_flush(h);
    h->at[h->used++] = (uint8_t)(length >> 8);
    h->at[h->used++] = (uint8_t)length;
}

static inline void hash_bytes_raw(struct hash_bytes *h, const void *at, size_t size)
{
    hash_bytes_length(h, size);
    if (h->used + size > HASH_BYTES_ROOM)
        hash_bytes_flush(h);
    if (size > HASH_BYTES_ROOM) {
        sha256_add(h->to, at, size);
        return;
    }
    if (size)
        memcpy(h->at + h->used, at, size);
    h->used += size;
}

static inline void hash_bytes_absent(struct hash_bytes *h)
{
    hash_bytes_length(h, HASH_ABSENT);
}

/* Absent when t.at is NULL. A damaged row may hold a text longer than was ever stored: it is cut,
 * and its hash is then wrong, which is what the verifier should find. */
static inline void hash_bytes_text(struct hash_bytes *h, struct text t)
{
    if (!t.at)
        hash_bytes_absent(h);
    else
        hash_bytes_raw(h, t.at, t.len < HASH_FIELD_MAX ? t.len : HASH_FIELD_MAX);
}

static inline void hash_bytes_int(struct hash_bytes *h, int64_t value)
{
    uint64_t big = __builtin_bswap64((uint64_t)value);

    hash_bytes_raw(h, &big, sizeof big);
}

static inline void hash_bytes_int_or_absent(struct hash_bytes *h, bool there, int64_t value)
{
    if (there)
        hash_bytes_int(h, value);
    else
        hash_bytes_absent(h);
}

static inline void hash_bytes_end(struct hash_bytes *h, uint8_t out[SHA256_SIZE])
{
    hash_bytes_flush(h);
    sha256_end(h->to, out);
}

#endif
