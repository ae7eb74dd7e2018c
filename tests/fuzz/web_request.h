/* A request written down as text: "METHOD path?query", header lines, an empty line, the body. For the
 * fuzzer and the unit tests of the web channel. */
#ifndef ANJU_TESTS_WEB_REQUEST_H
#define ANJU_TESTS_WEB_REQUEST_H

#include "channel/web/web.h"

enum { WEB_REQUEST_HEADERS = 16 };

struct web_request {
    struct http_request request;
    struct http_header headers[WEB_REQUEST_HEADERS];
};

/* Reads bytes, which must outlive out; anything is a request of some kind. */
void web_request_read(struct web_request *out, const char *bytes, size_t size);

/* Runs it as the host does: first in the event loop, then where the handler wants to be. */
void web_request_run(struct web *w, const struct http_request *request,
                     struct http_response *response);

/* Makes an empty home in a new temporary folder and opens the web channel on it. The folder's name
 * goes to home (64 bytes). Aborts when that fails. */
void web_fixture_open(struct web *w, char home[64]);
void web_fixture_close(struct web *w, const char *home);

#endif
