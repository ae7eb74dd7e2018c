/* manifest.json of a backup: written with our writer, read with jansson. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "internal.h"

enum { MANIFEST_MAX = 64 * 1024, SUM_MAX = 160 };

/* The instants and the figures by their names, so that writing and reading cannot differ. */
#define INSTANTS(X) X(began) X(desk_moment) X(ledger_moment) X(ended)
#define FIGURES(X) \
    X(accounts)    \
    X(balance)     \
    X(entries)     \
    X(entry_total) \
    X(loans) X(loan_balance) X(loan_entries) X(batches) X(members) X(looks) X(last_look)

/* --- writing --- */

static void put_files(struct json *j, const struct backup_manifest *m)
{
    json_put_array(j, "files");
    for (int i = 0; i < m->file_count; i++) {
        json_put_object(j, NULL);
        json_put_text(j, "name", text_of(m->files[i].name));
        json_put_int(j, "size", m->files[i].size);
        json_put_text(j, "sha256", text_of(m->files[i].sha256));
        json_put_object_end(j);
    }
    json_put_array_end(j);
}

static void put_keys(struct json *j, const struct backup_keys *keys)
{
    json_put_object(j, "keys");
    json_put_text(j, "index", text_of(keys->index_check));
    json_put_text(j, "token", text_of(keys->token_check));
    json_put_array(j, "field");
    for (int id = 1; id < 256; id++) {
        if (!keys->field[id])
            continue;
        json_put_object(j, NULL);
        json_put_int(j, "id", id);
        json_put_text(j, "check", text_of(keys->field_check[id]));
        json_put_object_end(j);
    }
    json_put_array_end(j);
    json_put_object_end(j);
}

static void put_manifest(struct json *j, const struct backup_manifest *m, const struct clock *clock)
{
    json_put_object(j, NULL);
    json_put_int(j, "format", BACKUP_FORMAT);
    json_put_text(j, "program", text_of(m->program));
    json_put_text(j, "engine", text_of(m->engine));
    json_put_bool(j, "demo", m->demo);
    json_put_instant(j, "moment", clock, m->ledger_moment);
    json_put_object(j, "instants_ms");
#define PUT(name) json_put_int(j, #name, m->name);
    INSTANTS(PUT)
#undef PUT
    json_put_object_end(j);
    json_put_object(j, "schema");
    json_put_int(j, "ledger", m->ledger_schema);
    json_put_int(j, "desk", m->desk_schema);
    json_put_object_end(j);
    put_files(j, m);
    json_put_object(j, "figures");
#define PUT(name) json_put_int(j, #name, m->figures.name);
    FIGURES(PUT)
#undef PUT
    json_put_object_end(j);
    json_put_object(j, "rows");
    for (int i = 0; i < m->figures.table_count; i++)
        json_put_int(j, m->figures.tables[i].name, m->figures.tables[i].rows);
    json_put_object_end(j);
    put_keys(j, &m->keys);
    json_put_object_end(j);
}

static bool sum_line(const void *at, size_t size, char out[SUM_MAX])
{
    struct sha256 *sha = sha256_new();
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];

    if (!sha)
        return false;
    sha256_of(sha, at, size, digest);
    sha256_free(sha);
    sha256_hex(digest, hex);
    snprintf(out, SUM_MAX, "%s  " BACKUP_MANIFEST "\n", hex);
    return true;
}

enum result manifest_save(const struct backup_manifest *m, const char *dir,
                          const struct clock *clock, struct error *err)
{
    struct json j;
    char sum[SUM_MAX];
    enum result r;

    json_start(&j, MANIFEST_MAX);
    put_manifest(&j, m, clock);
    if (j.failed || !sum_line(j.at, j.len, sum))
        r = error_set(err, RESULT_MEMORY, "out of memory");
    else
        r = file_write(dir, BACKUP_MANIFEST, j.at, j.len, err);
    if (r == RESULT_OK)
        r = file_write(dir, BACKUP_SUM, sum, strlen(sum), err);
    json_free(&j);
    return r;
}

/* --- reading --- */

/* The whole of a small file; its length, or -1. */
static ssize_t read_small(const char *dir, const char *name, char *out, size_t room)
{
    char path[BACKUP_PATH_MAX];
    struct error ignored;
    ssize_t n = -1;
    int fd;

    if (file_path(path, dir, name, &ignored) != RESULT_OK)
        return -1;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return -1;
    n = read(fd, out, room);
    close(fd);
    return n >= 0 && (size_t)n < room ? n : -1;
}

static bool take_text(const json_t *from, const char *key, char *out, size_t room)
{
    const char *value = json_string_value(json_object_get(from, key));

    if (!value || strlen(value) >= room)
        return false;
    memcpy(out, value, strlen(value) + 1);
    return true;
}

static bool take_int(const json_t *from, const char *key, int64_t *out)
{
    const json_t *value = json_object_get(from, key);

    *out = json_integer_value(value);
    return json_is_integer(value);
}

