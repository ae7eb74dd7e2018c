#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"

/* Large enough that a read costs nothing, small enough for a cache. */
enum { READ_SIZE = 256 * 1024, BUFFER_SIZE = READ_SIZE + CSV_RECORD_MAX + 2 };

void source_fault_at(struct source *s, int64_t line, int column, enum fault_code code,
                     const char *words)
{
    fault_add(s->in->faults, s->kind->file, line,
              column >= 0 ? s->kind->columns[column].name : NULL, code, "%s", words);
}

void source_fault(struct source *s, int column, enum fault_code code, const char *words)
{
    source_fault_at(s, s->line, column, code, words);
    s->bad = true;
}

/* --- bytes to lines ---------------------------------------------------------------------------- */

static enum result fill(struct source *s, struct error *err)
{
    ssize_t n;

    memmove(s->buffer, s->buffer + s->at, s->end - s->at);
    s->end -= s->at;
    s->at = 0;
    do
        n = read(s->fd, s->buffer + s->end, BUFFER_SIZE - s->end);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return error_set(err, RESULT_IO, "%s cannot be read: %s", s->kind->file, strerror(errno));
    s->eof = n == 0;
    sha256_add(s->digest, s->buffer + s->end, (size_t)n);
    s->end += (size_t)n;
    s->in->done += (uint64_t)n;
    if (s->in->progress)
        progress_show(s->in->progress, s->in->done);
    return RESULT_OK;
}

/* Throws away the rest of a line that is longer than any record. */
static enum result skip_line(struct source *s, struct error *err)
{
    for (;;) {
        char *from = s->buffer + s->at;
        char *newline = memchr(from, '\n', s->end - s->at);
        enum result result;

        if (newline) {
            s->at = (size_t)(newline - s->buffer) + 1;
            return RESULT_OK;
        }
        s->at = s->end;
        if (s->eof)
            return RESULT_OK;
        result = fill(s, err);
        if (result != RESULT_OK)
            return result;
    }
}

struct line {
    char *at;
    size_t len;
    bool there;
    bool too_long;
};

static enum result next_line(struct source *s, struct line *out, struct error *err)
{
    enum result result;
    char *newline;

    *out = (struct line){.there = false};
    while (!(newline = memchr(s->buffer + s->at, '\n', s->end - s->at)) && !s->eof &&
           s->end - s->at <= CSV_RECORD_MAX + 1) {
        result = fill(s, err);
        if (result != RESULT_OK)
            return result;
    }
    if (!newline && s->at == s->end)
        return RESULT_OK; /* the end */
    s->line++;
    out->there = true;
    out->at = s->buffer + s->at;
    out->len = newline ? (size_t)(newline - out->at) : s->end - s->at;
    if (out->len > 0 && out->at[out->len - 1] == '\r')
        out->len--;
    if (out->len > CSV_RECORD_MAX) {
        out->too_long = true;
        return skip_line(s, err);
    }
    s->at = newline ? (size_t)(newline - s->buffer) + 1 : s->end;
    return RESULT_OK;
}

/* --- header ------------------------------------------------------------------------------------ */

static enum result read_header(struct source *s, struct error *err)
{
    struct text fields[CSV_FIELDS_MAX];
    struct line line;
    enum result result = next_line(s, &line, err);
    int n, i = 0;

    if (result != RESULT_OK)
        return result;
    if (line.there && line.len >= 3 && memcmp(line.at, "\xEF\xBB\xBF", 3) == 0) {
        source_fault_at(s, 1, -1, FAULT_ENCODING, "begins with a byte order mark");
        line.at += 3;
        line.len -= 3;
    }
    if (!line.there || line.too_long) {
        source_fault_at(s, 1, -1, FAULT_HEADER, "the first line is not the header");
        s->dropped = true;
        return RESULT_INVALID;
    }
    n = csv_split(line.at, line.len, fields);
    while (i < n && i < s->kind->column_count &&
           text_equal(fields[i], text_of(s->kind->columns[i].name)))
        i++;
    if (i == s->kind->column_count && n == i)
        return RESULT_OK;
    source_fault_at(s, 1, i < s->kind->column_count ? i : -1, FAULT_HEADER,
                    i < s->kind->column_count ? "the header has something else in this place"
                                              : "the header has more columns");
    s->dropped = true;
    return RESULT_INVALID;
}

/* --- lines to rows ----------------------------------------------------------------------------- */

/* The line was refused as a whole. */
static bool drop(struct source *s, int column, enum fault_code code, const char *words)
{
    source_fault(s, column, code, words);
    s->dropped = s->unread = s->gap = true;
    return false;
}

static bool split_line(struct source *s, const struct line *line,
                       struct text fields[CSV_FIELDS_MAX])
{
    bool clean;
    int n;

    if (line->too_long)
        return drop(s, -1, FAULT_LINE, "longer than 16384 bytes");
    clean = text_is_clean_utf8((struct text){line->at, line->len});
    n = csv_split(line->at, line->len, fields);
    if (!clean) {
        for (int i = 0; i < n && i < s->kind->column_count; i++)
            if (!text_is_clean_utf8(fields[i]))
                return drop(s, i, FAULT_ENCODING, "not UTF-8, or a control character");
        return drop(s, -1, FAULT_ENCODING, "not UTF-8, or a control character");
    }
    if (n < 0)
        return drop(s, -1, FAULT_LINE, "the quoting is broken");
    if (n != s->kind->column_count)
        return drop(s, -1, FAULT_LINE, "a wrong number of fields");
    return true;
}

