/* The record of looks: who may see what, what makes a new line, and a chain that stays whole. */
#include "fixture.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "access/access.h"
#include "base/arena.h"

enum { NOW_S = 1795392000, MINUTE_MS = 60000, ARENA = 4 * 1024 * 1024 };

struct record {
    struct fixture *f;
    struct clock clock;
    struct arena *arena;
    struct look *looks;
    size_t count;
    bool more;
};

static void record_start(struct record *r, struct fixture *f)
{
    *r = (struct record){.f = f, .arena = arena_new(ARENA)};
    assert_non_null(r->arena);
    clock_fixed(&r->clock, "Asia/Shanghai", (instant)NOW_S * 1000);
}

static struct access_request own(const char *person, enum access_part part)
{
    return (struct access_request){
        .person = text_of(person),
        .account = TEXT("A0"),
        .actor_kind = ACTOR_HOLDER,
        .actor = TEXT(""),
        .place = TEXT("desktop"),
        .case_no = TEXT(""),
        .channel = CHANNEL_WEB,
        .part = part,
        .purpose = PURPOSE_OWN,
    };
}

static enum result look_at(struct record *r, const struct access_request *q, struct view *v)
{
    return access_open(r->f->db, &r->clock, q, v, &r->f->err);
}

/* All lines of the person, newest first, read past the view's own line. */
static void lines(struct record *r, const char *person)
{
    struct stmt *q;

    ok(r->f, db_begin(r->f->db, STORE_READ, &r->f->err));
    q = db_query(r->f->db, QUERY_looks_of_person);
    stmt_text(q, 1, text_of(person));
    stmt_int(q, 2, INT64_MAX);
    stmt_int(q, 3, 1000);
    r->looks = arena_alloc(r->arena, 1000 * sizeof *r->looks);
    for (r->count = 0; stmt_step(q) == STMT_ROW; r->count++) {
        r->looks[r->count] = (struct look){
            .seq = column_int(q, 0),
            .at = column_int(q, 1),
            .actor_kind = (int)column_int(q, 2),
            .actor = text_of(arena_copy(r->arena, column_text(q, 3))),
            .place = text_of(arena_copy(r->arena, column_text(q, 4))),
            .channel = (int)column_int(q, 5),
            .part = (int)column_int(q, 6),
            .purpose = (int)column_int(q, 7),
            .case_no = text_of(arena_copy(r->arena, column_text(q, 8))),
            .outcome = (int)column_int(q, 9),
        };
    }
    db_rollback(r->f->db);
}

/* Recomputes the person's chain to its head. */
static void chain_is_whole(struct record *r, const char *person)
{
    uint8_t hash[32] = {0}, next[32];
    struct stmt *q;

    lines(r, person);
    for (size_t i = r->count; i > 0; i--) {
        const struct look *l = &r->looks[i - 1];

        assert_int_equal(l->seq, (int64_t)(r->count - i + 1));
        look_hash(text_of(person), l, hash, next);
        memcpy(hash, next, sizeof hash);
    }
    ok(r->f, db_begin(r->f->db, STORE_WRITE_DESK, &r->f->err));
    q = db_query(r->f->db, QUERY_look_head);
    stmt_text(q, 1, text_of(person));
    assert_int_equal(stmt_step(q), STMT_ROW);
    assert_int_equal(column_int(q, 0), (int64_t)r->count);
    assert_memory_equal(column_bytes(q, 1).at, hash, 32);
    stmt_end(q);
    db_rollback(r->f->db);
}

