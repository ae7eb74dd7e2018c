#include "money.h"

#include <assert.h>

#include "digits.h"

enum { MILLION = 1000000 };

/* Reads "digits.dd" without sign into hundredths; at most most_whole digits before the point. */
static bool parse_hundredths(const char *p, size_t len, size_t most_whole, int64_t *out)
{
    int64_t value = 0;
    int32_t cents;

    if (len < 4 || len > most_whole + 3 || p[len - 3] != '.')
        return false;
    if (p[0] == '0' && len > 4)
        return false;
    for (size_t i = 0; i < len - 3; i++) {
        unsigned digit = (unsigned char)p[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        value = value * 10 + (int64_t)digit;
    }
    cents = digits_read(p + len - 2, 2);
    if (cents < 0)
        return false;
    *out = value * 100 + cents;
    return true;
}

bool fen_parse(struct text t, fen *out)
{
    bool negative = t.len > 0 && t.at[0] == '-';
    int64_t value;

    /* Twelve digits of yuan hold FEN_LIMIT and cannot overflow. */
    if (!parse_hundredths(t.at + negative, t.len - negative, 12, &value))
        return false;
    if (value > FEN_LIMIT || (negative && value == 0))
        return false;
    *out = fen_of(negative ? -value : value);
    return true;
}

int fen_format(fen amount, char *out)
{
    /* Unsigned, so that the smallest int64_t has a magnitude too. */
    uint64_t magnitude = amount.n < 0 ? 0 - (uint64_t)amount.n : (uint64_t)amount.n;
    char *p = out;

    if (amount.n < 0)
        *p++ = '-';
    p += digits_put(p, magnitude / 100);
    *p++ = '.';
    digits_put2(p, (unsigned)(magnitude % 100));
    p[2] = '\0';
    return (int)(p + 2 - out);
}

int64_t round_half_up(__int128 n, int64_t d)
{
    __int128 quotient, rest;

    assert(d > 0);
    quotient = n / d;
    rest = n % d; /* has the sign of n */
    if (rest >= 0 && rest * 2 >= d)
        quotient++;
    else if (rest < 0 && -rest * 2 >= d)
        quotient--;
    assert(quotient >= INT64_MIN && quotient <= INT64_MAX);
    return (int64_t)quotient;
}

fen fen_share_whole_yuan(fen base, millionths ratio)
{
    int64_t yuan = round_half_up((__int128)base.n * ratio, INT64_C(100) * MILLION);

    assert(yuan <= FEN_LIMIT && yuan >= -FEN_LIMIT);
    return fen_of(yuan * 100);
}

fen fen_interest(__int128 product, millionths rate)
{
    const __int128 most = (__int128)1 << 90; /* times any rate it still is far from 2^127 */

    assert(product < most && product > -most);
    return fen_of(round_half_up(product * rate, INT64_C(360) * MILLION));
}

bool millionths_parse_percent(struct text t, millionths *out)
{
    int64_t value;

    if (!parse_hundredths(t.at, t.len, 3, &value))
        return false;
    *out = (millionths)(value * 100);
    return true;
}

int millionths_format_percent(millionths rate, char *out)
{
    uint32_t magnitude = rate < 0 ? 0 - (uint32_t)rate : (uint32_t)rate;
    char *p = out;

    if (rate < 0)
        *p++ = '-';
    p += digits_put(p, magnitude / 10000);
    *p++ = '.';
    digits_put4(p, magnitude % 10000);
    p += 4;
    /* Two decimals, and a third and fourth only where they say something: 3.575 %. */
    for (int i = 0; i < 2 && p[-1] == '0'; i++)
        p--;
    *p = '\0';
    return (int)(p - out);
}
