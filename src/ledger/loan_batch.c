/* What happens to all loans of a city on a day: collecting, repricing. In blocks, a transaction each;
 * what is done no longer stands among what waits, so a run that was killed goes on where it was. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/progress.h"
#include "internal.h"
#include "ledger/loan_post_internal.h"

enum { BLOCK = 128, BUSY_TRIES = 60, ARENA = 64 * 1024 * 1024, KEY_MAX = 48, ACCOUNT_MAX = 64 };

/* A loan of a page. */
struct waiting {
    char account[ACCOUNT_MAX], loan[LOAN_NUMBER_BYTES + 1];
};

struct batch_run {
    const struct loan_batch *b;
    struct loan_batch_report *report;
    struct arena *arena;
    struct sha256 *sha;
    struct posting p;
    int64_t whole_lines, whole_act; /* up to the last act that is complete */
    const char *verb;
    char after[ACCOUNT_MAX], after_loan[LOAN_NUMBER_BYTES + 1];
    enum query_id page, page_count;
    enum result (*one)(struct batch_run *run, struct loan_post *l, struct error *err);
};

static void pass(struct batch_run *run, const struct waiting *w, const char *why)
{
    struct loan_batch_report *report = run->report;

    if (report->passed < LOAN_PASSED_MAX) {
        struct loan_passed *p = &report->list[report->passed];

        snprintf(p->account, sizeof p->account, "%.23s", w->account);
        snprintf(p->loan, sizeof p->loan, "%s", w->loan);
        snprintf(p->why, sizeof p->why, "%.119s", why);
    }
    report->passed++;
}

/* --- one loan --- */

/* An act is complete: what fails from here on has written nothing of another. */
static void act_whole(struct batch_run *run, const struct loan_post *l)
{
    run->whole_lines = run->p.lines;
    run->whole_act = l->last.act;
}

static struct loan_terms terms_of(struct batch_run *run, const struct loan_post *l, enum result *r,
                                  struct error *err)
{
    struct stmt *q = db_query(run->b->db, QUERY_loan_batch_terms);
    struct loan_terms t = {0};
    enum stmt_step step;

    stmt_text(q, 1, l->account);
    stmt_text(q, 2, l->loan);
    step = stmt_step(q);
    if (step == STMT_ROW)
        t = (struct loan_terms){(int)column_int(q, 0), (int)column_int(q, 1),
                                (millionths)column_int(q, 2), column_date(q, 3)};
    stmt_end(q);
    *r = step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(run->b->db, err);
    return t;
}

static int compare_returned(const struct loan_returned *a, struct text account, struct text loan)
{
    int by_account = text_compare(a->account, account);

    return by_account ? by_account : text_compare(a->loan, loan);
}

