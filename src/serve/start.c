/* How a service starts: everything that can be wrong is found before the first child runs. */
#include "serve/service.h"

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serve/limits.h"
#include "serve/nginx_conf.h"
#include "serve/prepare.h"
#include "serve/runtime.h"

enum { HOSTS_MAX = 16, NAME_MAX_BYTES = 256 };

/* nginx's workers may have as many files open as the administrator allows this process. What dies
 * leaves no core file: passwords and people's data would lie in it. */
static void set_limits(void)
{
    struct rlimit limit;
    const struct rlimit none = {0, 0};

    setrlimit(RLIMIT_CORE, &none);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/*
 * Started as root on somebody else's home, the service becomes that user: what it writes there must
 * be readable for the other commands, and nothing it does needs root.
 */
static enum result become_owner(struct error *err)
{
    const char *home = getenv("ANJU_HOME");
    struct stat folder;

    home = home && *home ? home : "home";
    if (geteuid() != 0 || stat(home, &folder) != 0 || folder.st_uid == 0)
        return RESULT_OK;
    const struct passwd *owner = getpwuid(folder.st_uid);
    if (!owner || initgroups(owner->pw_name, owner->pw_gid) != 0 || setgid(owner->pw_gid) != 0 ||
        setuid(owner->pw_uid) != 0)
        return error_set(err, RESULT_CONFIG,
                         "cannot become the owner of %s (user number %u): start the service as "
                         "that user",
                         home, (unsigned)folder.st_uid);
    return RESULT_OK;
}

/* The host name of "https://host:port", or "". */
static void host_of_origin(const char *origin, char *out)
{
    const char *host = strstr(origin, "://");

    host = host ? host + 3 : "";
    size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
    snprintf(out, NAME_MAX_BYTES, "%.*s", (int)len, host);
}

static void add_host(const char **hosts, size_t *count, const char *host)
{
    for (size_t i = 0; i < *count; i++)
        if (strcasecmp(hosts[i], host) == 0)
            return;
    if (*host && *count < HOSTS_MAX)
        hosts[(*count)++] = host;
}

enum result service_write_conf(struct service *s, struct error *err)
{
    const struct config *config = &s->config;
    const char *hosts[HOSTS_MAX], *proxies[CONFIG_PROXIES_MAX];
    char origin_host[NAME_MAX_BYTES];
    size_t host_count = 0;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    cores = cores < 1 ? 1 : cores > WORKERS_MAX ? WORKERS_MAX : cores;
    int workers = s->workers ? s->workers : (int)cores;
    add_host(hosts, &host_count, "localhost");
    add_host(hosts, &host_count, s->listen.host);
    host_of_origin(config->public_origin, origin_host);
    add_host(hosts, &host_count, origin_host);
    for (int i = 0; i < config->host_count; i++)
        add_host(hosts, &host_count, config->hosts[i]);
    for (int i = 0; i < config->trusted_proxy_count; i++)
        proxies[i] = config->trusted_proxies[i];

    struct nginx_conf conf = {
        .home = config->home,
        .module = s->program.module,
        .library = s->program.library,
        .pages = s->program.pages,
        .listen = s->listen.text,
        .operations = s->operations.text,
        .as_root = geteuid() == 0,
        .tls_in_front = strncmp(config->public_origin, "https://", 8) == 0,
        .hosts = hosts,
        .host_count = host_count,
        .trusted_proxies = proxies,
        .trusted_proxy_count = (size_t)config->trusted_proxy_count,
        .workers = workers,
        .hash_threads = workers < cores ? (int)(cores / workers) : 1,
    };
    return nginx_conf_write(&conf, s->conf_path, err);
}

enum result service_write_addresses(const struct service *s, struct error *err)
{
    return runtime_write_addresses(s->config.home, &s->listen, &s->operations,
                                   s->config.demo ? s->standins : NULL, err);
}

/* A port that was picked is free until somebody listens there: the next pick may get it again. */
static bool is_taken(const struct service *s, int port)
{
    bool taken = port == s->listen.port || port == s->operations.port;

    for (int i = 0; i < STANDIN_COUNT; i++)
        taken = taken || port == s->standins[i].port;
    return taken;
}

static enum result pick_another(const struct service *s, struct address *out, struct error *err)
{
    struct address picked;
    enum result result;

    do {
        result = address_pick(&picked, err);
    } while (result == RESULT_OK && is_taken(s, picked.port));
    if (result == RESULT_OK)
        *out = picked;
    return result;
}

static enum result choose_addresses(struct service *s, bool crashed, struct error *err)
{
    enum result result = address_parse(s->config.listen, &s->listen, err);

    if (result == RESULT_OK)
        result = address_listen(&s->listen, crashed ? LIMIT_PORT_MS : 0, &s->listener, err);
    if (result == RESULT_OK)
        result = pick_another(s, &s->operations, err);
    for (int i = 0; i < STANDIN_COUNT && s->config.demo && result == RESULT_OK; i++)
        result = pick_another(s, &s->standins[i], err);
    return result == RESULT_OK ? service_write_addresses(s, err) : result;
}

/* The public address and the stand-ins stay; the new nginx has its own one for operations, so that
 * it can be asked whether it is there. */
static enum result keep_addresses(struct service *s, const struct handover *h, struct error *err)
{
    enum result result = address_parse(s->config.listen, &s->listen, err);

    s->listener = h->listener;
    for (int i = 0; i < STANDIN_COUNT && s->config.demo && result == RESULT_OK; i++) {
        char text[ADDRESS_TEXT_MAX];

        snprintf(text, sizeof(text), "127.0.0.1:%d", h->standin_ports[i]);
        result = address_parse(text, &s->standins[i], err);
    }
    return result == RESULT_OK ? pick_another(s, &s->operations, err) : result;
}

static void describe_children(struct service *s)
{
    /* Before it has read the file it says that it inherits sockets; what is wrong goes to standard
     * error all the same. */
    const char *nginx[] = {s->program.nginx, "-e", "/dev/null",  "-p",
                           s->config.home,   "-c", s->conf_path, NULL};
    const char *worker[] = {s->program.self, "worker", NULL};

    memcpy(s->arguments[CHILD_NGINX], nginx, sizeof(nginx));
    memcpy(s->arguments[CHILD_OLD], nginx, sizeof(nginx));
    memcpy(s->arguments[CHILD_WORKER], worker, sizeof(worker));
    s->children[CHILD_NGINX] =
        (struct child){.name = "nginx", .stop_signal = SIGQUIT, .listener = s->listener};
    s->children[CHILD_OLD] = s->children[CHILD_NGINX];
    s->children[CHILD_WORKER] = (struct child){.name = "worker", .stop_signal = SIGTERM};
    for (int i = 0; i < STANDIN_COUNT; i++) {
        char *port = s->standin_ports[i];
        const char *standin[] = {s->program.standins[i], port, s->config.home, NULL};

        snprintf(port, sizeof(s->standin_ports[i]), "%d", s->standins[i].port);
        memcpy(s->arguments[CHILD_STANDINS + i], standin, sizeof(standin));
        s->children[CHILD_STANDINS + i] =
            (struct child){.name = standin_names[i], .stop_signal = SIGTERM};
    }
    for (int i = 0; i < CHILD_COUNT; i++)
        s->children[i].argv = s->arguments[i];
}

/* A demo home needs its stand-ins. */
static enum result check_standins(const struct service *s, struct error *err)
{
    for (int i = 0; i < STANDIN_COUNT && s->config.demo; i++)
        if (!*s->program.standins[i])
            return error_set(err, RESULT_CONFIG, "anju-standin-%s is missing: run `make build`",
                             standin_names[i]);
    return RESULT_OK;
}

/* What is looked at before anything is taken or started. */
static enum result load(struct service *s, struct error *err)
{
    enum result result = become_owner(err);

    if (result == RESULT_OK)
        result = serve_load(&s->config, s->as_root, err);
    if (result == RESULT_OK)
        result = program_find(&s->program, err);
    return result == RESULT_OK ? check_standins(s, err) : result;
}

enum result service_try(struct service *s, struct error *err)
{
    enum result result = load(s, err);

    return result == RESULT_OK ? serve_try(&s->config, err) : result;
}

/* The children of the program before: they are this process's, and go on meanwhile. */
static void adopt(struct service *s, const struct handover *h)
{
    s->children[CHILD_OLD].pid = h->nginx;
    s->children[CHILD_WORKER].pid = h->worker;
    for (int i = 0; i < STANDIN_COUNT; i++)
        s->children[CHILD_STANDINS + i].pid = h->standins[i];
}

static enum result start_children(struct service *s, struct error *err)
{
    enum result result = child_start(&s->children[CHILD_NGINX], err);

    for (int i = CHILD_WORKER; i < CHILD_COUNT && result == RESULT_OK && !s->taking_over; i++)
        if (i < CHILD_STANDINS || s->config.demo)
            result = child_start(&s->children[i], err);
    return result;
}

enum result service_start(struct service *s, const struct handover *h, struct error *err)
{
    bool crashed = false;
    enum result result;

    if (s->taking_over) {
        adopt(s, h); /* first of all: whatever fails below, they end with this process */
        s->lock = h->lock;
    }
    result = load(s, err);
    if (result == RESULT_OK && !s->taking_over)
        result = runtime_open(s->config.home, &s->lock, &crashed, err);
    if (result == RESULT_OK && !s->taking_over)
        result = config_clock_keep(&s->config, err);
    if (result == RESULT_OK)
        result = serve_try(&s->config, err);
    if (result == RESULT_OK)
        result = s->taking_over ? keep_addresses(s, h, err) : choose_addresses(s, crashed, err);
    if (result != RESULT_OK)
        return result;

    /* The children find the same home and address, whatever was given on the command line. */
    setenv("ANJU_HOME", s->config.home, 1);
    setenv("ANJU_LISTEN", s->listen.text, 1);
    snprintf(s->conf_path, sizeof(s->conf_path), "%s/run/nginx.conf", s->config.home);
    set_limits();
    describe_children(s);
    if (s->taking_over)
        adopt(s, h);
    result = service_write_conf(s, err);
    return result == RESULT_OK ? start_children(s, err) : result;
}
