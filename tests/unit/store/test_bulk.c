/* Bulk loads: the same rows as prepared inserts, whole or not at all. */
#include "fixture.h"

#include "store/postgres.h"
#include "store/sqlite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 900, ENTRY_COLUMNS = 23 };

/* Row i: numbers at their limits, nulls, empty texts, bytes with zeros. */
struct row {
    char account[16], flow[32];
    int64_t numbers[ENTRY_COLUMNS];
    bool null[ENTRY_COLUMNS];
    uint8_t hash[32];
};

static void make_row(int i, struct row *r)
{
    static const int64_t limits[] = {0,         1,         -1,        INT16_MAX, INT16_MIN,
                                     INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    static const bool small[ENTRY_COLUMNS] = {[4] = true, [17] = true, [19] = true};
    static const bool medium[ENTRY_COLUMNS] = {
        [2] = true, [3] = true, [5] = true, [8] = true, [9] = true};

    *r = (struct row){0};
    snprintf(r->account, sizeof r->account, "A%05d", i / 10);
    if (i % 3)
        snprintf(r->flow, sizeof r->flow, "F\xf0\xa0\x80\x80%d", i);
    for (int c = 0; c < ENTRY_COLUMNS; c++) {
        int kinds = small[c] ? 5 : medium[c] ? 7 : 9;

        r->numbers[c] = limits[(i + c) % kinds];
    }
    r->numbers[1] = i % 10 + 1;
    for (int c = 5; c <= 9; c++)
        r->null[c] = (i >> (c - 5)) & 1;
    r->null[17] = i % 2 == 0;
    r->null[20] = i % 5 != 0;
    for (int k = 0; k < 32; k++)
        r->hash[k] = (uint8_t)(k % 4 ? i * 7 + k : 0);
}

static enum result bulk_entry(struct bulk *b, const struct row *r, struct error *err)
{
    for (int c = 0; c < ENTRY_COLUMNS; c++) {
        if (c == 0)
            bulk_text(b, text_of(r->account));
        else if (r->null[c])
            bulk_null(b);
        else if (c == 6 || c == 18)
            bulk_text(b, text_of(r->flow));
        else if (c == 22)
            bulk_bytes(b, r->hash, sizeof r->hash);
        else
            bulk_int(b, r->numbers[c]);
    }
    return bulk_row(b, err);
}

static enum result insert_entry(struct db *db, const struct row *r, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_entry_insert);

    for (int c = 0; c < ENTRY_COLUMNS; c++) {
        if (c == 0)
            stmt_text(q, c + 1, text_of(r->account));
        else if (r->null[c])
            stmt_null(q, c + 1);
        else if (c == 6 || c == 18)
            stmt_text(q, c + 1, text_of(r->flow));
        else if (c == 22)
            stmt_bytes(q, c + 1, r->hash, sizeof r->hash);
        else
            stmt_int(q, c + 1, r->numbers[c]);
    }
    return stmt_run(q, NULL, err);
}

static int64_t entries(struct fixture *f, struct db *db)
{
    struct stmt *q;
    int64_t n;

    ok(f, db_begin(db, STORE_READ, &f->err));
    q = db_query(db, QUERY_entry_count);
    assert_int_equal(stmt_step(q), STMT_ROW);
    n = column_int(q, 0);
    ok(f, db_commit(db, &f->err));
    return n;
}

static void rows_are_as_made(struct fixture *f)
{
    struct stmt *q;

    ok(f, db_begin(f->db, STORE_READ, &f->err));
    q = db_query(f->db, QUERY_entries_page);
    for (int i = 0; i < ROWS; i++) {
        struct row r;

        make_row(i, &r);
        assert_int_equal(stmt_step(q), STMT_ROW);
        assert_true(text_equal(column_text(q, 0), text_of(r.account)));
        for (int c = 1; c < ENTRY_COLUMNS; c++) {
            assert_int_equal(column_is_null(q, c), r.null[c]);
            if (r.null[c])
                continue;
            if (c == 6 || c == 18)
                assert_true(text_equal(column_text(q, c), text_of(r.flow)));
            else if (c == 22)
                assert_memory_equal(column_bytes(q, c).at, r.hash, sizeof r.hash);
            else
                assert_true(column_int(q, c) == r.numbers[c]);
        }
    }
    assert_int_equal(stmt_step(q), STMT_DONE);
    ok(f, db_commit(f->db, &f->err));
}

static void load(struct fixture *f)
{
    struct bulk *b = NULL;
    struct row r;

    ok(f, bulk_begin(f->db, BULK_ENTRY, &b, &f->err));
    for (int i = 0; i < ROWS; i++) {
        make_row(i, &r);
        ok(f, bulk_entry(b, &r, &f->err));
    }
    ok(f, bulk_end(b, &f->err));
}

