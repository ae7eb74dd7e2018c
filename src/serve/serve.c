/*
 * The supervisor. It starts nginx, the worker and in a demo home the stand-ins of other parties,
 * and then waits for signals in one place; there are no threads and no signal handlers that do
 * anything, so each step below reads as it happens.
 */
#include "serve/serve.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "serve/limits.h"
#include "serve/prepare.h"
#include "serve/runtime.h"
#include "serve/service.h"

enum { READY_POLL_MS = 30 };

static sigset_t watched;

static int usage(void)
{
    fputs("usage: anju serve [--listen ADDR:PORT] [--workers N] [--print-depositors]\n"
          "                  [--end-with-parent] [--as-root]\n",
          stderr);
    return 64;
}

/* 0, or the exit status of a wrong command line. */
static int read_arguments(struct service *s, int argc, char **argv)
{
    static const struct option options[] = {
        {"listen", required_argument, NULL, 'l'},     {"workers", required_argument, NULL, 'w'},
        {"print-depositors", no_argument, NULL, 'd'}, {"end-with-parent", no_argument, NULL, 'p'},
        {"as-root", no_argument, NULL, 'r'},          {NULL, 0, NULL, 0},
    };
    int c;

    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'l': setenv("ANJU_LISTEN", optarg, 1); break;
        case 'w':
            if (!text_to_int(text_of(optarg), &s->workers) || s->workers < 1 ||
                s->workers > WORKERS_MAX)
                return usage();
            break;
        case 'd': s->print_depositors = true; break;
        case 'p': s->end_with_parent = true; break;
        case 'r': s->as_root = true; break;
        default: return usage();
        }
    }
    return optind == argc ? 0 : usage();
}

static void no_handler(int signal)
{
    (void)signal;
}

/*
 * A shell starts background jobs with SIGINT ignored, and what is ignored is inherited: every
 * signal gets a disposition of its own here. All are blocked and taken by sigtimedwait().
 */
static void take_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
    struct sigaction action = {.sa_handler = no_handler};

    sigemptyset(&watched);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        sigaddset(&watched, signals[i]);
        sigaction(signals[i], &action, NULL);
    }
    sigprocmask(SIG_BLOCK, &watched, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static bool terminal_is_there(void)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* --- while it runs --------------------------------------------------------------------------- */

static void print_depositors(const struct service *s)
{
    char path[CONFIG_PATH_MAX + 32], line[512];

    snprintf(path, sizeof(path), "%s/demo-depositors.txt", s->config.home);
    FILE *in = s->config.demo ? fopen(path, "re") : NULL;
    if (!in)
        return;
    while (fgets(line, sizeof(line), in))
        printf("%.*s  codes at http://%s\n", (int)strcspn(line, "\n"), line,
               s->standins[STANDIN_SMS].text);
    fclose(in);
    printf("Their codes arrive at http://%s\n", s->standins[STANDIN_SMS].text);
    printf("People who can try to register: http://%s\n", s->standins[STANDIN_BANK].text);
}

static void announce(const struct service *s)
{
    if (*s->config.public_origin)
        printf("Anju answers at %s\n", s->config.public_origin);
    else
        printf("Anju answers at http://%s\n", s->listen.text);
    if (s->print_depositors)
        print_depositors(s);
    fflush(stdout);
}

/*
 * Says where it answers once it really does: nginx with its pages, and the handlers. The adapter
 * answers 503 when the handlers did not start, which no time will mend.
 */
static enum result check_ready(struct service *s, int64_t late, struct error *err)
{
    int health = address_ask(&s->operations, "/healthz");

    if (health == 503)
        return error_set(err, RESULT_INTERNAL,
                         "the service did not start: %s/log/error.log says why", s->config.home);
    s->ready = health == 200 && address_ask(&s->listen, "/") == 200;
    if (s->ready)
        announce(s);
    else if (child_now() > late)
        return error_set(err, RESULT_INTERNAL,
                         "the service does not answer; look into "
                         "%s/log/error.log",
                         s->config.home);
    return RESULT_OK;
}

/* nginx checks the new configuration and keeps the old one when it is wrong. */
static void reload(struct service *s)
{
    static struct config fresh;
    struct error err;
    enum result result = serve_load(&fresh, s->as_root, &err);

    if (result == RESULT_OK)
        result = serve_try(&fresh, &err);
    if (result == RESULT_OK) {
        s->config = fresh;
        result = service_write_conf(s, &err);
    }
    if (result != RESULT_OK) {
        log_event(LOG_ERROR, "reload-refused", "why", err.sentence, NULL);
        return;
    }
    child_signal(&s->children[CHILD_NGINX], SIGHUP);
    child_signal(&s->children[CHILD_WORKER], SIGHUP);
    log_event(LOG_INFO, "reloaded", NULL);
}

/* Notes children that ended. RESULT_INTERNAL when the service cannot go on. */
static enum result reap(struct service *s, struct error *err)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (int i = 0; i < CHILD_COUNT; i++) {
            struct child *child = &s->children[i];
            if (child->pid != pid)
                continue;
            bool again = child_ended(child, status);
            if (i == CHILD_NGINX && !s->ready)
                return error_set(err, RESULT_INTERNAL,
                                 "nginx did not start; what it said stands above or in "
                                 "%s/log/error.log",
                                 s->config.home);
            if (!again)
                return error_set(err, RESULT_INTERNAL,
                                 "%s died %d times within a minute; what it said stands above or "
                                 "in %s/log/error.log",
                                 child->name, child->deaths, s->config.home);
        }
    }
    return RESULT_OK;
}

