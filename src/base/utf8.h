/* One UTF-8 sequence at a time. Private to src/base. */
#ifndef ANJU_BASE_UTF8_H
#define ANJU_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool utf8_continues(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Length (1 to 4) of the well-formed sequence at p, of which left > 0 bytes may be read; 0 when
 * there is none. RFC 3629, section 4: the second byte's range says what is overlong, a surrogate
 * or beyond U+10FFFF. */
static inline size_t utf8_sequence(const uint8_t *p, size_t left)
{
    uint8_t low = 0x80, high = 0xBF;
    size_t size;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    size = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (p[0] == 0xE0)
        low = 0xA0;
    else if (p[0] == 0xED)
        high = 0x9F;
    else if (p[0] == 0xF0)
        low = 0x90;
    else if (p[0] == 0xF4)
        high = 0x8F;
    if (left < size || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < size; i++)
        if (!utf8_continues(p[i]))
            return 0;
    return size;
}

#endif
