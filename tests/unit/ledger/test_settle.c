/* The settlement of a city: to the fen what the generator posts in the same city a day later, once
 * whatever happens, also behind entries of later days. */
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "audited.h"
#include "behind.h"
#include "city/city.h"
#include "ledger/digest.h"
#include "ledger/post.h"
#include "ledger/settle.h"
#include "taken_city.h"

enum { PEOPLE = 120, LINE_MAX = 64 * 1024, NUMBER_MAX = 32 };

static struct desk {
    struct fixture *f;
    struct taken_city city;
    struct policy *policy;
    struct clock clock;
    struct arena *arena;
    struct sha256 *sha;
    civil_date day;
    char truth[160]; /* of the same city a day later */
} d;

/* Noon of a day in Shanghai. */
static instant noon(civil_date day)
{
    return ((int64_t)day.day * 24 + 4) * 60 * 60 * 1000;
}

/* The city as it is on the evening before the day; the clock shows two days after it. */
static void start(void **state, uint64_t seed, int year)
{
    d = (struct desk){.f = *state, .day = date_of(year, 6, 30)};
    city_take(&d.city, d.f, PEOPLE, seed, date_plus(d.day, -1));
    ok(d.f, policy_load("policy/kunming.yaml", &d.policy, &d.f->err));
    clock_fixed(&d.clock, "Asia/Shanghai", noon(date_plus(d.day, 2)));
    d.arena = arena_new(64 * 1024 * 1024);
    d.sha = sha256_new();
    assert_non_null(d.arena);
    assert_non_null(d.sha);
}

static void end_damaged(void)
{
    db_rollback(d.f->db);
    policy_free(d.policy);
    arena_free(d.arena);
    sha256_free(d.sha);
}

/* What is left is right in the eyes of the second program. */
static void end(void)
{
    db_rollback(d.f->db);
    audited(d.f);
    end_damaged();
}

static void live_a_day_longer(uint64_t seed)
{
    char folder[128];
    struct city wanted = {.dir = folder,
                          .people = PEOPLE,
                          .seed = seed,
                          .until = d.day,
                          .from = DATE_NONE,
                          .first = date_plus(d.day, -1),
                          .set_number = 1};

    snprintf(folder, sizeof folder, "%s/later", d.f->home);
    snprintf(d.truth, sizeof d.truth, "%s/truth.jsonl", folder);
    ok(d.f, city_write(&wanted, &d.f->err));
}

static enum result settle(civil_date day, struct settle_report *report)
{
    return settle_city(d.f->store, d.policy, &d.clock, day, NULL, report, &d.f->err);
}

static struct account stored(const char *number)
{
    struct account a;

    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    ok(d.f, ledger_account(d.f->db, d.arena, text_of(number), &a, &d.f->err));
    db_rollback(d.f->db);
    return a;
}

/* --- against the generator --- */

static int64_t fen_in(const json_t *o, const char *key)
{
    fen amount;

    assert_true(fen_parse(text_of(json_string_value(json_object_get(o, key))), &amount));
    return amount.n;
}

/* What the settlement of the day should have been: the generator books some wrong on purpose. */
static int64_t right_interest(const json_t *truth, int64_t booked)
{
    const json_t *planted = json_object_get(truth, "planted"), *p;
    char day[DATE_TEXT_MAX];
    size_t i;

    date_format(d.day, day);
    json_array_foreach(planted, i, p)
    {
        if (strcmp(json_string_value(json_object_get(p, "date")), day) == 0)
            return fen_in(p, "right");
    }
    return booked;
}

/* True when the day brought the account nothing but its settlement. */
static bool compare(const json_t *truth)
{
    const char *number = json_string_value(json_object_get(truth, "account"));
    struct account a = stored(number);
    const json_t *s = json_object_get(truth, "settlement");
    int64_t entries = json_integer_value(json_object_get(truth, "entries"));
    int64_t booked, right;

    if (entries != a.running.head_seq || !json_is_object(s) ||
        json_integer_value(json_object_get(s, "seq")) != entries)
        return false;
    booked = fen_in(s, "interest");
    right = right_interest(truth, booked);
    assert_int_equal(a.running.balance.n, fen_in(truth, "balance") + right - booked);
    assert_int_equal(a.running.this_year.n, fen_in(truth, "this_year"));
    assert_int_equal(a.running.settled.day, d.day.day);
    assert_int_equal(a.running.product, 0);
    return true;
}

