/* One entry after the other: its hash, its figures, and what it earned when it settles or closes. */
#include <stdlib.h>
#include <string.h>

#include "account.h"

enum { SEQ_MAX = 1000000 };

static const char hashed[] = "TIIIIITIIIIIIIIIIITIII";
static const __int128 million = 1000000;

static struct place at_entry(const struct chain *c, const struct cursor *e)
{
    return (struct place){.table = "ledger.entry",
                          .key = c->account,
                          .sub = "",
                          .entry = cell_int(e, E_SEQ),
                          .imported = cell_int(e, E_BATCH) <= OWN_BATCHES};
}

static bool closes(int64_t kind, int64_t amount)
{
    return kind == KIND_TRANSFER_OUT || kind == KIND_CLOSING ||
           (kind == KIND_MERGING && amount < 0);
}

/* What was earned from the last settlement to and with a day; known tells whether every rate was. */
static int64_t earned_to(const struct audit *a, const struct chain *c, int32_t day, bool *known)
{
    struct earned e = moves_earned(&c->moves, &a->rates, c->settled + 1, day);

    *known = e.known;
    return nearest(e.weighted, million * a->rates.day_count);
}

static void derive_dates(struct audit *a, struct chain *c, const struct cursor *e)
{
    int64_t booked = cell_int(e, E_BOOKED), value = cell_int(e, E_VALUE);

    if (booked < c->booked)
        differ_day(a->report, at_entry(c, e), "booked", booked, c->booked);
    if (value > booked)
        differ_day(a->report, at_entry(c, e), "value_day", value, booked);
    if (value < c->opened)
        differ_day(a->report, at_entry(c, e), "value_day", value, c->opened);
    c->booked = booked;
}

static void derive_amounts(struct audit *a, struct chain *c, const struct cursor *e)
{
    struct place p = at_entry(c, e);
    int64_t kind = cell_int(e, E_KIND), amount = cell_int(e, E_AMOUNT);
    int64_t year = cell_int(e, E_YEAR), carried = cell_int(e, E_CARRIED);
    int64_t own = cell_int(e, E_OWN_AMOUNT);

    differ_fen(a->report, p, "amount", amount, year + carried);
    differ_fen(a->report, p, "balance", cell_int(e, E_BALANCE), c->balance + amount);
    if (kind == KIND_REMITTANCE || kind == KIND_BACK_PAYMENT)
        differ_fen(a->report, p, "unit_amount", cell_int(e, E_UNIT_AMOUNT), amount - own);
    if (c->year + year < 0)
        differ_fen(a->report, p, "amount_year", year, -c->year);
    if (c->balance - c->year + carried < 0)
        differ_fen(a->report, p, "amount_carried", carried, c->year - c->balance);
}

/* A reversing entry takes back exactly what one earlier entry brought, once, from its own day on. */
static void derive_reversal(struct audit *a, struct chain *c, const struct cursor *e)
{
    struct place p = at_entry(c, e);
    int64_t seq = cell_int(e, E_SEQ), of = cell_int(e, E_REVERSES);
    bool reversing = cell_int(e, E_REVERSING) != 0;
    struct seen *s;

    if (reversing == cell_null(e, E_REVERSES))
        differ_int(a->report, p, "reversing", reversing, !reversing);
    if (!reversing || of < 1 || of >= seq || (size_t)of > c->seen_room) {
        if (reversing)
            differ_text(a->report, p, "reverses", "no entry before it", "an entry before it");
        return;
    }
    s = &c->seen[of - 1];
    differ_fen(a->report, p, "amount", cell_int(e, E_AMOUNT), -s->amount);
    differ_fen(a->report, p, "unit_amount", cell_int(e, E_UNIT_AMOUNT), -s->unit_amount);
    differ_fen(a->report, p, "own_amount", cell_int(e, E_OWN_AMOUNT), -s->own_amount);
    differ_int(a->report, p, "kind", cell_int(e, E_KIND), s->kind);
    if (!p.imported) {
        differ_day(a->report, p, "value_day", cell_int(e, E_VALUE), s->value);
        differ_fen(a->report, p, "interest", cell_int(e, E_INTEREST), -s->interest);
    }
    if (s->reversed)
        differ_text(a->report, p, "reverses", "an entry that was reversed before",
                    "one that was not");
    s->reversed = true;
    if (of == c->closing)
        c->closing = 0;
}

static void note_settlement(struct audit *a, struct chain *c, const struct cursor *e)
{
    int64_t day = cell_int(e, E_VALUE);
    struct settled *s = chain_settled_on(c, day);

    if (!s && c->settlement_count < SETTLED_MAX) {
        s = &c->settlements[c->settlement_count++];
        *s = (struct settled){.day = day};
        s->derived = earned_to(a, c, (int32_t)day, &s->known);
    }
    if (!s)
        return;
    s->seq = cell_int(e, E_SEQ);
    s->batch = cell_int(e, E_BATCH);
    s->imported = s->batch <= OWN_BATCHES;
    s->posted += cell_int(e, E_INTEREST);
}

/* The year's part goes over to what is carried; what came from later days stays the new year's, as
 * far as it still lies there. */
