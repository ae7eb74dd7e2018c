/* Whole cities against their truth.jsonl, which the generator works out with arithmetic of its own:
 * every balance, interest, month and loan of every account. */
#include "taken_city.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "ledger/ledger.h"

enum { PEOPLE = 300, LINE_ROOM = 256 * 1024, ARENA_BYTES = 16 * 1024 * 1024 };

/* One account's line of the truth and what the ledger says. */
struct compared {
    struct fixture *f;
    struct policy *policy;
    struct arena *arena;
    civil_date today;
    const json_t *truth;
    const char *number;
    struct account account;
    struct month *months;
    size_t count;
};

static int64_t fen_in(const json_t *o, const char *key)
{
    const char *word = json_string_value(json_object_get(o, key));
    fen amount;

    assert_non_null(word);
    assert_true(fen_parse(text_of(word), &amount));
    return amount.n;
}

static civil_date date_in(const json_t *o, const char *key)
{
    const char *word = json_string_value(json_object_get(o, key));
    civil_date d = DATE_NONE;

    assert_true(!word || date_parse(text_of(word), &d));
    return d;
}

static int count_in(const json_t *o, const char *key)
{
    return (int)json_integer_value(json_object_get(o, key));
}

static void same(const struct compared *c, const char *what, int64_t is, int64_t truth)
{
    if (is != truth)
        fail_msg("%s: %s is %lld, the truth is %lld", c->number, what, (long long)is,
                 (long long)truth);
}

static bool lists(const struct compared *c, const char *key, civil_month m)
{
    const json_t *list = json_object_get(c->truth, key);
    char word[MONTH_TEXT_MAX];
    size_t i;
    json_t *item;

    month_format(m, word);
    json_array_foreach(list, i, item)
    {
        const char *is = json_is_object(item) ? json_string_value(json_object_get(item, "month"))
                                              : json_string_value(item);
        if (strcmp(is, word) == 0)
            return true;
    }
    return false;
}

static void compare_figures(struct compared *c)
{
    const struct running *r = &c->account.running;
    fen interest = {0};

    same(c, "balance", r->balance.n, fen_in(c->truth, "balance"));
    same(c, "carried", r->carried.n, fen_in(c->truth, "carried"));
    same(c, "this year", r->this_year.n, fen_in(c->truth, "this_year"));
    same(c, "frozen", c->account.frozen.n, fen_in(c->truth, "frozen"));
    same(c, "entries", r->head_seq, count_in(c->truth, "entries"));
    same(c, "opened", c->account.opened.day, date_in(c->truth, "opened").day);
    same(c, "closed", c->account.closed.day, date_in(c->truth, "closed").day);
    same(c, "state", c->account.state, count_in(c->truth, "state"));
    if (!account_is_closed(c->account.state))
        ok(c->f,
           ledger_interest_to(c->f->db, c->policy, &c->account, c->today, &interest, &c->f->err));
    same(c, "interest", interest.n, fen_in(c->truth, "interest_to_date"));
}

/* What was posted each 30 June comes out again, but for what was planted. */
static void compare_settlements(struct compared *c)
{
    const json_t *planted = json_object_get(c->truth, "planted");
    civil_date to = account_is_closed(c->account.state) ? c->account.closed : c->today;
    struct interest_year *years;
    size_t count, wrong = 0;

    ok(c->f, ledger_interest_years(c->f->db, c->arena, c->policy, &c->account, to, &years, &count,
                                   &c->f->err));
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(planted, wrong);

        if (years[i].state == INTEREST_RUNNING) {
            same(c, "interest laid open", years[i].right.n, fen_in(c->truth, "interest_to_date"));
        } else if (years[i].posted.n != years[i].right.n) {
            wrong++;
            if (!item)
                fail_msg("%s: the settlement of %d is wrong", c->number, years[i].year);
            same(c, "wrong on", years[i].to.day, date_in(item, "date").day);
            same(c, "wrong interest", years[i].posted.n, fen_in(item, "wrong"));
            same(c, "right interest", years[i].right.n, fen_in(item, "right"));
        }
    }
    same(c, "planted settlements", (int64_t)wrong, (int64_t)json_array_size(planted));
}

static void compare_short(const struct compared *c, const struct month *m)
{
    json_t *item;
    size_t i;
    char word[MONTH_TEXT_MAX];

    month_format(m->month, word);
    json_array_foreach(json_object_get(c->truth, "short"), i, item)
    {
        if (strcmp(json_string_value(json_object_get(item, "month")), word) != 0)
            continue;
        same(c, "short month's due", m->unit_due.n + m->own_due.n, fen_in(item, "due"));
        same(c, "short month's credit", m->unit_credited.n + m->own_credited.n,
             fen_in(item, "credited"));
    }
}

