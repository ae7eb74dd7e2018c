/* Any text as a token that came back: taken only when it is written as tokens are made, so that no
 * two texts are one token. */
#include "check.h"

#include <sodium.h>

#include "member/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct text t = {(const char *)bytes, size};
    uint8_t id[MEMBER_KEY_SIZE], want[MEMBER_KEY_SIZE], made[MEMBER_TOKEN_SIZE + 1] = {0};
    bool well_formed = size == 43;
    uint32_t bits = 0;
    size_t len = 0;
    int held = 0;

    for (size_t i = 0; well_formed && i < size; i++) {
        const char *at = t.at[i] ? strchr(alphabet, t.at[i]) : NULL;

        well_formed = at != NULL;
        if (!at)
            break;
        bits = bits << 6 | (uint32_t)(at - alphabet);
        held += 6;
        if (held >= 8) {
            held -= 8;
            made[len++] = (uint8_t)(bits >> held);
        }
    }
    well_formed = well_formed && (bits & ((1U << held) - 1)) == 0;
    CHECK(token_read(t, id) == well_formed);
    if (well_formed) {
        crypto_hash_sha256(want, made, MEMBER_TOKEN_SIZE);
        CHECK(memcmp(id, want, sizeof id) == 0);
    }
    return 0;
}
