#include "text.h"

#include "utf8.h"

int text_compare(struct text a, struct text b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.at, b.at, shorter) : 0;

    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool text_starts(struct text t, struct text prefix)
{
    return t.len >= prefix.len && text_equal((struct text){t.at, prefix.len}, prefix);
}

/* Eight bytes at once: true when each is in U+0020 … U+007E. Every field of every imported row
 * comes through here, and nearly all of them are ASCII.
 *
 * When no byte has its top bit, w - 0x20… sets a top bit exactly where the lowest byte below 0x20
 * stands (borrows only follow after one), and w + 0x01… exactly where 0x7F stands. */
static inline bool plain8(uint64_t w)
{
    const uint64_t ones = 0x0101010101010101;

    return ((w | (w - 0x20 * ones) | (w + ones)) & 0x80 * ones) == 0;
}

static inline uint64_t load8(const uint8_t *p)
{
    uint64_t w;

    memcpy(&w, p, sizeof w);
    return w;
}

static bool clean_bytewise(const uint8_t *p, const uint8_t *end)
{
    while (p < end) {
        size_t size;

        if (p[0] < 0x20 || p[0] == 0x7F)
            return false;
        size = utf8_sequence(p, (size_t)(end - p));
        if (size == 0)
            return false;
        p += size;
    }
    return true;
}

bool text_is_clean_utf8(struct text t)
{
    const uint8_t *p = (const uint8_t *)t.at, *end;

    if (t.len < 8) {
        if (t.len >= 4) {
            /* Two loads that overlap: four to seven bytes, some of them seen twice. */
            uint32_t head, tail;

            memcpy(&head, p, sizeof head);
            memcpy(&tail, p + t.len - sizeof tail, sizeof tail);
            if (plain8((uint64_t)head << 32 | tail))
                return true;
        }
        return t.len == 0 || clean_bytewise(p, p + t.len);
    }
    end = p + t.len;
    for (; end - p >= 8; p += 8)
        if (!plain8(load8(p)))
            return clean_bytewise(p, end);
    return plain8(load8(end - 8)) || clean_bytewise(p, end);
}

size_t text_characters(struct text t)
{
    size_t n = 0;

    for (size_t i = 0; i < t.len; i++)
        n += !utf8_continues((uint8_t)t.at[i]);
    return n;
}

bool text_copy(struct text t, char *out, size_t room)
{
    if (room == 0)
        return false;
    if (t.len >= room) {
        out[0] = '\0';
        return false;
    }
    if (t.len)
        memcpy(out, t.at, t.len);
    out[t.len] = '\0';
    return true;
}

bool text_to_int(struct text t, int64_t *out)
{
    int64_t value = 0;

    if (t.len < 1 || t.len > 18)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        unsigned digit = (unsigned char)t.at[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        value = value * 10 + (int64_t)digit;
    }
    *out = value;
    return true;
}
