/* anju-audit against cities of many seeds, and whatever is altered in them: the field is found and
 * named with its row, what is stored and what follows from the entries. */
#include "audited.h"
#include "behind.h"
#include "taken_city.h"

#include <stdio.h>
#include <string.h>

enum { PEOPLE = 40 };

static json_t *named(json_t *document, const char *table, const char *field)
{
    json_t *d;
    size_t i;

    json_array_foreach(json_object_get(document, "differences"), i, d)
    {
        if (strcmp(json_string_value(json_object_get(d, "table")), table) == 0 &&
            strcmp(json_string_value(json_object_get(d, "field")), field) == 0)
            return d;
    }
    return NULL;
}

/* A change of one column and the field that is named for it: the column itself, or the hash that
 * holds it. */
struct change_of {
    const char *set, *field;
};

static void each_is_named(struct fixture *f, const struct row *r, const char *table,
                          const char *account, const struct change_of *list, size_t count)
{
    keep_row(f, r);
    for (size_t i = 0; i < count; i++) {
        json_t *document, *d;

        change(f, r, list[i].set);
        document = audit_of(f);
        d = named(document, table, list[i].field);
        if (!d)
            fail_msg("%s: \"%s\": %s is not named in %s", table, list[i].set, list[i].field,
                     json_dumps(json_object_get(document, "differences"), JSON_COMPACT));
        if (account[0])
            assert_string_equal(json_string_value(json_object_get(d, "key")), account);
        assert_string_not_equal(json_string_value(json_object_get(d, "stored")),
                                json_string_value(json_object_get(d, "derived")));
        json_decref(document);
        put_back(f, r, r->key);
    }
    audited(f);
}

static void begin(struct fixture *f)
{
    struct taken_city city;

    city_take(&city, f, PEOPLE, 1, date_of(2026, 11, 23));
    open_guards(f);
    audited(f);
}

static void change_entries(struct fixture *f)
{
    static const struct change_of all[] = {
        {"booked = booked + 1", "hash"},
        {"booked = booked - 400", "booked"},
        {"value_day = value_day - 1", "hash"},
        {"value_day = value_day + 1", "value_day"},
        {"kind = 2", "hash"},
        {"for_month = for_month + 1", "hash"},
        {"unit = '1'", "hash"},
        {"base = base + 1", "hash"},
        {"unit_ratio = unit_ratio + 1", "hash"},
        {"own_ratio = NULL", "hash"},
        {"unit_amount = unit_amount + 1", "unit_amount"},
        {"own_amount = own_amount - 100", "unit_amount"},
        {"unit_amount = unit_amount + 1, own_amount = own_amount - 1", "hash"},
        {"amount = amount + 1", "amount"},
        {"amount_year = amount_year + 1", "amount"},
        {"amount_carried = amount_carried + 1", "amount"},
        {"interest = 1", "hash"},
        {"balance = balance - 1", "balance"},
        {"reason = 7", "hash"},
        {"flow = '1'", "hash"},
        {"reversing = 1", "reversing"},
        {"reverses = 3", "reversing"},
        {"batch = 2", "batch"},
    };
    struct row middle = {
        .side = "ledger", .table = "entry", .key = "account = '0871000000011' AND seq = 17"};

    each_is_named(f, &middle, "ledger.entry", "0871000000011", all, COUNT(all));
}

/* A chain that somebody wrote anew from a false settlement on would be sound: the interest itself is
 * derived. */
static void change_settlements(struct fixture *f)
{
    static const struct change_of all[] = {
        {"interest = interest + 1", "interest"},
        {"interest = interest + 1, amount = amount + 1, amount_carried = amount_carried + 1, "
         "balance = balance + 1",
         "interest"},
        {"amount_year = amount_year + 1, amount_carried = amount_carried - 1", "amount_year"},
    };
    struct row settlement = {.side = "ledger",
                             .table = "entry",
                             .key = "account = '0871000000011' AND seq = (SELECT MIN(m.seq) FROM "
                                    "ledger.entry m WHERE m.account = '0871000000011' AND "
                                    "m.kind = 9)"};

    each_is_named(f, &settlement, "ledger.entry", "0871000000011", all, COUNT(all));
}

static void change_accounts(struct fixture *f)
{
    static const struct change_of all[] = {
        {"balance = balance + 1", "balance"},
        {"carried = carried + 1, this_year = this_year - 1", "carried"},
        {"this_year = this_year + 1", "this_year"},
        {"settled = settled - 1", "settled"},
        {"product = product + 1", "product"},
        {"product_year = product_year - 1", "product_year"},
        {"product_day = product_day + 1", "product_day"},
        {"head_seq = head_seq - 1", "head_seq"},
        {"frozen = balance + 1", "frozen"},
        {"state = 5", "state"},
        {"closed = 20000", "closed"},
        {"batch = 2", "batch"},
    };
    static const struct change_of people[] = {{"person = 'P0'", "person"}};
    struct row r = {.side = "ledger", .table = "account", .key = "account = '0871000000011'"};
    struct change_of head = {on_sqlite(f) ? "head_hash = x'00'" : "head_hash = '\\x00'",
                             "head_hash"};

    each_is_named(f, &r, "ledger.account", "0871000000011", all, COUNT(all));
    each_is_named(f, &r, "ledger.account", "0871000000011", &head, 1);
    each_is_named(f, &r, "ledger.holder", "0871000000011", people, COUNT(people));
}