static int compare_city(void)
{
    static char line[LINE_MAX];
    FILE *in = fopen(d.truth, "r");
    int compared = 0;

    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        json_t *truth = json_loads(line, 0, NULL);

        assert_non_null(truth);
        if (!json_is_null(json_object_get(truth, "settlement")))
            compared += compare(truth);
        arena_reset(d.arena);
        json_decref(truth);
    }
    fclose(in);
    return compared;
}

static void same_as_generator(void **state, uint64_t seed, int year)
{
    struct settle_report report;

    start(state, seed, year);
    live_a_day_longer(seed);
    ok(d.f, settle(d.day, &report));
    assert_true(report.outcomes[SETTLE_POSTED] > PEOPLE / 3);
    assert_int_equal(report.posted_now, report.outcomes[SETTLE_POSTED]);
    assert_true(report.interest.n > 0);
    /* All but those that the day itself brought something else. */
    assert_true(compare_city() >= report.outcomes[SETTLE_POSTED] - 6);
    clean(d.f);
    end();
}

#define YEAR(name, seed, year)                \
    static void name(void **state)            \
    {                                         \
        same_as_generator(state, seed, year); \
    }
YEAR(test_one_rate, 3, 2026)
YEAR(test_leap_year, 4, 2024)
YEAR(test_two_rates, 5, 2015) /* three changes and two parts */
YEAR(test_from_two_rates_to_one, 6, 2016)
YEAR(test_planted, 151, 2025)

/* --- once --- */

/* Every account's digest goes with its entries: nothing is left for the worker to make anew. */
static void no_digest_behind(void)
{
    char after[DIGEST_ACCOUNT_MAX] = "";
    int64_t made;

    do {
        ok(d.f, digest_fill(d.f->db, after, &made, &d.f->err));
        assert_int_equal(made, 0);
    } while (after[0]);
}

static void test_again(void **state)
{
    struct settle_report first, again;

    start(state, 7, 2026);
    ok(d.f, settle(d.day, &first));
    assert_false(first.already);
    no_digest_behind();
    ok(d.f, settle(d.day, &again));
    assert_true(again.already);
    assert_int_equal(again.posted_now, 0);
    assert_int_equal(again.interest.n, first.interest.n);
    assert_memory_equal(again.outcomes, first.outcomes, sizeof first.outcomes);
    clean(d.f);
    end();
}

static bool goes_on(void)
{
    struct stmt *q;
    bool open;

    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    q = db_query(d.f->db, QUERY_root_operation_open);
    open = stmt_step(q) == STMT_ROW;
    stmt_end(q);
    db_rollback(d.f->db);
    return open;
}

/* A run that was killed behind its last block had posted everything, and its operation went on for ever
 * (found by the simulator): the next run ends it. */
static void test_ended_late(void **state)
{
    struct settle_report report;

    start(state, 7, 2026);
    ok(d.f, settle(d.day, &report));
    assert_false(goes_on());
    raw_sql(d.f, "ledger", "UPDATE ledger.operation SET state = 1, answer = '';");
    assert_true(goes_on());
    ok(d.f, settle(d.day, &report));
    assert_true(report.already);
    assert_int_equal(report.posted_now, 0);
    assert_false(goes_on());
    clean(d.f);
    end();
}

struct racer {
    pthread_t thread;
    enum result result;
    struct settle_report report;
    struct error err;
};

static void *race(void *argument)
{
    struct racer *r = argument;

    r->result = settle_city(d.f->store, d.policy, &d.clock, d.day, NULL, &r->report, &r->err);
    return NULL;
}

