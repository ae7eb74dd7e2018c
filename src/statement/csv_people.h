/* Comma-separated files for people, who open them in Excel, WPS or LibreOffice: UTF-8 with a byte
 * order mark, CRLF, RFC 4180 quoting.
 *
 * What a spreadsheet would change by itself is written so that it does not:
 * - a number that is a name (an account, a flow) of more than eleven digits, or with a nought in
 *   front, is the formula ="0871000000011": as a number it would lose its noughts, be shown as
 *   8.71E+11, and beyond fifteen digits lose its end. Only digits can come into such a formula.
 * - a month is six digits, 202609: 2026-09 would become a date;
 * - a text that begins like a formula (= + - @, their wide forms, tab, CR) gets an apostrophe in
 *   front, so that it is text; amounts never do, minus is theirs. */
#ifndef ANJU_STATEMENT_CSV_PEOPLE_H
#define ANJU_STATEMENT_CSV_PEOPLE_H

#include "base/date.h"
#include "base/money.h"
#include "base/text.h"

/* Grows with realloc up to limit bytes; after a failure it stays failed and writes nothing more.
 * The caller takes `at` (free it) or calls csv_people_free. */
struct csv_people {
    char *at;
    size_t len, room, limit;
    size_t rows;
    bool begun; /* the row has a field */
    bool failed;
};

void csv_people_start(struct csv_people *w, size_t limit);
void csv_people_free(struct csv_people *w);

void csv_people_text(struct csv_people *w, struct text t);
void csv_people_number(struct csv_people *w, struct text digits); /* a number that is a name */
void csv_people_fen(struct csv_people *w, fen amount);
void csv_people_percent(struct csv_people *w, millionths rate);
void csv_people_int(struct csv_people *w, int64_t n);
void csv_people_date(struct csv_people *w, civil_date d); /* empty for none */
void csv_people_month(struct csv_people *w, civil_month m);
void csv_people_none(struct csv_people *w);
void csv_people_end_row(struct csv_people *w);

#endif
