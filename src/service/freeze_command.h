/* anju freeze: the centre's side of a holder's own stop of payments. */
#ifndef ANJU_SERVICE_FREEZE_COMMAND_H
#define ANJU_SERVICE_FREEZE_COMMAND_H

/* anju freeze show|lift ACCOUNT --staff NAME --why CASE [--json]. Answers the exit status. */
int freeze_main(int argc, char **argv);

#endif
