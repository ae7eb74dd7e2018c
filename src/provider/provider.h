/* Asking another party over HTTP: signed, within bounds, again when it failed, not at all when it
 * has failed too often, and with one line in the log that names nobody.
 *
 *     POST URL + path          Content-Type: application/json
 *     X-Anju-Time: seconds since 1970
 *     X-Anju-Signature: hex HMAC-SHA256, under the party's key, of time "." body */
#ifndef ANJU_PROVIDER_PROVIDER_H
#define ANJU_PROVIDER_PROVIDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "base/text.h"

enum {
    PROVIDER_KEY_MAX = 256,
    PROVIDER_SIGNATURE_HEX = 64,
    PROVIDER_TIME_SLACK_S = 300, /* the other side refuses what was signed longer ago */
    PROVIDER_ANSWER_MAX = 4096,  /* no party says so much */
    PROVIDER_CONNECT_MS = 2000,
    PROVIDER_RETRY_MS = 400, /* before the next try, shortened at random by up to a half */
};

/* Shared by the threads of a process. */
struct provider;

struct provider_settings {
    const char *name;       /* for the log: "sms" */
    const char *party;      /* for sentences: "the SMS gateway" */
    const char *setting;    /* its key in anju.yaml */
    const char *url;        /* without path */
    const char *path;       /* "/send" */
    const char *key_file;   /* its key, as text on one line */
    int try_ms, tries;      /* a try, connecting included, and how many there are in one call */
    bool (*stopping)(void); /* may be NULL; asked while a request is under way */
};
/* CONFIG for an address or a key that will not do. The strings of settings must outlive it, but for
 * url and key_file. */
enum result provider_open(const struct provider_settings *settings, struct provider **out,
                          struct error *err);
void provider_close(struct provider *p);

/* False while the other side has failed too often. */
bool provider_ready(struct provider *p);

/* What an answer means. OK and REFUSED are answers; IO means that this was none: it is tried again
 * and counts as a failure of the other side. out is the caller's. */
typedef enum result (*provider_reader)(long status, struct text answer, void *out,
                                       struct error *err);

/* Sends body and reads the answer. BUSY: not asked, because it has failed too often. */
enum result provider_ask(struct provider *p, struct text body, provider_reader read, void *out,
                         struct error *err);

/* Requests sent so far in this process: tests compare paths by it. */
uint64_t provider_calls(void);

/* Makes a demo home's key when it is not there yet. */
enum result provider_key_make(const char *key_file, struct error *err);

/* Reads a key, without the line's end; refuses a file that others can read. */
enum result provider_key_read(const char *key_file, char out[PROVIDER_KEY_MAX], size_t *len,
                              struct error *err);

/* The signature of a body, and a NUL. The stand-ins check with the same function. */
void provider_sign(const char *key, size_t key_len, int64_t seconds, struct text body,
                   char out[PROVIDER_SIGNATURE_HEX + 1]);

#endif
