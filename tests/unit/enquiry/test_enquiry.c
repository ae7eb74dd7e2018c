/* Enquiries: asked once however often they are sent, bounded, answered without changing a word. */
#include "fixture.h"

#include <pthread.h>
#include <stdio.h>

#include "enquiry/enquiry.h"

/* 2026-11-23 08:00 in Shanghai. */
enum { NOW_S = 1795392000, HOUR_MS = 3600 * 1000, ARENA = 8 * 1024 * 1024 };
#define KEY "0123456789abcdef"

struct desk {
    struct fixture *f;
    struct clock clock;
    struct random random;
    struct arena *arena;
    struct enquiry_desk d;
    struct policy *policy;
    struct enquiry *list;
    size_t count;
    bool more;
};

static void desk_start(struct desk *k, struct fixture *f)
{
    char keys[128];

    *k = (struct desk){.f = f, .arena = arena_new(ARENA)};
    clock_fixed(&k->clock, "Asia/Shanghai", (instant)NOW_S * 1000);
    random_system(&k->random);
    snprintf(keys, sizeof keys, "%s/keys", f->home);
    ok(f, vault_open(keys, true, &k->d.vault, &f->err));
    ok(f, policy_load("policy/kunming.yaml", &k->policy, &f->err));
    k->d.clock = &k->clock;
    k->d.policy = k->policy;
}

static void desk_stop(struct desk *k)
{
    arena_free(k->arena);
    policy_free(k->policy);
    vault_close(k->d.vault);
}

static struct view view_of(struct desk *k, struct db *db, const char *person, bool staff)
{
    struct view v = {0};
    struct access_request q = {
        .person = text_of(person),
        .account = TEXT("A0"),
        .actor_kind = staff ? ACTOR_STAFF : ACTOR_HOLDER,
        .actor = staff ? TEXT("0317") : TEXT(""),
        .place = TEXT("desktop"),
        .case_no = TEXT(""),
        .channel = staff ? CHANNEL_COMMAND : CHANNEL_WEB,
        .part = PART_ENQUIRIES,
        .purpose = staff ? PURPOSE_SERVICE : PURPOSE_OWN,
    };

    ok(k->f, access_open(db, &k->clock, &q, &v, &k->f->err));
    return v;
}

static struct enquiry_question about_month(const char *key, const char *words)
{
    return (struct enquiry_question){.about = ABOUT_MONTH,
                                     .reference = TEXT("2026-09"),
                                     .account = TEXT("A0"),
                                     .words = text_of(words),
                                     .key = text_of(key)};
}

static enum result ask(struct desk *k, const char *person, const struct enquiry_question *q,
                       struct enquiry_asked *out)
{
    struct view v = view_of(k, k->f->db, person, false);

    return enquiry_ask(&k->d, k->f->db, &k->random, &v, q, out, &k->f->err);
}

static void read_all(struct desk *k, const char *person, int64_t before, int limit)
{
    struct view v = view_of(k, k->f->db, person, false);

    ok(k->f, db_begin(k->f->db, STORE_READ, &k->f->err));
    ok(k->f, enquiry_list(&k->d, k->f->db, k->arena, &v, before, limit, &k->list, &k->count,
                          &k->more, &k->f->err));
    db_rollback(k->f->db);
}

static enum result reply_to(struct desk *k, const char *person, int64_t seq, const char *words,
                            bool closes)
{
    struct view v = view_of(k, k->f->db, person, true);
    struct enquiry_reply r = {.seq = seq,
                              .staff = TEXT("0317"),
                              .office = TEXT("城东管理部"),
                              .words = text_of(words),
                              .closes = closes};

    return enquiry_reply(&k->d, k->f->db, &k->random, &v, &r, &k->f->err);
}