static void compare_month(const struct compared *c, const struct month *m)
{
    bool credited_enough =
        m->state == MONTH_FULL || m->state == MONTH_LATE || m->state == MONTH_BACKPAID;

    same(c, "missing", m->state == MONTH_MISSING, lists(c, "missing", m->month));
    same(c, "short", m->state == MONTH_SHORT, lists(c, "short", m->month));
    if (m->state == MONTH_SHORT)
        compare_short(c, m);
    /* The truth lists what was late or paid back also when the month is short all the same. */
    if (credited_enough) {
        same(c, "paid back", m->state == MONTH_BACKPAID, lists(c, "back_paid", m->month));
        same(c, "late", m->state == MONTH_LATE,
             lists(c, "late", m->month) && !lists(c, "back_paid", m->month));
    }
}

static size_t length(const struct compared *c, const char *key)
{
    return json_array_size(json_object_get(c->truth, key));
}

static void compare_months(struct compared *c)
{
    size_t missing = 0, less = 0;
    int full, mended;

    ok(c->f, ledger_months(c->f->db, c->arena, c->policy, &c->account, MONTH_NONE, c->today,
                           &c->months, &c->count, &c->f->err));
    for (size_t i = 0; i < c->count; i++) {
        compare_month(c, &c->months[i]);
        missing += c->months[i].state == MONTH_MISSING;
        less += c->months[i].state == MONTH_SHORT;
    }
    same(c, "missing months", (int64_t)missing, (int64_t)length(c, "missing"));
    same(c, "short months", (int64_t)less, (int64_t)length(c, "short"));
    ledger_months_consecutive(c->months, c->count, &full, &mended);
    if (!account_is_closed(c->account.state))
        same(c, "consecutive months", full, count_in(c->truth, "consecutive_full"));
    assert_true(mended >= full);
}

/* The page of the last three years shows each month as the whole history does. */
static void compare_window(struct compared *c)
{
    civil_month from = month_of(month_year(date_month(c->today)) - 2, 1);
    struct month *window;
    size_t count, skip = 0;

    ok(c->f, ledger_months(c->f->db, c->arena, c->policy, &c->account, from, c->today, &window,
                           &count, &c->f->err));
    while (skip < c->count && c->months[skip].month.n < from.n)
        skip++;
    same(c, "months in the window", (int64_t)count, (int64_t)(c->count - skip));
    for (size_t i = 0; i < count; i++) {
        const struct month *m = &c->months[skip + i];

        same(c, "the window's month", window[i].month.n, m->month.n);
        same(c, "the window's state", window[i].state, m->state);
        same(c, "the window's credit", window[i].unit_credited.n, m->unit_credited.n);
        same(c, "the window's base", window[i].base_changed, m->base_changed);
    }
}

/* The plan goes on from the next instalment as the city worked it out, and ends at nothing. */
static void compare_plan(struct compared *c, const json_t *t, const struct loan *l)
{
    struct loan_view v;
    int64_t left = l->balance.n - l->overdue_principal.n;

    ok(c->f, ledger_loan_view(c->f->db, c->arena, c->account.account, l, c->today, &v, &c->f->err));
    same(c, "rate lines", v.rate_count > 0, 1);
    same(c, "principal repaid", v.principal_repaid.n, l->paid_out.n - l->balance.n);
    same(c, "a plan", v.plan_count > 0, !date_is_none(l->next_due));
    if (v.plan_count == 0)
        return;
    same(c, "the plan agrees", v.plan_agrees, true);
    same(c, "first payment", v.plan[0].payment.n, fen_in(t, "next_payment"));
    same(c, "first principal", v.plan[0].principal.n, fen_in(t, "next_principal"));
    same(c, "first interest", v.plan[0].interest.n, fen_in(t, "next_interest"));
    same(c, "first due", v.plan[0].due.day, l->next_due.day);
    same(c, "last due", v.plan[v.plan_count - 1].due.day, l->last_due.day);
    same(c, "last period", v.plan[v.plan_count - 1].period, l->months);
    for (size_t i = 0; i < v.plan_count; i++) {
        left -= v.plan[i].principal.n;
        same(c, "left", v.plan[i].left.n, left);
    }
    same(c, "left at the end", left, 0);
}

