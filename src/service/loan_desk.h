/* Private to `anju loan`: the home that a command works in. */
#ifndef ANJU_SERVICE_LOAN_DESK_H
#define ANJU_SERVICE_LOAN_DESK_H

#include "command/command.h"

struct loan_desk {
    struct command_home home;
    struct arena *arena; /* a file and all its orders: larger than the home's */
    struct sha256 *sha;
};

enum { LOAN_DESK_ARENA = 256 * 1024 * 1024, LOAN_FILE_MAX = 8 * 1024 * 1024 };

enum result loan_desk_open(struct loan_desk *d, struct error *err);
void loan_desk_close(struct loan_desk *d);

/* Reads a whole file, at most LOAN_FILE_MAX bytes, into the desk's arena. */
enum result loan_desk_read(struct loan_desk *d, const char *path, char **out, size_t *size,
                           struct error *err);

#endif
