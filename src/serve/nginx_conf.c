/*
 * The file is read top to bottom like this one: process, log, limits, headers, then three servers:
 * one that refuses foreign host names, the public one, the local one for operations.
 *
 * A directive add_header in a location switches off all those above it. There is none: what differs
 * by address is a variable, and a header whose value is empty is not sent.
 */
#include "serve/nginx_conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "serve/limits.h"

extern char **environ;

enum { TEMPORARY_PATH_MAX = 1100 };

/* No scripts, styles or frames but our own files; nothing inline; nothing sent elsewhere. */
#define CONTENT_POLICY                                                                \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " \
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "     \
    "form-action 'self'; frame-ancestors 'none'"

#define PERMISSIONS                                                                     \
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), " \
    "accelerometer=(), gyroscope=(), magnetometer=(), display-capture=(), interest-cohort=()"

static bool starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* nginx empties its workers' environment; what the handlers read stays. Names only. */
static void write_environment(FILE *out)
{
    for (char **entry = environ; *entry; entry++) {
        size_t len = strcspn(*entry, "=");
        bool ours = starts(*entry, "ANJU_") || starts(*entry, "PG") || starts(*entry, "HOME=");
        if (ours && strspn(*entry, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == len)
            fprintf(out, "env %.*s;\n", (int)len, *entry);
    }
}

static void write_process(FILE *out, const struct nginx_conf *c)
{
    fprintf(out, "# Written by `anju serve` at each start; changes are lost.\n");
    fprintf(out, "load_module \"%s\";\n", c->module);
    if (c->as_root) /* otherwise its workers become nobody, who cannot open the home */
        fputs("user root;\n", out);
    write_environment(out);
    fprintf(out,
            "daemon off;\n"
            "pcre_jit on;\n"
            "worker_processes %d;\n"
            "worker_shutdown_timeout %ds;\n"
            "pid \"%s/run/nginx.pid\";\n"
            "lock_file \"%s/run/nginx.lock\";\n"
            "# Below crit nginx writes addresses and request lines.\n"
            "error_log \"%s/log/error.log\" crit;\n"
            "thread_pool io threads=%d max_queue=%d;\n"
            "thread_pool hash threads=%d max_queue=%d;\n"
            "thread_pool outside threads=%d max_queue=%d;\n"
            "events {\n"
            "    worker_connections %d;\n"
            "}\n",
            c->workers, LIMIT_OLD_WORKER_S, c->home, c->home, c->home, LIMIT_IO_THREADS,
            LIMIT_IO_QUEUE, c->hash_threads, LIMIT_HASH_QUEUE, LIMIT_OUTSIDE_THREADS,
            LIMIT_OUTSIDE_QUEUE, LIMIT_CONNECTIONS);
}

/* One line per request: the route's template, never the path, no address, nobody's name. */
static void write_log(FILE *out, const struct nginx_conf *c)
{
    fputs("    map $request_method $log_method {\n"
          "        default OTHER;\n"
          "        GET GET;\n"
          "        HEAD HEAD;\n"
          "        POST POST;\n"
          "        PUT PUT;\n"
          "        PATCH PATCH;\n"
          "        DELETE DELETE;\n"
          "        OPTIONS OPTIONS;\n"
          "    }\n"
          "    map $adapter_route $log_route {\n"
          "        \"\" static;\n"
          "        default $adapter_route;\n"
          "    }\n"
          "    log_format json escape=json\n"
          "        '{\"time\":\"$time_iso8601\",\"method\":\"$log_method\","
          "\"route\":\"$log_route\",'\n"
          "        '\"status\":$status,\"bytes\":$body_bytes_sent,\"seconds\":$request_time,'\n"
          "        '\"code\":\"$adapter_code\"}';\n",
          out);
    /* A write per request costs more than the line is worth; an operator waits a second for it. */
    fprintf(out, "    access_log \"%s/log/access.log\" json buffer=64k flush=1s;\n", c->home);
}

static void write_limits(FILE *out)
{
    fprintf(out,
            "    client_header_buffer_size 2k;\n"
            "    large_client_header_buffers %d %dk;\n"
            "    client_header_timeout %ds;\n"
            "    client_max_body_size %dk;\n"
            "    client_body_buffer_size %dk;\n"
            "    client_body_timeout %ds;\n"
            "    adapter_body_time %ds;\n"
            "    send_timeout %ds;\n"
            "    reset_timedout_connection on;\n"
            "    keepalive_timeout %ds;\n"
            "    keepalive_requests %d;\n"
            "    lingering_time %ds;\n"
            "    lingering_timeout %ds;\n",
            LIMIT_HEADER_BUFFERS, LIMIT_HEADER_BUFFER_KIB, LIMIT_HEADER_TIME_S, LIMIT_BODY_KIB,
            LIMIT_BODY_BUFFER_KIB, LIMIT_BODY_GAP_S, LIMIT_BODY_TIME_S, LIMIT_SEND_GAP_S,
            LIMIT_KEEPALIVE_S, LIMIT_KEEPALIVE_REQUESTS, LIMIT_LINGER_S, LIMIT_LINGER_GAP_S);
    fprintf(out,
            "    # An IPv6 customer has a whole /64: the first eight of sixteen bytes.\n"
            "    map $binary_remote_addr $address_key {\n"
            "        default $binary_remote_addr;\n"
            "        \"~(?s)^(?<net>.{8}).{8}\\z\" $net;\n"
            "    }\n"
            "    limit_conn_zone $address_key zone=address:%dm;\n"
            "    limit_conn_status 429;\n",
            LIMIT_ADDRESS_ZONE_MIB);
}

static void write_headers(FILE *out, const struct nginx_conf *c)
{
    /* For a year browsers come by TLS alone, also when somebody types or links http://. */
    if (c->tls_in_front)
        fputs("    add_header strict-transport-security \"max-age=31536000\" always;\n", out);
    fputs("    server_tokens off;\n"
          "    map $uri $page_cache {\n"
          "        default no-cache;\n"
          "        ~^/assets/ \"public, max-age=31536000, immutable\";\n"
          "        ~^/api(/|$) \"\";\n"
          "        ~^/_problem$ \"\";\n"
          "    }\n"
          "    add_header cache-control $page_cache;\n"
          "    add_header content-security-policy \"" CONTENT_POLICY "\" always;\n"
          "    add_header x-content-type-options nosniff always;\n"
          "    add_header referrer-policy no-referrer always;\n"
          "    add_header cross-origin-opener-policy same-origin always;\n"
          "    add_header cross-origin-resource-policy same-origin always;\n"
          "    add_header permissions-policy \"" PERMISSIONS "\" always;\n",
          out);
}

static void write_common(FILE *out, const struct nginx_conf *c)
{
    static const char *const temporary[] = {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"};

    for (size_t i = 0; i < sizeof(temporary) / sizeof(temporary[0]); i++)
        fprintf(out, "    %s_temp_path \"%s/run/nginx/%s\";\n", temporary[i], c->home,
                temporary[i]);
    fprintf(out,
            "    adapter_library \"%s\";\n"
            "    adapter_argument \"%s\";\n",
            c->library, c->home);
    for (size_t i = 0; i < c->trusted_proxy_count; i++)
        fprintf(out, "    set_real_ip_from %s;\n", c->trusted_proxies[i]);
    if (c->trusted_proxy_count > 0)
        fputs("    real_ip_header x-forwarded-for;\n"
              "    real_ip_recursive on;\n",
              out);
    fputs("    sendfile on;\n"
          "    tcp_nopush on;\n"
          "    absolute_redirect off;\n"
          "    charset utf-8;\n"
          "    charset_types text/css text/plain text/javascript;\n"
          "    default_type application/octet-stream;\n"
          "    types {\n"
          "        text/html html;\n"
          "        text/css css;\n"
          "        text/javascript js mjs;\n"
          "        text/plain txt;\n"
          "        application/json json map;\n"
          "        application/manifest+json webmanifest;\n"
          "        application/pdf pdf;\n"
          "        application/wasm wasm;\n"
          "        image/svg+xml svg;\n"
          "        image/png png;\n"
          "        image/jpeg jpg jpeg;\n"
          "        image/webp webp;\n"
          "        image/avif avif;\n"
          "        image/x-icon ico;\n"
          "        font/woff2 woff2;\n"
          "    }\n"
          "    # What nginx refuses by itself is a problem document too.\n"
          "    error_page 400 403 404 405 408 411 412 413 414 415 416 421 429\n"
          "               500 501 502 503 504 505 507 /_problem;\n"
          "    error_page 494 =431 /_problem;\n",
          out);
}

static const char problem_location[] = "        location = /_problem {\n"
                                       "            internal;\n"
                                       "            adapter_problem;\n"
                                       "        }\n";

static void write_stranger(FILE *out, const struct nginx_conf *c)
{
    fprintf(out,
            "    # Any other host name: a page elsewhere that points its name at us gets nothing.\n"
            "    server {\n"
            "        listen %s default_server backlog=%d;\n"
            "        listen %s default_server;\n"
            "        server_name \"\";\n"
            "        limit_conn address %d;\n"
            "%s"
            "        location / {\n"
            "            return 421;\n"
            "        }\n"
            "    }\n",
            c->listen, LIMIT_BACKLOG, c->operations, LIMIT_ADDRESS_REQUESTS, problem_location);
}

static void write_public(FILE *out, const struct nginx_conf *c)
{
    fprintf(out,
            "    server {\n"
            "        listen %s;\n"
            "        server_name",
            c->listen);
    for (size_t i = 0; i < c->host_count; i++)
        fprintf(out, " %s", c->hosts[i]);
    fprintf(out,
            ";\n"
            "        root \"%s\";\n"
            "        gzip_static on;\n"
            "        gzip_vary on;\n"
            "        limit_conn address %d;\n"
            "%s",
            c->pages, LIMIT_ADDRESS_REQUESTS, problem_location);
    fputs("        location ^~ /api/ {\n"
          "            adapter;\n"
          "        }\n"
          "        location = /api {\n"
          "            adapter;\n"
          "        }\n"
          "        location ^~ /assets/ {\n"
          "            try_files $uri =404;\n"
          "        }\n"
          "        # A file is there or it is not; only addresses of pages lead to the page.\n"
          "        location ~ /\\. {\n"
          "            return 404;\n"
          "        }\n"
          "        location ~ \\.[A-Za-z0-9]+$ {\n"
          "            try_files $uri =404;\n"
          "        }\n"
          "        location / {\n"
          "            try_files /index.html @absent;\n"
          "        }\n"
          "        location @absent {\n"
          "            default_type text/html;\n"
          "            return 200 '<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
          "<title>Anju</title><p>The service runs; its pages have not been built. "
          "<code>make build</code> builds them.';\n"
          "        }\n"
          "    }\n",
          out);
}

static void write_operations(FILE *out, const struct nginx_conf *c)
{
    fprintf(out,
            "    server {\n"
            "        listen %s;\n"
            "        server_name 127.0.0.1 localhost;\n"
            "        limit_conn address %d;\n"
            "%s"
            "        location / {\n"
            "            adapter 1;\n"
            "        }\n"
            "    }\n",
            c->operations, LIMIT_OPERATIONS_REQUESTS, problem_location);
}

/* Inside double quotes nginx reads backslash, quote and dollar; elsewhere much more. */
static enum result check_text(const char *text, const char *forbidden, struct error *err)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f || strchr(forbidden, *c))
            return error_set(err, RESULT_CONFIG,
                             "\"%s\" cannot stand in nginx's configuration because of '%c': "
                             "choose another name",
                             text, *c);
    return *text ? RESULT_OK : error_set(err, RESULT_CONFIG, "an empty name in the configuration");
}

