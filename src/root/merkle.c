#include "root/merkle.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/hash_bytes.h"

enum { LEAF = 0x00, NODE = 0x01 };

void merkle_leaf(struct sha256 *sha, struct text account, int64_t seq,
                 const uint8_t hash[SHA256_SIZE], uint8_t out[SHA256_SIZE])
{
    struct hash_bytes h = {.to = sha, .used = 1, .at = {LEAF}};

    sha256_begin(sha);
    hash_bytes_text(&h, account);
    hash_bytes_int(&h, seq);
    hash_bytes_raw(&h, hash, SHA256_SIZE);
    hash_bytes_end(&h, out);
}

void merkle_node(struct sha256 *sha, const uint8_t left[SHA256_SIZE],
                 const uint8_t right[SHA256_SIZE], uint8_t out[SHA256_SIZE])
{
    uint8_t bytes[1 + 2 * SHA256_SIZE] = {NODE};

    memcpy(bytes + 1, left, SHA256_SIZE);
    memcpy(bytes + 1 + SHA256_SIZE, right, SHA256_SIZE);
    sha256_of(sha, bytes, sizeof bytes, out);
}

void merkle_begin(struct merkle *m, struct sha256 *sha, bool parts)
{
    *m = (struct merkle){.sha = sha};
    if (parts) {
        m->parts_room = 64 * SHA256_SIZE;
        m->parts = malloc(m->parts_room);
        m->out_of_memory = !m->parts;
    }
}

static void keep_part(struct merkle *m, const uint8_t hash[SHA256_SIZE])
{
    if (!m->parts)
        return;
    if (m->parts_len + SHA256_SIZE > m->parts_room) {
        uint8_t *more = realloc(m->parts, 2 * m->parts_room);

        if (!more) {
            m->out_of_memory = true;
            return;
        }
        m->parts = more;
        m->parts_room *= 2;
    }
    memcpy(m->parts + m->parts_len, hash, SHA256_SIZE);
    m->parts_len += SHA256_SIZE;
}

/* The last two nodes become one. */
static void join(struct merkle *m)
{
    struct merkle_node *left = &m->nodes[m->count - 2], *right = &m->nodes[m->count - 1];

    if (left->marked || right->marked) {
        struct merkle_step *step = &m->path[m->path_len++];

        step->left = right->marked;
        memcpy(step->hash, step->left ? left->hash : right->hash, SHA256_SIZE);
    }
    merkle_node(m->sha, left->hash, right->hash, left->hash);
    left->marked = left->marked || right->marked;
    left->level++;
    m->count--;
}

void merkle_add(struct merkle *m, struct text account, int64_t seq, const uint8_t hash[SHA256_SIZE],
                bool marked)
{
    struct merkle_node *leaf = &m->nodes[m->count++];

    leaf->level = 0;
    leaf->marked = marked;
    merkle_leaf(m->sha, account, seq, hash, leaf->hash);
    m->leaves++;
    while (m->count > 1 && m->nodes[m->count - 2].level == m->nodes[m->count - 1].level) {
        join(m);
        if (m->nodes[m->count - 1].level == MERKLE_PART_LEVEL)
            keep_part(m, m->nodes[m->count - 1].hash);
    }
}

enum result merkle_end(struct merkle *m, uint8_t root[SHA256_SIZE], struct error *err)
{
    if (m->count == 0)
        sha256_of(m->sha, "", 0, root);
    /* The leaves behind the last whole part are one more. */
    while (m->count > 1 && m->nodes[m->count - 2].level < MERKLE_PART_LEVEL)
        join(m);
    if (m->leaves % MERKLE_PART != 0)
        keep_part(m, m->nodes[m->count - 1].hash);
    while (m->count > 1)
        join(m);
    if (m->count == 1)
        memcpy(root, m->nodes[0].hash, SHA256_SIZE);
    return m->out_of_memory ? error_set(err, RESULT_MEMORY, "out of memory for a root") : RESULT_OK;
}

void merkle_free(struct merkle *m)
{
    free(m->parts);
    m->parts = NULL;
}
