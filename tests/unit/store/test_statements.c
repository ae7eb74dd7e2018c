/* Statements and transactions: the same on both engines. */
#include "fixture.h"

#include <stdio.h>

static enum result put_unit(struct db *db, struct text unit, struct text name, struct text code,
                            civil_date opened, struct text office, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_unit_put);

    stmt_text(q, 1, unit);
    stmt_text(q, 2, name);
    stmt_text(q, 3, code);
    stmt_date(q, 4, opened);
    stmt_text(q, 5, office);
    return stmt_run(q, NULL, err);
}

static void put_plain(struct fixture *f, struct text unit)
{
    ok(f, put_unit(f->db, unit, unit, TEXT("c"), date_of(2016, 2, 29), TEXT(""), &f->err));
}

static void text_is(struct text got, struct text want)
{
    assert_int_equal(got.len, want.len);
    assert_memory_equal(got.at, want.at, want.len);
}

static void second_parameter_first(void **state)
{
    struct fixture *f = *state;
    struct stmt *q;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, put_unit(f->db, TEXT("U1"), TEXT("name"), TEXT("code"), date_of(2020, 1, 1), TEXT(""),
                   &f->err));
    q = db_query(f->db, QUERY_unit_backwards);
    stmt_text(q, 1, TEXT("code"));
    stmt_text(q, 2, TEXT("name"));
    assert_int_equal(stmt_step(q), STMT_ROW);
    text_is(column_text(q, 0), TEXT("U1"));
    assert_int_equal(stmt_step(q), STMT_DONE);
    ok(f, db_commit(f->db, &f->err));
}

static void texts_come_back(void **state)
{
    static const struct text names[] = {
        {"", 0},
        {"\xf0\xa0\x80\x80\xf0\xaa\x9a\xa5", 8}, /* U+20000 U+2A6A5 */
        {"O'Neill; -- \"x\" \\ $1 %s", 23},
        {"安居", 6},
    };
    struct fixture *f = *state;
    struct stmt *q;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char unit[2] = {(char)('A' + i), '\0'};

        ok(f, put_unit(f->db, text_of(unit), names[i], TEXT("c"), date_of(1999, 12, 31), names[i],
                       &f->err));
        q = db_query(f->db, QUERY_unit_read);
        stmt_text(q, 1, text_of(unit));
        assert_int_equal(stmt_step(q), STMT_ROW);
        text_is(column_text(q, 0), names[i]);
        assert_false(column_is_null(q, 0));
        assert_int_equal(column_date(q, 2).day, date_of(1999, 12, 31).day);
        assert_true(column_is_null(q, 3));
        assert_true(date_is_none(column_date(q, 3)));
        assert_int_equal(column_int(q, 3), 0);
        assert_int_equal(column_text(q, 3).len, 0);
        text_is(column_text(q, 4), names[i]);
        stmt_end(q);
    }
    db_rollback(f->db);
}

static void numbers_and_bytes_come_back(void **state)
{
    static const int64_t numbers[] = {0,         -1,        INT16_MAX, INT32_MIN,
                                      INT64_MAX, INT64_MIN, 1000000,   -10000};
    static const uint8_t bytes[] = {0, 1, 0, 0xff, 0, '\'', '\\', 0};
    struct fixture *f = *state;
    struct stmt *q;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        size_t size = i == 0 ? 0 : sizeof bytes;

        q = db_query(f->db, QUERY_batch_file_put);
        stmt_int(q, 1, (int64_t)i);
        stmt_text(q, 2, TEXT("f"));
        stmt_int(q, 3, numbers[i]);
        stmt_fen(q, 4, fen_of(numbers[i]));
        stmt_bytes(q, 5, i == 0 ? NULL : bytes, size);
        ok(f, stmt_run(q, NULL, &f->err));
        q = db_query(f->db, QUERY_batch_file_read);
        stmt_int(q, 1, (int64_t)i);
        stmt_text(q, 2, TEXT("f"));
        assert_int_equal(stmt_step(q), STMT_ROW);
        assert_true(column_int(q, 0) == numbers[i]);
        assert_true(column_fen(q, 1).n == numbers[i]);
        assert_false(column_is_null(q, 2));
        text_is(column_bytes(q, 2), (struct text){(const char *)bytes, size});
        assert_int_equal(stmt_step(q), STMT_DONE);
    }
    ok(f, db_commit(f->db, &f->err));
}

