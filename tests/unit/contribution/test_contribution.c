/* Operations on contribution accounts, worked by hand: what they post, what they refuse, what the
 * month picture says afterwards. anju verify holds after each. */
#include <stdio.h>
#include <string.h>

#include "audited.h"
#include "base/identity.h"
#include "behind.h"
#include "contribution/contribution.h"
#include "ledger/ledger.h"
#include "ledger/settle.h"
#include "taken_city.h"

enum { PEOPLE = 8, CONTENT_MAX = 1024 };
#define A "9900000001"
#define B "9900000002"

static const char contribution_header[] = "DWZH,HBJNY,GRZH,GRJCJS,DWJCBL,GRJCBL,DWJCE,GRJCE,QXRQ";
static const char opening_header[] = "GRZH,GRBH,XingMing,ZJLX,ZJHM,SJHM,GRCKZHHM,GRCKZHKHYHMC,DWZH,"
                                     "SXNY,GRJCJS,DWJCBL,GRJCBL";

static struct desk {
    struct fixture *f;
    struct taken_city city;
    struct policy *policy;
    struct vault *vault;
    struct random random;
    struct clock clock;
    struct arena *arena;
    const char *unit, *other; /* of a district of class I; of one that is not known */
    struct contribution_report report;
    struct error err;
} d;

static void at(int year, int month, int day)
{
    /* Noon in Asia/Shanghai. */
    clock_fixed(&d.clock, "Asia/Shanghai",
                (instant)date_of(year, month, day).day * 86400000 + 4 * 3600000);
}

static void start(void **state)
{
    char keys[128];

    d = (struct desk){.f = *state, .unit = "D00000001", .other = "D00000002"};
    city_take(&d.city, d.f, PEOPLE, 7, date_of(2026, 8, 20));
    snprintf(keys, sizeof keys, "%s/keys", d.f->home);
    ok(d.f, vault_open(keys, false, &d.vault, &d.f->err));
    ok(d.f, policy_load("policy/kunming.yaml", &d.policy, &d.f->err));
    ok(d.f, policy_take_offices(d.policy, "policy/demo-offices.yaml", &d.f->err));
    d.arena = arena_new(16 * 1024 * 1024);
    assert_non_null(d.arena);
    random_system(&d.random);
    at(2026, 8, 24);
}

static void end(void)
{
    audited(d.f); /* also in the eyes of the second program */
    arena_free(d.arena);
    policy_free(d.policy);
    vault_close(d.vault);
}

/* --- asking --- */

static enum result post(const char *op, const char *header, const char *lines, bool dry_run,
                        const char *key)
{
    char content[CONTENT_MAX];
    const struct contribution_desk desk = {.db = d.f->db,
                                           .policy = d.policy,
                                           .clock = &d.clock,
                                           .vault = d.vault,
                                           .random = &d.random,
                                           .demo = true};
    struct contribution_order order = {.op = contribution_find(text_of(op)),
                                       .file = "f.csv",
                                       .content = content,
                                       .actor = TEXT("staff 7"),
                                       .key = text_of(key),
                                       .of_the_day = true,
                                       .dry_run = dry_run};

    assert_non_null(order.op);
    order.size = (size_t)snprintf(content, sizeof content, "%s\n%s\n", header, lines);
    assert_true(order.size < sizeof content);
    d.err.sentence[0] = 0;
    return contribution_post(&desk, &order, &d.report, &d.err);
}

static struct account stored(const char *account)
{
    struct account a;

    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    ok(d.f, ledger_account(d.f->db, d.arena, text_of(account), &a, &d.f->err));
    db_rollback(d.f->db);
    return a;
}

/* First dry, then for good: both say the same, and the dry run leaves nothing. */
static void done(const char *op, const char *header, const char *lines)
{
    struct contribution_report dry;

    if (post(op, header, lines, true, "") != RESULT_OK)
        fail_msg("%s, dry: %s", op, d.err.sentence);
    dry = d.report;
    assert_int_equal(dry.batch, 0);
    if (post(op, header, lines, false, "") != RESULT_OK)
        fail_msg("%s: %s", op, d.err.sentence);
    assert_false(d.report.already);
    dry.batch = d.report.batch;
    assert_memory_equal(&dry, &d.report, sizeof dry);
    clean(d.f);
}

