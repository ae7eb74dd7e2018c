/* Addresses the service listens on: numeric, with a port. */
#ifndef ANJU_SERVE_ADDRESS_H
#define ANJU_SERVE_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>

#include "base/result.h"

enum { ADDRESS_TEXT_MAX = 64 };

struct address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    };
    char text[ADDRESS_TEXT_MAX]; /* "127.0.0.1:8080", "[::1]:8080": as nginx and URLs write it */
    char host[ADDRESS_TEXT_MAX]; /* "127.0.0.1", "[::1]" */
    int port;
};

/*
 * Reads "ADDR:PORT" or "[ADDR]:PORT"; "localhost" counts as 127.0.0.1. Port 0 picks a free one.
 * RESULT_CONFIG with a sentence when it is neither.
 */
enum result address_parse(const char *text, struct address *out, struct error *err);

/* A free port of 127.0.0.1. RESULT_IO when there is none. */
enum result address_pick(struct address *out, struct error *err);

/*
 * Listens, as nginx wants its sockets; *out is closed at exec. RESULT_CONFIG with what to do when the
 * port is in use, not allowed or the address is not one of this machine's. Waits up to
 * `patience_ms` for a port in use to come free.
 */
enum result address_listen(const struct address *a, int patience_ms, int *out, struct error *err);

/*
 * Asks "GET path" of a service that listens on `a` (from this machine) and returns the status of
 * its answer, or 0 when nothing answers within a second.
 */
int address_ask(const struct address *a, const char *path);

#endif
