/* Files of a backup: written whole, synced, measured. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

enum { PIECE = 1024 * 1024, PAUSE_NS = 1000 * 1000 };

enum result file_path(char out[BACKUP_PATH_MAX], const char *folder, const char *name,
                      struct error *err)
{
    if (snprintf(out, BACKUP_PATH_MAX, "%s/%s", folder, name) < BACKUP_PATH_MAX)
        return RESULT_OK;
    return error_set(err, RESULT_INVALID, "the path %.100s… is too long", folder);
}

static enum result failed(const char *path, const char *doing, struct error *err)
{
    return error_set(err, RESULT_IO, "%s cannot be %s: %s", path, doing,
                     errno == ENOSPC ? "the disk is full" : strerror(errno));
}

static bool write_whole(int fd, const uint8_t *at, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, at, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

/* What is worked on while a file goes by; to is -1 when it is only read. */
struct passing {
    int from, to;
    const char *from_path, *to_path;
    uint8_t *piece;
    struct sha256 *sha;
};

static enum result pass(struct passing *p, struct backup_file *file, const struct store_work *work,
                        uint64_t before, struct error *err)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    uint8_t digest[SHA256_SIZE];

    sha256_begin(p->sha);
    file->size = 0;
    for (;;) {
        ssize_t n = read(p->from, p->piece, PIECE);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(p->from_path, "read", err);
        if (n == 0)
            break;
        sha256_add(p->sha, p->piece, (size_t)n);
        if (p->to >= 0 && !write_whole(p->to, p->piece, (size_t)n))
            return failed(p->to_path, "written", err);
        file->size += n;
        if (work && work->progress)
            progress_show(work->progress, before + (uint64_t)file->size);
        if (work && work->stopped && work->stopped())
            return error_set(err, RESULT_BUSY, "interrupted");
        nanosleep(&pause, NULL); /* the service has the disk */
    }
    sha256_end(p->sha, digest);
    sha256_hex(digest, file->sha256);
    /* It goes by once: the service's pages shall stay in memory. */
    posix_fadvise(p->from, 0, 0, POSIX_FADV_DONTNEED);
    return RESULT_OK;
}

static enum result pass_with_memory(struct passing *p, struct backup_file *file,
                                    const struct store_work *work, uint64_t before,
                                    struct error *err)
{
    enum result r;

    p->piece = malloc(PIECE);
    p->sha = sha256_new();
    if (p->piece && p->sha)
        r = pass(p, file, work, before, err);
    else
        r = error_set(err, RESULT_MEMORY, "out of memory");
    free(p->piece);
    sha256_free(p->sha);
    return r;
}

/* Opens an ordinary file for reading: a link in a backup is nobody's honest doing. */
static enum result open_file(const char *path, int *out, struct error *err)
{
    struct stat st;

    *out = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (*out < 0)
        return failed(path, "read", err);
    if (fstat(*out, &st) == 0 && S_ISREG(st.st_mode))
        return RESULT_OK;
    close(*out);
    *out = -1;
    return error_set(err, RESULT_IO, "%s is not a file", path);
}

enum result file_measure(const char *folder, struct backup_file *file, bool sync,
                         const struct store_work *work, uint64_t before, struct error *err)
{
    char path[BACKUP_PATH_MAX];
    struct passing p = {.from = -1, .to = -1, .from_path = path};
    enum result r = file_path(path, folder, file->name, err);

    if (r == RESULT_OK)
        r = open_file(path, &p.from, err);
    if (r == RESULT_OK && sync && (fchmod(p.from, 0600) != 0 || fsync(p.from) != 0))
        r = failed(path, "written", err);
    if (r == RESULT_OK)
        r = pass_with_memory(&p, file, work, before, err);
    if (p.from >= 0)
        close(p.from);
    return r;
}

enum result file_copy(const char *from, const char *to, struct backup_file *measured,
                      const struct store_work *work, uint64_t before, struct error *err)
{
    struct passing p = {.from = -1, .to = -1, .from_path = from, .to_path = to};
    enum result r = open_file(from, &p.from, err);

    if (r == RESULT_OK) {
        p.to = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (p.to < 0)
            r = failed(to, "written", err);
    }
    if (r == RESULT_OK)
        r = pass_with_memory(&p, measured, work, before, err);
    if (r == RESULT_OK && fsync(p.to) != 0)
        r = failed(to, "written", err);
    if (p.to >= 0 && close(p.to) != 0 && r == RESULT_OK)
        r = failed(to, "written", err);
    if (p.from >= 0)
        close(p.from);
    return r;
}

enum result file_write(const char *folder, const char *name, const void *at, size_t size,
                       struct error *err)
{
    char path[BACKUP_PATH_MAX];
    enum result r = file_path(path, folder, name, err);
    int fd;

    if (r != RESULT_OK)
        return r;
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return failed(path, "written", err);
    if (!write_whole(fd, at, size) || fsync(fd) != 0)
        r = failed(path, "written", err);
    if (close(fd) != 0 && r == RESULT_OK)
        r = failed(path, "written", err);
    return r;
}

enum result folder_sync(const char *folder, struct error *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum result r = RESULT_OK;

    if (fd < 0 || fsync(fd) != 0)
        r = failed(folder, "written", err);
    if (fd >= 0)
        close(fd);
    return r;
}

enum result folder_sync_above(const char *path, struct error *err)
{
    char above[BACKUP_PATH_MAX];
    char *slash;

    snprintf(above, sizeof above, "%s", path);
    slash = strrchr(above, '/');
    if (slash)
        slash[slash == above] = '\0';
    return folder_sync(above, err);
}

bool folder_is_empty(const char *path, bool *absent)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool empty = dir != NULL;

    *absent = !dir && errno == ENOENT;
    while (dir && empty && (entry = readdir(dir)))
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    if (dir)
        closedir(dir);
    return empty;
}

enum result folder_name(const char *given, char out[BACKUP_PATH_MAX], struct error *err)
{
    char here[PATH_MAX] = "";
    int len;

    if (given[0] != '/' && !getcwd(here, sizeof here))
        return error_set(err, RESULT_IO, "the working folder cannot be read: %s", strerror(errno));
    len = snprintf(out, BACKUP_PATH_MAX, "%s%s%s", here, given[0] == '/' ? "" : "/", given);
    if (given[0] == '\0' || len < 0 || len >= BACKUP_PATH_MAX - 2 * BACKUP_NAME_MAX)
        return error_set(err, RESULT_INVALID, "the name of the folder is empty or too long");
    while (len > 1 && out[len - 1] == '/')
        out[--len] = '\0';
    return RESULT_OK;
}

/* --- an end by signal --- */

static volatile sig_atomic_t asked;

static void note(int signal)
{
    asked = signal;
}

/* What was ignored at the start, as in a shell's background, stays so. */
void stop_listen(void)
{
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction fresh = {.sa_handler = note}, old;

    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
        if (sigaction(ending[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            sigaction(ending[i], &fresh, NULL);
}

bool stop_asked(void)
{
    return asked != 0;
}

int stop_status(void)
{
    return asked ? 128 + asked : 0;
}
