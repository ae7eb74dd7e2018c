/* Reading the record of looks, and the hash that chains it. */
#include <assert.h>
#include <sodium.h>

#include "access/access.h"
#include "base/sha256.h"

enum {
    LOOK_VERSION = 1,
    LOOK_KIND = 'A',
    /* Version, kind, twelve length-prefixed fields: seven integers, four texts of at most 255 bytes
     * (the tables they come from are ours), the predecessor. */
    LOOK_BYTES_MAX = 2 + 7 * 10 + 4 * (2 + 255) + 2 + SHA256_SIZE,
    LOOK_TEXT_MAX = 255,
};

static uint8_t *put_length(uint8_t *p, size_t n)
{
    *p++ = (uint8_t)(n >> 8);
    *p++ = (uint8_t)n;
    return p;
}

static uint8_t *put_int(uint8_t *p, int64_t value)
{
    p = put_length(p, 8);
    for (int shift = 56; shift >= 0; shift -= 8) {
        *p++ = (uint8_t)((uint64_t)value >> shift);
    }
    return p;
}

static uint8_t *put_text(uint8_t *p, struct text t)
{
    assert(t.len <= LOOK_TEXT_MAX);
    p = put_length(p, t.len);
    if (t.len > 0) {
        memcpy(p, t.at, t.len);
    }
    return p + t.len;
}

void look_hash(struct text person, const struct look *l, const uint8_t previous[32],
               uint8_t out[32])
{
    uint8_t bytes[LOOK_BYTES_MAX];
    uint8_t *p = bytes;

    *p++ = LOOK_VERSION;
    *p++ = LOOK_KIND;
    p = put_text(p, person);
    p = put_int(p, l->seq);
    p = put_int(p, l->at);
    p = put_int(p, l->actor_kind);
    p = put_text(p, l->actor);
    p = put_text(p, l->place);
    p = put_int(p, l->channel);
    p = put_int(p, l->part);
    p = put_int(p, l->purpose);
    p = put_text(p, l->case_no);
    p = put_int(p, l->outcome);
    p = put_length(p, SHA256_SIZE);
    memcpy(p, previous, SHA256_SIZE);
    p += SHA256_SIZE;
    assert(p <= bytes + sizeof bytes);
    /* Short, and in any thread: libsodium's needs no memory that a thread would have to free. */
    crypto_hash_sha256(out, bytes, (size_t)(p - bytes));
}

static struct text keep(struct arena *a, struct text t, bool *failed)
{
    char *copy = arena_copy(a, t);

    *failed |= !copy;
    return (struct text){copy, t.len};
}

static bool look_read(struct stmt *q, struct arena *a, struct look *l)
{
    bool failed = false;

    l->seq = column_int(q, 0);
    l->at = column_int(q, 1);
    l->actor_kind = (int)column_int(q, 2);
    l->actor = keep(a, column_text(q, 3), &failed);
    l->place = keep(a, column_text(q, 4), &failed);
    l->channel = (int)column_int(q, 5);
    l->part = (int)column_int(q, 6);
    l->purpose = (int)column_int(q, 7);
    l->case_no = keep(a, column_text(q, 8), &failed);
    l->outcome = (int)column_int(q, 9);
    return !failed;
}

enum result access_looks(struct db *db, struct arena *a, const struct view *v, int64_t before_seq,
                         int limit, struct look **out, size_t *count, bool *more, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_looks_of_person);
    struct look *looks;
    size_t n = 0;
    enum stmt_step step = STMT_DONE;

    assert(view_is_good(v, PART_LOOKS));
    assert(limit >= 1 && limit <= LOOKS_MAX);
    looks = arena_alloc(a, sizeof *looks * (size_t)limit);
    if (!looks) {
        return error_set(err, RESULT_MEMORY, "no memory for %d looks", limit);
    }
    stmt_text(q, 1, v->person);
    stmt_int(q, 2, before_seq > 0 ? before_seq : INT64_MAX);
    stmt_int(q, 3, limit + 1);
    *more = false;
    while ((step = stmt_step(q)) == STMT_ROW) {
        if (n == (size_t)limit) {
            *more = true;
            stmt_end(q);
            break;
        }
        if (!look_read(q, a, &looks[n])) {
            stmt_end(q);
            return error_set(err, RESULT_MEMORY, "no memory for %d looks", limit);
        }
        n++;
    }
    if (step == STMT_FAILED) {
        return error_set(err, RESULT_STORE, "cannot read the record of looks: %s", db_error(db));
    }
    *out = looks;
    *count = n;
    return RESULT_OK;
}
