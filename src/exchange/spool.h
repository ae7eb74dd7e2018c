/* A temporary file that has no name: rows that must wait until another table is written. */
#ifndef ANJU_EXCHANGE_SPOOL_H
#define ANJU_EXCHANGE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/result.h"

struct spool {
    int fd; /* -1: nothing was put there */
};

/* Makes it in folder (made with mode 0700 when it is not there), mode 0600, unlinked at once: when
 * the program dies, nothing is left. */
enum result spool_open(struct spool *s, const char *folder, struct error *err);
void spool_close(struct spool *s);

/* Appends size bytes. */
enum result spool_put(struct spool *s, const void *at, size_t size, struct error *err);

/* Back to the beginning, for reading. */
enum result spool_rewind(struct spool *s, struct error *err);

/* Reads exactly size bytes; *there is false at the end. */
enum result spool_get(struct spool *s, void *at, size_t size, bool *there, struct error *err);

#endif
