#include "serve/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "channel/web/web.h"
#include "policy/policy.h"

enum { COPY_PATH_MAX = CONFIG_PATH_MAX + 32, POLICY_BYTES_MAX = 1024 * 1024 };

enum result serve_load(struct config *config, struct error *err)
{
    return config_load(config, err);
}

static enum result copy_policy(const char *from, const char *to, struct error *err)
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

/* The copy is read once more before it takes its place: the file may have changed since it was
 * tried. */
static enum result take_policy(const char *copy, const char *kept, struct error *err)
{
    struct policy *policy = NULL;
    enum result result = policy_load(copy, &policy, err);

    policy_free(policy);
    if (result == RESULT_OK && rename(copy, kept) != 0)
        result = error_set(err, RESULT_IO, "cannot write %s: %s", kept, strerror(errno));
    return result;
}

enum result serve_try(const struct config *config, struct error *err)
{
    static struct web web;
    char kept[CONFIG_PATH_MAX], copy[COPY_PATH_MAX];
    enum result result = web_open(&web, err);

    if (result != RESULT_OK)
        return result;
    web_close(&web);
    config_kept_policy(config, kept);
    snprintf(copy, sizeof(copy), "%s.new", kept);
    result = copy_policy(config->policy, copy, err);
    return result == RESULT_OK ? take_policy(copy, kept, err) : result;
}
