#include "serve/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "serve/limits.h"

enum { TRY_AGAIN_MS = 50, ASK_TIME_S = 1, PORT_MAX = 65535, PORT_NEEDS_ROOT = 1024 };

static socklen_t address_size(const struct address *a)
{
    return a->any.sa_family == AF_INET6 ? sizeof(a->v6) : sizeof(a->v4);
}

static void address_write(struct address *a)
{
    char number[INET6_ADDRSTRLEN];

    if (a->any.sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &a->v6.sin6_addr, number, sizeof(number));
        snprintf(a->host, sizeof(a->host), "[%s]", number);
        a->port = ntohs(a->v6.sin6_port);
    } else {
        inet_ntop(AF_INET, &a->v4.sin_addr, number, sizeof(number));
        snprintf(a->host, sizeof(a->host), "%s", number);
        a->port = ntohs(a->v4.sin_port);
    }
    snprintf(a->text, sizeof(a->text), "%.50s:%d", a->host, a->port);
}

/* Binds a port of the kernel's choice and gives it back. */
static enum result address_pick_port(struct address *a, struct error *err)
{
    socklen_t size = address_size(a);
    int fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, &a->any, size) != 0 || getsockname(fd, &a->any, &size) != 0) {
        error_set(err, RESULT_IO, "no free port on %s: %s", a->host, strerror(errno));
        if (fd >= 0)
            close(fd);
        return RESULT_IO;
    }
    close(fd);
    address_write(a);
    return RESULT_OK;
}

/* Digits as they are printed, up to PORT_MAX; -1 for anything else. */
static int port_parse(const char *text)
{
    int port = 0;

    if (!*text || (text[0] == '0' && text[1]))
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || (port = 10 * port + (*text - '0')) > PORT_MAX)
            return -1;
    }
    return port;
}

enum result address_parse(const char *text, struct address *out, struct error *err)
{
    char host[ADDRESS_TEXT_MAX];
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    int port = colon ? port_parse(colon + 1) : -1;

    *out = (struct address){0};
    if (len == 0 || len >= sizeof(host) || port < 0)
        goto wrong;
    memcpy(host, text, len);
    host[len] = '\0';
    if (strcmp(host, "localhost") == 0)
        snprintf(host, sizeof(host), "127.0.0.1");
    if (inet_pton(AF_INET, host, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)port);
    } else if (host[0] == '[' && host[len - 1] == ']') {
        host[len - 1] = '\0';
        if (inet_pton(AF_INET6, host + 1, &out->v6.sin6_addr) != 1)
            goto wrong;
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
    } else {
        goto wrong;
    }
    address_write(out);
    return port ? RESULT_OK : address_pick_port(out, err);

wrong:
    return error_set(err, RESULT_CONFIG,
                     "cannot listen on \"%s\": write a numeric address and a port, for example "
                     "127.0.0.1:8080 or [::1]:8080",
                     text);
}

enum result address_pick(struct address *out, struct error *err)
{
    *out = (struct address){0};
    out->v4.sin_family = AF_INET;
    out->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address_write(out);
    return address_pick_port(out, err);
}

/* 0, or why nobody can listen there now. nginx takes over what it inherits as it is. */
static int listen_once(const struct address *a, int *out)
{
    int on = 1, wrong;
    int fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (a->any.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (bind(fd, &a->any, address_size(a)) != 0 || listen(fd, LIMIT_BACKLOG) != 0) {
        wrong = errno;
        close(fd);
        return wrong;
    }
    *out = fd;
    return 0;
}

enum result address_listen(const struct address *a, int patience_ms, int *out, struct error *err)
{
    int wrong = listen_once(a, out);

    for (int ms = 0; wrong == EADDRINUSE && ms < patience_ms; ms += TRY_AGAIN_MS) {
        poll(NULL, 0, TRY_AGAIN_MS);
        wrong = listen_once(a, out);
    }
    switch (wrong) {
    case 0: return RESULT_OK;
    case EADDRINUSE:
        return error_set(err, RESULT_CONFIG,
                         "%s is in use by another program: end that one, or choose another port "
                         "with ANJU_LISTEN=%s:PORT",
                         a->text, a->host);
    case EADDRNOTAVAIL:
        return error_set(err, RESULT_CONFIG,
                         "%s is not an address of this machine: choose one with "
                         "ANJU_LISTEN=ADDRESS:PORT",
                         a->host);
    case EACCES:
        return error_set(err, RESULT_CONFIG,
                         "not allowed to listen on port %d: choose one from %d on with "
                         "ANJU_LISTEN=%s:PORT",
                         a->port, PORT_NEEDS_ROOT, a->host);
    default: return error_set(err, RESULT_IO, "cannot listen on %s: %s", a->text, strerror(wrong));
    }
}

/* Where a client on this machine reaches a service that listens on every address. */
static struct address address_local(struct address a)
{
    if (a.any.sa_family == AF_INET && a.v4.sin_addr.s_addr == htonl(INADDR_ANY))
        a.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (a.any.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&a.v6.sin6_addr))
        a.v6.sin6_addr = in6addr_loopback;
    return a;
}

int address_ask(const struct address *a, const char *path)
{
    struct address to = address_local(*a);
    struct timeval limit = {.tv_sec = ASK_TIME_S};
    char request[256], answer[64] = "";
    static const char protocol[] = "HTTP/1.1 ";
    long status = 0;
    int fd = socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return 0;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    int len = snprintf(request, sizeof(request),
                       "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    if (connect(fd, &to.any, address_size(&to)) == 0 &&
        send(fd, request, (size_t)len, MSG_NOSIGNAL) == len &&
        recv(fd, answer, sizeof(answer) - 1, 0) > 0 &&
        strncmp(answer, protocol, sizeof(protocol) - 1) == 0)
        status = strtol(answer + sizeof(protocol) - 1, NULL, 10);
    close(fd);
    return (int)status;
}
