/* A copy of the whole database at one moment, beside a running service; see docs/operating.md. */
#ifndef ANJU_STORE_COPY_H
#define ANJU_STORE_COPY_H

#include "base/progress.h"
#include "store/store.h"

/* How a long piece of work is watched and ended early. */
struct store_work {
    struct progress *progress; /* may be NULL */
    bool (*stopped)(void);     /* asked between steps; true: end with RESULT_BUSY. May be NULL */
};

/* The names of the files of an engine's copy, ending with NULL: ledger.db and desk.db, or
 * database.dump. NULL for an engine that there is not. */
const char *const *store_copy_files(const char *engine);

/* A table of the copy and how many rows it has, by the schema of the database itself. */
enum { STORE_TABLES_MAX = 128, STORE_TABLE_NAME_MAX = 64 };
struct store_table {
    char name[STORE_TABLE_NAME_MAX]; /* "ledger.entry" */
    int64_t rows;
};

/* Counts every table of both stores within the open STORE_READ transaction, sorted by name. out has
 * STORE_TABLES_MAX. */
enum result db_count_tables(struct db *db, struct store_table *out, int *count, struct error *err);

/* Writes what the open STORE_READ transaction of db sees into folder, into the files named above,
 * which must not be there. On SQLite page by page with pauses; on PostgreSQL by pg_dump in the
 * transaction's own snapshot. After a failure some of the files may be there. */
enum result db_copy(struct db *db, const char *folder, const struct store_work *work,
                    struct error *err);

/* The newest schema that this program knows, of either store. */
int64_t store_schema_known(void);

/* Opens a copy of SQLite in folder for reading only: it is not changed, nothing appears beside it,
 * no migration runs. A newer schema than the program's is refused. */
enum result store_open_copy(const char *folder, struct store **out, struct error *err);

/* --- PostgreSQL's part of bringing back --- */

/* Reads folder/database.dump through to its end, as a restore would. */
enum result store_dump_read(const char *folder, const struct store_work *work, struct error *err);

/* True when the database at url holds nothing in the schemas ledger and desk. */
enum result store_is_vacant(const char *url, bool *vacant, struct error *err);

/* Loads folder/database.dump into the vacant database at url, whole or not at all. */
enum result store_dump_load(const char *folder, const char *url, const struct store_work *work,
                            struct error *err);

#endif
