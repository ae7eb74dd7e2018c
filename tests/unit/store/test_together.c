/* Small writes that are committed together, and reads that share a moment. */
#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { WRITERS = 8, WORKS = 25 };

static atomic_int on_their_way;

struct writer {
    struct fixture *f;
    struct db *db, *ran_on; /* its own connection, and the one its last work ran on */
    int number, works;
    int64_t seq;
    bool take_key; /* its work wants a key that is taken */
    struct error err;
    enum result result;
    pthread_t thread;
};

static enum result put_look(struct db *db, const char *person, int64_t seq, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_look_put);

    stmt_text(q, 1, (struct text){person, strlen(person)});
    stmt_int(q, 2, seq);
    stmt_bytes(q, 3, "h", 1);
    return stmt_run(q, NULL, err);
}

static int64_t looks(struct db *db)
{
    struct stmt *q = db_query(db, QUERY_look_count);
    int64_t n = -1;

    if (stmt_step(q) == STMT_ROW)
        n = column_int(q, 0);
    stmt_end(q);
    return n;
}

static enum result write_one(struct db *db, void *arg, struct error *err)
{
    struct writer *w = arg;
    char person[16];

    w->ran_on = db;
    snprintf(person, sizeof person, "P%d", w->number);
    return put_look(db, w->take_key ? "P" : person, w->take_key ? 1 : w->seq, err);
}

static void *write_many(void *arg)
{
    struct writer *w = arg;

    atomic_fetch_add(&on_their_way, 1);
    for (int i = 0; i < w->works && w->result == RESULT_OK; i++) {
        w->seq = i + 1;
        w->result = db_together(w->db, STORE_WRITE_DESK, write_one, w, &w->err);
    }
    return NULL;
}

static void start(struct fixture *f, struct writer *writers, int works)
{
    atomic_store(&on_their_way, 0);
    for (int i = 0; i < WRITERS; i++) {
        struct writer *w = &writers[i];

        *w = (struct writer){.f = f, .number = i, .works = works, .take_key = w->take_key};
        ok(f, db_open(f->store, &w->db, &f->err));
    }
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&writers[i].thread, NULL, write_many, &writers[i]), 0);
}

static void join(struct writer *writers)
{
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        db_close(writers[i].db);
    }
}

/* Nobody can write the desk until all have asked to: then the one in front writes for the others. */
static void gather(struct fixture *f, struct writer *writers)
{
    ok(f, db_begin(f->other, STORE_WRITE_DESK, &f->err));
    ok(f, put_look(f->other, "P", 1, &f->err));
    start(f, writers, 1);
    while (atomic_load(&on_their_way) < WRITERS)
        usleep(1000);
    usleep(200 * 1000);
    ok(f, db_commit(f->other, &f->err));
    join(writers);
}

static int64_t count(struct fixture *f)
{
    int64_t n;

    ok(f, db_begin(f->db, STORE_READ, &f->err));
    n = looks(f->db);
    db_rollback(f->db);
    return n;
}

static void nothing_is_lost(void **state)
{
    struct fixture *f = *state;
    struct writer writers[WRITERS] = {0};

    start(f, writers, WORKS);
    join(writers);
    for (int i = 0; i < WRITERS; i++)
        ok(&writers[i], writers[i].result);
    assert_int_equal(count(f), WRITERS * WORKS);
}

static void one_writes_for_others(void **state)
{
    struct fixture *f = *state;
    struct writer writers[WRITERS] = {0};
    int for_others = 0;

    gather(f, writers);
    for (int i = 0; i < WRITERS; i++) {
        ok(&writers[i], writers[i].result);
        for_others += writers[i].ran_on != writers[i].db;
    }
    assert_int_equal(count(f), WRITERS + 1);
    if (on_sqlite(f))
        assert_true(for_others > 0);
    else
        assert_int_equal(for_others, 0);
}

static void one_that_fails_hurts_no_other(void **state)
{
    struct fixture *f = *state;
    struct writer writers[WRITERS] = {[3] = {.take_key = true}};

    gather(f, writers);
    for (int i = 0; i < WRITERS; i++) {
        if (i == 3) {
            assert_int_equal(writers[i].result, RESULT_CONFLICT);
            assert_true(writers[i].err.sentence[0] != '\0');
        } else {
            ok(&writers[i], writers[i].result);
        }
    }
    assert_int_equal(count(f), WRITERS); /* its own is the one that was there */
}

/* A refusal is no failure of the database, and nothing of its work stays either. */
static enum result refuse(struct db *db, void *arg, struct error *err)
{
    (void)arg;
    if (put_look(db, "R", 1, err) != RESULT_OK)
        return RESULT_INTERNAL;
    return error_set(err, RESULT_REFUSED, "no");
}

static void a_refused_work_leaves_nothing(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(db_together(f->db, STORE_WRITE_DESK, refuse, NULL, &f->err), RESULT_REFUSED);
    assert_string_equal(f->err.sentence, "no");
    assert_int_equal(count(f), 0);
}

static void reads_share_a_moment_until_its_end(void **state)
{
    struct fixture *f = *state;

    db_moment_keep(f->db);
    assert_int_equal(count(f), 0);
    ok(f, db_begin(f->other, STORE_WRITE_DESK, &f->err));
    ok(f, put_look(f->other, "P", 1, &f->err));
    ok(f, db_commit(f->other, &f->err));
    assert_int_equal(count(f), on_sqlite(f) ? 0 : 1);
    db_moment_end(f->db);
    db_moment_end(f->db); /* once more does nothing */
    assert_int_equal(count(f), 1);
    /* A write begins with what is newest. */
    ok(f, db_begin(f->other, STORE_WRITE_DESK, &f->err));
    ok(f, put_look(f->other, "P", 2, &f->err));
    ok(f, db_commit(f->other, &f->err));
    ok(f, db_begin(f->db, STORE_WRITE_DESK, &f->err));
    assert_int_equal(looks(f->db), 2);
    ok(f, put_look(f->db, "P", 3, &f->err));
    ok(f, db_commit(f->db, &f->err));
    assert_int_equal(count(f), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(one_writes_for_others),
        cmocka_unit_test(one_that_fails_hurts_no_other),
        cmocka_unit_test(a_refused_work_leaves_nothing),
        cmocka_unit_test(reads_share_a_moment_until_its_end),
    };

    return run_on_both("together", tests, sizeof tests / sizeof tests[0]);
}
