/* A month laid open, and the whole life by months. The figures of the shares are those of
 * docs/rules.md, worked by hand. */
#include "poster.h"

enum { SHARE = 50000 };

static struct poster p;

static struct month_check check(civil_month m, int64_t base, millionths ratio, const char *office)
{
    const struct month month = {
        .month = m, .base = {base}, .unit_ratio = ratio, .own_ratio = ratio};
    struct month_check out;

    ledger_month_check(p.policy, &month, text_of(office), &out);
    return out;
}

static void shares_are(int64_t base, millionths ratio, int64_t exact, int64_t share)
{
    struct month_check c = check(month_of(2026, 9), base, ratio, "");

    assert_int_equal(c.unit_exact, exact);
    assert_int_equal(c.own_exact, exact);
    assert_int_equal(c.unit_share.n, share);
    assert_int_equal(c.own_share.n, share);
}

/* Each side by itself to the whole yuan, half up. */
static void test_shares(void **state)
{
    poster_start(&p, *state, date_of(2026, 1, 1));
    shares_are(2001000, 50000, 1000500000, 100100);  /* 20,010 x 5 % = 1,000.50: 1,001 + 1,001 */
    shares_are(227000, 50000, 113500000, 11400);     /* 2,270 x 5 % = 113.50: 114 + 114 */
    shares_are(1860337, 70000, 1302235900, 130200);  /* 18,603.37 x 7 % = 1,302.2359 */
    shares_are(3254300, 120000, 3905160000, 390500); /* 32,543 x 12 % = 3,905.16 */
    shares_are(0, 50000, 0, 0);
    poster_end(&p);
}

static void base_is(civil_month m, int64_t base, const char *office, enum limit_state want)
{
    struct month_check c = check(m, base, 50000, office);

    if (c.base != want)
        fail_msg("%lld at %s: %d, wanted %d", (long long)base, office, c.base, want);
}

static void test_base_limits(void **state)
{
    const civil_month august = month_of(2026, 8), september = month_of(2026, 9);
    const char *const east = "城东管理部", *const lake = "湖滨管理部", *const new = "新区管理部";
    struct error err = {0};

    poster_start(&p, *state, date_of(2026, 1, 1));
    assert_int_equal(policy_take_offices(p.policy, "policy/demo-offices.yaml", &err), RESULT_OK);
    base_is(august, 3247000, east, LIMIT_WITHIN);
    base_is(august, 3247001, east, LIMIT_ABOVE);
    base_is(september, 3254300, east, LIMIT_WITHIN);
    base_is(september, 3254301, new, LIMIT_ABOVE);
    base_is(september, 227000, east, LIMIT_WITHIN); /* class I: 2,270 */
    base_is(september, 226999, east, LIMIT_BELOW);
    base_is(september, 197000, lake, LIMIT_WITHIN); /* class III: 1,970 */
    base_is(september, 196999, lake, LIMIT_BELOW);
    base_is(september, 227000, new, LIMIT_WITHIN); /* no class: above all floors, or below all */
    base_is(september, 226999, new, LIMIT_DEPENDS);
    base_is(september, 197000, new, LIMIT_DEPENDS);
    base_is(september, 196999, new, LIMIT_BELOW);
    base_is(month_of(2024, 12), 2001000, east, LIMIT_UNKNOWN);
    assert_false(check(month_of(2024, 12), 2001000, 50000, east).limits_known);
    poster_end(&p);
}

static void test_ratio_limits(void **state)
{
    poster_start(&p, *state, date_of(2026, 1, 1));
    assert_int_equal(check(month_of(2021, 1), 1000000, 50000, "").unit_ratio, LIMIT_UNKNOWN);
    assert_int_equal(check(month_of(2021, 2), 1000000, 50000, "").unit_ratio, LIMIT_WITHIN);
    assert_int_equal(check(month_of(2026, 9), 1000000, 49900, "").own_ratio, LIMIT_BELOW);
    assert_int_equal(check(month_of(2026, 9), 1000000, 120000, "").own_ratio, LIMIT_WITHIN);
    assert_int_equal(check(month_of(2026, 9), 1000000, 120100, "").unit_ratio, LIMIT_ABOVE);
    poster_end(&p);
}

