/* The settlement of a city: accounts are worked out in blocks by several threads, each reading a
 * part of the city; one writer takes the blocks as they come, a transaction each. */
#include "settle.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settle_internal.h"

enum {
    WORKERS = 2,
    BLOCKS = 2 * WORKERS + 1, /* one is being written, the others worked out or waiting */
    SPARE_BLOCKS = 64,        /* flow numbers for blocks that are worked out again */
    BUSY_TRIES = 60,          /* of five seconds each */
    ARENA = 1024 * 1024,
    KEY_ROOM = 32,
};

static const char FIRST[] = "";
static const char BEYOND[] =
    "\xf4\x8f\xbf\xbf"; /* after every number: the last character there is */

struct part {
    struct work *work;
    pthread_t thread;
    char after[SETTLE_NUMBER_MAX + 1], to[SETTLE_NUMBER_MAX + 1];
};

/* One run, shared by its threads. */
struct work {
    struct settle_run run;
    struct store *store;
    struct db *db; /* the writer's */
    struct sha256 *sha;
    struct arena *arena;
    struct progress *progress;
    struct settle_report *report;
    int64_t seen; /* accounts that have their row */

    pthread_mutex_t lock;
    pthread_cond_t empty_there, full_there;
    struct settle_block *empty, *full;
    int working; /* parts that are not through */
    bool stop;
    int64_t next_line, lines_end;
    enum result result;
    struct error err;
    struct part parts[WORKERS];
};

/* --- working out, in threads --- */

static void fail(struct work *w, enum result r, const struct error *err)
{
    pthread_mutex_lock(&w->lock);
    if (w->result == RESULT_OK) {
        w->result = r;
        w->err = *err;
    }
    w->stop = true;
    pthread_cond_broadcast(&w->empty_there);
    pthread_cond_broadcast(&w->full_there);
    pthread_mutex_unlock(&w->lock);
}

/* An empty block with flow numbers of its own; NULL when the run stops. */
static struct settle_block *take_empty(struct work *w)
{
    struct settle_block *b;

    pthread_mutex_lock(&w->lock);
    while (!w->empty && !w->stop)
        pthread_cond_wait(&w->empty_there, &w->lock);
    b = w->stop ? NULL : w->empty;
    if (b) {
        w->empty = b->next;
        b->first_line = w->next_line;
        w->next_line += SETTLE_BLOCK;
    }
    pthread_mutex_unlock(&w->lock);
    return b;
}

static void give(struct work *w, struct settle_block *b, bool full)
{
    struct settle_block **to = full ? &w->full : &w->empty;

    pthread_mutex_lock(&w->lock);
    b->next = *to;
    *to = b;
    pthread_cond_signal(full ? &w->full_there : &w->empty_there);
    pthread_mutex_unlock(&w->lock);
}

static enum result one_block(struct part *part, struct db *db, struct sha256 *sha,
                             struct settle_block *b, struct error *err)
{
    enum result r = db_begin(db, STORE_READ, err);

    memcpy(b->after, part->after, sizeof b->after);
    if (r == RESULT_OK)
        r = settle_block_work_out(&part->work->run, db, sha, part->to, b, err);
    db_rollback(db);
    return r;
}

static enum result all_blocks(struct part *part, struct db *db, struct sha256 *sha,
                              struct error *err)
{
    struct work *w = part->work;
    struct settle_block *b;

    while ((b = take_empty(w)) != NULL) {
        enum result r = one_block(part, db, sha, b, err);
        bool last = r != RESULT_OK || b->count < SETTLE_BLOCK;

        if (r == RESULT_OK && b->count > 0)
            memcpy(part->after, b->last, sizeof part->after);
        give(w, b, r == RESULT_OK && b->count > 0);
        if (last)
            return r;
    }
    return RESULT_OK;
}