static void joins_for_fifteen_minutes(void **state)
{
    struct record r;
    struct view v;
    struct access_request q = own("P0", PART_OVERVIEW), phone = q, ledger = own("P0", PART_LEDGER);
    instant first;

    record_start(&r, *state);
    first = clock_now(&r.clock);
    phone.place = TEXT("phone");
    assert_int_equal(look_at(&r, &q, &v), RESULT_OK);
    assert_true(view_is_good(&v, PART_OVERVIEW));
    assert_false(view_is_good(&v, PART_LEDGER));
    assert_int_equal(v.looked, first);
    r.clock.shift_ms += 15 * MINUTE_MS - 1;
    assert_int_equal(look_at(&r, &q, &v), RESULT_OK);
    assert_int_equal(v.looked, first);
    assert_int_equal(look_at(&r, &ledger, &v), RESULT_OK); /* another part: a line */
    assert_int_equal(look_at(&r, &phone, &v), RESULT_OK);  /* another place: a line */
    lines(&r, "P0");
    assert_int_equal(r.count, 3);
    r.clock.shift_ms += 1;
    assert_int_equal(look_at(&r, &q, &v), RESULT_OK);
    assert_int_equal(v.looked, first + 15 * MINUTE_MS);
    chain_is_whole(&r, "P0");
    assert_int_equal(r.count, 4);
    /* A clock that was set back: a new line, never one that covers the future. */
    r.clock.shift_ms -= 60 * MINUTE_MS;
    assert_int_equal(look_at(&r, &q, &v), RESULT_OK);
    assert_int_equal(v.looked, clock_now(&r.clock));
    chain_is_whole(&r, "P0");
    assert_int_equal(r.count, 5);
    arena_free(r.arena);
}

static void what_is_refused_is_recorded(void **state)
{
    struct record r;
    struct view v = {0};
    struct access_request q = own("P0", PART_LEDGER);

    record_start(&r, *state);
    q.actor_kind = ACTOR_STAFF;
    q.actor = TEXT("clerk 07");
    q.place = TEXT("西山管理部 3 号窗口 𠀀");
    q.case_no = TEXT("2026-0117");
    q.purpose = PURPOSE_SERVICE;
    for (int i = 0; i < 3; i++) { /* each a line of its own */
        assert_int_equal(look_at(&r, &q, &v), RESULT_REFUSED);
        assert_false(view_is_good(&v, PART_LEDGER));
    }
    assert_null(strstr(r.f->err.sentence, "P0"));
    chain_is_whole(&r, "P0");
    assert_int_equal(r.count, 3);
    assert_int_equal(r.looks[0].outcome, OUTCOME_REFUSED);
    assert_string_equal(r.looks[0].case_no.at, "2026-0117");
    /* The holder's own look does not hide behind a refused one. */
    q = own("P0", PART_LEDGER);
    assert_int_equal(look_at(&r, &q, &v), RESULT_OK);
    lines(&r, "P0");
    assert_int_equal(r.count, 4);
    arena_free(r.arena);
}

static void pages_of_the_record(void **state)
{
    struct record r;
    struct view v;
    struct access_request q = own("P0", PART_LOOKS);

    record_start(&r, *state);
    for (int i = 0; i < 7; i++) {
        r.clock.shift_ms += 15 * MINUTE_MS;
        assert_int_equal(look_at(&r, &q, &v), RESULT_OK);
    }
    ok(r.f, db_begin(r.f->db, STORE_READ, &r.f->err));
    ok(r.f, access_looks(r.f->db, r.arena, &v, 0, 5, &r.looks, &r.count, &r.more, &r.f->err));
    assert_int_equal(r.count, 5);
    assert_true(r.more);
    assert_int_equal(r.looks[0].seq, 7);
    ok(r.f, access_looks(r.f->db, r.arena, &v, r.looks[4].seq, 5, &r.looks, &r.count, &r.more,
                         &r.f->err));
    assert_int_equal(r.count, 2);
    assert_false(r.more);
    assert_int_equal(r.looks[1].seq, 1);
    db_rollback(r.f->db);
    arena_free(r.arena);
}