static void refused(const char *op, const char *header, const char *lines, const char *words)
{
    if (post(op, header, lines, false, "another") == RESULT_OK)
        fail_msg("%s was done and not refused: %s", op, lines);
    if (!strstr(d.err.sentence, words))
        fail_msg("%s said \"%s\" and not \"%s\"", op, d.err.sentence, words);
}

/* A contribution's line. */
static const char *share(const char *unit, const char *month, const char *account, const char *base,
                         const char *ratio, const char *unit_amount, const char *own_amount,
                         const char *value)
{
    static char line[2][256];
    static int which;

    which = !which;
    snprintf(line[which], sizeof line[which], "%s,%s,%s,%s,%s,%s,%s,%s,%s", unit, month, account,
             base, ratio, ratio, unit_amount, own_amount, value);
    return line[which];
}

/* Opens an account of someone born on that day of February 1971. */
static const char *opening(const char *account, const char *person, const char *name, int day,
                           const char *month, const char *base, const char *ratio)
{
    static char line[512];
    char id[32];

    snprintf(id, sizeof id, "530199197102%02d991", day);
    id[17] = id_check_character(id);
    id[18] = 0;
    snprintf(line, sizeof line, "%s,%s,%s,01,%s,10099990001,,,%s,%s,%s,%s,%s", account, person,
             name, id, d.unit, month, base, ratio, ratio);
    return line;
}

static void opened(void)
{
    done("open", opening_header, opening(A, "P99000001", "甲", 3, "2026-08", "20010.00", "5.00"));
}

static void is_balance(const char *account, int64_t fen_)
{
    assert_int_equal(stored(account).running.balance.n, fen_);
}

/* "FSM": full, sealed, missing … of the months from 2026-08 on; and the consecutive ones. */
static void months_are(const char *words, int full)
{
    static const char letters[] = {
        [MONTH_FULL] = 'F',    [MONTH_LATE] = 'L',    [MONTH_BACKPAID] = 'B', [MONTH_SHORT] = 'h',
        [MONTH_MISSING] = 'M', [MONTH_AWAITED] = 'a', [MONTH_SEALED] = 'S',   [MONTH_EXTRA] = 'E'};
    struct account a = stored(A);
    struct month *list;
    char is[32] = "";
    size_t count;
    int consecutive, mended;

    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    ok(d.f, ledger_months(d.f->db, d.arena, d.policy, &a, month_of(2026, 8), clock_today(&d.clock),
                          &list, &count, &d.f->err));
    db_rollback(d.f->db);
    assert_true(count < sizeof is);
    for (size_t i = 0; i < count; i++)
        is[i] = letters[list[i].state];
    assert_string_equal(is, words);
    ledger_months_consecutive(list, count, &consecutive, &mended);
    assert_int_equal(consecutive, full);
}

/* --- tests --- */

/* 20,010.00 x 5 % = 1,000.50: 1,001 from each side. Limits: the floor of class I was 2,170 and is
 * 2,270 from 1 September for what is agreed from then on; the cap was 32,470 and is 32,543. */
static void test_shares_and_limits(void **state)
{
    const char *header = opening_header;

    start(state);
    refused("open", header, opening(A, "P99000001", "甲", 3, "2026-08", "32470.01", "5.00"),
            "f.csv:2: base 32470.01 is above 32470.00");
    refused("open", header, opening(A, "P99000001", "甲", 3, "2026-08", "2169.99", "5.00"),
            "is below 2170.00, the floor of class I");
    refused("open", header, opening(A, "P99000001", "甲", 3, "2026-09", "2269.99", "5.00"),
            "is below 2270.00");
    refused("open", header, opening(A, "P99000001", "甲", 3, "2026-08", "20010.00", "4.99"),
            "ratio 4.99 % is not within 5.00 to 12.00 %");
    refused("open", header, opening(A, "P99000001", "甲", 3, "2026-08", "20010.00", "12.01"),
            "ratio 12.01 %");
    opened();
    refused("open", header, opening(B, "P99000001", "甲", 3, "2026-08", "20010.00", "5.00"),
            "an account that is open");
    refused("open", header, opening(B, "P99000002", "乙", 3, "2026-08", "20010.00", "5.00"),
            "another person's number");
    refused("open", header, opening(B, "P99000001", "甲", 4, "2026-08", "20010.00", "5.00"),
            "has another document");
    refused("remit", contribution_header,
            share(d.unit, "2026-08", A, "20010.00", "5.00", "1000.50", "1001.00", ""),
            "the unit's share is 1000.50; base x ratio, to the whole yuan, is 1001.00");
    refused("remit", contribution_header,
            share(d.unit, "2026-08", A, "20011.00", "5.00", "1001.00", "1001.00", ""),
            "for 2026-08 20010.00 is agreed");
    refused("remit", contribution_header,
            share(d.other, "2026-08", A, "20010.00", "5.00", "1001.00", "1001.00", ""),
            "another unit");
    refused("remit", contribution_header,
            share(d.unit, "2027-09", A, "20010.00", "5.00", "1001.00", "1001.00", ""),
            "more than 12 months ahead");
    is_balance(A, 0);
    done("remit", contribution_header,
         share(d.unit, "2026-08", A, "20010.00", "5.00", "1001.00", "1001.00", ""));
    is_balance(A, 200200);
    months_are("F", 1);
    /* A low base of August stays good in September; one that is agreed then does not. */
    done("open", header, opening(B, "P99000002", "乙", 4, "2026-08", "2200.00", "5.00"));
    done("remit", contribution_header,
         share(d.unit, "2026-09", B, "2200.00", "5.00", "110.00", "110.00", ""));
    assert_int_equal(stored(B).paid_to.n, month_of(2026, 9).n);
    refused("remit", contribution_header,
            share(d.unit, "2027-01", B, "2200.00", "5.00", "110.00", "110.00", ""),
            "is below 2270.00");
    end();
}

