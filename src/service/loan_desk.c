#include "service/loan_desk.h"

#include <stdio.h>

#include "base/sha256.h"

enum result loan_desk_open(struct loan_desk *d, struct error *err)
{
    enum result r = command_open(&d->home, COMMAND_POLICY, err);

    d->arena = arena_new(LOAN_DESK_ARENA);
    d->sha = sha256_new();
    if (r == RESULT_OK && (!d->arena || !d->sha)) {
        r = error_set(err, RESULT_MEMORY, "out of memory");
    }
    return r;
}

void loan_desk_close(struct loan_desk *d)
{
    command_close(&d->home);
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