static void compare_loan_history(struct compared *c, const struct loan *l)
{
    int64_t before = 0, balance = l->balance.n;
    bool more = true;

    while (more) {
        struct loan_entry *list;
        size_t count;

        ok(c->f, ledger_loan_entries(c->f->db, c->arena, c->account.account, l->loan, before, 7,
                                     &list, &count, &more, &c->f->err));
        for (size_t i = 0; i < count; i++) {
            same(c, "loan entry's balance", list[i].balance.n, balance);
            balance += list[i].kind == LOAN_PAID_OUT ? -list[i].principal.n : list[i].principal.n;
            before = list[i].seq;
        }
    }
    same(c, "first loan entry", before, 1);
    same(c, "before the loan", balance, 0);
}

static void compare_loan(struct compared *c)
{
    const json_t *t = json_object_get(c->truth, "loan");
    struct loan *l;
    size_t count;

    ok(c->f, ledger_loans(c->f->db, c->arena, c->account.account, &l, &count, &c->f->err));
    same(c, "loans", (int64_t)count, json_is_null(t) ? 0 : 1);
    if (count == 0)
        return;
    assert_true(text_equal(l->loan, text_of(json_string_value(json_object_get(t, "account")))));
    same(c, "loan balance", l->balance.n, fen_in(t, "balance"));
    same(c, "loan rate", l->rate, count_in(t, "rate_millionths"));
    same(c, "periods paid", l->periods_paid, count_in(t, "periods_paid"));
    same(c, "next due", l->next_due.day, date_in(t, "next_due").day);
    same(c, "next payment", l->next_payment.n, fen_in(t, "next_payment"));
    same(c, "next principal", l->next_principal.n, fen_in(t, "next_principal"));
    same(c, "next interest", l->next_interest.n, fen_in(t, "next_interest"));
    same(c, "overdue periods", l->overdue_periods, count_in(t, "overdue_periods"));
    same(c, "overdue principal", l->overdue_principal.n, fen_in(t, "overdue_principal"));
    same(c, "overdue interest", l->overdue_interest.n, fen_in(t, "overdue_interest"));
    assert_true(l->last_due.day > l->paid_out_on.day);
    assert_true(date_is_none(l->next_due) || l->next_due.day <= l->last_due.day);
    compare_plan(c, t, l);
    compare_loan_history(c, l);
}

static void compare_withdrawals(struct compared *c)
{
    static const char *const states[] = {"received", "approved", "paid", "refused", "withdrawn"};
    const json_t *t = json_object_get(c->truth, "applications");
    struct withdrawals w;
    int in[5] = {0};

    ok(c->f, ledger_withdrawals(c->f->db, c->arena, c->policy, c->account.account, &w, &c->f->err));
    same(c, "applications", (int64_t)w.count, count_in(t, "total"));
    same(c, "more applications", w.more, false);
    for (size_t i = 0; i < w.count; i++) {
        const struct withdrawal *one = &w.list[i];

        in[one->application.state - 1]++;
        same(c, "paid by a flow", one->flow.at != NULL, one->application.state == 3);
        same(c, "has steps", one->step_count > 0, true);
        same(c, "first step", one->steps[0].kind, 1);
        for (size_t k = 1; k < one->step_count; k++)
            assert_true(one->steps[k].day.day >= one->steps[k - 1].day.day);
        assert_true(i == 0 ||
                    w.list[i - 1].application.applied.day >= one->application.applied.day);
    }
    for (int i = 0; i < 5; i++)
        same(c, states[i], in[i], count_in(t, states[i]));
}

static void compare_applications(struct compared *c)
{
    const json_t *t = json_object_get(c->truth, "applications");
    struct application *list;
    size_t count;
    int received = 0;

    ok(c->f, ledger_open_applications(c->f->db, c->arena, c->policy, c->account.account, &list,
                                      &count, &c->f->err));
    same(c, "open applications", (int64_t)count, count_in(t, "received") + count_in(t, "approved"));
    for (size_t i = 0; i < count; i++) {
        received += list[i].state == 1;
        assert_true(date_is_none(list[i].decide_by) ||
                    list[i].decide_by.day >= list[i].applied.day + 3);
    }
    same(c, "applications received", received, count_in(t, "received"));
}

