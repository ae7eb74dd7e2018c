#include "put.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/result.h"

static void lines_reserve(struct lines *l, size_t more)
{
    size_t room = l->room ? l->room : 64 * 1024;
    char *at;

    if (l->room - l->len >= more)
        return;
    while (room - l->len < more)
        room *= 2;
    at = realloc(l->at, room);
    if (at == NULL) {
        /* A chunk holds a few hundred lives, so this happens on a machine that is out of memory
         * altogether; the files still have their temporary names. */
        fputs("anju demo: out of memory\n", stderr);
        exit(result_exit_status(RESULT_MEMORY));
    }
    l->at = at;
    l->room = room;
}

char *lines_begin(struct lines *l)
{
    lines_reserve(l, LINE_MAX_BYTES);
    return l->at + l->len;
}

void lines_end(struct lines *l, char *end)
{
    *end = '\n';
    l->len = (size_t)(end + 1 - l->at);
    l->records++;
}

void lines_append(struct lines *l, const char *at, size_t len, int64_t records)
{
    if (len == 0)
        return;
    lines_reserve(l, len);
    memcpy(l->at + l->len, at, len);
    l->len += len;
    l->records += records;
}

void lines_clear(struct lines *l)
{
    l->len = 0;
    l->records = 0;
}

void lines_free(struct lines *l)
{
    free(l->at);
    *l = (struct lines){0};
}

char *put_field(char *p, const char *s)
{
    return p + csv_put(p, text_of(s));
}
