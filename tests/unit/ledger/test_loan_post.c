/* Loans posted by operations: contract to settlement, once, backdated, out of the fund account, for
 * the whole city; and what verify says of each changed field. The figures are worked out by hand from
 * docs/rules.md, "Loans", and named where they stand. */
#include <stdio.h>
#include <string.h>

#include "behind.h"
#include "ledger/loan_post.h"
#include "taken_city.h"

enum { PEOPLE = 20, NUMBER_MAX = 32 };

static struct desk {
    struct fixture *f;
    struct taken_city city;
    struct arena *arena;
    struct sha256 *sha;
    struct policy *policy;
    struct clock clock;
    char account[NUMBER_MAX];
    struct loan_order_answer answer;
    struct loan_batch_report report;
} d;

static instant noon(civil_date day)
{
    return ((instant)day.day * 24 + 4) * 3600 * 1000;
}

static void today(civil_date day)
{
    clock_fixed(&d.clock, "Asia/Shanghai", noon(day));
}

/* An open account with money and without a loan. */
static void find_account(void)
{
    struct stmt *q;

    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    q = db_query(d.f->db, QUERY_verify_accounts);
    while (stmt_step(q) == STMT_ROW && !d.account[0]) {
        struct account a;
        struct loan *loans;
        size_t count;
        char number[NUMBER_MAX];

        text_copy(column_text(q, 0), number, sizeof number);
        ok(d.f, ledger_account(d.f->db, d.arena, text_of(number), &a, &d.f->err));
        ok(d.f, ledger_loans(d.f->db, d.arena, text_of(number), &loans, &count, &d.f->err));
        if (a.state == ACCOUNT_NORMAL && a.running.balance.n > 1000000 && count == 0)
            snprintf(d.account, sizeof d.account, "%s", number);
    }
    stmt_end(q);
    db_rollback(d.f->db);
    assert_true(d.account[0] != 0);
}

static void start_on(void **state, civil_date day)
{
    d = (struct desk){.f = *state};
    city_take(&d.city, d.f, PEOPLE, 7, day);
    d.arena = arena_new(64 * 1024 * 1024);
    d.sha = sha256_new();
    assert_non_null(d.arena);
    assert_non_null(d.sha);
    ok(d.f, policy_load("policy/kunming.yaml", &d.policy, &d.f->err));
    find_account();
}

static void start(void **state)
{
    start_on(state, date_of(2026, 8, 20));
}

static void end(void)
{
    db_rollback(d.f->db);
    arena_free(d.arena);
    sha256_free(d.sha);
    policy_free(d.policy);
}

static enum result order(struct loan_order o, bool keep)
{
    enum result r;

    o.staff = TEXT("0317");
    o.account = text_of(d.account);
    o.loan = TEXT("DK1");
    ok(d.f, db_begin(d.f->db, STORE_WRITE_LEDGER, &d.f->err));
    r = loan_order_post(d.f->db, d.arena, d.sha, d.policy, &d.clock, &o, &d.answer, &d.f->err);
    if (r == RESULT_OK && keep)
        ok(d.f, db_commit(d.f->db, &d.f->err));
    else
        db_rollback(d.f->db);
    return r;
}

static void answers(const char *words)
{
    if (!strstr(d.answer.json.at, words))
        fail_msg("%s is not in %s", words, d.answer.json.at);
}

static struct loan_order contract(int method, int months)
{
    return (struct loan_order){.kind = LOAN_ORDER_CONTRACT,
                               .key = TEXT("C1"),
                               .contract = TEXT("HT1"),
                               .bank = TEXT("示范银行"),
                               .day = date_of(2026, 8, 24),
                               .amount = {70000000},
                               .price = {100000000},
                               .rate = 26000,
                               .months = months,
                               .method = method,
                               .due_day = 15,
                               .guarantee = 1};
}

static struct loan_order pay(const char *key, civil_date day, int64_t amount, enum loan_then then)
{
    return (struct loan_order){
        .kind = LOAN_ORDER_PAY, .key = text_of(key), .day = day, .amount = {amount}, .then = then};
}

