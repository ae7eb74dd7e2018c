/* Accounts, their holders and their entries: three streams in the order of the account number. */
#include "verify_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/entry.h"

static const char table[] = "ledger.entry";
/* Columns of verify_entries before the hash. */
static const char entry_types[] = "TIIIIITIIIIIIIIIIITIII";
enum {
    E_ACCOUNT,
    E_SEQ,
    E_BOOKED,
    E_VALUE,
    E_KIND,
    E_FOR_MONTH,
    E_UNIT,
    E_BASE,
    E_UNIT_RATIO,
    E_OWN_RATIO,
    E_UNIT_AMOUNT,
    E_OWN_AMOUNT,
    E_AMOUNT,
    E_YEAR,
    E_CARRIED,
    E_INTEREST,
    E_BALANCE,
    E_REASON,
    E_FLOW,
    E_REVERSING,
    E_REVERSES,
    E_BATCH,
    E_HASH,
};
enum {
    A_ACCOUNT,
    A_PERSON,
    A_STATE,
    A_OPENED,
    A_BALANCE,
    A_CARRIED,
    A_YEAR,
    A_FROZEN,
    A_SETTLED,
    A_PRODUCT,
    A_PRODUCT_YEAR,
    A_PRODUCT_DAY,
    A_HEAD_SEQ,
    A_HEAD_HASH,
    A_BATCH,
};

/* A part of the balance since the last settlement: the product is opening x (P - S) plus, for every
 * amount a that counts from day f, a x (P + 1 - f). */
struct part {
    int64_t balance; /* now */
    int64_t opening; /* after the last settlement */
    __int128 sum, sum_times_day;
};

struct chain {
    struct text account;
    int64_t seq, opened, booked, settled, product_day;
    struct part whole, year;
    int64_t row_batch; /* the set that the account's row came with … */
    int64_t since;     /* … and what operations posted after it */
    uint8_t hash[VERIFY_HASH];
};

static void part_add(struct part *p, int64_t amount, int64_t first)
{
    p->balance += amount;
    p->sum += amount;
    p->sum_times_day += (__int128)amount * first;
}

/* All that is there after a settlement, less what counts from later days, is what it carried over. */
static void part_settle(struct part *p, int64_t amount, const struct part *later)
{
    int64_t balance = p->balance + amount;

    *p = *later;
    p->balance = balance;
    p->opening = balance - (int64_t)later->sum;
}

static int64_t part_product(const struct part *p, int64_t settled, int64_t day)
{
    return (int64_t)((__int128)p->opening * (day - settled) + p->sum * (day + 1) -
                     p->sum_times_day);
}

static void wrong(struct verify *v, const struct chain *c, int64_t seq, const char *what)
{
    verify_wrong(v, table, c->account, "", seq, "%s", what);
}

static void check_hash(struct verify *v, struct chain *c, struct stmt *q, int64_t seq)
{
    uint8_t computed[VERIFY_HASH];
    struct text stored = column_bytes(q, E_HASH);

    if (!hasher_row(v->hasher, 'E', q, entry_types, c->hash, computed) ||
        stored.len != VERIFY_HASH || memcmp(stored.at, computed, VERIFY_HASH) != 0)
        wrong(v, c, seq, "hash does not follow from the row and the one before");
    /* The chain goes on from what is stored, so that one altered row is one fault. */
    memset(c->hash, 0, sizeof c->hash);
    if (stored.len == VERIFY_HASH)
        memcpy(c->hash, stored.at, VERIFY_HASH);
}

static void check_dates(struct verify *v, struct chain *c, struct stmt *q, int64_t seq)
{
    int64_t booked = column_int(q, E_BOOKED), value = column_int(q, E_VALUE);

    if (booked < c->booked)
        wrong(v, c, seq, "booked is earlier than on the entry before");
    if (value > booked)
        wrong(v, c, seq, "value_day is later than booked");
    if (value < c->opened)
        wrong(v, c, seq, "value_day is earlier than the account's opening");
    c->booked = booked;
}

