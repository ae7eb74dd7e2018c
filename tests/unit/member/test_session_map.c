/* The session map under many threads and processes, some of which are killed in the middle.
 *
 * Every session's account and person follow from its id, so that a torn or mixed copy is seen. */
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "member/internal.h"

enum { WAYS_BYTES = 8, SETS = (1 << 19) / 8, CROWD = 24, SECONDS_MS = 1500 };

static char home[64];

static struct session_map *map_new(void)
{
    struct session_map *map = NULL;
    struct error err = {0};
    char path[128];

    snprintf(path, sizeof path, "%s/run/sessions", home);
    unlink(path);
    if (session_map_open(home, &map, &err) != RESULT_OK) {
        fail_msg("%s", err.sentence);
    }
    return map;
}

/* Session n of a crowd in one set of slots (the set is chosen by the id's first eight bytes). */
static struct session session_n(int n)
{
    struct session s = {.channel = 1, .created = n + 1, .used = n + 1, .ends = n + 1000};
    uint64_t first = 5 + (uint64_t)n * SETS;

    memset(s.id, n + 1, sizeof s.id);
    memcpy(s.id, &first, sizeof first);
    snprintf(s.person, sizeof s.person, "person-%d-%d", n, n * 7919);
    snprintf(s.account, sizeof s.account, "account-%d-%d", n, n * 104729);
    return s;
}

static bool is_whole(const struct session *got, int n)
{
    struct session want = session_n(n);

    return memcmp(got->id, want.id, sizeof want.id) == 0 && strcmp(got->person, want.person) == 0 &&
           strcmp(got->account, want.account) == 0 && got->created == want.created &&
           got->ends == want.ends && got->channel == 1;
}

static int share(struct session_map *map, const struct session *s)
{
    uint64_t endings = session_map_endings(map);
    int slot = session_map_fill(map, s, s->used);

    if (slot >= 0 && session_map_endings(map) == endings) {
        session_map_publish(map, slot, s->id);
    }
    return slot;
}

static void one_session(void **state)
{
    struct session_map *map = map_new();
    struct session s = session_n(1), got, out[4];
    (void)state;

    assert_int_equal(session_map_find(map, s.id, &got), RESULT_BUSY);
    s.slot = session_map_fill(map, &s, s.used);
    assert_true(s.slot >= 0);
    assert_int_equal(session_map_find(map, s.id, &got), RESULT_BUSY); /* not yet to be believed */
    session_map_publish(map, s.slot, s.id);
    assert_int_equal(session_map_find(map, s.id, &got), RESULT_OK);
    assert_true(is_whole(&got, 1));
    assert_int_equal(got.slot, s.slot);

    assert_int_equal(session_map_looked(map, &got, 3), 0);
    session_map_set_looked(map, &got, 3, 77);
    assert_int_equal(session_map_looked(map, &got, 3), 77);
    assert_int_equal(session_map_looked(map, &got, 2), 0);
    session_map_set_looked(map, &got, 0, 1); /* no such part */
    session_map_set_looked(map, &got, 16, 1);
    assert_int_equal(session_map_looked(map, &got, 16), 0);

    assert_int_equal(session_map_flush(map, out, 4), 0);
    session_map_use(map, &got, 500);
    assert_int_equal(session_map_flush(map, out, 4), 1);
    assert_int_equal(out[0].used, 500);
    assert_int_equal(session_map_flush(map, out, 4), 0);

    assert_true(session_map_end(map, s.id));
    assert_int_equal(session_map_find(map, s.id, &got), RESULT_NOT_FOUND);
    share(map, &s); /* a late filler that had read the store before */
    assert_int_equal(session_map_find(map, s.id, &got), RESULT_NOT_FOUND);
    session_map_close(map);
}

/* A slot given to another session keeps nothing of the first one's. */
static void slots_change_hands(void **state)
{
    struct session_map *map = map_new();
    struct session first = session_n(0), got;
    (void)state;

    first.slot = share(map, &first);
    session_map_set_looked(map, &first, 3, 77);
    for (int n = 1; n < CROWD; n++) {
        struct session s = session_n(n);

        s.slot = share(map, &s);
        assert_true(s.slot >= 0);
        assert_int_equal(session_map_looked(map, &s, 3), 0);
    }
    assert_int_equal(session_map_find(map, first.id, &got), RESULT_BUSY);
    assert_int_equal(session_map_looked(map, &first, 3), 0);
    session_map_set_looked(map, &first, 3, 99); /* its old slot is another person's now */
    session_map_use(map, &first, 1 << 20);
    for (int n = 1; n < CROWD; n++) {
        struct session s = session_n(n);

        if (session_map_find(map, s.id, &got) == RESULT_OK) {
            assert_int_equal(session_map_looked(map, &got, 3), 0);
            assert_int_equal(got.used, s.used);
        }
    }
    session_map_close(map);
}