/* Reads every field; false when a key could not be read, so that the row has no place. */
static bool read_fields(struct source *s, struct text fields[CSV_FIELDS_MAX])
{
    for (int i = 0; i < s->kind->column_count; i++) {
        const char *words = "";
        enum fault_code code =
            column_read(&s->kind->columns[i], &s->in->judge, fields[i], &s->v[i], &words);

        if (code == FAULT_NONE)
            continue;
        if (i < s->kind->keys)
            return drop(s, i, code, words);
        source_fault(s, i, code, words);
        s->v[i].there = false;
        s->v[i].n = 0;
    }
    for (int i = 0; i < s->kind->total_count; i++) {
        if (s->v[s->kind->totals[i]].there)
            s->totals[i] += s->v[s->kind->totals[i]].n;
        else
            s->unread = true;
    }
    return true;
}

static bool key_is_text(const struct column *c)
{
    return c->form == FORM_NUMBER;
}

/* Rows come in the order of their keys, and no key twice. */
static bool in_order(struct source *s)
{
    int order = 1;
    int i;

    for (i = 0; i < s->kind->keys; i++) {
        const struct source_key *p = &s->previous[i];
        const struct value *v = &s->v[i];

        if (key_is_text(&s->kind->columns[i]))
            order = text_compare(v->text, (struct text){p->text, p->len});
        else
            order = v->n < p->n ? -1 : v->n > p->n;
        if (order != 0)
            break;
    }
    if (order < 0)
        return drop(s, i, FAULT_ORDER, "out of order");
    if (order == 0)
        return drop(s, i - 1, FAULT_DUPLICATE, "its key was there before");
    for (; i < s->kind->keys; i++) {
        struct source_key *p = &s->previous[i];

        p->n = s->v[i].n;
        if (key_is_text(&s->kind->columns[i])) {
            p->len = s->v[i].text.len;
            memcpy(p->text, s->v[i].text.at, p->len);
        }
    }
    return true;
}

/* A second reading wants the key alone, of the lines that the first one took. */
static bool read_key(struct source *s, const struct line *line)
{
    struct text fields[CSV_FIELDS_MAX];

    if (line->too_long || csv_split(line->at, line->len, fields) != s->kind->column_count)
        return false;
    s->v[0] = (struct value){.text = fields[0], .there = true};
    return fields[0].len > 0 && fields[0].len <= KEY_TEXT_MAX;
}

enum result source_next(struct source *s, struct error *err)
{
    struct text fields[CSV_FIELDS_MAX];
    struct line line;
    enum result result;

    s->gap = false;
    for (;;) {
        s->bad = false;
        result = next_line(s, &line, err);
        s->there = result == RESULT_OK && line.there;
        if (!s->there)
            return result;
        s->records++;
        if (s->keys_only ? read_key(s, &line)
                         : split_line(s, &line, fields) && read_fields(s, fields) && in_order(s))
            return RESULT_OK;
    }
}

/* --- from the beginning to the end --------------------------------------------------------------- */

/* Reads on without looking, for the digest. */
static enum result drain(struct source *s, struct error *err)
{
    struct line line = {.there = true};
    enum result result = RESULT_OK;

    while (result == RESULT_OK && line.there) {
        result = next_line(s, &line, err);
        s->records += line.there;
    }
    s->there = false;
    s->unread = true;
    return result;
}

enum result source_start(struct source *s, const struct kind *kind,
                         const struct manifest_file *expected, int fd, struct reading *in,
                         bool keys_only, struct error *err)
{
    enum result result;

    *s = (struct source){
        .kind = kind, .expected = expected, .in = in, .fd = fd, .keys_only = keys_only};
    for (int i = 0; i < KIND_KEYS_MAX; i++)
        s->previous[i].n = INT64_MIN;
    s->buffer = malloc(BUFFER_SIZE);
    s->digest = sha256_new();
    if (!s->buffer || !s->digest)
        return error_set(err, RESULT_MEMORY, "out of memory");
    sha256_begin(s->digest);
    result = read_header(s, err);
    if (result == RESULT_INVALID)
        return drain(s, err);
    return result == RESULT_OK ? source_next(s, err) : result;
}

enum result source_open(struct source *s, const struct kind *kind,
                        const struct manifest_file *expected, const char *dir, struct reading *in,
                        bool keys_only, struct error *err)
{
    struct stat st;
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int fd = -1;

    *s = (struct source){.kind = kind, .expected = expected, .in = in, .fd = -1};
    if (folder >= 0) {
        /* O_NONBLOCK: a pipe of that name must not make us wait. */
        fd = openat(folder, kind->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        close(folder);
    }
    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        fd = -1;
    }
    if (fd < 0) {
        source_fault_at(s, 1, -1, FAULT_FILE, "is missing or cannot be read");
        s->dropped = s->unread = true;
        return RESULT_OK;
    }
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return source_start(s, kind, expected, fd, in, keys_only, err);
}

void source_finish(struct source *s)
{
    uint8_t digest[SHA256_SIZE];

    if (s->fd < 0)
        return; /* it was missing */
    sha256_end(s->digest, digest);
    if (memcmp(digest, s->expected->sha256, sizeof digest) != 0)
        source_fault_at(s, 1, -1, FAULT_DIGEST, "the SHA-256 differs from the manifest's");
    if (s->keys_only)
        return;
    if (s->records != s->expected->records)
        fault_add(s->in->faults, s->kind->file, 1, NULL, FAULT_TOTAL,
                  "the manifest says %" PRId64 " records, the file has %" PRId64,
                  s->expected->records, s->records);
    for (int i = 0; i < s->kind->total_count && !s->unread; i++)
        if (s->totals[i] != s->expected->totals[i])
            source_fault_at(s, 1, s->kind->totals[i], FAULT_TOTAL,
                            "the sum differs from the manifest's");
}

void source_close(struct source *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    free(s->buffer);
    s->buffer = NULL;
    sha256_free(s->digest);
    s->digest = NULL;
    s->there = false;
}
