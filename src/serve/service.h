/* The state of a running service; private to src/serve. */
#ifndef ANJU_SERVE_SERVICE_H
#define ANJU_SERVE_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "config/config.h"
#include "serve/address.h"
#include "serve/child.h"
#include "serve/program.h"

/* The stand-ins come last, in a demo home only. */
enum { CHILD_NGINX, CHILD_WORKER, CHILD_STANDINS, CHILD_COUNT = CHILD_STANDINS + STANDIN_COUNT };
enum { WORKERS_MAX = 64 };

struct service {
    struct config config;
    struct program program;
    struct address listen, operations, standins[STANDIN_COUNT];
    struct child children[CHILD_COUNT];
    const char *arguments[CHILD_COUNT][8];
    char conf_path[CONFIG_PATH_MAX + 32];
    char standin_ports[STANDIN_COUNT][8];
    int64_t workers; /* nginx's worker processes; 0: one per core */
    bool print_depositors;
    bool as_root;         /* root may serve a home that is no demo home */
    bool end_with_parent; /* the service ends when the process that started it is gone */
    bool had_terminal;
    bool ready;
};

/*
 * Prepares, takes the home and the addresses, writes nginx's configuration and starts the children.
 * What was started before something failed is for the caller to stop.
 */
enum result service_start(struct service *s, struct error *err);

/* Writes HOME/run/nginx.conf from the configuration as it is now. */
enum result service_write_conf(struct service *s, struct error *err);

#endif
