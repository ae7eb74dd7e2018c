/* The digest of an account, worked out anew from the entries and terms that verify reads. The bytes
 * are made by digest.c, as the import makes them: what is proved here is that the stored row follows
 * from what stands in the ledger. That the walk through the entries gives the same is a test's. */
#include "verify_internal.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/digest.h"

struct digest_check {
    struct rows stored, terms;
    bool broken; /* an entry is missing, which is told elsewhere */
    struct digest d;
};

static void skip(struct verify *v, struct rows *r, const char *of, struct text account)
{
    while (r->there && text_compare(column_text(r->q, 0), account) < 0) {
        if (of)
            verify_wrong(v, of, column_text(r->q, 0), "", 0, "there is no such account");
        rows_next(r);
    }
}

bool verify_digest_open(struct verify *v)
{
    v->digest = calloc(1, sizeof *v->digest);
    if (!v->digest)
        return false;
    rows_start(v, &v->digest->stored, QUERY_verify_digests);
    rows_start(v, &v->digest->terms, QUERY_verify_terms);
    return true;
}

void verify_digest_begin(struct verify *v, struct text account)
{
    struct digest_check *c = v->digest;
    struct rows *t = &c->terms;

    digest_start(&c->d);
    c->broken = false;
    skip(v, t, NULL, account);
    for (; t->there && text_equal(column_text(t->q, 0), account); rows_next(t))
        digest_agree(&c->d, (struct digest_terms){.from = {(int32_t)column_int(t->q, 1)},
                                                  .paying = column_int(t->q, 2) != 0,
                                                  .due = column_int(t->q, 3)});
}

void verify_digest_entry(struct verify *v, const struct entry *e)
{
    struct digest_check *c = v->digest;

    if (e->seq != c->d.head_seq + 1)
        c->broken = true;
    if (!c->broken)
        digest_entry(&c->d, e);
}

/* One that is missing or ends before the newest entry is not believed by anybody: no fault. */
void verify_digest_end(struct verify *v, struct text account)
{
    struct digest_check *c = v->digest;
    struct rows *s = &c->stored;
    uint8_t should[DIGEST_BYTES_MAX];
    struct text is;
    int64_t seq;

    skip(v, s, "ledger.digest", account);
    if (!s->there || !text_equal(column_text(s->q, 0), account))
        return;
    seq = column_int(s->q, 1);
    is = column_bytes(s->q, 2);
    if (seq > c->d.head_seq && !c->broken)
        verify_wrong(v, "ledger.digest", account, "", 0, "head_seq is beyond the newest entry");
    if (seq == c->d.head_seq && !c->broken) {
        size_t size = digest_pack(&c->d, should);

        if (is.len != size || memcmp(is.at, should, size) != 0)
            verify_wrong(v, "ledger.digest", account, "", 0,
                         "facts are not what the account's entries and terms add up to");
    }
    rows_next(s);
}

enum result verify_digest_close(struct verify *v)
{
    struct digest_check *c = v->digest;
    enum result r = rows_result(v, &c->stored);

    while (r == RESULT_OK && c->stored.there) {
        verify_wrong(v, "ledger.digest", column_text(c->stored.q, 0), "", 0,
                     "there is no such account");
        rows_next(&c->stored);
    }
    if (r == RESULT_OK)
        r = rows_result(v, &c->stored);
    return r == RESULT_OK ? rows_result(v, &c->terms) : r;
}
