/*
 * `anju serve` without anything of Anju beneath it, so that the host can be tested alone: the
 * configuration comes from the environment, the worker does nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serve/prepare.h"
#include "serve/serve.h"

static const char *word(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value ? value : otherwise;
}

enum result serve_load(struct config *config, bool as_root, struct error *err)
{
    (void)as_root;
    *config = (struct config){.demo = *word("TOY_DEMO", "") != '\0'};
    snprintf(config->home, sizeof(config->home), "%s", word("ANJU_HOME", "home"));
    snprintf(config->listen, sizeof(config->listen), "%s", word("ANJU_LISTEN", "127.0.0.1:8080"));
    snprintf(config->public_origin, sizeof(config->public_origin), "%s", word("TOY_ORIGIN", ""));
    if (*word("TOY_PROXY", ""))
        snprintf(config->trusted_proxies[config->trusted_proxy_count++], 64, "%s",
                 getenv("TOY_PROXY"));
    if (access(config->home, W_OK) != 0)
        return error_set(err, RESULT_CONFIG, "the home %s is not writable", config->home);
    return RESULT_OK;
}

enum result serve_try(const struct config *config, struct error *err)
{
    (void)config;
    const char *wrong = word("TOY_WRONG", "");
    return *wrong ? error_set(err, RESULT_STORE, "%s", wrong) : RESULT_OK;
}

/* The toy has no days that its processes would have to agree upon. */
enum result config_clock_keep(const struct config *config, struct error *err)
{
    (void)config;
    (void)err;
    return RESULT_OK;
}

void config_clock_forget(const struct config *config)
{
    (void)config;
}

/* The worker: TOY_WORKER=die makes it end at once. */
static int worker(void)
{
    if (strcmp(word("TOY_WORKER", ""), "die") == 0)
        return 1;
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "serve") == 0)
        return serve_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return worker();
    return 64;
}