static bool came_back(const struct loan_batch *b, const struct loan_post *l)
{
    size_t low = 0, high = b->returned_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int c = compare_returned(&b->returned[middle], l->account, l->loan);

        if (c == 0)
            return true;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static enum result collect_one(struct batch_run *run, struct loan_post *l, struct error *err)
{
    enum result r = RESULT_OK;
    struct loan_terms t = terms_of(run, l, &r, err);
    bool missed = came_back(run->b, l);

    while (r == RESULT_OK && l->standing.next.period > 0 &&
           l->standing.next.due.day <= run->b->day.day) {
        struct loan_ask ask = {.kind = missed ? LOAN_ACT_MISSED : LOAN_ACT_COLLECTED,
                               .day = l->standing.next.due};
        millionths rate;

        if (loan_rate_due(run->b->policy, &t, date_plus(ask.day, -1), &rate) &&
            rate != l->standing.rate)
            return error_set(err, RESULT_REFUSED,
                             "it takes a new rate on 1 January first: anju loan reprice");
        r = loan_post_do(l, &ask, 0, err);
        if (r != RESULT_OK)
            break;
        act_whole(run, l);
        run->report->acts_now++;
        if (l->last.kind == LOAN_ACT_COLLECTED)
            run->report->collected++;
        else
            run->report->missed++;
    }
    return r;
}

static enum result reprice_one(struct batch_run *run, struct loan_post *l, struct error *err)
{
    enum result r = RESULT_OK;
    struct loan_terms t = terms_of(run, l, &r, err);
    struct loan_ask ask = {.kind = LOAN_ACT_REPRICED, .day = run->b->day};

    if (r != RESULT_OK || !loan_rate_due(run->b->policy, &t, ask.day, &ask.rate) ||
        ask.rate == l->standing.rate || l->standing.next.period == 0)
        return r;
    r = loan_post_do(l, &ask, REVERSED_INTEREST, err);
    if (r == RESULT_OK) {
        act_whole(run, l);
        run->report->acts_now++;
        run->report->repriced++;
    }
    return r;
}

/* What the rules refuse of one loan does not hold up the others, as long as nothing was written of
 * the act that was refused. */
static enum result one_loan(struct batch_run *run, const struct waiting *w, struct error *err)
{
    struct loan_post *l = NULL;
    enum result r =
        loan_post_read(&run->p, run->b->policy, text_of(w->account), text_of(w->loan), &l, err);

    if (!l)
        return r;
    act_whole(run, l);
    if (r == RESULT_OK)
        r = run->one(run, l, err);
    run->report->loans++;
    if (r != RESULT_OK) {
        if ((r != RESULT_REFUSED && r != RESULT_DAMAGED) || run->p.lines != run->whole_lines ||
            l->last.act != run->whole_act)
            return r;
        pass(run, w, err->sentence);
    }
    run->report->principal = fen_add(run->report->principal, l->principal);
    run->report->interest = fen_add(run->report->interest, l->interest);
    return RESULT_OK;
}

/* --- blocks --- */

static enum result read_page(struct batch_run *run, struct waiting page[BLOCK], size_t *n,
                             struct error *err)
{
    struct stmt *q = db_query(run->b->db, run->page);
    enum stmt_step step;

    *n = 0;
    stmt_date(q, 1, run->b->day);
    stmt_text(q, 2, text_of(run->after));
    stmt_text(q, 3, text_of(run->after_loan));
    stmt_int(q, 4, BLOCK);
    while ((step = stmt_step(q)) == STMT_ROW && *n < BLOCK) {
        struct waiting *w = &page[(*n)++];

        text_copy(column_text(q, 0), w->account, sizeof w->account);
        text_copy(column_text(q, 1), w->loan, sizeof w->loan);
    }
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(run->b->db, err);
}

static enum result begin(struct batch_run *run, struct error *err)
{
    const struct loan_batch *b = run->b;
    char day[DATE_TEXT_MAX], key[KEY_MAX];
    uint8_t digest[SHA256_SIZE];
    char hex[65], content[KEY_MAX + 80];
    int length;

    date_format(b->day, day);
    snprintf(key, sizeof key, "loan %s %s", run->verb, day);
    sha256_of(run->sha, b->list_of.at, b->list_of.len, digest);
    sha256_hex(digest, hex);
    length = snprintf(content, sizeof content, "%s\nreturned %s", key, hex);
    return post_begin(b->db, run->arena, run->sha,
                      &(struct post_order){.key = text_of(key),
                                           .kind = POST_LOAN,
                                           .content = {content, (size_t)length},
                                           .actor = TEXT("loan"),
                                           .booked = clock_today(b->clock),
                                           .at = clock_now(b->clock)},
                      &run->p, err);
}

static enum result do_block(struct batch_run *run, bool *last, struct error *err)
{
    struct waiting page[BLOCK];
    char answer[96];
    size_t n = 0;
    int length;
    enum result r = begin(run, err);

    *last = true;
    run->report->batch = run->p.batch;
    run->report->already = run->p.already;
    if (r != RESULT_OK || run->p.already)
        return r;
    r = read_page(run, page, &n, err);
    for (size_t i = 0; i < n && r == RESULT_OK; i++)
        r = one_loan(run, &page[i], err);
    if (r != RESULT_OK)
        return r;
    *last = n < BLOCK;
    if (n > 0) {
        memcpy(run->after, page[n - 1].account, sizeof run->after);
        memcpy(run->after_loan, page[n - 1].loan, sizeof run->after_loan);
    }
    length = snprintf(answer, sizeof answer, "{\"operation\":\"%s\",\"number\":%" PRId64 "}",
                      run->verb, run->p.batch - POST_BATCH_BASE);
    /* Loans that were passed over may be done by a later run. */
    return post_end(&run->p, *last && run->report->passed == 0,
                    (struct text){answer, (size_t)length}, err);
}

static enum result begin_write(struct db *db, struct error *err)
{
    enum result r = RESULT_BUSY;

    for (int i = 0; i < BUSY_TRIES && r == RESULT_BUSY; i++)
        r = db_begin(db, STORE_WRITE_LEDGER, err);
    return r;
}

static enum result one_block(struct batch_run *run, bool *last, struct error *err)
{
    struct db *db = run->b->db;
    enum result r = begin_write(db, err);

    arena_reset(run->arena);
    if (r == RESULT_OK)
        r = do_block(run, last, err);
    if (r == RESULT_OK && !run->b->dry_run)
        return db_commit(db, err);
    db_rollback(db);
    return r;
}

static enum result count(struct batch_run *run, int64_t *out, struct error *err)
{
    struct db *db = run->b->db;
    struct stmt *q;
    enum stmt_step step;
    enum result r = db_begin(db, STORE_READ, err);

    *out = 0;
    if (r != RESULT_OK)
        return r;
    q = db_query(db, run->page_count);
    stmt_date(q, 1, run->b->day);
    step = stmt_step(q);
    if (step == STMT_ROW)
        *out = column_int(q, 0);
    stmt_end(q);
    db_rollback(db);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

/* What all runs of the operation posted, from its rows. */
static enum result totals(struct batch_run *run, struct error *err)
{
    struct loan_batch_report *o = run->report;
    struct db *db = run->b->db;
    struct stmt *q;
    enum stmt_step step;
    enum result r = db_begin(db, STORE_READ, err);

    if (r != RESULT_OK)
        return r;
    q = db_query(db, QUERY_loan_batch_totals);
    stmt_int(q, 1, o->batch);
    step = stmt_step(q);
    if (step == STMT_ROW) {
        o->principal = column_fen(q, 1);
        o->interest = column_fen(q, 2);
    }
    stmt_end(q);
    o->collected = o->missed = o->repriced = 0;
    q = db_query(db, QUERY_loan_batch_acts);
    stmt_int(q, 1, o->batch);
    while ((step = stmt_step(q)) == STMT_ROW) {
        int64_t kind = column_int(q, 0), n = column_int(q, 1);

        o->collected += kind == LOAN_ACT_COLLECTED ? n : 0;
        o->missed += kind == LOAN_ACT_MISSED ? n : 0;
        o->repriced += kind == LOAN_ACT_REPRICED ? n : 0;
    }
    stmt_end(q);
    db_rollback(db);
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result run_all(struct batch_run *run, struct error *err)
{
    const struct loan_batch *b = run->b;
    int64_t waiting;
    bool last = false;
    enum result r;

    if (b->day.day > clock_today(b->clock).day)
        return error_set(err, RESULT_REFUSED, "the day is still to come");
    r = count(run, &waiting, err);
    if (b->progress)
        progress_start(b->progress, run->verb, (uint64_t)waiting);
    while (r == RESULT_OK && !last) {
        r = one_block(run, &last, err);
        if (b->progress)
            progress_show(b->progress, (uint64_t)run->report->loans);
    }
    if (b->progress)
        progress_end(b->progress);
    return r == RESULT_OK && !b->dry_run ? totals(run, err) : r;
}

static enum result run_city(struct batch_run *run, const struct loan_batch *b,
                            struct loan_batch_report *out, struct error *err)
{
    int64_t began = clock_monotonic_us();
    enum result r = RESULT_OK;

    *out = (struct loan_batch_report){.day = b->day, .dry_run = b->dry_run};
    run->b = b;
    run->report = out;
    run->arena = arena_new(ARENA);
    run->sha = sha256_new();
    if (!run->arena || !run->sha)
        r = ledger_no_memory(err);
    if (r == RESULT_OK)
        r = run_all(run, err);
    arena_free(run->arena);
    sha256_free(run->sha);
    out->seconds = (double)(clock_monotonic_us() - began) / 1e6;
    return r;
}

enum result loan_collect_city(const struct loan_batch *b, struct loan_batch_report *out,
                              struct error *err)
{
    struct batch_run run = {
        .verb = "collect",
        .page = QUERY_loan_batch_due,
        .page_count = QUERY_loan_batch_due_count,
        .one = collect_one,
    };

    return run_city(&run, b, out, err);
}

enum result loan_reprice_city(const struct loan_batch *b, struct loan_batch_report *out,
                              struct error *err)
{
    struct batch_run run = {
        .verb = "reprice",
        .page = QUERY_loan_batch_running,
        .page_count = QUERY_loan_batch_running_count,
        .one = reprice_one,
    };
    int month, day, year, m, d;
    char text[DATE_TEXT_MAX];

    policy_loan_reprices_on(b->policy, &month, &day);
    date_split(b->day, &year, &m, &d);
    date_format(b->day, text);
    if (m != month || d != day)
        return error_set(err, RESULT_INVALID, "%s is no day of repricing: it is 1 January", text);
    return run_city(&run, b, out, err);
}
