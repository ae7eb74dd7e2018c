/* An operation from its file to the commit, once under its key. */
#include <jansson.h>
#include <stdio.h>

#include "internal.h"

enum { ARENA_LIMIT = 16 * 1024 * 1024, IDENTITY_MAX = 128 };

/* The operation and the digest of its file: what its key stands for, and its key when none is
 * given. */
static void identify(struct sha256 *sha, const struct contribution_order *o,
                     char identity[IDENTITY_MAX])
{
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];

    sha256_of(sha, o->content, o->size, digest);
    sha256_hex(digest, hex);
    snprintf(identity, IDENTITY_MAX, "%s %s", o->op->name, hex);
}

static void write_answer(const struct contribution_report *r, const char *name,
                         char answer[POST_ANSWER_MAX])
{
    snprintf(answer, POST_ANSWER_MAX,
             "{\"operation\":\"%s\",\"lines\":%lld,\"entries\":%lld,\"unit_fen\":%lld,"
             "\"own_fen\":%lld,\"amount_fen\":%lld,\"interest_fen\":%lld}",
             name, (long long)r->lines, (long long)r->entries, (long long)r->unit_amount.n,
             (long long)r->own_amount.n, (long long)r->amount.n, (long long)r->interest.n);
}

static int64_t number(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static enum result read_answer(struct text answer, struct contribution_report *r, struct error *err)
{
    json_t *o = json_loadb(answer.at, answer.len, 0, NULL);

    if (!o)
        return error_set(err, RESULT_DAMAGED, "the operation's answer cannot be read");
    r->lines = number(o, "lines");
    r->entries = number(o, "entries");
    r->unit_amount = fen_of(number(o, "unit_fen"));
    r->own_amount = fen_of(number(o, "own_fen"));
    r->amount = fen_of(number(o, "amount_fen"));
    r->interest = fen_of(number(o, "interest_fen"));
    json_decref(o);
    return RESULT_OK;
}

static bool is_of_the_line(enum result r)
{
    return r == RESULT_INVALID || r == RESULT_REFUSED || r == RESULT_NOT_FOUND;
}

static enum result do_line(struct work *w, const struct contribution_order *o,
                           const struct lines *l, int64_t i, struct error *err)
{
    struct error why = {0};
    enum result r;

    w->number = i + 1;
    r = o->op->line(w, &l->values[i * o->op->count], &why);
    arena_reset(w->arena);
    if (is_of_the_line(r))
        return error_set(err, r, "%s:%lld: %s", o->file, (long long)l->at[i], why.sentence);
    if (r != RESULT_OK && err)
        *err = why;
    return r;
}

static enum result do_lines(struct work *w, const struct contribution_order *o,
                            const struct lines *l, struct error *err)
{
    struct progress *bar = w->desk->progress;
    enum result r = RESULT_OK;

    w->first = l->values;
    if (bar)
        progress_start(bar, o->op->name, (uint64_t)l->count);
    for (int64_t i = 0; i < l->count && r == RESULT_OK; i++) {
        r = do_line(w, o, l, i, err);
        if (bar)
            progress_show(bar, (uint64_t)i + 1);
    }
    if (bar)
        progress_end(bar);
    w->report->lines = l->count;
    w->report->entries = w->p.entries;
    w->report->amount = w->p.total;
    return r;
}

/* Inside the transaction. */
static enum result do_all(struct work *w, const struct contribution_order *o, const struct lines *l,
                          const struct post_order *order, struct sha256 *sha, struct error *err)
{
    char answer[POST_ANSWER_MAX];
    enum result r = post_begin(w->desk->db, w->arena, sha, order, &w->p, err);

    if (r == RESULT_OK && w->p.already) {
        w->report->already = true;
        w->report->batch = w->p.batch;
        return read_answer(w->p.answer, w->report, err);
    }
    if (r == RESULT_OK)
        r = do_lines(w, o, l, err);
    if (r != RESULT_OK)
        return r;
    write_answer(w->report, o->op->name, answer);
    w->report->batch = o->dry_run ? 0 : w->p.batch;
    return post_end(&w->p, true, text_of(answer), err);
}

/* The key that follows from the content, when none is given. */
static void make_key(const struct work *w, const struct contribution_order *o, const char *identity,
                     char key[POST_KEY_MAX + 1])
{
    char day[DATE_TEXT_MAX];

    date_format(w->today, day);
    if (o->of_the_day)
        snprintf(key, POST_KEY_MAX + 1, "%s %s", identity, day);
    else
        snprintf(key, POST_KEY_MAX + 1, "%s", identity);
}

static enum result transact(struct work *w, const struct contribution_order *o,
                            const struct lines *l, struct sha256 *sha, const char *identity,
                            struct error *err)
{
    struct post_order order = {
        .key = o->key,
        .kind = o->op->kind,
        .content = text_of(identity),
        .actor = o->actor,
        .booked = w->today,
        .at = clock_now(w->desk->clock),
    };
    char key[POST_KEY_MAX + 1];
    enum result r = db_begin(w->desk->db, STORE_WRITE_LEDGER, err);

    if (r != RESULT_OK)
        return r;
    make_key(w, o, identity, key);
    if (order.key.len == 0)
        order.key = text_of(key);
    r = do_all(w, o, l, &order, sha, err);
    if (r == RESULT_OK && !o->dry_run && !w->report->already)
        return db_commit(w->desk->db, err);
    db_rollback(w->desk->db);
    return r;
}

enum result contribution_post(const struct contribution_desk *desk,
                              const struct contribution_order *order,
                              struct contribution_report *out, struct error *err)
{
    struct work w = {.desk = desk, .today = clock_today(desk->clock), .report = out};
    struct sha256 *sha = sha256_new();
    struct lines lines = {0};
    char identity[IDENTITY_MAX];
    enum result r = RESULT_OK;

    w.judge = (struct judge){.as_of = w.today, .demo = desk->demo};
    *out = (struct contribution_report){0};
    w.arena = arena_new(ARENA_LIMIT);
    if (!sha || !w.arena)
        r = error_set(err, RESULT_MEMORY, "out of memory");
    if (r == RESULT_OK) {
        identify(sha, order, identity);
        r = order_lines_read(&lines, order, &w.judge, err);
    }
    if (r == RESULT_OK)
        r = transact(&w, order, &lines, sha, identity, err);
    order_lines_free(&lines);
    arena_free(w.arena);
    sha256_free(sha);
    return r;
}