static void asked_and_answered(void **state)
{
    static const char secret[] = "为什么九月没有入账？\n第二行 𠀀";
    struct desk k;
    struct enquiry_question q = about_month(KEY, secret);
    struct enquiry_asked e;

    desk_start(&k, *state);
    ok(k.f, ask(&k, "P0", &q, &e));
    assert_int_equal(e.seq, 1);
    assert_false(e.replay);
    /* The 23rd, and five days: the 28th. */
    assert_int_equal(e.due_on.day, date_of(2026, 11, 28).day);
    assert_memory_equal(e.number, "W20261123-", 10);
    read_all(&k, "P0", 0, 10);
    assert_int_equal(k.count, 1);
    assert_true(text_equal(k.list[0].words, text_of(secret)));
    assert_true(text_equal(k.list[0].reference, TEXT("2026-09")));
    assert_int_equal(k.list[0].state, ENQUIRY_OPEN);
    assert_int_equal(k.list[0].answer_count, 0);
    if (on_sqlite(k.f)) {
        assert_false(files_hold(k.f, secret, sizeof secret - 1));
        assert_true(files_hold(k.f, e.number, strlen(e.number)));
    }
    ok(k.f, reply_to(&k, "P0", 1, "单位十月补缴，已入账。", false));
    k.clock.shift_ms += HOUR_MS;
    ok(k.f, reply_to(&k, "P0", 1, "补充：按入账日计息。", true));
    assert_int_equal(reply_to(&k, "P0", 1, "再来一次", false), RESULT_CONFLICT);
    read_all(&k, "P0", 0, 10);
    assert_int_equal(k.list[0].state, ENQUIRY_CLOSED);
    assert_int_equal(k.list[0].answer_count, 2);
    assert_true(text_equal(k.list[0].answers[0].words, TEXT("单位十月补缴，已入账。")));
    assert_true(text_equal(k.list[0].answers[1].office, TEXT("城东管理部")));
    assert_int_equal(k.list[0].answers[1].at - k.list[0].answers[0].at, HOUR_MS);
    read_all(&k, "P1", 0, 10);
    assert_int_equal(k.count, 0);
    desk_stop(&k);
}

static void the_same_key(void **state)
{
    struct desk k;
    struct enquiry_question q = about_month(KEY, "为什么？"), other = about_month(KEY, "为什么!");
    struct enquiry_asked first, again;

    desk_start(&k, *state);
    ok(k.f, ask(&k, "P0", &q, &first));
    k.clock.shift_ms += 30 * HOUR_MS;
    ok(k.f, ask(&k, "P0", &q, &again));
    assert_true(again.replay);
    assert_string_equal(first.number, again.number);
    assert_int_equal(first.seq, again.seq);
    assert_int_equal(first.at, again.at);
    assert_int_equal(first.due_on.day, again.due_on.day);
    assert_int_equal(ask(&k, "P0", &other, &again), RESULT_CONFLICT);
    other = about_month(KEY, "为什么？");
    other.reference = TEXT("2026-08");
    assert_int_equal(ask(&k, "P0", &other, &again), RESULT_CONFLICT);
    /* Another person's key is another key. */
    ok(k.f, ask(&k, "P1", &q, &again));
    assert_false(again.replay);
    read_all(&k, "P0", 0, 10);
    assert_int_equal(k.count, 1);
    desk_stop(&k);
}

static void limits(void **state)
{
    struct desk k;
    struct enquiry_asked e;
    char key[32] = "";
    int asked = 0;

    desk_start(&k, *state);
    for (int day = 0; day < 2; day++) {
        for (int i = 0; i < ENQUIRY_DAY_MAX; i++) {
            struct enquiry_question q = about_month(key, "为什么？");

            snprintf(key, sizeof key, "key-of-this-form-%d", asked++);
            q.key = text_of(key);
            ok(k.f, ask(&k, "P0", &q, &e));
            k.clock.shift_ms += HOUR_MS;
        }
        {
            struct enquiry_question q = about_month("one-too-many-today", "为什么？");

            assert_int_equal(ask(&k, "P0", &q, &e), RESULT_TOO_MANY);
            if (day == 0) { /* the first of today was five hours ago */
                assert_int_equal(e.until, clock_now(&k.clock) + 19 * HOUR_MS);
                k.clock.shift_ms += 19 * HOUR_MS - 1;
                assert_int_equal(ask(&k, "P0", &q, &e), RESULT_TOO_MANY);
                k.clock.shift_ms += 5 * HOUR_MS;
            }
        }
    }
    /* Ten are open, and another day does not help; an answer does. */
    k.clock.shift_ms += 48 * HOUR_MS;
    {
        struct enquiry_question q = about_month("while-ten-are-open", "为什么？");

        assert_int_equal(ask(&k, "P0", &q, &e), RESULT_TOO_MANY);
        assert_int_equal(e.until, 0);
        ok(k.f, reply_to(&k, "P0", 3, "这样。", false));
        ok(k.f, ask(&k, "P0", &q, &e));
        assert_int_equal(e.seq, 11);
    }
    read_all(&k, "P0", 0, 4);
    assert_int_equal(k.count, 4);
    assert_true(k.more);
    assert_int_equal(k.list[3].seq, 8);
    read_all(&k, "P0", 4, 1);
    assert_int_equal(k.count, 1);
    assert_int_equal(k.list[0].seq, 3);
    assert_int_equal(k.list[0].answer_count, 1);
    desk_stop(&k);
}

