/* Writing decimal digits without printf: amounts and dates are formatted millions of times.
 * Private to src/base. */
#ifndef ANJU_BASE_DIGITS_H
#define ANJU_BASE_DIGITS_H

#include <stdint.h>
#include <string.h>

enum { DIGITS_MAX = 20 }; /* of the largest uint64_t */

static inline void digits_put2(char *out, unsigned value)
{
    out[0] = (char)('0' + value / 10);
    out[1] = (char)('0' + value % 10);
}

static inline void digits_put4(char *out, unsigned value)
{
    digits_put2(out, value / 100);
    digits_put2(out + 2, value % 100);
}

/* Writes value without leading zeros and without NUL; returns the number of digits. */
static inline int digits_put(char *out, uint64_t value)
{
    char reversed[DIGITS_MAX];
    int n = 0;

    do {
        reversed[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    for (int i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    return n;
}

/* The value of n digits at p, or -1 when one of them is no digit; n is at most 9. */
static inline int32_t digits_read(const char *p, int n)
{
    int32_t value = 0;

    for (int i = 0; i < n; i++) {
        unsigned digit = (unsigned char)p[i] - (unsigned)'0';
        if (digit > 9)
            return -1;
        value = value * 10 + (int32_t)digit;
    }
    return value;
}

#endif