static void change_loans(struct fixture *f)
{
    static const struct change_of entries[] = {
        {"happened = happened - 1", "hash"},
        {"kind = 4", "kind"},
        {"period = NULL", "hash"},
        {"amount = amount + 1", "amount"},
        {"principal = principal + 1", "principal"},
        {"interest = interest - 1", "interest"},
        {"penalty = 1", "penalty"},
        {"balance = balance + 1", "balance"},
        {"flow = '1'", "hash"},
        {"batch = 2", "batch"},
    };
    static const struct change_of loans[] = {
        {"paid_out = paid_out + 1", "paid_out"},
        {"balance = balance - 1", "balance"},
        {"rate = rate + 100", "rate"},
        {"periods_paid = periods_paid - 1", "periods_paid"},
        {"next_due = next_due + 1", "next_due"},
        {"next_payment = next_payment + 1", "next_payment"},
        {"next_principal = next_principal + 1", "next_principal"},
        {"next_interest = next_interest + 1", "next_interest"},
        {"overdue_principal = 1", "overdue_principal"},
        {"overdue_interest = 1", "overdue_interest"},
        {"overdue_periods = 1", "overdue_periods"},
        {"principal_repaid = 0", "principal_repaid"},
        {"interest_repaid = interest_repaid + 1", "interest_repaid"},
        {"settled = 20000", "settled"},
        {"head_seq = head_seq + 1", "head_seq"},
        {"batch = 7", "batch"},
    };
    static const struct change_of rates[] = {{"payment = payment + 1", "payment"}};
    struct row entry = {
        .side = "ledger", .table = "loan_entry", .key = "loan = 'DK0871000000011' AND seq = 5"};
    struct row loan = {.side = "ledger", .table = "loan", .key = "loan = 'DK0871000000011'"};
    struct row rate = {.side = "ledger",
                       .table = "loan_rate",
                       .key = "loan = 'DK0871000000011' AND since = (SELECT MIN(m.since) FROM "
                              "ledger.loan_rate m WHERE m.loan = 'DK0871000000011')"};

    each_is_named(f, &entry, "ledger.loan_entry", "0871000000011", entries, COUNT(entries));
    each_is_named(f, &loan, "ledger.loan", "0871000000011", loans, COUNT(loans));
    each_is_named(f, &rate, "ledger.loan_rate", "0871000000011", rates, COUNT(rates));
}

/* Rows that are gone, and totals that were changed. */
static void change_rows_and_totals(struct fixture *f)
{
    static const struct change_of records[] = {{"records = records + 1", "records"},
                                               {"total = total - 1", "total"}};
    struct row middle = {
        .side = "ledger", .table = "entry", .key = "account = '0871000000011' AND seq = 17"};
    struct row account = {.side = "ledger", .table = "account", .key = "account = '0871000000011'"};
    struct row file = {.side = "ledger", .table = "batch_file", .key = "file = 'ledger.csv'"};
    json_t *document;

    each_is_named(f, &file, "ledger.batch_file", "", records, COUNT(records));
    keep_row(f, &middle);
    drop(f, &middle);
    document = audit_of(f);
    assert_non_null(named(document, "ledger.entry", "seq"));
    assert_non_null(named(document, "ledger.batch_file", "records"));
    json_decref(document);
    put_back(f, &middle, middle.key);
    keep_row(f, &account);
    drop(f, &account);
    document = audit_of(f);
    assert_non_null(named(document, "ledger.entry", "account"));
    assert_non_null(named(document, "ledger.holder", "account"));
    json_decref(document);
    put_back(f, &account, account.key);
    audited(f);
}

/* One city for all of it: what is changed is put back, and is right again then. */
static void test_changes(void **state)
{
    struct fixture *f = *state;

    begin(f);
    change_entries(f);
    change_settlements(f);
    change_accounts(f);
    change_loans(f);
    change_rows_and_totals(f);
}

static void seed_of(void **state, uint64_t seed)
{
    struct fixture *f = *state;
    struct taken_city city;
    json_t *document;

    city_take(&city, f, PEOPLE, seed, date_of(2012 + (int)seed * 3, 1 + (int)seed * 2, 28));
    audited(f);
    document = audit_of(f);
    assert_true(json_integer_value(json_object_get(document, "settlements")) > PEOPLE);
    assert_true(json_integer_value(json_object_get(document, "loans")) > 0);
    json_decref(document);
}

static void test_seed_1(void **state)
{
    seed_of(state, 1);
}
static void test_seed_2(void **state)
{
    seed_of(state, 2);
}
static void test_seed_3(void **state)
{
    seed_of(state, 3);
}
static void test_seed_4(void **state)
{
    seed_of(state, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seed_1),  cmocka_unit_test(test_seed_2),
        cmocka_unit_test(test_seed_3),  cmocka_unit_test(test_seed_4),
        cmocka_unit_test(test_changes),
    };

    return run_on_both("audit", tests, sizeof tests / sizeof *tests);
}
