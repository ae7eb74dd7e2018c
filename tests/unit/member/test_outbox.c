/* Messages leave once: whatever the gateway does, and wherever the worker dies. */
#include "desk.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define HERE "203.0.113.7"

/* A gateway in shared memory: it takes an id once. */
struct gateway {
    _Atomic int asked, delivered;
    char ids[64][2 * MESSAGE_ID_MAX + 1];
    enum result answer;
    bool not_ready, dies_after, dies_before;
    struct desk *d;
    int64_t takes_ms;
};

static bool gateway_ready(void *context)
{
    return !((struct gateway *)context)->not_ready;
}

static enum result gateway_send(void *context, const struct message *m, struct error *err)
{
    struct gateway *g = context;

    (void)err;
    g->asked++;
    assert_int_equal(strlen(m->id), 32);
    if (g->dies_before) {
        raise(SIGKILL);
    }
    wait_ms(g->d, g->takes_ms);
    if (g->answer != RESULT_OK) {
        return g->answer;
    }
    for (int i = 0; i < g->delivered; i++) {
        if (strcmp(g->ids[i], m->id) == 0) {
            return RESULT_OK; /* a duplicate */
        }
    }
    snprintf(g->ids[g->delivered++], sizeof g->ids[0], "%s", m->id);
    if (g->dies_after) {
        raise(SIGKILL);
    }
    return RESULT_OK;
}

static struct gateway *gateway_new(struct desk *d)
{
    struct gateway *g =
        mmap(NULL, sizeof *g, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    assert_true(g != MAP_FAILED);
    g->d = d;
    return g;
}

static struct outbox_round run(struct desk *d, struct gateway *g)
{
    struct messenger m = {"test", g, gateway_ready, gateway_send};
    struct outbox o = {&d->clock, d->m.vault, &d->random, &m, NULL};
    struct outbox_round done;

