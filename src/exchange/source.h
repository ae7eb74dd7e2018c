/* A CSV file of a set, read row by row: its lines are checked, split and read into values, its
 * order is kept, and its digest, count and totals are compared with the manifest at the end. */
#ifndef ANJU_EXCHANGE_SOURCE_H
#define ANJU_EXCHANGE_SOURCE_H

#include <stdio.h>

#include "base/progress.h"
#include "base/result.h"
#include "base/sha256.h"
#include "exchange/kind.h"
#include "exchange/manifest.h"

/* What all files of a set share. */
struct reading {
    struct faults *faults;
    struct judge judge;
    struct progress *progress; /* may be NULL */
    uint64_t done;             /* bytes read so far */
};

struct source_key {
    char text[KEY_TEXT_MAX];
    size_t len;
    int64_t n;
};

struct source {
    const struct kind *kind;
    const struct manifest_file *expected;
    struct reading *in;
    struct sha256 *digest;
    int fd;
    bool eof;
    bool keys_only; /* a second reading: only the first column is read and nothing reported */
    char *buffer;
    size_t at, end; /* unread bytes of the buffer */
    int64_t line;   /* of the current row */
    int64_t records;
    __int128 totals[KIND_TOTALS_MAX];
    struct source_key previous[KIND_KEYS_MAX];

    /* The current row: */
    bool there; /* false: the file is at its end */
    bool bad;   /* a field of it was refused: its values prove nothing */
    bool gap;   /* a line directly before it was dropped */
    struct value v[KIND_COLUMNS_MAX];

    bool dropped; /* a line could not be used at all, so others may miss it */
    bool unread;  /* a total could not be formed */
};

/* Opens DIR/FILE and reads its header and first row. RESULT_INVALID when it cannot be opened
 * (said), RESULT_MEMORY or RESULT_IO. Close it in any case. */
enum result source_open(struct source *s, const struct kind *kind,
                        const struct manifest_file *expected, const char *dir, struct reading *in,
                        bool keys_only, struct error *err);
/* The same over an open file, which it then owns. */
enum result source_start(struct source *s, const struct kind *kind,
                         const struct manifest_file *expected, int fd, struct reading *in,
                         bool keys_only, struct error *err);
void source_close(struct source *s);

/* Goes to the next row that can be used; the lines that cannot are said and left out. Values are
 * views that hold until the next call. */
enum result source_next(struct source *s, struct error *err);

/* To be called at the end of the file: compares digest, count and totals. */
void source_finish(struct source *s);

/* Says what is wrong with a column of the current row. */
void source_fault(struct source *s, int column, enum fault_code code, const char *words);
/* … or of an earlier line of this file; column < 0 is the whole line. */
void source_fault_at(struct source *s, int64_t line, int column, enum fault_code code,
                     const char *words);

/* The account that the current row belongs to. */
static inline struct text source_account(const struct source *s)
{
    return s->v[0].text;
}

#endif
