/* The bytes of a hashed row (docs/stores.md, "The hash of an entry") and libsodium's SHA-256 over them. */
#include <sodium.h>
#include <string.h>

#include "audit.h"

static void feed(crypto_hash_sha256_state *h, const void *at, size_t len)
{
    unsigned char length[2];

    length[0] = (unsigned char)(len >> 8);
    length[1] = (unsigned char)len;
    crypto_hash_sha256_update(h, length, 2);
    if (len > 0)
        crypto_hash_sha256_update(h, at, len);
}

static void feed_integer(crypto_hash_sha256_state *h, int64_t value)
{
    unsigned char bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (56 - 8 * i));
    feed(h, bytes, 8);
}

void chain_hash(const struct cursor *c, char record, const char *types,
                const uint8_t previous[AUDIT_HASH], uint8_t out[AUDIT_HASH])
{
    const unsigned char absent[2] = {0xFF, 0xFF};
    const unsigned char head[2] = {1, (unsigned char)record};
    crypto_hash_sha256_state h;

    crypto_hash_sha256_init(&h);
    crypto_hash_sha256_update(&h, head, 2);
    for (int i = 0; types[i]; i++) {
        struct span s;

        if (cell_null(c, i)) {
            crypto_hash_sha256_update(&h, absent, 2);
        } else if (types[i] == 'I') {
            feed_integer(&h, cell_int(c, i));
        } else {
            s = cell_bytes(c, i);
            feed(&h, s.at, s.len);
        }
    }
    feed(&h, previous, AUDIT_HASH);
    crypto_hash_sha256_final(&h, out);
}

void chain_follow(struct report *r, struct place p, const struct cursor *c, char record,
                  const char *types, int hash_column, uint8_t hash[AUDIT_HASH])
{
    struct span stored = cell_bytes(c, hash_column);
    uint8_t derived[AUDIT_HASH];

    chain_hash(c, record, types, hash, derived);
    if (stored.len != AUDIT_HASH || memcmp(stored.at, derived, AUDIT_HASH) != 0)
        differ_hash(r, p, "hash", stored, derived);
    memset(hash, 0, AUDIT_HASH);
    if (stored.len == AUDIT_HASH)
        memcpy(hash, stored.at, AUDIT_HASH);
}

void chain_leaf(struct span account, int64_t seq, const uint8_t hash[AUDIT_HASH],
                uint8_t out[AUDIT_HASH])
{
    const unsigned char leaf = 0;
    crypto_hash_sha256_state h;

    crypto_hash_sha256_init(&h);
    crypto_hash_sha256_update(&h, &leaf, 1);
    feed(&h, account.at, account.len);
    feed_integer(&h, seq);
    feed(&h, hash, AUDIT_HASH);
    crypto_hash_sha256_final(&h, out);
}
