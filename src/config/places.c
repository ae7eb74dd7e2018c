/* Where things are: the home folder, the keys, the program and what it needs beside it. */
#include "internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void config_path(char out[CONFIG_PATH_MAX], const char *folder, const char *name)
{
    snprintf(out, CONFIG_PATH_MAX, "%.*s/%.*s", CONFIG_PATH_MAX - CONFIG_NAME_ROOM, folder,
             CONFIG_NAME_ROOM - 2, name);
}

/* Makes a path absolute and cuts slashes at its end. */
static enum result absolute(const char *what, const char *path, char out[CONFIG_PATH_MAX],
                            struct error *err)
{
    char here[PATH_MAX] = "";
    int len;

    if (path[0] != '/' && !getcwd(here, sizeof here))
        return error_set(err, RESULT_IO, "the working folder cannot be read: %s", strerror(errno));
    if (strncmp(path, "./", 2) == 0)
        path += 2;
    len = snprintf(out, CONFIG_PATH_MAX, "%s%s%s", here, path[0] == '/' ? "" : "/", path);
    if (len < 0 || len >= CONFIG_PATH_MAX - CONFIG_NAME_ROOM)
        return error_set(err, RESULT_CONFIG, "%s: the path is longer than %d bytes", what,
                         CONFIG_PATH_MAX - CONFIG_NAME_ROOM);
    while (len > 1 && out[len - 1] == '/')
        out[--len] = '\0';
    return RESULT_OK;
}

/* The folder of the file that this code runs from: the library when nginx has loaded it, whose
 * own program says nothing about us, otherwise the program. */
static enum result find_program(char out[CONFIG_PATH_MAX], struct error *err)
{
    char path[PATH_MAX];
    char *slash;
    Dl_info info;

    if (dladdr((void *)(uintptr_t)config_load, &info) && info.dli_fname &&
        strstr(info.dli_fname, ".so") && realpath(info.dli_fname, path)) {
        /* path is the library's */
    } else if (!realpath("/proc/self/exe", path)) {
        return error_set(err, RESULT_IO, "/proc/self/exe: %s", strerror(errno));
    }
    slash = strrchr(path, '/');
    *(slash == path ? slash + 1 : slash) = '\0';
    if (strlen(path) >= CONFIG_PATH_MAX - CONFIG_NAME_ROOM)
        return error_set(err, RESULT_CONFIG, "the program's path is too long");
    snprintf(out, CONFIG_PATH_MAX, "%s", path);
    return RESULT_OK;
}

static bool holds_policy(const char *folder)
{
    char path[CONFIG_PATH_MAX];
    struct stat st;

    config_path(path, folder, "policy");
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* PREFIX/bin/anju has PREFIX/share/anju; build/anju the checkout above it, and a build folder
 * inside build/ the one above that. */
static enum result find_assets(const char *program, char out[CONFIG_PATH_MAX], struct error *err)
{
    static const char *const beside[] = {"../share/anju", "..", "../.."};
    const char *named = getenv("ANJU_ASSETS");

    if (named && named[0]) {
        enum result r = absolute("ANJU_ASSETS", named, out, err);
        if (r == RESULT_OK && !holds_policy(out))
            r = error_set(err, RESULT_CONFIG, "ANJU_ASSETS: %s holds no folder policy", out);
        return r;
    }
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        char folder[CONFIG_PATH_MAX], real[PATH_MAX];

        config_path(folder, program, beside[i]);
        if (!holds_policy(folder) || !realpath(folder, real))
            continue;
        snprintf(out, CONFIG_PATH_MAX, "%.*s", CONFIG_PATH_MAX - CONFIG_NAME_ROOM, real);
        return RESULT_OK;
    }
    return error_set(err, RESULT_CONFIG,
                     "the folder policy is not found from %s; ANJU_ASSETS names the folder that "
                     "holds it",
                     program);
}

enum result config_find_places(struct config *c, struct error *err)
{
    const char *home = getenv("ANJU_HOME");
    enum result r = absolute("ANJU_HOME", home && home[0] ? home : "home", c->home, err);

    if (r == RESULT_OK)
        r = find_program(c->program, err);
    if (r == RESULT_OK)
        r = find_assets(c->program, c->assets, err);
    return r;
}

/* True when path is folder or lies in it. Both are resolved as far as they exist, so that a link
 * does not hide it. */
static bool lies_in(const char *path, const char *folder)
{
    char real_path[PATH_MAX], real_folder[PATH_MAX];
    size_t len;

    if (!realpath(path, real_path))
        snprintf(real_path, sizeof real_path, "%s", path);
    if (!realpath(folder, real_folder))
        snprintf(real_folder, sizeof real_folder, "%s", folder);
    len = strlen(real_folder);
    return strncmp(real_path, real_folder, len) == 0 &&
           (real_path[len] == '/' || real_path[len] == '\0');
}

/* Whoever copies the data folder of a real home must not have the keys with it. */
enum result config_find_keys(struct config *c, struct error *err)
{
    const char *named = getenv("ANJU_KEYS");

    if (named && named[0]) {
        enum result r = absolute("ANJU_KEYS", named, c->keys, err);
        if (r == RESULT_OK && !c->demo && lies_in(c->keys, c->home))
            r = error_set(err, RESULT_CONFIG,
                          "ANJU_KEYS: %s lies inside the data folder %s; only a demo home may keep "
                          "its keys there",
                          c->keys, c->home);
        return r;
    }
    if (c->demo)
        config_path(c->keys, c->home, "keys");
    else
        snprintf(c->keys, sizeof c->keys, "%.*s-keys", CONFIG_PATH_MAX - CONFIG_NAME_ROOM, c->home);
    return RESULT_OK;
}