/* Whole or nothing, and once. */
static void test_whole_and_once(void **state)
{
    char two[512];
    const char *first;

    start(state);
    opened();
    first = share(d.unit, "2026-08", A, "20010.00", "5.00", "1001.00", "1001.00", "");
    snprintf(two, sizeof two, "%s\n%s", first,
             share(d.unit, "2026-08", B, "20010.00", "5.00", "1001.00", "1001.00", ""));
    refused("remit", contribution_header, two, "f.csv:3: there is no such account");
    snprintf(two, sizeof two, "%s\n%s", first, first);
    refused("remit", contribution_header, two, "f.csv:3: 2002.00 is credited for 2026-08 already");
    is_balance(A, 0);
    refused("remit", "DWZH,HBJNY", first, "f.csv:1: 2 fields, and 9 are wanted");
    refused("remit", contribution_header, "", "f.csv:2: 1 fields");
    done("remit", contribution_header, first);
    assert_int_equal(post("remit", contribution_header, first, false, ""), RESULT_OK);
    assert_true(d.report.already);
    assert_int_equal(d.report.amount.n, 200200);
    is_balance(A, 200200);
    end();
}

/* Sealed in September, another unit from October, September found to be due after all. */
static void test_job_change_and_gaps(void **state)
{
    char line[256];

    start(state);
    opened();
    done("remit", contribution_header,
         share(d.unit, "2026-08", A, "20010.00", "5.00", "1001.00", "1001.00", ""));
    refused("seal", "GRZH,SXNY", A ",2026-10", "too far ahead");
    done("seal", "GRZH,SXNY", A ",2026-09");
    assert_int_equal(stored(A).state, ACCOUNT_SEALED);
    refused("seal", "GRZH,SXNY", A ",2026-09", "sealed already");
    refused("remit", contribution_header,
            share(d.unit, "2026-09", A, "20010.00", "5.00", "1001.00", "1001.00", ""),
            "no contribution is agreed for 2026-09");
    at(2026, 10, 12);
    snprintf(line, sizeof line, A ",2026-10,%s,10000.00,6.00,6.00", d.other);
    refused("move", "GRZH,SXNY,DWZH,GRJCJS,DWJCBL,GRJCBL", line, "it is unsealed with a unit");
    done("unseal", "GRZH,SXNY,DWZH,GRJCJS,DWJCBL,GRJCBL", line);
    assert_true(text_equal(stored(A).unit, text_of(d.other)));
    at(2026, 11, 23);
    done("remit", contribution_header,
         share(d.other, "2026-10", A, "10000.00", "6.00", "600.00", "600.00", "2026-11-21"));
    months_are("FSLa", 1); /* 20 November was the last day for October */
    /* With September paid back the gap is closed: three months in a row. */
    refused("back-pay", contribution_header,
            share(d.unit, "2026-09", A, "20010.00", "5.00", "1001.00", "1000.00", ""),
            "the own share is 1000.00");
    done("back-pay", contribution_header,
         share(d.unit, "2026-09", A, "20010.00", "5.00", "1001.00", "1001.00", ""));
    months_are("FBLa", 3);
    assert_int_equal(stored(A).paid_to.n, month_of(2026, 10).n);
    /* To the first unit again from December; November, still the second's, then paid early. */
    snprintf(line, sizeof line, A ",2026-12,%s,10000.00,6.00,6.00", d.unit);
    done("move", "GRZH,SXNY,DWZH,GRJCJS,DWJCBL,GRJCBL", line);
    done("remit", contribution_header,
         share(d.other, "2026-11", A, "10000.00", "6.00", "600.00", "600.00", ""));
    months_are("FBLF", 4);
    /* December put off until February; December is made up and due again. */
    done("defer", "GRZH,SXNY,ZZNY", A ",2026-12,2027-02");
    at(2027, 3, 25);
    months_are("FBLFSSSa", 0);
    done("back-pay", contribution_header,
         share(d.unit, "2026-12", A, "10000.00", "6.00", "600.00", "600.00", ""));
    months_are("FBLFBSSa", 0);
    end();
}

