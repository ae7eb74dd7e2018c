/* anju account ACCOUNT --as-of DATE --staff NAME --why CASE [--json]: what an account held on a day,
 * its interest so far, and the calculation line by line. The look is on record first. */
#ifndef ANJU_SERVICE_ACCOUNT_COMMAND_H
#define ANJU_SERVICE_ACCOUNT_COMMAND_H

/* Returns the exit status. */
int account_main(int argc, char **argv);

#endif
