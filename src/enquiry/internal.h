/* Inside the enquiry module. */
#ifndef ANJU_ENQUIRY_INTERNAL_H
#define ANJU_ENQUIRY_INTERNAL_H

#include "enquiry/enquiry.h"

/* Four bytes a character at most. */
enum { WORDS_BYTES = 4 * ENQUIRY_WORDS_MAX };
_Static_assert((int)WORDS_BYTES <= (int)VAULT_PLAIN_MAX, "words fit into the vault");

/* Seals words of that person into out (WORDS_BYTES + VAULT_OVERHEAD bytes). */
enum result words_seal(const struct enquiry_desk *d, struct random *r, const char *table,
                       struct text person, struct text words, uint8_t *out, size_t *len,
                       struct error *err);

/* Opens sealed words into the arena. */
enum result words_open(const struct enquiry_desk *d, struct arena *a, const char *table,
                       struct text person, struct text sealed, struct text *out, struct error *err);

#endif
