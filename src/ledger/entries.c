/* Entries, newest first. */
#include "internal.h"

#include <assert.h>
#include <string.h>

enum { BLOCK_LEAST = 32, BLOCK_MOST = 256 };

static bool read_entry(struct arena *a, struct stmt *q, struct text account, struct entry *e)
{
    struct text hash;
    bool ok = true;

    *e = (struct entry){
        .account = account,
        .seq = column_int(q, 0),
        .booked = column_date(q, 1),
        .value_day = column_date(q, 2),
        .kind = (enum entry_kind)column_int(q, 3),
        .for_month = column_is_null(q, 4) ? MONTH_NONE : (civil_month){(int32_t)column_int(q, 4)},
        .unit = ledger_keep(a, q, 5, &ok),
        .has_terms = !column_is_null(q, 6),
        .base = column_fen(q, 6),
        .unit_ratio = (millionths)column_int(q, 7),
        .own_ratio = (millionths)column_int(q, 8),
        .unit_amount = column_fen(q, 9),
        .own_amount = column_fen(q, 10),
        .amount = column_fen(q, 11),
        .amount_year = column_fen(q, 12),
        .amount_carried = column_fen(q, 13),
        .interest = column_fen(q, 14),
        .balance = column_fen(q, 15),
        .reason = (int)column_int(q, 16),
        .flow = ledger_keep(a, q, 17, &ok),
        .reversing = column_int(q, 18) != 0,
        .reverses = column_int(q, 19),
        .batch = column_int(q, 20),
    };
    hash = column_bytes(q, 21);
    if (hash.len == SHA256_SIZE)
        memcpy(e->hash, hash.at, SHA256_SIZE);
    return ok;
}

enum result ledger_entries(struct db *db, struct arena *a, struct text account,
                           const struct entry_filter *f, struct entry **out, size_t *count,
                           bool *more, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_entries);
    struct entry *list = arena_alloc(a, (size_t)f->limit * sizeof *list);
    enum stmt_step step;
    bool ok = list != NULL;

    assert(f->limit >= 1 && f->limit <= LEDGER_ENTRIES_MAX);
    *count = 0;
    *more = false;
    if (!ok)
        return ledger_no_memory(err);
    stmt_text(q, 1, account);
    stmt_int(q, 2, f->before_seq ? f->before_seq : INT64_MAX);
    stmt_int(q, 3, f->year ? date_of(f->year, 1, 1).day : INT32_MIN);
    stmt_int(q, 4, f->year ? date_of(f->year, 12, 31).day : INT32_MAX);
    stmt_int(q, 5, f->kind);
    stmt_int(q, 6, f->limit + 1); /* one more tells whether there is more */
    while ((step = stmt_step(q)) == STMT_ROW && ok) {
        if (*count == (size_t)f->limit) {
            *more = true;
            break;
        }
        ok = read_entry(a, q, account, &list[(*count)++]);
    }
    stmt_end(q);
    *out = list;
    if (!ok)
        return ledger_no_memory(err);
    return step == STMT_ROW ? RESULT_OK : ledger_read_end(db, step, err);
}

int ledger_block(size_t months)
{
    const size_t a_month = 2; /* as a rule: a contribution and something else now and then */
    size_t rows = months * a_month;

    return (int)(rows < BLOCK_LEAST ? BLOCK_LEAST : rows > BLOCK_MOST ? BLOCK_MOST : rows);
}

enum result ledger_walk_back(struct db *db, struct text account, const struct walk *w,
                             struct error *err)
{
    int64_t seq = w->before ? w->before : INT64_MAX;
    int rows;

    do {
        struct stmt *q = db_query(db, w->query);
        enum stmt_step step;

        rows = 0;
        stmt_text(q, 1, account);
        stmt_int(q, 2, seq);
        stmt_int(q, 3, w->block);
        while ((step = stmt_step(q)) == STMT_ROW) {
            rows++;
            seq = column_int(q, 0);
            if (!w->take(w->context, q)) {
                stmt_end(q);
                return RESULT_OK;
            }
        }
        if (step != STMT_DONE)
            return db_failure(db, err);
    } while (rows == w->block);
    return RESULT_OK;
}
