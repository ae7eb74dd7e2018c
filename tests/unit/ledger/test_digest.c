/* The digest against the walk through the entries, over whole cities; homes of before there were
 * digests; entries that are followed one by one. */
#include "taken_city.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/digest.h"
#include "ledger/ledger.h"

enum { PEOPLE = 120, ARENA_BYTES = 16 * 1024 * 1024, PERSONS_MAX = 400, NUMBER_ROOM = 32 };

struct city {
    struct fixture *f;
    struct policy *policy;
    struct arena *arena;
    civil_date today;
    char persons[PERSONS_MAX][NUMBER_ROOM];
    size_t count;
};

static void same(const struct account *a, const char *what, int64_t is, int64_t walked)
{
    if (is != walked)
        fail_msg("%.*s: %s is %lld by the digest and %lld by the entries", TEXT_ARG(a->account),
                 what, (long long)is, (long long)walked);
}

static void compare_months(struct city *c, const struct account *a, const struct digest *d)
{
    civil_month from = month_of(month_year(date_month(c->today)) - 2, 1);
    struct month_marks marks;
    struct month *months;
    size_t count, skip = 0;
    int full, mended;

    ok(c->f, ledger_digest_months(d, c->arena, c->policy, a, from, c->today, &marks, &c->f->err));
    ok(c->f, ledger_months(c->f->db, c->arena, c->policy, a, MONTH_NONE, c->today, &months, &count,
                           &c->f->err));
    ledger_months_consecutive(months, count, &full, &mended);
    same(a, "consecutive", marks.full, full);
    same(a, "consecutive if mended", marks.if_mended, mended);
    while (skip < count && months[skip].month.n < from.n)
        skip++;
    same(a, "months", (int64_t)marks.count, (int64_t)(count - skip));
    for (size_t i = 0; i < marks.count; i++) {
        const struct month *m = &months[skip + i];

        same(a, "month", marks.list[i].month.n, m->month.n);
        same(a, "state", marks.list[i].state, m->state);
        same(a, "due", marks.list[i].due.n, m->unit_due.n + m->own_due.n);
        same(a, "credited", marks.list[i].credited.n, m->unit_credited.n + m->own_credited.n);
        same(a, "credited on", marks.list[i].credited_on.day, m->credited_on.day);
    }
}

static void compare_curve(struct city *c, const struct account *a, const struct digest *d)
{
    struct curve_point *is, *walked;
    size_t count, walked_count;

    ok(c->f,
       ledger_digest_curve(d, c->arena, a, DIGEST_CURVE_MONTHS, c->today, &is, &count, &c->f->err));
    ok(c->f, ledger_curve(c->f->db, c->arena, a, DIGEST_CURVE_MONTHS, c->today, &walked,
                          &walked_count, &c->f->err));
    same(a, "points", (int64_t)count, (int64_t)walked_count);
    for (size_t i = 0; i < count; i++) {
        same(a, "the point's day", is[i].day.day, walked[i].day.day);
        same(a, "the point's balance", is[i].balance.n, walked[i].balance.n);
    }
}

static void compare_recent(struct city *c, const struct account *a, const struct digest *d)
{
    struct entry_filter newest = {.limit = DIGEST_RECENT};
    struct entry *is, *walked;
    size_t count, walked_count;
    bool more;

    ok(c->f, ledger_digest_recent(d, c->arena, DIGEST_RECENT, &is, &count, &c->f->err));
    ok(c->f, ledger_entries(c->f->db, c->arena, a->account, &newest, &walked, &walked_count, &more,
                            &c->f->err));
    same(a, "newest entries", (int64_t)count, (int64_t)walked_count);
    for (size_t i = 0; i < count; i++) {
        const struct entry *e = &is[i], *w = &walked[i];

        same(a, "seq", e->seq, w->seq);
        same(a, "booked", e->booked.day, w->booked.day);
        same(a, "value day", e->value_day.day, w->value_day.day);
        same(a, "kind", e->kind, w->kind);
        same(a, "for month", e->for_month.n, w->for_month.n);
        same(a, "unit amount", e->unit_amount.n, w->unit_amount.n);
        same(a, "own amount", e->own_amount.n, w->own_amount.n);
        same(a, "amount", e->amount.n, w->amount.n);
        same(a, "interest", e->interest.n, w->interest.n);
        same(a, "balance", e->balance.n, w->balance.n);
        same(a, "reason", e->reason, w->reason);
        same(a, "reversing", e->reversing, w->reversing);
        same(a, "reverses", e->reverses, w->reverses);
        assert_true(text_equal(e->flow, w->flow));
    }
}

