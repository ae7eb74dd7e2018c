/* The layout of hashed rows (docs/stores.md, "The hash of an entry"), written a second time: each
 * field with its length before it, integers as eight bytes, the predecessor at the end. */
#include "verify_internal.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 0x01, ROOM = 8192, ABSENT = 0xFFFF, INTEGER_BYTES = 8 };

struct hasher {
    EVP_MD *md;
    EVP_MD_CTX *ctx;
    size_t len;
    bool full;
    uint8_t bytes[ROOM];
};

struct hasher *hasher_new(void)
{
    struct hasher *h = calloc(1, sizeof *h);

    if (!h)
        return NULL;
    h->md = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    h->ctx = EVP_MD_CTX_new();
    if (h->md && h->ctx)
        return h;
    hasher_free(h);
    return NULL;
}

void hasher_free(struct hasher *h)
{
    if (!h)
        return;
    EVP_MD_CTX_free(h->ctx);
    EVP_MD_free(h->md);
    free(h);
}

static void append(struct hasher *h, const void *at, size_t size)
{
    if (size > sizeof h->bytes - h->len) {
        h->full = true;
        return;
    }
    if (size > 0)
        memcpy(h->bytes + h->len, at, size);
    h->len += size;
}

static void append_field(struct hasher *h, const void *at, size_t size)
{
    const uint8_t length[2] = {(uint8_t)(size / 256), (uint8_t)(size % 256)};

    if (size >= ABSENT)
        h->full = true;
    append(h, length, sizeof length);
    append(h, at, size);
}

static void append_column(struct hasher *h, struct stmt *q, int column, char type)
{
    static const uint8_t absent[2] = {0xFF, 0xFF};
    uint8_t integer[INTEGER_BYTES];
    uint64_t value;

    if (column_is_null(q, column)) {
        append(h, absent, sizeof absent);
    } else if (type == 'T') {
        struct text t = column_text(q, column);
        append_field(h, t.at, t.len);
    } else {
        value = (uint64_t)column_int(q, column);
        for (int i = INTEGER_BYTES - 1; i >= 0; i--, value /= 256)
            integer[i] = (uint8_t)(value % 256);
        append_field(h, integer, sizeof integer);
    }
}

bool hasher_bytes(struct hasher *h, const void *at, size_t size, uint8_t out[VERIFY_HASH])
{
    unsigned len = 0;

    return EVP_DigestInit_ex2(h->ctx, h->md, NULL) == 1 &&
           EVP_DigestUpdate(h->ctx, at, size) == 1 && EVP_DigestFinal_ex(h->ctx, out, &len) == 1 &&
           len == VERIFY_HASH;
}

bool hasher_row(struct hasher *h, uint8_t record, struct stmt *q, const char *types,
                const uint8_t previous[VERIFY_HASH], uint8_t out[VERIFY_HASH])
{
    const uint8_t head[2] = {VERSION, record};
    unsigned size = 0;

    h->len = 0;
    h->full = false;
    append(h, head, sizeof head);
    for (int i = 0; types[i]; i++)
        append_column(h, q, i, types[i]);
    append_field(h, previous, VERIFY_HASH);
    return !h->full && EVP_DigestInit_ex2(h->ctx, h->md, NULL) == 1 &&
           EVP_DigestUpdate(h->ctx, h->bytes, h->len) == 1 &&
           EVP_DigestFinal_ex(h->ctx, out, &size) == 1 && size == VERIFY_HASH;
}
