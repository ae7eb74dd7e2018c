/* anju verify finds what was altered behind the program's back, and where: one field at a time, in a
 * city that is otherwise right. */
#include "behind.h"
#include "taken_city.h"

#include <stdio.h>
#include <string.h>

enum { PEOPLE = 40 };

/* A contribution in the middle of the chain of the first demo depositor. */
static struct row middle_entry(void)
{
    struct row r = {.side = "ledger", .table = "entry"};

    strcpy(r.key, "account = '0871000000011' AND seq = 17");
    strcpy(r.name, "ledger.entry 0871000000011 17:");
    return r;
}

static void begin(struct fixture *f)
{
    struct taken_city city;

    city_take(&city, f, PEOPLE, 1, date_of(2026, 11, 23));
    open_guards(f);
}

static void test_clean(void **state)
{
    struct taken_city city;

    city_take(&city, *state, PEOPLE, 1, date_of(2026, 11, 23));
    clean(*state);
    assert_true(found.report.accounts >= PEOPLE);
    assert_true(found.report.entries > PEOPLE);
    assert_true(found.report.loans > 0);
    assert_true(found.report.loan_entries > found.report.loans);
}

static void test_every_column_of_an_entry(void **state)
{
    static const char *const sets[] = {
        "booked = booked + 1",
        "value_day = value_day - 1",
        "kind = 2",
        "for_month = for_month + 1",
        "for_month = NULL",
        "unit = '1'",
        "unit = NULL",
        "base = base + 1",
        "base = NULL",
        "unit_ratio = unit_ratio + 1",
        "unit_ratio = NULL",
        "own_ratio = own_ratio - 1",
        "own_ratio = NULL",
        "unit_amount = unit_amount + 1",
        "own_amount = own_amount - 100",
        "amount = amount + 1",
        "amount_year = amount_year + 1",
        "amount_carried = amount_carried + 1",
        "interest = 1",
        "balance = balance - 1",
        "reason = 7",
        "flow = '1'",
        "reversing = 1",
        "reverses = 3",
        "batch = 2",
        "amount = amount + 1, amount_year = amount_year + 1, balance = balance + 1",
        "unit_amount = unit_amount + 1, own_amount = own_amount - 1",
    };
    static const char *const blobs[2] = {"hash = x'00'", "hash = '\\x00'"};
    struct fixture *f = *state;
    struct row r = middle_entry();

    begin(f);
    each_is_found(f, &r, sets, COUNT(sets));
    each_is_found(f, &r, on_sqlite(f) ? &blobs[0] : &blobs[1], 1);
}

/* The key itself, a deleted entry, the tail cut off, two entries that changed places. */
static void test_missing_entries(void **state)
{
    struct fixture *f = *state;
    struct row r = middle_entry();
    struct row last = {
        .side = "ledger",
        .table = "entry",
        .key = "account = '0871000000011' AND seq = "
               "(SELECT MAX(m.seq) FROM ledger.entry m WHERE m.account = '0871000000011')"};

    begin(f);
    keep_row(f, &r);
    change(f, &r, "seq = 99999");
    verify(f);
    says("ledger.entry 0871000000011 18: seq is 18 and should be 17");
    says("ledger.entry 0871000000011 99999:");
    put_back(f, &r, "account = '0871000000011' AND seq = 99999");
    change(f, &r, "account = '0871000000010'");
    verify(f);
    says("ledger.entry 0871000000010: there is no such account");
    put_back(f, &r, "account = '0871000000010'");
    drop(f, &r);
    verify(f);
    says("ledger.entry 0871000000011 18: seq is 18 and should be 17");
    says("ledger.csv");
    put_back(f, &r, r.key);
    keep_row(f, &last);
    drop(f, &last);
    verify(f);
    says("ledger.account 0871000000011: head_seq");
    says("ledger.account 0871000000011: head_hash");
    put_back(f, &r, "account = 'none'");
    clean(f);
}

static void test_accounts(void **state)
{
    static const char *const sets[] = {
        "balance = balance + 1",
        "carried = carried + 1, this_year = this_year - 1",
        "this_year = this_year + 1",
        "settled = settled - 1",
        "product = product + 1",
        "product_year = product_year - 1",
        "product_day = product_day + 1",
        "head_seq = head_seq - 1",
        "batch = 2",
        "person = 'P0'",
        "state = 5",
    };
    static const char *const blobs[2] = {"head_hash = x'00'", "head_hash = '\\x00'"};
    struct fixture *f = *state;
    struct row r = {.side = "ledger",
                    .table = "account",
                    .key = "account = '0871000000011'",
                    .name = " 0871000000011:"};
    struct row holder = {.side = "ledger", .table = "holder", .key = "account = '0871000000011'"};

    begin(f);
    each_is_found(f, &r, sets, COUNT(sets));
    each_is_found(f, &r, on_sqlite(f) ? &blobs[0] : &blobs[1], 1);
    keep_row(f, &holder);
    drop(f, &holder);
    verify(f);
    says("ledger.account 0871000000011: has no holder");
    put_back(f, &holder, holder.key);
    keep_row(f, &r);
    drop(f, &r);
    verify(f);
    says("there is no such account");
    says("accounts.csv");
    put_back(f, &r, r.key);
    clean(f);
}

