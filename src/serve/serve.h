/* `anju serve`: nginx with our handlers, the worker and the stand-ins, under one supervisor. */
#ifndef ANJU_SERVE_SERVE_H
#define ANJU_SERVE_SERVE_H

/*
 * Runs until SIGINT or SIGTERM, whatever the state in which it inherited them; SIGHUP loads
 * configuration and policy anew. argv[0] is "serve".
 *
 *   --listen ADDR:PORT     instead of ANJU_LISTEN
 *   --print-depositors     in a demo home: the demo's depositors, once the service answers
 *
 * Leaves in HOME/run: addresses.json (0600; "public", "operations" and in a demo home the stand-ins
 * as URLs), removed when it ends, nginx.conf, nginx.pid, serve.lock; in HOME/log: access.log,
 * error.log. Returns the exit status; what went wrong is one line on standard error.
 */
int serve_main(int argc, char **argv);

#endif