static void *work_part(void *argument)
{
    struct part *part = argument;
    struct work *w = part->work;
    struct error err = {0};
    struct db *db = NULL;
    struct sha256 *sha = sha256_new();
    enum result r = sha ? db_open(w->store, &db, &err) : ledger_no_memory(&err);

    if (r == RESULT_OK)
        r = db_read_bounded(db, &err);
    if (r == RESULT_OK)
        r = all_blocks(part, db, sha, &err);
    db_close(db);
    sha256_free(sha);
    if (r != RESULT_OK)
        fail(w, r, &err);
    pthread_mutex_lock(&w->lock);
    w->working--;
    pthread_cond_broadcast(&w->full_there);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* --- writing --- */

/* A turn at the ledger's write lock; others have theirs between blocks. */
static enum result begin_write(struct db *db, struct error *err)
{
    enum result r = RESULT_BUSY;

    for (int i = 0; i < BUSY_TRIES && r == RESULT_BUSY; i++)
        r = db_begin(db, STORE_WRITE_LEDGER, err);
    return r;
}

/* Accounts of the block were posted to, or another process settled them: worked out again by the
 * writer itself, which nobody can get ahead of. */
static enum result write_again(struct work *w, struct settle_block *b, struct error *err)
{
    char last[SETTLE_NUMBER_MAX + 1];
    enum result r = begin_write(w->db, err);

    memcpy(last, b->last, sizeof last);
    if (r == RESULT_OK)
        r = settle_block_work_out(&w->run, w->db, w->sha, last, b, err);
    if (r == RESULT_OK && b->count > 0)
        r = settle_block_write(&w->run, w->db, b, err);
    if (r == RESULT_OK)
        return db_commit(w->db, err);
    db_rollback(w->db);
    return r;
}

static enum result write_block(struct work *w, struct settle_block *b, struct error *err)
{
    enum result r = begin_write(w->db, err);

    if (r != RESULT_OK)
        return r;
    r = settle_block_write(&w->run, w->db, b, err);
    if (r == RESULT_OK)
        r = db_commit(w->db, err);
    else
        db_rollback(w->db);
    if (r == RESULT_CONFLICT)
        r = write_again(w, b, err);
    for (size_t i = 0; i < b->count && r == RESULT_OK; i++)
        w->report->posted_now += b->rows[i].outcome == SETTLE_POSTED;
    w->seen += (int64_t)b->count;
    if (w->progress)
        progress_show(w->progress, (uint64_t)w->seen);
    return r;
}

static struct settle_block *take_full(struct work *w)
{
    struct settle_block *b;

    pthread_mutex_lock(&w->lock);
    while (!w->full && w->working > 0 && !w->stop)
        pthread_cond_wait(&w->full_there, &w->lock);
    b = w->stop ? NULL : w->full;
    if (b)
        w->full = b->next;
    pthread_mutex_unlock(&w->lock);
    return b;
}

static void write_all(struct work *w)
{
    struct settle_block *b;

    while ((b = take_full(w)) != NULL) {
        struct error err = {0};
        enum result r = write_block(w, b, &err);

        if (r != RESULT_OK)
            fail(w, r, &err);
        give(w, b, false);
    }
}

/* --- before and after --- */

static void settle_key(const struct work *w, char key[KEY_ROOM])
{
    char day[DATE_TEXT_MAX];

    date_format(w->run.day, day);
    snprintf(key, KEY_ROOM, "settle %s", day);
}

/* The operation, and flow numbers for every block of this run. */
static enum result begin(struct work *w, const struct clock *clock, struct error *err)
{
    char key[KEY_ROOM];
    int64_t lines = (w->report->accounts / SETTLE_BLOCK + SPARE_BLOCKS) * SETTLE_BLOCK;
    struct posting p;
    struct stmt *q;
    enum result r = begin_write(w->db, err);

    settle_key(w, key);
    if (r == RESULT_OK)
        r = post_begin(w->db, w->arena, w->sha,
                       &(struct post_order){.key = text_of(key),
                                            .kind = POST_SETTLEMENT,
                                            .content = text_of(key),
                                            .actor = TEXT("settle"),
                                            .booked = w->run.day,
                                            .at = clock_now(clock)},
                       &p, err);
    if (r == RESULT_OK) {
        w->run.batch = p.batch;
        w->next_line = p.line;
        w->lines_end = p.line + lines;
        q = db_query(w->db, QUERY_settle_lines);
        stmt_int(q, 1, p.batch);
        stmt_int(q, 2, lines);
        r = stmt_run(q, NULL, err);
    }
    if (r == RESULT_OK)
        return db_commit(w->db, err);
    db_rollback(w->db);
    return r;
}

/* Divides the city among the threads by account number. */
static enum result divide(struct work *w, struct error *err)
{
    enum result r = RESULT_OK;

    for (int i = 0; i < WORKERS && r == RESULT_OK; i++) {
        struct part *p = &w->parts[i];
        struct stmt *q;
        enum stmt_step step = STMT_DONE;

        p->work = w;
        memcpy(p->after, i == 0 ? FIRST : w->parts[i - 1].to,
               i == 0 ? sizeof FIRST : sizeof p->after);
        memcpy(p->to, BEYOND, sizeof BEYOND);
        if (i + 1 == WORKERS || w->report->accounts < WORKERS)
            continue;
        q = db_query(w->db, QUERY_settle_divide);
        stmt_int(q, 1, w->report->accounts * (i + 1) / WORKERS);
        step = stmt_step(q);
        if (step == STMT_ROW)
            text_copy(column_text(q, 0), p->to, sizeof p->to);
        stmt_end(q);
        if (step != STMT_ROW && step != STMT_DONE)
            r = db_failure(w->db, err);
    }
    return r;
}

/* A run that was ended behind the last account leaves an operation that is not done. */
static enum result is_open(struct work *w, bool *open, struct error *err)
{
    char key[KEY_ROOM];
    struct stmt *q = db_query(w->db, QUERY_settle_open);
    enum stmt_step step;

    settle_key(w, key);
    stmt_text(q, 1, text_of(key));
    step = stmt_step(q);
    *open = step == STMT_ROW;
    stmt_end(q);
    return *open || step == STMT_DONE ? RESULT_OK : db_failure(w->db, err);
}

/* What is to be done: missing accounts, and the operation when it is not done. */
static enum result look(struct work *w, int64_t *missing, bool *open, struct error *err)
{
    enum result r = db_begin(w->db, STORE_READ, err);

    if (r != RESULT_OK)
        return r;
    r = settle_before(&w->run, w->db, w->report, missing, err);
    if (r == RESULT_OK)
        r = is_open(w, open, err);
    if (r == RESULT_OK)
        r = divide(w, err);
    db_rollback(w->db);
    return r;
}

static enum result run_threads(struct work *w, struct error *err)
{
    struct settle_block *blocks = calloc(BLOCKS, sizeof *blocks);
    int started = 0;

    if (!blocks)
        return ledger_no_memory(err);
    for (int i = 0; i < BLOCKS; i++)
        give(w, &blocks[i], false);
    w->working = WORKERS;
    for (; started < WORKERS; started++)
        if (pthread_create(&w->parts[started].thread, NULL, work_part, &w->parts[started]) != 0) {
            fail(w, RESULT_MEMORY, &(struct error){RESULT_MEMORY, "cannot start a thread"});
            break;
        }
    write_all(w);
    for (int i = 0; i < started; i++)
        pthread_join(w->parts[i].thread, NULL);
    free(blocks);
    if (w->result == RESULT_OK && w->next_line > w->lines_end)
        return error_set(err, RESULT_BUSY, "the city grew meanwhile; run it again");
    if (w->result != RESULT_OK && err)
        *err = w->err;
    return w->result;
}

/* --- the end --- */

static enum result finish(struct work *w, struct error *err)
{
    const struct settle_report *o = w->report;
    struct posting p = {.db = w->db, .batch = w->run.batch};
    char answer[128];
    int length =
        snprintf(answer, sizeof answer, "{\"posted\":%" PRId64 ",\"interest_fen\":%" PRId64 "}",
                 o->outcomes[SETTLE_POSTED], o->interest.n);
    enum result r = begin_write(w->db, err);

    if (r == RESULT_OK)
        r = post_end(&p, true, (struct text){answer, (size_t)length}, err);
    if (r == RESULT_OK)
        return db_commit(w->db, err);
    db_rollback(w->db);
    return r;
}

static enum result settle(struct work *w, const struct clock *clock, struct error *err)
{
    int64_t missing = 0;
    bool open = false;
    enum result r = look(w, &missing, &open, err);

    if (r != RESULT_OK)
        return r;
    w->report->already = missing == 0;
    open = open || missing > 0; /* from now on */
    if (open)
        r = begin(w, clock, err);
    w->seen = w->report->accounts - missing;
    if (w->progress && missing > 0)
        progress_start(w->progress, "settling", (uint64_t)w->report->accounts);
    if (r == RESULT_OK && missing > 0)
        r = run_threads(w, err);
    if (w->progress && missing > 0)
        progress_end(w->progress);
    if (r == RESULT_OK)
        r = settle_complete(&w->run, w->db, w->report, err);
    return r == RESULT_OK && open ? finish(w, err) : r;
}

static enum result check_day(const struct work *w, const struct clock *clock, struct error *err)
{
    char text[DATE_TEXT_MAX];
    struct deposit_rate rate;

    date_format(w->run.day, text);
    if (settlement_on_or_after(w->run.day).day != w->run.day.day)
        return error_set(err, RESULT_INVALID, "%s is no settlement day: it is 30 June", text);
    if (w->run.day.day > clock_today(clock).day)
        return error_set(err, RESULT_REFUSED, "%s is still to come", text);
    if (policy_deposit_rate(w->run.policy, w->run.day, &rate) != RESULT_OK)
        return error_set(err, RESULT_CONFIG, "the policy knows no deposit rate for that time");
    return RESULT_OK;
}

enum result settle_city(struct store *store, const struct policy *policy, const struct clock *clock,
                        civil_date day, struct progress *progress, struct settle_report *report,
                        struct error *err)
{
    int64_t began = clock_monotonic_us();
    struct work w = {.run = {.policy = policy, .day = day},
                     .store = store,
                     .progress = progress,
                     .report = report,
                     .lock = PTHREAD_MUTEX_INITIALIZER,
                     .empty_there = PTHREAD_COND_INITIALIZER,
                     .full_there = PTHREAD_COND_INITIALIZER,
                     .sha = sha256_new(),
                     .arena = arena_new(ARENA)};
    enum result r = check_day(&w, clock, err);

    *report = (struct settle_report){.day = day};
    if (r == RESULT_OK && (!w.sha || !w.arena))
        r = ledger_no_memory(err);
    if (r == RESULT_OK)
        r = db_open(store, &w.db, err);
    if (r == RESULT_OK)
        r = db_read_bounded(w.db, err);
    if (r == RESULT_OK)
        r = settle(&w, clock, err);
    report->batch = w.run.batch;
    report->seconds = (double)(clock_monotonic_us() - began) / 1e6;
    db_close(w.db);
    sha256_free(w.sha);
    arena_free(w.arena);
    return r;
}
