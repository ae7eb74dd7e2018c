/* Money in fen (1/100 yuan), in a type of its own. No floating point touches it. */
#ifndef ANJU_BASE_MONEY_H
#define ANJU_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

/* An amount in fen. A struct, so that the compiler refuses to mix it with days or counts. */
typedef struct fen {
    int64_t n;
} fen;

/* A rate or ratio in millionths: 1.50 % a year is 15000, 5 % is 50000. */
typedef int32_t millionths;

/* No amount in or out of the system is larger: 10^13 fen (a hundred thousand million yuan). */
#define FEN_LIMIT INT64_C(10000000000000)

/* Bytes that the longest formatted amount needs, NUL included: "-100,000,000,000.00". */
enum { FEN_TEXT_MAX = 32 };

static inline fen fen_of(int64_t n)
{
    return (fen){n};
}
static inline fen fen_add(fen a, fen b)
{
    return (fen){a.n + b.n};
}
static inline fen fen_sub(fen a, fen b)
{
    return (fen){a.n - b.n};
}
static inline fen fen_negate(fen a)
{
    return (fen){-a.n};
}

/* Reads yuan with exactly two decimals ("12.30", "-0.05"; no plus, no grouping, no leading zeros
 * but one before the point, no "-0.00"). False when it is anything else or beyond FEN_LIMIT. */
bool fen_parse(struct text t, fen *out);

/* Writes "1234.50" into out (FEN_TEXT_MAX bytes); returns its length. */
int fen_format(fen amount, char *out);

/* n / d rounded half away from zero, d > 0. The one place where amounts are rounded. */
int64_t round_half_up(__int128 n, int64_t d);

/* amount x rate, rounded half up to the whole yuan (a share of a monthly contribution, Kunming:
 * each side by itself). 20,010.00 x 5 % = 1,001.00. */
fen fen_share_whole_yuan(fen base, millionths ratio);

/* product (fen x days) x rate / 360, rounded half up to the fen: 5,000,000 fen x 365 days at
 * 15000 millionths = 76042 fen. */
fen fen_interest(__int128 product, millionths rate);

/* Reads per cent with two decimals ("5.00", "1.50") into millionths; false when malformed. */
bool millionths_parse_percent(struct text t, millionths *out);

/* Writes per cent exactly: two decimals, up to four where they are needed ("5.00", "3.575"), into
 * out (PERCENT_TEXT_MAX bytes); returns its length. */
enum { PERCENT_TEXT_MAX = 16 };
int millionths_format_percent(millionths rate, char *out);

#endif
