/* The text of a root: for people and for openssl alike. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "root/root.h"

#define FIRST_LINE "anju root 1"

size_t root_statement_write(const struct root_statement *s, char out[ROOT_STATEMENT_MAX])
{
    char day[DATE_TEXT_MAX], root[2 * SHA256_SIZE + 1], previous[2 * SHA256_SIZE + 1];

    date_format(s->day, day);
    sha256_hex(s->root, root);
    sha256_hex(s->previous, previous);
    return (size_t)snprintf(
        out, ROOT_STATEMENT_MAX,
        FIRST_LINE "\ncentre: %s\nday: %s\nmade: %s\naccounts: %" PRId64 "\nset: %" PRId64
                   "\noperation: %" PRId64 "\nroot: %s\nprevious: %s\n",
        s->centre, day, s->made, s->accounts, s->set, s->operation, root, previous);
}

/* Takes the line "key: value" off the front. */
static bool line(struct text *rest, const char *key, struct text *value)
{
    size_t key_len = strlen(key);
    const char *end = memchr(rest->at, '\n', rest->len);
    size_t len = end ? (size_t)(end - rest->at) : 0;

    if (!end || len < key_len + 2 || memcmp(rest->at, key, key_len) != 0 ||
        memcmp(rest->at + key_len, ": ", 2) != 0)
        return false;
    *value = (struct text){rest->at + key_len + 2, len - key_len - 2};
    *rest = (struct text){end + 1, rest->len - len - 1};
    return true;
}

static bool copy(struct text t, char *out, size_t room)
{
    if (t.len >= room)
        return false;
    memcpy(out, t.at, t.len);
    out[t.len] = '\0';
    return true;
}

static bool hash_in(struct text t, uint8_t out[SHA256_SIZE])
{
    size_t len = 0;

    return sodium_hex2bin(out, SHA256_SIZE, t.at, t.len, NULL, &len, NULL) == 0 &&
           len == SHA256_SIZE && t.len == 2 * SHA256_SIZE;
}

bool root_statement_read(struct text t, struct root_statement *out)
{
    char again[ROOT_STATEMENT_MAX];
    struct text rest = t, v[8];
    static const char *const keys[] = {"centre", "day",       "made", "accounts",
                                       "set",    "operation", "root", "previous"};

    *out = (struct root_statement){0};
    if (!text_starts(rest, TEXT(FIRST_LINE "\n")) || t.len >= ROOT_STATEMENT_MAX)
        return false;
    rest = (struct text){t.at + sizeof FIRST_LINE, t.len - sizeof FIRST_LINE};
    for (int i = 0; i < 8; i++)
        if (!line(&rest, keys[i], &v[i]))
            return false;
    return copy(v[0], out->centre, sizeof out->centre) && date_parse(v[1], &out->day) &&
           copy(v[2], out->made, sizeof out->made) && text_to_int(v[3], &out->accounts) &&
           text_to_int(v[4], &out->set) && text_to_int(v[5], &out->operation) &&
           hash_in(v[6], out->root) && hash_in(v[7], out->previous) &&
           root_statement_write(out, again) == t.len && memcmp(again, t.at, t.len) == 0;
}