static enum result check(const struct nginx_conf *c, struct error *err)
{
    const char *const paths[] = {c->home, c->module, c->library, c->pages};

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (check_text(paths[i], "\"\\$", err) != RESULT_OK)
            return RESULT_CONFIG;
    for (size_t i = 0; i < c->host_count; i++)
        if (check_text(c->hosts[i], " \"'\\$;{}~#*", err) != RESULT_OK)
            return RESULT_CONFIG;
    for (size_t i = 0; i < c->trusted_proxy_count; i++)
        if (check_text(c->trusted_proxies[i], " \"'\\$;{}~#*", err) != RESULT_OK)
            return RESULT_CONFIG;
    return RESULT_OK;
}

enum result nginx_conf_write(const struct nginx_conf *conf, const char *path, struct error *err)
{
    char temporary[TEMPORARY_PATH_MAX];
    enum result result = check(conf, err);
    FILE *out = NULL;

    if (result != RESULT_OK)
        return result;
    snprintf(temporary, sizeof(temporary), "%s.new", path);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    out = fd < 0 ? NULL : fdopen(fd, "w");
    if (!out)
        goto failed;
    write_process(out, conf);
    fputs("http {\n", out);
    write_log(out, conf);
    write_limits(out);
    write_headers(out, conf);
    write_common(out, conf);
    write_stranger(out, conf);
    write_public(out, conf);
    write_operations(out, conf);
    fputs("}\n", out);
    if (ferror(out))
        goto failed;
    if (fclose(out) != 0 || rename(temporary, path) != 0) {
        out = NULL;
        goto failed;
    }
    return RESULT_OK;

failed:
    error_set(err, RESULT_IO, "cannot write %s: %s", temporary, strerror(errno));
    if (out)
        fclose(out);
    return RESULT_IO;
}