static void read_persons(struct city *c)
{
    struct stmt *q;

    ok(c->f, db_begin(c->f->db, STORE_READ, &c->f->err));
    q = db_query(c->f->db, QUERY_verify_accounts);
    while (stmt_step(q) == STMT_ROW) {
        assert_true(c->count < PERSONS_MAX);
        assert_true(text_copy(column_text(q, 1), c->persons[c->count++], NUMBER_ROOM));
    }
    db_rollback(c->f->db);
}

/* Every account of every person; how many of them have a digest that is believed. */
static size_t compare_city(struct city *c)
{
    struct digest *d = malloc(sizeof *d);
    size_t believed = 0;

    assert_non_null(d);
    ok(c->f, db_begin(c->f->db, STORE_READ, &c->f->err));
    for (size_t i = 0; i < c->count; i++) {
        struct text person = text_of(c->persons[i]);
        struct glance glances[LEDGER_ACCOUNTS_MAX];
        struct account accounts[LEDGER_ACCOUNTS_MAX];
        size_t count, other;

        ok(c->f, ledger_glances_of(c->f->db, c->arena, person, glances, &count, &c->f->err));
        ok(c->f, ledger_accounts_of(c->f->db, c->arena, person, accounts, &other, &c->f->err));
        assert_int_equal(count, other);
        for (size_t k = 0; k < count; k++) {
            const struct account *a = &glances[k].account;

            assert_true(text_equal(a->account, accounts[k].account));
            if (!ledger_glance_digest(&glances[k], c->today, d))
                continue;
            believed++;
            compare_months(c, a, d);
            compare_curve(c, a, d);
            compare_recent(c, a, d);
        }
        arena_reset(c->arena);
    }
    db_rollback(c->f->db);
    free(d);
    return believed;
}

static void city_open(struct city *c, struct fixture *f, uint64_t seed, civil_date until)
{
    struct taken_city taken;

    *c = (struct city){.f = f, .today = until, .arena = arena_new(ARENA_BYTES)};
    ok(f, policy_load("policy/kunming.yaml", &c->policy, &f->err));
    city_take(&taken, f, PEOPLE, seed, until);
    read_persons(c);
    assert_true(c->count >= PEOPLE);
}

static void city_close(struct city *c)
{
    policy_free(c->policy);
    arena_free(c->arena);
}

static void compare_at(struct fixture *f, uint64_t seed, civil_date until)
{
    static struct city c;

    city_open(&c, f, seed, until);
    assert_true(compare_city(&c) >= c.count);
    /* Months and years later the same digest: more months are missing, the curve goes on flat. */
    for (int later = 0; later < 4; later++) {
        c.today = date_plus(c.today, 1 + later * 40);
        assert_true(compare_city(&c) >= c.count);
    }
    /* Before the newest entry was booked it is not believed. */
    c.today = date_plus(until, -400);
    assert_true(compare_city(&c) < c.count);
    city_close(&c);
}

#define CITY(name, seed, year, month, day)                   \
    static void name(void **state)                           \
    {                                                        \
        compare_at(*state, seed, date_of(year, month, day)); \
    }
CITY(test_today, 1, 2026, 11, 23)
CITY(test_new_year, 4, 2026, 1, 1)
CITY(test_after_settlement, 6, 2025, 7, 1)
CITY(test_early, 12, 2012, 6, 29)

static int64_t fill_all(struct fixture *f)
{
    char after[DIGEST_ACCOUNT_MAX] = "";
    int64_t all = 0, made;

    do {
        ok(f, digest_fill(f->db, after, &made, &f->err));
        all += made;
    } while (after[0]);
    return all;
}