/* --- many at once --- */

static _Atomic bool over;
static struct session_map *shared;

struct torturer {
    unsigned seed;
    bool failed;
    uint64_t found;
};

static void *torture(void *context)
{
    struct torturer *t = context;
    struct session got;

    while (!over) {
        int n = (int)((unsigned)rand_r(&t->seed) % CROWD);
        struct session s = session_n(n);

        switch (rand_r(&t->seed) % 6) {
        case 0: s.slot = share(shared, &s); break;
        case 1: session_map_end(shared, s.id); break;
        default:
            if (session_map_find(shared, s.id, &got) == RESULT_OK) {
                t->found++;
                t->failed |= !is_whole(&got, n);
                session_map_use(shared, &got, got.used + 1);
                session_map_set_looked(shared, &got, 1 + n % 15, 1000 + n);
                instant looked = session_map_looked(shared, &got, 1 + n % 15);
                t->failed |= looked != 0 && looked != 1000 + n;
            }
        }
        if (rand_r(&t->seed) % 64 == 0) {
            struct session out[8];
            size_t count = session_map_flush(shared, out, 8);

            for (size_t i = 0; i < count; i++) {
                t->failed |= !is_whole(&out[i], (int)out[i].created - 1);
            }
        }
    }
    return NULL;
}

static void pause_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static void threads(void **state)
{
    struct torturer t[4] = {{.seed = 1}, {.seed = 2}, {.seed = 3}, {.seed = 4}};
    pthread_t ids[4];
    uint64_t found = 0;
    (void)state;

    shared = map_new();
    over = false;
    for (int i = 0; i < 4; i++) {
        pthread_create(&ids[i], NULL, torture, &t[i]);
    }
    pause_ms(SECONDS_MS);
    over = true;
    for (int i = 0; i < 4; i++) {
        pthread_join(ids[i], NULL);
        assert_false(t[i].failed);
        found += t[i].found;
    }
    assert_true(found > 0);
    session_map_close(shared);
}

/* Writers killed at any moment: what remains is whole, and every slot can be used again. */
static void killed_writers(void **state)
{
    struct torturer mine = {.seed = 9};
    struct timespec began, now;
    struct session got;
    (void)state;

    shared = map_new();
    over = false;
    clock_gettime(CLOCK_MONOTONIC, &began);
    do {
        pid_t child = fork();

        if (child == 0) {
            struct torturer t = {.seed = (unsigned)getpid()};

            torture(&t);
            _exit(0);
        }
        pause_ms(1 + rand_r(&mine.seed) % 4);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        for (int n = 0; n < CROWD; n++) {
            struct session s = session_n(n);

            if (session_map_find(shared, s.id, &got) == RESULT_OK) {
                assert_true(is_whole(&got, n));
            }
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000 <
             2 * SECONDS_MS);
    for (int n = 0; n < CROWD; n++) {
        struct session s = session_n(n);

        assert_true(session_map_end(shared, s.id));
        assert_int_not_equal(session_map_find(shared, s.id, &got), RESULT_OK);
    }
    for (int n = CROWD; n < CROWD + 8; n++) { /* all eight slots of the set */
        struct session s = session_n(n);

        assert_true(share(shared, &s) >= 0);
        assert_int_equal(session_map_find(shared, s.id, &got), RESULT_OK);
    }
    session_map_close(shared);
}

/* A lock that a dead process holds is taken over; one of a living process is not. */
static void held_locks(void **state)
{
    struct session s = session_n(1), got;
    char path[128];
    uint64_t lock, words[4];
    size_t at = 0;
    uint8_t *file;
    pid_t gone;
    (void)state;

    shared = map_new();
    s.slot = share(shared, &s);
    snprintf(path, sizeof path, "%s/run/sessions", home);
    int fd = open(path, O_RDWR);
    off_t size = lseek(fd, 0, SEEK_END);
    file = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(file != MAP_FAILED);
    memcpy(words, s.id, sizeof words);
    for (off_t i = 0; i + 32 < size && at == 0; i += 8) {
        if (memcmp(file + i, s.id, 32) == 0) {
            at = (size_t)i - 8; /* the lock stands before the id */
        }
    }
    assert_true(at > 0);
    gone = fork();
    if (gone == 0) {
        _exit(0);
    }
    waitpid(gone, NULL, 0);

    lock = 1 | (uint64_t)(uint32_t)getppid() << 32; /* alive: only waited for */
    memcpy(file + at, &lock, 8);
    assert_int_equal(session_map_find(shared, s.id, &got), RESULT_BUSY);
    assert_false(session_map_end(shared, s.id));
    assert_int_equal(session_map_fill(shared, &s, 1), -1);

    lock = 1 | (uint64_t)(uint32_t)gone << 32;
    memcpy(file + at, &lock, 8);
    assert_int_equal(session_map_find(shared, s.id, &got), RESULT_BUSY);
    assert_true(session_map_end(shared, s.id));
    assert_int_not_equal(session_map_find(shared, s.id, &got), RESULT_OK);
    memcpy(&lock, file + at, 8);
    assert_int_equal(lock % 2, 0);
    munmap(file, (size_t)size);
    close(fd);
    session_map_close(shared);
}

/* What an earlier boot left is emptied: its process numbers mean others now. */
static void another_boot(void **state)
{
    struct session s = session_n(1), got;
    struct session_map *map = map_new();
    struct error err = {0};
    char path[128];
    (void)state;

    share(map, &s);
    assert_int_equal(session_map_find(map, s.id, &got), RESULT_OK);
    session_map_close(map);
    assert_int_equal(session_map_open(home, &map, &err), RESULT_OK);
    assert_int_equal(session_map_find(map, s.id, &got), RESULT_OK);
    session_map_close(map);
    snprintf(path, sizeof path, "%s/run/sessions", home);
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "another-boot", 12, 16), 12);
    close(fd);
    assert_int_equal(session_map_open(home, &map, &err), RESULT_OK);
    assert_int_equal(session_map_find(map, s.id, &got), RESULT_BUSY);
    share(map, &s);
    assert_int_equal(session_map_find(map, s.id, &got), RESULT_OK);
    session_map_close(map);
}