static void joined_without_the_store(void **state)
{
    struct access_request q = own("P0", PART_OVERVIEW);
    struct clock clock;
    struct view v = {0};
    instant now;
    (void)state;

    clock_fixed(&clock, "Asia/Shanghai", (instant)NOW_S * 1000);
    now = clock_now(&clock);
    assert_int_equal(access_joined(&clock, &q, 0, &v), RESULT_REFUSED);
    assert_int_equal(access_joined(&clock, &q, now + 1, &v), RESULT_REFUSED);
    assert_int_equal(access_joined(&clock, &q, now - ACCESS_JOIN_MS, &v), RESULT_REFUSED);
    assert_false(view_is_good(&v, PART_OVERVIEW));
    assert_int_equal(access_joined(&clock, &q, now - ACCESS_JOIN_MS + 1, &v), RESULT_OK);
    assert_true(view_is_good(&v, PART_OVERVIEW));
    v.part = PART_LEDGER; /* a view is of one part */
    assert_false(view_is_good(&v, PART_LEDGER));
    q.actor_kind = ACTOR_STAFF; /* everyone else's look is a line each time */
    assert_int_equal(access_joined(&clock, &q, now, &v), RESULT_REFUSED);
}

/* Computed from docs/stores.md in Python, with struct and hashlib. */
static void hash_vector(void **state)
{
    struct look first = {1, NOW_S * 1000LL, 1, 1, 1, 1, 1, TEXT(""), TEXT("desktop"), TEXT("")};
    struct look second = {2,
                          NOW_S * 1000LL + 1,
                          2,
                          2,
                          3,
                          2,
                          2,
                          TEXT("clerk 07"),
                          TEXT("西山管理部 3 号窗口 𠀀"),
                          TEXT("2026-0117")};
    uint8_t none[32] = {0}, a[32], b[32];
    char hex[65];
    (void)state;

    look_hash(TEXT("P0"), &first, none, a);
    assert_string_equal(sodium_bin2hex(hex, sizeof hex, a, 32), "231474751eebdf94d2b5baf2aea7e06b"
                                                                "db295c0e8a5cb99ba80db5545bfdf522");
    look_hash(TEXT("P0"), &second, a, b);
    assert_string_equal(sodium_bin2hex(hex, sizeof hex, b, 32), "923c0ed0e459810c77ae674907d27bb0"
                                                                "55b4256b527edd70760cb9474ec28284");
}

/* --- one person looks in several windows at once --- */

enum { THREADS = 4, LOOKS_EACH = 12 };

static struct fixture *shared;

/* No two threads read the same time, as on a real clock: a look that read it before it waited for
 * another one would seem to come before that one, and not join it. */
static instant ticking(const struct clock *c)
{
    static _Atomic instant ticks;

    (void)c;
    return ++ticks;
}

static void *look_often(void *context)
{
    struct record r = {.f = shared};
    struct fixture mine = *shared;
    int n = *(int *)context;
    char place[16];

    clock_fixed(&r.clock, "Asia/Shanghai", (instant)NOW_S * 1000);
    r.clock.now = ticking;
    mine.db = NULL;
    if (db_open(mine.store, &mine.db, &mine.err) != RESULT_OK) {
        abort();
    }
    r.f = &mine;
    for (int i = 0; i < LOOKS_EACH; i++) {
        struct access_request q = own("P0", 1 + i % 5);
        struct view v;

        /* Half of them the same lines as the other threads. */
        snprintf(place, sizeof place, "place-%d", i % 2 ? n : 99);
        q.place = text_of(place);
        if (look_at(&r, &q, &v) != RESULT_OK || !view_is_good(&v, q.part)) {
            abort();
        }
    }
    db_close(mine.db);
    return NULL;
}

static void many_windows(void **state)
{
    struct record r;
    pthread_t threads[THREADS];
    int numbers[THREADS];

    shared = *state;
    record_start(&r, *state);
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, look_often, &numbers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    chain_is_whole(&r, "P0");
    /* Five parts at the common place, five at each thread's own. */
    assert_int_equal(r.count, 5 + 5 * THREADS);
    arena_free(r.arena);
}