/* Sums are the same number on both, though PostgreSQL gives another type. */
static void sums_are_integers(void **state)
{
    static const int64_t totals[] = {0,
                                     7,
                                     9999,
                                     10000,
                                     10001,
                                     1000000000,
                                     123450000678,
                                     -98765432100000,
                                     -1,
                                     99990000,
                                     4000000000000000000};
    struct fixture *f = *state;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        struct stmt *q = db_query(f->db, QUERY_batch_file_put);

        stmt_int(q, 1, (int64_t)i);
        stmt_text(q, 2, TEXT("a"));
        stmt_int(q, 3, 1);
        stmt_int(q, 4, totals[i]);
        stmt_bytes(q, 5, "x", 1);
        ok(f, stmt_run(q, NULL, &f->err));
        q = db_query(f->db, QUERY_batch_file_sum);
        stmt_int(q, 1, (int64_t)i);
        assert_int_equal(stmt_step(q), STMT_ROW);
        assert_true(column_int(q, 0) == totals[i]);
        assert_int_equal(column_int(q, 1), 1);
        assert_int_equal(column_int(q, 2), totals[i] > 0);
        stmt_end(q);
    }
    struct stmt *q = db_query(f->db, QUERY_batch_file_sum);
    stmt_int(q, 1, 999);
    assert_int_equal(stmt_step(q), STMT_ROW);
    assert_true(column_is_null(q, 0));
    assert_int_equal(column_int(q, 0), 0);
    db_rollback(f->db);
}

static void rows_changed_are_counted(void **state)
{
    struct fixture *f = *state;
    struct stmt *q;
    int64_t changed = -1;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    put_plain(f, TEXT("U1"));
    put_plain(f, TEXT("U2"));
    put_plain(f, TEXT("U3"));
    q = db_query(f->db, QUERY_units_close);
    stmt_date(q, 1, DATE_NONE);
    stmt_text(q, 2, TEXT("U2"));
    ok(f, stmt_run(q, &changed, &f->err));
    assert_int_equal(changed, 2);
    q = db_query(f->db, QUERY_units_close);
    stmt_date(q, 1, DATE_NONE);
    stmt_text(q, 2, TEXT("U9"));
    ok(f, stmt_run(q, &changed, &f->err));
    assert_int_equal(changed, 0);
    db_rollback(f->db);
}

/* Byte order, whatever the language of the server. */
static void keys_are_in_byte_order(void **state)
{
    static const struct text units[] = {{"B", 1}, {"a", 1}, {"\xc3\xa9", 2}, {"\xe5\xae\x89", 3}};
    struct fixture *f = *state;
    struct stmt *q;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    for (int i = 3; i >= 0; i--)
        put_plain(f, units[i]);
    q = db_query(f->db, QUERY_units_page);
    stmt_text(q, 1, TEXT(""));
    stmt_int(q, 2, 100);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(stmt_step(q), STMT_ROW);
        text_is(column_text(q, 0), units[i]);
    }
    assert_int_equal(stmt_step(q), STMT_DONE);
    db_rollback(f->db);
}

static void taken_key_ends_the_transaction(void **state)
{
    struct fixture *f = *state;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    put_plain(f, TEXT("U1"));
    assert_int_equal(put_unit(f->db, TEXT("U1"), TEXT("secret"), TEXT(""), date_of(2020, 1, 1),
                              TEXT(""), &f->err),
                     RESULT_CONFLICT);
    assert_null(strstr(f->err.sentence, "U1"));
    assert_null(strstr(f->err.sentence, "secret"));
    assert_int_equal(db_failure(f->db, NULL), RESULT_CONFLICT);
    /* What follows fails with the first reason, and nothing of it stays. */
    assert_int_equal(
        put_unit(f->db, TEXT("U2"), TEXT(""), TEXT(""), date_of(2020, 1, 1), TEXT(""), &f->err),
        RESULT_CONFLICT);
    assert_int_equal(db_commit(f->db, &f->err), RESULT_CONFLICT);
    ok(f, db_begin(f->db, STORE_READ, &f->err));
    struct stmt *q = db_query(f->db, QUERY_unit_count);
    assert_int_equal(stmt_step(q), STMT_ROW);
    assert_int_equal(column_int(q, 0), 0);
    ok(f, db_commit(f->db, &f->err));
}

static void missing_value_is_a_failure(void **state)
{
    struct fixture *f = *state;
    struct stmt *q;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    q = db_query(f->db, QUERY_unit_put);
    for (int i = 1; i <= 5; i++)
        stmt_null(q, i);
    assert_int_equal(stmt_step(q), STMT_FAILED);
    assert_int_equal(db_failure(f->db, &f->err), RESULT_STORE);
    assert_true(strlen(db_error(f->db)) > 10);
    db_rollback(f->db);
}

