/* A hash tree over the heads of accounts, in the shape of RFC 6962 (section 2.1): built leaf by leaf
 * in memory for one node a level. docs/proofs.md has the bytes of leaves and nodes. */
#ifndef ANJU_ROOT_MERKLE_H
#define ANJU_ROOT_MERKLE_H

#include <stdbool.h>

#include "base/result.h"
#include "base/sha256.h"
#include "base/text.h"

enum {
    MERKLE_LEVELS = 48,
    MERKLE_PART_LEVEL = 10, /* subtrees of 1,024 leaves are kept with a root */
    MERKLE_PART = 1 << MERKLE_PART_LEVEL,
};

/* A step from a leaf to the root: the other child, and on which side it stands. */
struct merkle_step {
    uint8_t hash[SHA256_SIZE];
    bool left;
};

struct merkle {
    struct sha256 *sha;
    int64_t leaves;
    struct merkle_node {
        int level;
        bool marked; /* the leaf of the path lies under it */
        uint8_t hash[SHA256_SIZE];
    } nodes[MERKLE_LEVELS]; /* from the left, each smaller than the one before */
    int count;
    struct merkle_step path[MERKLE_LEVELS];
    int path_len;
    uint8_t *parts; /* owned; NULL: they are not gathered */
    size_t parts_len, parts_room;
    bool out_of_memory;
};

/* sha stays the caller's. */
void merkle_begin(struct merkle *m, struct sha256 *sha, bool parts);
/* The next account in the order of its number. marked: the path from it to the root is gathered. */
void merkle_add(struct merkle *m, struct text account, int64_t seq, const uint8_t hash[SHA256_SIZE],
                bool marked);
/* The root; of no leaves SHA-256 of nothing. MEMORY when the parts did not fit. */
enum result merkle_end(struct merkle *m, uint8_t root[SHA256_SIZE], struct error *err);
void merkle_free(struct merkle *m);

void merkle_leaf(struct sha256 *sha, struct text account, int64_t seq,
                 const uint8_t hash[SHA256_SIZE], uint8_t out[SHA256_SIZE]);
void merkle_node(struct sha256 *sha, const uint8_t left[SHA256_SIZE],
                 const uint8_t right[SHA256_SIZE], uint8_t out[SHA256_SIZE]);

#endif