/* Somebody holds the record for longer than anybody waits: nothing is shown, and it is no fault. */
static void a_record_that_is_held(void **state)
{
    struct record r;
    struct access_request q = own("P0", PART_LEDGER);
    struct view v = {0};
    struct db *holder = NULL;
    struct stmt *head;

    record_start(&r, *state);
    assert_int_equal(look_at(&r, &q, &v), RESULT_OK);
    assert_int_equal(db_open(r.f->store, &holder, &r.f->err), RESULT_OK);
    assert_int_equal(db_begin(holder, STORE_WRITE_DESK, &r.f->err), RESULT_OK);
    head = db_query(holder, QUERY_look_head);
    stmt_text(head, 1, TEXT("P0"));
    assert_int_equal(stmt_step(head), STMT_ROW);
    stmt_end(head);
    q.part = PART_OVERVIEW;
    v = (struct view){0};
    assert_int_equal(look_at(&r, &q, &v), RESULT_BUSY);
    assert_false(view_is_good(&v, PART_OVERVIEW));
    db_close(holder);
    assert_int_equal(look_at(&r, &q, &v), RESULT_OK);
    arena_free(r.arena);
}

/* --- the table of who may see what --- */

static void every_combination(void **state)
{
    static const int holder_web[] = {
        PART_OVERVIEW,   PART_CONTRIBUTIONS, PART_LEDGER,    PART_LOOKS,     PART_FREEZE,
        PART_INTEREST,   PART_WITHDRAWALS,   PART_LOAN,      PART_ENQUIRIES, PART_MESSAGES,
        PART_STATEMENTS, PART_SECURITY,      PART_BORROWING, PART_YEAR};
    int count = 0;
    (void)state;

    for (int actor = -1; actor <= ACTOR_AUDITOR + 1; actor++) {
        for (int channel = -1; channel <= CHANNEL_COMMAND + 1; channel++) {
            for (int part = -1; part <= 70; part++) {
                /* The centre's staff see what was asked, an account's interest and loan, a stop,
                 * withdrawals. */
                bool want =
                    actor == ACTOR_STAFF && channel == CHANNEL_COMMAND &&
                    (part == PART_ENQUIRIES || part == PART_INTEREST || part == PART_FREEZE ||
                     part == PART_LOAN || part == PART_WITHDRAWALS || part == PART_LEDGER);

                for (size_t i = 0; i < sizeof holder_web / sizeof *holder_web; i++) {
                    want |=
                        actor == ACTOR_HOLDER && channel == CHANNEL_WEB && part == holder_web[i];
                }
                assert_int_equal(access_allowed((enum access_actor)actor,
                                                (enum access_channel)channel,
                                                (enum access_part)part),
                                 want);
                count += want;
            }
        }
    }
    assert_int_equal(count, sizeof holder_web / sizeof *holder_web + 6);
}

static void words(void **state)
{
    (void)state;
    assert_string_equal(access_part_word(PART_LOOKS), "looks");
    assert_string_equal(access_part_word(0), "");
    assert_string_equal(access_part_word(-1), "");
    assert_string_equal(access_part_word(99), "");
    for (int i = 1; i <= ACTOR_AUDITOR; i++) {
        assert_true(*access_actor_word(i));
    }
    for (int i = 1; i <= PURPOSE_CHECK; i++) {
        assert_true(*access_purpose_word(i));
    }
    assert_string_equal(access_channel_word(CHANNEL_WEB), "web");
    assert_string_equal(access_outcome_word(OUTCOME_REFUSED), "refused");
    assert_string_equal(access_outcome_word(3), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_for_fifteen_minutes),
        cmocka_unit_test(what_is_refused_is_recorded),
        cmocka_unit_test(pages_of_the_record),
        cmocka_unit_test(many_windows),
        cmocka_unit_test(a_record_that_is_held),
        cmocka_unit_test(joined_without_the_store),
        cmocka_unit_test(hash_vector),
        cmocka_unit_test(every_combination),
        cmocka_unit_test(words),
    };

    return run_on_both("access", tests, sizeof tests / sizeof *tests);
}