static int64_t goes_over(const struct chain *c, const struct move *later)
{
    int64_t stays = later->year < 0 ? 0 : later->year;

    return c->year - (stays < c->year ? stays : c->year);
}

static void settle(struct audit *a, struct chain *c, const struct cursor *e)
{
    int32_t day = (int32_t)cell_int(e, E_VALUE);
    int64_t amount = cell_int(e, E_AMOUNT);
    struct move later = moves_later(&c->moves, day);

    note_settlement(a, c, e);
    differ_fen(a->report, at_entry(c, e), "amount", amount, cell_int(e, E_INTEREST));
    differ_fen(a->report, at_entry(c, e), "amount_year", cell_int(e, E_YEAR),
               -goes_over(c, &later));
    c->year += cell_int(e, E_YEAR);
    c->balance += amount;
    if (!moves_settle(&c->moves, day, c->year - later.year, c->balance - c->year - later.carried))
        a->out_of_memory = true;
    c->settled = day;
    if (c->product_day < day)
        c->product_day = day;
}

/* What a closing pays beside the balance: the days up to the one before it. */
static void close_account(struct audit *a, struct chain *c, const struct cursor *e)
{
    struct place p = at_entry(c, e);
    bool known;
    int64_t interest = earned_to(a, c, (int32_t)cell_int(e, E_VALUE) - 1, &known);

    if (known)
        differ_fen(a->report, p, "interest", cell_int(e, E_INTEREST), interest);
    else
        a->counts.unknown_rates++;
    differ_fen(a->report, p, "amount", cell_int(e, E_AMOUNT), -c->balance);
    c->closing = cell_int(e, E_SEQ);
    c->closed_on = cell_int(e, E_VALUE);
    c->closing_reason = cell_int(e, E_REASON);
    c->ever_closed = true;
}

static void move(struct audit *a, struct chain *c, const struct cursor *e)
{
    int64_t kind = cell_int(e, E_KIND), amount = cell_int(e, E_AMOUNT);
    int64_t year = cell_int(e, E_YEAR);
    int32_t value = (int32_t)cell_int(e, E_VALUE);
    bool reversing = cell_int(e, E_REVERSING) != 0;
    struct settled *s = kind == KIND_INTEREST ? chain_settled_on(c, value) : NULL;

    if (kind == KIND_INTEREST && !reversing) {
        settle(a, c, e);
        return;
    }
    if (kind == KIND_MERGING && amount == 0)
        c->merged_empty = true;
    if (s)
        s->posted += cell_int(e, E_INTEREST);
    else if (!reversing && closes(kind, amount))
        close_account(a, c, e);
    else if (!reversing && cell_int(e, E_BATCH) > OWN_BATCHES)
        differ_fen(a->report, at_entry(c, e), "interest", cell_int(e, E_INTEREST), 0);
    if (!moves_add(&c->moves, value > c->settled ? value : c->settled + 1, year, amount - year))
        a->out_of_memory = true;
    c->year += year;
    c->balance += amount;
    if (value - 1 > c->product_day)
        c->product_day = value - 1;
}

static void remember(struct audit *a, struct chain *c, const struct cursor *e)
{
    size_t at = (size_t)c->seq - 1;

    if (at >= c->seen_room) {
        size_t room = at + 256;
        struct seen *more = realloc(c->seen, room * sizeof *more);

        if (!more) {
            a->out_of_memory = true;
            return;
        }
        memset(more + c->seen_room, 0, (room - c->seen_room) * sizeof *more);
        c->seen = more;
        c->seen_room = room;
    }
    c->seen[at] = (struct seen){.value = cell_int(e, E_VALUE),
                                .kind = cell_int(e, E_KIND),
                                .unit_amount = cell_int(e, E_UNIT_AMOUNT),
                                .own_amount = cell_int(e, E_OWN_AMOUNT),
                                .amount = cell_int(e, E_AMOUNT),
                                .interest = cell_int(e, E_INTEREST)};
}

static void add_to_total(struct audit *a, struct chain *c, const struct cursor *e)
{
    struct total *t = totals_of(a->totals, cell_int(e, E_BATCH));

    if (!t) {
        differ_text(a->report, at_entry(c, e), "batch", "no set or operation", "one that there is");
        return;
    }
    t->entries++;
    t->amount += cell_int(e, E_AMOUNT);
}

void chain_entry(struct audit *a, struct chain *c, const struct cursor *e)
{
    int64_t seq = cell_int(e, E_SEQ);

    differ_int(a->report, at_entry(c, e), "seq", seq, c->seq + 1);
    /* A gap is one difference; a number out of all reason is not gone on from. */
    c->seq = seq > c->seq && seq <= SEQ_MAX ? seq : c->seq + 1;
    chain_follow(a->report, at_entry(c, e), e, 'E', hashed, E_HASH, c->hash);
    roots_entry(a, cell_int(e, E_BATCH), c->seq, c->hash);
    derive_dates(a, c, e);
    derive_amounts(a, c, e);
    derive_reversal(a, c, e);
    add_to_total(a, c, e);
    move(a, c, e);
    remember(a, c, e);
    /* After a wrong balance the stored one is gone on from. */
    c->balance = cell_int(e, E_BALANCE);
    a->counts.entries++;
    audit_row(a);
}
