/* The part of `anju loan` that needs no home. argv[0] is the subcommand's own name; the answer
 * is the exit status. */
#ifndef ANJU_LEDGER_LOAN_COMMAND_H
#define ANJU_LEDGER_LOAN_COMMAND_H

int loan_plan_main(int argc, char **argv);

#endif
