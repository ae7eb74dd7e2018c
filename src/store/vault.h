/* Sealed fields: nobody who steals the database reads an ID number, a phone or a card. The format
 * is in docs/stores.md. */
#ifndef ANJU_STORE_VAULT_H
#define ANJU_STORE_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "base/result.h"
#include "base/text.h"

struct vault;

enum {
    VAULT_PLAIN_MAX = 4096,
    VAULT_OVERHEAD = 2 + 24 + 16, /* suite, key id, nonce, tag */
    VAULT_INDEX_SIZE = 32,
};

/* Reads the keys of folder (made there with mode 0600 when the folder is new and may_create);
 * refuses keys that others can read. folder is ANJU_KEYS or HOME/keys. */
enum result vault_open(const char *folder, bool may_create, struct vault **out, struct error *err);
void vault_close(struct vault *v);

/* Where a sealed field stands. Literals: "ledger.holder", "id". */
struct vault_place {
    const char *table, *column;
    struct text person;
};

struct vault_item {
    struct vault_place place;
    struct text in; /* plain text to seal, sealed bytes to open */
    uint8_t *out;   /* room for in.len + VAULT_OVERHEAD (seal) or in.len (open) */
    size_t out_len; /* set by the call */
    bool ok;        /* set by the call */
};

/* Seals or opens count fields. RESULT_OK only when every item is ok; an item that does not open
 * (wrong key, place or damaged) makes RESULT_DAMAGED and the others still open. */
enum result vault_seal(struct vault *v, struct random *r, struct vault_item *items, size_t count);
enum result vault_open_fields(struct vault *v, struct vault_item *items, size_t count);

/* The keyed index of a normalised value; kind is "id", "phone" or "card". */
void vault_index(struct vault *v, const char *kind, struct text value,
                 uint8_t out[VAULT_INDEX_SIZE]);

/* A keyed hash for other short secrets (codes, throttle subjects), under the token key. */
void vault_token_hash(struct vault *v, const char *purpose, struct text value,
                      uint8_t out[VAULT_INDEX_SIZE]);

/* By what a key is known, without telling it: a keyed hash of its name in hex. The same key gives the
 * same; nothing leads back from it to 32 random bytes. Field keys are asked for by id. */
enum { VAULT_FINGERPRINT_HEX = 32 };
void vault_index_fingerprint(const struct vault *v, char out[VAULT_FINGERPRINT_HEX + 1]);
void vault_token_fingerprint(const struct vault *v, char out[VAULT_FINGERPRINT_HEX + 1]);
/* False when there is no such key. */
bool vault_field_fingerprint(const struct vault *v, int id, char out[VAULT_FINGERPRINT_HEX + 1]);

#endif
