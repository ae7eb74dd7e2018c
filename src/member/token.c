/* Tokens: 32 random bytes that the browser holds; the store has only their SHA-256. */
#include <assert.h>
#include <sodium.h>

#include "member/internal.h"

enum { TOKEN_TEXT = 43 }; /* base64url of 32 bytes, without padding */

_Static_assert((int)MEMBER_TOKEN_TEXT_MAX > (int)TOKEN_TEXT, "room for the text");
_Static_assert((int)MEMBER_CHALLENGE_MAX > (int)TOKEN_TEXT, "room for the text");
_Static_assert((int)crypto_hash_sha256_BYTES == (int)MEMBER_KEY_SIZE, "SHA-256");

void token_make(struct random *r, char *text, size_t room, uint8_t id[MEMBER_KEY_SIZE])
{
    uint8_t bytes[MEMBER_TOKEN_SIZE];

    assert(room > TOKEN_TEXT);
    random_fill(r, bytes, sizeof bytes);
    sodium_bin2base64(text, room, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    crypto_hash_sha256(id, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
}

bool token_read(struct text token, uint8_t id[MEMBER_KEY_SIZE])
{
    uint8_t bytes[MEMBER_TOKEN_SIZE];
    size_t len = 0;

    if (token.len != TOKEN_TEXT ||
        sodium_base642bin(bytes, sizeof bytes, token.at, token.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len != sizeof bytes) {
        return false;
    }
    crypto_hash_sha256(id, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
    return true;
}
