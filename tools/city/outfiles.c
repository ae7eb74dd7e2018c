#include "outfiles.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "names.h"

static const char manifest_name[] = "manifest.json";
static const char part_suffix[] = ".part";

enum { FILE_NAME_ROOM = 64, MANIFEST_LIMIT = 64 * 1024 };

static enum result io_error(struct error *err, const char *doing, const char *name)
{
    return error_set(err, RESULT_IO, "cannot %s %s: %s", doing, name, strerror(errno));
}

static void part_name(char *out, const char *name)
{
    snprintf(out, FILE_NAME_ROOM, "%s%s", name, part_suffix);
}

static bool is_empty_but_ours(int folder, bool force, bool *readable)
{
    int copy = dup(folder);
    DIR *d = copy >= 0 ? fdopendir(copy) : NULL;
    struct dirent *e;
    bool empty = true;

    *readable = d != NULL;
    if (d == NULL)
        return false;
    while ((e = readdir(d)) != NULL) {
        bool ours = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;

        for (int i = 0; force && i < FILES; i++) {
            char part[FILE_NAME_ROOM];
            part_name(part, file_facts[i].name);
            ours =
                ours || strcmp(e->d_name, file_facts[i].name) == 0 || strcmp(e->d_name, part) == 0;
        }
        ours = ours || (force && (strcmp(e->d_name, manifest_name) == 0 ||
                                  strcmp(e->d_name, "manifest.json.part") == 0));
        empty = empty && ours;
    }
    closedir(d);
    return empty;
}

static void remove_ours(int folder, bool whole)
{
    char part[FILE_NAME_ROOM];

    if (whole)
        unlinkat(folder, manifest_name, 0);
    unlinkat(folder, "manifest.json.part", 0);
    for (int i = 0; i < FILES; i++) {
        part_name(part, file_facts[i].name);
        unlinkat(folder, part, 0);
        if (whole)
            unlinkat(folder, file_facts[i].name, 0);
    }
}

static enum result open_folder(struct outfiles *o, const char *dir, bool force, struct error *err)
{
    bool readable;

    if (mkdir(dir, 0755) != 0 && errno != EEXIST)
        return io_error(err, "make the folder", dir);
    o->folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (o->folder < 0)
        return io_error(err, "open the folder", dir);
    if (!is_empty_but_ours(o->folder, force, &readable)) {
        if (!readable)
            return io_error(err, "read the folder", dir);
        return error_set(err, RESULT_REFUSED,
                         force ? "%s holds files that are none of a city's; name another folder"
                               : "%s is not empty; name another folder, or add --force to "
                                 "replace a city that lies there",
                         dir);
    }
    if (force)
        remove_ours(o->folder, true);
    return RESULT_OK;
}

