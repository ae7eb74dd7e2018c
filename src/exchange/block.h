/* Rows of one table on their way to the database, in a form that memory, a temporary file and the
 * writing thread share: each value is a tag and its bytes, each row ends with a tag. */
#ifndef ANJU_EXCHANGE_BLOCK_H
#define ANJU_EXCHANGE_BLOCK_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/store.h"

enum {
    BLOCK_SIZE = 128 * 1024,
    BLOCK_ROW_MAX = 4096, /* the longest row: 28 columns, texts of at most 200 characters */
    BLOCK_TABLES = BULK_DIGEST + 1,
};

enum block_tag { BLOCK_INT = 1, BLOCK_TEXT, BLOCK_BYTES, BLOCK_NULL, BLOCK_ROW_END };

struct block {
    int table; /* enum bulk_table */
    uint32_t rows;
    size_t used;
    struct block *next; /* in a queue */
    uint8_t at[BLOCK_SIZE];
};

static inline bool block_has_room(const struct block *b)
{
    return b->used + BLOCK_ROW_MAX <= BLOCK_SIZE;
}

static inline void block_int(struct block *b, int64_t value)
{
    b->at[b->used] = BLOCK_INT;
    memcpy(b->at + b->used + 1, &value, sizeof value);
    b->used += 1 + sizeof value;
}

static inline void block_bytes_tagged(struct block *b, uint8_t tag, const void *at, size_t size)
{
    uint16_t length = (uint16_t)size;

    assert(size < BLOCK_ROW_MAX);
    b->at[b->used] = tag;
    memcpy(b->at + b->used + 1, &length, sizeof length);
    if (size)
        memcpy(b->at + b->used + 3, at, size);
    b->used += 3 + size;
}

static inline void block_text(struct block *b, struct text t)
{
    block_bytes_tagged(b, BLOCK_TEXT, t.at, t.len);
}

static inline void block_bytes(struct block *b, const void *at, size_t size)
{
    block_bytes_tagged(b, BLOCK_BYTES, at, size);
}

static inline void block_null(struct block *b)
{
    b->at[b->used++] = BLOCK_NULL;
}

static inline void block_text_or_null(struct block *b, bool there, struct text t)
{
    if (there)
        block_text(b, t);
    else
        block_null(b);
}

static inline void block_int_or_null(struct block *b, bool there, int64_t value)
{
    if (there)
        block_int(b, value);
    else
        block_null(b);
}

static inline void block_row_end(struct block *b)
{
    b->at[b->used++] = BLOCK_ROW_END;
    b->rows++;
    assert(b->used <= BLOCK_SIZE);
}

/* A value read back. */
struct block_value {
    enum block_tag tag;
    int64_t n;
    struct text bytes; /* of TEXT and BYTES */
};

/* Reads the value at *at and moves *at behind it. */
static inline struct block_value block_read(const struct block *b, size_t *at)
{
    struct block_value v = {.tag = (enum block_tag)b->at[(*at)++]};
    uint16_t length;

    switch (v.tag) {
    case BLOCK_INT:
        memcpy(&v.n, b->at + *at, sizeof v.n);
        *at += sizeof v.n;
        break;
    case BLOCK_TEXT:
    case BLOCK_BYTES:
        memcpy(&length, b->at + *at, sizeof length);
        v.bytes = (struct text){(const char *)b->at + *at + 2, length};
        *at += 2 + (size_t)length;
        break;
    case BLOCK_NULL:
    case BLOCK_ROW_END: break;
    }
    return v;
}

#endif