static void bulk_equals_prepared(void **state)
{
    struct fixture *f = *state;
    struct row r;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    load(f);
    ok(f, db_commit(f->db, &f->err));
    rows_are_as_made(f);
    fixture_close(f);
    fixture_remove(f);
    assert_int_equal(fixture_make(f), 0);
    assert_int_equal(fixture_open(f), 0);
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    for (int i = 0; i < ROWS; i++) {
        make_row(i, &r);
        ok(f, insert_entry(f->db, &r, &f->err));
    }
    ok(f, db_commit(f->db, &f->err));
    rows_are_as_made(f);
}

/* The whole way of a large load; others see nothing of it before the commit. */
static void large_load(void **state)
{
    struct fixture *f = *state;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, store_load_prepare(f->db, &f->err));
    load(f);
    ok(f, store_load_indexes(f->db, &f->err));
    assert_int_equal(entries(f, f->other), 0);
    ok(f, db_commit(f->db, &f->err));
    ok(f, store_load_done(f->db, &f->err));
    rows_are_as_made(f);
    /* Again, and given up: the indexes are there as before. */
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, store_load_prepare(f->db, &f->err));
    db_rollback(f->db);
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, store_load_prepare(f->db, &f->err));
    ok(f, store_load_indexes(f->db, &f->err));
    db_rollback(f->db);
    rows_are_as_made(f);
}

static void taken_keys(void **state)
{
    struct fixture *f = *state;
    struct bulk *b = NULL;
    struct row r;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, bulk_begin(f->db, BULK_ENTRY, &b, &f->err));
    make_row(1, &r);
    ok(f, bulk_entry(b, &r, &f->err));
    bulk_entry(b, &r, NULL); /* with COPY only the end notices */
    assert_int_equal(bulk_end(b, &f->err), RESULT_CONFLICT);
    assert_int_equal(db_commit(f->db, &f->err), RESULT_CONFLICT);
    assert_int_equal(entries(f, f->db), 0);
}

/* Begins a load with one good row, so that what comes next is judged alone. */
static struct bulk *begun(struct fixture *f)
{
    struct bulk *b = NULL;
    struct row r;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, bulk_begin(f->db, BULK_ENTRY, &b, &f->err));
    make_row(0, &r);
    ok(f, bulk_entry(b, &r, &f->err));
    return b;
}

static void expect_given_up(struct fixture *f, struct bulk *b)
{
    assert_int_equal(bulk_row(b, &f->err), RESULT_INTERNAL);
    assert_int_equal(bulk_end(b, &f->err), RESULT_INTERNAL);
    assert_int_equal(db_commit(f->db, &f->err), RESULT_INTERNAL);
    assert_int_equal(entries(f, f->db), 0);
}

static void wrong_rows(void **state)
{
    struct fixture *f = *state;
    struct bulk *b = begun(f);
    struct row r;

    bulk_text(b, TEXT("A")); /* too few columns */
    expect_given_up(f, b);
    b = begun(f);
    bulk_int(b, 1); /* a number where a text belongs */
    expect_given_up(f, b);
    b = begun(f);
    make_row(11, &r);
    r.numbers[4] = INT16_MAX + 1; /* too large for a SMALLINT */
    bulk_entry(b, &r, NULL);
    expect_given_up(f, b);
    b = begun(f);
    make_row(11, &r);
    r.numbers[2] = (int64_t)INT32_MIN - 1; /* too small for an INTEGER */
    bulk_entry(b, &r, NULL);
    expect_given_up(f, b);
    b = begun(f);
    bulk_text(b, TEXT("A")); /* the end comes inside a row */
    assert_int_equal(bulk_end(b, &f->err), RESULT_INTERNAL);
    db_rollback(f->db);
    begun(f); /* the rollback comes inside a load */
    db_rollback(f->db);
    assert_int_equal(entries(f, f->db), 0);
}

static void one_thing_at_a_time(void **state)
{
    struct fixture *f = *state;
    struct bulk *b = NULL;
    struct stmt *q;

    assert_int_equal(bulk_begin(f->db, BULK_ENTRY, &b, &f->err), RESULT_INTERNAL);
    ok(f, db_begin(f->db, STORE_WRITE_DESK, &f->err));
    assert_int_equal(bulk_begin(f->db, BULK_ENTRY, &b, &f->err), RESULT_INTERNAL);
    db_rollback(f->db);
    b = begun(f);
    q = db_query(f->db, QUERY_entry_count);
    assert_int_equal(stmt_step(q), STMT_FAILED);
    assert_int_equal(db_failure(f->db, NULL), RESULT_INTERNAL);
    bulk_end(b, NULL);
    db_rollback(f->db);
    begun(f);
    assert_int_equal(db_commit(f->db, &f->err), RESULT_INTERNAL); /* inside a load */
    assert_int_equal(entries(f, f->db), 0);
}

