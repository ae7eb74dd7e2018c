/* The state of a running service; private to src/serve. */
#ifndef ANJU_SERVE_SERVICE_H
#define ANJU_SERVE_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "config/config.h"
#include "serve/address.h"
#include "serve/child.h"
#include "serve/handover.h"
#include "serve/program.h"

/* The stand-ins come last, in a demo home only. */
/* CHILD_OLD: during a restart, the nginx that ends what it is at. */
enum {
    CHILD_NGINX,
    CHILD_OLD,
    CHILD_WORKER,
    CHILD_STANDINS,
    CHILD_COUNT = CHILD_STANDINS + STANDIN_COUNT
};
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
    char **argv;           /* of the command serve */
    bool trying;           /* only looks whether it would start */
    int lock, listener;    /* descriptors: of run/serve.lock; of the public address */
    bool taking_over;      /* this process was another program before, whose children serve */
    pid_t replaced_worker; /* its worker, which was told to end; 0: none */
};

/*
 * Prepares, takes the home and the addresses, writes nginx's configuration and starts the children.
 * What was started before something failed is for the caller to stop. When it takes over (h says what),
 * home, public address, worker and stand-ins are there already, and only a new nginx is started.
 */
enum result service_start(struct service *s, const struct handover *h, struct error *err);

/* Whether a service would start on this home: configuration, policy, stores (which are migrated). */
enum result service_try(struct service *s, struct error *err);

/* Says in HOME/run where it answers. */
enum result service_write_addresses(const struct service *s, struct error *err);

/* Writes HOME/run/nginx.conf from the configuration as it is now. */
enum result service_write_conf(struct service *s, struct error *err);

#endif