static const struct loan_order out_of_the_till = {
    .kind = LOAN_ORDER_PAY_OUT, .key = {"P1", 2}, .contract = {"HT1", 3}};

static void lend(int method, int months)
{
    struct loan_order out = out_of_the_till;

    today(date_of(2026, 8, 25));
    ok(d.f, order(contract(method, months), true));
    out.day = date_of(2026, 8, 25);
    ok(d.f, order(out, true));
}

static enum result collect(civil_date day, bool missed, bool dry_run)
{
    struct loan_returned one = {text_of(d.account), TEXT("DK1")};
    struct loan_batch b = {.db = d.f->db,
                           .policy = d.policy,
                           .clock = &d.clock,
                           .day = day,
                           .dry_run = dry_run,
                           .list_of = missed ? TEXT("it") : TEXT(""),
                           .returned = &one,
                           .returned_count = missed};

    return loan_collect_city(&b, &d.report, &d.f->err);
}

/* 700,000 at 2.60 % over 360 months: 2,802.38 a month (a public
 * calculator's figure), the first month 700,000 x 2.6 % / 12 = 1,516.67 interest and 1,285.71
 * principal. Nobody is asked twice. */
static void lives_from_contract_to_settling(void **state)
{
    struct loan_order settle = {.kind = LOAN_ORDER_SETTLE, .key = TEXT("E1")};
    int64_t collected;

    start(state);
    lend(LOAN_EQUAL_INSTALMENTS, 360);
    answers(
        "\"next_due\":\"2026-09-15\",\"next_payment\":\"2802.38\",\"next_principal\":\"1285.71\""
        ",\"next_interest\":\"1516.67\"");
    clean(d.f);
    today(date_of(2026, 9, 20));
    ok(d.f, collect(date_of(2026, 9, 15), false, true));
    collected = d.report.collected;
    assert_true(collected >= 1);
    clean(d.f);
    ok(d.f, collect(date_of(2026, 9, 15), false, false));
    assert_int_equal(d.report.collected, collected);
    assert_int_equal(d.report.passed, 0);
    ok(d.f, collect(date_of(2026, 9, 15), false, false));
    assert_true(d.report.already);
    assert_int_equal(d.report.acts_now, 0);
    assert_int_equal(d.report.collected, collected);
    assert_int_equal(collect(date_of(2026, 9, 15), true, false), RESULT_CONFLICT);
    assert_int_equal(collect(date_of(2026, 9, 21), false, false), RESULT_REFUSED);
    clean(d.f);
    /* 698,714.29 and interest of 5 days: x 2.6 % x 5 / 360 = 252.313… */
    settle.day = date_of(2026, 9, 20);
    ok(d.f, order(settle, true));
    answers("\"paid\":\"698966.60\",\"principal\":\"698714.29\",\"interest\":\"252.31\"");
    answers("\"settled\":true");
    clean(d.f);
    ok(d.f, order(settle, true));
    assert_true(d.answer.already);
    settle.key = TEXT("E2");
    assert_int_equal(order(settle, true), RESULT_REFUSED);
    end();
}

/* Equal principal: 700,000 / 360 = 1,944.44 and 1,516.67 interest, 3,461.11, the first payment of
 * the public calculators. */
static void other_methods(void **state)
{
    start(state);
    lend(LOAN_EQUAL_PRINCIPAL, 360);
    answers("\"next_payment\":\"3461.11\",\"next_principal\":\"1944.44\"");
    today(date_of(2026, 10, 20));
    ok(d.f, collect(date_of(2026, 10, 20), false, false));
    clean(d.f);
    ok(d.f, order(pay("Z1", date_of(2026, 10, 20), 10000000, LOAN_THEN_LOWER), true));
    clean(d.f);
    today(date_of(2026, 12, 1));
    ok(d.f, collect(date_of(2026, 11, 30), false, false));
    clean(d.f);
    end();
}

