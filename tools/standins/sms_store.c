#include "sms_store.h"

#include <pthread.h>

#include "base/identity.h"

static struct sent messages[SENT_MAX];
static size_t added; /* message n stands at n % SENT_MAX */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t oldest(void)
{
    return added > SENT_MAX ? added - SENT_MAX : 0;
}

enum sent_outcome sent_add(struct text id, struct text to, struct text text, instant at)
{
    enum sent_outcome outcome = SENT_NEW;
    struct sent *m;

    if (id.len == 0 || id.len >= SENT_ID_MAX || !mobile_phone_valid(to) || text.len == 0 ||
        text.len >= SENT_TEXT_MAX) {
        return SENT_REFUSED;
    }
    pthread_mutex_lock(&lock);
    for (size_t i = added; i > oldest() && outcome == SENT_NEW; i--) {
        if (text_equal(text_of(messages[(i - 1) % SENT_MAX].id), id)) {
            outcome = SENT_AGAIN;
        }
    }
    if (outcome == SENT_NEW) {
        m = &messages[added++ % SENT_MAX];
        text_copy(id, m->id, sizeof m->id);
        text_copy(to, m->to, sizeof m->to);
        text_copy(text, m->text, sizeof m->text);
        m->at = at;
    }
    pthread_mutex_unlock(&lock);
    return outcome;
}

size_t sent_list(struct text to, struct sent *out, size_t room)
{
    size_t n = 0;

    pthread_mutex_lock(&lock);
    for (size_t i = added; i > oldest() && n < room; i--) {
        const struct sent *m = &messages[(i - 1) % SENT_MAX];

        if (to.len == 0 || text_equal(text_of(m->to), to)) {
            out[n++] = *m;
        }
    }
    pthread_mutex_unlock(&lock);
    return n;
}
