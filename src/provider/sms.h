/* The SMS gateway over HTTP.
 *
 *     POST URL/send            Content-Type: application/json
 *     {"id": "…", "to": "…", "text": "…"}
 *     X-Anju-Time: seconds since 1970
 *     X-Anju-Signature: hex HMAC-SHA256, under the gateway's key, of time "." body
 *
 * 200 with {"status": "accepted"} or {"status": "duplicate"}: taken; an id is sent to its number
 * once, however often it comes. 400 or 422: never will be. Anything else: try later. */
#ifndef ANJU_PROVIDER_SMS_H
#define ANJU_PROVIDER_SMS_H

#include "notify/outbox.h"

enum {
    SMS_CONNECT_MS = 2000,
    SMS_TOTAL_MS = 5000,
    SMS_FAILURES_MAX = 5, /* in a row: then nothing is sent for a while, and after it one try */
    SMS_PAUSE_MS = 5000,  /* the first while; it doubles up to … */
    SMS_PAUSE_MAX_MS = 60000,
    SMS_KEY_MAX = 256,
    SMS_SIGNATURE_HEX = 64,
    SMS_TIME_SLACK_S = 300, /* a gateway refuses what was signed longer ago */
};

struct sms; /* used by one thread */

/* url: the gateway's, without /send. key_file: its key, as text on one line. stopping (may be NULL)
 * is asked while a request is under way. */
enum result sms_open(const char *url, const char *key_file, bool (*stopping)(void),
                     struct sms **out, struct error *err);
void sms_close(struct sms *s);

/* The messenger of this gateway; valid until sms_close. */
struct messenger sms_messenger(struct sms *s);

/* Makes a demo home's key when it is not there yet. */
enum result sms_key_make(const char *key_file, struct error *err);

/* Reads the key, without the line's end; refuses a file that others can read. */
enum result sms_key_read(const char *key_file, char out[SMS_KEY_MAX], size_t *len,
                         struct error *err);

/* The signature of a body, and a NUL. */
void sms_sign(const char *key, size_t key_len, int64_t seconds, struct text body,
              char out[SMS_SIGNATURE_HEX + 1]);

#endif
