/* The equal instalment without floating point.
 *
 * q = (1+i)^n is bounded from below and above in fixed point (76 fractional bits), every step
 * rounded down in the one and up in the other. P i q / (q - 1) falls when q grows, so the bounds of
 * q give bounds of the instalment. When both round to the same fen, that fen is right. When they do
 * not (the exact value lies within 10^-10 fen of a half), whole numbers of thousands of bits decide.
 */
#include "annuity.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "interest.h"

typedef unsigned __int128 u128;

enum {
    FRACTION = 76,
    TWELVE_MILLION = 12000000, /* monthly rate = rate / this */
    WORDS = 320,               /* 12,060,000^360 has 8,469 bits; two factors more fit as well */
};

int64_t month_interest(int64_t balance, int32_t rate)
{
    return half_up((__int128)balance * rate, TWELVE_MILLION);
}

int64_t overdue_penalty(int64_t overdue_principal, int32_t rate, int32_t days)
{
    return half_up((__int128)overdue_principal * rate * days * 3, INT64_C(720) * 1000000);
}

int64_t days_interest(int64_t balance, int32_t rate, int32_t days)
{
    return half_up((__int128)balance * rate * days, INT64_C(360) * 1000000);
}

struct large {
    uint32_t word[WORDS];
    int used;
};

static void large_times(struct large *x, uint32_t factor)
{
    uint64_t carry = 0;

    for (int i = 0; i < x->used; i++) {
        carry += (uint64_t)x->word[i] * factor;
        x->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0) {
        assert(x->used < WORDS);
        x->word[x->used++] = (uint32_t)carry;
    }
}

/* factor x base^n, factor below 2^62. */
static void large_power(struct large *x, uint64_t factor, uint32_t base, int n)
{
    memset(x, 0, sizeof *x);
    x->word[0] = (uint32_t)factor;
    x->word[1] = (uint32_t)(factor >> 32);
    x->used = x->word[1] ? 2 : 1;
    for (int i = 0; i < n; i++)
        large_times(x, base);
}

static int large_compare(const struct large *a, const struct large *b)
{
    if (a->used != b->used)
        return a->used < b->used ? -1 : 1;
    for (int i = a->used - 1; i >= 0; i--)
        if (a->word[i] != b->word[i])
            return a->word[i] < b->word[i] ? -1 : 1;
    return 0;
}

/* Whether the exact instalment is at least x / 2 fen. With a = 12,000,000 + rate, b = 12,000,000
 * and q = a^n / b^n: 2 P (rate/b) q >= x (q - 1)  <=>  x b b^n >= (x b - 2 P rate) a^n. */
static bool instalment_reaches(int64_t x, int64_t principal, int32_t rate, int months)
{
    int64_t left = x * TWELVE_MILLION;
    int64_t right = left - 2 * principal * rate;
    struct large l, r;

    if (right <= 0)
        return true;
    large_power(&l, (uint64_t)left, TWELVE_MILLION, months);
    large_power(&r, (uint64_t)right, TWELVE_MILLION + (uint32_t)rate, months);
    return large_compare(&l, &r) >= 0;
}

static u128 divide_up(u128 n, u128 d)
{
    return n / d + (n % d != 0);
}

int64_t equal_instalment(int64_t principal, int32_t rate, int months)
{
    u128 low = (u128)1 << FRACTION, high = low;
    int64_t least, most;

    assert(principal >= 0 && principal <= 1000000000 && rate >= 0 && rate <= 60000);
    assert(months >= 1 && months <= 360);
    if (rate == 0 || principal == 0)
        return half_up(principal, months);
    for (int i = 0; i < months; i++) {
        low = low * (u128)(TWELVE_MILLION + rate) / TWELVE_MILLION;
        high = divide_up(high * (u128)(TWELVE_MILLION + rate), TWELVE_MILLION);
    }
    /* twice the instalment plus one, halved downwards, is the rounded instalment */
    u128 one = (u128)1 << FRACTION, p = (u128)principal * (u128)rate;
    u128 top_low = p * high / TWELVE_MILLION * 2, top_high = divide_up(p * low, TWELVE_MILLION) * 2;
    least = (int64_t)((top_low / (high - one) + 1) / 2);
    most = (int64_t)((top_high / (low - one) + 1) / 2);
    if (least == most)
        return least;
    assert(most == least + 1);
    return instalment_reaches(2 * most - 1, principal, rate, months) ? most : least;
}