/* A returned instalment of 2026-09-15, repaid on 2026-10-06: 21 days, 1,285.71 x 2.6 % x 1.5 x 21 /
 * 360 = 2.92499: 2.92. */
static void overdue(void **state)
{
    start(state);
    lend(LOAN_EQUAL_INSTALMENTS, 360);
    today(date_of(2026, 10, 6));
    ok(d.f, collect(date_of(2026, 9, 15), true, false));
    assert_true(d.report.missed >= 1); /* and what was overdue in the city */
    clean(d.f);
    assert_int_equal(order(pay("Z1", date_of(2026, 10, 6), 280529, LOAN_THEN_NOTHING), true),
                     RESULT_REFUSED);
    ok(d.f, order(pay("Z1", date_of(2026, 10, 6), 280530, LOAN_THEN_NOTHING), false));
    answers("\"penalty\":\"2.92\"");
    clean(d.f);
    ok(d.f, order(pay("Z1", date_of(2026, 10, 6), 280530, LOAN_THEN_NOTHING), true));
    answers("\"paid\":\"2805.30\"");
    answers("\"overdue_periods\":0");
    clean(d.f);
    end();
}

/* 50,000.00 five days after an instalment: 50,000 / (1 + 2.6 % x 5 / 360) = 49,981.95. Then
 * something for a day before it: taken back, done, done again; all of it at once out of the fund
 * account. */
static void backdated_and_taken_back(void **state)
{
    struct loan_order early = pay("Z2", date_of(2026, 9, 10), 500000, LOAN_THEN_SHORTER);
    struct loan_order back = {.kind = LOAN_ORDER_REVERSE, .key = TEXT("R1"), .act = 3};

    start(state);
    lend(LOAN_EQUAL_INSTALMENTS, 360);
    today(date_of(2026, 9, 20));
    ok(d.f, collect(date_of(2026, 9, 20), false, false));
    ok(d.f, order(pay("Z1", date_of(2026, 9, 20), 5000000, LOAN_THEN_LOWER), true));
    answers("\"principal\":\"49981.95\",\"interest\":\"18.05\"");
    clean(d.f);
    early.fund = true;
    assert_int_equal(order(early, true), RESULT_INVALID);
    early.reason = REVERSED_DATE;
    ok(d.f, order(early, true));
    answers("\"undone\":2,\"redone\":2");
    clean(d.f);
    assert_int_equal(order(back, true), RESULT_INVALID);
    back.reason = REVERSED_TWICE;
    assert_int_equal(order(back, true), RESULT_NOT_FOUND); /* taken back already */
    back.act = 6;                                          /* the money out of the fund account */
    ok(d.f, order(back, true));
    answers("\"undone\":3,\"redone\":2");
    /* As if it had never been: 700,000 − 1,285.71 − 49,981.95. */
    answers("\"balance\":\"648732.34\"");
    clean(d.f);
    end();
}

/* A collection that is not the newest: it is said that the instalment did not come, or the later ones
 * cannot be done again (they would collect it after all, which the simulator found). */
static void collection_taken_back(void **state)
{
    struct loan_order back = {
        .kind = LOAN_ORDER_REVERSE, .key = TEXT("R1"), .act = 2, .reason = REVERSED_RETURNED};

    start(state);
    lend(LOAN_EQUAL_INSTALMENTS, 360);
    for (int month = 9; month <= 11; month++) {
        today(date_of(2026, month, 20));
        ok(d.f, collect(date_of(2026, month, 20), false, false));
    }
    assert_int_equal(order(back, true), RESULT_REFUSED);
    assert_non_null(strstr(d.f->err.sentence, "the instalment of 2026-09-15"));
    back.missed = true;
    ok(d.f, order(back, true));
    answers("\"undone\":3,\"redone\":2");
    answers("\"overdue_periods\":3"); /* behind one that is overdue none is collected */
    clean(d.f);
    back = (struct loan_order){
        .kind = LOAN_ORDER_REVERSE, .key = TEXT("R2"), .act = 10, .reason = REVERSED_RETURNED};
    ok(d.f, order(back, true)); /* the newest: nothing comes after it */
    clean(d.f);
    end();
}

