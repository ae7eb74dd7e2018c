#include "poster.h"

#include <stdio.h>
#include <string.h>

static const struct text number = {"530199000001", 12};
static const struct text unit_number = {"D1", 2};

void poster_start(struct poster *p, struct fixture *f, civil_date opened)
{
    *p = (struct poster){.f = f, .opened = opened, .state = ACCOUNT_NORMAL, .closed = DATE_NONE};
    ok(f, policy_load("policy/kunming.yaml", &p->policy, &f->err));
    p->arena = arena_new(16 * 1024 * 1024);
    p->sha = sha256_new();
    assert_non_null(p->arena);
    assert_non_null(p->sha);
    running_open(&p->running, opened);
}

void poster_end(struct poster *p)
{
    db_rollback(p->f->db);
    policy_free(p->policy);
    arena_free(p->arena);
    sha256_free(p->sha);
}

static int64_t add(struct poster *p, struct entry e)
{
    char flow[24];

    assert_true(p->count < POSTER_ENTRIES_MAX);
    snprintf(flow, sizeof flow, "F%zu", p->count + 1);
    e.account = number;
    e.seq = p->running.head_seq + 1;
    e.amount = fen_add(e.amount_year, e.amount_carried);
    e.balance = fen_add(p->running.balance, e.amount);
    e.flow = text_of(arena_copy(p->arena, text_of(flow)));
    e.batch = 1;
    entry_hash(p->sha, &e, p->running.head_hash, e.hash);
    ok(p->f, running_apply(&p->running, &e, &p->f->err));
    p->entries[p->count++] = e;
    return e.seq;
}

int64_t post(struct poster *p, enum entry_kind kind, civil_date booked, civil_date value,
             int64_t year, int64_t carried)
{
    return add(p, (struct entry){.kind = kind,
                                 .booked = booked,
                                 .value_day = value,
                                 .for_month = MONTH_NONE,
                                 .amount_year = {year},
                                 .amount_carried = {carried}});
}

int64_t post_share(struct poster *p, enum entry_kind kind, civil_month month, civil_date booked,
                   civil_date value, int64_t each)
{
    return add(p, (struct entry){.kind = kind,
                                 .booked = booked,
                                 .value_day = value,
                                 .for_month = month,
                                 .unit = unit_number,
                                 .has_terms = true,
                                 .base = {1000000},
                                 .unit_ratio = 50000,
                                 .own_ratio = 50000,
                                 .unit_amount = {each},
                                 .own_amount = {each},
                                 .amount_year = {2 * each}});
}

int64_t post_withdrawal(struct poster *p, int ground, civil_date day, int64_t amount)
{
    int64_t carried = amount < p->running.carried.n ? amount : p->running.carried.n;

    return add(p, (struct entry){.kind = ENTRY_WITHDRAWAL,
                                 .booked = day,
                                 .value_day = day,
                                 .for_month = MONTH_NONE,
                                 .reason = ground,
                                 .amount_year = {carried - amount},
                                 .amount_carried = {-carried}});
}

int64_t post_closing(struct poster *p, int ground, civil_date day, int64_t interest)
{
    return add(p, (struct entry){.kind = ENTRY_CLOSING,
                                 .booked = day,
                                 .value_day = day,
                                 .for_month = MONTH_NONE,
                                 .reason = ground,
                                 .interest = {interest},
                                 .amount_year = fen_negate(p->running.this_year),
                                 .amount_carried = fen_negate(p->running.carried)});
}

int64_t post_opposite(struct poster *p, int64_t seq, civil_date booked)
{
    struct entry e = p->entries[seq - 1];

    e.booked = booked;
    e.unit_amount = fen_negate(e.unit_amount);
    e.own_amount = fen_negate(e.own_amount);
    e.amount_year = fen_negate(e.amount_year);
    e.amount_carried = fen_negate(e.amount_carried);
    e.reversing = true;
    e.reverses = seq;
    return add(p, e);
}

int64_t post_settlement(struct poster *p, civil_date day, int64_t interest)
{
    int64_t year = p->running.this_year.n;

    return add(p, (struct entry){.kind = ENTRY_INTEREST,
                                 .booked = day,
                                 .value_day = day,
                                 .for_month = MONTH_NONE,
                                 .amount_year = {-year},
                                 .amount_carried = {year + interest},
                                 .interest = {interest}});
}

void agree(struct poster *p, civil_month from, bool paying, int64_t base, int64_t share)
{
    assert_true(p->terms_count < POSTER_TERMS_MAX);
    p->terms[p->terms_count++] = (struct agreed){from, paying, {base}, {share}};
}

/* --- writing: the columns in the order of the tables --- */

static void end_row(struct poster *p, struct bulk *b)
{
    ok(p->f, bulk_row(b, &p->f->err));
}

