/* A block of accounts: what each gets, and writing it. */
#include <string.h>

#include "ledger/digest.h"
#include "settle_internal.h"

/* Columns of settle_page. */
enum {
    ACCOUNT,
    STATE,
    OPENED,
    BALANCE,
    CARRIED,
    YEAR,
    SETTLED,
    PRODUCT,
    PRODUCT_YEAR,
    PRODUCT_DAY,
    HEAD_SEQ,
    HEAD_HASH,
    BOOKED
};

static void read_running(struct stmt *q, struct running *r)
{
    struct text hash = column_bytes(q, HEAD_HASH);

    *r = (struct running){
        .balance = column_fen(q, BALANCE),
        .carried = column_fen(q, CARRIED),
        .this_year = column_fen(q, YEAR),
        .settled = column_date(q, SETTLED),
        .product = column_int(q, PRODUCT),
        .product_year = column_int(q, PRODUCT_YEAR),
        .product_day = column_date(q, PRODUCT_DAY),
        .head_seq = column_int(q, HEAD_SEQ),
    };
    if (hash.len == SHA256_SIZE)
        memcpy(r->head_hash, hash.at, SHA256_SIZE);
}

/* A reason that the row itself gives, 0 when interest is to be worked out. */
static int reason_of(const struct settle_run *run, struct stmt *q)
{
    if (column_date(q, OPENED).day > run->day.day)
        return SETTLE_NOT_OPEN;
    if (account_is_closed((enum account_state)column_int(q, STATE)))
        return SETTLE_CLOSED;
    return column_date(q, SETTLED).day >= run->day.day ? SETTLE_DONE : 0;
}

static enum result read_page(const struct settle_run *run, struct db *db, const char *to,
                             struct settle_block *b, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_settle_page);
    enum stmt_step step;

    b->count = 0;
    stmt_date(q, 1, run->day);
    stmt_text(q, 2, text_of(b->after));
    stmt_text(q, 3, text_of(to));
    stmt_int(q, 4, SETTLE_BLOCK);
    while ((step = stmt_step(q)) == STMT_ROW && b->count < SETTLE_BLOCK) {
        struct settle_row *row = &b->rows[b->count++];
        struct text number = column_text(q, ACCOUNT);

        if (number.len > SETTLE_NUMBER_MAX) {
            stmt_end(q);
            return error_set(err, RESULT_DAMAGED, "an account number is longer than %d bytes",
                             SETTLE_NUMBER_MAX);
        }
        memcpy(row->account, number.at, number.len);
        row->length = (uint8_t)number.len;
        row->outcome = (uint8_t)reason_of(run, q);
        row->entry.booked = column_date(q, BOOKED);
        read_running(q, &row->before);
    }
    stmt_end(q);
    if (step != STMT_ROW && step != STMT_DONE)
        return db_failure(db, err);
    if (b->count > 0) {
        const struct settle_row *row = &b->rows[b->count - 1];

        memcpy(b->last, row->account, row->length);
        b->last[row->length] = 0;
    }
    return RESULT_OK;
}

/* The interest from the last settlement to and with the day, and the balance at its end. */
static enum result earned(const struct settle_run *run, struct db *db, struct settle_row *row,
                          fen *interest, fen *balance, struct running_later *later,
                          struct error *err)
{
    const struct running *r = &row->before;
    struct deposit_rate rate;
    struct interest_scan scan;
    enum result result;

    *later = (struct running_later){0};
    *balance = r->balance;
    row->late = r->product_day.day >= run->day.day;
    if (policy_deposit_rate(run->policy, date_plus(r->settled, 1), &rate) != RESULT_OK)
        return error_set(err, RESULT_CONFIG, "the policy knows no deposit rate for that time");
    if (!row->late && ledger_interest_direct(run->policy, r, run->day, interest))
        return RESULT_OK;
    result = ledger_interest_scan(db, run->policy, (struct text){row->account, row->length},
                                  r->settled, run->day, r->product_day, &scan, err);
    if (result != RESULT_OK)
        return result;
    *interest = ledger_interest_rounded(run->policy, scan.weighted);
    *balance = scan.balance;
    *later = (struct running_later){scan.later, scan.later_year, scan.later_product,
                                    scan.later_product_year};
    return RESULT_OK;
}

