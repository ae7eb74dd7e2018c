/*
 * A request and its response, as plain values.
 *
 * The host (the nginx adapter, a test, a fuzzer) makes a struct http_request and an empty
 * struct http_response, calls a handler, sends what the handler wrote and releases the response.
 * Nothing here knows a socket, and nothing here knows who runs the handler.
 *
 * The host adds to every answer the headers that do not depend on it (content-security-policy,
 * x-content-type-options, referrer-policy, cross-origin-*-policy, permissions-policy); a handler
 * sets those that do (cache-control, set-cookie, retry-after, allow …).
 *
 * Who owns what
 *   request   Belongs to the host. Every text in it stays valid and unchanged until the response
 *             has been released. Nothing in it ends in a NUL byte.
 *   response  Belongs to the host, which zeroes it before the first call of a handler. What the
 *             handler hangs on it (body, kept texts, `own`) is released by
 *             http_response_release(), called by the host exactly once per zeroed response: after
 *             the last byte was sent, when the client went away, or before the handler runs again
 *             in another place.
 */
#ifndef ANJU_CHANNEL_WEB_HTTP_H
#define ANJU_CHANNEL_WEB_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum {
    /* Header fields of one request; a request with more is refused by the host with 431. */
    HTTP_REQUEST_HEADERS_MAX = 64,
    /* Bytes of a request's body; a longer one is refused by the host with 413. */
    HTTP_REQUEST_BODY_MAX = 64 * 1024,
    /* Header fields of one response, beside the content type. */
    HTTP_RESPONSE_HEADERS_MAX = 16,
    /* Bytes of all header values that http_response_header() copied. Four cookies fit with ease. */
    HTTP_RESPONSE_KEEP_MAX = 2048,
    /* Bytes of a response's body; a writer that wants more fails. */
    HTTP_RESPONSE_BODY_MAX = 8 * 1024 * 1024,
};

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_OTHER,
};

/* The listener a request came in through. */
enum http_listener {
    HTTP_LISTENER_PUBLIC = 0,
    /* Local only: /healthz, /readyz, /metrics and nothing else. */
    HTTP_LISTENER_OPERATIONS = 1,
};

/* Where a handler runs. */
enum http_place {
    /* The event loop: must not block, not even for a file lock. */
    HTTP_PLACE_LOOP,
    /* A thread of the io pool: may wait for a database. */
    HTTP_PLACE_IO,
    /* A thread of the hash pool (few, niced): password hashing. */
    HTTP_PLACE_HASH,
    /* A thread of the outside pool: may wait for another party, for as long as that takes. */
    HTTP_PLACE_OUTSIDE,
};

/* What a handler says when it returns. */
enum http_turn {
    /* The response is complete. */
    HTTP_TURN_DONE,
    /* Run me again, from the beginning, in the io pool. What was written is thrown away. */
    HTTP_TURN_IO,
    /* Run me again, from the beginning, in the hash pool. What was written is thrown away. */
    HTTP_TURN_HASH,
    /* Run me again, from the beginning, in the outside pool. What was written is thrown away. */
    HTTP_TURN_OUTSIDE,
};

struct http_header {
    struct text name; /* lower case */
    struct text value;
};

struct http_request {
    enum http_method method;
    struct text path;  /* as sent, up to '?', not decoded */
    struct text query; /* after '?', not decoded, or empty */
    struct text body;
    struct text peer; /* numeric address of the client (behind a trusted proxy: of its client) */
    const struct http_header *headers; /* in the order sent; a name may appear more than once */
    size_t header_count;
    bool secure;  /* the connection is TLS */
    int listener; /* enum http_listener */
};

struct http_response {
    int status;               /* 200 … 599; 0 means the handler failed and the host answers 500 */
    struct text content_type; /* static storage, or kept; empty when there is no body */
    struct http_header headers[HTTP_RESPONSE_HEADERS_MAX];
    size_t header_count;
    char *body; /* malloc'd, grown by http_response_write(); freed by http_response_release() */
    size_t body_len, body_room;
    struct text route; /* route template for the log ("/api/v1/me/account"), static storage */
    struct text code;  /* stable error code for the log, static storage, or empty */
    bool failed;       /* a write did not fit or memory ran out: the host answers 500 */
    void *own;         /* the handler's memory for this request (an arena, say), or NULL */
    void (*own_release)(void *own); /* called once by http_response_release() when own is set */
    size_t keep_len;
    char keep[HTTP_RESPONSE_KEEP_MAX]; /* header values copied by http_response_header() */
};

/*
 * Adds a header field. `name` must be static storage and lower case; `value` is copied. Sets
 * `failed` and returns false when there are too many fields, the copied values do not fit, or the
 * value holds a control character (a line break in a value would be a second header).
 */
bool http_response_header(struct http_response *response, const char *name, struct text value);

/* The same for a value that ends in NUL. */
bool http_response_header_z(struct http_response *response, const char *name, const char *value);

/*
 * Makes room for `more` further bytes of body and returns where they go; the caller writes at most
 * that many and then adds what it wrote to body_len. Returns NULL and sets `failed` when the body
 * would exceed HTTP_RESPONSE_BODY_MAX or memory is out.
 */
char *http_response_reserve(struct http_response *response, size_t more);

/* Appends to the body. Returns false and sets `failed` like http_response_reserve(). */
bool http_response_write(struct http_response *response, struct text part);

/* Appends a string that ends in NUL. */
bool http_response_write_z(struct http_response *response, const char *part);

/*
 * Frees everything that hangs on the response and zeroes it. Safe on a zeroed response, and in
 * another thread than the one that wrote it.
 */
void http_response_release(struct http_response *response);

/* The first value of the header field `name` (lower case), or an empty text. */
struct text http_request_header(const struct http_request *request, const char *name);

/* How many times the header field `name` (lower case) was sent. */
size_t http_request_header_count(const struct http_request *request, const char *name);

/* "GET" and so on; "OTHER" for HTTP_OTHER. Static storage. */
const char *http_method_name(enum http_method method);

/* Method of a name as sent (case matters); HTTP_OTHER when it is none of ours. */
enum http_method http_method_of(struct text name);

#endif
