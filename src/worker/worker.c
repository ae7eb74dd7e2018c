#include "worker/worker.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "ledger/digest.h"
#include "member/member.h"
#include "notify/outbox.h"
#include "policy/policy.h"
#include "provider/sms.h"
#include "root/root.h"
#include "worker/log_keeper.h"
#include "worker/wake.h"

enum {
    POLL_MS = 1000,
    HOUSEKEEPING_MS = 60000,
    FILL_AGAIN_MS = 60 * 60 * 1000, /* between two looks at every account's digest */
    ROOT_AGAIN_MS = 10 * 60 * 1000, /* after a root could not be made */
    ROOT_ARENA_MAX = 1024 * 1024,
    ROUNDS_MAX = 100, /* of the outbox, before housekeeping gets its turn */
    STATUS_USAGE = 64,
};

static volatile sig_atomic_t stop_wanted, reload_wanted;

static void on_signal(int signal)
{
    if (signal == SIGHUP) {
        reload_wanted = 1;
    } else {
        stop_wanted = 1;
    }
}

/* Whatever was inherited: a shell starts background jobs with SIGINT ignored. No SA_RESTART, so
 * that poll returns. */
static void take_signals(void)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t all;

    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction(signals[i], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
}

static bool stopping(void)
{
    return stop_wanted != 0;
}

struct worker {
    struct config config;
    struct clock clock;
    struct member_desk desk;
    struct store *store;
    struct db *db;
    struct random random;
    struct provider *sms; /* NULL: no gateway is configured */
    struct messenger messenger;
    struct outbox outbox;
    struct log_keeper *keeper; /* NULL on PostgreSQL */
    int wake;
    bool filled; /* every account has been looked at for its digest, at this moment: */
    int64_t filled_at;
    char filled_to[DIGEST_ACCOUNT_MAX];
    civil_date root_day; /* of the newest signed root */
    int64_t root_at;     /* not before this moment is it tried again */
};

/* --- without a gateway --- */

static bool never_ready(void *context)
{
    (void)context;
    return false;
}

static enum result send_nothing(void *context, const struct message *m, struct error *err)
{
    (void)context, (void)m;
    return error_set(err, RESULT_BUSY, "no gateway is configured");
}

/* Connects the outbox to what carries its messages. */
static enum result messenger_open(const struct config *config, struct provider **sms,
                                  struct messenger *out, struct error *err)
{
    enum result r = RESULT_OK;

    *sms = NULL;
    *out = (struct messenger){.name = "none", .ready = never_ready, .send = send_nothing};
    if (!config->sms_gateway[0]) {
        log_event(LOG_WARN, "no-sms-gateway", "why",
                  config->demo ? "anju serve is not running" : "anju.yaml: sms_gateway is empty",
                  NULL);
        return RESULT_OK;
    }
    if (config->demo) {
        r = provider_key_make(config->sms_key_file, err);
    }
    if (r == RESULT_OK) {
        r = sms_open(config->sms_gateway, config->sms_key_file, stopping, sms, err);
    }
    if (r == RESULT_OK) {
        *out = sms_messenger(*sms);
    }
    return r;
}

/* --- start and end --- */

static void failed(const char *what, enum result r, const struct error *err)
{
    log_event(LOG_ERROR, what, "result", result_word(r), "why", err->sentence, NULL);
}

/* Opens the store, which anju serve has opened before: a PostgreSQL that is away will come back. */
static enum result store_wait(struct worker *w, struct error *err)
{
    for (;;) {
        enum result r = store_open(w->config.home, w->config.database, &w->store, err);

        if (r == RESULT_OK) {
            r = db_open(w->store, &w->db, err);
        }
        if (r == RESULT_OK || !w->config.database[0] || (r != RESULT_STORE && r != RESULT_BUSY)) {
            return r;
        }
        failed("store-away", r, err);
        store_close(w->store);
        w->store = NULL;
        poll(NULL, 0, POLL_MS);
        if (stopping()) {
            return r;
        }
    }
}

static enum result worker_open(struct worker *w, struct error *err)
{
    enum result r = config_load(&w->config, err);