static void what_is_malformed(void **state)
{
    static const struct {
        int about;
        const char *reference;
        bool good;
    } references[] = {
        {ABOUT_STATE, "", true},
        {ABOUT_STATE, "1", false},
        {ABOUT_MONTH, "2026-09", true},
        {ABOUT_MONTH, "", false},
        {ABOUT_MONTH, "2026-13", false},
        {ABOUT_ENTRY, "12", true},
        {ABOUT_ENTRY, "0", false},
        {ABOUT_ENTRY, "-1", false},
        {ABOUT_ENTRY, "1234567890123456789", false},
        {ABOUT_LOOK, "7", true},
        {ABOUT_WITHDRAWAL, "TQ1", true},
        {ABOUT_WITHDRAWAL, "", false},
        {ABOUT_WITHDRAWAL, "a b", false},
        {ABOUT_WITHDRAWAL, "12345678901234567890123456789012345678901", false},
        {ABOUT_LOAN, "", true},
        {ABOUT_LOAN, "2", true},
        {ABOUT_LOAN, "12", false},
        {ABOUT_OTHER, "", true},
        {ABOUT_OTHER, "x", false},
        {0, "", false},
        {ABOUT_OTHER + 1, "", false},
    };
    static const char *const words[] = {"",     " \n ", "a\tb",         "a\rb",
                                        "\x7f", "\xff", "a\xed\xa0\x80"};
    static const char *const keys[] = {"",
                                       "short",
                                       "0123456789abcde",
                                       "0123456789abcde ",
                                       "0123456789abcde\xc3\xa4",
                                       "01234567890123456789012345678901234567890123456789012345"
                                       "678901234"};
    struct desk k;
    struct enquiry_asked e;
    char many[ENQUIRY_WORDS_MAX + 2];

    desk_start(&k, *state);
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        if (enquiry_reference_valid(references[i].about, text_of(references[i].reference)) !=
            references[i].good) {
            fail_msg("%d \"%s\"", references[i].about, references[i].reference);
        }
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct enquiry_question q = about_month(KEY, words[i]);

        assert_int_equal(ask(&k, "P0", &q, &e), RESULT_INVALID);
        assert_int_equal(reply_to(&k, "P0", 1, words[i], false), RESULT_INVALID);
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct enquiry_question q = about_month(keys[i], "为什么？");

        assert_int_equal(ask(&k, "P0", &q, &e), RESULT_INVALID);
    }
    memset(many, 'a', sizeof many);
    assert_true(enquiry_words_valid((struct text){many, ENQUIRY_WORDS_MAX}));
    assert_false(enquiry_words_valid((struct text){many, ENQUIRY_WORDS_MAX + 1}));
    read_all(&k, "P0", 0, 10);
    assert_int_equal(k.count, 0);
    desk_stop(&k);
}

/* --- at once --- */

enum { THREADS = 8 };
struct sender {
    struct desk *k;
    int number;
    bool one_key;
    enum result result;
    struct enquiry_asked asked;
};

static void *send_one(void *at)
{
    struct sender *s = at;
    struct db *db = NULL;
    struct error err = {0};
    struct random random;
    char key[32] = "";
    struct enquiry_question q = about_month(key, "同时提出");
    struct view v;

    random_system(&random);
    snprintf(key, sizeof key, "key-of-sender-%d-", s->one_key ? 0 : s->number + 10);
    q.key = text_of(key);
    if (db_open(s->k->f->store, &db, &err) != RESULT_OK) {
        s->result = err.code;
        return NULL;
    }
    v = view_of(s->k, db, s->one_key ? "P0" : "P1", false);
    s->result = enquiry_ask(&s->k->d, db, &random, &v, &q, &s->asked, &err);
    db_close(db);
    return NULL;
}

