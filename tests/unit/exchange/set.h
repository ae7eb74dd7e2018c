/* A small exchange set in memory, to be changed by a test and written to a folder with a manifest
 * that agrees with it. */
#ifndef ANJU_TEST_EXCHANGE_SET_H
#define ANJU_TEST_EXCHANGE_SET_H

#include "fixture.h"
#include "exchange/import.h"

enum { SET_LINES_MAX = 64, SET_SAID_MAX = 64 };

struct set {
    char folder[80];
    struct {
        char *lines[SET_LINES_MAX]; /* line 1, the header, at 0 */
        int count;
        bool absent;     /* the file is not written */
        bool no_newline; /* behind the last line */
        char line_end[3];
    } files[FILE_COUNT];
    const char *set_id, *kind, *as_of;
    int number;
    bool demo;
    bool keep_manifest; /* as it was written before */

    /* What an import said. */
    char said[SET_SAID_MAX][FAULT_LINE_MAX];
    int said_count;
    struct import_report report;
};

/* The lines of each file (set_data.c). */
struct set_lines {
    const char *const *lines;
    size_t count;
};
extern const struct set_lines set_whole[FILE_COUNT], set_next[FILE_COUNT];

/* The hand-worked set: accounts 5301990001 to 5301990004 (set_data.c has the figures). */
void set_make(struct set *s);
/* An increment after it: entries go on, an application and a loan move. */
void set_make_next(struct set *s);
void set_free(struct set *s);

/* Changes. Lines count from 1 (the header); a column is named as in the header. */
void set_cell(struct set *s, enum file_id file, int line, const char *column, const char *value);
void set_line(struct set *s, enum file_id file, int line, const char *text);
void set_insert(struct set *s, enum file_id file, int before_line, const char *text);
void set_remove(struct set *s, enum file_id file, int line);

/* Writes the files and, unless keep_manifest, the manifest. */
void set_write(struct set *s);
/* Replaces the first place of old in manifest.json. */
void set_manifest_replace(const struct set *s, const char *old, const char *new);

/* A home for the fixture's store. */
void set_home(struct fixture *f, struct vault **vault, struct config *config);

/* Writes and imports; what it says goes to s->said. */
enum result set_import(struct set *s, struct fixture *f, bool write);

/* Fails unless the import of s is refused with exactly these lines first. */
void set_refused(struct set *s, struct fixture *f, const char *first, const char *second);
void set_taken(struct set *s, struct fixture *f);

/* The single number that a query gives. */
int64_t number_of(struct fixture *f, const char *sql);
/* … and the single text; bytes come as hex digits. */
void text_of_query(struct fixture *f, const char *sql, char *out, size_t room);

#endif