static void check_amounts(struct verify *v, struct chain *c, struct stmt *q, int64_t seq)
{
    int64_t amount = column_int(q, E_AMOUNT), kind = column_int(q, E_KIND);
    int64_t shares = column_int(q, E_UNIT_AMOUNT) + column_int(q, E_OWN_AMOUNT);
    int64_t year = column_int(q, E_YEAR), carried = column_int(q, E_CARRIED);
    int64_t balance = column_int(q, E_BALANCE), reverses = column_int(q, E_REVERSES);

    if (year + carried != amount)
        verify_amount(v, table, c->account, "", seq, "amount", amount, year + carried);
    if (balance != c->whole.balance + amount)
        verify_amount(v, table, c->account, "", seq, "balance", balance, c->whole.balance + amount);
    if (balance < 0 || c->year.balance + year < 0 ||
        c->whole.balance - c->year.balance + carried < 0)
        wrong(v, c, seq, "the balance or one of its parts is negative");
    if ((kind == ENTRY_REMITTANCE || kind == ENTRY_BACK_PAYMENT) && shares != amount)
        verify_amount(v, table, c->account, "", seq, "unit_amount + own_amount", shares, amount);
    if (column_is_null(q, E_REVERSES) != (column_int(q, E_REVERSING) == 0) || reverses >= seq ||
        reverses < 0)
        wrong(v, c, seq, "reverses does not name an earlier entry");
}

static void remember(struct verify *v, int64_t first, int64_t amount, int64_t year)
{
    if (v->move_count == v->move_room) {
        size_t room = v->move_room ? 2 * v->move_room : 256;
        struct verify_amount_from *more = realloc(v->moves, room * sizeof *more);

        if (!more) {
            v->out_of_memory = true;
            return;
        }
        v->moves = more;
        v->move_room = room;
    }
    v->moves[v->move_count++] = (struct verify_amount_from){first, amount, year};
}

/* A settlement that is posted late comes behind entries that count from later days: those stay. */
static void move_settlement(struct verify *v, struct chain *c, int64_t amount, int64_t year,
                            int64_t day)
{
    struct part whole = {0}, of_year = {0};
    size_t kept = 0;

    for (size_t i = 0; i < v->move_count; i++) {
        const struct verify_amount_from m = v->moves[i];

        if (m.first <= day)
            continue;
        part_add(&whole, m.amount, m.first);
        part_add(&of_year, m.year, m.first);
        v->moves[kept++] = m;
    }
    v->move_count = kept;
    part_settle(&c->whole, amount, &whole);
    part_settle(&c->year, year, &of_year);
    c->settled = day;
    if (c->product_day < day)
        c->product_day = day;
}

/* Moves the chain's own figures. What an entry is dated back before the settlement counts from the
 * day after it. */
static void move(struct verify *v, struct chain *c, struct stmt *q)
{
    int64_t amount = column_int(q, E_AMOUNT), year = column_int(q, E_YEAR);
    int64_t value = column_int(q, E_VALUE), first = value;

    if (column_int(q, E_KIND) == ENTRY_INTEREST && column_int(q, E_REVERSING) == 0) {
        v->settlements += verify_operation_of(v, column_int(q, E_BATCH)) != NULL;
        move_settlement(v, c, amount, year, value);
        return;
    }
    if (first <= c->settled)
        first = c->settled + 1;
    remember(v, first, amount, year);
    part_add(&c->whole, amount, first);
    part_add(&c->year, year, first);
    if (value - 1 > c->product_day)
        c->product_day = value - 1;
}

static bool add_to_operation(struct verify *v, struct chain *c, struct stmt *q)
{
    struct verify_operation *o = verify_operation_of(v, column_int(q, E_BATCH));

    if (!o)
        return false;
    verify_operation_entry(o, column_int(q, E_BOOKED), column_int(q, E_AMOUNT));
    if (o->after_set >= c->row_batch)
        c->since += column_int(q, E_AMOUNT);
    return true;
}

