/* Sealing, opening and the keyed indexes. The bytes are described in docs/stores.md. */
#include "store/vault_internal.h"

#include <sodium.h>

enum {
    SUITE_XCHACHA20 = 0x01,
    HEADER = 2, /* suite, key id */
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PLACE_MAX = 256, /* table, column and person with two NULs */
};
_Static_assert(VAULT_OVERHEAD == HEADER + NONCE + TAG, "as in the header");
_Static_assert(VAULT_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");
_Static_assert(VAULT_INDEX_SIZE == crypto_generichash_BYTES, "BLAKE2b-256");

/* The associated data: `table` 00 `column` 00 `person`. Returns its length, 0 when too long. */
static size_t place_bytes(const struct vault_place *place, uint8_t out[PLACE_MAX])
{
    size_t table = strlen(place->table) + 1, column = strlen(place->column) + 1;

    if (table + column + place->person.len > PLACE_MAX)
        return 0;
    memcpy(out, place->table, table);
    memcpy(out + table, place->column, column);
    if (place->person.len > 0)
        memcpy(out + table + column, place->person.at, place->person.len);
    return table + column + place->person.len;
}

static bool seal_one(const struct vault *v, struct random *r, struct vault_item *item)
{
    uint8_t place[PLACE_MAX];
    size_t place_len = place_bytes(&item->place, place);
    uint8_t *nonce = item->out + HEADER;

    item->out_len = 0;
    if (place_len == 0 || item->in.len > VAULT_PLAIN_MAX)
        return false;
    item->out[0] = SUITE_XCHACHA20;
    item->out[1] = v->newest;
    random_fill(r, nonce, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE, NULL, (const uint8_t *)item->in.at,
                                               item->in.len, place, place_len, NULL, nonce,
                                               v->field[v->newest]);
    item->out_len = item->in.len + VAULT_OVERHEAD;
    return true;
}

static bool open_one(const struct vault *v, struct vault_item *item)
{
    const uint8_t *in = (const uint8_t *)item->in.at;
    uint8_t place[PLACE_MAX];
    size_t place_len = place_bytes(&item->place, place);
    unsigned long long len = 0;

    item->out_len = 0;
    if (place_len == 0 || item->in.len < VAULT_OVERHEAD ||
        item->in.len > VAULT_PLAIN_MAX + VAULT_OVERHEAD)
        return false;
    if (in[0] != SUITE_XCHACHA20 || !v->has_field[in[1]])
        return false;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(item->out, &len, NULL, in + HEADER + NONCE,
                                                   item->in.len - HEADER - NONCE, place, place_len,
                                                   in + HEADER, v->field[in[1]]) != 0)
        return false;
    item->out_len = (size_t)len;
    return true;
}

enum result vault_seal(struct vault *v, struct random *r, struct vault_item *items, size_t count)
{
    enum result result = RESULT_OK;

    for (size_t i = 0; i < count; i++) {
        items[i].ok = seal_one(v, r, &items[i]);
        if (!items[i].ok)
            result = RESULT_INVALID;
    }
    return result;
}

enum result vault_open_fields(struct vault *v, struct vault_item *items, size_t count)
{
    enum result result = RESULT_OK;

    for (size_t i = 0; i < count; i++) {
        items[i].ok = open_one(v, &items[i]);
        if (!items[i].ok)
            result = RESULT_DAMAGED;
    }
    return result;
}

/* BLAKE2b-256 under key over `word` 00 `value`. */
static void keyed_hash(const uint8_t key[VAULT_KEY_SIZE], const char *word, struct text value,
                       uint8_t out[VAULT_INDEX_SIZE])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, key, VAULT_KEY_SIZE, VAULT_INDEX_SIZE);
    crypto_generichash_update(&state, (const uint8_t *)word, strlen(word) + 1);
    crypto_generichash_update(&state, (const uint8_t *)value.at, value.len);
    crypto_generichash_final(&state, out, VAULT_INDEX_SIZE);
    sodium_memzero(&state, sizeof state);
}

void vault_index(struct vault *v, const char *kind, struct text value,
                 uint8_t out[VAULT_INDEX_SIZE])
{
    keyed_hash(v->index, kind, value, out);
}

void vault_token_hash(struct vault *v, const char *purpose, struct text value,
                      uint8_t out[VAULT_INDEX_SIZE])
{
    keyed_hash(v->token, purpose, value, out);
}

static void fingerprint(const uint8_t key[VAULT_KEY_SIZE], const char *name,
                        char out[VAULT_FINGERPRINT_HEX + 1])
{
    uint8_t hash[VAULT_INDEX_SIZE];

    keyed_hash(key, "key check", text_of(name), hash);
    sodium_bin2hex(out, VAULT_FINGERPRINT_HEX + 1, hash, VAULT_FINGERPRINT_HEX / 2);
}

void vault_index_fingerprint(const struct vault *v, char out[VAULT_FINGERPRINT_HEX + 1])
{
    fingerprint(v->index, "index", out);
}

void vault_token_fingerprint(const struct vault *v, char out[VAULT_FINGERPRINT_HEX + 1])
{
    fingerprint(v->token, "token", out);
}

bool vault_field_fingerprint(const struct vault *v, int id, char out[VAULT_FINGERPRINT_HEX + 1])
{
    if (id < 1 || id > VAULT_FIELD_KEYS_MAX || !v->has_field[id])
        return false;
    fingerprint(v->field[id], "field", out);
    return true;
}
