/* The rules of Kunming as they are read, and what a malformed policy says. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/policy.h"

static const char kunming[] = "policy/kunming.yaml";

static struct policy *load(void)
{
    struct policy *p = NULL;
    struct error err = {0};

    if (policy_load(kunming, &p, &err) != RESULT_OK)
        fail_msg("%s", err.sentence);
    return p;
}

static void rate_is(const struct policy *p, civil_date d, millionths this_year, millionths carried)
{
    struct deposit_rate rate;

    assert_int_equal(policy_deposit_rate(p, d, &rate), RESULT_OK);
    assert_int_equal(rate.this_year, this_year);
    assert_int_equal(rate.carried, carried);
}

/* Two rates until 2016-02-20, one since; on the day a line holds from, it holds. */
static void test_deposit_rates(void **state)
{
    struct policy *p = load();
    struct deposit_rate rate;

    (void)state;
    assert_int_equal(policy_deposit_rate(p, date_of(1999, 6, 9), &rate), RESULT_NOT_FOUND);
    rate_is(p, date_of(1999, 6, 10), 9900, 19800);
    rate_is(p, date_of(2002, 2, 20), 9900, 19800);
    rate_is(p, date_of(2002, 2, 21), 7200, 17100);
    rate_is(p, date_of(2007, 12, 31), 7200, 33300);
    rate_is(p, date_of(2016, 2, 20), 3500, 11000);
    rate_is(p, date_of(2016, 2, 21), 15000, 15000);
    rate_is(p, date_of(2026, 11, 23), 15000, 15000);
    assert_int_equal(policy_day_count(p), 360);
    policy_free(p);
}

static void test_deposit_steps(void **state)
{
    static const struct deposit_rate want[] = {
        {{0}, 3500, 16000}, {{0}, 3500, 13500}, {{0}, 3500, 11000}, {{0}, 15000, 15000}};
    struct policy *p = load();
    struct deposit_rate steps[8];
    size_t count = policy_deposit_steps(p, date_of(2015, 7, 1), date_of(2016, 6, 30), steps, 8);

    (void)state;
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(steps[i].this_year, want[i].this_year);
        assert_int_equal(steps[i].carried, want[i].carried);
    }
    assert_int_equal(steps[0].since.day, date_of(2015, 6, 28).day);
    assert_int_equal(steps[3].since.day, date_of(2016, 2, 21).day);
    assert_int_equal(policy_deposit_steps(p, date_of(2015, 7, 1), date_of(2016, 6, 30), steps, 2),
                     2);
    assert_int_equal(policy_deposit_steps(p, date_of(2025, 7, 1), date_of(2026, 6, 30), steps, 8),
                     1);
    assert_int_equal(policy_deposit_steps(p, date_of(1990, 1, 1), date_of(1991, 1, 1), steps, 8),
                     0);
    policy_free(p);
}

static void test_due_day(void **state)
{
    struct policy *p = load();

    (void)state;
    assert_int_equal(policy_contribution_due(p, month_of(2026, 10)).day, date_of(2026, 11, 20).day);
    assert_int_equal(policy_contribution_due(p, month_of(2026, 12)).day, date_of(2027, 1, 20).day);
    assert_int_equal(policy_contribution_due(p, month_of(1995, 1)).day, date_of(1995, 2, 20).day);
    policy_free(p);
}

/* The floor of a class; -1 when the limits do not have it. */
static int64_t floor_of(const struct base_limits *l, const char *class)
{
    for (size_t i = 0; i < l->floor_count; i++)
        if (strcmp(l->floors[i].class, class) == 0)
            return l->floors[i].amount.n;
    return -1;
}

