/* Instalments in exact whole numbers: no power of the rate is ever cut. */
#include <openssl/bn.h>

#include "audit.h"

enum { MONTHS_PER_YEAR_MILLION = 12000000 };

int64_t nearest(__int128 n, __int128 d)
{
    __int128 whole = n / d, rest = n % d;

    if (rest < 0)
        return (int64_t)(-rest * 2 >= d ? whole - 1 : whole);
    return (int64_t)(rest * 2 >= d ? whole + 1 : whole);
}

int64_t month_interest(int64_t principal, int32_t rate)
{
    return nearest((__int128)principal * rate, MONTHS_PER_YEAR_MILLION);
}

/* Twice the instalment and one, halved downwards, is the nearest fen: with A = 12,000,000 + rate and
 * B = 12,000,000, the instalment is P x rate x A^n / (B x (A^n - B^n)). */
static int64_t divide(BN_CTX *ctx, int64_t principal, int32_t rate, int months)
{
    BIGNUM *a = BN_CTX_get(ctx), *b = BN_CTX_get(ctx), *n = BN_CTX_get(ctx), *one = BN_CTX_get(ctx);
    int64_t twice;

    if (!one || !BN_set_word(a, MONTHS_PER_YEAR_MILLION + (BN_ULONG)rate) ||
        !BN_set_word(b, MONTHS_PER_YEAR_MILLION) || !BN_set_word(n, (BN_ULONG)months) ||
        !BN_exp(a, a, n, ctx) || !BN_exp(b, b, n, ctx) || !BN_sub(b, a, b) ||
        !BN_mul_word(a, (BN_ULONG)principal) || !BN_mul_word(a, (BN_ULONG)rate * 2) ||
        !BN_mul_word(b, MONTHS_PER_YEAR_MILLION) || !BN_div(one, NULL, a, b, ctx))
        return -1;
    twice = (int64_t)BN_get_word(one);
    return (twice + 1) / 2;
}

int64_t equal_instalment(int64_t principal, int32_t rate, int months)
{
    BN_CTX *ctx;
    int64_t result;

    if (rate <= 0 || principal <= 0 || months <= 0)
        return months > 0 ? nearest(principal, months) : -1;
    ctx = BN_CTX_new();
    if (!ctx)
        return -1;
    BN_CTX_start(ctx);
    result = divide(ctx, principal, rate, months);
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    return result;
}
