/* Faults at a chosen one of a process's writes to the outside: to a file (SQLite) or to the server
 * (PostgreSQL). The calls of the C library are taken in hand, so that the libraries meet them too, and
 * counted, so that the same number is the same place each time. */
#ifndef ANJU_TEST_SIMULATOR_FAULTS_H
#define ANJU_TEST_SIMULATOR_FAULTS_H

#include <stdint.h>

enum fault {
    FAULT_NONE,
    FAULT_KILL, /* the process ends in the middle of it, half of it written */
    FAULT_FAIL, /* it and all later ones fail: the disk is full, the connection is gone */
};

/* From now on: the at-th write (from 1) meets the fault. */
void faults_begin(enum fault what, int64_t at);
/* No more of them; returns how many writes there were. */
int64_t faults_end(void);

#endif
