/* The SMS gateway over HTTP (provider.h says how requests are signed).
 *
 *     POST URL/send
 *     {"id": "…", "to": "…", "text": "…"}
 *
 * 200 with {"status": "accepted"} or {"status": "duplicate"}: taken; an id is sent to its number
 * once, however often it comes. 400 or 422: never will be. Anything else: try later, which is the
 * outbox's business. */
#ifndef ANJU_PROVIDER_SMS_H
#define ANJU_PROVIDER_SMS_H

#include "notify/outbox.h"
#include "provider/provider.h"

enum { SMS_TOTAL_MS = 5000 };

/* url: the gateway's, without /send. stopping may be NULL. */
enum result sms_open(const char *url, const char *key_file, bool (*stopping)(void),
                     struct provider **out, struct error *err);

/* The messenger of this gateway; valid until provider_close. */
struct messenger sms_messenger(struct provider *gateway);

/* What an answer of the gateway means: OK, it has the message; REFUSED, it never will take it; IO, try
 * later. For the tests as well. */
enum result sms_answer_read(long status, struct text said, struct error *err);

#endif
