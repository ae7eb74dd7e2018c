/* HOME/run and HOME/log: what a running service leaves there for others. */
#ifndef ANJU_SERVE_RUNTIME_H
#define ANJU_SERVE_RUNTIME_H

#include <stdbool.h>

#include "base/result.h"
#include "serve/address.h"

/*
 * Makes HOME/run and HOME/log (0700) and takes the lock HOME/run/serve.lock, which the kernel gives
 * back when the process ends; *lock is its descriptor. RESULT_CONFLICT when a service runs on this home already. *crashed
 * says that the one before did not end in order: its port may need a moment.
 */
enum result runtime_open(const char *home, int *lock, bool *crashed, struct error *err);

/* Writes HOME/run/addresses.json (0600), whole or not at all. standins: STANDIN_COUNT, or NULL. */
enum result runtime_write_addresses(const char *home, const struct address *public_listener,
                                    const struct address *operations,
                                    const struct address *standins, struct error *err);

/* Says again which process is nginx's master: the one before it removes the file when it ends. */
void runtime_write_nginx(const char *home, int pid);

/* Removes addresses.json: nobody answers there any more. */
void runtime_close(const char *home);

#endif
