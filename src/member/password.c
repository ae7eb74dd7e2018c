/* Passwords: argon2id through libsodium, always one run per question. */
#include <errno.h>
#include <sodium.h>
#include <stdatomic.h>

#include "member/internal.h"

_Static_assert((int)PASSWORD_HASH_MAX == (int)crypto_pwhash_STRBYTES, "libsodium's encoding");

/* Same cost as a real one; salt and hash were drawn at random, so no password opens it. */
static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$"
                             "S5ueskNzH3X4qlG4g5j5OQ$gCSfxdutZju+x0z4mVDGhKigs3kr33xdHFGKLnVaFnY";

static _Atomic uint64_t runs;

uint64_t password_runs(void)
{
    return atomic_load(&runs);
}

/* True when every character is the same: 88888888. */
static bool is_one_character(struct text t)
{
    for (size_t i = 1; i < t.len; i++) {
        if (t.at[i] != t.at[0]) {
            return false;
        }
    }
    return true;
}

/* 12345678, 87654321, abcdefgh. */
static bool is_a_row(struct text t)
{
    int step = t.len > 1 ? t.at[1] - t.at[0] : 0;

    if (step != 1 && step != -1) {
        return false;
    }
    for (size_t i = 2; i < t.len; i++) {
        /* 1234567890 goes on with the 0 of a keyboard's row. */
        if (t.at[i] - t.at[i - 1] != step && !(t.at[i] == '0' && t.at[i - 1] == '9')) {
            return false;
        }
    }
    return true;
}

static bool is_part_of(struct text part, struct text whole)
{
    return part.len <= whole.len && memmem(whole.at, whole.len, part.at, part.len);
}

enum result password_check(const struct member_registration *reg, struct error *err)
{
    struct text p = reg->password;

    if (!text_is_clean_utf8(p)) {
        return error_set(err, RESULT_INVALID, "the password holds what is no character");
    }
    if (text_characters(p) < MEMBER_PASSWORD_MIN || text_characters(p) > MEMBER_PASSWORD_MAX) {
        return error_set(err, RESULT_INVALID, "the password needs %d to %d characters",
                         MEMBER_PASSWORD_MIN, MEMBER_PASSWORD_MAX);
    }
    if (is_one_character(p) || is_a_row(p) || is_part_of(p, reg->id_number) ||
        is_part_of(p, reg->phone)) {
        return error_set(err, RESULT_INVALID,
                         "the password is one that a stranger would try first: no repeated or "
                         "counted characters, nothing out of the ID number or the phone");
    }
    return RESULT_OK;
}

enum result password_hash(struct text password, char out[PASSWORD_HASH_MAX], struct error *err)
{
    atomic_fetch_add(&runs, 1);
    if (crypto_pwhash_str(out, password.at, password.len, MEMBER_ARGON_PASSES,
                          (size_t)MEMBER_ARGON_KIB * 1024) != 0) {
        return error_set(err, RESULT_MEMORY, "no memory to hash a password (%d KiB)",
                         MEMBER_ARGON_KIB);
    }
    return RESULT_OK;
}

enum result password_verify(const char *stored, struct text typed, struct error *err)
{
    atomic_fetch_add(&runs, 1);
    errno = 0;
    if (crypto_pwhash_str_verify(stored ? stored : nobody, typed.at ? typed.at : "", typed.len) ==
        0) {
        return stored ? RESULT_OK : RESULT_REFUSED;
    }
    /* libsodium says EINVAL for a mismatch; anything else is memory, which is our fault and no
     * try of the person's. */
    if (errno == EINVAL) {
        return RESULT_REFUSED;
    }
    return error_set(err, RESULT_MEMORY, "no memory to check a password (%d KiB)",
                     MEMBER_ARGON_KIB);
}