static void write_unit(struct poster *p)
{
    struct bulk *b;

    ok(p->f, bulk_begin(p->f->db, BULK_UNIT, &b, &p->f->err));
    bulk_text(b, unit_number);
    bulk_text(b, TEXT("示范单位"));
    bulk_text(b, TEXT("91530199000000000X"));
    bulk_int(b, 1);
    bulk_date(b, p->opened);
    bulk_null(b);
    bulk_int(b, 50000);
    bulk_int(b, 50000);
    bulk_null(b);
    bulk_text(b, TEXT("张三"));
    bulk_text(b, TEXT("0871-60000000"));
    bulk_text(b, TEXT("市本级"));
    end_row(p, b);
    ok(p->f, bulk_end(b, &p->f->err));
}

static void write_account(struct poster *p)
{
    const struct running *r = &p->running;
    struct bulk *b;

    ok(p->f, bulk_begin(p->f->db, BULK_ACCOUNT, &b, &p->f->err));
    bulk_text(b, number);
    bulk_text(b, TEXT("P1"));
    bulk_text(b, unit_number);
    bulk_int(b, p->state);
    bulk_date(b, p->opened);
    bulk_date(b, p->closed);
    bulk_null(b);
    bulk_null(b);
    bulk_int(b, 1000000);
    bulk_int(b, 50000);
    bulk_int(b, 50000);
    bulk_int(b, 50000);
    bulk_int(b, 50000);
    bulk_null(b);
    bulk_int(b, r->balance.n);
    bulk_int(b, r->carried.n);
    bulk_int(b, r->this_year.n);
    bulk_int(b, 0);
    bulk_null(b);
    bulk_null(b);
    bulk_date(b, r->settled);
    bulk_int(b, r->product);
    bulk_int(b, r->product_year);
    bulk_date(b, r->product_day);
    bulk_int(b, r->head_seq);
    bulk_bytes(b, r->head_hash, SHA256_SIZE);
    bulk_date(b, p->opened);
    bulk_int(b, 1);
    end_row(p, b);
    ok(p->f, bulk_end(b, &p->f->err));
}

static void write_terms(struct poster *p)
{
    struct bulk *b;

    ok(p->f, bulk_begin(p->f->db, BULK_TERMS, &b, &p->f->err));
    for (size_t i = 0; i < p->terms_count; i++) {
        const struct agreed *t = &p->terms[i];

        bulk_text(b, number);
        bulk_int(b, t->from.n);
        bulk_text(b, unit_number);
        bulk_int(b, t->paying);
        bulk_int(b, t->base.n);
        bulk_int(b, 50000);
        bulk_int(b, 50000);
        bulk_int(b, t->share.n);
        bulk_int(b, t->share.n);
        end_row(p, b);
    }
    ok(p->f, bulk_end(b, &p->f->err));
}

static void put_or_null(struct bulk *b, bool there, int64_t value)
{
    if (there)
        bulk_int(b, value);
    else
        bulk_null(b);
}

static void write_entries(struct poster *p)
{
    struct bulk *b;

    ok(p->f, bulk_begin(p->f->db, BULK_ENTRY, &b, &p->f->err));
    for (size_t i = 0; i < p->count; i++) {
        const struct entry *e = &p->entries[i];

        bulk_text(b, number);
        bulk_int(b, e->seq);
        bulk_date(b, e->booked);
        bulk_date(b, e->value_day);
        bulk_int(b, e->kind);
        put_or_null(b, !month_is_none(e->for_month), e->for_month.n);
        if (e->unit.at)
            bulk_text(b, e->unit);
        else
            bulk_null(b);
        put_or_null(b, e->has_terms, e->base.n);
        put_or_null(b, e->has_terms, e->unit_ratio);
        put_or_null(b, e->has_terms, e->own_ratio);
        bulk_int(b, e->unit_amount.n);
        bulk_int(b, e->own_amount.n);
        bulk_int(b, e->amount.n);
        bulk_int(b, e->amount_year.n);
        bulk_int(b, e->amount_carried.n);
        bulk_int(b, e->interest.n);
        bulk_int(b, e->balance.n);
        put_or_null(b, e->reason != 0, e->reason);
        bulk_text(b, e->flow);
        bulk_int(b, e->reversing);
        put_or_null(b, e->reverses != 0, e->reverses);
        bulk_int(b, e->batch);
        bulk_bytes(b, e->hash, SHA256_SIZE);
        end_row(p, b);
    }
    ok(p->f, bulk_end(b, &p->f->err));
}

struct account written(struct poster *p)
{
    struct account a;

    ok(p->f, db_begin(p->f->db, STORE_WRITE_LEDGER, &p->f->err));
    write_unit(p);
    write_account(p);
    write_terms(p);
    write_entries(p);
    ok(p->f, db_commit(p->f->db, &p->f->err));
    ok(p->f, db_begin(p->f->db, STORE_READ, &p->f->err));
    ok(p->f, ledger_account(p->f->db, p->arena, number, &a, &p->f->err));
    return a;
}

int64_t interest_to(struct poster *p, const struct account *a, civil_date d)
{
    fen interest;

    ok(p->f, ledger_interest_to(p->f->db, p->policy, a, d, &interest, &p->f->err));
    return interest.n;
}