static void senders_run(struct desk *k, bool one_key, struct sender s[THREADS])
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        s[i] = (struct sender){.k = k, .number = i, .one_key = one_key};
        assert_int_equal(pthread_create(&threads[i], NULL, send_one, &s[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* One form sent eight times at once is one enquiry; eight forms are as many as are allowed. */
static void at_once(void **state)
{
    struct desk k;
    struct sender s[THREADS];
    int originals = 0, good = 0;

    desk_start(&k, *state);
    senders_run(&k, true, s);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(s[i].result, RESULT_OK);
        assert_int_equal(s[i].asked.seq, 1);
        originals += !s[i].asked.replay;
    }
    assert_int_equal(originals, 1);
    senders_run(&k, false, s);
    for (int i = 0; i < THREADS; i++) {
        assert_true(s[i].result == RESULT_OK || s[i].result == RESULT_TOO_MANY);
        good += s[i].result == RESULT_OK;
    }
    assert_int_equal(good, ENQUIRY_DAY_MAX);
    read_all(&k, "P1", 0, 100);
    assert_int_equal(k.count, ENQUIRY_DAY_MAX);
    desk_stop(&k);
}

/* --- the centre's side --- */

static void the_queue(void **state)
{
    struct desk k;
    struct enquiry_asked e;
    struct enquiry_due *due = NULL;
    struct enquiry_place place;
    size_t count = 0;
    struct enquiry_question q = about_month(KEY, "为什么？");

    desk_start(&k, *state);
    ok(k.f, ask(&k, "P0", &q, &e));
    k.clock.shift_ms -= 24 * HOUR_MS; /* asked a day before, due a day before */
    ok(k.f, ask(&k, "P1", &q, &e));
    ok(k.f, db_begin(k.f->db, STORE_READ, &k.f->err));
    ok(k.f, enquiry_queue(k.f->db, k.arena, ENQUIRY_OPEN, 10, &due, &count, &k.f->err));
    assert_int_equal(count, 2);
    assert_true(text_equal(due[0].number, text_of(e.number)));
    assert_int_equal(due[0].due_on.day + 1, due[1].due_on.day);
    ok(k.f, enquiry_queue(k.f->db, k.arena, ENQUIRY_OPEN, 1, &due, &count, &k.f->err));
    assert_int_equal(count, 1);
    ok(k.f, enquiry_find(k.f->db, text_of(e.number), &place, &k.f->err));
    assert_string_equal(place.person, "P1");
    assert_int_equal(place.seq, 1);
    assert_int_equal(enquiry_find(k.f->db, TEXT("W"), &place, &k.f->err), RESULT_NOT_FOUND);
    db_rollback(k.f->db);
    ok(k.f, reply_to(&k, "P1", 1, "这样。", false));
    ok(k.f, db_begin(k.f->db, STORE_READ, &k.f->err));
    ok(k.f, enquiry_queue(k.f->db, k.arena, ENQUIRY_ANSWERED, 10, &due, &count, &k.f->err));
    assert_int_equal(count, 1);
    db_rollback(k.f->db);
    desk_stop(&k);
}

static void answers_cannot_be_changed(void **state)
{
    struct desk k;
    struct enquiry_asked e;
    struct enquiry_question q = about_month(KEY, "为什么？");

    desk_start(&k, *state);
    ok(k.f, ask(&k, "P0", &q, &e));
    for (int i = 0; i < ENQUIRY_ANSWERS_MAX; i++) {
        ok(k.f, reply_to(&k, "P0", 1, "这样。", false));
    }
    assert_int_equal(reply_to(&k, "P0", 1, "再说一次", false), RESULT_CONFLICT);
    read_all(&k, "P0", 0, 1);
    assert_int_equal(k.list[0].answer_count, ENQUIRY_ANSWERS_MAX);
    desk_stop(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asked_and_answered),
        cmocka_unit_test(the_same_key),
        cmocka_unit_test(limits),
        cmocka_unit_test(what_is_malformed),
        cmocka_unit_test(at_once),
        cmocka_unit_test(the_queue),
        cmocka_unit_test(answers_cannot_be_changed),
    };

    return run_on_both("enquiry", tests, sizeof tests / sizeof *tests);
}
