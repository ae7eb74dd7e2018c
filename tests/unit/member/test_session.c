/* Sessions: their limits, their end in every process at once, and what the worker keeps up. */
#include "desk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "member/session_map.h"

#define HERE "203.0.113.7"
#define WITH_DESK  \
    struct desk d; \
    desk_start(&d, *state)

static void limits(void **state)
{
    WITH_DESK;
    struct session s;
    char token[64], idle[64];

    sign_in(&d, ids[0], HERE, token);
    sign_in(&d, ids[1], HERE, idle);
    for (int i = 0; i < 32; i++) { /* used every 14.9 minutes: until 8 hours are over */
        wait_ms(&d, 894 * SECOND);
        assert_int_equal(session_of(&d, token, false, &s), RESULT_OK);
        assert_int_equal(s.used, clock_now(&d.clock));
    }
    assert_int_equal(session_of(&d, idle, true, &s), RESULT_EXPIRED);
    wait_ms(&d, 8 * 3600 * SECOND - 32 * 894 * SECOND - 1);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_OK);
    wait_ms(&d, 1);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_EXPIRED);
    sign_in(&d, ids[0], HERE, token);
    wait_ms(&d, 900 * SECOND - 1);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_OK);
    wait_ms(&d, 900 * SECOND);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_EXPIRED);
    desk_stop(&d);
}

/* Told of: a network or a class of device that this person never came from, but not the first. */
static void strange_places(void **state)
{
    static const struct {
        const char *network, *device;
        size_t told;
    } steps[] = {
        {HERE, "desktop", 0},        {HERE, "desktop", 0}, {"203.0.113.8", "desktop", 1},
        {"203.0.113.8", "phone", 2}, {HERE, "phone", 2},   {"2001:db8::", "phone", 3},
    };
    WITH_DESK;
    struct member_event events[MEMBER_EVENTS_MAX];
    size_t count;

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct member_sign_in s;
        struct member_code c;

        wait_ms(&d, 16 * MINUTE);
        assert_int_equal(start(&d, ids[0], PASSWORD, steps[i].network, &s), RESULT_OK);
        c = (struct member_code){.challenge = text_of(s.challenge),
                                 .code = text_of(d.code),
                                 .network = text_of(steps[i].network),
                                 .device = text_of(steps[i].device),
                                 .channel = 1};
        assert_int_equal(member_sign_in_finish(&d.m, d.db, &d.random, &c, &d.err), RESULT_OK);
        assert_int_equal(db_begin(d.db, STORE_READ, &d.err), RESULT_OK);
        assert_int_equal(member_events(d.db, TEXT("P0"), 0, events, &count, &d.err), RESULT_OK);
        db_rollback(d.db);
        assert_int_equal(count, steps[i].told);
        if (count > 0) {
            assert_int_equal(events[0].kind, EVENT_SIGN_IN);
        }
    }
    assert_string_equal(events[1].subject, "phone");
    assert_string_equal(events[2].subject, "desktop");
    desk_stop(&d);
}

/* The mark of what was read goes forward only. */
static void read_marks(void **state)
{
    static const instant marks[] = {1000, 5000, 2000, 6000}, want[] = {1000, 5000, 5000, 6000};
    WITH_DESK;
    instant mark = -1;

    for (int i = -1; i < 4; i++) {
        if (i >= 0) {
            assert_int_equal(member_read_until(d.db, TEXT("P0"), marks[i], &d.err), RESULT_OK);
        }
        assert_int_equal(db_begin(d.db, STORE_READ, &d.err), RESULT_OK);
        assert_int_equal(member_read_mark(d.db, TEXT("P0"), &mark, &d.err), RESULT_OK);
        db_rollback(d.db);
        assert_int_equal(mark, i < 0 ? 0 : want[i]);
    }
    desk_stop(&d);
}

static void clock_set_back(void **state)
{
    WITH_DESK;
    struct session s;
    char token[64];

    sign_in(&d, ids[0], HERE, token);
    wait_ms(&d, -10 * MINUTE);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_OK);
    wait_ms(&d, 14 * MINUTE); /* counted from the use just now */
    assert_int_equal(session_of(&d, token, false, &s), RESULT_OK);
    wait_ms(&d, 15 * MINUTE);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_EXPIRED);
    desk_stop(&d);
}