/* Of this year's part, what came by the day is carried over; what came later stays this year's, as
 * far as it still lies there. */
static int64_t carried_over(const struct running *r, const struct running_later *later)
{
    int64_t stays = later->amount_year.n;

    if (stays > r->this_year.n)
        stays = r->this_year.n;
    return r->this_year.n - (stays > 0 ? stays : 0);
}

static enum result post(const struct settle_run *run, struct settle_row *row, int64_t line,
                        struct sha256 *sha, fen interest, const struct running_later *later,
                        struct error *err)
{
    civil_date booked = row->entry.booked; /* of the newest entry */
    int64_t over = carried_over(&row->before, later);
    struct error why;

    row->outcome = SETTLE_POSTED;
    row->entry = (struct entry){
        .account = {row->account, row->length},
        .seq = row->before.head_seq + 1,
        .booked = date_is_none(booked) || booked.day < run->day.day ? run->day : booked,
        .value_day = run->day,
        .kind = ENTRY_INTEREST,
        .for_month = MONTH_NONE,
        .amount_year = {-over},
        .amount_carried = {over + interest.n},
        .amount = interest,
        .interest = interest,
        .balance = fen_add(row->before.balance, interest),
        .flow = post_flow(run->batch, line, row->flow),
        .batch = run->batch,
    };
    entry_hash(sha, &row->entry, row->before.head_hash, row->entry.hash);
    row->after = row->before;
    if (running_settle(&row->after, &row->entry, later, &why) != RESULT_OK)
        return error_set(err, RESULT_DAMAGED, "an account cannot be settled: %s", why.sentence);
    return RESULT_OK;
}

enum result settle_block_work_out(const struct settle_run *run, struct db *db, struct sha256 *sha,
                                  const char *to, struct settle_block *b, struct error *err)
{
    enum result r = read_page(run, db, to, b, err);

    for (size_t i = 0; i < b->count && r == RESULT_OK; i++) {
        struct settle_row *row = &b->rows[i];
        struct running_later later;
        fen interest, balance;

        if (row->outcome != 0)
            continue;
        r = earned(run, db, row, &interest, &balance, &later, err);
        if (r != RESULT_OK)
            return r;
        if (interest.n == 0 && balance.n == 0)
            row->outcome = SETTLE_NO_MONEY;
        else
            r = post(run, row, b->first_line + (int64_t)i + 1, sha, interest, &later, err);
    }
    return r;
}

/* --- writing --- */

static void put_entry(struct bulk *b, const struct entry *e)
{
    bulk_text(b, e->account);
    bulk_int(b, e->seq);
    bulk_date(b, e->booked);
    bulk_date(b, e->value_day);
    bulk_int(b, e->kind);
    bulk_null(b); /* for_month, unit, base and ratios */
    bulk_null(b);
    bulk_null(b);
    bulk_null(b);
    bulk_null(b);
    bulk_int(b, e->unit_amount.n);
    bulk_int(b, e->own_amount.n);
    bulk_int(b, e->amount.n);
    bulk_int(b, e->amount_year.n);
    bulk_int(b, e->amount_carried.n);
    bulk_int(b, e->interest.n);
    bulk_int(b, e->balance.n);
    bulk_null(b); /* reason */
    bulk_text(b, e->flow);
    bulk_int(b, e->reversing);
    bulk_null(b); /* reverses */
    bulk_int(b, e->batch);
    bulk_bytes(b, e->hash, SHA256_SIZE);
}

static enum result write_entries(struct db *db, const struct settle_block *b, struct error *err)
{
    struct bulk *bulk;
    enum result r = bulk_begin(db, BULK_ENTRY, &bulk, err), ended;

    if (r != RESULT_OK)
        return r;
    for (size_t i = 0; i < b->count && r == RESULT_OK; i++) {
        if (b->rows[i].outcome != SETTLE_POSTED)
            continue;
        put_entry(bulk, &b->rows[i].entry);
        r = bulk_row(bulk, err);
    }
    ended = bulk_end(bulk, r == RESULT_OK ? err : NULL);
    return r == RESULT_OK ? ended : r;
}