    w->wake = -1;
    w->root_day = DATE_NONE;
    if (r == RESULT_OK) {
        r = worker_lock(w->config.home, err);
    }
    if (r == RESULT_OK) {
        r = config_clock(&w->config, &w->clock, err);
    }
    if (r == RESULT_OK) {
        r = vault_open(w->config.keys, false, &w->desk.vault, err);
    }
    if (r == RESULT_OK) {
        r = store_wait(w, err);
    }
    if (r == RESULT_OK) {
        r = session_map_open(w->config.home, &w->desk.sessions, err);
    }
    if (r == RESULT_OK) {
        r = log_keeper_start(w->store, w->config.home, &w->keeper, err);
    }
    if (r == RESULT_OK) {
        r = messenger_open(&w->config, &w->sms, &w->messenger, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    random_system(&w->random);
    w->desk.config = &w->config;
    w->desk.clock = &w->clock;
    w->outbox = (struct outbox){.clock = &w->clock,
                                .vault = w->desk.vault,
                                .random = &w->random,
                                .messenger = &w->messenger,
                                .stopping = stopping};
    w->wake = wake_open(w->config.home);
    return RESULT_OK;
}

static void worker_close(struct worker *w)
{
    log_keeper_stop(w->keeper);
    wake_close(w->config.home, w->wake);
    provider_close(w->sms);
    session_map_close(w->desk.sessions);
    db_close(w->db);
    store_close(w->store);
    vault_close(w->desk.vault);
}

/* SIGHUP: what can change while it runs is the gateway. The policy is read to say early what the
 * next start would stumble over. What is wrong leaves everything as it was. */
static void reload(struct worker *w)
{
    static struct config fresh;
    struct policy *policy = NULL;
    struct messenger messenger;
    struct provider *sms = NULL;
    struct error err = {0};
    enum result r = config_load(&fresh, &err);

    if (r == RESULT_OK) {
        r = policy_load(fresh.policy, &policy, &err);
    }
    if (r == RESULT_OK && fresh.offices[0]) {
        r = policy_take_offices(policy, fresh.offices, &err);
    }
    policy_free(policy);
    if (r == RESULT_OK) {
        r = messenger_open(&fresh, &sms, &messenger, &err);
    }
    if (r != RESULT_OK) {
        log_event(LOG_ERROR, "reload-refused", "why", err.sentence, NULL);
        return;
    }
    provider_close(w->sms);
    w->sms = sms;
    w->messenger = messenger;
    w->config = fresh;
    log_event(LOG_INFO, "reloaded", NULL);
}

/* --- the work --- */

static void send_messages(struct worker *w)
{
    for (int i = 0; i < ROUNDS_MAX && !stopping(); i++) {
        struct outbox_round done;
        struct error err = {0};
        enum result r = outbox_run(&w->outbox, w->db, &done, &err);
        char sent[16], later[16], expired[16], refused[16];

        if (r != RESULT_OK) {
            failed("outbox-failed", r, &err);
            return;
        }
        if (done.sent + done.later + done.expired + done.refused == 0) {
            return;
        }
        snprintf(sent, sizeof sent, "%d", done.sent);
        snprintf(later, sizeof later, "%d", done.later);
        snprintf(expired, sizeof expired, "%d", done.expired);
        snprintf(refused, sizeof refused, "%d", done.refused);
        log_event(LOG_INFO, "outbox", "sent", sent, "later", later, "expired", expired, "refused",
                  refused, NULL);
    }
}

static void clean_up(struct worker *w)
{
    struct error err = {0};
    enum result r = member_housekeeping(&w->desk, w->db, &err);

    if (r == RESULT_OK) {
        r = outbox_housekeeping(&w->outbox, w->db, &err);
    }
    if (r != RESULT_OK) {
        failed("housekeeping-failed", r, &err);
    }
}

/* Homes of before there were digests get them here, a few hundred accounts at a time, and so does an
 * account whose digest was left behind; what a busy ledger refuses comes the next time. */
static void fill_digests(struct worker *w)
{
    if (w->filled && clock_monotonic_us() / 1000 - w->filled_at >= FILL_AGAIN_MS) {
        w->filled = false;
    }
    for (int i = 0; i < ROUNDS_MAX && !w->filled && !stopping(); i++) {
        struct error err = {0};
        int64_t made;
        enum result r = digest_fill(w->db, w->filled_to, &made, &err);

        if (r != RESULT_OK) {
            failed("digest-failed", r, &err);
            return;
        }
        w->filled = w->filled_to[0] == '\0';
        w->filled_at = clock_monotonic_us() / 1000;
    }
}

/* The day's signed root, soon after midnight. What is in its way (a settlement that goes on, a busy
 * ledger) is waited for. */
static void make_root(struct worker *w)
{
    struct root_desk desk = {.clock = &w->clock,
                             .centre = w->config.centre_zh,
                             .keys = w->config.keys,
                             .may_make_key = w->config.demo};
    struct error err = {0};
    struct arena *arena;
    struct root root;
    bool made = false;
    enum result r;

    if (w->root_day.day == clock_today(&w->clock).day || clock_monotonic_us() / 1000 < w->root_at) {
        return;
    }
    arena = arena_new(ROOT_ARENA_MAX);
    r = arena ? root_make(&desk, w->db, arena, NULL, &root, &made, &err)
              : error_set(&err, RESULT_MEMORY, "out of memory for a root");
    if (r == RESULT_OK) {
        w->root_day = root.statement.day;
    } else {
        failed("root-not-made", r, &err);
        w->root_at = clock_monotonic_us() / 1000 + ROOT_AGAIN_MS;
    }
    if (made) {
        log_event(LOG_INFO, "root-made", NULL);
    }
    arena_free(arena);
}

static void run(struct worker *w)
{
    int64_t cleaned = clock_monotonic_us() / 1000;

    while (!stopping()) {
        if (reload_wanted) {
            reload_wanted = 0;
            reload(w);
        }
        send_messages(w);
        fill_digests(w);
        make_root(w);
        if (!stopping() && clock_monotonic_us() / 1000 - cleaned >= HOUSEKEEPING_MS) {
            clean_up(w);
            cleaned = clock_monotonic_us() / 1000;
        }
        if (!stopping() && !reload_wanted) {
            wake_wait(w->wake, POLL_MS);
        }
    }
}

int worker_main(int argc, char **argv)
{
    static struct worker w;
    struct error err = {0};
    enum result r;

    (void)argv;
    if (argc != 1) {
        fputs("usage: anju worker\n", stderr);
        return STATUS_USAGE;
    }
    log_start("worker", LOG_INFO);
    take_signals();
    r = worker_open(&w, &err);
    if (r == RESULT_OK) {
        log_event(LOG_INFO, "worker-started", "gateway", w.messenger.name, NULL);
        run(&w);
        clean_up(&w); /* the last uses of sessions */
        log_event(LOG_INFO, "worker-ended", NULL);
    } else if (!stopping()) {
        fprintf(stderr, "anju: %s\n", err.sentence);
    }
    worker_close(&w);
    return result_exit_status(r);
}