static void tokens_that_are_none(void **state)
{
    static const char *const tokens[] = {
        "",
        "x",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    };
    WITH_DESK;
    struct session s;

    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        assert_int_equal(session_of(&d, tokens[i], true, &s), RESULT_NOT_FOUND);
    }
    assert_int_equal(session_of(&d, tokens[2], false, &s), RESULT_BUSY);
    desk_stop(&d);
}

/* The map is gone (a new machine, a new boot): the store still knows. */
static void map_lost(void **state)
{
    WITH_DESK;
    struct session s;
    char token[64], path[128];

    sign_in(&d, ids[0], HERE, token);
    session_map_close(d.m.sessions);
    snprintf(path, sizeof path, "%s/run/sessions", d.f->home);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(session_map_open(d.f->home, &d.m.sessions, &d.err), RESULT_OK);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_BUSY);
    assert_int_equal(session_of(&d, token, true, &s), RESULT_OK);
    assert_true(s.slot >= 0);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_OK);
    assert_string_equal(s.account, "A0");
    desk_stop(&d);
}

/* A process with its own connection and mapping, as another worker has them. */
static void child_looks(struct desk *d, const char *token, const char *other, int go, int told)
{
    struct session_map *map;
    struct session s;
    struct db *db;
    char byte;
    int good = 0;

    if (session_map_open(d->f->home, &map, &d->err) != RESULT_OK ||
        db_open(d->f->store, &db, &d->err) != RESULT_OK) {
        _exit(10);
    }
    d->m.sessions = map;
    d->db = db;
    good += session_of(d, token, false, &s) == RESULT_OK;
    good += session_of(d, other, false, &s) == RESULT_OK;
    (void)!write(told, "1", 1);
    (void)!read(go, &byte, 1); /* now the other process has signed out */
    good += session_of(d, token, false, &s) == RESULT_NOT_FOUND;
    good += session_of(d, other, false, &s) == RESULT_NOT_FOUND;
    good += session_of(d, token, true, &s) == RESULT_NOT_FOUND;
    _exit(good == 5 ? 0 : good + 20);
}