/* Each way of using a statement wrongly is our mistake, and is said. */
static void wrong_use_is_internal(void **state)
{
    struct fixture *f = *state;
    struct stmt *q = db_query(f->db, QUERY_unit_count);

    assert_int_equal(stmt_step(q), STMT_FAILED); /* no transaction */
    assert_int_equal(db_failure(f->db, NULL), RESULT_INTERNAL);
    assert_int_equal(db_commit(f->db, NULL), RESULT_INTERNAL);
    ok(f, db_begin(f->db, STORE_READ, &f->err));
    assert_int_equal(db_begin(f->db, STORE_READ, &f->err), RESULT_INTERNAL);
    q = db_query(f->db, QUERY_units_page); /* one parameter of two */
    stmt_int(q, 2, 1);
    assert_int_equal(stmt_step(q), STMT_FAILED);
    assert_int_equal(db_failure(f->db, NULL), RESULT_INTERNAL);
    db_rollback(f->db);
    ok(f, db_begin(f->db, STORE_READ, &f->err));
    q = db_query(f->db, QUERY_unit_read);
    stmt_text(q, 1, TEXT("U1"));
    stmt_int(q, 2, 1); /* there is no $2 */
    assert_int_equal(stmt_step(q), STMT_FAILED);
    assert_int_equal(db_failure(f->db, NULL), RESULT_INTERNAL);
    db_rollback(f->db);
    ok(f, db_begin(f->db, STORE_READ, &f->err)); /* and nothing of it stays */
    q = db_query(f->db, QUERY_unit_read);
    stmt_text(q, 1, TEXT("U1"));
    assert_int_equal(stmt_step(q), STMT_DONE);
    ok(f, db_commit(f->db, &f->err));
}

static enum result write_ledger(struct db *db)
{
    struct stmt *q = db_query(db, QUERY_batch_file_remove);

    stmt_int(q, 1, 1);
    return stmt_run(q, NULL, NULL);
}

static enum result write_desk(struct db *db)
{
    struct stmt *q = db_query(db, QUERY_look_head_put);

    stmt_text(q, 1, TEXT("P"));
    stmt_int(q, 2, 1);
    stmt_bytes(q, 3, "h", 1);
    return stmt_run(q, NULL, NULL);
}

static enum result lock_desk(struct db *db)
{
    struct stmt *q = db_query(db, QUERY_look_head_lock);

    stmt_text(q, 1, TEXT("P"));
    return stmt_step(q) == STMT_FAILED ? db_failure(db, NULL) : RESULT_OK;
}

static void a_transaction_writes_its_side_only(void **state)
{
    static const struct {
        enum store_side side;
        enum result (*write)(struct db *);
        enum result want;
    } cases[] = {
        {STORE_READ, write_ledger, RESULT_INTERNAL},
        {STORE_READ, write_desk, RESULT_INTERNAL},
        {STORE_READ, lock_desk, RESULT_INTERNAL},
        {STORE_WRITE_LEDGER, write_ledger, RESULT_OK},
        {STORE_WRITE_LEDGER, write_desk, RESULT_INTERNAL},
        {STORE_WRITE_LEDGER, lock_desk, RESULT_INTERNAL},
        {STORE_WRITE_DESK, write_ledger, RESULT_INTERNAL},
        {STORE_WRITE_DESK, write_desk, RESULT_OK},
        {STORE_WRITE_DESK, lock_desk, RESULT_OK},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ok(f, db_begin(f->db, cases[i].side, &f->err));
        assert_int_equal(cases[i].write(f->db), cases[i].want);
        assert_int_equal(db_commit(f->db, &f->err), cases[i].want);
    }
}

static void a_second_row_is_a_failure(void **state)
{
    struct fixture *f = *state;
    struct stmt *q;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    put_plain(f, TEXT("U1"));
    q = db_query(f->db, QUERY_unit_any);
    stmt_int(q, 1, 1);
    assert_int_equal(stmt_step(q), STMT_ROW);
    assert_int_equal(stmt_step(q), STMT_DONE);
    put_plain(f, TEXT("U2"));
    q = db_query(f->db, QUERY_unit_any);
    stmt_int(q, 1, 1);
    assert_int_equal(stmt_step(q), STMT_ROW);
    assert_int_equal(stmt_step(q), STMT_FAILED);
    assert_int_equal(db_failure(f->db, &f->err), RESULT_DAMAGED);
    db_rollback(f->db);
}

enum { STREAM_UNITS = 2500 }; /* more than two blocks of a cursor */

