#include "serve/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "channel/web/web.h"
#include "policy/policy.h"

enum { COPY_PATH_MAX = CONFIG_PATH_MAX + 32, POLICY_BYTES_MAX = 1024 * 1024 };

enum result serve_load(struct config *config, bool as_root, struct error *err)
{
    return geteuid() == 0 && !as_root ? config_load_demo_only(config, err)
                                      : config_load(config, err);
}

static enum result copy_file(const char *from, const char *to, struct error *err)
{
    static char bytes[POLICY_BYTES_MAX];
    FILE *in = fopen(from, "re");
    size_t len = in ? fread(bytes, 1, sizeof(bytes), in) : 0;
    bool read = in && !ferror(in) && len < sizeof(bytes);

    if (in)
        fclose(in);
    if (!read)
        return error_set(err, RESULT_CONFIG, "%s cannot be read, or has more than %d bytes", from,
                         POLICY_BYTES_MAX - 1);
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = fd >= 0 && write(fd, bytes, len) == (ssize_t)len;
    if (fd >= 0 && close(fd) != 0)
        written = false;
    return written ? RESULT_OK
                   : error_set(err, RESULT_IO, "cannot write %s: %s", to, strerror(errno));
}

/* Files of rules that are kept: copies beside their places, not yet in them. */
struct keeping {
    char policy[CONFIG_PATH_MAX], offices[CONFIG_PATH_MAX];
    char policy_copy[COPY_PATH_MAX], offices_copy[COPY_PATH_MAX];
    bool has_offices;
};

/* The copies are read once more before they take their places: the files may have changed since they
 * were tried. */
static enum result try_copies(const struct keeping *k, struct error *err)
{
    struct policy *policy = NULL;
    enum result result = policy_load(k->policy_copy, &policy, err);

    if (result == RESULT_OK && k->has_offices)
        result = policy_take_offices(policy, k->offices_copy, err);
    policy_free(policy);
    return result;
}

static enum result take_copies(const struct keeping *k, struct error *err)
{
    if (rename(k->policy_copy, k->policy) != 0)
        return error_set(err, RESULT_IO, "cannot write %s: %s", k->policy, strerror(errno));
    if (k->has_offices ? rename(k->offices_copy, k->offices) != 0
                       : unlink(k->offices) != 0 && errno != ENOENT)
        return error_set(err, RESULT_IO, "cannot write %s: %s", k->offices, strerror(errno));
    return RESULT_OK;
}

static enum result keep(const struct config *config, struct error *err)
{
    struct keeping k = {.has_offices = config->offices[0] != '\0'};
    enum result result;

    config_kept_policy(config, k.policy);
    config_kept_offices(config, k.offices);
    snprintf(k.policy_copy, sizeof(k.policy_copy), "%s.new", k.policy);
    snprintf(k.offices_copy, sizeof(k.offices_copy), "%s.new", k.offices);
    result = copy_file(config->policy, k.policy_copy, err);
    if (result == RESULT_OK && k.has_offices)
        result = copy_file(config->offices, k.offices_copy, err);
    if (result == RESULT_OK)
        result = try_copies(&k, err);
    return result == RESULT_OK ? take_copies(&k, err) : result;
}

enum result serve_try(const struct config *config, struct error *err)
{
    static struct web web;
    enum result result = web_open(&web, err);

    if (result != RESULT_OK)
        return result;
    web_close(&web);
    return keep(config, err);
}
