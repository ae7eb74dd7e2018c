/* Posting by operations: appended, backdated, reversed, once; and what verify says of it. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "audited.h"
#include "behind.h"
#include "ledger/post.h"
#include "taken_city.h"

enum { PEOPLE = 20, LINE_MAX = 64 * 1024, NUMBER_MAX = 32 };

static struct desk {
    struct fixture *f;
    struct taken_city city;
    struct arena *arena;
    struct sha256 *sha;
    char account[NUMBER_MAX]; /* in order, with money in both parts */
} d;

/* The open account of the first of the city's depositors. */
static void find_account(void)
{
    static char line[LINE_MAX];
    FILE *in = fopen(d.city.truth, "r");

    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        json_t *o = json_loads(line, 0, NULL);

        assert_non_null(o);
        if (json_integer_value(json_object_get(o, "demo")) == 1)
            snprintf(d.account, sizeof d.account, "%s",
                     json_string_value(json_object_get(o, "account")));
        json_decref(o);
    }
    fclose(in);
    assert_true(d.account[0] != 0);
}

static void start(void **state)
{
    d = (struct desk){.f = *state};
    city_take(&d.city, d.f, PEOPLE, 7, date_of(2026, 8, 20));
    d.arena = arena_new(16 * 1024 * 1024);
    d.sha = sha256_new();
    assert_non_null(d.arena);
    assert_non_null(d.sha);
    find_account();
}

/* What is left is right in the eyes of the second program. */
static void end(void)
{
    db_rollback(d.f->db);
    audited(d.f);
    arena_free(d.arena);
    sha256_free(d.sha);
}

static struct post_order order(const char *key, const char *content)
{
    return (struct post_order){.key = text_of(key),
                               .kind = POST_CORRECTION,
                               .content = text_of(content),
                               .actor = TEXT("staff 7"),
                               .booked = date_of(2026, 8, 25),
                               .at = INT64_C(1787600000000)};
}

static enum result begin(struct posting *p, const char *key, const char *content)
{
    struct post_order o = order(key, content);

    ok(d.f, db_begin(d.f->db, STORE_WRITE_LEDGER, &d.f->err));
    return post_begin(d.f->db, d.arena, d.sha, &o, p, &d.f->err);
}

static struct entry share(civil_date value, int64_t each)
{
    return (struct entry){.kind = ENTRY_REMITTANCE,
                          .value_day = value,
                          .for_month = month_of(2026, 7),
                          .has_terms = true,
                          .base = {1000000},
                          .unit_ratio = 50000,
                          .own_ratio = 50000,
                          .unit_amount = {each},
                          .own_amount = {each},
                          .amount_year = {2 * each}};
}

/* One operation that posts one contribution; the account as it is afterwards. */
static struct post_account post_one(const char *key, civil_date value, int64_t each)
{
    struct post_account a;
    struct posting p;
    struct entry e = share(value, each);

    ok(d.f, begin(&p, key, "one contribution"));
    assert_false(p.already);
    ok(d.f, post_account_read(&p, text_of(d.account), &a, &d.f->err));
    e.unit = a.row.unit;
    ok(d.f, post_entry(&p, &a, &e, &d.f->err));
    ok(d.f, post_account_write(&p, &a, &d.f->err));
    ok(d.f, post_end(&p, true, TEXT("{\"posted\":1}"), &d.f->err));
    ok(d.f, db_commit(d.f->db, &d.f->err));
    return a;
}

static struct account stored(void)
{
    struct account a;

    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    ok(d.f, ledger_account(d.f->db, d.arena, text_of(d.account), &a, &d.f->err));
    db_rollback(d.f->db);
    return a;
}

/* Dated back by 20 days: the product gains what it would have had (amount x days), nothing else. */
static void test_backdated(void **state)
{
    struct account before, after;
    int64_t gained;

    start(state);
    before = stored();
    post_one("k1", date_of(2026, 8, 5), 50000);
    after = stored();
    assert_int_equal(after.running.balance.n, before.running.balance.n + 100000);
    assert_int_equal(after.running.head_seq, before.running.head_seq + 1);
    gained = running_product_at(&after.running, date_of(2026, 8, 25)) -
             running_product_at(&before.running, date_of(2026, 8, 25));
    assert_int_equal(gained, 100000 * 21); /* 5 to 25 August */
    clean(d.f);
    /* Before the settlement of 30 June it counts from 1 July: what was settled stays. */
    before = after;
    post_one("k2", date_of(2026, 6, 10), 50000);
    after = stored();
    gained = running_product_at(&after.running, date_of(2026, 8, 25)) -
             running_product_at(&before.running, date_of(2026, 8, 25));
    assert_int_equal(gained, 100000 * (31 + 25));
    clean(d.f);
    end();
}

static void test_once(void **state)
{
    struct posting p;
    struct account first;

    start(state);
    post_one("k1", date_of(2026, 8, 25), 50000);
    first = stored();
    ok(d.f, begin(&p, "k1", "one contribution"));
    assert_true(p.already);
    assert_true(text_equal(p.answer, TEXT("{\"posted\":1}")));
    db_rollback(d.f->db);
    assert_int_equal(begin(&p, "k1", "another one"), RESULT_CONFLICT);
    db_rollback(d.f->db);
    assert_int_equal(stored().running.head_seq, first.running.head_seq);
    end();
}

