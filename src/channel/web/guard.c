/* What a request must be before anything else is asked of it. */
#include <arpa/inet.h>
#include <stdio.h>

#include "channel/web/call.h"

#define COOKIE_NAME "__Host-anju"

/* Media type without its parameters, compared without case. */
static bool is_json(struct text type)
{
    static const char want[] = "application/json";
    const char *end = type.len > 0 ? memchr(type.at, ';', type.len) : NULL;
    size_t len = end ? (size_t)(end - type.at) : type.len;

    while (len > 0 && type.at[len - 1] == ' ') {
        len--;
    }
    return len == sizeof want - 1 && strncasecmp(type.at, want, len) == 0;
}

/* The site's own origin: what the configuration says, else scheme and Host of this very request
 * (nginx lets only allowed hosts through). */
static bool origin_is_own(const struct call *c, struct text origin)
{
    struct text host = http_request_header(c->request, "host");
    const char *public_origin = c->web->config.public_origin;
    char own[300];

    if (public_origin[0] && text_equal(origin, text_of(public_origin))) {
        return true;
    }
    if (host.len == 0 || host.len > 255) {
        return false;
    }
    snprintf(own, sizeof own, "%s://%.*s", c->request->secure ? "https" : "http", TEXT_ARG(host));
    return text_equal(origin, text_of(own));
}

bool guard_write(struct call *c)
{
    struct text origin = http_request_header(c->request, "origin");
    struct text site = http_request_header(c->request, "sec-fetch-site");

    /* A browser sends Origin with every POST; Sec-Fetch-Site it sends or not, but never wrongly. */
    if (origin.len == 0 || !origin_is_own(c, origin) ||
        (site.len > 0 && !text_equal(site, TEXT("same-origin")))) {
        call_problem(c,
                     &(struct problem){403, "origin-refused",
                                       "Only this site's own pages may do this", NULL, -1, 0, 0});
        return false;
    }
    if (!is_json(http_request_header(c->request, "content-type"))) {
        call_problem(c,
                     &(struct problem){415, "media-type", "Send application/json", NULL, -1, 0, 0});
        return false;
    }
    return true;
}

/* Looks for the cookie in one header line: NAME=VALUE pairs separated by "; ". */
static size_t cookie_in(struct text line, struct text *value)
{
    static const struct text name = {COOKIE_NAME "=", sizeof COOKIE_NAME};
    size_t found = 0;

    while (line.len > 0) {
        const char *end = memchr(line.at, ';', line.len);
        size_t len = end ? (size_t)(end - line.at) : line.len;
        struct text pair = {line.at, len};

        while (pair.len > 0 && pair.at[0] == ' ') {
            pair.at++;
            pair.len--;
        }
        if (text_starts(pair, name)) {
            *value = (struct text){pair.at + name.len, pair.len - name.len};
            found++;
        }
        line.at += len + (end ? 1 : 0);
        line.len -= len + (end ? 1 : 0);
    }
    return found;
}

bool guard_cookie(const struct http_request *request, struct text *token)
{
    size_t found = 0;

    *token = TEXT("");
    for (size_t i = 0; i < request->header_count; i++) {
        if (text_equal(request->headers[i].name, TEXT("cookie"))) {
            found += cookie_in(request->headers[i].value, token);
        }
    }
    return found <= 1;
}

void guard_network(struct text peer, char out[NETWORK_TEXT_MAX])
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr six;

    snprintf(out, NETWORK_TEXT_MAX, "unknown");
    if (!text_copy(peer, address, sizeof address)) {
        return;
    }
    if (inet_pton(AF_INET6, address, &six) != 1) {
        snprintf(out, NETWORK_TEXT_MAX, "%s", address);
        return;
    }
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
        inet_ntop(AF_INET, six.s6_addr + 12, out, NETWORK_TEXT_MAX);
        return;
    }
    memset(six.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &six, out, NETWORK_TEXT_MAX);
}

struct text guard_device(const struct http_request *request)
{
    struct text agent = http_request_header(request, "user-agent");

    return agent.len > 0 && memmem(agent.at, agent.len, "Mobi", 4) ? TEXT("phone")
                                                                   : TEXT("desktop");
}
