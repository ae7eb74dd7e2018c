#include "serve/program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A build folder has all of it in one place; packages spread it. Relative to the program. */
static const char *const beside[] = {".", "../lib/anju", "../share/anju", NULL};

const char *const standin_names[STANDIN_COUNT] = {"sms", "identity", "bank"};

static bool try_file(const char *folder, const char *name, int mode, char *out)
{
    char path[2 * CONFIG_PATH_MAX];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (access(path, mode) != 0)
        return false;
    char *real = realpath(path, NULL);
    bool found = real && strlen(real) < CONFIG_PATH_MAX;
    if (found)
        memcpy(out, real, strlen(real) + 1);
    free(real);
    return found;
}

static bool find_beside(const char *folder, const char *name, int mode, char *out)
{
    char place[2 * CONFIG_PATH_MAX];

    for (int i = 0; beside[i]; i++) {
        snprintf(place, sizeof(place), "%s/%s", folder, beside[i]);
        if (try_file(place, name, mode, out))
            return true;
    }
    return false;
}

/* The PATH of ordinary users has no sbin. */
static bool find_in_path(const char *name, char *out)
{
    static const char *const system[] = {"/usr/sbin", "/usr/local/sbin", NULL};
    const char *path = getenv("PATH");
    char folder[CONFIG_PATH_MAX];

    for (int i = 0; system[i]; i++)
        if (try_file(system[i], name, X_OK, out))
            return true;
    for (const char *at = path ? path : ""; *at; at += strspn(at, ":")) {
        size_t len = strcspn(at, ":");
        if (len > 0 && len < sizeof(folder)) {
            memcpy(folder, at, len);
            folder[len] = '\0';
            if (try_file(folder, name, X_OK, out))
                return true;
        }
        at += len;
    }
    return false;
}

enum result program_find(struct program *out, struct error *err)
{
    char folder[CONFIG_PATH_MAX];

    *out = (struct program){0};
    ssize_t len = readlink("/proc/self/exe", out->self, sizeof(out->self) - 1);
    if (len <= 0)
        return error_set(err, RESULT_IO, "cannot read /proc/self/exe: %s", strerror(errno));
    memcpy(folder, out->self, sizeof(folder));
    *strrchr(folder, '/') = '\0';

    if (!find_beside(folder, "nginx-pkg/usr/sbin/nginx", X_OK, out->nginx) &&
        !find_in_path("nginx", out->nginx))
        return error_set(err, RESULT_CONFIG,
                         "nginx is missing: run `make build`, or install the package nginx");
    if (!find_beside(folder, "ngx_http_adapter_module.so", R_OK, out->module))
        return error_set(err, RESULT_CONFIG,
                         "ngx_http_adapter_module.so is missing beside %s: run `make build`",
                         out->self);
    if (!find_beside(folder, "libanju_web.so", R_OK, out->library))
        return error_set(err, RESULT_CONFIG,
                         "libanju_web.so is missing beside %s: run `make build`", out->self);
    if (!find_beside(folder, "web/hall", R_OK, out->pages))
        snprintf(out->pages, sizeof(out->pages), "%.1000s/web/hall", folder);
    for (int i = 0; i < STANDIN_COUNT; i++) {
        char name[32];
        snprintf(name, sizeof(name), "anju-standin-%s", standin_names[i]);
        find_beside(folder, name, X_OK, out->standins[i]);
    }
    return RESULT_OK;
}
