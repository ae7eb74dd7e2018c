#include "random.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void fill_from_system(struct random *r, void *out, size_t size)
{
    unsigned char *p = out;

    (void)r;
    while (size > 0) {
        ssize_t n = getrandom(p, size, 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            abort(); /* a key made of anything else would be worse than no program */
        p += n;
        size -= (size_t)n;
    }
}

static uint64_t rotate_left(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

/* xoshiro256** 1.0 */
static uint64_t next_of_stream(uint64_t s[4])
{
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

/* Takes whole numbers from the stream and throws the rest of the last one away. */
static void fill_from_stream(struct random *r, void *out, size_t size)
{
    unsigned char *p = out;

    while (size > 0) {
        uint64_t value = next_of_stream(r->state);
        size_t n = size < sizeof value ? size : sizeof value;

        memcpy(p, &value, n);
        p += n;
        size -= n;
    }
}

void random_system(struct random *r)
{
    *r = (struct random){.fill = fill_from_system};
}

void random_seeded(struct random *r, uint64_t seed)
{
    *r = (struct random){.fill = fill_from_stream};
    for (int i = 0; i < 4; i++) { /* splitmix64: four numbers that are never all zero */
        uint64_t z = seed += 0x9E3779B97F4A7C15;

        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        r->state[i] = z ^ z >> 31;
    }
}

void random_fill(struct random *r, void *out, size_t size)
{
    r->fill(r, out, size);
}

uint64_t random_u64(struct random *r)
{
    uint64_t value;

    r->fill(r, &value, sizeof value);
    return value;
}

/* The upper half of value x below is uniform when the 2^64 mod below lowest products are left
 * out; the division that finds this number is rarely reached (Lemire, 2019). */
uint64_t random_below(struct random *r, uint64_t below)
{
    unsigned __int128 product;

    assert(below > 0);
    product = (unsigned __int128)random_u64(r) * below;
    if ((uint64_t)product < below) {
        uint64_t left_out = (0 - below) % below;

        while ((uint64_t)product < left_out)
            product = (unsigned __int128)random_u64(r) * below;
    }
    return (uint64_t)(product >> 64);
}
