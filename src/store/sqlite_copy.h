/* What sqlite_copy.c gives to sqlite_open.c and store.c. */
#ifndef ANJU_STORE_SQLITE_COPY_H
#define ANJU_STORE_SQLITE_COPY_H

#include <limits.h>

#include "store/internal.h"

enum { SQLITE_URI_MAX = 3 * PATH_MAX };

/* db_copy on SQLite; reports through db_fail. */
enum result sqlite_copy(struct db *db, const char *folder, const struct store_work *work);

/* db_count_tables on SQLite. */
enum result sqlite_count_tables(struct db *db, struct store_table *out, int *count);

/* The URI under which a side of a copy opens for reading only; false when the path is too long. */
bool sqlite_copy_uri(const char *folder, const char *side, char out[SQLITE_URI_MAX]);

#endif
