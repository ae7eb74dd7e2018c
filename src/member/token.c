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
    char again[TOKEN_TEXT + 1];
    uint8_t bytes[MEMBER_TOKEN_SIZE];
    size_t len = 0;
    bool same;

    if (token.len != TOKEN_TEXT ||
        sodium_base642bin(bytes, sizeof bytes, token.at, token.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len != sizeof bytes) {
        return false;
    }
    /* libsodium reads some bytes above 0x7F as letters: a token has one spelling, ours. */
    sodium_bin2base64(again, sizeof again, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    same = sodium_memcmp(again, token.at, TOKEN_TEXT) == 0;
    if (same) {
        crypto_hash_sha256(id, bytes, sizeof bytes);
    }
    sodium_memzero(again, sizeof again);
    sodium_memzero(bytes, sizeof bytes);
    return same;
}