/* Page after page, the balances follow each other down to nothing. */
static void compare_entries(struct compared *c)
{
    struct entry_filter filter = {.limit = LEDGER_ENTRIES_MAX};
    int64_t balance = c->account.running.balance.n, seq = c->account.running.head_seq;
    bool more = true;

    while (more) {
        struct entry *list;
        size_t count;

        ok(c->f, ledger_entries(c->f->db, c->arena, c->account.account, &filter, &list, &count,
                                &more, &c->f->err));
        for (size_t i = 0; i < count; i++) {
            same(c, "entry's number", list[i].seq, seq--);
            same(c, "entry's balance", list[i].balance.n, balance);
            balance -= list[i].amount.n;
        }
        if (count > 0)
            filter.before_seq = list[count - 1].seq;
    }
    same(c, "first entry", seq, 0);
    same(c, "sum of the entries", balance, 0);
}

static void compare_curve(struct compared *c)
{
    struct curve_point *points;
    size_t count;

    ok(c->f,
       ledger_curve(c->f->db, c->arena, &c->account, 36, c->today, &points, &count, &c->f->err));
    assert_true(count >= 1 && count <= 36);
    same(c, "end of the curve", points[count - 1].balance.n, c->account.running.balance.n);
    same(c, "last day of the curve", points[count - 1].day.day, c->today.day);
}

static void compare(struct compared *c)
{
    struct holder holder;

    c->number = json_string_value(json_object_get(c->truth, "account"));
    ok(c->f, ledger_account(c->f->db, c->arena, text_of(c->number), &c->account, &c->f->err));
    ok(c->f, ledger_holder(c->f->db, c->arena, text_of(c->number), &holder, &c->f->err));
    assert_true(text_equal(holder.person, c->account.person));
    assert_true(
        text_equal(holder.name, text_of(json_string_value(json_object_get(c->truth, "name")))));
    compare_figures(c);
    compare_settlements(c);
    compare_months(c);
    compare_window(c);
    compare_loan(c);
    compare_applications(c);
    compare_withdrawals(c);
    compare_entries(c);
    compare_curve(c);
}

static void compare_city(struct fixture *f, uint64_t seed, civil_date until)
{
    static char line[LINE_ROOM];
    struct compared c = {.f = f, .today = until, .arena = arena_new(ARENA_BYTES)};
    struct taken_city city;
    int accounts = 0;
    FILE *truth;

    city_take(&city, f, PEOPLE, seed, until);
    ok(f, policy_load("policy/kunming.yaml", &c.policy, &f->err));
    truth = fopen(city.truth, "re");
    assert_non_null(truth);
    ok(f, db_begin(f->db, STORE_READ, &f->err));
    while (fgets(line, sizeof line, truth)) {
        json_t *said = json_loads(line, 0, NULL);

        assert_non_null(said);
        c.truth = said;
        compare(&c);
        json_decref(said);
        arena_reset(c.arena);
        accounts++;
    }
    db_rollback(f->db);
    assert_true(accounts >= PEOPLE);
    fclose(truth);
    policy_free(c.policy);
    arena_free(c.arena);
}

/* Days chosen for what lies around them: the due day and the day after, New Year, the settlement
 * and the day after, a leap day, both sides of the day from which one rate holds. */
#define CITY(name, seed, year, month, day)                     \
    static void name(void **state)                             \
    {                                                          \
        compare_city(*state, seed, date_of(year, month, day)); \
    }
CITY(test_today, 1, 2026, 11, 23)
CITY(test_due_day, 2, 2026, 11, 20)
CITY(test_after_due_day, 3, 2026, 11, 21)
CITY(test_new_year, 4, 2026, 1, 1)
CITY(test_settlement_day, 5, 2026, 6, 30)
CITY(test_after_settlement, 6, 2025, 7, 1)
CITY(test_leap_day, 7, 2024, 2, 29)
CITY(test_two_rates, 8, 2016, 2, 20)
CITY(test_one_rate, 9, 2016, 2, 21)
CITY(test_rate_in_year, 10, 2016, 5, 31)
CITY(test_many_rates, 11, 2015, 12, 15)
CITY(test_early, 12, 2012, 6, 29)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_today),          cmocka_unit_test(test_due_day),
        cmocka_unit_test(test_after_due_day),  cmocka_unit_test(test_new_year),
        cmocka_unit_test(test_settlement_day), cmocka_unit_test(test_after_settlement),
        cmocka_unit_test(test_leap_day),       cmocka_unit_test(test_two_rates),
        cmocka_unit_test(test_one_rate),       cmocka_unit_test(test_rate_in_year),
        cmocka_unit_test(test_many_rates),     cmocka_unit_test(test_early),
    };

    return run_on_both("ledger against its city", tests, sizeof tests / sizeof *tests);
}
