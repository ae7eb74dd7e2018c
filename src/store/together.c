/* Many small writes of one process, committed at once.
 *
 * A commit on SQLite waits for the disk, and writers of a side exclude each other: sixteen threads
 * that each commit one line wait sixteen times. So writers queue: the one in front writes what all
 * those behind it have brought, commits once and tells them, while the next ones gather. */
#include "store/internal.h"

#include <stdlib.h>

enum { TOGETHER_MAX = 64 }; /* works in one transaction */

struct job {
    db_work *work;
    void *arg;
    enum result result;
    struct error err;
    struct job *next;
    bool done, leads;
    pthread_cond_t wake;
};

enum result store_queues_make(struct store *s, struct error *err)
{
    for (int side = 0; side < SIDE_COUNT; side++)
        if (pthread_mutex_init(&s->queues[side].lock, NULL) != 0)
            return error_set(err, RESULT_MEMORY, "There is no memory for the database.");
    return RESULT_OK;
}

void store_queues_free(struct store *s)
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        db_close(s->queues[side].writer);
        pthread_mutex_destroy(&s->queues[side].lock);
    }
}

/* One work in a transaction of its own. */
static enum result alone(struct db *db, enum store_side side, db_work *work, void *arg,
                         struct error *err)
{
    enum result r = db_begin(db, side, err);

    if (r == RESULT_OK)
        r = work(db, arg, err);
    if (r == RESULT_OK)
        return db_commit(db, err);
    db_rollback(db);
    return r;
}

/* All of the list in one transaction: true when that was its outcome, which each job then has.
 * False: one of them does not go; nothing is written. */
static bool all_at_once(struct db *db, enum store_side side, struct job *list)
{
    struct error err = {0};
    enum result r = db_begin(db, side, &err);

    if (r == RESULT_OK) {
        for (struct job *j = list; j; j = j->next) {
            if (j->work(db, j->arg, &j->err) != RESULT_OK) {
                db_rollback(db);
                return false;
            }
        }
        r = db_commit(db, &err);
    }
    for (struct job *j = list; j; j = j->next) {
        j->result = r;
        j->err = err;
    }
    return true;
}

static void run_all(struct db *db, enum store_side side, struct job *list)
{
    if (list->next && all_at_once(db, side, list))
        return;
    for (struct job *j = list; j; j = j->next) {
        j->err = (struct error){0};
        j->result = alone(db, side, j->work, j->arg, &j->err);
    }
}

/* Takes the jobs in front, `mine` among them, out of the queue. */
static struct job *take(struct write_queue *q)
{
    struct job *list = q->first, *last = list;

    for (int n = 1; n < TOGETHER_MAX && last->next; n++)
        last = last->next;
    q->first = last->next;
    if (!q->first)
        q->last = NULL;
    last->next = NULL;
    return list;
}

/* The queue's own connection, made when it is first needed; without it the leader's serves. */
static struct db *writer_of(struct write_queue *q, struct db *leader)
{
    struct error err = {0};

    if (!q->writer && db_open(leader->store, &q->writer, &err) != RESULT_OK)
        return leader;
    return q->writer;
}

/* With the queue's lock held, which it is again at the end. */
static void lead(struct db *db, enum store_side side, struct write_queue *q, struct job *mine)
{
    struct job *list = take(q), *next;

    pthread_mutex_unlock(&q->lock);
    run_all(writer_of(q, db), side, list);
    pthread_mutex_lock(&q->lock);
    for (struct job *j = list; j; j = next) {
        next = j->next; /* its owner may be gone once it knows */
        j->done = true;
        if (j != mine)
            pthread_cond_signal(&j->wake);
    }
    q->busy = q->first != NULL;
    if (q->first) {
        q->first->leads = true;
        pthread_cond_signal(&q->first->wake);
    }
}

enum result db_together(struct db *db, enum store_side side, db_work *work, void *arg,
                        struct error *err)
{
    struct write_queue *q = &db->store->queues[side == STORE_WRITE_DESK ? SIDE_DESK : SIDE_LEDGER];
    struct job mine = {.work = work, .arg = arg};

    if (db->engine->remote)
        return alone(db, side, work, arg, err); /* such a server does this by itself */
    pthread_cond_init(&mine.wake, NULL);
    pthread_mutex_lock(&q->lock);
    if (q->last)
        q->last->next = &mine;
    else
        q->first = &mine;
    q->last = &mine;
    mine.leads = !q->busy;
    q->busy = true;
    while (!mine.done && !mine.leads)
        pthread_cond_wait(&mine.wake, &q->lock);
    if (!mine.done)
        lead(db, side, q, &mine);
    pthread_mutex_unlock(&q->lock);
    pthread_cond_destroy(&mine.wake);
    if (mine.result != RESULT_OK && err)
        *err = mine.err;
    return mine.result;
}