/* The account's loan DK1 as it stands. */
static struct loan lent(void)
{
    struct loan *loans, mine = {0};
    size_t count;

    ok(d.f, db_begin(d.f->db, STORE_READ, &d.f->err));
    ok(d.f, ledger_loans(d.f->db, d.arena, text_of(d.account), &loans, &count, &d.f->err));
    for (size_t i = 0; i < count; i++)
        if (text_equal(loans[i].loan, TEXT("DK1")))
            mine = loans[i];
    db_rollback(d.f->db);
    return mine;
}

static bool passed_over(void)
{
    for (int64_t i = 0; i < d.report.passed && i < LOAN_PASSED_MAX; i++)
        if (strcmp(d.report.list[i].loan, "DK1") == 0)
            return strstr(d.report.list[i].why, "takes a new rate") != NULL;
    return false;
}

/* 1,000,000 at 2.85 % over 360 months is 4,135.57 a month (a public calculator's figure). After the 16
 * instalments up to December 2025 971,323.52 are left, worked out month by month with fractions. The rate
 * fell to 2.60 % on 8 May 2025: from 1 January 2026 on 971,323.52 x i / (1 - (1 + i)^-344) = 4,008.32, of
 * which in January 971,323.52 x 2.6 % / 12 = 2,104.53 are interest. */
static void takes_the_new_rate(void **state)
{
    struct loan_order out = out_of_the_till, in = contract(LOAN_EQUAL_INSTALMENTS, 360);
    struct loan_batch reprice = {.day = date_of(2025, 1, 1)};
    struct loan l;

    start_on(state, date_of(2024, 8, 20));
    today(date_of(2024, 8, 25));
    in.day = date_of(2024, 8, 24);
    in.amount = fen_of(100000000);
    in.price = fen_of(150000000);
    in.rate = 28500;
    ok(d.f, order(in, true));
    out.day = date_of(2024, 8, 25);
    ok(d.f, order(out, true));
    assert_int_equal(lent().next_payment.n, 413557);
    reprice.db = d.f->db;
    reprice.policy = d.policy;
    reprice.clock = &d.clock;
    today(date_of(2025, 1, 2));
    ok(d.f, collect(date_of(2024, 12, 31), false, false));
    ok(d.f, loan_reprice_city(&reprice, &d.report, &d.f->err));
    assert_int_equal(lent().rate, 28500); /* that of 31 December 2024 is the loan's own */
    today(date_of(2026, 1, 20));
    ok(d.f, collect(date_of(2025, 12, 31), false, false));
    l = lent();
    assert_int_equal(l.periods_paid, 16);
    assert_int_equal(l.balance.n, 97132352);
    ok(d.f, collect(date_of(2026, 1, 15), false, true));
    assert_true(passed_over());
    reprice.day = date_of(2026, 1, 1);
    ok(d.f, loan_reprice_city(&reprice, &d.report, &d.f->err));
    l = lent();
    assert_int_equal(l.rate, 26000);
    assert_int_equal(l.next_payment.n, 400832);
    assert_int_equal(l.next_interest.n, 210453);
    ok(d.f, collect(date_of(2026, 1, 15), false, false));
    assert_int_equal(lent().balance.n, 96941973);
    clean(d.f);
    end();
}

