/* PostgreSQL's own programs, run as children: pg_dump and pg_restore. */
#ifndef ANJU_STORE_POSTGRES_TOOL_H
#define ANJU_STORE_POSTGRES_TOOL_H

#include "base/result.h"
#include "store/copy.h"

enum { PG_TOOL_ARGUMENTS_MAX = 16 };

struct pg_tool {
    const char *name;                             /* pg_dump or pg_restore */
    int server;                                   /* the server's major version; 0: not known */
    const char *url;                              /* for the child's environment; may be NULL */
    const char *arguments[PG_TOOL_ARGUMENTS_MAX]; /* without the name; NULL ends them */
    const char *grows;                            /* a file whose size is shown; may be NULL */
};

/* Runs it to its end with nothing on its standard input and output; its first line on standard
 * error is the sentence when it fails. The address of the database goes by the environment, since
 * everybody can read arguments. It does not outlive this process. */
enum result pg_tool_run(const struct pg_tool *tool, const struct store_work *work,
                        struct error *err);

#endif
