/* Making roots, reading them, and the path from one account to one. */
#include "root/root.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- reading --- */

static enum result take_bytes(struct text bytes, uint8_t *out, size_t size)
{
    if (bytes.len != size)
        return RESULT_DAMAGED;
    memcpy(out, bytes.at, size);
    return RESULT_OK;
}

/* The row that stands at q. */
static enum result read_row(struct stmt *q, struct arena *a, struct root *out, struct error *err)
{
    struct text text = column_text(q, 1);
    char day[DATE_TEXT_MAX];

    *out = (struct root){.text = {arena_copy(a, text), text.len}};
    if (!out->text.at)
        return error_set(err, RESULT_MEMORY, "out of memory for a root");
    date_format(column_date(q, 0), day);
    if (take_bytes(column_bytes(q, 2), out->signer, sizeof out->signer) != RESULT_OK ||
        take_bytes(column_bytes(q, 3), out->signature, sizeof out->signature) != RESULT_OK ||
        !root_statement_read(out->text, &out->statement) ||
        out->statement.day.day != column_date(q, 0).day)
        return error_set(err, RESULT_DAMAGED, "the root of %s cannot be read", day);
    return RESULT_OK;
}

enum result root_find(struct db *db, struct arena *a, civil_date day, struct root *out,
                      struct error *err)
{
    struct stmt *q = db_query(db, date_is_none(day) ? QUERY_root_last : QUERY_root_at);
    enum stmt_step step;
    enum result r = RESULT_OK;

    if (!date_is_none(day))
        stmt_date(q, 1, day);
    step = stmt_step(q);
    if (step == STMT_ROW)
        r = read_row(q, a, out, err);
    else if (step == STMT_DONE)
        r = error_set(err, RESULT_NOT_FOUND, "there is no root %s",
                      date_is_none(day) ? "yet" : "of that day");
    else
        r = db_failure(db, err);
    stmt_end(q);
    return r;
}

enum result root_list(struct db *db, struct arena *a, int limit, struct root **out, size_t *count,
                      struct error *err)
{
    struct stmt *q;
    enum stmt_step step = STMT_DONE;
    enum result r = RESULT_OK;

    *count = 0;
    if (limit < 1 || limit > ROOT_LIST_MAX)
        return error_set(err, RESULT_INVALID, "a list has 1 to %d lines", ROOT_LIST_MAX);
    *out = arena_alloc(a, (size_t)limit * sizeof **out);
    if (!*out)
        return error_set(err, RESULT_MEMORY, "out of memory for a list of roots");
    q = db_query(db, QUERY_root_list);
    stmt_int(q, 1, limit);
    while (r == RESULT_OK && *count < (size_t)limit && (step = stmt_step(q)) == STMT_ROW)
        r = read_row(q, a, &(*out)[(*count)++], err);
    stmt_end(q);
    return r == RESULT_OK && step == STMT_FAILED ? db_failure(db, err) : r;
}

bool root_signature_good(const struct root *r)
{
    return crypto_sign_verify_detached(r->signature, (const uint8_t *)r->text.at, r->text.len,
                                       r->signer) == 0;
}

/* --- the heads --- */

static enum result number(struct db *db, enum query_id query, int64_t *out, struct error *err)
{
    struct stmt *q = db_query(db, query);
    enum stmt_step step = stmt_step(q);

    *out = step == STMT_ROW ? column_int(q, 0) : 0;
    stmt_end(q);
    return step == STMT_FAILED ? db_failure(db, err) : RESULT_OK;
}

/* Adds every head of the query to the tree; the one of `account` is marked and noted. */
static enum result add_heads(struct db *db, struct stmt *q, struct merkle *m,
                             struct progress *progress, struct root_proof *of, struct error *err)
{
    enum stmt_step step;

    while ((step = stmt_step(q)) == STMT_ROW) {
        struct text account = column_text(q, 0), hash = column_bytes(q, 2);
        bool marked = of && text_equal(account, of->account);

        if (hash.len != SHA256_SIZE) {
            stmt_end(q);
            return error_set(err, RESULT_DAMAGED, "the head of an account's chain is no hash");
        }
        if (marked) {
            of->seq = column_int(q, 1);
            memcpy(of->hash, hash.at, SHA256_SIZE);
        }
        merkle_add(m, account, column_int(q, 1), (const uint8_t *)hash.at, marked);
        if (progress && m->leaves % 1024 == 0)
            progress_show(progress, (uint64_t)m->leaves);
    }
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

/* --- making --- */

/* Everything of the statement but the name and the moment, and the parts; in a read transaction. */
static enum result gather(struct db *db, struct root_statement *s, struct merkle *m,
                          struct progress *progress, struct error *err)
{
    int64_t open = 0;
    enum result r = number(db, QUERY_root_operation_open, &open, err);

    if (r == RESULT_OK && open != 0)
        return error_set(err, RESULT_BUSY,
                         "operation %" PRId64 " is under way: the root waits until it is done",
                         open);
    if (r == RESULT_OK)
        r = number(db, QUERY_root_set_last, &s->set, err);
    if (r == RESULT_OK)
        r = number(db, QUERY_root_operation_last, &s->operation, err);
    if (r == RESULT_OK)
        r = add_heads(db, db_query(db, QUERY_root_heads), m, progress, NULL, err);
    if (r != RESULT_OK)
        return r;
    s->accounts = m->leaves;
    return merkle_end(m, s->root, err);
}

static enum result insert(struct db *db, const struct root *r, const struct merkle *m,
                          struct error *err)
{
    struct stmt *q = db_query(db, QUERY_root_insert);

