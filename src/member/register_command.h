/* anju register: makes a holder a member of the hall. */
#ifndef ANJU_MEMBER_REGISTER_COMMAND_H
#define ANJU_MEMBER_REGISTER_COMMAND_H

/* anju register --id NUMBER --phone PHONE [--language zh|en], the password as one line on standard
 * input: on the command line everybody on the machine could read it. Returns the exit status. */
int register_main(int argc, char **argv);

#endif