/* Known from 2025 on; before that nothing is said rather than something made up. */
static void test_limits(void **state)
{
    struct policy *p = load();
    struct base_limits b;
    struct ratio_limits ratio;

    (void)state;
    assert_int_equal(policy_base_limits(p, date_of(2024, 12, 31), &b), RESULT_NOT_FOUND);
    assert_int_equal(policy_base_limits(p, date_of(2026, 8, 31), &b), RESULT_OK);
    assert_int_equal(b.cap.n, 3247000);
    assert_int_equal(b.floor_count, 3);
    assert_int_equal(floor_of(&b, "I"), 217000);
    assert_string_equal(b.cite.mark, "S2");
    assert_true(b.cite.count == 4 && b.cite.note_zh && b.cite.note_en);
    assert_string_equal(b.cite.sources[3].address,
                        "https://zfgjj.km.gov.cn/c/2026-01-04/5047947.shtml");
    assert_int_equal(policy_base_limits(p, date_of(2026, 9, 1), &b), RESULT_OK);
    assert_int_equal(b.cap.n, 3254300);
    assert_int_equal(floor_of(&b, "III"), 197000);
    assert_int_equal(policy_ratio_limits(p, date_of(2021, 1, 31), &ratio), RESULT_NOT_FOUND);
    assert_int_equal(policy_ratio_limits(p, date_of(2021, 2, 1), &ratio), RESULT_OK);
    assert_int_equal(ratio.floor, 50000);
    assert_int_equal(ratio.cap, 120000);
    policy_free(p);
}

/* Kunming's own list was not found: no office, no class. A file of a centre's own brings both. */
static void test_offices(void **state)
{
    struct policy *p = load();
    struct policy_office offices[POLICY_OFFICES_MAX];
    struct policy_cite cite;
    struct error err = {0};
    civil_date d = date_of(2026, 9, 1);

    (void)state;
    assert_int_equal(policy_offices(p, offices, &cite), 0);
    assert_non_null(cite.note_zh);
    assert_null(policy_class_of_office(p, TEXT("城北管理部"), d));
    assert_int_equal(policy_take_offices(p, kunming, &err), RESULT_CONFIG);
    assert_int_equal(policy_take_offices(p, "policy/demo-offices.yaml", &err), RESULT_OK);
    assert_int_equal(policy_offices(p, offices, &cite), 7);
    assert_string_equal(offices[1].zh, "城东管理部");
    assert_string_equal(offices[6].district, "");
    assert_string_equal(policy_class_of_office(p, TEXT("城东管理部"), d), "I");
    assert_string_equal(policy_class_of_office(p, TEXT("城北管理部"), d), "II");
    assert_string_equal(policy_class_of_office(p, TEXT("湖滨管理部"), d), "III");
    assert_null(policy_class_of_office(p, TEXT("城东管理部"), date_of(2024, 12, 31)));
    assert_null(policy_class_of_office(p, TEXT("新区管理部"), d));
    assert_null(policy_class_of_office(p, TEXT("不存在"), d));
    policy_free(p);
}

static void test_words(void **state)
{
    struct policy *p = load();

    (void)state;
    assert_int_equal(policy_withdrawal_decision_days(p, date_of(2026, 9, 19)), 3);
    assert_int_equal(policy_withdrawal_decision_days(p, date_of(2026, 9, 20)), 3);
    assert_int_equal(policy_dispute_days(p, date_of(2026, 11, 23)), 5);
    assert_int_equal(policy_dispute_days(p, date_of(2001, 1, 1)), 5);
    assert_string_equal(policy_hotline(p), "12329");
    assert_string_equal(policy_other_centre_zh(p), "云南省省级职工住房资金管理中心");
    policy_free(p);
}

/* --- malformed files: kunming.yaml with one piece replaced --- */

static char *read_whole(const char *path)
{
    char *text = calloc(1, 256 * 1024);
    FILE *f = fopen(path, "re");

    assert_non_null(text);
    assert_non_null(f);
    assert_true(fread(text, 1, 256 * 1024 - 1, f) > 0);
    fclose(f);
    return text;
}

