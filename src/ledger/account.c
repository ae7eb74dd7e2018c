/* Accounts and whom they belong to. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { ACCOUNTS_READ_MAX = 64 }; /* the LIMIT of ledger_accounts_of */

struct text ledger_keep(struct arena *a, struct stmt *q, int column, bool *ok)
{
    struct text t = {NULL, 0};
    char *copy;

    if (column_is_null(q, column))
        return t;
    t = column_text(q, column);
    copy = arena_copy(a, t);
    if (!copy)
        *ok = false;
    t.at = copy;
    return t;
}

enum result ledger_no_memory(struct error *err)
{
    return error_set(err, RESULT_MEMORY, "out of memory while reading an account");
}

enum result ledger_read_end(struct db *db, enum stmt_step step, struct error *err)
{
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

bool ledger_read_account(struct arena *a, struct stmt *q, struct account *out)
{
    struct text hash;
    bool ok = true;
    int c = 0;

    *out = (struct account){0};
    out->account = ledger_keep(a, q, c++, &ok);
    out->person = ledger_keep(a, q, c++, &ok);
    out->unit = ledger_keep(a, q, c++, &ok);
    out->unit_name = ledger_keep(a, q, c++, &ok);
    out->handler_name = ledger_keep(a, q, c++, &ok);
    out->handler_phone = ledger_keep(a, q, c++, &ok);
    out->office = ledger_keep(a, q, c++, &ok);
    out->state = (enum account_state)column_int(q, c++);
    out->opened = column_date(q, c++);
    out->closed = column_date(q, c++);
    out->close_reason = (int)column_int(q, c++);
    out->merged_into = ledger_keep(a, q, c++, &ok);
    out->base = column_fen(q, c++);
    out->unit_ratio = (millionths)column_int(q, c++);
    out->own_ratio = (millionths)column_int(q, c++);
    out->unit_amount = column_fen(q, c++);
    out->own_amount = column_fen(q, c++);
    out->paid_to = column_is_null(q, c) ? MONTH_NONE : (civil_month){(int32_t)column_int(q, c)};
    c++;
    out->frozen = column_fen(q, c++);
    out->frozen_since = column_date(q, c++);
    out->frozen_by = ledger_keep(a, q, c++, &ok);
    out->running.balance = column_fen(q, c++);
    out->running.carried = column_fen(q, c++);
    out->running.this_year = column_fen(q, c++);
    out->running.settled = column_date(q, c++);
    out->running.product = column_int(q, c++);
    out->running.product_year = column_int(q, c++);
    out->running.product_day = column_date(q, c++);
    out->running.head_seq = column_int(q, c++);
    hash = column_bytes(q, c);
    if (hash.len == SHA256_SIZE)
        memcpy(out->running.head_hash, hash.at, SHA256_SIZE);
    return ok;
}

enum result ledger_account(struct db *db, struct arena *a, struct text account, struct account *out,
                           struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_account);
    enum stmt_step step;
    bool ok;

    stmt_text(q, 1, account);
    step = stmt_step(q);
    if (step == STMT_DONE)
        return error_set(err, RESULT_NOT_FOUND, "there is no such account");
    if (step != STMT_ROW)
        return db_failure(db, err);
    ok = ledger_read_account(a, q, out);
    stmt_end(q);
    return ok ? RESULT_OK : ledger_no_memory(err);
}

int ledger_compare_accounts(const void *left, const void *right)
{
    const struct account *a = left, *b = right;
    int closed = (int)account_is_closed(a->state) - (int)account_is_closed(b->state);

    if (closed != 0)
        return closed;
    if (a->opened.day != b->opened.day)
        return a->opened.day > b->opened.day ? -1 : 1;
    return text_compare(b->account, a->account);
}

enum result ledger_accounts_of(struct db *db, struct arena *a, struct text person,
                               struct account out[LEDGER_ACCOUNTS_MAX], size_t *count,
                               struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_accounts_of);
    struct account *list = arena_alloc(a, ACCOUNTS_READ_MAX * sizeof *list);
    enum stmt_step step = STMT_ROW;
    bool ok = list != NULL;
    size_t read = 0;

    *count = 0;
    stmt_text(q, 1, person);
    while (ok && read < ACCOUNTS_READ_MAX && (step = stmt_step(q)) == STMT_ROW)
        ok = ledger_read_account(a, q, &list[read++]);
    stmt_end(q);
    if (!ok)
        return ledger_no_memory(err);
    if (step != STMT_ROW && step != STMT_DONE)
        return db_failure(db, err);
    if (read > 1)
        qsort(list, read, sizeof *list, ledger_compare_accounts);
    *count = read < LEDGER_ACCOUNTS_MAX ? read : LEDGER_ACCOUNTS_MAX;
    memcpy(out, list, *count * sizeof *list);
    return RESULT_OK;
}

enum result ledger_holder(struct db *db, struct arena *a, struct text account, struct holder *out,
                          struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_holder);
    enum stmt_step step;
    bool ok = true;

    stmt_text(q, 1, account);
    step = stmt_step(q);
    if (step == STMT_DONE)
        return error_set(err, RESULT_NOT_FOUND, "there is no holder of such an account");
    if (step != STMT_ROW)
        return db_failure(db, err);
    *out = (struct holder){
        .account = ledger_keep(a, q, 0, &ok),
        .person = ledger_keep(a, q, 1, &ok),
        .name = ledger_keep(a, q, 2, &ok),
        .id_type = (int)column_int(q, 3),
        .id_mask = ledger_keep(a, q, 4, &ok),
        .phone_mask = ledger_keep(a, q, 5, &ok),
        .card_mask = ledger_keep(a, q, 6, &ok),
        .card_bank = ledger_keep(a, q, 7, &ok),
    };
    if (!column_is_null(q, 8)) {
        out->phone_sealed = column_bytes(q, 8);
        out->phone_sealed.at = arena_copy(a, out->phone_sealed);
        ok = ok && out->phone_sealed.at;
    }
    stmt_end(q);
    return ok ? RESULT_OK : ledger_no_memory(err);
}