static void sign_out_is_seen_everywhere(void **state)
{
    WITH_DESK;
    struct session s;
    char one[64], two[64], third[64], byte;
    int go[2], told[2], status;
    pid_t child;

    sign_in(&d, ids[0], HERE, one);
    sign_in(&d, phones[0], HERE, two);
    sign_in(&d, ids[1], HERE, third);
    assert_int_equal(pipe(go), 0);
    assert_int_equal(pipe(told), 0);
    child = fork();
    if (child == 0) {
        child_looks(&d, one, two, go[0], told[1]);
    }
    assert_int_equal(read(told[0], &byte, 1), 1);
    assert_int_equal(session_of(&d, one, false, &s), RESULT_OK);
    assert_int_equal(member_sign_out(&d.m, d.db, &s, true, &d.err), RESULT_OK);
    assert_int_equal(write(go[1], "1", 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(session_of(&d, third, false, &s), RESULT_OK); /* somebody else's */
    assert_int_equal(member_sign_out(&d.m, d.db, &s, false, &d.err), RESULT_OK);
    assert_int_equal(session_of(&d, third, true, &s), RESULT_NOT_FOUND);
    assert_int_equal(member_sign_out(&d.m, d.db, &s, false, &d.err), RESULT_OK); /* twice */
    desk_stop(&d);
}

static void sign_out_of_one_leaves_the_other(void **state)
{
    WITH_DESK;
    struct session s;
    char one[64], two[64];

    sign_in(&d, ids[0], HERE, one);
    sign_in(&d, ids[0], HERE, two);
    assert_int_equal(session_of(&d, one, false, &s), RESULT_OK);
    assert_int_equal(member_sign_out(&d.m, d.db, &s, false, &d.err), RESULT_OK);
    assert_int_equal(session_of(&d, one, true, &s), RESULT_NOT_FOUND);
    assert_int_equal(session_of(&d, two, true, &s), RESULT_OK);
    desk_stop(&d);
}

/* The store has them ended, the map not yet: the one who signed them out was killed in between, or
 * lost the connection while committing. Signing out everywhere once more must reach them. */
static void sign_out_that_was_interrupted(void **state)
{
    WITH_DESK;
    struct session s;
    char one[64], two[64];

    sign_in(&d, ids[0], HERE, one);
    sign_in(&d, ids[0], HERE, two);
    raw_sql(d.f, "desk", "UPDATE desk.session SET ended_at = 1 WHERE person = 'P0'");
    assert_int_equal(session_of(&d, one, false, &s), RESULT_OK);
    assert_int_equal(member_sign_out(&d.m, d.db, &s, true, &d.err), RESULT_OK);
    assert_int_equal(session_of(&d, one, true, &s), RESULT_NOT_FOUND);
    assert_int_equal(session_of(&d, two, true, &s), RESULT_NOT_FOUND);
    desk_stop(&d);
}

/* A slot that somebody holds for ever: the others of the person end nevertheless. */
static void sign_out_past_a_held_slot(void **state)
{
    WITH_DESK;
    struct session s[3];
    char tokens[3][64];
    int first = 0;
    _Atomic uint64_t *lock;

    for (int i = 0; i < 3; i++) {
        sign_in(&d, ids[0], HERE, tokens[i]);
        assert_int_equal(session_of(&d, tokens[i], false, &s[i]), RESULT_OK);
        first = memcmp(s[i].id, s[first].id, sizeof s[i].id) < 0 ? i : first;
    }
    lock = &d.m.sessions->at->slots[s[first].slot].lock; /* the store names this one first */
    *lock = 1 | (uint64_t)(uint32_t)getppid() << 32;
    assert_int_equal(member_sign_out(&d.m, d.db, &s[first], true, &d.err), RESULT_BUSY);
    *lock = 2;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(session_of(&d, tokens[i], true, &s[i]),
                         i == first ? RESULT_OK : RESULT_NOT_FOUND);
    }
    desk_stop(&d);
}

/* --- asking the store while the session ends --- */

enum { RACES = 60, ASKERS = 3 };

struct race {
    struct desk *d;
    const char *token;
    _Atomic bool go, ended;
    _Atomic int believed_late; /* answers OK to a question that was asked after the sign-out */
};

static void *ask(void *context)
{
    struct race *race = context;
    struct desk mine = *race->d;
    struct session s;

    mine.db = NULL;
    if (db_open(mine.f->store, &mine.db, &mine.err) != RESULT_OK) {
        abort();
    }
    while (!race->go) {
    }
    for (int i = 0; i < 60; i++) {
        bool late = race->ended;
        enum result r = session_of(&mine, race->token, true, &s);

        if (late && r == RESULT_OK) {
            race->believed_late++;
        }
    }
    db_close(mine.db);
    return NULL;
}

static void filling_and_ending(void **state)
{
    WITH_DESK;

    for (int i = 0; i < RACES; i++) {
        struct race race = {.d = &d};
        pthread_t askers[ASKERS];
        struct session s;
        char token[64];

        wait_ms(&d, 86400 * (int64_t)SECOND);
        sign_in(&d, ids[0], HERE, token);
        assert_int_equal(session_of(&d, token, true, &s), RESULT_OK);
        /* An empty map, so that everybody asks the store and fills. */
        session_map_close(d.m.sessions);
        char path[128];
        snprintf(path, sizeof path, "%s/run/sessions", d.f->home);
        unlink(path);
        assert_int_equal(session_map_open(d.f->home, &d.m.sessions, &d.err), RESULT_OK);
        race.token = token;
        for (int k = 0; k < ASKERS; k++) {
            pthread_create(&askers[k], NULL, ask, &race);
        }
        race.go = true;
        usleep((useconds_t)(i * 20));
        assert_int_equal(member_sign_out(&d.m, d.db, &s, i % 2 == 0, &d.err), RESULT_OK);
        race.ended = true;
        for (int k = 0; k < ASKERS; k++) {
            pthread_join(askers[k], NULL);
        }
        assert_int_equal(race.believed_late, 0);
        assert_int_equal(session_of(&d, token, true, &s), RESULT_NOT_FOUND);
    }
    desk_stop(&d);
}

/* --- the worker's part --- */

static int64_t number_of(struct desk *d, enum query_id query, const void *id)
{
    struct stmt *q;
    int64_t n = -1;

    assert_int_equal(db_begin(d->db, STORE_READ, &d->err), RESULT_OK);
    q = db_query(d->db, query);
    stmt_bytes(q, 1, id, 32);
    if (stmt_step(q) == STMT_ROW) {
        n = column_int(q, 4);
        stmt_end(q);
    }
    db_rollback(d->db);
    return n;
}

static void housekeeping(void **state)
{
    WITH_DESK;
    struct session s;
    struct member_sign_in again;
    char token[64];
    instant began = clock_now(&d.clock);

    sign_in(&d, ids[0], HERE, token);
    wait_ms(&d, 5 * MINUTE);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_OK);
    assert_int_equal(number_of(&d, QUERY_session_read, s.id), began);
    assert_int_equal(member_housekeeping(&d.m, d.db, &d.err), RESULT_OK);
    assert_int_equal(number_of(&d, QUERY_session_read, s.id), began + 5 * MINUTE);
    /* Wrong tries from long ago, ended sessions and old challenges go. */
    start(&d, ids[1], WRONG, HERE, &again);
    wait_ms(&d, 9 * 3600 * SECOND);
    assert_int_equal(member_housekeeping(&d.m, d.db, &d.err), RESULT_OK);
    assert_int_equal(number_of(&d, QUERY_session_read, s.id), -1);
    desk_stop(&d);
}