/* Loads the policy with the first `old` made `new`; the sentence must hold every word of want. */
static void refused(const char *old, const char *new, const char *const want[3])
{
    char path[] = "/tmp/anju-policy-XXXXXX", *text = read_whole(kunming), *at = strstr(text, old);
    struct policy *p = NULL;
    struct error err = {0};
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");

    assert_non_null(at);
    assert_non_null(f);
    fprintf(f, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    fclose(f);
    assert_int_equal(policy_load(path, &p, &err), RESULT_CONFIG);
    assert_null(p);
    assert_non_null(strstr(err.sentence, path));
    assert_null(strchr(err.sentence, '\n'));
    for (int i = 0; i < 3 && want[i]; i++)
        if (!strstr(err.sentence, want[i]))
            fail_msg("\"%s\" is not in: %s", want[i], err.sentence);
    unlink(path);
    free(text);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *old, *new, *want[3];
    } cases[] = {
        {"since: 2002-02-21, demand", "since: 1999-01-21, demand", {"deposit.rates[2].since"}},
        {"since: 2002-02-21, demand", "since: 2002-02-30, demand", {"deposit.rates[2]", "date"}},
        {"\"0.72\"", "\"0.7\"", {"deposit.rates[2].demand", "per cent"}},
        {"\"0.72\"", "\"101.00\"", {"deposit.rates[2].demand"}},
        {"mark: G, source: [general]}", "mark: X, source: [general]}", {"mark", "\"X\""}},
        {"mark: G, source: [general]}", "mark: G, source: [hearsay]}", {"source", "hearsay"}},
        {"mark: G, source: [general]}", "mark: G}", {":", "source"}},
        {"mark: G, source: [general]}", "source: [general]}", {":", "mark"}},
        {"settlement_day: {value: 06-30", "settlement_day: {value: 12-31", {"settlement_day"}},
        {"value: fen-half-up", "value: bankers", {"deposit.rounding", "bankers"}},
        {"value: \"360\"", "value: \"36O\"", {"deposit.day_count"}},
        {"hotline:", "hotlin:", {":", "unknown key \"hotlin\""}},
        {"months_after: 1", "months_after: 13", {"contribution.due[1].months_after"}},
        {"months_after: 1", "months_after: one", {":", "months_after"}},
        {"day: 20,", "day: 32,", {"contribution.due[1].day"}},
        {"cap: \"12.00\"", "cap: \"4.00\"", {"contribution.ratios[1].cap"}},
        {"amount: \"2170.00\"", "amount: \"92170.00\"", {"contribution.base_limits[1]", "above"}},
        {"since: 2026-09-20, days: 3", "since: 2026-09-20, days: 0", {"decision_days[2].days"}},
        {"closes: true", "closes: perhaps", {":", "perhaps"}},
        {"since: 2025-05-08, first_short", "since: 2024-05-08, first_short", {"loan.rates[30]"}},
        {"format: anju-policy/1", "format: anju-policy/2", {"format", "anju-policy/2"}},
        {"deposit:", "- deposit:", {":"}},
        {"[general]", "*general", {":"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(cases[i].old, cases[i].new, cases[i].want);
}

static void test_no_file(void **state)
{
    struct policy *p = NULL;
    struct error err = {0};

    (void)state;
    assert_int_equal(policy_load("/tmp/there/is/none.yaml", &p, &err), RESULT_IO);
    assert_non_null(strstr(err.sentence, "/tmp/there/is/none.yaml"));
    assert_int_equal(policy_load("/dev/null", &p, &err), RESULT_CONFIG);
    assert_non_null(strstr(err.sentence, "empty"));
    policy_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deposit_rates), cmocka_unit_test(test_deposit_steps),
        cmocka_unit_test(test_due_day),       cmocka_unit_test(test_limits),
        cmocka_unit_test(test_offices),       cmocka_unit_test(test_words),
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_no_file),
    };

    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
