/* `anju worker`: what happens without anybody waiting for it. */
#ifndef ANJU_WORKER_WORKER_H
#define ANJU_WORKER_WORKER_H

/* Sends the outbox's messages (at once when HOME/run/worker.sock gets a datagram, and every second
 * anyway) and cleans up each minute, until SIGTERM or SIGINT; SIGHUP reads the configuration anew.
 * One per home: the lock is HOME/run/worker.lock. Returns the exit status. */
int worker_main(int argc, char **argv);

#endif
