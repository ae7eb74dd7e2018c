/* Keeps SQLite's write-ahead logs small: in a thread of its own, since moving a large one into its
 * file takes seconds for which no code may wait. */
#ifndef ANJU_WORKER_LOG_KEEPER_H
#define ANJU_WORKER_LOG_KEEPER_H

#include "store/store.h"

struct log_keeper;

/* Opens a connection and begins; *out is NULL on PostgreSQL, which keeps its log itself. */
enum result log_keeper_start(struct store *store, const char *home, struct log_keeper **out,
                             struct error *err);

/* Ends what it is at; NULL is allowed. Before the store is closed. */
void log_keeper_stop(struct log_keeper *k);

#endif
