/* Writing decimal digits without printf: amounts and dates are formatted millions of times.
 * Private to src/base. */
#ifndef ANJU_BASE_DIGITS_H
#define ANJU_BASE_DIGITS_H

#include <stdint.h>
#include <string.h>

enum { DIGITS_MAX = 20 }; /* of the largest uint64_t */

/* "00" to "99": one load instead of a division for each digit. */
static const char digits_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233"
    "34353637383940414243444546474849505152535455565758596061626364656667"
    "6869707172737475767778798081828384858687888990919293949596979899";

static inline void digits_put2(char *out, unsigned value)
{
    memcpy(out, digits_pairs + (size_t)value * 2, 2);
}

static inline void digits_put4(char *out, unsigned value)
{
    digits_put2(out, value / 100);
    digits_put2(out + 2, value % 100);
}

/* Writes value without leading zeros and without NUL; returns the number of digits. */
static inline int digits_put(char *out, uint64_t value)
{
    char digits[DIGITS_MAX], *p = digits + DIGITS_MAX;
    int n;

    for (; value >= 100; value /= 100)
        digits_put2(p -= 2, (unsigned)(value % 100));
    if (value >= 10)
        digits_put2(p -= 2, (unsigned)value);
    else
        *--p = (char)('0' + value);
    n = (int)(digits + DIGITS_MAX - p);
    memcpy(out, p, (size_t)n);
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
