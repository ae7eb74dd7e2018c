/* The digest in memory: bringing it forward entry by entry, packing and unpacking. */
#include "ledger/digest.h"

#include <assert.h>
#include <string.h>

enum { DIGEST_VERSION = 1 };

/* --- bringing it forward --- */

void digest_start(struct digest *d)
{
    d->head_seq = 0;
    d->full = false;
    d->terms_count = d->credit_count = d->balance_count = d->recent_count = 0;
}

/* The entry that is reversed, and what it was credited for, have never been. */
static void take_back(struct digest *d, int64_t seq)
{
    for (size_t i = d->credit_count; i-- > 0;)
        if (d->credits[i].seq == seq) {
            memmove(&d->credits[i], &d->credits[i + 1],
                    (--d->credit_count - i) * sizeof d->credits[i]);
            return;
        }
}

static void credit(struct digest *d, const struct entry *e)
{
    if (d->credit_count == DIGEST_CREDITS_MAX) {
        d->full = true;
        return;
    }
    d->credits[d->credit_count++] = (struct digest_credit){
        .seq = e->seq,
        .amount = e->unit_amount.n + e->own_amount.n,
        .month = e->for_month,
        .value_day = e->value_day,
        .back_paid = e->kind == ENTRY_BACK_PAYMENT,
    };
}

/* Ends of months from this entry's on have its balance; of the oldest only as many are kept as the
 * curve has points, and the one before them from which they start. */
static void move_balance(struct digest *d, const struct entry *e)
{
    civil_month month = date_month(e->booked);
    size_t old = 0;

    while (d->balance_count > 0 && d->balances[d->balance_count - 1].month.n >= month.n)
        d->balance_count--;
    while (old + 1 < d->balance_count &&
           d->balances[old + 1].month.n <= month.n - DIGEST_CURVE_MONTHS)
        old++;
    d->balance_count -= old;
    memmove(d->balances, d->balances + old, d->balance_count * sizeof d->balances[0]);
    d->balances[d->balance_count++] = (struct digest_balance){month, e->balance.n};
}

static void point_flows(struct digest *d)
{
    for (size_t i = 0; i < d->recent_count; i++)
        d->recent[i].e.flow.at = d->recent[i].flow;
}

static void remember(struct digest *d, const struct entry *e)
{
    struct digest_recent *r = &d->recent[0];

    if (e->flow.len > DIGEST_FLOW_MAX) {
        d->full = true;
        return;
    }
    if (d->recent_count < DIGEST_RECENT)
        d->recent_count++;
    memmove(r + 1, r, (d->recent_count - 1) * sizeof *r);
    r->e = *e;
    memcpy(r->flow, e->flow.at, e->flow.len);
    point_flows(d);
}

void digest_entry(struct digest *d, const struct entry *e)
{
    assert(e->seq == d->head_seq + 1);
    d->head_seq = e->seq;
    if (e->kind == ENTRY_REMITTANCE || e->kind == ENTRY_BACK_PAYMENT) {
        if (e->reverses != 0)
            take_back(d, e->reverses);
        else if (!month_is_none(e->for_month))
            credit(d, e);
    }
    move_balance(d, e);
    remember(d, e);
}

void digest_agree(struct digest *d, struct digest_terms terms)
{
    size_t i = d->terms_count;

    while (i > 0 && d->terms[i - 1].from.n >= terms.from.n)
        i--;
    if (i == d->terms_count || d->terms[i].from.n != terms.from.n) {
        if (d->terms_count == DIGEST_TERMS_MAX) {
            d->full = true;
            return;
        }
        memmove(&d->terms[i + 1], &d->terms[i], (d->terms_count++ - i) * sizeof terms);
    }
    d->terms[i] = terms;
}

/* --- packing: numbers of any size, small ones short (LEB128; signed ones in zigzag) --- */

struct writer {
    uint8_t *at, *end;
};

static void put(struct writer *w, uint64_t n)
{
    while (w->at < w->end) {
        uint8_t low = n & 0x7f;

        n >>= 7;
        *w->at++ = (uint8_t)(low | (n ? 0x80 : 0));
        if (n == 0)
            return;
    }
}

static void put_signed(struct writer *w, int64_t n)
{
    put(w, (uint64_t)n << 1 ^ (n < 0 ? UINT64_MAX : 0));
}

enum { TERMS_PAYING = 1 };

static void pack_terms(const struct digest *d, struct writer *w)
{
    int32_t from = 0;

    put(w, d->terms_count);
    for (size_t i = 0; i < d->terms_count; i++) {
        const struct digest_terms *t = &d->terms[i];

        put_signed(w, t->from.n - from);
        put(w, (uint64_t)t->due << 1 | t->paying);
        from = t->from.n;
    }
}

