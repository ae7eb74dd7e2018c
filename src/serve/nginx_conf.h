/* nginx's configuration, written from what the service knows. */
#ifndef ANJU_SERVE_NGINX_CONF_H
#define ANJU_SERVE_NGINX_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/result.h"

struct nginx_conf {
    const char *home;         /* absolute; everything nginx writes lies in home/run and home/log */
    const char *module;       /* ngx_http_adapter_module.so */
    const char *library;      /* the handlers */
    const char *pages;        /* folder with index.html and assets/; may be absent */
    const char *listen;       /* ADDR:PORT of the public listener */
    const char *operations;   /* ADDR:PORT of the local listener */
    bool as_root;             /* the service runs as root, on a home that is root's */
    bool tls_in_front;        /* people come by https:// */
    const char *const *hosts; /* Host names taken, without port */
    size_t host_count;
    const char *const *trusted_proxies; /* addresses or networks whose X-Forwarded-For counts */
    size_t trusted_proxy_count;
    int workers;      /* worker processes */
    int hash_threads; /* of each worker */
};

/*
 * Writes the configuration to `path` (0600), whole or not at all. RESULT_CONFIG when a path or a
 * name cannot stand in nginx's syntax, RESULT_IO when writing fails.
 */
enum result nginx_conf_write(const struct nginx_conf *conf, const char *path, struct error *err);

#endif