/* The whole city at the end of a year, and from 1 January on; nothing is collected at an old rate. */
static void city_and_verify(void **state)
{
    static const char *const loan_sets[] = {
        "balance = balance + 1",
        "rate = rate + 1",
        "months = months + 1",
        "state = 2",
        "periods_paid = periods_paid + 1",
        "next_due = next_due + 1",
        "next_payment = next_payment + 1",
        "next_principal = next_principal + 1",
        "next_interest = next_interest + 1",
        "overdue_principal = 1",
        "overdue_interest = 1",
        "overdue_periods = 1",
        "principal_repaid = principal_repaid + 1",
        "interest_repaid = interest_repaid + 1",
        "settled = 20000",
        "paid_out = paid_out + 1",
        "head_seq = head_seq + 1",
    };
    static const char *const act_sets[] = {
        "day = day + 1",
        "booked = booked + 1",
        "asked = asked + 1",
        "asked_then = 2",
        "asked_rate = 1",
        "fund = 1",
        "fund_seq = 1",
        "undoes = 1",
        "reason = 101",
        "entries = entries + 1",
        "months = months - 1",
        "rate = rate + 1",
        "next_interest = 1",
        "agreed_payment = 1",
        "kind = 4",
        "batch = batch + 1",
        "balance = balance - 1",
        "head_seq = head_seq + 1",
    };
    static const char *const rate_sets[] = {"rate = rate + 1", "payment = payment + 1"};
    static const char *const contract_sets[] = {"principal = principal + 1", "months = months - 1",
                                                "rate = rate + 1", "method = method + 1"};
    static const char *const operation_sets[] = {
        "booked = booked + 1", "booked = booked - 1",          "state = 3",
        "lines = entries - 1", "entries = entries + 1",        "total = total + 1",
        "after_set = 99",      "content = CAST('x' AS BYTEA)",
    };
    struct row contract = {.side = "ledger", .table = "loan_contract"};
    struct row operation = {
        .side = "ledger",
        .table = "operation",
        .key = "batch = (SELECT MIN(e.batch) FROM ledger.loan_entry e WHERE e.batch > 1000000000)",
        .name = "ledger.operation 10000000"};
    struct row loan = {.side = "ledger", .table = "loan"};
    struct row act = {.side = "ledger", .table = "loan_act"};
    struct row rate = {.side = "ledger", .table = "loan_rate"};
    struct loan_batch reprice = {.day = date_of(2027, 1, 1)};

    start(state);
    lend(LOAN_EQUAL_INSTALMENTS, 360);
    today(date_of(2027, 1, 20));
    ok(d.f, collect(date_of(2026, 12, 31), false, false));
    assert_int_equal(d.report.passed, 0);
    reprice.db = d.f->db;
    reprice.policy = d.policy;
    reprice.clock = &d.clock;
    ok(d.f, loan_reprice_city(&reprice, &d.report, &d.f->err));
    ok(d.f, collect(date_of(2027, 1, 20), false, false));
    clean(d.f);
    open_guards(d.f);
    snprintf(loan.key, sizeof loan.key, "account = '%s' AND loan = 'DK1'", d.account);
    snprintf(loan.name, sizeof loan.name, "ledger.loan %s DK1", d.account);
    each_is_found(d.f, &loan, loan_sets, COUNT(loan_sets));
    snprintf(act.key, sizeof act.key, "account = '%s' AND loan = 'DK1' AND act = 3", d.account);
    snprintf(act.name, sizeof act.name, "ledger.loan_act %s DK1 3", d.account);
    each_is_found(d.f, &act, act_sets, COUNT(act_sets));
    snprintf(rate.key, sizeof rate.key, "account = '%s' AND loan = 'DK1'", d.account);
    snprintf(rate.name, sizeof rate.name, "ledger.loan %s DK1", d.account);
    each_is_found(d.f, &rate, rate_sets, COUNT(rate_sets));
    snprintf(contract.key, sizeof contract.key, "account = '%s'", d.account);
    snprintf(contract.name, sizeof contract.name, "ledger.loan %s DK1", d.account);
    each_is_found(d.f, &contract, contract_sets, COUNT(contract_sets));
    each_is_found(d.f, &operation, operation_sets, COUNT(operation_sets));
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lives_from_contract_to_settling),
        cmocka_unit_test(other_methods),
        cmocka_unit_test(overdue),
        cmocka_unit_test(backdated_and_taken_back),
        cmocka_unit_test(collection_taken_back),
        cmocka_unit_test(takes_the_new_rate),
        cmocka_unit_test(city_and_verify),
    };

    return run_on_both("loan_post", tests, COUNT(tests));
}