static enum result write_all(int descriptor, const char *at, size_t len, struct error *err,
                             const char *name)
{
    while (len > 0) {
        ssize_t n = write(descriptor, at, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_error(err, "write", name);
        at += n;
        len -= (size_t)n;
    }
    return RESULT_OK;
}

static enum result outfile_append(struct outfile *f, const char *name, const char *at, size_t len,
                                  struct error *err)
{
    sha256_add(f->digest, at, len);
    return write_all(f->descriptor, at, len, err, name);
}

static enum result open_part(struct outfiles *o, enum file i, struct error *err)
{
    struct outfile *f = &o->file[i];
    char part[FILE_NAME_ROOM];
    enum result result;

    part_name(part, file_facts[i].name);
    f->descriptor = openat(o->folder, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (f->descriptor < 0)
        return io_error(err, "create", part);
    f->digest = sha256_new();
    if (f->digest == NULL)
        return error_set(err, RESULT_MEMORY, "out of memory");
    sha256_begin(f->digest);
    if (file_facts[i].header == NULL)
        return RESULT_OK;
    result = outfile_append(f, part, file_facts[i].header, strlen(file_facts[i].header), err);
    return result == RESULT_OK ? outfile_append(f, part, "\n", 1, err) : result;
}

enum result outfiles_open(struct outfiles *o, const char *dir, bool force, struct error *err)
{
    enum result result;

    *o = (struct outfiles){.folder = -1};
    for (int i = 0; i < FILES; i++)
        o->file[i].descriptor = -1;
    result = open_folder(o, dir, force, err);
    if (result != RESULT_OK && o->folder >= 0) {
        close(o->folder); /* nothing in it is ours: outfiles_close has nothing to tidy */
        o->folder = -1;
    }
    for (int i = 0; i < FILES && result == RESULT_OK; i++)
        result = open_part(o, (enum file)i, err);
    return result;
}

enum result outfiles_write(struct outfiles *o, const struct sheet *s, struct error *err)
{
    for (int i = 0; i < FILES; i++) {
        struct outfile *f = &o->file[i];
        enum result result =
            outfile_append(f, file_facts[i].name, s->file[i].at, s->file[i].len, err);

        if (result != RESULT_OK)
            return result;
        f->records += s->file[i].records;
        for (int t = 0; t < TOTALS_MAX; t++)
            f->total[t] += s->total[i][t];
    }
    return RESULT_OK;
}

/* demo-SEED-PEOPLE[-FROM]-UNTIL, and what else makes it another city. At most 64 characters. */
static void put_set_id(struct json *j, const struct city *c)
{
    bool whole = date_is_none(c->from);
    char id[128];
    char *p = put_count(put_text(id, "demo-"), (int64_t)c->seed);

    p = put_count(put_text(p, "-"), c->people);
    if (!whole)
        p = put_day(put_text(p, "-"), c->from.day);
    p = put_day(put_text(p, "-"), c->until.day);
    if (c->first.day != (whole ? c->until : c->from).day)
        p = put_count(put_text(p, "-f"), c->first.day);
    if (c->years > 0)
        p = put_count(put_text(p, "-y"), c->years);
    if (c->skip > 0)
        p = put_count(put_text(p, "-s"), c->skip);
    *p = '\0';
    json_put_word(j, "set_id", id);
}

static void put_file(struct json *j, const struct outfile *f, const struct file_facts *facts)
{
    uint8_t digest[SHA256_SIZE];
    char hex[65];

    sha256_end(f->digest, digest);
    sha256_hex(digest, hex);
    json_put_object(j, NULL);
    json_put_word(j, "name", facts->name);
    json_put_int(j, "records", f->records);
    json_put_word(j, "sha256", hex);
    json_put_object(j, "totals");
    for (int i = 0; i < TOTALS_MAX && facts->totals[i] != NULL; i++)
        json_put_fen(j, facts->totals[i], fen_of(f->total[i]));
    json_put_object_end(j);
    json_put_object_end(j);
}

static void put_manifest(struct json *j, const struct outfiles *o, const struct city *c)
{
    json_put_object(j, NULL);
    json_put_word(j, "format", "anju-exchange/1");
    put_set_id(j, c);
    json_put_int(j, "set_number", c->set_number);
    json_put_word(j, "kind", date_is_none(c->from) && c->skip == 0 ? "whole" : "increment");
    json_put_date(j, "as_of", c->until);
    json_put_word(j, "centre", CENTRE_NAME);
    json_put_bool(j, "demo", true);
    json_put_array(j, "files");
    for (int i = 0; i < FILE_TRUTH; i++)
        put_file(j, &o->file[i], &file_facts[i]);
    json_put_array_end(j);
    json_put_object_end(j);
}

static enum result write_manifest(struct outfiles *o, const struct city *c, struct error *err)
{
    struct json j;
    enum result result;
    int descriptor;

    json_start(&j, MANIFEST_LIMIT);
    put_manifest(&j, o, c);
    if (j.failed) {
        json_free(&j);
        return error_set(err, RESULT_MEMORY, "out of memory");
    }
    descriptor =
        openat(o->folder, "manifest.json.part", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        json_free(&j);
        return io_error(err, "create", manifest_name);
    }
    result = write_all(descriptor, j.at, j.len, err, manifest_name);
    if (result == RESULT_OK)
        result = write_all(descriptor, "\n", 1, err, manifest_name);
    json_free(&j);
    if (close(descriptor) != 0 && result == RESULT_OK)
        result = io_error(err, "write", manifest_name);
    if (result == RESULT_OK &&
        renameat(o->folder, "manifest.json.part", o->folder, manifest_name) != 0)
        result = io_error(err, "name", manifest_name);
    return result;
}

enum result outfiles_finish(struct outfiles *o, const struct city *c, struct error *err)
{
    char part[FILE_NAME_ROOM];

    for (int i = 0; i < FILES; i++) {
        int descriptor = o->file[i].descriptor;

        o->file[i].descriptor = -1;
        part_name(part, file_facts[i].name);
        if (close(descriptor) != 0)
            return io_error(err, "write", file_facts[i].name);
        if (renameat(o->folder, part, o->folder, file_facts[i].name) != 0)
            return io_error(err, "name", file_facts[i].name);
    }
    return write_manifest(o, c, err);
}

void outfiles_close(struct outfiles *o)
{
    for (int i = 0; i < FILES; i++) {
        if (o->file[i].descriptor >= 0)
            close(o->file[i].descriptor);
        sha256_free(o->file[i].digest);
    }
    if (o->folder >= 0) {
        remove_ours(o->folder, false);
        close(o->folder);
    }
}
