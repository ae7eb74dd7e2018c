/* Randomness, passed in: the system's for secrets, a seeded stream for replays. */
#ifndef ANJU_BASE_RANDOM_H
#define ANJU_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    void (*fill)(struct random *, void *out, size_t size);
    uint64_t state[4]; /* of a seeded stream */
};

/* getrandom(2): for keys, tokens, codes. */
void random_system(struct random *r);

/* xoshiro256** seeded by splitmix64 (Blackman and Vigna, public domain): never for secrets. */
void random_seeded(struct random *r, uint64_t seed);

void random_fill(struct random *r, void *out, size_t size);
uint64_t random_u64(struct random *r);

/* Uniform in 0 … below-1, without modulo bias; below > 0. */
uint64_t random_below(struct random *r, uint64_t below);

#endif