enum { CREDIT_BACK_PAID = 1, CREDIT_MONTH = 2, CREDIT_AMOUNT = 4, CREDIT_FLAGS = 3 };

/* One follows another: the next month, the same amount, some thirty days later. */
static void pack_credits(const struct digest *d, struct writer *w)
{
    struct digest_credit last = {0};

    put(w, d->credit_count);
    for (size_t i = 0; i < d->credit_count; i++) {
        const struct digest_credit *c = &d->credits[i];
        unsigned flags = (c->back_paid ? CREDIT_BACK_PAID : 0) |
                         (c->month.n != last.month.n + 1 ? CREDIT_MONTH : 0) |
                         (c->amount != last.amount ? CREDIT_AMOUNT : 0);

        put(w, (uint64_t)(c->seq - last.seq) << CREDIT_FLAGS | flags);
        put_signed(w, c->value_day.day - last.value_day.day);
        if (flags & CREDIT_MONTH)
            put_signed(w, c->month.n - last.month.n);
        if (flags & CREDIT_AMOUNT)
            put_signed(w, c->amount - last.amount);
        last = *c;
    }
}

static void pack_balances(const struct digest *d, struct writer *w)
{
    struct digest_balance last = {0};

    put(w, d->balance_count);
    for (size_t i = 0; i < d->balance_count; i++) {
        put_signed(w, d->balances[i].month.n - last.month.n);
        put_signed(w, d->balances[i].balance - last.balance);
        last = d->balances[i];
    }
}

enum {
    RECENT_MONTH = 1,
    RECENT_SHARES = 2,
    RECENT_AMOUNT = 4, /* is not the sum of the shares */
    RECENT_INTEREST = 8,
    RECENT_REASON = 16,
    RECENT_REVERSES = 32,
    RECENT_REVERSING = 64,
};

static unsigned recent_flags(const struct entry *e)
{
    return (month_is_none(e->for_month) ? 0 : RECENT_MONTH) |
           (e->unit_amount.n || e->own_amount.n ? RECENT_SHARES : 0) |
           (e->amount.n != e->unit_amount.n + e->own_amount.n ? RECENT_AMOUNT : 0) |
           (e->interest.n ? RECENT_INTEREST : 0) | (e->reason ? RECENT_REASON : 0) |
           (e->reverses ? RECENT_REVERSES : 0) | (e->reversing ? RECENT_REVERSING : 0);
}

static void pack_entry(const struct entry *e, civil_date after, struct writer *w)
{
    unsigned flags = recent_flags(e);

    put(w, (uint64_t)e->kind);
    put(w, flags);
    put_signed(w, after.day - e->booked.day);
    put_signed(w, e->booked.day - e->value_day.day);
    if (flags & RECENT_MONTH)
        put_signed(w, date_month(e->booked).n - e->for_month.n);
    if (flags & RECENT_SHARES) {
        put_signed(w, e->unit_amount.n);
        put_signed(w, e->own_amount.n);
    }
    if (flags & RECENT_AMOUNT)
        put_signed(w, e->amount.n);
    if (flags & RECENT_INTEREST)
        put_signed(w, e->interest.n);
    if (flags & RECENT_REASON)
        put(w, (uint64_t)e->reason);
    if (flags & RECENT_REVERSES)
        put(w, (uint64_t)e->reverses);
    put(w, e->flow.len);
    for (size_t i = 0; i < e->flow.len && w->at < w->end; i++)
        *w->at++ = (uint8_t)e->flow.at[i];
}

static void pack_recent(const struct digest *d, struct writer *w)
{
    civil_date after = {0};

    put(w, d->recent_count);
    if (d->recent_count > 0)
        put_signed(w, d->recent[0].e.balance.n);
    for (size_t i = 0; i < d->recent_count; i++) {
        pack_entry(&d->recent[i].e, after, w);
        after = d->recent[i].e.booked;
    }
}

size_t digest_pack(const struct digest *d, uint8_t out[DIGEST_BYTES_MAX])
{
    struct writer w = {out, out + DIGEST_BYTES_MAX};

    *w.at++ = DIGEST_VERSION;
    pack_terms(d, &w);
    pack_credits(d, &w);
    pack_balances(d, &w);
    pack_recent(d, &w);
    return d->full || w.at == w.end ? 0 : (size_t)(w.at - out);
}

/* --- unpacking --- */

struct reader {
    const uint8_t *at, *end;
    bool bad;
};

static uint64_t get(struct reader *r)
{
    uint64_t n = 0;

    for (unsigned shift = 0; r->at < r->end && shift < 64; shift += 7) {
        uint8_t byte = *r->at++;

        n |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return n;
    }
    r->bad = true;
    return 0;
}

static int64_t get_signed(struct reader *r)
{
    uint64_t n = get(r);

    return (int64_t)(n >> 1 ^ (n & 1 ? UINT64_MAX : 0));
}