/* A name of ours: nothing that leads out of the folder. */
static bool is_plain_name(const char *name)
{
    return name[0] != '.' && name[0] != '\0' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(name);
}

static bool take_files(const json_t *from, struct backup_manifest *m)
{
    size_t count = json_array_size(from);

    if (count == 0 || count > BACKUP_FILES_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        const json_t *file = json_array_get(from, i);
        struct backup_file *out = &m->files[m->file_count++];

        if (!take_text(file, "name", out->name, sizeof out->name) || !is_plain_name(out->name) ||
            !take_int(file, "size", &out->size) ||
            !take_text(file, "sha256", out->sha256, sizeof out->sha256))
            return false;
    }
    return true;
}

static bool take_tables(json_t *from, struct backup_figures *f)
{
    const char *name;
    json_t *rows;

    json_object_foreach(from, name, rows)
    {
        struct store_table *t = &f->tables[f->table_count];

        if (f->table_count == STORE_TABLES_MAX || strlen(name) >= sizeof t->name ||
            !json_is_integer(rows))
            return false;
        snprintf(t->name, sizeof t->name, "%s", name);
        t->rows = json_integer_value(rows);
        f->table_count++;
    }
    return f->table_count > 0;
}

static bool take_keys(const json_t *from, struct backup_keys *keys)
{
    const json_t *field = json_object_get(from, "field");

    if (!take_text(from, "index", keys->index_check, sizeof keys->index_check) ||
        !take_text(from, "token", keys->token_check, sizeof keys->token_check))
        return false;
    for (size_t i = 0; i < json_array_size(field); i++) {
        int64_t id = 0;

        if (!take_int(json_array_get(field, i), "id", &id) || id < 1 || id > 255 ||
            !take_text(json_array_get(field, i), "check", keys->field_check[id],
                       sizeof keys->field_check[id]))
            return false;
        keys->field[id] = true;
    }
    return true;
}

static bool take_manifest(const json_t *from, struct backup_manifest *m)
{
    const json_t *instants = json_object_get(from, "instants_ms");
    const json_t *figures = json_object_get(from, "figures");
    const json_t *schema = json_object_get(from, "schema");
    bool ok = take_text(from, "program", m->program, sizeof m->program) &&
              take_text(from, "engine", m->engine, sizeof m->engine) &&
              json_is_boolean(json_object_get(from, "demo")) &&
              take_int(schema, "ledger", &m->ledger_schema) &&
              take_int(schema, "desk", &m->desk_schema);

    m->demo = json_is_true(json_object_get(from, "demo"));
#define TAKE(name) ok = ok && take_int(instants, #name, &m->name);
    INSTANTS(TAKE)
#undef TAKE
#define TAKE(name) ok = ok && take_int(figures, #name, &m->figures.name);
    FIGURES(TAKE)
#undef TAKE
    return ok && take_files(json_object_get(from, "files"), m) &&
           take_tables(json_object_get(from, "rows"), &m->figures) &&
           take_keys(json_object_get(from, "keys"), &m->keys);
}

static enum result parse(const char *dir, const char *bytes, size_t size, struct backup_manifest *m,
                         struct error *err)
{
    json_t *from = json_loadb(bytes, size, 0, NULL);
    int64_t format = 0;
    enum result r = RESULT_OK;

    if (take_int(from, "format", &format) && format > BACKUP_FORMAT)
        r = error_set(err, RESULT_CONFIG,
                      "%s was written by a newer program (format %" PRId64 "): use that one", dir,
                      format);
    else if (!from || format < 1 || !take_manifest(from, m))
        r = error_set(err, RESULT_DAMAGED, "%s/" BACKUP_MANIFEST " is not a backup's manifest",
                      dir);
    json_decref(from);
    return r;
}

enum result manifest_load(const char *dir, struct backup_manifest *m, struct error *err)
{
    char *bytes = malloc(MANIFEST_MAX);
    char sum[SUM_MAX], should[SUM_MAX];
    ssize_t n, k;
    enum result r;

    *m = (struct backup_manifest){.file_count = 0};
    if (!bytes)
        return error_set(err, RESULT_MEMORY, "out of memory");
    n = read_small(dir, BACKUP_MANIFEST, bytes, MANIFEST_MAX);
    k = read_small(dir, BACKUP_SUM, sum, sizeof sum);
    if (n < 0 || k < 0)
        r = error_set(err, RESULT_INVALID,
                      "%s is not a backup: its " BACKUP_MANIFEST " or " BACKUP_SUM
                      " is not there or cannot be read",
                      dir);
    else if (!sum_line(bytes, (size_t)n, should))
        r = error_set(err, RESULT_MEMORY, "out of memory");
    else if ((size_t)k != strlen(should) || memcmp(sum, should, (size_t)k) != 0)
        r = error_set(err, RESULT_DAMAGED,
                      "%s/" BACKUP_MANIFEST " is damaged: it does not have the sum that stands "
                      "beside it",
                      dir);
    else
        r = parse(dir, bytes, (size_t)n, m, err);
    free(bytes);
    return r;
}
