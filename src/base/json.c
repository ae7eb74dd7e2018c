#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "digits.h"
#include "utf8.h"

/* Room for the first page's answer: growing copies, and most answers are shorter than this. */
enum { ROOM_FIRST = 8 * 1024 };

void json_start(struct json *j, size_t limit)
{
    *j = (struct json){.limit = limit};
}

void json_free(struct json *j)
{
    free(j->at);
    *j = (struct json){0};
}

static bool grow(struct json *j, size_t need)
{
    size_t room = j->room ? j->room : ROOM_FIRST;
    char *at;

    while (room < need)
        room = room > need / 2 ? room * 2 : need;
    at = realloc(j->at, room);
    if (!at)
        return false;
    j->at = at;
    j->room = room;
    return true;
}

/* Room for n more bytes and the NUL behind them, and where they go; NULL after a failure. Everything
 * that is written asks here, once for a key and its value together. */
static inline char *room_for(struct json *j, size_t n)
{
    if (j->failed)
        return NULL;
    if (n > j->limit - j->len || (j->len + n + 1 > j->room && !grow(j, j->len + n + 1))) {
        j->failed = true;
        return NULL;
    }
    return j->at + j->len;
}

/* What was written up to end counts. */
static inline void wrote(struct json *j, char *end)
{
    j->len = (size_t)(end - j->at);
    *end = '\0';
}

/* Copies n bytes and returns the end. Keys and amounts are short: two moves that overlap cost less
 * than a call. */
static inline char *copied(char *to, const char *from, size_t n)
{
    if (n >= 8 && n <= 16) {
        memcpy(to, from, 8);
        memcpy(to + n - 8, from + n - 8, 8);
    } else if (n >= 4 && n < 8) {
        memcpy(to, from, 4);
        memcpy(to + n - 4, from + n - 4, 4);
    } else {
        memcpy(to, from, n);
    }
    return to + n;
}

static void put(struct json *j, const char *bytes, size_t n)
{
    char *to = room_for(j, n);

    if (to)
        wrote(j, copied(to, bytes, n));
}

/* What comes before every value: the comma that is due, and the key in an object. Returns where the
 * value's n bytes go, for which there is room, or NULL. */
static inline char *put_key(struct json *j, const char *key, size_t n)
{
    size_t len = key ? strlen(key) : 0;
    char *to = room_for(j, (j->comma ? 1 : 0) + (key ? len + 3 : 0) + n);

    if (to && j->comma)
        *to++ = ',';
    j->comma = true;
    if (to && key) {
        *to++ = '"';
        to = copied(to, key, len);
        *to++ = '"';
        *to++ = ':';
    }
    return to;
}

/* A value of n bytes that stands as it is. */
static inline void put_plain(struct json *j, const char *key, const char *bytes, size_t n)
{
    char *to = put_key(j, key, n);

    if (to)
        wrote(j, copied(to, bytes, n));
}

static inline void put_quoted(struct json *j, const char *key, const char *bytes, size_t n)
{
    char *to = put_key(j, key, n + 2);

    if (!to)
        return;
    *to++ = '"';
    to = copied(to, bytes, n);
    *to++ = '"';
    wrote(j, to);
}

static void open_with(struct json *j, const char *key, char bracket)
{
    put_plain(j, key, &bracket, 1);
    j->comma = false;
}

static void close_with(struct json *j, char bracket)
{
    put(j, &bracket, 1);
    j->comma = true;
}

void json_put_object(struct json *j, const char *key)
{
    open_with(j, key, '{');
}

void json_put_object_end(struct json *j)
{
    close_with(j, '}');
}

void json_put_array(struct json *j, const char *key)
{
    open_with(j, key, '[');
}

void json_put_array_end(struct json *j)
{
    close_with(j, ']');
}

/* RFC 8259, section 7: quote, backslash and what is below U+0020 must be escaped. */
static void put_escape(struct json *j, uint8_t byte)
{
    static const char hex[] = "0123456789abcdef";
    char escape[6] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (size_t i = 0; i + 1 < sizeof letters; i += 2) {
        if ((uint8_t)letters[i] == byte) {
            escape[1] = letters[i + 1];
            put(j, escape, 2);
            return;
        }
    }
    put(j, escape, sizeof escape);
}

static void put_escaped(struct json *j, struct text t)
{
    const uint8_t *p = (const uint8_t *)t.at;
    size_t from = 0, i = 0; /* from … i-1 is good and not yet written */

    while (i < t.len) {
        size_t size;

        if (p[i] >= 0x20 && p[i] < 0x80 && p[i] != '"' && p[i] != '\\') {
            i++;
            continue;
        }
        size = p[i] < 0x80 ? 0 : utf8_sequence(p + i, t.len - i);
        if (size > 0) {
            i += size;
            continue;
        }
        if (i > from)
            put(j, t.at + from, i - from);
        if (p[i] < 0x80)
            put_escape(j, p[i]);
        else
            put(j, "\xEF\xBF\xBD", 3); /* U+FFFD */
        from = ++i;
    }
    if (i > from)
        put(j, t.at + from, i - from);
}

void json_put_text(struct json *j, const char *key, struct text value)
{
    put_plain(j, key, "\"", 1);
    put_escaped(j, value);
    put(j, "\"", 1);
}

void json_put_word(struct json *j, const char *key, const char *value)
{
    put_quoted(j, key, value, strlen(value));
}

void json_put_int(struct json *j, const char *key, int64_t value)
{
    char digits[DIGITS_MAX + 1];
    char *p = digits;

    if (value < 0)
        *p++ = '-';
    p += digits_put(p, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
    put_plain(j, key, digits, (size_t)(p - digits));
}

void json_put_bool(struct json *j, const char *key, bool value)
{
    put_plain(j, key, value ? "true" : "false", value ? 4 : 5);
}

void json_put_null(struct json *j, const char *key)
{
    put_plain(j, key, "null", 4);
}

void json_put_fen(struct json *j, const char *key, fen value)
{
    char out[FEN_TEXT_MAX];

    put_quoted(j, key, out, (size_t)fen_format(value, out));
}

void json_put_percent(struct json *j, const char *key, millionths value)
{
    char out[PERCENT_TEXT_MAX];

    put_quoted(j, key, out, (size_t)millionths_format_percent(value, out));
}

void json_put_date(struct json *j, const char *key, civil_date value)
{
    char out[DATE_TEXT_MAX];

    if (date_is_none(value)) {
        json_put_null(j, key);
        return;
    }
    put_quoted(j, key, out, (size_t)date_format(value, out));
}

void json_put_month(struct json *j, const char *key, civil_month value)
{
    char out[MONTH_TEXT_MAX];

    put_quoted(j, key, out, (size_t)month_format(value, out));
}

void json_put_instant(struct json *j, const char *key, const struct clock *c, instant value)
{
    char out[CLOCK_TEXT_MAX];

    put_quoted(j, key, out, (size_t)clock_format(c, value, out));
}
