/* Rows as bytes: text that grows, and writers that return where the next byte goes. */
#ifndef ANJU_CITY_PUT_H
#define ANJU_CITY_PUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"

/* Lines of one file. records counts data lines; the owner frees with lines_free. */
struct lines {
    char *at;
    size_t len, room;
    int64_t records;
};

enum { LINE_MAX_BYTES = 8192 }; /* no row of a city is longer */

/* Room for one more line; where it begins. Ends the program when there is no memory. */
char *lines_begin(struct lines *l);

/* The line ends before end: its line feed is added and it is counted. */
void lines_end(struct lines *l, char *end);

void lines_append(struct lines *l, const char *at, size_t len, int64_t records);
void lines_clear(struct lines *l);
void lines_free(struct lines *l);

static inline char *put_text(char *p, const char *s)
{
    return mempcpy(p, s, strlen(s));
}

/* A CSV field that may hold a comma or a quotation mark. */
char *put_field(char *p, const char *s);

static inline char *put_comma(char *p)
{
    *p = ',';
    return p + 1;
}

static inline char *put_count(char *p, int64_t n)
{
    char reversed[20];
    int digits = 0;

    if (n < 0) {
        *p++ = '-';
        n = -n;
    }
    do {
        reversed[digits++] = (char)('0' + n % 10);
        n /= 10;
    } while (n != 0);
    while (digits > 0)
        *p++ = reversed[--digits];
    return p;
}

/* n with leading zeros to width digits. */
static inline char *put_padded(char *p, int64_t n, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        p[i] = (char)('0' + n % 10);
        n /= 10;
    }
    return p + width;
}

static inline char *put_code(char *p, int code)
{
    return put_padded(p, code, 2);
}

/* Fen as yuan: -5 is "-0.05". */
static inline char *put_fen(char *p, int64_t fen)
{
    if (fen < 0) {
        *p++ = '-';
        fen = -fen;
    }
    p = put_count(p, fen / 100);
    *p++ = '.';
    return put_padded(p, fen % 100, 2);
}

/* A ratio in millionths as per cent: 50000 is "5.00". */
static inline char *put_percent(char *p, int32_t ratio)
{
    return put_fen(p, ratio / 100);
}

/* A rate in millionths as a fraction with seven decimals: 26000 is "0.0260000". */
static inline char *put_rate(char *p, int32_t rate)
{
    p = put_count(p, rate / 1000000);
    *p++ = '.';
    p = put_padded(p, rate % 1000000, 6);
    *p++ = '0';
    return p;
}

static inline char *put_day(char *p, int32_t day)
{
    char text[DATE_TEXT_MAX];

    date_format((civil_date){day}, text);
    memcpy(p, text, 10);
    return p + 10;
}

static inline char *put_month(char *p, int32_t month)
{
    p = put_padded(p, month / 12, 4);
    *p++ = '-';
    return put_padded(p, month % 12 + 1, 2);
}

#endif
