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
          "                  [--end-with-parent] [--as-root] [--try]\n",
          stderr);
    return 64;
}

/* 0, or the exit status of a wrong command line. */
static int read_arguments(struct service *s, int argc, char **argv)
{
    static const struct option options[] = {
        {"listen", required_argument, NULL, 'l'},
        {"workers", required_argument, NULL, 'w'},
        {"print-depositors", no_argument, NULL, 'd'},
        {"end-with-parent", no_argument, NULL, 'p'},
        {"as-root", no_argument, NULL, 'r'},
        {"try", no_argument, NULL, 't'},
        {NULL, 0, NULL, 0},
    };
    int c;

    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'l':
            if (!s->taking_over) /* the address stays, also one that the kernel chose */
                setenv("ANJU_LISTEN", optarg, 1);
            break;
        case 'w':
            if (!text_to_int(text_of(optarg), &s->workers) || s->workers < 1 ||
                s->workers > WORKERS_MAX)
                return usage();
            break;
        case 'd': s->print_depositors = true; break;
        case 'p': s->end_with_parent = true; break;
        case 'r': s->as_root = true; break;
        case 't': s->trying = true; break;
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
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR2, SIGCHLD};
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

/* --- a restart ------------------------------------------------------------------------------- */

/* Would the program that lies in this one's place start? It says itself what is wrong. */
static bool try_program(const struct service *s)
{
    const char *const argv[] = {s->program.self, "serve", "--try", s->as_root ? "--as-root" : NULL,
                                NULL};
    struct child trial = {.name = "the new program", .argv = argv};
    struct error err;
    int status = -1;

    if (child_start(&trial, &err) != RESULT_OK)
        return false;
    return waitpid(trial.pid, &status, 0) == trial.pid && status == 0;
}

/* Becomes the program that lies in this one's place. Comes back only when that failed. */
static void become_new(struct service *s)
{
    struct handover h = {.lock = s->lock,
                         .listener = s->listener,
                         .nginx = s->children[CHILD_NGINX].pid,
                         .worker = s->children[CHILD_WORKER].pid};

    for (int i = 0; i < STANDIN_COUNT && s->config.demo; i++) {
        h.standins[i] = s->children[CHILD_STANDINS + i].pid;
        h.standin_ports[i] = s->standins[i].port;
    }
    handover_leave(&h);
    execv(s->program.self, s->argv);
    handover_undo(&h);
}

static void refuse_restart(const char *why)
{
    log_event(LOG_ERROR, "restart-refused", "why", why, NULL);
}

static void restart(struct service *s)
{
    if (!s->ready || s->children[CHILD_OLD].pid > 0 || s->children[CHILD_NGINX].pid == 0) {
        refuse_restart("one is under way already");
    } else if (!try_program(s)) {
        refuse_restart("the program in its place does not start; what it said stands above");
    } else {
        become_new(s);
        refuse_restart("the program in its place cannot be run");
    }
}

/* The new nginx answers: the old one ends what it is at, and the worker makes room for a new one. */
static void take_over(struct service *s)
{
    struct error err;

    if (service_write_addresses(s, &err) != RESULT_OK)
        log_event(LOG_ERROR, "addresses-not-written", "why", err.sentence, NULL);
    s->replaced_worker = s->children[CHILD_WORKER].pid;
    child_signal(&s->children[CHILD_OLD], SIGQUIT);
    child_signal(&s->children[CHILD_WORKER], SIGTERM);
    s->taking_over = false;
    log_event(LOG_INFO, "restarted", NULL);
}

/* The new nginx does not answer: the old one goes on. */
static void go_back(struct service *s)
{
    struct child *fresh = &s->children[CHILD_NGINX], *old = &s->children[CHILD_OLD];

    child_kill(fresh);
    if (fresh->pid > 0)
        waitpid(fresh->pid, NULL, 0);
    fresh->pid = old->pid;
    fresh->start_at = old->pid > 0 ? 0 : child_now();
    old->pid = 0;
    if (fresh->pid > 0)
        runtime_write_nginx(s->config.home, (int)fresh->pid);
    s->ready = true;
    s->taking_over = false;
    log_event(LOG_ERROR, "restart-refused", "why",
              "the new nginx does not answer: log/error.log says why; the old one goes on", NULL);
}

