/* Two stores, two locks; what readers see; connections that are lost. */
#include "fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static enum result put_file(struct db *db, int64_t batch, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_batch_file_put);

    stmt_int(q, 1, batch);
    stmt_text(q, 2, TEXT("f"));
    stmt_int(q, 3, 1);
    stmt_int(q, 4, 1);
    stmt_bytes(q, 5, "x", 1);
    return stmt_run(q, NULL, err);
}

static enum result put_look(struct db *db, int64_t seq, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_look_put);

    stmt_text(q, 1, TEXT("P"));
    stmt_int(q, 2, seq);
    stmt_bytes(q, 3, "h", 1);
    return stmt_run(q, NULL, err);
}

static int64_t batch_sum(struct db *db)
{
    struct stmt *q = db_query(db, QUERY_batch_file_sum);
    int64_t n = -1;

    stmt_int(q, 1, 1);
    if (stmt_step(q) == STMT_ROW)
        n = column_int(q, 1);
    stmt_end(q);
    return n;
}

static void desk_goes_on_during_a_ledger_write(void **state)
{
    struct fixture *f = *state;
    double begun;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, put_file(f->db, 1, &f->err));
    begun = now_seconds();
    for (int i = 1; i <= 20; i++) {
        ok(f, db_begin(f->other, STORE_WRITE_DESK, &f->err));
        /* A desk write may read the ledger as well. */
        assert_int_equal(batch_sum(f->other), 0);
        ok(f, put_look(f->other, i, &f->err));
        ok(f, db_commit(f->other, &f->err));
    }
    assert_true(now_seconds() - begun < 4.5);
    ok(f, put_file(f->db, 2, &f->err));
    ok(f, db_commit(f->db, &f->err));
}

static void ledger_goes_on_during_a_desk_write(void **state)
{
    struct fixture *f = *state;
    double begun = now_seconds();

    ok(f, db_begin(f->db, STORE_WRITE_DESK, &f->err));
    ok(f, put_look(f->db, 1, &f->err));
    ok(f, db_begin(f->other, STORE_WRITE_LEDGER, &f->err));
    ok(f, put_file(f->other, 1, &f->err));
    ok(f, db_commit(f->other, &f->err));
    ok(f, db_commit(f->db, &f->err));
    assert_true(now_seconds() - begun < 4.5);
}

static void second_ledger_writer_waits_five_seconds(void **state)
{
    struct fixture *f = *state;
    double begun, waited;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    begun = now_seconds();
    assert_int_equal(db_begin(f->other, STORE_WRITE_LEDGER, &f->err), RESULT_BUSY);
    waited = now_seconds() - begun;
    assert_true(waited > 4.0 && waited < 30.0);
    assert_non_null(strstr(f->err.sentence, "try again"));
    ok(f, db_commit(f->db, &f->err));
    ok(f, db_begin(f->other, STORE_WRITE_LEDGER, &f->err)); /* the connection is sound */
    ok(f, put_file(f->other, 1, &f->err));
    ok(f, db_commit(f->other, &f->err));
}

static void *commit_soon(void *arg)
{
    struct fixture *f = arg;

    usleep(300 * 1000);
    return db_commit(f->db, NULL) == RESULT_OK ? f : NULL;
}

/* A writer that waited sees what the one before it wrote, and its own snapshot is not stale. */
static void waiting_writer_goes_on(void **state)
{
    struct fixture *f = *state;
    pthread_t thread;
    void *done = NULL;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, put_file(f->db, 1, &f->err));
    assert_int_equal(pthread_create(&thread, NULL, commit_soon, f), 0);
    ok(f, db_begin(f->other, STORE_WRITE_LEDGER, &f->err));
    assert_int_equal(batch_sum(f->other), 1);
    ok(f, put_file(f->other, 1, &f->err));
    ok(f, db_commit(f->other, &f->err));
    assert_int_equal(pthread_join(thread, &done), 0);
    assert_ptr_equal(done, f);
}

static int64_t next_seq(struct db *db)
{
    struct stmt *q = db_query(db, QUERY_look_head_lock);
    int64_t seq;

    stmt_text(q, 1, TEXT("P"));
    seq = stmt_step(q) == STMT_ROW ? column_int(q, 0) : 0;
    stmt_end(q);
    return seq + 1;
}

static enum result move_head(struct db *db, int64_t seq, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_look_head_put);

    stmt_text(q, 1, TEXT("P"));
    stmt_int(q, 2, seq);
    stmt_bytes(q, 3, "h", 1);
    return stmt_run(q, NULL, err);
}