/* Posted with a wrong amount, for the wrong account, too much. */
static void test_corrections(void **state)
{
    static const char header[] = "GRZH,XH,CZYY,ZRGRZH,HBJNY,DWJCE,GRJCE,QXRQ";
    struct account a;

    start(state);
    opened();
    done("open", opening_header, opening(B, "P99000002", "乙", 4, "2026-08", "20010.00", "5.00"));
    done("remit", contribution_header,
         share(d.unit, "2026-08", A, "20010.00", "5.00", "1001.00", "1001.00", ""));
    at(2026, 9, 21);
    /* The bank had brought 500 + 500: entry 2 is reversed, the right one has its value day. */
    refused("correct", header, A ",2,300,,,500.00,500.00,", "CZYY");
    refused("correct", header, A ",1,101,,,,,", "no contribution");
    refused("correct", header, A ",2,101,,,1001.01,500.00,", "more than is due for 2026-08");
    done("correct", header, A ",2,101,,,500.00,500.00,");
    assert_int_equal(d.report.entries, 2);
    assert_int_equal(d.report.amount.n, -100200);
    is_balance(A, 100000);
    months_are("ha", 0);
    a = stored(A);
    assert_true(month_is_none(a.paid_to));
    /* As if 1,000.00 had lain there from 24 August on. */
    assert_int_equal(running_product_at(&a.running, date_of(2026, 9, 21)), INT64_C(100000) * 29);
    refused("correct", header, A ",2,101,,,500.00,500.00,", "reversed before");
    done("back-pay", contribution_header,
         share(d.unit, "2026-08", A, "20010.00", "5.00", "501.00", "501.00", ""));
    months_are("Ba", 1);
    /* The back payment was B's. */
    done("correct", header, A ",5,102," B ",,501.00,501.00,");
    is_balance(A, 100000);
    is_balance(B, 100200);
    /* From September a lower base is agreed after the month was paid: 250.50 on each side too much. */
    done("remit", contribution_header,
         share(d.unit, "2026-09", A, "20010.00", "5.00", "1001.00", "1001.00", ""));
    refused("refund", "GRZH,HBJNY,DWJCE,GRJCE", A ",2026-09,1.00,0.00", "not paid too much");
    done("base", "GRZH,SXNY,GRJCJS,DWJCBL,GRJCBL", A ",2026-09,15000.00,5.00,5.00");
    refused("refund", "GRZH,HBJNY,DWJCE,GRJCE", A ",2026-09,251.01,0.00", "not paid too much");
    done("refund", "GRZH,HBJNY,DWJCE,GRJCE", A ",2026-09,251.00,251.00");
    is_balance(A, 100000 + 150000);
    months_are("hF", 1);
    assert_int_equal(stored(A).paid_to.n, month_of(2026, 9).n);
    end();
}