static void test_loans(void **state)
{
    static const char *const entry_sets[] = {
        "happened = happened - 1",
        "booked = booked + 1",
        "kind = 3",
        "period = period + 1",
        "period = NULL",
        "amount = amount + 1",
        "principal = principal + 1",
        "interest = interest - 1",
        "penalty = 1",
        "balance = balance + 1",
        "flow = '1'",
        "reversing = 1",
        "reverses = 1",
        "batch = 2",
    };
    static const char *const loan_sets[] = {
        "paid_out = paid_out + 1", "balance = balance - 1",
        "principal_repaid = 0",    "interest_repaid = interest_repaid + 1",
        "head_seq = head_seq + 1", "batch = 7",
    };
    struct fixture *f = *state;
    struct row entry = {.side = "ledger",
                        .table = "loan_entry",
                        .key = "loan = 'DK0871000000011' AND seq = 5",
                        .name = "ledger.loan_entry 0871000000011 DK0871000000011 5:"};
    struct row loan = {.side = "ledger",
                       .table = "loan",
                       .key = "loan = 'DK0871000000011'",
                       .name = "ledger.loan 0871000000011 DK0871000000011:"};

    begin(f);
    each_is_found(f, &entry, entry_sets, COUNT(entry_sets));
    each_is_found(f, &loan, loan_sets, COUNT(loan_sets));
    keep_row(f, &entry);
    drop(f, &entry);
    verify(f);
    says("DK0871000000011 6: seq is 6 and should be 5");
    put_back(f, &entry, entry.key);
    keep_row(f, &loan);
    drop(f, &loan);
    verify(f);
    says("there is no such loan");
    put_back(f, &loan, loan.key);
    clean(f);
}

static void test_batches(void **state)
{
    static const char *const sets[] = {"records = records + 1", "total = total - 1"};
    struct fixture *f = *state;
    struct row ledger = {.side = "ledger",
                         .table = "batch_file",
                         .key = "file = 'ledger.csv'",
                         .name = "ledger.batch_file ledger.csv 1:"};
    struct row accounts = {.side = "ledger",
                           .table = "batch_file",
                           .key = "file = 'accounts.csv'",
                           .name = "ledger.batch_file accounts.csv 1:"};

    begin(f);
    each_is_found(f, &ledger, sets, COUNT(sets));
    each_is_found(f, &accounts, sets, COUNT(sets));
}

/* Rules between tables: what changes a row's key is found too, so the whole table is put back. */
static const struct behind {
    const char *table, *key, *name, *sets[10];
} behinds[] = {
    {"batch",
     "batch = 1",
     "ledger.batch ",
     {"whole = 0", "manifest_sha256 = CAST('x' AS BYTEA)", "batch = 2"}},
    {"batch_file",
     "file = 'units.csv'",
     "ledger.batch_file units.csv",
     {"batch = 2", "sha256 = CAST('x' AS BYTEA)"}},
    {"account",
     "account = (SELECT MIN(m.account) FROM ledger.account m WHERE m.state = 1)",
     "ledger.account ",
     {"unit = 'none'", "closed = opened", "merged_into = account", "frozen = balance + 1",
      "frozen = -1", "state = 3"}},
    {"account",
     "account = (SELECT MIN(m.account) FROM ledger.account m WHERE m.state = 3)",
     "ledger.account ",
     {"merged_into = 'none'", "merged_into = NULL", "closed = NULL", "closed = opened - 1"}},
    {"terms",
     "account = (SELECT MIN(m.account) FROM ledger.terms m)",
     "ledger.terms none",
     {"account = 'none'"}},
    {"application",
     "application = (SELECT MIN(m.application) FROM ledger.application m WHERE m.state = 3)",
     "ledger.application ",
     {"amount = amount + 1", "state = 2", "flow = 'none'", "flow = NULL", "batch = 2",
      "batch = 1000000001", "account = 'none'"}},
    {"application_step",
     "application = (SELECT MIN(m.application) FROM ledger.application m WHERE m.state = 3)"
     " AND step = 2",
     "ledger.application_step",
     {"day = day - 3000", "step = 77"}},
    {"loan_contract",
     "contract = (SELECT MIN(m.contract) FROM ledger.loan m)",
     "ledger.loan",
     {"method = method + 1", "batch = 2", "coborrower = 'none'", "contract = 'none'"}},
    {"loan",
     "loan = 'DK0871000000011'",
     "ledger.loan 0871000000011 DK0871000000011",
     {"contract = 'none'", "paid_out_on = paid_out_on - 1", "method = method + 1", "state = 3",
      "settled = 1"}},
};

static void test_other_tables(void **state)
{
    struct fixture *f = *state;

    begin(f);
    for (size_t i = 0; i < COUNT(behinds); i++) {
        const struct behind *b = &behinds[i];
        struct row whole = {.side = "ledger", .table = b->table, .key = "1 = 1"};
        struct row row = {.side = "ledger", .table = b->table};

        snprintf(row.key, sizeof row.key, "%s", b->key);
        keep_row(f, &whole);
        for (size_t k = 0; k < COUNT(b->sets) && b->sets[k]; k++) {
            change(f, &row, b->sets[k]);
            verify(f);
            if (!strstr(found.text, b->name))
                fail_msg("%s: \"%s\": \"%s\" is not in:\n%s", b->table, b->sets[k], b->name,
                         found.text);
            put_back(f, &whole, whole.key);
        }
    }
    clean(f);
}

/* The count goes on when faults are too many to name. */
static void test_many(void **state)
{
    struct fixture *f = *state;

    begin(f);
    raw_sql(f, "ledger", "UPDATE ledger.entry SET interest = interest + 1;");
    verify(f);
    assert_true(found.report.faults >= found.report.entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),           cmocka_unit_test(test_every_column_of_an_entry),
        cmocka_unit_test(test_missing_entries), cmocka_unit_test(test_accounts),
        cmocka_unit_test(test_loans),           cmocka_unit_test(test_batches),
        cmocka_unit_test(test_other_tables),    cmocka_unit_test(test_many),
    };

    return run_on_both("verify", tests, sizeof tests / sizeof *tests);
}