static void freezing(void **state)
{
    WITH_DESK;
    struct session s;
    char token[64];
    instant at, since = 1;

    sign_in(&d, ids[0], HERE, token);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_OK);
    assert_int_equal(db_begin(d.db, STORE_READ, &d.err), RESULT_OK);
    assert_int_equal(member_frozen_since(d.db, TEXT("P0"), &since, &d.err), RESULT_OK);
    assert_int_equal(since, 0);
    db_rollback(d.db);
    assert_int_equal(member_freeze(&d.m, d.db, &s, &at, &d.err), RESULT_OK);
    assert_int_equal(at, clock_now(&d.clock));
    wait_ms(&d, MINUTE);
    instant again;
    assert_int_equal(member_freeze(&d.m, d.db, &s, &again, &d.err), RESULT_CONFLICT);
    assert_int_equal(db_begin(d.db, STORE_READ, &d.err), RESULT_OK);
    assert_int_equal(member_frozen_since(d.db, TEXT("P0"), &since, &d.err), RESULT_OK);
    assert_int_equal(since, at);
    assert_int_equal(member_frozen_since(d.db, TEXT("P1"), &since, &d.err), RESULT_OK);
    assert_int_equal(since, 0);
    db_rollback(d.db);
    assert_int_equal(member_lift(&d.clock, d.db, TEXT("P1"), &since, &again, &d.err),
                     RESULT_CONFLICT);
    assert_int_equal(member_lift(&d.clock, d.db, TEXT("P0"), &since, &again, &d.err), RESULT_OK);
    assert_int_equal(since, at);
    assert_int_equal(again, clock_now(&d.clock));
    assert_int_equal(member_lift(&d.clock, d.db, TEXT("P0"), &since, &again, &d.err),
                     RESULT_CONFLICT);
    assert_int_equal(db_begin(d.db, STORE_READ, &d.err), RESULT_OK);
    assert_int_equal(member_frozen_since(d.db, TEXT("P0"), &since, &d.err), RESULT_OK);
    assert_int_equal(since, 0);
    db_rollback(d.db);
    wait_ms(&d, MINUTE);
    assert_int_equal(member_freeze(&d.m, d.db, &s, &at, &d.err), RESULT_OK);
    desk_stop(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits),
        cmocka_unit_test(strange_places),
        cmocka_unit_test(read_marks),
        cmocka_unit_test(clock_set_back),
        cmocka_unit_test(tokens_that_are_none),
        cmocka_unit_test(map_lost),
        cmocka_unit_test(sign_out_is_seen_everywhere),
        cmocka_unit_test(sign_out_of_one_leaves_the_other),
        cmocka_unit_test(sign_out_that_was_interrupted),
        cmocka_unit_test(sign_out_past_a_held_slot),
        cmocka_unit_test(filling_and_ending),
        cmocka_unit_test(housekeeping),
        cmocka_unit_test(freezing),
    };

    return run_on_both("member session", tests, sizeof tests / sizeof *tests);
}