/* Children that end because of a restart; true: it was one of these. */
static bool reap_replaced(struct service *s, pid_t pid)
{
    struct child *old = &s->children[CHILD_OLD], *worker = &s->children[CHILD_WORKER];

    if (pid == old->pid && !s->taking_over) {
        child_kill(old);
        old->pid = 0;
        runtime_write_nginx(s->config.home, (int)s->children[CHILD_NGINX].pid);
        return true;
    }
    if (pid != s->replaced_worker)
        return false;
    child_kill(worker);
    worker->pid = s->replaced_worker = 0;
    worker->start_at = child_now();
    return true;
}

/*
 * Says where it answers once it really does: nginx with its pages, and the handlers. The adapter
 * answers 503 when the handlers did not start, which no time will mend.
 */
static enum result check_ready(struct service *s, int64_t late, struct error *err)
{
    int health = address_ask(&s->operations, "/healthz");

    if (s->taking_over && (health == 503 || child_now() > late)) {
        go_back(s);
        return RESULT_OK;
    }
    if (health == 503)
        return error_set(err, RESULT_INTERNAL,
                         "the service did not start: %s/log/error.log says why", s->config.home);
    s->ready = health == 200 && address_ask(&s->listen, "/") == 200;
    if (s->ready && s->taking_over)
        take_over(s);
    else if (s->ready)
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
        if (reap_replaced(s, pid))
            continue;
        for (int i = 0; i < CHILD_COUNT; i++) {
            struct child *child = &s->children[i];
            if (child->pid != pid)
                continue;
            if (i == CHILD_NGINX && s->taking_over) {
                child->pid = 0;
                go_back(s);
                break;
            }
            bool again = child_ended(child, status);
            if (i == CHILD_OLD) { /* it died while the new one starts, which then takes its place */
                child->start_at = 0;
                continue;
            }
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
        case SIGUSR2: restart(s); break;
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

static int say(enum result result, const struct error *err)
{
    if (result != RESULT_OK)
        fprintf(stderr, "anju: %s\n", err->sentence);
    return result_exit_status(result);
}

/* The words with which the command is started again: the program's name before them. */
static char **words_again(int argc, char **argv)
{
    static char program[] = "anju";
    char **again = calloc((size_t)argc + 2, sizeof(*again));

    for (int i = 0; again && i < argc; i++)
        again[i + 1] = argv[i];
    if (again)
        again[0] = program;
    return again;
}

int serve_main(int argc, char **argv)
{
    static struct service service;
    struct handover handover;
    struct error err = {0};

    service.taking_over = handover_take(&handover);
    service.argv = words_again(argc, argv);
    int wrong = service.argv ? read_arguments(&service, argc, argv) : 71;

    if (wrong)
        return wrong;
    umask(077);
    log_start("serve", LOG_INFO);
    if (service.trying)
        return say(service_try(&service, &err), &err);
    service.had_terminal = terminal_is_there();
    take_signals();
    pid_t parent = getppid();
    enum result result = service_start(&service, &handover, &err);
    /* After service_start: the kernel forgets this request when a process becomes another user. */
    if (service.end_with_parent && (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent))
        raise(SIGTERM);
    if (result == RESULT_OK)
        result = run(&service, &err);

    /* First who asks, then who is asked. Nobody waits in front of a closed door. */
    if (service.listener > 0)
        close(service.listener);
    stop(&service.children[CHILD_NGINX], CHILD_WORKER);
    stop(&service.children[CHILD_WORKER], CHILD_COUNT - CHILD_WORKER);
    if (*service.conf_path) {
        config_clock_forget(&service.config);
        runtime_close(service.config.home);
    }
    return say(result, &err);
}