/* In the order of the ledger, other months left out, what was taken back marked. */
static void test_credits(void **state)
{
    const civil_month march = month_of(2026, 3);
    struct month_credit *list;
    struct account a;
    struct text office;
    size_t count;
    int64_t wrong;

    poster_start(&p, *state, date_of(2026, 1, 1));
    agree(&p, month_of(2026, 1), true, 1000000, SHARE);
    wrong =
        post_share(&p, ENTRY_REMITTANCE, march, date_of(2026, 4, 10), date_of(2026, 4, 10), SHARE);
    post_share(&p, ENTRY_REMITTANCE, month_of(2026, 4), date_of(2026, 5, 10), date_of(2026, 5, 10),
               SHARE);
    post_opposite(&p, wrong, date_of(2026, 5, 11));
    post_share(&p, ENTRY_BACK_PAYMENT, march, date_of(2026, 6, 2), date_of(2026, 6, 1), SHARE);
    a = written(&p);
    ok(p.f, ledger_month_credits(p.f->db, p.arena, a.account, march, &list, &count, &p.f->err));
    assert_int_equal(count, 3);
    assert_true(list[0].seq == wrong && list[0].reversed && list[0].reverses == 0);
    assert_true(list[1].reverses == wrong && list[1].unit_amount.n == -SHARE);
    assert_int_equal(list[2].kind, ENTRY_BACK_PAYMENT);
    assert_int_equal(list[2].booked.day, date_of(2026, 6, 2).day);
    assert_int_equal(list[2].value_day.day, date_of(2026, 6, 1).day);
    assert_true(text_equal(list[2].unit_name, TEXT("示范单位")));
    assert_false(list[2].reversed);
    ok(p.f, ledger_month_credits(p.f->db, p.arena, a.account, month_of(2026, 5), &list, &count,
                                 &p.f->err));
    assert_int_equal(count, 0);
    ok(p.f, ledger_unit_office(p.f->db, p.arena, a.unit, &office, &p.f->err));
    assert_true(text_equal(office, a.office));
    ok(p.f, ledger_unit_office(p.f->db, p.arena, TEXT("nobody"), &office, &p.f->err));
    assert_int_equal(office.len, 0);
    poster_end(&p);
}

static void point_is(const struct history_point *h, civil_month month, int64_t contributed,
                     int64_t withdrawn, int64_t interest, int64_t balance)
{
    assert_int_equal(h->month.n, month.n);
    assert_int_equal(h->contributed.n, contributed);
    assert_int_equal(h->withdrawn.n, withdrawn);
    assert_int_equal(h->interest.n, interest);
    assert_int_equal(h->other.n, 0);
    assert_int_equal(h->balance.n, balance);
}

/* Months without an entry have no point; a reversal lowers the sum of its own month. */
static void test_history(void **state)
{
    struct history_point *points;
    struct account a;
    size_t count;
    int64_t twice;

    poster_start(&p, *state, date_of(2025, 12, 1));
    for (int i = 0; i < 2; i++)
        twice = post_share(&p, ENTRY_REMITTANCE, month_of(2025, 12), date_of(2026, 1, 10),
                           date_of(2026, 1, 10), SHARE);
    post_opposite(&p, twice, date_of(2026, 4, 1));
    post_share(&p, ENTRY_REMITTANCE, month_of(2026, 5), date_of(2026, 6, 10), date_of(2026, 6, 10),
               SHARE);
    post_settlement(&p, date_of(2026, 6, 30), 777);
    post(&p, ENTRY_WITHDRAWAL, date_of(2026, 7, 2), date_of(2026, 7, 2), 0, -60000);
    a = written(&p);
    ok(p.f, ledger_history(p.f->db, p.arena, a.account, &points, &count, &p.f->err));
    assert_int_equal(count, 4);
    point_is(&points[0], month_of(2026, 1), 4 * SHARE, 0, 0, 4 * SHARE);
    point_is(&points[1], month_of(2026, 4), -2 * SHARE, 0, 0, 2 * SHARE);
    point_is(&points[2], month_of(2026, 6), 2 * SHARE, 0, 777, 4 * SHARE + 777);
    point_is(&points[3], month_of(2026, 7), 0, -60000, 0, 4 * SHARE + 777 - 60000);
    ok(p.f, ledger_history(p.f->db, p.arena, TEXT("nobody"), &points, &count, &p.f->err));
    assert_int_equal(count, 0);
    poster_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares),       cmocka_unit_test(test_base_limits),
        cmocka_unit_test(test_ratio_limits), cmocka_unit_test(test_credits),
        cmocka_unit_test(test_history),
    };

    return run_on_both("ledger month open", tests, sizeof tests / sizeof *tests);
}
