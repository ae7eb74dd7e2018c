/* The command `anju loan …`. */
#ifndef ANJU_LEDGER_LOAN_COMMAND_H
#define ANJU_LEDGER_LOAN_COMMAND_H

int loan_main(int argc, char **argv);

#endif