/* In a process of its own: loads for ever, telling through the pipe when much is on its way. */
static void load_for_ever(const struct fixture *f, int out)
{
    struct error err = {0};
    struct store *s = NULL;
    struct db *db = NULL;
    struct bulk *b = NULL;
    struct row r;

    if (store_open(f->home, f->url, &s, &err) != RESULT_OK || db_open(s, &db, &err) != RESULT_OK ||
        db_begin(db, STORE_WRITE_LEDGER, &err) != RESULT_OK ||
        store_load_prepare(db, &err) != RESULT_OK ||
        bulk_begin(db, BULK_ENTRY, &b, &err) != RESULT_OK)
        _exit(1);
    make_row(0, &r);
    for (int i = 0;; i++) {
        snprintf(r.account, sizeof r.account, "A%09d", i);
        if (bulk_entry(b, &r, &err) != RESULT_OK)
            _exit(1);
        if (i == 1000000 && write(out, "x", 1) != 1)
            _exit(1);
    }
}

static void killed_load_leaves_no_trace(void **state)
{
    struct fixture *f = *state;
    int pipes[2], status;
    char byte = 0;
    double begun_at;
    pid_t child;

    assert_int_equal(pipe(pipes), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(pipes[0]);
        load_for_ever(f, pipes[1]);
    }
    close(pipes[1]);
    assert_int_equal(read(pipes[0], &byte, 1), 1);
    close(pipes[0]);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    begun_at = now_seconds();
    assert_int_equal(entries(f, f->db), 0);
    /* Its lock is gone at once on SQLite, and as soon as the server notices on PostgreSQL. */
    ok(f, db_begin(f->other, STORE_WRITE_LEDGER, &f->err));
    db_rollback(f->other);
    fixture_close(f);
    assert_int_equal(fixture_open(f), 0);
    assert_true(now_seconds() - begun_at < 20.0);
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    load(f);
    ok(f, db_commit(f->db, &f->err));
    rows_are_as_made(f);
}

/* A disk that takes no more, played by a limit on the size of files. */
static enum result load_until_full(struct fixture *f)
{
    struct bulk *b = NULL;
    struct row r;
    enum result result;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, store_load_prepare(f->db, &f->err));
    ok(f, bulk_begin(f->db, BULK_ENTRY, &b, &f->err));
    make_row(0, &r);
    result = RESULT_OK;
    for (int i = 0; result == RESULT_OK && i < 2000000; i++) {
        snprintf(r.account, sizeof r.account, "A%09d", i);
        result = bulk_entry(b, &r, &f->err);
    }
    bulk_end(b, NULL);
    assert_int_equal(db_commit(f->db, NULL), result);
    return result;
}

static void full_disk(void **state)
{
    struct fixture *f = *state;
    struct rlimit old, small;

    if (!on_sqlite(f))
        return;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 8 << 20;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum result result = load_until_full(f);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(result, RESULT_STORE);
    assert_non_null(strstr(f->err.sentence, "disk"));
    assert_int_equal(entries(f, f->db), 0);
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    load(f);
    ok(f, db_commit(f->db, &f->err));
    rows_are_as_made(f);
}

/* An ordinary statement has a minute, a load has none. On SQLite the time of the statement before it
 * is made to run out in its middle; on PostgreSQL the minute is made 50 ms, and the load is slower. */
static enum result load_slowly(struct fixture *f)
{
    int64_t *deadline = on_sqlite(f) ? &((struct sqlite_db *)(void *)f->db)->deadline_us : NULL;
    struct bulk *b;
    enum result r, ended;

    ok(f, bulk_begin(f->db, BULK_ENTRY, &b, &f->err));
    r = RESULT_OK;
    for (int i = 0; i < ROWS && r == RESULT_OK; i++) {
        struct row row;

        make_row(i, &row);
        if (deadline)
            *deadline = 1; /* long ago */
        else if (i == ROWS / 2)
            usleep(150 * 1000);
        r = bulk_entry(b, &row, &f->err);
        if (deadline)
            assert_int_equal(*deadline, 0);
    }
    ended = bulk_end(b, r == RESULT_OK ? &f->err : NULL);
    return r == RESULT_OK ? ended : r;
}

static void load_has_no_minute(void **state)
{
    struct fixture *f = *state;

    if (!on_sqlite(f))
        ok(f, pg_exec((struct pg_db *)(void *)f->db, "SET statement_timeout = 50", "A short time"));
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, store_load_prepare(f->db, &f->err));
    ok(f, load_slowly(f));
    ok(f, store_load_indexes(f->db, &f->err));
    ok(f, db_commit(f->db, &f->err));
    ok(f, store_load_done(f->db, &f->err));
    rows_are_as_made(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bulk_equals_prepared),
        cmocka_unit_test(large_load),
        cmocka_unit_test(taken_keys),
        cmocka_unit_test(wrong_rows),
        cmocka_unit_test(one_thing_at_a_time),
        cmocka_unit_test(killed_load_leaves_no_trace),
        cmocka_unit_test(full_disk),
        cmocka_unit_test(load_has_no_minute),
    };

    return run_on_both("bulk", tests, sizeof tests / sizeof tests[0]);
}