/* A program that keeps sessions in another form does not start beside one that has them mapped, since a
 * sign-out at the one would not end the session at the other. When that one is gone, it makes the map anew. */
static void another_form(void **state)
{
    struct session_map *map, *other;
    struct session s, got;
    struct error err;
    char path[128];

    (void)state;
    s = session_n(1);
    assert_int_equal(session_map_open(home, &map, &err), RESULT_OK);
    share(map, &s);
    snprintf(path, sizeof path, "%s/run/sessions", home);
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "\x63\0\0\0", 4, 0), 4);
    assert_int_equal(session_map_open(home, &other, &err), RESULT_CONFIG);
    assert_non_null(strstr(err.sentence, "stop it"));
    assert_int_equal(session_map_find(map, s.id, &got), RESULT_OK);
    session_map_close(map);
    close(fd);
    assert_int_equal(session_map_open(home, &map, &err), RESULT_OK);
    assert_int_equal(session_map_find(map, s.id, &got), RESULT_BUSY);
    session_map_close(map);
}

/* Two programs that have it mapped: what the one ends is ended for the other. */
static void two_programs(void **state)
{
    struct session_map *map, *other;
    struct session s, got;
    struct error err;

    (void)state;
    s = session_n(1);
    assert_int_equal(session_map_open(home, &map, &err), RESULT_OK);
    share(map, &s);
    assert_int_equal(session_map_open(home, &other, &err), RESULT_OK);
    assert_int_equal(session_map_find(other, s.id, &got), RESULT_OK);
    assert_true(session_map_end(other, s.id));
    assert_int_not_equal(session_map_find(map, s.id, &got), RESULT_OK);
    session_map_close(map);
    session_map_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_session),  cmocka_unit_test(slots_change_hands),
        cmocka_unit_test(threads),      cmocka_unit_test(killed_writers),
        cmocka_unit_test(held_locks),   cmocka_unit_test(another_boot),
        cmocka_unit_test(another_form), cmocka_unit_test(two_programs),
    };
    char path[128];
    int failed;

    snprintf(home, sizeof home, "/tmp/anju-map-XXXXXX");
    if (!mkdtemp(home)) {
        return 1;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(path, sizeof path, "%s/run/sessions", home);
    unlink(path);
    snprintf(path, sizeof path, "%s/run", home);
    rmdir(path);
    rmdir(home);
    return failed;
}
