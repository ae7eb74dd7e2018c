#include "provider/breaker.h"

#include "base/log.h"

void breaker_start(struct breaker *b, const char *name)
{
    *b = (struct breaker){.name = name};
    pthread_mutex_init(&b->lock, NULL);
    random_system(&b->random);
}

void breaker_end(struct breaker *b)
{
    pthread_mutex_destroy(&b->lock);
}

static bool lets_through(const struct breaker *b, int64_t now)
{
    return b->open_until == 0 || (now >= b->open_until && !b->trying);
}

bool breaker_ready(struct breaker *b, int64_t now)
{
    bool ready;

    pthread_mutex_lock(&b->lock);
    ready = lets_through(b, now);
    pthread_mutex_unlock(&b->lock);
    return ready;
}

bool breaker_enter(struct breaker *b, int64_t now)
{
    bool ready;

    pthread_mutex_lock(&b->lock);
    ready = lets_through(b, now);
    if (ready && b->open_until != 0) {
        b->trying = true;
    }
    pthread_mutex_unlock(&b->lock);
    return ready;
}

void breaker_succeeded(struct breaker *b)
{
    pthread_mutex_lock(&b->lock);
    if (b->open_until != 0) {
        log_event(LOG_INFO, "provider-back", "provider", b->name, NULL);
    }
    b->failures = 0;
    b->open_until = b->pause = 0;
    b->trying = false;
    pthread_mutex_unlock(&b->lock);
}

static void open_up(struct breaker *b, int64_t now)
{
    if (b->pause == 0) {
        log_event(LOG_ERROR, "provider-away", "provider", b->name, NULL);
    }
    b->pause = b->pause == 0 ? BREAKER_PAUSE_MS : 2 * b->pause;
    b->pause = b->pause < BREAKER_PAUSE_MAX_MS ? b->pause : BREAKER_PAUSE_MAX_MS;
    b->open_until = now + b->pause - (int64_t)random_below(&b->random, (uint64_t)b->pause / 4 + 1);
}

void breaker_failed(struct breaker *b, int64_t now)
{
    pthread_mutex_lock(&b->lock);
    b->failures++;
    /* Those who were let through before it opened end later: they do not lengthen the while. */
    if (b->failures >= BREAKER_FAILURES_MAX && (b->open_until == 0 || b->trying)) {
        open_up(b, now);
    }
    b->trying = false;
    pthread_mutex_unlock(&b->lock);
}

void breaker_left(struct breaker *b)
{
    pthread_mutex_lock(&b->lock);
    b->trying = false;
    pthread_mutex_unlock(&b->lock);
}