    stmt_date(q, 1, r->statement.day);
    stmt_text(q, 2, r->text);
    stmt_bytes(q, 3, r->signer, sizeof r->signer);
    stmt_bytes(q, 4, r->signature, sizeof r->signature);
    stmt_bytes(q, 5, m->parts, m->parts_len);
    return stmt_run(q, NULL, err);
}

static enum result sign(const struct root_desk *d, struct arena *a, struct root *r, bool first,
                        struct error *err)
{
    uint8_t seed[ROOT_SEED], secret[crypto_sign_SECRETKEYBYTES];
    char text[ROOT_STATEMENT_MAX];
    enum result result = root_key_read(d->keys, first && d->may_make_key, seed, err);

    if (result != RESULT_OK)
        return result;
    r->text.len = root_statement_write(&r->statement, text);
    r->text.at = arena_copy(a, (struct text){text, r->text.len});
    crypto_sign_seed_keypair(r->signer, secret, seed);
    if (r->text.at)
        crypto_sign_detached(r->signature, NULL, (const uint8_t *)r->text.at, r->text.len, secret);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(secret, sizeof secret);
    return r->text.at ? RESULT_OK : error_set(err, RESULT_MEMORY, "out of memory for a root");
}

/* The hash of the newest statement, by which the next one names it; *found: today's is there. */
static enum result read_before(struct db *db, struct arena *a, struct sha256 *sha,
                               struct root_statement *s, struct root *out, bool *found, bool *first,
                               struct error *err)
{
    struct root last;
    enum result r = root_find(db, a, DATE_NONE, &last, err);

    *first = r == RESULT_NOT_FOUND;
    *found = r == RESULT_OK && last.statement.day.day == s->day.day;
    if (*found)
        *out = last;
    if (r == RESULT_OK && last.statement.day.day > s->day.day)
        return error_set(err, RESULT_REFUSED, "there is a root of a later day already");
    if (r == RESULT_OK)
        sha256_of(sha, last.text.at, last.text.len, s->previous);
    return *first ? RESULT_OK : r;
}

static enum result make(const struct root_desk *d, struct db *db, struct arena *a, struct merkle *m,
                        struct progress *progress, struct root *out, bool *made, struct error *err)
{
    struct root_statement *s;
    struct root fresh = {0};
    bool found, first;
    enum result r = db_begin(db, STORE_READ, err);

    if (r != RESULT_OK)
        return r;
    s = &fresh.statement;
    s->day = clock_today(d->clock);
    clock_format(d->clock, clock_now(d->clock), s->made);
    snprintf(s->centre, sizeof s->centre, "%s", d->centre);
    r = read_before(db, a, m->sha, s, out, &found, &first, err);
    if (r == RESULT_OK && !found)
        r = gather(db, s, m, progress, err);
    db_rollback(db);
    if (r != RESULT_OK || found)
        return r;
    r = sign(d, a, &fresh, first, err);
    if (r == RESULT_OK)
        r = db_begin(db, STORE_WRITE_LEDGER, err);
    if (r != RESULT_OK)
        return r;
    /* Another may have been quicker: then its root is the day's. */
    r = root_find(db, a, s->day, out, err);
    *made = r == RESULT_NOT_FOUND;
    if (*made)
        r = insert(db, &fresh, m, err);
    if (r != RESULT_OK || !*made) {
        db_rollback(db);
        return r;
    }
    *out = fresh;
    return db_commit(db, err);
}

enum result root_make(const struct root_desk *d, struct db *db, struct arena *a,
                      struct progress *progress, struct root *out, bool *made, struct error *err)
{
    struct sha256 *sha = sha256_new();
    struct merkle m;
    enum result r;

    *made = false;
    merkle_begin(&m, sha, true);
    r = sha && sodium_init() >= 0 ? make(d, db, a, &m, progress, out, made, err)
                                  : error_set(err, RESULT_MEMORY, "out of memory for a root");
    merkle_free(&m);
    sha256_free(sha);
    return r;
}

/* --- one account --- */

static enum result prove(struct db *db, const struct root *r, struct merkle *m,
                         struct progress *progress, struct root_proof *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_root_heads_at);
    uint8_t root[SHA256_SIZE];
    enum result result;

    stmt_int(q, 1, r->statement.set);
    stmt_int(q, 2, r->statement.operation);
    result = add_heads(db, q, m, progress, out, err);
    if (result == RESULT_OK && out->seq == 0)
        return error_set(err, RESULT_NOT_FOUND, "the account had no entry when the root was made");
    if (result == RESULT_OK)
        result = merkle_end(m, root, err);
    if (result == RESULT_OK && memcmp(root, r->statement.root, sizeof root) != 0)
        return error_set(err, RESULT_DAMAGED,
                         "the accounts do not give this root any more: run anju verify");
    memcpy(out->path, m->path, sizeof out->path);
    out->path_len = m->path_len;
    return result;
}

enum result root_prove(struct db *db, const struct root *r, struct text account,
                       struct progress *progress, struct root_proof *out, struct error *err)
{
    struct sha256 *sha = sha256_new();
    struct merkle m;
    enum result result;

    *out = (struct root_proof){.account = account};
    merkle_begin(&m, sha, false);
    result = sha ? prove(db, r, &m, progress, out, err)
                 : error_set(err, RESULT_MEMORY, "out of memory for a proof");
    merkle_free(&m);
    sha256_free(sha);
    return result;
}

void root_proof_climb(const struct root_proof *p, struct sha256 *sha, uint8_t out[SHA256_SIZE])
{
    merkle_leaf(sha, p->account, p->seq, p->hash, out);
    for (int i = 0; i < p->path_len; i++) {
        const struct merkle_step *s = &p->path[i];
        uint8_t below[SHA256_SIZE];

        memcpy(below, out, sizeof below);
        merkle_node(sha, s->left ? s->hash : below, s->left ? below : s->hash, out);
    }
}
