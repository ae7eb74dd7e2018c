/* Accounts with their entries and settlements: three cursors in the order of the account number. */
#include <stdlib.h>

#include "account.h"
#include "queries.h"

enum {
    A_ACCOUNT,
    A_PERSON,
    A_STATE,
    A_OPENED,
    A_CLOSED,
    A_CLOSE_REASON,
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

/* JGJ/T 320 table A.6: merged, transferred, withdrawn. */
enum { STATE_MERGED = 3, STATE_WITHDRAWN = 5 };

static void begin(struct chain *c, const struct cursor *q)
{
    struct moves moves = c->moves;
    struct seen *seen = c->seen;
    size_t room = c->seen_room;

    moves.count = 0;
    *c = (struct chain){.opened = cell_int(q, A_OPENED),
                        .booked = INT64_MIN,
                        .moves = moves,
                        .seen = seen,
                        .seen_room = room};
    span_keep(cell_bytes(q, A_ACCOUNT), c->key);
    c->account = span_of(c->key);
    c->settled = c->product_day = (int32_t)c->opened - 1;
}

static void derive_state(struct audit *a, const struct chain *c, const struct cursor *q,
                         struct place p)
{
    int64_t state = cell_int(q, A_STATE);
    bool closed = state >= STATE_MERGED && state <= STATE_WITHDRAWN;

    if (closed && c->closing == 0 && c->merged_empty && c->balance == 0)
        return;
    if (closed != (c->closing != 0))
        differ_text(a->report, p, "state", closed ? "closed" : "open", closed ? "open" : "closed");
    else if (closed)
        differ_day(a->report, p, "closed", cell_int(q, A_CLOSED), c->closed_on);
    else if (!cell_null(q, A_CLOSED))
        differ_text(a->report, p, "closed", "a day", "none");
    if (cell_int(q, A_FROZEN) < 0 || cell_int(q, A_FROZEN) > c->balance)
        differ_fen(a->report, p, "frozen", cell_int(q, A_FROZEN), c->balance);
    if (!totals_of(a->totals, cell_int(q, A_BATCH)))
        differ_text(a->report, p, "batch", "no set or operation", "one that there is");
}

static void derive_row(struct audit *a, const struct chain *c, const struct cursor *q)
{
    struct place p = {.table = "ledger.account", .key = c->account, .sub = ""};
    struct earned e = moves_earned(&c->moves, &a->rates, c->settled + 1, c->product_day);

    differ_fen(a->report, p, "balance", cell_int(q, A_BALANCE), c->balance);
    differ_fen(a->report, p, "this_year", cell_int(q, A_YEAR), c->year);
    differ_fen(a->report, p, "carried", cell_int(q, A_CARRIED), c->balance - c->year);
    differ_day(a->report, p, "settled", cell_int(q, A_SETTLED), c->settled);
    differ_day(a->report, p, "product_day", cell_int(q, A_PRODUCT_DAY), c->product_day);
    differ_int(a->report, p, "product", cell_int(q, A_PRODUCT), (int64_t)e.product);
    differ_int(a->report, p, "product_year", cell_int(q, A_PRODUCT_YEAR), (int64_t)e.product_year);
    differ_int(a->report, p, "head_seq", cell_int(q, A_HEAD_SEQ), c->seq);
    differ_hash(a->report, p, "head_hash", cell_bytes(q, A_HEAD_HASH), c->hash);
    derive_state(a, c, q, p);
}

static void name_orphan(struct audit *a, struct cursor *q, const char *table)
{
    char key[AUDIT_KEY_MAX];

    span_keep(cell_bytes(q, 0), key);
    differ_text(a->report, (struct place){.table = table, .key = span_of(key)}, "account",
                "no account", "one that there is");
    while (cursor_there(q) && span_compare(cell_bytes(q, 0), span_of(key)) == 0)
        cursor_next(q);
}

/* The holder's row belongs to the same person. */
static void derive_holder(struct audit *a, const struct chain *c, const struct cursor *q,
                          struct cursor *holders)
{
    struct place p = {.table = "ledger.holder", .key = c->account, .sub = ""};

    while (cursor_there(holders) && span_compare(cell_bytes(holders, 0), c->account) < 0)
        name_orphan(a, holders, "ledger.holder");
    if (!cursor_there(holders) || span_compare(cell_bytes(holders, 0), c->account) != 0) {
        differ_text(a->report, p, "account", "no row", "a row");
        return;
    }
    if (span_compare(cell_bytes(holders, 1), cell_bytes(q, A_PERSON)) != 0)
        differ_text(a->report, p, "person", "another", "the account's");
    cursor_next(holders);
}

struct streams {
    struct cursor *accounts, *holders, *entries, *settlements;
};

static bool sound(const struct audit *a, const struct streams *s)
{
    return !a->out_of_memory && !cursor_failed(s->accounts) && !cursor_failed(s->holders) &&
           !cursor_failed(s->entries) && !cursor_failed(s->settlements);
}

static void read_account(struct audit *a, struct chain *c, struct streams *s)
{
    begin(c, s->accounts);
    derive_holder(a, c, s->accounts, s->holders);
    while (cursor_there(s->entries) && span_compare(cell_bytes(s->entries, 0), c->account) < 0)
        name_orphan(a, s->entries, "ledger.entry");
    while (cursor_there(s->entries) && span_compare(cell_bytes(s->entries, 0), c->account) == 0 &&
           !a->out_of_memory) {
        chain_entry(a, c, s->entries);
        cursor_next(s->entries);
    }
    if (!sound(a, s))
        return;
    roots_account(a, c->account);
    chain_settlements(a, c, s->settlements);
    derive_row(a, c, s->accounts);
    a->counts.accounts++;
}

bool audit_accounts(struct audit *a)
{
    struct chain *c = calloc(1, sizeof *c);
    struct streams s = {.accounts = cursor_open(a->source, AUDIT_ACCOUNTS),
                        .holders = cursor_open(a->source, AUDIT_HOLDERS),
                        .entries = cursor_open(a->source, AUDIT_ENTRIES),
                        .settlements = cursor_open(a->source, AUDIT_SETTLEMENTS)};
    bool ok;

    a->out_of_memory = a->out_of_memory || !c;
    for (; sound(a, &s) && cursor_there(s.accounts); cursor_next(s.accounts))
        read_account(a, c, &s);
    while (sound(a, &s) && cursor_there(s.holders))
        name_orphan(a, s.holders, "ledger.holder");
    while (sound(a, &s) && cursor_there(s.entries))
        name_orphan(a, s.entries, "ledger.entry");
    while (sound(a, &s) && cursor_there(s.settlements))
        name_orphan(a, s.settlements, "ledger.settlement");
    ok = sound(a, &s);
    cursor_close(s.accounts);
    cursor_close(s.holders);
    cursor_close(s.entries);
    cursor_close(s.settlements);
    if (c) {
        free(c->moves.at);
        free(c->seen);
    }
    free(c);
    return ok;
}