static enum result write_settlements(const struct settle_run *run, struct db *db,
                                     const struct settle_block *b, struct error *err)
{
    struct bulk *bulk;
    enum result r = bulk_begin(db, BULK_SETTLEMENT, &bulk, err), ended;

    if (r != RESULT_OK)
        return r;
    for (size_t i = 0; i < b->count && r == RESULT_OK; i++) {
        const struct settle_row *row = &b->rows[i];
        bool posted = row->outcome == SETTLE_POSTED;

        bulk_text(bulk, (struct text){row->account, row->length});
        bulk_date(bulk, run->day);
        bulk_int(bulk, 1);
        bulk_int(bulk, row->outcome);
        if (posted)
            bulk_int(bulk, row->entry.seq);
        else
            bulk_null(bulk);
        bulk_int(bulk, posted ? row->entry.interest.n : 0);
        bulk_int(bulk, run->batch);
        r = bulk_row(bulk, err);
    }
    ended = bulk_end(bulk, r == RESULT_OK ? err : NULL);
    return r == RESULT_OK ? ended : r;
}

static enum result write_late(struct db *db, const struct settle_row *row, struct error *err)
{
    const struct running *r = &row->after;
    struct stmt *q = db_query(db, QUERY_settle_account_put);
    int64_t changed = 0;
    enum result result;

    stmt_text(q, 1, row->entry.account);
    stmt_int(q, 2, row->before.head_seq);
    stmt_fen(q, 3, r->balance);
    stmt_fen(q, 4, r->carried);
    stmt_fen(q, 5, r->this_year);
    stmt_date(q, 6, r->settled);
    stmt_int(q, 7, r->product);
    stmt_int(q, 8, r->product_year);
    stmt_date(q, 9, r->product_day);
    stmt_int(q, 10, r->head_seq);
    stmt_bytes(q, 11, r->head_hash, SHA256_SIZE);
    stmt_date(q, 12, row->entry.booked);
    result = stmt_run(q, &changed, err);
    if (result == RESULT_OK && changed != 1)
        return error_set(err, RESULT_CONFLICT, "an account was posted to meanwhile");
    return result;
}

static enum result write_accounts(const struct settle_run *run, struct db *db,
                                  const struct settle_block *b, int64_t usual, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_settle_accounts_put);
    int64_t changed = 0;
    enum result r;

    stmt_date(q, 1, run->day);
    stmt_int(q, 2, run->batch);
    stmt_text(q, 3, text_of(b->after));
    stmt_text(q, 4, text_of(b->last));
    r = stmt_run(q, &changed, err);
    if (r == RESULT_OK && changed != usual)
        return error_set(err, RESULT_CONFLICT, "an account was posted to meanwhile");
    return r;
}

static enum result bring_digests(struct db *db, const struct settle_block *b, struct error *err)
{
    enum result r = RESULT_OK;

    for (size_t i = 0; i < b->count && r == RESULT_OK; i++)
        if (b->rows[i].outcome == SETTLE_POSTED)
            r = digest_follow(db, b->rows[i].entry.account, &b->rows[i].entry, 1, NULL, 0, err);
    return r;
}

static enum result add_totals(const struct settle_run *run, struct db *db, int64_t entries,
                              fen total, struct error *err)
{
    struct posting p = {.db = db, .batch = run->batch, .entries = entries, .total = total};

    return post_end(&p, false, TEXT(""), err);
}

enum result settle_block_write(const struct settle_run *run, struct db *db,
                               const struct settle_block *b, struct error *err)
{
    int64_t entries = 0, late = 0;
    fen total = fen_of(0);
    enum result r = RESULT_OK;

    for (size_t i = 0; i < b->count; i++) {
        if (b->rows[i].outcome != SETTLE_POSTED)
            continue;
        entries++;
        late += b->rows[i].late;
        total = fen_add(total, b->rows[i].entry.amount);
    }
    r = write_settlements(run, db, b, err);
    if (r == RESULT_OK && entries > 0)
        r = write_entries(db, b, err);
    for (size_t i = 0; i < b->count && r == RESULT_OK; i++)
        if (b->rows[i].outcome == SETTLE_POSTED && b->rows[i].late)
            r = write_late(db, &b->rows[i], err);
    if (r == RESULT_OK && entries > late)
        r = write_accounts(run, db, b, entries - late, err);
    if (r == RESULT_OK)
        r = bring_digests(db, b, err);
    return r == RESULT_OK ? add_totals(run, db, entries, total, err) : r;
}
