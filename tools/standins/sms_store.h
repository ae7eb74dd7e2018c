/* What the stand-in of the SMS gateway has "sent". In memory: it ends with the demo. */
#ifndef ANJU_STANDIN_SMS_STORE_H
#define ANJU_STANDIN_SMS_STORE_H

#include "base/clock.h"
#include "base/text.h"

enum {
    SENT_MAX = 1000, /* the oldest go */
    SENT_ID_MAX = 65,
    SENT_TO_MAX = 33,
    SENT_TEXT_MAX = 1025,
};

struct sent {
    char id[SENT_ID_MAX], to[SENT_TO_MAX], text[SENT_TEXT_MAX];
    instant at;
};

enum sent_outcome { SENT_NEW, SENT_AGAIN, SENT_REFUSED /* malformed */ };

/* Takes a message once per id. Thread-safe, as is what follows. */
enum sent_outcome sent_add(struct text id, struct text to, struct text text, instant at);

/* Copies the newest messages (to that number, or all when to is empty) into out, newest first. */
size_t sent_list(struct text to, struct sent *out, size_t room);

#endif
