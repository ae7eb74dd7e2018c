#include "csv.h"

#include <string.h>

/* A line without any quote, which is nearly every line. */
static int split_plain(const char *line, size_t len, struct text fields[CSV_FIELDS_MAX])
{
    const char *end = line + len;
    int n = 0;

    for (;;) {
        const char *comma = memchr(line, ',', (size_t)(end - line));

        if (n == CSV_FIELDS_MAX)
            return -1;
        if (!comma)
            break;
        fields[n++] = (struct text){line, (size_t)(comma - line)};
        line = comma + 1;
    }
    fields[n++] = (struct text){line, (size_t)(end - line)};
    return n;
}

/* Reads the quoted field that begins at p (its opening quote), unescaping it in place. Returns
 * the place after its closing quote, or NULL when there is none. */
static char *read_quoted(char *p, const char *end, struct text *field)
{
    char *out = ++p;

    field->at = p;
    for (; p < end; p++) {
        if (*p == '"') {
            if (p + 1 == end || p[1] != '"') {
                field->len = (size_t)(out - field->at);
                return p + 1;
            }
            p++;
        }
        *out++ = *p;
    }
    return NULL;
}

static char *read_bare(char *p, const char *end, struct text *field)
{
    field->at = p;
    for (; p < end && *p != ','; p++)
        if (*p == '"')
            return NULL;
    field->len = (size_t)(p - field->at);
    return p;
}

static int split_quoted(char *line, size_t len, struct text fields[CSV_FIELDS_MAX])
{
    char *p = line;
    const char *end = line + len;

    for (int n = 0; n < CSV_FIELDS_MAX; n++) {
        if (p < end && *p == '"')
            p = read_quoted(p, end, &fields[n]);
        else
            p = read_bare(p, end, &fields[n]);
        if (!p)
            return -1;
        if (p == end)
            return n + 1;
        if (*p++ != ',')
            return -1;
    }
    return -1;
}

int csv_split(char *line, size_t len, struct text fields[CSV_FIELDS_MAX])
{
    if (len > CSV_RECORD_MAX)
        return -1;
    if (len == 0) {
        fields[0] = (struct text){line, 0};
        return 1;
    }
    return memchr(line, '"', len) ? split_quoted(line, len, fields)
                                  : split_plain(line, len, fields);
}

static bool needs_quotes(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] == ',' || t.at[i] == '"' || t.at[i] == '\r' || t.at[i] == '\n')
            return true;
    return false;
}

size_t csv_put(char *out, struct text t)
{
    char *p = out;

    if (!needs_quotes(t)) {
        if (t.len)
            memcpy(out, t.at, t.len);
        return t.len;
    }
    *p++ = '"';
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == '"')
            *p++ = '"';
        *p++ = t.at[i];
    }
    *p++ = '"';
    return (size_t)(p - out);
}

char *csv_line(char **at, char *end, size_t *len)
{
    char *line = *at, *stop;

    if (line >= end)
        return NULL;
    stop = memchr(line, '\n', (size_t)(end - line));
    *at = stop ? stop + 1 : end;
    *len = (size_t)((stop ? stop : end) - line);
    if (*len > 0 && line[*len - 1] == '\r')
        (*len)--;
    return line;
}