static void test_twice_at_once(void **state)
{
    struct racer two[2] = {0};

    start(state, 8, 2026);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&two[i].thread, NULL, race, &two[i]), 0);
    for (int i = 0; i < 2; i++) {
        pthread_join(two[i].thread, NULL);
        if (two[i].result != RESULT_OK)
            fail_msg("%s", two[i].err.sentence);
    }
    assert_int_equal(two[0].report.posted_now + two[1].report.posted_now,
                     two[0].report.outcomes[SETTLE_POSTED]);
    assert_int_equal(two[0].report.interest.n, two[1].report.interest.n);
    clean(d.f);
    end();
}

/* --- late --- */

/* The first account with money in the truth of the city. */
static void some_account(char number[NUMBER_MAX])
{
    static char line[LINE_MAX];
    FILE *in = fopen(d.city.truth, "r");

    number[0] = 0;
    assert_non_null(in);
    while (!number[0] && fgets(line, sizeof line, in)) {
        json_t *truth = json_loads(line, 0, NULL);

        assert_non_null(truth);
        if (json_integer_value(json_object_get(truth, "state")) == 1 &&
            fen_in(truth, "this_year") > 100000)
            snprintf(number, NUMBER_MAX, "%s",
                     json_string_value(json_object_get(truth, "account")));
        json_decref(truth);
    }
    fclose(in);
    assert_true(number[0] != 0);
}

static void post_on(const char *key, const char *number, civil_date booked, civil_date value,
                    int64_t year, int64_t carried)
{
    struct post_order order = {.key = text_of(key),
                               .kind = POST_CHANGE,
                               .content = text_of(key),
                               .actor = TEXT("staff 7"),
                               .booked = booked,
                               .at = noon(booked)};
    struct entry e = {.kind = ENTRY_TRANSFER_IN,
                      .value_day = value,
                      .for_month = MONTH_NONE,
                      .amount_year = {year},
                      .amount_carried = {carried}};
    struct post_account a;
    struct posting p;

    ok(d.f, db_begin(d.f->db, STORE_WRITE_LEDGER, &d.f->err));
    ok(d.f, post_begin(d.f->db, d.arena, d.sha, &order, &p, &d.f->err));
    ok(d.f, post_account_read(&p, text_of(number), &a, &d.f->err));
    ok(d.f, post_entry(&p, &a, &e, &d.f->err));
    ok(d.f, post_account_write(&p, &a, &d.f->err));
    ok(d.f, post_end(&p, true, TEXT(""), &d.f->err));
    ok(d.f, db_commit(d.f->db, &d.f->err));
}

/* What the interest page says of the newest settled year. */
static void page_agrees(const char *number)
{
    struct account a = stored(number);
    struct interest_year *years;
    size_t count;

    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    ok(d.f, ledger_interest_years(d.f->db, d.arena, d.policy, &a, date_plus(d.day, 20), &years,
                                  &count, &d.f->err));
    assert_true(count >= 2);
    assert_int_equal(years[1].to.day, d.day.day);
    assert_int_equal(years[1].posted.n, years[1].right.n);
    db_rollback(d.f->db);
}

/* Money of 1 to 10 July that was posted before the settlement of 30 June: it has no part in it and
 * stays this year's; what came to the account in July earns from its own days. */
static void late(void **state, uint64_t seed, int year)
{
    char number[NUMBER_MAX];
    struct account before, after;
    struct settle_report report;
    int64_t should;
    civil_date july10;
    fen interest, now;

    start(state, seed, year);
    some_account(number);
    july10 = date_plus(d.day, 10);
    before = stored(number);
    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    ok(d.f, ledger_interest_to(d.f->db, d.policy, &before, d.day, &interest, &d.f->err));
    db_rollback(d.f->db);
    post_on("a", number, date_plus(d.day, 1), date_plus(d.day, 1), 50000, 0);
    post_on("b", number, july10, date_plus(d.day, 7), 30000, 0);
    clean(d.f);
    clock_fixed(&d.clock, "Asia/Shanghai", noon(july10));
    ok(d.f, settle(d.day, &report));
    after = stored(number);
    assert_int_equal(after.running.balance.n, before.running.balance.n + 80000 + interest.n);
    assert_int_equal(after.running.this_year.n, 80000);
    /* 1 to 10 July: what was there, its interest, 500.00 for ten days, 300.00 for four. */
    should = (before.running.balance.n + interest.n) * 10 + 50000 * 10 + 30000 * 4;
    assert_int_equal(running_product_at(&after.running, july10), should);
    assert_int_equal(running_product_year_at(&after.running, july10), 50000 * 10 + 30000 * 4);
    clean(d.f);
    page_agrees(number);
    /* A scan of the entries says what the products say. */
    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    ok(d.f, ledger_interest_to(d.f->db, d.policy, &after, date_plus(d.day, 5), &now, &d.f->err));
    db_rollback(d.f->db);
    assert_true(now.n > 0);
    end();
}

