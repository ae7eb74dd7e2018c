/* Entries page by page, the curve, accounts of a person. */
#include "poster.h"

static struct poster p;

/* One entry on the 5th of each month from January 2020 on; every third is a withdrawal. */
static struct account many(void **state, int entries)
{
    poster_start(&p, *state, date_of(2020, 1, 1));
    for (int i = 0; i < entries; i++) {
        civil_date day = date_plus(month_first((civil_month){month_of(2020, 1).n + i}), 4);
        post(&p, i % 3 == 2 ? ENTRY_WITHDRAWAL : ENTRY_TRANSFER_IN, day, day,
             i % 3 == 2 ? -100 : 1000, 0);
    }
    return written(&p);
}

static void test_pages(void **state)
{
    struct account a = many(state, 70);
    struct entry_filter filter = {.limit = 30};
    struct entry *list;
    size_t count, seen = 0;
    bool more = true;

    while (more) {
        ok(p.f,
           ledger_entries(p.f->db, p.arena, a.account, &filter, &list, &count, &more, &p.f->err));
        for (size_t i = 0; i < count; i++)
            assert_int_equal(list[i].seq, 70 - seen++);
        filter.before_seq = list[count - 1].seq;
    }
    assert_int_equal(seen, 70);
    assert_int_equal(count, 10);
    assert_int_equal(list[9].amount.n, 1000);
    assert_memory_equal(list[9].hash, p.entries[0].hash, SHA256_SIZE);
    assert_true(text_equal(list[9].flow, TEXT("F1")));
    assert_true(month_is_none(list[9].for_month));
    assert_null(list[9].unit.at);
    poster_end(&p);
}

static void test_filters(void **state)
{
    struct account a = many(state, 70);
    struct entry_filter filter = {.limit = 12, .year = 2022};
    struct entry *list;
    size_t count;
    bool more;

    ok(p.f, ledger_entries(p.f->db, p.arena, a.account, &filter, &list, &count, &more, &p.f->err));
    assert_int_equal(count, 12);
    assert_false(more); /* exactly as many as fit */
    assert_int_equal(list[0].booked.day, date_of(2022, 12, 5).day);
    assert_int_equal(list[11].booked.day, date_of(2022, 1, 5).day);
    filter.limit = 11;
    ok(p.f, ledger_entries(p.f->db, p.arena, a.account, &filter, &list, &count, &more, &p.f->err));
    assert_true(more);
    filter = (struct entry_filter){.limit = 100, .kind = ENTRY_WITHDRAWAL};
    ok(p.f, ledger_entries(p.f->db, p.arena, a.account, &filter, &list, &count, &more, &p.f->err));
    assert_int_equal(count, 23);
    filter = (struct entry_filter){.limit = 100, .year = 2019};
    ok(p.f, ledger_entries(p.f->db, p.arena, a.account, &filter, &list, &count, &more, &p.f->err));
    assert_int_equal(count, 0);
    assert_false(more);
    poster_end(&p);
}

/* Two credits and a debit each quarter: after i entries the balance is known. */
static int64_t balance_after(int entries)
{
    return (entries - entries / 3) * 1000 - entries / 3 * 100;
}

static void test_curve(void **state)
{
    struct account a = many(state, 70);
    struct curve_point *points;
    size_t count;

    ok(p.f,
       ledger_curve(p.f->db, p.arena, &a, 36, date_of(2025, 11, 3), &points, &count, &p.f->err));
    assert_int_equal(count, 36);
    assert_int_equal(points[35].day.day, date_of(2025, 11, 3).day);
    assert_int_equal(points[35].balance.n, balance_after(70));
    for (int i = 0; i < 35; i++) {
        assert_int_equal(points[i].day.day,
                         month_last((civil_month){month_of(2022, 12).n + i}).day);
        assert_int_equal(points[i].balance.n, balance_after(36 + i));
    }
    /* Not before the account was opened. */
    ok(p.f,
       ledger_curve(p.f->db, p.arena, &a, 36, date_of(2020, 3, 4), &points, &count, &p.f->err));
    assert_int_equal(count, 3);
    assert_int_equal(points[0].balance.n, balance_after(1));
    assert_int_equal(points[2].balance.n, balance_after(2));
    poster_end(&p);
}

static void test_accounts(void **state)
{
    struct account a = many(state, 3), list[LEDGER_ACCOUNTS_MAX];
    struct fixture *f = p.f;
    struct holder holder;
    size_t count;

    assert_true(text_equal(a.unit_name, TEXT("示范单位")));
    assert_true(text_equal(a.handler_phone, TEXT("0871-60000000")));
    assert_null(a.merged_into.at);
    assert_true(month_is_none(a.paid_to));
    assert_memory_equal(&a.running, &p.running, sizeof a.running);
    ok(f, ledger_accounts_of(f->db, p.arena, TEXT("P1"), list, &count, &f->err));
    assert_int_equal(count, 1);
    ok(f, ledger_accounts_of(f->db, p.arena, TEXT("P2"), list, &count, &f->err));
    assert_int_equal(count, 0);
    assert_int_equal(ledger_account(f->db, p.arena, TEXT("x"), &a, &f->err), RESULT_NOT_FOUND);
    assert_int_equal(ledger_holder(f->db, p.arena, TEXT("x"), &holder, &f->err), RESULT_NOT_FOUND);
    poster_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_curve),
        cmocka_unit_test(test_accounts),
    };

    return run_on_both("ledger reads", tests, sizeof tests / sizeof *tests);
}
