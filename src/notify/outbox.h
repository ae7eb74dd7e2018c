/* The outbox: messages that must leave exactly once.
 *
 * A message is written in the transaction that needs it (src/member). The worker claims a few for a
 * time, sends them, and notes what came of each. When it dies in between, the claim ends and the
 * message is sent again under the same id, which the gateway takes for the same message. */
#ifndef ANJU_NOTIFY_OUTBOX_H
#define ANJU_NOTIFY_OUTBOX_H

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/text.h"
#include "store/store.h"
#include "store/vault.h"

enum { MESSAGE_ID_MAX = 32 };

struct message {
    char id[2 * MESSAGE_ID_MAX + 1]; /* hex; the same whenever the message is sent again */
    struct text to, text;
};

/* What carries messages away. */
struct messenger {
    const char *name; /* for the log */
    void *context;
    /* May a message be sent now? False while the other side has failed too often. */
    bool (*ready)(void *context);
    /* OK: taken, or taken before. REFUSED: never will be. Anything else: try later. */
    enum result (*send)(void *context, const struct message *message, struct error *err);
};

struct outbox {
    const struct clock *clock;
    struct vault *vault;
    struct random *random; /* for the jitter of waits */
    struct messenger *messenger;
    bool (*stopping)(void); /* NULL, or asked between two messages */
};

/* What one round did. */
struct outbox_round {
    int sent, expired, refused, later;
};

/* Sends what is due, at most OUTBOX_BATCH messages; *done may be NULL. A message that does not
 * leave is no failure of the round; a store that fails is. No transaction may be open on db. */
enum { OUTBOX_BATCH = 16 };
enum result outbox_run(struct outbox *o, struct db *db, struct outbox_round *done,
                       struct error *err);

/* Takes away what left, expired or was refused a day ago. */
enum result outbox_housekeeping(struct outbox *o, struct db *db, struct error *err);

#endif
