/* What is no mistake of the set: the database refuses a row, the ledger is locked. */
#include "set.h"

#include <stdio.h>

/* A row that the database does not take, far behind the first. */
static void break_table(struct fixture *f, const char *table, const char *when)
{
    char sql[320];

    if (on_sqlite(f))
        snprintf(sql, sizeof sql,
                 "CREATE TRIGGER ledger.broken BEFORE INSERT ON %s WHEN NEW.%s BEGIN "
                 "SELECT RAISE(ABORT, 'broken'); END",
                 table, when);
    else
        snprintf(sql, sizeof sql, "ALTER TABLE ledger.%s ADD CONSTRAINT broken CHECK (NOT %s)",
                 table, when);
    raw_sql(f, "ledger", sql);
}

static void mend_table(struct fixture *f, const char *table)
{
    char sql[160];

    if (on_sqlite(f))
        snprintf(sql, sizeof sql, "DROP TRIGGER ledger.broken");
    else
        snprintf(sql, sizeof sql, "ALTER TABLE ledger.%s DROP CONSTRAINT broken", table);
    raw_sql(f, "ledger", sql);
}

/* Whatever the table, the failure comes out as the database's, and nothing stays. */
static void row_refused(void **state)
{
    static const struct {
        const char *table, *when;
    } cases[] = {
        {"unit", "unit = 'U002'"},        {"entry", "seq = 10"},
        {"account", "state = 3"},         {"holder", "id_type = 4"},
        {"application_step", "step = 4"}, {"loan_entry", "seq = 5"},
        {"loan_rate", "rate = 31000"},
    };
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        break_table(f, cases[i].table, cases[i].when);
        assert_int_equal(set_import(&s, f, true), RESULT_STORE);
        assert_true(f->err.sentence[0] != '\0');
        assert_int_equal(s.said_count, 0);
        assert_int_equal(number_of(f, "SELECT COUNT(*) FROM ledger.entry"), 0);
        assert_int_equal(number_of(f, "SELECT COUNT(*) FROM ledger.unit"), 0);
        mend_table(f, cases[i].table);
    }
    set_taken(&s, f);
    set_free(&s);
}

static void row_refused_in_increment(void **state)
{
    struct fixture *f = *state;
    struct set s, n;

    set_make(&s);
    set_taken(&s, f);
    set_make_next(&n);
    break_table(f, "application_step", "day > 19950");
    assert_int_equal(set_import(&n, f, true), RESULT_STORE);
    assert_int_equal(number_of(f, "SELECT COUNT(*) FROM ledger.entry"), 16);
    assert_int_equal(number_of(f, "SELECT COUNT(*) FROM ledger.application_step"), 5);
    mend_table(f, "application_step");
    set_taken(&n, f);
    set_free(&n);
    set_free(&s);
}

static void locked(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    ok(f, db_begin(f->other, STORE_WRITE_LEDGER, &f->err));
    assert_int_equal(set_import(&s, f, true), RESULT_BUSY);
    db_rollback(f->other);
    /* The desk's lock is another one. */
    ok(f, db_begin(f->other, STORE_WRITE_DESK, &f->err));
    set_taken(&s, f);
    db_rollback(f->other);
    set_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_refused),
        cmocka_unit_test(row_refused_in_increment),
        cmocka_unit_test(locked),
    };

    return run_on_both("import fails", tests, sizeof tests / sizeof tests[0]);
}
