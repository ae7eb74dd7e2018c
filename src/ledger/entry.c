#include "entry.h"

#include <inttypes.h>

#include "hash_bytes.h"

enum { ENTRY_HASH_VERSION = 1, ENTRY_HASH_RECORD = 'E' };

void entry_hash(struct sha256 *s, const struct entry *e, const uint8_t previous[SHA256_SIZE],
                uint8_t out[SHA256_SIZE])
{
    struct hash_bytes h;

    hash_bytes_begin(&h, s, ENTRY_HASH_VERSION, ENTRY_HASH_RECORD);
    hash_bytes_text(&h, e->account);
    hash_bytes_int(&h, e->seq);
    hash_bytes_int(&h, e->booked.day);
    hash_bytes_int(&h, e->value_day.day);
    hash_bytes_int(&h, e->kind);
    hash_bytes_int_or_absent(&h, !month_is_none(e->for_month), e->for_month.n);
    hash_bytes_text(&h, e->unit);
    hash_bytes_int_or_absent(&h, e->has_terms, e->base.n);
    hash_bytes_int_or_absent(&h, e->has_terms, e->unit_ratio);
    hash_bytes_int_or_absent(&h, e->has_terms, e->own_ratio);
    hash_bytes_int(&h, e->unit_amount.n);
    hash_bytes_int(&h, e->own_amount.n);
    hash_bytes_int(&h, e->amount.n);
    hash_bytes_int(&h, e->amount_year.n);
    hash_bytes_int(&h, e->amount_carried.n);
    hash_bytes_int(&h, e->interest.n);
    hash_bytes_int(&h, e->balance.n);
    hash_bytes_int_or_absent(&h, e->reason != 0, e->reason);
    hash_bytes_text(&h, e->flow);
    hash_bytes_int(&h, e->reversing);
    hash_bytes_int_or_absent(&h, e->reverses != 0, e->reverses);
    hash_bytes_int(&h, e->batch);
    hash_bytes_raw(&h, previous, SHA256_SIZE);
    hash_bytes_end(&h, out);
}

void running_open(struct running *r, civil_date opened)
{
    *r = (struct running){.settled = date_plus(opened, -1), .product_day = date_plus(opened, -1)};
}

int64_t running_product_at(const struct running *r, civil_date d)
{
    return r->product + r->balance.n * days_between(r->product_day, d);
}

int64_t running_product_year_at(const struct running *r, civil_date d)
{
    return r->product_year + r->this_year.n * days_between(r->product_day, d);
}

static bool is_settlement(const struct entry *e)
{
    return e->kind == ENTRY_INTEREST && !e->reversing;
}

static enum result check(const struct running *r, const struct entry *e, struct error *err)
{
    int64_t balance = r->balance.n + e->amount.n;

    if (e->seq != r->head_seq + 1)
        return error_set(err, RESULT_INVALID,
                         "the sequence number is %" PRId64 " and should be %" PRId64, e->seq,
                         r->head_seq + 1);
    if (e->amount_year.n + e->amount_carried.n != e->amount.n)
        return error_set(err, RESULT_INVALID,
                         "the parts add up to %" PRId64 " fen and the amount is %" PRId64 " fen",
                         e->amount_year.n + e->amount_carried.n, e->amount.n);
    if (e->balance.n != balance)
        return error_set(err, RESULT_INVALID,
                         "the balance is %" PRId64 " fen and should be %" PRId64 " fen",
                         e->balance.n, balance);
    if (balance < 0 || r->this_year.n + e->amount_year.n < 0 ||
        r->carried.n + e->amount_carried.n < 0)
        return error_set(err, RESULT_INVALID, "the balance or one of its parts becomes negative");
    return RESULT_OK;
}

/* Carries both products to day d, d included. */
static void carry_to(struct running *r, civil_date d)
{
    r->product = running_product_at(r, d);
    r->product_year = running_product_year_at(r, d);
    r->product_day = d;
}

/* The amount should have counted from its value day, but not from before the products begin: what
 * was settled already stays settled. */
static void count_backdated(struct running *r, const struct entry *e)
{
    int32_t first = e->value_day.day;
    int32_t days;

    if (first <= r->settled.day)
        first = r->settled.day + 1;
    days = r->product_day.day - first + 1;
    r->product += e->amount.n * days;
    r->product_year += e->amount_year.n * days;
}

static void move_balance(struct running *r, const struct entry *e)
{
    r->balance = e->balance;
    r->this_year = fen_add(r->this_year, e->amount_year);
    r->carried = fen_add(r->carried, e->amount_carried);
    r->head_seq = e->seq;
    memcpy(r->head_hash, e->hash, SHA256_SIZE);
}

enum result running_settle(struct running *r, const struct entry *e,
                           const struct running_later *later, struct error *err)
{
    enum result result = check(r, e, err);
    int32_t since;

    if (result == RESULT_OK && e->value_day.day < r->settled.day)
        return error_set(err, RESULT_INVALID, "a later year was settled already");
    if (result != RESULT_OK)
        return result;
    move_balance(r, e);
    /* 30 June itself counts at the balance before; the interest earns from 1 July. */
    r->settled = e->value_day;
    if (r->product_day.day < e->value_day.day)
        r->product_day = e->value_day;
    since = days_between(e->value_day, r->product_day);
    r->product = (r->balance.n - later->amount.n) * since + later->product;
    r->product_year = (r->this_year.n - later->amount_year.n) * since + later->product_year;
    return RESULT_OK;
}

enum result running_apply(struct running *r, const struct entry *e, struct error *err)
{
    static const struct running_later nothing;
    enum result result;

    if (is_settlement(e) && e->value_day.day < r->product_day.day)
        return error_set(err, RESULT_INVALID,
                         "a settlement lies %" PRId32 " days before what is counted already",
                         days_between(e->value_day, r->product_day));
    if (is_settlement(e))
        return running_settle(r, e, &nothing, err);
    result = check(r, e, err);
    if (result != RESULT_OK)
        return result;
    if (e->value_day.day - 1 > r->product_day.day) {
        carry_to(r, date_plus(e->value_day, -1));
    } else {
        count_backdated(r, e);
    }
    move_balance(r, e);
    return RESULT_OK;
}
