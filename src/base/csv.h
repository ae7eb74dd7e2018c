/* Reading and writing the comma-separated files of the exchange format (docs/data-exchange.md):
 * UTF-8 without BOM, LF or CRLF, RFC 4180 quoting, one record per line. */
#ifndef ANJU_BASE_CSV_H
#define ANJU_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

enum {
    CSV_FIELDS_MAX = 64,    /* columns in a record */
    CSV_RECORD_MAX = 16384, /* bytes in a record */
};

/* Takes the next line off *at, without its LF or CRLF, and moves *at behind it; NULL at the end. */
char *csv_line(char **at, char *end, size_t *len);

/* Splits one record that stands in memory (without its line end). Fields are views into line;
 * a quoted field that holds a doubled quote is unescaped in place, so line must be writable.
 * Returns the number of fields (an empty line has one), or -1 when quoting is broken, there are
 * too many or the record is longer than CSV_RECORD_MAX. */
int csv_split(char *line, size_t len, struct text fields[CSV_FIELDS_MAX]);

/* Appends a field to out (quoted when it holds a comma, quote, CR or LF); returns bytes written.
 * out must have 2 * t.len + 2 bytes. */
size_t csv_put(char *out, struct text t);

#endif
