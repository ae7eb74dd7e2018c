/* Access records: one chain per person, its head beside it. */
#include "verify_internal.h"

#include <inttypes.h>
#include <string.h>

static const char table[] = "desk.look";
static const char look_types[] = "TIIITTIIITI";
enum { K_PERSON, K_SEQ, K_HASH = 11 };
enum { H_PERSON, H_SEQ, H_HASH };

struct chain {
    struct text person;
    int64_t seq;
    uint8_t hash[VERIFY_HASH];
};

static void check_look(struct verify *v, struct chain *c, struct stmt *q)
{
    int64_t seq = column_int(q, K_SEQ);
    struct text stored = column_bytes(q, K_HASH);
    uint8_t computed[VERIFY_HASH];

    if (seq != c->seq + 1)
        verify_wrong(v, table, c->person, "", seq,
                     "seq is %" PRId64 " and should be %" PRId64 ": a record is missing", seq,
                     c->seq + 1);
    c->seq = seq;
    if (!hasher_row(v->hasher, 'A', q, look_types, c->hash, computed) ||
        stored.len != VERIFY_HASH || memcmp(stored.at, computed, VERIFY_HASH) != 0)
        verify_wrong(v, table, c->person, "", seq,
                     "hash does not follow from the row and the one before");
    memset(c->hash, 0, sizeof c->hash);
    if (stored.len == VERIFY_HASH)
        memcpy(c->hash, stored.at, VERIFY_HASH);
    v->report->looks++;
    verify_tick(v);
}

static void check_head(struct verify *v, const struct chain *c, struct stmt *q)
{
    struct text head = column_bytes(q, H_HASH);

    if (column_int(q, H_SEQ) != c->seq)
        verify_wrong(v, "desk.look_head", c->person, "", 0,
                     "seq is %" PRId64 " and should be %" PRId64, column_int(q, H_SEQ), c->seq);
    if (head.len != VERIFY_HASH || memcmp(head.at, c->hash, VERIFY_HASH) != 0)
        verify_wrong(v, "desk.look_head", c->person, "", 0,
                     "hash is not the hash of the newest record");
}

static void orphan(struct verify *v, struct rows *looks)
{
    verify_wrong(v, table, column_text(looks->q, K_PERSON), "", column_int(looks->q, K_SEQ),
                 "the person's chain has no head");
    rows_next(looks);
}

enum result verify_looks(struct verify *v)
{
    struct rows heads, looks;
    enum result r;

    rows_start(v, &heads, QUERY_verify_look_heads);
    rows_start(v, &looks, QUERY_verify_looks);
    for (; heads.there && !looks.failed; rows_next(&heads)) {
        struct chain c = {.person = column_text(heads.q, H_PERSON)};

        while (looks.there && text_compare(column_text(looks.q, K_PERSON), c.person) < 0)
            orphan(v, &looks);
        while (looks.there && text_equal(column_text(looks.q, K_PERSON), c.person)) {
            check_look(v, &c, looks.q);
            rows_next(&looks);
        }
        if (!looks.failed)
            check_head(v, &c, heads.q);
        v->report->persons++;
    }
    while (looks.there && !heads.failed)
        orphan(v, &looks);
    r = rows_result(v, &heads);
    return r == RESULT_OK ? rows_result(v, &looks) : r;
}
