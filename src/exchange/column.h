/* One field of a file: its form, and its value once it was read. docs/data-exchange.md has the
 * forms and the code tables. */
#ifndef ANJU_EXCHANGE_COLUMN_H
#define ANJU_EXCHANGE_COLUMN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/text.h"
#include "exchange/fault.h"

enum form {
    FORM_NUMBER,      /* 1 to limit of 0-9A-Z */
    FORM_TEXT,        /* at most limit characters */
    FORM_OFFICE_LINE, /* at most limit of 0-9 - + */
    FORM_DATE,        /* not after the set's as_of */
    FORM_DATE_AHEAD,  /* may lie after it */
    FORM_MONTH,
    FORM_AMOUNT,          /* signed, fen */
    FORM_AMOUNT_NOT_LESS, /* not below 0.00 */
    FORM_AMOUNT_MORE,     /* above 0.00 */
    FORM_PERCENT,         /* "5.00", millionths, at most 100.00 */
    FORM_RATE,            /* "0.0260000", millionths, at most 1 */
    FORM_FACTOR,          /* "1.00", millionths */
    FORM_COUNT,           /* 0 to limit */
    FORM_COUNT_FROM_1,    /* 1 to limit */
    FORM_SEQUENCE,        /* from 1 */
    FORM_FLAG,            /* 0 or 1 */
    FORM_CODE,            /* two digits of the table that limit names */
    FORM_CREDIT_CODE,
    FORM_DOCUMENT, /* checked with its type by column_document */
    FORM_PHONE,
    FORM_CARD,
};

enum code_table {
    CODES_A1,
    CODES_A4,
    CODES_A5,
    CODES_A6,
    CODES_A7,
    CODES_A10,
    CODES_A11,
    CODES_A15,
    CODES_1_TO_2,
    CODES_1_TO_3,
    CODES_1_TO_5,
    CODES_1_TO_6,
};

enum presence { MAY, MUST };

struct column {
    const char *name;
    enum form form;
    enum presence presence;
    int32_t limit;
};

/* there is false for an empty field; text is the field itself, n the number, date (days), month,
 * amount (fen), rate (millionths) or code it means. */
struct value {
    struct text text;
    int64_t n;
    bool there;
};

/* What a field is judged by besides its own column. */
struct judge {
    civil_date as_of;
    bool demo;
};

/* Reads a field into *out. FAULT_NONE, or the code and *words (a literal) of what is wrong. */
enum fault_code column_read(const struct column *c, const struct judge *j, struct text field,
                            struct value *out, const char **words);

/* Checks a document's number against its type (table A.1). */
enum fault_code column_document(const struct judge *j, int64_t type, struct text number,
                                const char **words);

#endif
