#include "service/loan_desk.h"

#include <stdio.h>
#include <string.h>

#include "base/sha256.h"

enum result loan_desk_open(struct loan_desk *d, struct error *err)
{
    enum result r = config_load(&d->config, err);

    d->arena = arena_new(LOAN_DESK_ARENA);
    d->sha = sha256_new();
    if (r == RESULT_OK && (!d->arena || !d->sha)) {
        r = error_set(err, RESULT_MEMORY, "out of memory");
    }
    if (r == RESULT_OK) {
        r = config_clock(&d->config, &d->clock, err);
    }
    if (r == RESULT_OK) {
        r = policy_load(d->config.policy, &d->policy, err);
    }
    if (r == RESULT_OK) {
        r = store_open(d->config.home, d->config.database, &d->store, err);
    }
    if (r == RESULT_OK) {
        r = db_open(d->store, &d->db, err);
    }
    return r;
}

void loan_desk_close(struct loan_desk *d)
{
    db_close(d->db);
    store_close(d->store);
    policy_free(d->policy);
    arena_free(d->arena);
    sha256_free(d->sha);
}

enum result loan_desk_read(struct loan_desk *d, const char *path, char **out, size_t *size,
                           struct error *err)
{
    FILE *in = fopen(path, "rb");
    bool read;

    if (!in) {
        return error_set(err, RESULT_INVALID, "the file %s cannot be opened", path);
    }
    *out = arena_alloc(d->arena, LOAN_FILE_MAX + 1);
    if (!*out) {
        fclose(in);
        return error_set(err, RESULT_MEMORY, "out of memory");
    }
    *size = fread(*out, 1, LOAN_FILE_MAX + 1, in);
    read = !ferror(in);
    fclose(in);
    if (!read) {
        return error_set(err, RESULT_IO, "the file %s cannot be read", path);
    }
    if (*size > LOAN_FILE_MAX) {
        return error_set(err, RESULT_INVALID, "the file %s is larger than %d bytes", path,
                         LOAN_FILE_MAX);
    }
    return RESULT_OK;
}

char *loan_desk_line(char **at, char *end, size_t *len)
{
    char *line = *at, *stop;

    if (line >= end) {
        return NULL;
    }
    stop = memchr(line, '\n', (size_t)(end - line));
    *at = stop ? stop + 1 : end;
    *len = (size_t)((stop ? stop : end) - line);
    if (*len > 0 && line[*len - 1] == '\r') {
        (*len)--;
    }
    return line;
}
