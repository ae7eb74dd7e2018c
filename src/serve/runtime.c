#include "serve/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "serve/program.h"

enum { RUNTIME_PATH_MAX = CONFIG_PATH_MAX + 64 };

static enum result make_folder(const char *home, const char *name, struct error *err)
{
    char path[RUNTIME_PATH_MAX];

    snprintf(path, sizeof(path), "%s/%s", home, name);
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return error_set(err, RESULT_IO, "cannot make %s: %s", path, strerror(errno));
    return RESULT_OK;
}

/* The descriptor stays open, and with it the lock, until the process ends. */
static enum result take_lock(const char *home, int *lock, struct error *err)
{
    char path[RUNTIME_PATH_MAX];
    char number[16] = "";

    snprintf(path, sizeof(path), "%s/run/serve.lock", home);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(err, RESULT_IO, "cannot open %s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t len = pread(fd, number, sizeof(number) - 1, 0);
        close(fd);
        return error_set(err, RESULT_CONFLICT,
                         "a service runs on %s already (process %.*s): end it, or name another "
                         "folder with ANJU_HOME",
                         home, (int)strcspn(number, "\n"), len > 0 ? number : "?");
    }
    int len = snprintf(number, sizeof(number), "%d\n", (int)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, number, (size_t)len, 0) != len) {
        error_set(err, RESULT_IO, "cannot write %s: %s", path, strerror(errno));
        close(fd);
        return RESULT_IO;
    }
    *lock = fd;
    return RESULT_OK;
}

enum result runtime_open(const char *home, int *lock, bool *crashed, struct error *err)
{
    static const char *const folders[] = {"run", "run/nginx", "log"};
    char path[RUNTIME_PATH_MAX];
    enum result result;

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        if ((result = make_folder(home, folders[i], err)) != RESULT_OK)
            return result;
    if ((result = take_lock(home, lock, err)) != RESULT_OK)
        return result;
    snprintf(path, sizeof(path), "%s/run/addresses.json", home);
    *crashed = access(path, F_OK) == 0;
    /* The quick look at sessions begins empty: meanwhile the database may have been put back from a
     * backup, or be another one, and this file would let in whom it does not know. */
    snprintf(path, sizeof(path), "%s/run/sessions", home);
    if (unlink(path) != 0 && errno != ENOENT)
        return error_set(err, RESULT_IO, "cannot remove %s: %s", path, strerror(errno));
    return RESULT_OK;
}

enum result runtime_write_addresses(const char *home, const struct address *public_listener,
                                    const struct address *operations,
                                    const struct address *standins, struct error *err)
{
    static const char *const keys[STANDIN_COUNT] = {"sms_gateway", "identity_check",
                                                    "bank_card_check"};
    char path[RUNTIME_PATH_MAX], temporary[RUNTIME_PATH_MAX + 8];

    snprintf(path, sizeof(path), "%s/run/addresses.json", home);
    snprintf(temporary, sizeof(temporary), "%s.new", path);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (!out)
        return error_set(err, RESULT_IO, "cannot write %s: %s", temporary, strerror(errno));
    fprintf(out, "{\n  \"public\": \"http://%s\",\n  \"operations\": \"http://%s\"",
            public_listener->text, operations->text);
    for (int i = 0; i < STANDIN_COUNT && standins; i++)
        fprintf(out, ",\n  \"%s\": \"http://%s\"", keys[i], standins[i].text);
    fputs("\n}\n", out);
    bool written = !ferror(out);
    if (fclose(out) != 0 || !written || rename(temporary, path) != 0)
        return error_set(err, RESULT_IO, "cannot write %s: %s", path, strerror(errno));
    return RESULT_OK;
}

void runtime_write_nginx(const char *home, int pid)
{
    char path[RUNTIME_PATH_MAX];

    snprintf(path, sizeof(path), "%s/run/nginx.pid", home);
    FILE *out = fopen(path, "we");
    if (out) {
        fprintf(out, "%d\n", pid);
        fclose(out);
    }
}

void runtime_close(const char *home)
{
    char path[RUNTIME_PATH_MAX];

    snprintf(path, sizeof(path), "%s/run/addresses.json", home);
    unlink(path);
}