static void test_freezing(void **state)
{
    struct account a;

    start(state);
    opened();
    done("transfer-in", "GRZH,FSE,QXRQ", A ",10000.00,");
    refused("lift", "GRZH,DJJE", A ",", "nothing is frozen");
    done("freeze", "GRZH,DJJE,DJJG", A ",4000.00,示范法院");
    refused("freeze", "GRZH,DJJE,DJJG", A ",6000.01,示范法院", "6000.00 are not frozen yet");
    refused("correct", "GRZH,XH,CZYY,ZRGRZH,HBJNY,DWJCE,GRJCE,QXRQ", A ",2,104,,,,,",
            "4000.00 of the account are frozen");
    refused("transfer-out", "GRZH", A, "is frozen");
    done("lift", "GRZH,DJJE", A ",1500.00");
    a = stored(A);
    assert_int_equal(a.frozen.n, 250000);
    assert_int_equal(a.state, ACCOUNT_NORMAL);
    /* The whole account: what comes in is frozen too. */
    done("freeze", "GRZH,DJJE,DJJG", A ",,示范法院");
    done("remit", contribution_header,
         share(d.unit, "2026-08", A, "20010.00", "5.00", "1001.00", "1001.00", ""));
    a = stored(A);
    assert_int_equal(a.frozen.n, 1200200);
    assert_int_equal(a.state, ACCOUNT_FROZEN);
    refused("freeze", "GRZH,DJJE,DJJG", A ",1.00,示范法院", "the whole account is frozen");
    refused("lift", "GRZH,DJJE", A ",1.00", "it is lifted whole");
    done("lift", "GRZH,DJJE", A ",");
    a = stored(A);
    assert_int_equal(a.frozen.n, 0);
    assert_int_equal(a.state, ACCOUNT_NORMAL);
    assert_true(date_is_none(a.frozen_since) && !a.frozen_by.at);
    end();
}

/* 10,000.00 from 24 August; closed on 13 September, which pays for the 20 days up to the 12th:
 * 1,000,000 fen x 20 x 1.50 % / 360 = 833.33, 8.33 yuan. */
static void test_closing(void **state)
{
    struct account a;

    start(state);
    opened();
    done("open", opening_header, opening(B, "P99000002", "甲", 4, "2026-08", "20010.00", "5.00"));
    done("transfer-in", "GRZH,FSE,QXRQ", A ",10000.00,");
    done("transfer-in", "GRZH,FSE,QXRQ", B ",500.00,");
    at(2026, 9, 13);
    refused("merge", "GRZH,HBZH", A "," A, "into itself");
    done("merge", "GRZH,HBZH", A "," B);
    assert_int_equal(d.report.interest.n, 833);
    is_balance(A, 0);
    is_balance(B, 1000000 + 833 + 50000);
    a = stored(A);
    assert_int_equal(a.state, ACCOUNT_MERGED);
    assert_true(text_equal(a.merged_into, TEXT(B)));
    refused("remit", contribution_header,
            share(d.unit, "2026-08", A, "20010.00", "5.00", "1001.00", "1001.00", ""),
            "the account is closed");
    done("open", opening_header,
         opening(A "9", "P99000003", "丙", 5, "2026-09", "20010.00", "5.00"));
    refused("merge", "GRZH,HBZH", A "9," B, "different people");
    at(2027, 7, 5);
    refused("transfer-out", "GRZH", B, "the interest of 2027-06-30 is not settled yet");
    at(2026, 9, 14);
    done("transfer-out", "GRZH", B);
    a = stored(B);
    assert_int_equal(a.state, ACCOUNT_TRANSFERRED);
    assert_int_equal(a.closed.day, date_of(2026, 9, 14).day);
    /* 500.00 for 21 days and 10,008.33 for one: (1,050,000 + 1,000,833) x 1.50 % / 360 = 85.45. */
    assert_int_equal(d.report.interest.n, 85);
    end();
}

/* Nothing moves when an empty account is merged: no entry with money says that it was closed. */
static void test_empty_merged(void **state)
{
    struct settle_report report;

    start(state);
    opened();
    done("open", opening_header, opening(B, "P99000002", "甲", 4, "2026-08", "20010.00", "5.00"));
    done("merge", "GRZH,HBZH", A "," B);
    assert_int_equal(stored(A).state, ACCOUNT_MERGED);
    at(2027, 7, 1);
    ok(d.f,
       settle_city(d.f->store, d.policy, &d.clock, date_of(2027, 6, 30), NULL, &report, &d.f->err));
    assert_true(report.outcomes[SETTLE_CLOSED] > 0);
    clean(d.f);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_merged),   cmocka_unit_test(test_shares_and_limits),
        cmocka_unit_test(test_whole_and_once), cmocka_unit_test(test_job_change_and_gaps),
        cmocka_unit_test(test_corrections),    cmocka_unit_test(test_freezing),
        cmocka_unit_test(test_closing),
    };

    return run_on_both("contribution", tests, sizeof tests / sizeof *tests);
}