static void add_to_batch(struct verify *v, struct chain *c, struct stmt *q, int64_t seq)
{
    struct verify_batch *b;

    if (add_to_operation(v, c, q))
        return;
    b = verify_batch_of(v, column_int(q, E_BATCH));

    if (!b) {
        wrong(v, c, seq, "batch does not exist");
        return;
    }
    b->entries++;
    b->entries_total += column_int(q, E_AMOUNT);
}

/* What the digest knows of an entry. */
static void add_to_digest(struct verify *v, struct stmt *q, int64_t seq)
{
    struct entry e = {
        .seq = seq,
        .booked = column_date(q, E_BOOKED),
        .value_day = column_date(q, E_VALUE),
        .kind = (enum entry_kind)column_int(q, E_KIND),
        .for_month = MONTH_NONE,
        .unit_amount = column_fen(q, E_UNIT_AMOUNT),
        .own_amount = column_fen(q, E_OWN_AMOUNT),
        .amount = column_fen(q, E_AMOUNT),
        .interest = column_fen(q, E_INTEREST),
        .balance = column_fen(q, E_BALANCE),
        .reason = (int)column_int(q, E_REASON),
        .flow = column_text(q, E_FLOW),
        .reversing = column_int(q, E_REVERSING) != 0,
        .reverses = column_int(q, E_REVERSES),
    };

    if (!column_is_null(q, E_FOR_MONTH))
        e.for_month.n = (int32_t)column_int(q, E_FOR_MONTH);
    verify_digest_entry(v, &e);
}

static void check_entry(struct verify *v, struct chain *c, struct stmt *q)
{
    int64_t seq = column_int(q, E_SEQ);

    if (seq != c->seq + 1)
        verify_wrong(v, table, c->account, "", seq,
                     "seq is %" PRId64 " and should be %" PRId64 ": an entry is missing", seq,
                     c->seq + 1);
    c->seq = seq;
    check_hash(v, c, q, seq);
    check_dates(v, c, q, seq);
    check_amounts(v, c, q, seq);
    add_to_digest(v, q, seq);
    add_to_batch(v, c, q, seq);
    move(v, c, q);
    /* After a wrong balance the stored one is gone on from: one fault, not one for each entry. */
    c->whole.balance = column_int(q, E_BALANCE);
    verify_roots_entry(v, column_int(q, E_BATCH), seq, c->hash);
    v->report->entries++;
    verify_tick(v);
}

static void check_figure(struct verify *v, const struct chain *c, struct stmt *q, int column,
                         const char *figure, int64_t should)
{
    int64_t is = column_int(q, column);

    if (is != should)
        verify_amount(v, "ledger.account", c->account, "", 0, figure, is, should);
}

static void check_number(struct verify *v, const struct chain *c, struct stmt *q, int column,
                         const char *figure, int64_t should)
{
    int64_t is = column_int(q, column);

    if (is != should)
        verify_wrong(v, "ledger.account", c->account, "", 0,
                     "%s is %" PRId64 " and should be %" PRId64, figure, is, should);
}

/* The account's row against what its entries add up to. */
static void check_account(struct verify *v, const struct chain *c, struct stmt *q)
{
    struct text head = column_bytes(q, A_HEAD_HASH);
    int64_t day = c->product_day;
    int64_t state = column_int(q, A_STATE);
    struct verify_batch *b = verify_batch_of(v, column_int(q, A_BATCH));

    check_figure(v, c, q, A_BALANCE, "balance", c->whole.balance);
    check_figure(v, c, q, A_YEAR, "this_year", c->year.balance);
    check_figure(v, c, q, A_CARRIED, "carried", c->whole.balance - c->year.balance);
    check_number(v, c, q, A_SETTLED, "settled", c->settled);
    check_number(v, c, q, A_PRODUCT_DAY, "product_day", day);
    check_number(v, c, q, A_PRODUCT, "product", part_product(&c->whole, c->settled, day));
    check_number(v, c, q, A_PRODUCT_YEAR, "product_year", part_product(&c->year, c->settled, day));
    check_number(v, c, q, A_HEAD_SEQ, "head_seq", c->seq);
    if (head.len != VERIFY_HASH || memcmp(head.at, c->hash, VERIFY_HASH) != 0)
        verify_wrong(v, "ledger.account", c->account, "", 0,
                     "head_hash is not the hash of the newest entry");
    if (account_is_closed((enum account_state)state) && c->whole.balance != 0)
        verify_amount(v, "ledger.account", c->account, "", 0, "balance of a closed account",
                      c->whole.balance, 0);
    if (!b && !verify_operation_of(v, column_int(q, A_BATCH))) {
        verify_wrong(v, "ledger.account", c->account, "", 0, "batch does not exist");
    } else if (b) {
        b->accounts++;
        b->accounts_total += column_int(q, A_BALANCE) - c->since;
    }
}

