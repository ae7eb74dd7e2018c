/* Memory that is given back all at once: one arena per request or block of batch rows. */
#ifndef ANJU_BASE_ARENA_H
#define ANJU_BASE_ARENA_H

#include <stddef.h>

#include "text.h"

struct arena;

/* A new arena that never holds more than limit bytes; NULL when there is no memory. */
struct arena *arena_new(size_t limit);
void arena_free(struct arena *a);

/* Forgets everything but keeps the blocks for the next round: no allocation after warm-up. */
void arena_reset(struct arena *a);

/* Zeroed memory aligned for any type; NULL when the limit or the memory is reached. */
void *arena_alloc(struct arena *a, size_t size);

/* A NUL-terminated copy; NULL as above. */
char *arena_copy(struct arena *a, struct text t);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