/* A sum that altered bytes cannot bring beyond its type. */
static int32_t add_days(int32_t n, int64_t more)
{
    return (int32_t)((uint32_t)n + (uint32_t)more);
}

static int64_t add(int64_t n, int64_t more)
{
    return (int64_t)((uint64_t)n + (uint64_t)more);
}

static size_t get_count(struct reader *r, size_t most)
{
    uint64_t n = get(r);

    if (n > most)
        r->bad = true;
    return r->bad ? 0 : (size_t)n;
}

static void unpack_terms(struct digest *d, struct reader *r)
{
    int32_t from = 0;

    d->terms_count = get_count(r, DIGEST_TERMS_MAX);
    for (size_t i = 0; i < d->terms_count; i++) {
        uint64_t due;

        from = add_days(from, get_signed(r));
        due = get(r);
        d->terms[i] = (struct digest_terms){
            .from = {from}, .paying = due & TERMS_PAYING, .due = (int64_t)(due >> 1)};
    }
}

static void unpack_credits(struct digest *d, struct reader *r)
{
    struct digest_credit last = {0};

    d->credit_count = get_count(r, DIGEST_CREDITS_MAX);
    for (size_t i = 0; i < d->credit_count && !r->bad; i++) {
        uint64_t head = get(r);

        last.seq = add(last.seq, (int64_t)(head >> CREDIT_FLAGS));
        last.back_paid = head & CREDIT_BACK_PAID;
        last.value_day.day = add_days(last.value_day.day, get_signed(r));
        last.month.n = add_days(last.month.n, head & CREDIT_MONTH ? get_signed(r) : 1);
        if (head & CREDIT_AMOUNT)
            last.amount = add(last.amount, get_signed(r));
        d->credits[i] = last;
    }
}

static void unpack_balances(struct digest *d, struct reader *r)
{
    struct digest_balance last = {0};

    d->balance_count = get_count(r, DIGEST_CURVE_MONTHS + 1);
    for (size_t i = 0; i < d->balance_count && !r->bad; i++) {
        last.month.n = add_days(last.month.n, get_signed(r));
        last.balance = add(last.balance, get_signed(r));
        d->balances[i] = last;
    }
}

static void unpack_entry(struct digest_recent *to, struct reader *r, civil_date after)
{
    struct entry *e = &to->e;
    unsigned flags;

    *e = (struct entry){.kind = (enum entry_kind)get(r), .for_month = MONTH_NONE};
    flags = (unsigned)get(r);
    e->booked.day = add_days(after.day, -get_signed(r));
    e->value_day.day = add_days(e->booked.day, -get_signed(r));
    if (flags & RECENT_MONTH)
        e->for_month.n = add_days(date_month(e->booked).n, -get_signed(r));
    if (flags & RECENT_SHARES) {
        e->unit_amount.n = get_signed(r);
        e->own_amount.n = get_signed(r);
    }
    e->amount.n = flags & RECENT_AMOUNT ? get_signed(r) : add(e->unit_amount.n, e->own_amount.n);
    if (flags & RECENT_INTEREST)
        e->interest.n = get_signed(r);
    if (flags & RECENT_REASON)
        e->reason = (int)get(r);
    if (flags & RECENT_REVERSES)
        e->reverses = (int64_t)get(r);
    e->reversing = flags & RECENT_REVERSING;
    e->flow.len = get_count(r, DIGEST_FLOW_MAX);
    if (e->flow.len > (size_t)(r->end - r->at)) {
        r->bad = true;
        return;
    }
    memcpy(to->flow, r->at, e->flow.len);
    e->flow.at = to->flow;
    r->at += e->flow.len;
}

static void unpack_recent(struct digest *d, struct reader *r)
{
    civil_date after = {0};
    int64_t balance;

    d->recent_count = get_count(r, DIGEST_RECENT);
    balance = d->recent_count > 0 ? get_signed(r) : 0;
    for (size_t i = 0; i < d->recent_count && !r->bad; i++) {
        struct entry *e = &d->recent[i].e;

        unpack_entry(&d->recent[i], r, after);
        e->seq = d->head_seq - (int64_t)i;
        e->balance.n = balance;
        balance = add(balance, -e->amount.n);
        after = e->booked;
    }
}

bool digest_unpack(struct digest *d, int64_t head_seq, struct text facts)
{
    struct reader r = {.at = (const uint8_t *)facts.at};

    digest_start(d);
    d->head_seq = head_seq;
    if (facts.len == 0 || *r.at++ != DIGEST_VERSION)
        return false;
    r.end = (const uint8_t *)facts.at + facts.len;
    unpack_terms(d, &r);
    unpack_credits(d, &r);
    unpack_balances(d, &r);
    unpack_recent(d, &r);
    return !r.bad && r.at == r.end;
}
