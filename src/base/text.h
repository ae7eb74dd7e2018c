/* Text that knows its length: a view on bytes that somebody else owns. */
#ifndef ANJU_BASE_TEXT_H
#define ANJU_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A view on UTF-8 bytes. Not terminated by NUL; valid as long as its owner says. */
struct text {
    const char *at;
    size_t len;
};

/* A text constant: TEXT("abc"). */
#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

/* Arguments for "%.*s". */
#define TEXT_ARG(t) (int)(t).len, (t).at

static inline struct text text_of(const char *s)
{
    return (struct text){s, s ? strlen(s) : 0};
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Byte order, as COLLATE "C" and SQLite's BINARY have it: <0, 0, >0. */
int text_compare(struct text a, struct text b);

bool text_starts(struct text t, struct text prefix);

/* True when every byte belongs to a well-formed UTF-8 sequence (RFC 3629: no surrogates,
 * no overlong forms, nothing above U+10FFFF) and no control character below U+0020 or U+007F
 * is in it. */
bool text_is_clean_utf8(struct text t);

/* Number of characters (code points) of a well-formed text. */
size_t text_characters(struct text t);

/* Copies at most room-1 bytes and a NUL; false when it did not fit (then out is ""). */
bool text_copy(struct text t, char *out, size_t room);

/* Decimal digits only, 1 to 18 of them. False otherwise; *out untouched. */
bool text_to_int(struct text t, int64_t *out);

#endif
