/* The digest in the store: reading, making it anew, bringing it forward, filling what is missing. */
#include "ledger/digest.h"

#include <string.h>

enum { BLOCK = 256 };

static enum result make_terms(struct db *db, struct text account, struct digest *d,
                              struct error *err)
{
    struct stmt *q = db_query(db, QUERY_digest_terms);
    enum stmt_step step;

    stmt_text(q, 1, account);
    while ((step = stmt_step(q)) == STMT_ROW)
        digest_agree(d, (struct digest_terms){.from = {(int32_t)column_int(q, 0)},
                                              .paying = column_int(q, 1) != 0,
                                              .due = column_int(q, 2)});
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static struct entry entry_of(struct stmt *q)
{
    return (struct entry){
        .seq = column_int(q, 0),
        .booked = column_date(q, 1),
        .value_day = column_date(q, 2),
        .kind = (enum entry_kind)column_int(q, 3),
        .for_month = column_is_null(q, 4) ? MONTH_NONE : (civil_month){(int32_t)column_int(q, 4)},
        .unit_amount = column_fen(q, 5),
        .own_amount = column_fen(q, 6),
        .amount = column_fen(q, 7),
        .interest = column_fen(q, 8),
        .balance = column_fen(q, 9),
        .reason = (int)column_int(q, 10),
        .flow = column_text(q, 11),
        .reversing = column_int(q, 12) != 0,
        .reverses = column_int(q, 13),
    };
}

/* A gap in the numbers is anju verify's to tell; the digest ends there and is not believed. */
static enum result make_entries(struct db *db, struct text account, struct digest *d,
                                struct error *err)
{
    int rows;

    do {
        struct stmt *q = db_query(db, QUERY_digest_entries);
        enum stmt_step step;

        rows = 0;
        stmt_text(q, 1, account);
        stmt_int(q, 2, d->head_seq);
        stmt_int(q, 3, BLOCK);
        while ((step = stmt_step(q)) == STMT_ROW) {
            struct entry e = entry_of(q);

            if (e.seq != d->head_seq + 1) {
                stmt_end(q);
                return RESULT_OK;
            }
            digest_entry(d, &e);
            rows++;
        }
        if (step != STMT_DONE)
            return db_failure(db, err);
    } while (rows == BLOCK);
    return RESULT_OK;
}

static enum result make(struct db *db, struct text account, struct digest *d, struct error *err)
{
    enum result r;

    digest_start(d);
    r = make_terms(db, account, d, err);
    return r == RESULT_OK ? make_entries(db, account, d, err) : r;
}

/* *there: the stored one could be unpacked. */
static enum result read_stored(struct db *db, struct text account, struct digest *d, bool *there,
                               struct error *err)
{
    struct stmt *q = db_query(db, QUERY_digest_read);
    enum stmt_step step;

    stmt_text(q, 1, account);
    step = stmt_step(q);
    *there = step == STMT_ROW && digest_unpack(d, column_int(q, 0), column_bytes(q, 1));
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result store(struct db *db, struct text account, const struct digest *d,
                         struct error *err)
{
    uint8_t facts[DIGEST_BYTES_MAX];
    struct stmt *q = db_query(db, QUERY_digest_put);

    stmt_text(q, 1, account);
    stmt_int(q, 2, d->head_seq);
    stmt_bytes(q, 3, facts, digest_pack(d, facts));
    return stmt_run(q, NULL, err);
}

enum result digest_load(struct db *db, struct text account, int64_t head_seq, struct digest *out,
                        struct error *err)
{
    bool there;
    enum result r = read_stored(db, account, out, &there, err);

    if (r != RESULT_OK || (there && out->head_seq == head_seq))
        return r;
    return make(db, account, out, err);
}

enum result digest_follow(struct db *db, struct text account, const struct entry *entries,
                          size_t count, const struct digest_terms *terms, size_t terms_count,
                          struct error *err)
{
    struct digest d;
    bool there;
    enum result r = read_stored(db, account, &d, &there, err);

    if (r != RESULT_OK)
        return r;
    if (!there || (count > 0 && entries[0].seq != d.head_seq + 1)) {
        r = make(db, account, &d, err);
    } else {
        for (size_t i = 0; i < terms_count; i++)
            digest_agree(&d, terms[i]);
        for (size_t i = 0; i < count; i++)
            digest_entry(&d, &entries[i]);
    }
    return r == RESULT_OK ? store(db, account, &d, err) : r;
}

/* --- filling --- */

struct behind {
    char account[DIGEST_FILL_ACCOUNTS][DIGEST_ACCOUNT_MAX];
    size_t count, seen;
};

static enum result find_behind(struct db *db, char after[DIGEST_ACCOUNT_MAX], struct behind *b,
                               struct error *err)
{
    struct stmt *q = db_query(db, QUERY_digest_behind);
    char last[DIGEST_ACCOUNT_MAX] = "";
    enum stmt_step step;

    stmt_text(q, 1, text_of(after));
    stmt_int(q, 2, DIGEST_FILL_ACCOUNTS);
    while ((step = stmt_step(q)) == STMT_ROW) {
        b->seen++;
        if (!text_copy(column_text(q, 0), last, sizeof last)) {
            stmt_end(q);
            return error_set(err, RESULT_DAMAGED, "an account number is too long");
        }
        if (column_int(q, 2) != 0)
            memcpy(b->account[b->count++], last, sizeof last);
    }
    memcpy(after, last, sizeof last);
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result fill(struct db *db, struct behind *b, struct error *err)
{
    enum result r = db_begin(db, STORE_WRITE_LEDGER, err);
    struct digest d;

    if (r != RESULT_OK)
        return r;
    for (size_t i = 0; i < b->count && r == RESULT_OK; i++) {
        r = make(db, text_of(b->account[i]), &d, err);
        if (r == RESULT_OK)
            r = store(db, text_of(b->account[i]), &d, err);
    }
    if (r == RESULT_OK)
        return db_commit(db, err);
    db_rollback(db);
    return r;
}

enum result digest_fill(struct db *db, char after[DIGEST_ACCOUNT_MAX], int64_t *made,
                        struct error *err)
{
    char from[DIGEST_ACCOUNT_MAX];
    struct behind b = {.count = 0};
    enum result r = db_begin(db, STORE_READ, err);

    *made = 0;
    if (r != RESULT_OK)
        return r;
    memcpy(from, after, sizeof from);
    r = find_behind(db, from, &b, err);
    db_rollback(db);
    if (r == RESULT_OK && b.count > 0)
        r = fill(db, &b, err);
    if (r != RESULT_OK)
        return r;
    *made = (int64_t)b.count;
    memcpy(after, from, sizeof from);
    if (b.seen < DIGEST_FILL_ACCOUNTS)
        after[0] = '\0';
    return RESULT_OK;
}