    ok(d, outbox_run(&o, d->db, &done, &d->err));
    return done;
}

static void put_code(struct desk *d, int person)
{
    struct member_sign_in s = {
        .login = text_of(ids[person]), .password = TEXT(PASSWORD), .network = TEXT(HERE)};

    ok(d, member_sign_in_start(&d->m, d->db, &d->random, &s, &d->err));
}

static void sent_once(void **state)
{
    struct desk d;
    desk_start(&d, *state);
    struct gateway *g = gateway_new(&d);

    for (int i = 0; i < PEOPLE; i++) {
        put_code(&d, i);
    }
    assert_int_equal(run(&d, g).sent, PEOPLE);
    assert_int_equal(run(&d, g).sent, 0);
    wait_ms(&d, 10 * MINUTE);
    assert_int_equal(run(&d, g).sent, 0);
    assert_int_equal(g->asked, PEOPLE);
    desk_stop(&d);
}

static void gateway_away_and_back(void **state)
{
    struct desk d;
    desk_start(&d, *state);
    struct gateway *g = gateway_new(&d);

    put_code(&d, 0);
    g->answer = RESULT_IO;
    assert_int_equal(run(&d, g).later, 1);
    assert_int_equal(run(&d, g).later, 0); /* not before its time */
    assert_int_equal(g->asked, 1);
    for (int i = 0; i < 60 && g->asked < 4; i++) {
        wait_ms(&d, SECOND);
        run(&d, g);
    }
    assert_int_equal(g->asked, 4);
    g->not_ready = true;
    wait_ms(&d, 30 * SECOND);
    run(&d, g);
    assert_int_equal(g->asked, 4);
    g->not_ready = false;
    g->answer = RESULT_OK;
    assert_int_equal(run(&d, g).sent, 1);
    assert_int_equal(g->delivered, 1);
    desk_stop(&d);
}

static void expired_is_not_sent(void **state)
{
    struct desk d;
    desk_start(&d, *state);
    struct gateway *g = gateway_new(&d);
    struct outbox_round done;

    put_code(&d, 0);
    wait_ms(&d, 300 * SECOND);
    done = run(&d, g);
    assert_int_equal(done.expired, 1);
    assert_int_equal(done.sent, 0);
    /* One that expires while another is being sent. */
    put_code(&d, 1);
    wait_ms(&d, 200 * SECOND);
    put_code(&d, 2);
    g->takes_ms = 150 * SECOND;
    run(&d, g);
    assert_true(g->asked >= 1);
    wait_ms(&d, 300 * SECOND);
    g->takes_ms = 0;
    int asked = g->asked;
    run(&d, g);
    assert_int_equal(g->asked, asked);
    desk_stop(&d);
}

static void refused_is_not_repeated(void **state)
{
    struct desk d;
    desk_start(&d, *state);
    struct gateway *g = gateway_new(&d);

    put_code(&d, 0);
    g->answer = RESULT_REFUSED;
    assert_int_equal(run(&d, g).refused, 1);
    g->answer = RESULT_OK;
    wait_ms(&d, MINUTE);
    run(&d, g);
    assert_int_equal(g->asked, 1);
    desk_stop(&d);
}

/* The worker is killed before or after the gateway took the message; the next one finishes. */
static void killed_in_the_middle(void **state)
{
    struct desk d;
    desk_start(&d, *state);
    struct gateway *g = gateway_new(&d);

    for (int after = 0; after < 2; after++) {
        int status;
        pid_t child;

        put_code(&d, after);
        child = fork();
        if (child == 0) {
            if (db_open(d.f->store, &d.db, &d.err) != RESULT_OK) {
                _exit(1);
            }
            g->dies_after = after == 1;
            g->dies_before = after == 0;
            run(&d, g);
            _exit(2);
        }
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        g->dies_after = g->dies_before = false;
        assert_int_equal(run(&d, g).sent, 0); /* still claimed */
        wait_ms(&d, 31 * SECOND);
        assert_int_equal(run(&d, g).sent, 1);
        assert_int_equal(g->delivered, after + 1);
    }
    assert_int_equal(g->asked, 4);
    desk_stop(&d);
}

/* Two workers at once never hold the same message. */
static void two_workers(void **state)
{
    struct desk d;
    desk_start(&d, *state);
    struct gateway *g = gateway_new(&d);
    pid_t children[2];
    int status;

    for (int i = 0; i < 9; i++) {
        put_code(&d, i % PEOPLE);
    }
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct messenger m = {"test", g, gateway_ready, gateway_send};
            struct outbox o = {&d.clock, d.m.vault, &d.random, &m, NULL};

            if (db_open(d.f->store, &d.db, &d.err) != RESULT_OK ||
                outbox_run(&o, d.db, NULL, &d.err) != RESULT_OK) {
                _exit(1);
            }
            _exit(0);
        }
    }
    for (int i = 0; i < 2; i++) {
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(g->asked, 9);
    desk_stop(&d);
}

static void clock_set_back(void **state)
{
    struct desk d;
    desk_start(&d, *state);
    struct gateway *g = gateway_new(&d);

    put_code(&d, 0);
    wait_ms(&d, -86400 * (int64_t)SECOND);
    assert_int_equal(run(&d, g).sent, 1);
    desk_stop(&d);
}

static void old_ones_go(void **state)
{
    struct desk d;
    desk_start(&d, *state);
    struct gateway *g = gateway_new(&d);
    struct messenger m = {"test", g, gateway_ready, gateway_send};
    struct outbox o = {&d.clock, d.m.vault, &d.random, &m, NULL};
    struct outbox_round done;

    put_code(&d, 0);
    run(&d, g);
    put_code(&d, 1); /* never leaves: nothing could carry it */
    wait_ms(&d, 25 * 3600 * (int64_t)SECOND);
    put_code(&d, 2);
    ok(&d, outbox_housekeeping(&o, d.db, &d.err));
    raw_sql(d.f, "desk", "UPDATE desk.outbox SET state = 0, expires_at = expires_at * 2");
    done = run(&d, g);
    assert_int_equal(done.sent, 1); /* what can still leave was still there, and nothing else */
    desk_stop(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sent_once),
        cmocka_unit_test(gateway_away_and_back),
        cmocka_unit_test(expired_is_not_sent),
        cmocka_unit_test(refused_is_not_repeated),
        cmocka_unit_test(killed_in_the_middle),
        cmocka_unit_test(two_workers),
        cmocka_unit_test(clock_set_back),
        cmocka_unit_test(old_ones_go),
    };

    return run_on_both("outbox", tests, sizeof tests / sizeof *tests);
}
