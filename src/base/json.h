/* A small JSON writer for the hot path. Reading is jansson's business; no name here is one of
 * jansson's, or its own calls would end up in this writer. */
#ifndef ANJU_BASE_JSON_H
#define ANJU_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "date.h"
#include "money.h"
#include "text.h"

/* Writes into memory it grows with realloc up to limit. The caller takes `at` (free it) or calls
 * json_free. A NUL, not counted in len, follows the last byte. After a failure (memory, limit) it
 * stays failed and writes nothing more. */
struct json {
    char *at;
    size_t len, room, limit;
    bool failed;
    bool comma; /* a comma is due before the next value */
};

void json_start(struct json *j, size_t limit);
void json_free(struct json *j);

/* key may be NULL inside arrays. Keys are literals of ours and not escaped. */
void json_put_object(struct json *j, const char *key);
void json_put_object_end(struct json *j);
void json_put_array(struct json *j, const char *key);
void json_put_array_end(struct json *j);
/* Escaped; what is not well-formed UTF-8 becomes U+FFFD. */
void json_put_text(struct json *j, const char *key, struct text value);
void json_put_word(struct json *j, const char *key, const char *value); /* a literal of ours */
void json_put_int(struct json *j, const char *key, int64_t value);
void json_put_bool(struct json *j, const char *key, bool value);
void json_put_null(struct json *j, const char *key);
/* Strings: "1234.50"; "5.00" or "3.575"; "2026-06-30", or null for DATE_NONE; "2026-06"; and
 * "2026-11-23T09:12:05+08:00". */
void json_put_fen(struct json *j, const char *key, fen value);
void json_put_percent(struct json *j, const char *key, millionths value);
void json_put_date(struct json *j, const char *key, civil_date value);
void json_put_month(struct json *j, const char *key, civil_month value);
void json_put_instant(struct json *j, const char *key, const struct clock *c, instant value);

#endif