static void test_reversed(void **state)
{
    struct account before, after;
    struct post_account a;
    struct posting p;
    struct entry e;
    int64_t seq;

    start(state);
    before = stored();
    seq = post_one("k1", date_of(2026, 8, 7), 50000).head_seq;
    ok(d.f, begin(&p, "k2", "reversed"));
    ok(d.f, post_account_read(&p, text_of(d.account), &a, &d.f->err));
    assert_int_equal(post_reversal(&p, &a, seq, 7, &e, &d.f->err), RESULT_INVALID);
    ok(d.f, post_reversal(&p, &a, seq, REVERSED_DATE, &e, &d.f->err));
    assert_int_equal(e.reverses, seq);
    assert_int_equal(e.value_day.day, date_of(2026, 8, 7).day);
    assert_int_equal(post_reversal(&p, &a, seq, REVERSED_DATE, &e, &d.f->err), RESULT_REFUSED);
    assert_int_equal(post_reversal(&p, &a, seq + 1, REVERSED_DATE, &e, &d.f->err), RESULT_REFUSED);
    e = share(date_of(2026, 8, 17), 50000);
    e.unit = a.row.unit;
    ok(d.f, post_entry(&p, &a, &e, &d.f->err));
    ok(d.f, post_account_write(&p, &a, &d.f->err));
    ok(d.f, post_end(&p, true, TEXT(""), &d.f->err));
    ok(d.f, db_commit(d.f->db, &d.f->err));
    after = stored();
    assert_int_equal(after.running.balance.n, before.running.balance.n + 100000);
    assert_int_equal(running_product_at(&after.running, date_of(2026, 8, 25)) -
                         running_product_at(&before.running, date_of(2026, 8, 25)),
                     100000 * 9); /* 17 to 25 August */
    clean(d.f);
    end();
}

/* What was this year's when it came lies in the carried part after 30 June. */
static void test_reversed_after_settlement(void **state)
{
    struct post_account a;
    struct posting p;
    struct entry *list, e;
    struct account before, after;
    size_t count, i = 0;
    const struct entry_filter filter = {.limit = LEDGER_ENTRIES_MAX, .kind = ENTRY_REMITTANCE};
    bool more;

    start(state);
    before = stored();
    ok(d.f, begin(&p, "k1", "reversed"));
    ok(d.f, post_account_read(&p, text_of(d.account), &a, &d.f->err));
    ok(d.f,
       ledger_entries(d.f->db, d.arena, a.row.account, &filter, &list, &count, &more, &d.f->err));
    while (list[i].value_day.day > a.row.running.settled.day)
        i++;
    ok(d.f, post_reversal(&p, &a, list[i].seq, REVERSED_RETURNED, &e, &d.f->err));
    ok(d.f, post_account_write(&p, &a, &d.f->err));
    ok(d.f, post_end(&p, true, TEXT(""), &d.f->err));
    ok(d.f, db_commit(d.f->db, &d.f->err));
    after = stored();
    assert_int_equal(after.running.this_year.n, before.running.this_year.n);
    assert_int_equal(after.running.carried.n, before.running.carried.n - list[i].amount.n);
    clean(d.f);
    end();
}

static void test_refused(void **state)
{
    struct post_account a;
    struct posting p;
    struct entry e = share(date_of(2026, 8, 26), 100);

    start(state);
    ok(d.f, begin(&p, "k1", "x"));
    ok(d.f, post_account_read(&p, text_of(d.account), &a, &d.f->err));
    e.unit = a.row.unit;
    assert_int_equal(post_entry(&p, &a, &e, &d.f->err), RESULT_REFUSED); /* value day to come */
    e = share(date_plus(a.row.opened, -1), 100);
    e.unit = a.row.unit;
    assert_int_equal(post_entry(&p, &a, &e, &d.f->err), RESULT_REFUSED);
    e = share(date_of(2026, 8, 25), 100);
    assert_int_equal(post_entry(&p, &a, &e, &d.f->err), RESULT_REFUSED); /* no unit */
    e = share(date_of(2026, 8, 25), 100);
    e.unit = a.row.unit;
    e.amount_year.n++;
    assert_int_equal(post_entry(&p, &a, &e, &d.f->err), RESULT_REFUSED); /* shares do not add up */
    e = (struct entry){.kind = ENTRY_WITHDRAWAL,
                       .value_day = date_of(2026, 8, 25),
                       .for_month = MONTH_NONE,
                       .amount_carried = {-a.row.running.carried.n - 1}};
    assert_int_equal(post_entry(&p, &a, &e, &d.f->err), RESULT_REFUSED);
    assert_int_equal(post_account_read(&p, TEXT("nobody"), &a, &d.f->err), RESULT_NOT_FOUND);
    db_rollback(d.f->db);
    clean(d.f);
    end();
}

/* A changed control total, entry or operation is found and named. */
static void test_found(void **state)
{
    struct row operation = {"ledger", "operation", "batch = 1000000001",
                            "ledger.operation 1000000001"};
    static const char *const sets[] = {"entries = entries + 1", "total = total - 1",
                                       "batch = batch + 1"};

    start(state);
    post_one("k1", date_of(2026, 8, 5), 50000);
    clean(d.f);
    for (size_t i = 0; i < COUNT(sets); i++) {
        char back[64];

        keep_row(d.f, &operation);
        change(d.f, &operation, sets[i]);
        verify(d.f);
        assert_true(found.report.faults > 0);
        says("ledger.operation");
        snprintf(back, sizeof back, "batch IN (1000000001, 1000000002)");
        put_back(d.f, &operation, back);
        clean(d.f);
    }
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backdated), cmocka_unit_test(test_once),
        cmocka_unit_test(test_reversed),  cmocka_unit_test(test_reversed_after_settlement),
        cmocka_unit_test(test_refused),   cmocka_unit_test(test_found),
    };

    return run_on_both("ledger post", tests, sizeof tests / sizeof *tests);
}
