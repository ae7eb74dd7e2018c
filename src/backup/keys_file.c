/* The bytes of exported keys: a head with the costs of the pass phrase, then one sealed piece. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"

static const uint8_t magic[8] = {'A', 'N', 'J', 'U', 'K', 'E', 'Y', 'S'};

enum {
    VERSION = 1,
    AT_VERSION = 8,
    AT_PASSES = 9,  /* 4 bytes, big-endian */
    AT_MEMORY = 13, /* 4 bytes, KiB */
    AT_SALT = 17,
    AT_NONCE = AT_SALT + crypto_pwhash_argon2id_SALTBYTES,
    HEAD = AT_NONCE + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SECRET = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    /* libsodium's "moderate": 256 MiB and 3 passes, about a second. */
    PASSES = 3,
    MEMORY_KIB = 256 * 1024,
    /* What a file may ask of whoever opens it. */
    PASSES_MAX = 16,
    MEMORY_KIB_MIN = 64 * 1024,
    MEMORY_KIB_MAX = 1024 * 1024,
};

static void put_32(uint8_t *at, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(n >> (24 - 8 * i));
}

static uint32_t get_32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool derive(const uint8_t head[HEAD], struct text phrase, uint8_t out[SECRET])
{
    return crypto_pwhash(out, SECRET, phrase.at, phrase.len, head + AT_SALT,
                         get_32(head + AT_PASSES), (size_t)get_32(head + AT_MEMORY) * 1024,
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}

/* --- the plain piece: kind of home, count, then name and bytes of each --- */

static size_t pack(const struct key_set *set, uint8_t *out)
{
    size_t n = 0;

    out[n++] = set->demo;
    out[n++] = (uint8_t)(set->count >> 8);
    out[n++] = (uint8_t)set->count;
    for (int i = 0; i < set->count; i++) {
        const struct key *k = &set->keys[i];
        size_t len = strlen(k->name);

        out[n++] = (uint8_t)len;
        memcpy(out + n, k->name, len);
        n += len;
        out[n++] = (uint8_t)(k->size >> 8);
        out[n++] = (uint8_t)k->size;
        memcpy(out + n, k->at, k->size);
        n += k->size;
    }
    return n;
}

static bool unpack_key(struct text *rest, struct key *k)
{
    const uint8_t *at = (const uint8_t *)rest->at;
    size_t name, size;

    if (rest->len < 1)
        return false;
    name = at[0];
    if (name == 0 || name >= KEY_NAME_MAX || rest->len < 1 + name + 2)
        return false;
    memcpy(k->name, at + 1, name);
    k->name[name] = '\0';
    size = (size_t)at[1 + name] << 8 | at[2 + name];
    if (size == 0 || size > KEY_SIZE_MAX || rest->len < 3 + name + size)
        return false;
    memcpy(k->at, at + 3 + name, size);
    k->size = size;
    rest->at += 3 + name + size;
    rest->len -= 3 + name + size;
    return true;
}

static bool unpack(const uint8_t *at, size_t size, struct key_set *set)
{
    struct text rest = {(const char *)at + 3, size - 3};

    if (size < 3)
        return false;
    set->demo = at[0] != 0;
    set->count = at[1] << 8 | at[2];
    if (set->count < 1 || set->count > KEYS_MAX)
        return false;
    for (int i = 0; i < set->count; i++)
        if (!unpack_key(&rest, &set->keys[i]))
            return false;
    return rest.len == 0;
}

/* --- sealing and opening --- */

enum result keys_seal(const struct key_set *set, struct text phrase, uint8_t *out, size_t *size,
                      struct error *err)
{
    uint8_t *plain = sodium_malloc(KEYS_FILE_MAX);
    uint8_t secret[SECRET];
    unsigned long long sealed = 0;
    enum result r = RESULT_OK;

    _Static_assert(sizeof set->keys[0] * KEYS_MAX + HEAD + TAG + 3 < KEYS_FILE_MAX, "room");
    memcpy(out, magic, sizeof magic);
    out[AT_VERSION] = VERSION;
    put_32(out + AT_PASSES, PASSES);
    put_32(out + AT_MEMORY, MEMORY_KIB);
    randombytes_buf(out + AT_SALT, HEAD - AT_SALT); /* salt and nonce */
    if (plain && derive(out, phrase, secret)) {
        size_t len = pack(set, plain);

        crypto_aead_xchacha20poly1305_ietf_encrypt(out + HEAD, &sealed, plain, len, out, HEAD, NULL,
                                                   out + AT_NONCE, secret);
        *size = HEAD + (size_t)sealed;
    } else {
        r = error_set(err, RESULT_MEMORY, "no memory to stretch the pass phrase (%d MiB)",
                      MEMORY_KIB / 1024);
    }
    sodium_memzero(secret, sizeof secret);
    sodium_free(plain);
    return r;
}

static enum result check_head(const uint8_t *at, size_t size, struct error *err)
{
    uint32_t passes, memory;

    if (size < HEAD + TAG || memcmp(at, magic, sizeof magic) != 0)
        return error_set(err, RESULT_INVALID, "it is no file of exported keys");
    if (at[AT_VERSION] != VERSION)
        return error_set(err, RESULT_INVALID,
                         "it was exported by a newer program (version %d): use that one",
                         at[AT_VERSION]);
    passes = get_32(at + AT_PASSES);
    memory = get_32(at + AT_MEMORY);
    if (passes < 1 || passes > PASSES_MAX || memory < MEMORY_KIB_MIN || memory > MEMORY_KIB_MAX)
        return error_set(err, RESULT_INVALID, "its head is damaged");
    return RESULT_OK;
}

enum result keys_unseal(const uint8_t *at, size_t size, struct text phrase, struct key_set *set,
                        struct error *err)
{
    uint8_t *plain = NULL;
    uint8_t secret[SECRET];
    unsigned long long len = 0;
    enum result r = check_head(at, size, err);

    if (r != RESULT_OK)
        return r;
    plain = sodium_malloc(size - HEAD);
    if (!plain || !derive(at, phrase, secret))
        r = error_set(err, RESULT_MEMORY, "no memory to stretch the pass phrase (%u MiB)",
                      (unsigned)get_32(at + AT_MEMORY) / 1024);
    else if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &len, NULL, at + HEAD, size - HEAD,
                                                        at, HEAD, at + AT_NONCE, secret) != 0)
        r = error_set(err, RESULT_REFUSED,
                      "the pass phrase is another one, or the file was altered");
    else if (!unpack(plain, (size_t)len, set))
        r = error_set(err, RESULT_INVALID, "what it holds are no keys");
    sodium_memzero(secret, sizeof secret);
    sodium_free(plain);
    return r;
}
