#include "arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_FIRST = 16 * 1024,
    BLOCK_MOST = 1024 * 1024, /* blocks double up to this; larger wishes get a block of their own */
};

struct block {
    struct block *next;
    size_t size, used;
    _Alignas(max_align_t) unsigned char bytes[];
};

/* Blocks before `current` are full or were too small for what came; those after it are empty. */
struct arena {
    struct block *first, *current;
    size_t limit, held; /* held: the sizes of all blocks */
};

struct arena *arena_new(size_t limit)
{
    struct arena *a = calloc(1, sizeof *a);

    if (a)
        a->limit = limit;
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->first, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

void arena_reset(struct arena *a)
{
    for (struct block *b = a->first; b; b = b->next)
        b->used = 0;
    a->current = a->first;
}

/* Blocks kept from an earlier round may take the place that one large wish needs now. */
static void free_unused_blocks(struct arena *a)
{
    struct block **link = &a->first;

    a->current = NULL;
    while (*link) {
        struct block *b = *link;

        if (b->used > 0) {
            a->current = b;
            link = &b->next;
            continue;
        }
        *link = b->next;
        a->held -= b->size;
        free(b);
    }
}

static struct block *add_block(struct arena *a, size_t need)
{
    size_t size = a->current ? a->current->size * 2 : BLOCK_FIRST;
    struct block *b;

    if (size > BLOCK_MOST)
        size = BLOCK_MOST;
    if (size < need)
        size = need;
    if (need > a->limit - a->held)
        free_unused_blocks(a);
    if (need > a->limit - a->held)
        return NULL;
    if (size > a->limit - a->held)
        size = a->limit - a->held;
    b = malloc(sizeof *b + size);
    if (!b)
        return NULL;
    b->size = size;
    b->used = 0;
    b->next = NULL;
    /* Behind the current one no block was large enough: the new one becomes the last. */
    if (a->current) {
        struct block *last = a->current;

        while (last->next)
            last = last->next;
        last->next = b;
    } else {
        a->first = b;
    }
    a->held += size;
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    struct block *b;
    void *p;

    if (size == 0)
        size = 1;
    if (size > a->limit || size > SIZE_MAX / 2)
        return NULL;
    size = (size + align - 1) / align * align;
    for (b = a->current; b && b->size - b->used < size; b = b->next)
        ;
    if (!b && !(b = add_block(a, size)))
        return NULL;
    a->current = b;
    p = b->bytes + b->used;
    b->used += size;
    return memset(p, 0, size);
}

char *arena_copy(struct arena *a, struct text t)
{
    char *copy = t.len < SIZE_MAX ? arena_alloc(a, t.len + 1) : NULL;

    if (copy && t.len)
        memcpy(copy, t.at, t.len);
    return copy;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    char *out = NULL;
    int n;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    if (n >= 0)
        out = arena_alloc(a, (size_t)n + 1);
    if (out)
        vsnprintf(out, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    return out;
}