/* Rows of a stream that belong to no account before the one named (or any, at the end). */
static void skip_orphans(struct verify *v, struct rows *r, const char *of,
                         const struct text *account)
{
    while (r->there) {
        struct text key = column_text(r->q, 0);

        if (account && text_compare(key, *account) >= 0)
            return;
        verify_wrong(v, of, key, "", 0, "there is no such account");
        rows_next(r);
    }
}

static void check_holder(struct verify *v, struct rows *holders, const struct chain *c,
                         struct text person)
{
    skip_orphans(v, holders, "ledger.holder", &c->account);
    if (!holders->there || !text_equal(column_text(holders->q, 0), c->account)) {
        verify_wrong(v, "ledger.account", c->account, "", 0, "has no holder");
        return;
    }
    if (!text_equal(column_text(holders->q, 1), person))
        verify_wrong(v, "ledger.holder", c->account, "", 0, "person is not the account's person");
    rows_next(holders);
}

static void chain_start(struct chain *c, struct stmt *q)
{
    int64_t opened = column_int(q, A_OPENED);

    *c = (struct chain){
        .account = column_text(q, A_ACCOUNT),
        .opened = opened,
        .booked = INT64_MIN,
        .settled = opened - 1,
        .product_day = opened - 1,
        .row_batch = column_int(q, A_BATCH),
    };
}

enum result verify_accounts(struct verify *v)
{
    struct rows accounts, holders, entries;
    enum result r;

    rows_start(v, &accounts, QUERY_verify_accounts);
    rows_start(v, &holders, QUERY_verify_holders);
    rows_start(v, &entries, QUERY_verify_entries);
    if (!verify_digest_open(v))
        return error_set(v->err, RESULT_MEMORY, "out of memory");
    for (; accounts.there && !entries.failed && !holders.failed; rows_next(&accounts)) {
        struct chain c;

        chain_start(&c, accounts.q);
        v->move_count = 0;
        check_holder(v, &holders, &c, column_text(accounts.q, A_PERSON));
        skip_orphans(v, &entries, table, &c.account);
        verify_digest_begin(v, c.account);
        while (entries.there && text_equal(column_text(entries.q, 0), c.account)) {
            check_entry(v, &c, entries.q);
            rows_next(&entries);
        }
        if (!entries.failed)
            check_account(v, &c, accounts.q);
        if (!entries.failed)
            verify_digest_end(v, c.account);
        verify_roots_account(v, c.account);
        v->report->accounts++;
    }
    r = v->out_of_memory
            ? error_set(v->err, RESULT_MEMORY, "out of memory for an account's entries")
            : rows_result(v, &accounts);
    if (r == RESULT_OK) {
        skip_orphans(v, &holders, "ledger.holder", NULL);
        skip_orphans(v, &entries, table, NULL);
    }
    if (r == RESULT_OK)
        r = rows_result(v, &holders);
    if (r == RESULT_OK)
        verify_roots_close(v);
    if (r == RESULT_OK)
        r = verify_digest_close(v);
    return r == RESULT_OK ? rows_result(v, &entries) : r;
}