/* Starts what is due. Returns the milliseconds until the next start or look is due; -1: none. */
static int start_due(struct service *s)
{
    int64_t now = child_now();
    int64_t wait = s->ready ? -1 : READY_POLL_MS;
    struct error err;

    for (int i = 0; i < CHILD_COUNT; i++) {
        struct child *child = &s->children[i];
        if (child->pid != 0 || child->start_at == 0)
            continue;
        if (child->start_at <= now && child_start(child, &err) != RESULT_OK) {
            log_event(LOG_ERROR, "child-not-started", "why", err.sentence, NULL);
            child->start_at = now + LIMIT_RESTART_LAST_MS;
        }
        if (child->start_at > now && (wait < 0 || child->start_at - now < wait))
            wait = child->start_at - now;
    }
    return (int)wait;
}

/* The next signal; 0 when none came within the time. */
static int next_signal(int wait_ms)
{
    struct timespec wait = {wait_ms / 1000, (long)(wait_ms % 1000) * 1000000};
    int signal = wait_ms < 0 ? sigwaitinfo(&watched, NULL) : sigtimedwait(&watched, NULL, &wait);

    return signal < 0 ? 0 : signal;
}

static enum result run(struct service *s, struct error *err)
{
    int64_t late = child_now() + LIMIT_READY_MS;
    enum result result = RESULT_OK;

    while (result == RESULT_OK) {
        switch (next_signal(start_due(s))) {
        case SIGINT:
        case SIGTERM: return RESULT_OK;
        case SIGHUP:
            if (s->had_terminal && !terminal_is_there())
                return RESULT_OK; /* its window was closed */
            reload(s);
            break;
        case SIGCHLD: result = reap(s, err); break;
        default: break;
        }
        if (result == RESULT_OK && !s->ready)
            result = check_ready(s, late, err);
    }
    return result;
}

/* --- end ------------------------------------------------------------------------------------- */

/* Collects these children until all have ended or the time is over; a further Ctrl-C ends it. */
static bool wait_for(struct child *first, int count, int64_t deadline)
{
    for (;;) {
        bool running = false;
        for (int i = 0; i < count; i++) {
            if (first[i].pid > 0 && waitpid(first[i].pid, NULL, WNOHANG) == first[i].pid) {
                child_kill(&first[i]); /* what it left behind */
                first[i].pid = 0;
            }
            running = running || first[i].pid > 0;
        }
        int64_t left = deadline - child_now();
        if (!running || left <= 0)
            return !running;
        int signal = next_signal((int)left);
        if (signal == SIGINT || signal == SIGTERM)
            return false;
    }
}

/* Asks, insists, forces. */
static void stop(struct child *first, int count)
{
    for (int i = 0; i < count; i++)
        child_signal(&first[i], first[i].stop_signal);
    if (wait_for(first, count, child_now() + LIMIT_STOP_GRACE_MS))
        return;
    for (int i = 0; i < count; i++)
        child_signal(&first[i], SIGTERM);
    if (wait_for(first, count, child_now() + LIMIT_STOP_FORCE_MS))
        return;
    for (int i = 0; i < count; i++)
        child_kill(&first[i]);
    wait_for(first, count, child_now() + LIMIT_STOP_FORCE_MS);
}

int serve_main(int argc, char **argv)
{
    static struct service service;
    struct error err = {0};
    int wrong = read_arguments(&service, argc, argv);

    if (wrong)
        return wrong;
    umask(077);
    log_start("serve", LOG_INFO);
    service.had_terminal = terminal_is_there();
    take_signals();
    pid_t parent = getppid();
    enum result result = service_start(&service, &err);
    /* After service_start: the kernel forgets this request when a process becomes another user. */
    if (service.end_with_parent && (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent))
        raise(SIGTERM);
    if (result == RESULT_OK)
        result = run(&service, &err);

    /* First who asks, then who is asked. */
    stop(&service.children[CHILD_NGINX], 1);
    stop(&service.children[CHILD_WORKER], CHILD_COUNT - CHILD_WORKER);
    if (*service.conf_path) {
        config_clock_forget(&service.config);
        runtime_close(service.config.home);
    }
    if (result != RESULT_OK)
        fprintf(stderr, "anju: %s\n", err.sentence);
    return result_exit_status(result);
}
