/* A case of the centre's staff at the command line: who looks at whose account, and why. */
#ifndef ANJU_SERVICE_STAFF_CASE_H
#define ANJU_SERVICE_STAFF_CASE_H

#include "access/access.h"
#include "command/command.h"

struct staff_case {
    struct text account, staff, why; /* texts of the command line */
    bool json;
};

/* Takes argv[*i], and its value, when it is the account, --staff, --why or --json. False: it is
 * none of them, or its value is missing. */
bool staff_case_argument(struct staff_case *c, int argc, char **argv, int *i);

/* What is wrong with it, in one sentence; NULL: nothing. */
const char *staff_case_wrong(const struct staff_case *c);

/* The view of the account's person; the look is on record before it returns OK. NOT_FOUND: there is
 * no such account. h is open; no transaction is. */
enum result staff_case_open(const struct staff_case *c, struct command_home *h,
                            enum access_part part, struct view *v, struct error *err);

#endif
