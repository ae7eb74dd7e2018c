/* A city is written by two threads that take turns: people are numbered, a turn takes the next
 * hundred and lives them; the lines are appended in the order of the numbers. */
#include "city.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/progress.h"
#include "lives.h"
#include "outfiles.h"

enum { THREADS = 2, PEOPLE_A_TURN = 100 };

struct work {
    const struct city *city;
    struct world world;
    struct outfiles *out;
    struct progress progress;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    int64_t taken, written, turns; /* turns taken, written, in all */
    enum result result;
    struct error *err;
};

static int64_t take_turn(struct work *k)
{
    int64_t turn = -1;

    pthread_mutex_lock(&k->lock);
    if (k->result == RESULT_OK && k->taken < k->turns)
        turn = k->taken++;
    pthread_mutex_unlock(&k->lock);
    return turn;
}

/* Waits until all earlier turns are written, then writes this one. */
static void write_turn(struct work *k, int64_t turn, const struct sheet *s)
{
    enum result result;
    struct error err = {0};

    pthread_mutex_lock(&k->lock);
    while (k->written != turn && k->result == RESULT_OK)
        pthread_cond_wait(&k->turned, &k->lock);
    result = k->result;
    pthread_mutex_unlock(&k->lock);
    if (result != RESULT_OK)
        return;
    /* the only one whose turn it is: writing needs no lock */
    result = outfiles_write(k->out, s, &err);
    progress_show(&k->progress, (uint64_t)(turn + 1) * PEOPLE_A_TURN);
    pthread_mutex_lock(&k->lock);
    k->written++;
    if (result != RESULT_OK && k->result == RESULT_OK) {
        k->result = result;
        if (k->err != NULL)
            *k->err = err;
    }
    pthread_cond_broadcast(&k->turned);
    pthread_mutex_unlock(&k->lock);
}

static void *work_turns(void *context)
{
    struct work *k = context;
    int64_t all = k->world.people + k->world.newcomers, turn;
    struct sheet sheet = {0};
    struct lives *v = calloc(1, sizeof *v);

    if (v == NULL) {
        pthread_mutex_lock(&k->lock);
        k->result = error_set(k->err, RESULT_MEMORY, "out of memory");
        pthread_cond_broadcast(&k->turned);
        pthread_mutex_unlock(&k->lock);
        return NULL;
    }
    v->world = &k->world;
    v->until = k->city->until.day;
    v->from = date_is_none(k->city->from) ? NEVER : k->city->from.day;
    while ((turn = take_turn(k)) >= 0) {
        int64_t index = turn * PEOPLE_A_TURN, end = index + PEOPLE_A_TURN;

        sheet_clear(&sheet);
        if (turn == 0)
            lives_add_units(v, &sheet);
        for (; index < end && index < all; index++)
            if (index >= k->city->skip)
                lives_add(v, index, &sheet);
        write_turn(k, turn, &sheet);
    }
    sheet_free(&sheet);
    lives_free(v);
    free(v);
    return NULL;
}

static enum result work_all(struct work *k)
{
    pthread_t thread[THREADS];
    int started = 0;

    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->turned, NULL);
    progress_start(&k->progress, "people", (uint64_t)k->turns * PEOPLE_A_TURN);
    while (started < THREADS - 1 && pthread_create(&thread[started], NULL, work_turns, k) == 0)
        started++;
    work_turns(k); /* one alone can do it as well */
    for (int i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    progress_end(&k->progress);
    pthread_cond_destroy(&k->turned);
    pthread_mutex_destroy(&k->lock);
    return k->result;
}

enum result city_write(const struct city *c, struct error *err)
{
    struct outfiles out;
    struct work work = {.city = c, .out = &out, .err = err};
    enum result result =
        world_make(&work.world, c->people, c->seed, c->first.day, c->years, c->until.day, err);

    if (result != RESULT_OK)
        return result;
    work.turns = (work.world.people + work.world.newcomers + PEOPLE_A_TURN - 1) / PEOPLE_A_TURN;
    result = outfiles_open(&out, c->dir, c->force, err);
    if (result == RESULT_OK)
        result = work_all(&work);
    if (result == RESULT_OK)
        result = outfiles_finish(&out, c, err);
    outfiles_close(&out);
    world_free(&work.world);
    return result;
}
