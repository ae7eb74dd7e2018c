/* The keys of a vault, for vault*.c. */
#ifndef ANJU_STORE_VAULT_INTERNAL_H
#define ANJU_STORE_VAULT_INTERNAL_H

#include "store/vault.h"

enum { VAULT_KEY_SIZE = 32, VAULT_FIELD_KEYS_MAX = 255 };

/* In memory that is not swapped, not dumped, and wiped when freed. */
struct vault {
    uint8_t field[VAULT_FIELD_KEYS_MAX + 1][VAULT_KEY_SIZE]; /* by key id; 0 is no id */
    bool has_field[VAULT_FIELD_KEYS_MAX + 1];
    uint8_t newest; /* seals */
    uint8_t index[VAULT_KEY_SIZE];
    uint8_t token[VAULT_KEY_SIZE];
};

#endif