enum { MOVES = 50 };

struct mover {
    struct db *db;
    struct error err;
    bool ok;
};

static void *move_many(void *arg)
{
    struct mover *m = arg;

    m->ok = true;
    for (int i = 0; m->ok && i < MOVES; i++) {
        m->ok = db_begin(m->db, STORE_WRITE_DESK, &m->err) == RESULT_OK;
        int64_t seq = m->ok ? next_seq(m->db) : 0;
        m->ok = m->ok && put_look(m->db, seq, &m->err) == RESULT_OK &&
                move_head(m->db, seq, &m->err) == RESULT_OK &&
                db_commit(m->db, &m->err) == RESULT_OK;
    }
    return NULL;
}

/* Two writers of one head row lose no update: what they read in order to write is locked. */
static void heads_lose_no_update(void **state)
{
    struct fixture *f = *state;
    struct mover movers[2] = {{.db = f->db}, {.db = f->other}};
    pthread_t threads[2];

    ok(f, db_begin(f->db, STORE_WRITE_DESK, &f->err));
    ok(f, move_head(f->db, 0, &f->err));
    ok(f, db_commit(f->db, &f->err));
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, move_many, &movers[i]), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        if (!movers[i].ok)
            fail_msg("%s", movers[i].err.sentence);
    }
    ok(f, db_begin(f->db, STORE_WRITE_DESK, &f->err));
    assert_int_equal(next_seq(f->db), 2 * MOVES + 1);
    db_rollback(f->db);
}

static void a_reader_sees_one_moment(void **state)
{
    struct fixture *f = *state;

    ok(f, db_begin(f->other, STORE_READ, &f->err));
    assert_int_equal(batch_sum(f->other), 0);
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, put_file(f->db, 1, &f->err));
    assert_int_equal(batch_sum(f->other), 0);
    ok(f, db_commit(f->db, &f->err));
    assert_int_equal(batch_sum(f->other), 0);
    ok(f, db_commit(f->other, &f->err));
    ok(f, db_begin(f->other, STORE_READ, &f->err));
    assert_int_equal(batch_sum(f->other), 1);
    ok(f, db_commit(f->other, &f->err));
}

static void what_is_rolled_back_is_gone(void **state)
{
    struct fixture *f = *state;

    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, put_file(f->db, 1, &f->err));
    db_rollback(f->db);
    db_rollback(f->db); /* once more does nothing */
    ok(f, db_begin(f->db, STORE_READ, &f->err));
    assert_int_equal(batch_sum(f->db), 0);
    ok(f, db_commit(f->db, &f->err));
}

#define END_OTHERS                                                   \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity " \
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"

/* Lost inside a transaction: that one fails, the next begins on a new connection. Lost between two:
 * nobody notices. */
static void lost_connections_come_back(void **state)
{
    struct fixture *f = *state;

    if (on_sqlite(f))
        return;
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, put_file(f->db, 1, &f->err));
    raw_sql(f, "", END_OTHERS);
    usleep(100 * 1000);
    assert_int_equal(put_file(f->db, 1, &f->err), RESULT_STORE);
    assert_int_equal(db_commit(f->db, &f->err), RESULT_STORE);
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    ok(f, put_file(f->db, 1, &f->err));
    ok(f, db_commit(f->db, &f->err));
    raw_sql(f, "", END_OTHERS);
    usleep(100 * 1000);
    ok(f, db_begin(f->db, STORE_READ, &f->err));
    assert_int_equal(batch_sum(f->db), 1);
    ok(f, db_commit(f->db, &f->err));
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    raw_sql(f, "", END_OTHERS);
    usleep(100 * 1000);
    assert_int_equal(db_commit(f->db, &f->err), RESULT_STORE); /* nobody knows whether */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(desk_goes_on_during_a_ledger_write),
        cmocka_unit_test(ledger_goes_on_during_a_desk_write),
        cmocka_unit_test(second_ledger_writer_waits_five_seconds),
        cmocka_unit_test(waiting_writer_goes_on),
        cmocka_unit_test(heads_lose_no_update),
        cmocka_unit_test(a_reader_sees_one_moment),
        cmocka_unit_test(what_is_rolled_back_is_gone),
        cmocka_unit_test(lost_connections_come_back),
    };

    return run_on_both("locks", tests, sizeof tests / sizeof tests[0]);
}