static void test_late(void **state)
{
    late(state, 9, 2026);
}

static void test_late_with_two_rates(void **state)
{
    late(state, 10, 2014);
}

/* An entry of 10 June that is booked on 2 July, before the settlement: it earns from 10 June. */
static void test_backdated_before_settlement(void **state)
{
    char number[NUMBER_MAX];
    struct account before, after;
    struct settle_report report;
    fen interest, expected;

    start(state, 11, 2026);
    some_account(number);
    before = stored(number);
    post_on("a", number, date_plus(d.day, 2), date_plus(d.day, -20), 360000, 0);
    after = stored(number);
    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    ok(d.f, ledger_interest_to(d.f->db, d.policy, &before, d.day, &interest, &d.f->err));
    ok(d.f, ledger_interest_to(d.f->db, d.policy, &after, d.day, &expected, &d.f->err));
    db_rollback(d.f->db);
    /* 3,600.00 for 21 days at 1.50 %: 3.15. */
    assert_true(expected.n - interest.n >= 314 && expected.n - interest.n <= 316);
    ok(d.f, settle(d.day, &report));
    after = stored(number);
    assert_int_equal(after.running.balance.n, before.running.balance.n + 360000 + expected.n);
    clean(d.f);
    page_agrees(number);
    end();
}

/* --- refused, and found --- */

static void test_refused(void **state)
{
    struct settle_report report;

    start(state, 12, 2026);
    assert_int_equal(settle(date_of(2026, 6, 29), &report), RESULT_INVALID);
    assert_int_equal(settle(date_of(2027, 6, 30), &report), RESULT_REFUSED); /* to come */
    clock_fixed(&d.clock, "Asia/Shanghai", noon(date_of(2027, 7, 1)));
    assert_int_equal(settle(date_of(2027, 6, 30), &report), RESULT_REFUSED); /* 2026 is open */
    ok(d.f, settle(date_of(2026, 6, 30), &report));
    ok(d.f, settle(date_of(2027, 6, 30), &report));
    assert_true(report.outcomes[SETTLE_POSTED] > 0);
    clean(d.f);
    end();
}

static void test_found(void **state)
{
    struct settle_report report;
    char number[NUMBER_MAX];
    struct row row = {"ledger", "settlement", "", ""};
    static const char *const sets[] = {"outcome = 2", "interest = interest + 1", "seq = seq - 1",
                                       "batch = 1000000009", "day = day - 365"};

    start(state, 13, 2026);
    ok(d.f, settle(d.day, &report));
    some_account(number);
    snprintf(row.key, sizeof row.key, "account = '%s'", number);
    snprintf(row.name, sizeof row.name, "ledger.settlement %s", number);
    each_is_found(d.f, &row, sets, COUNT(sets));
    keep_row(d.f, &row);
    drop(d.f, &row);
    verify(d.f);
    assert_true(found.report.faults > 0);
    end_damaged();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_rate),
        cmocka_unit_test(test_leap_year),
        cmocka_unit_test(test_two_rates),
        cmocka_unit_test(test_from_two_rates_to_one),
        cmocka_unit_test(test_planted),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_ended_late),
        cmocka_unit_test(test_twice_at_once),
        cmocka_unit_test(test_late),
        cmocka_unit_test(test_late_with_two_rates),
        cmocka_unit_test(test_backdated_before_settlement),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_found),
    };

    return run_on_both("ledger settle", tests, sizeof tests / sizeof *tests);
}
