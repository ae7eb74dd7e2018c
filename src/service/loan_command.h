/* The command `anju loan …`. */
#ifndef ANJU_SERVICE_LOAN_COMMAND_H
#define ANJU_SERVICE_LOAN_COMMAND_H

int loan_main(int argc, char **argv);

/* Its parts; argv[0] is the part's own name. */
int loan_order_main(int argc, char **argv); /* contract, pay-out, pay, settle, reverse */
int loan_file_main(int argc, char **argv);
int loan_batch_main(int argc, char **argv); /* collect, reprice */

#endif