/* A home of before there were digests has the empty table after its migration: the worker fills it. */
static void test_home_of_before(void **state)
{
    static struct city c;
    struct fixture *f = *state;

    city_open(&c, f, 3, date_of(2026, 11, 23));
    raw_sql(f, "ledger", "DELETE FROM ledger.digest");
    assert_int_equal(compare_city(&c), 0);
    assert_true(fill_all(f) >= (int64_t)PEOPLE);
    assert_true(compare_city(&c) >= c.count);
    assert_int_equal(fill_all(f), 0);
    city_close(&c);
}

/* Entry by entry through digest_follow is the same as everything at once. */
static void test_follow(void **state)
{
    static struct digest whole, step;
    static uint8_t one[DIGEST_BYTES_MAX], other[DIGEST_BYTES_MAX];
    struct fixture *f = *state;
    int64_t seq = 0;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, digest_follow(f->db, TEXT("100"), NULL, 0, NULL, 0, &f->err));
    digest_start(&whole);
    for (int i = 0; i < 300; i++) {
        struct entry e = {
            .seq = ++seq,
            .booked = date_of(2001, 1, 1),
            .kind = i % 12 == 5  ? ENTRY_INTEREST
                    : i % 7 == 3 ? ENTRY_BACK_PAYMENT
                                 : ENTRY_REMITTANCE,
            .for_month = i % 12 == 5 ? MONTH_NONE : month_of(2001 + i / 12, i % 12 + 1),
            .unit_amount = {i % 12 == 5 ? 0 : 50000 + i},
            .own_amount = {i % 12 == 5 ? 0 : 50000 - i},
            .amount = {100000},
            .balance = {100000 * seq},
            .flow = TEXT("F1"),
        };
        struct digest_terms terms = {month_of(2001 + i / 12, 1), i % 36 != 35, 100000 + i / 12};

        e.booked = date_plus(e.booked, i * 30);
        e.value_day = date_plus(e.booked, -(i % 3));
        if (i % 20 == 19) {
            e.reversing = true;
            e.reverses = seq - 3;
        }
        digest_agree(&whole, terms);
        digest_entry(&whole, &e);
        ok(f, digest_follow(f->db, TEXT("100"), &e, 1, &terms, 1, &f->err));
    }
    ok(f, digest_load(f->db, TEXT("100"), seq, &step, &f->err));
    size_t size = digest_pack(&whole, one);
    assert_true(size > 0);
    assert_int_equal(digest_pack(&step, other), size);
    assert_memory_equal(one, other, size);
    db_rollback(f->db);
}

/* Bytes that somebody altered end in "not believed", never beyond their room. */
static void test_damaged(void **state)
{
    static struct digest d;
    static uint8_t bytes[DIGEST_BYTES_MAX];
    size_t size;

    (void)state;
    digest_start(&d);
    for (int i = 1; i <= 20; i++) {
        struct entry e = {.seq = i,
                          .kind = ENTRY_REMITTANCE,
                          .booked = date_of(2020, 1 + i % 12, 1),
                          .for_month = month_of(2020, 1 + i % 12),
                          .flow = TEXT("F123456")};

        e.value_day = e.booked;
        digest_entry(&d, &e);
    }
    size = digest_pack(&d, bytes);
    assert_true(digest_unpack(&d, 20, (struct text){(char *)bytes, size}));
    for (size_t cut = 0; cut < size; cut++)
        assert_false(digest_unpack(&d, 20, (struct text){(char *)bytes, cut}));
    srand(1);
    for (int round = 0; round < 20000; round++) {
        uint8_t *altered = malloc(size);

        memcpy(altered, bytes, size);
        for (int k = 0; k < 3; k++)
            altered[1 + (size_t)rand() % (size - 1)] = (uint8_t)rand();
        digest_unpack(&d, 20, (struct text){(char *)altered, size});
        free(altered);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_today),
        cmocka_unit_test(test_new_year),
        cmocka_unit_test(test_after_settlement),
        cmocka_unit_test(test_early),
        cmocka_unit_test(test_home_of_before),
        cmocka_unit_test(test_follow),
        cmocka_unit_test(test_damaged),
    };

    return run_on_both("ledger digest", tests, sizeof tests / sizeof *tests);
}