/* Two streams and another statement, in turns; one of them given up in the middle. */
static void streams_alternate(void **state)
{
    struct fixture *f = *state;
    struct stmt *a, *b, *count;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    for (int i = 0; i < STREAM_UNITS; i++) {
        char unit[16];

        snprintf(unit, sizeof unit, "U%05d", i);
        put_plain(f, text_of(unit));
    }
    ok(f, db_commit(f->db, &f->err));
    for (int round = 0; round < 2; round++) { /* the second uses the same names again */
        ok(f, db_begin(f->db, STORE_READ, &f->err));
        a = db_query(f->db, QUERY_units_all);
        stmt_text(a, 1, TEXT("U00001"));
        b = db_query(f->db, QUERY_units_all_again);
        for (int i = 0; i < STREAM_UNITS - 1; i++) {
            assert_int_equal(stmt_step(a), STMT_ROW);
            assert_int_equal(column_text(a, 0).len, 6);
            if (i < STREAM_UNITS / 2)
                assert_int_equal(stmt_step(b), STMT_ROW);
            if (i == STREAM_UNITS / 2)
                stmt_end(b);
            if (i % 1000 == 0) {
                count = db_query(f->db, QUERY_unit_count);
                assert_int_equal(stmt_step(count), STMT_ROW);
                assert_int_equal(column_int(count, 0), STREAM_UNITS);
            }
        }
        assert_int_equal(stmt_step(a), STMT_DONE);
        b = db_query(f->db, QUERY_units_all_again); /* and is left open at the commit */
        assert_int_equal(stmt_step(b), STMT_ROW);
        ok(f, db_commit(f->db, &f->err));
    }
}

static void expect_refused(struct fixture *f, enum store_side side, enum query_id query)
{
    struct stmt *q;

    ok(f, db_begin(f->db, side, &f->err));
    q = db_query(f->db, query);
    stmt_text(q, 1, TEXT("A1"));
    assert_int_equal(stmt_run(q, NULL, &f->err), RESULT_STORE);
    assert_non_null(strstr(f->err.sentence, "append-only"));
    db_rollback(f->db);
}

static void rows_that_stay(void **state)
{
    struct fixture *f = *state;
    struct stmt *q;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    q = db_query(f->db, QUERY_entry_insert);
    for (int i = 1; i <= 23; i++)
        stmt_int(q, i, 1);
    stmt_text(q, 1, TEXT("A1"));
    stmt_null(q, 7);
    stmt_text(q, 19, TEXT("F"));
    stmt_bytes(q, 23, "hash", 4);
    ok(f, stmt_run(q, NULL, &f->err));
    q = db_query(f->db, QUERY_loan_entry_put);
    stmt_text(q, 1, TEXT("A1"));
    stmt_bytes(q, 2, "hash", 4);
    ok(f, stmt_run(q, NULL, &f->err));
    ok(f, db_commit(f->db, &f->err));
    ok(f, db_begin(f->db, STORE_WRITE_DESK, &f->err));
    q = db_query(f->db, QUERY_look_put);
    stmt_text(q, 1, TEXT("A1"));
    stmt_int(q, 2, 1);
    stmt_bytes(q, 3, "hash", 4);
    ok(f, stmt_run(q, NULL, &f->err));
    ok(f, db_commit(f->db, &f->err));
    expect_refused(f, STORE_WRITE_LEDGER, QUERY_entry_change);
    expect_refused(f, STORE_WRITE_LEDGER, QUERY_entry_remove);
    expect_refused(f, STORE_WRITE_LEDGER, QUERY_loan_entry_change);
    expect_refused(f, STORE_WRITE_LEDGER, QUERY_loan_entry_remove);
    expect_refused(f, STORE_WRITE_DESK, QUERY_look_change);
    expect_refused(f, STORE_WRITE_DESK, QUERY_look_remove);
}

static void test_queries_are_taken(void **state)
{
    struct fixture *f = *state;

    ok(f, db_check_queries(f->db, &f->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries_are_taken),
        cmocka_unit_test(second_parameter_first),
        cmocka_unit_test(texts_come_back),
        cmocka_unit_test(numbers_and_bytes_come_back),
        cmocka_unit_test(sums_are_integers),
        cmocka_unit_test(rows_changed_are_counted),
        cmocka_unit_test(keys_are_in_byte_order),
        cmocka_unit_test(taken_key_ends_the_transaction),
        cmocka_unit_test(missing_value_is_a_failure),
        cmocka_unit_test(wrong_use_is_internal),
        cmocka_unit_test(a_transaction_writes_its_side_only),
        cmocka_unit_test(a_second_row_is_a_failure),
        cmocka_unit_test(streams_alternate),
        cmocka_unit_test(rows_that_stay),
    };

    return run_on_both("statements", tests, sizeof tests / sizeof tests[0]);
}
