/* Taking a set: one transaction, everything in it, committed at the end. */
#include "import.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

#define MANIFEST "manifest.json"

static double seconds_now(void)
{
    return (double)clock_monotonic_us() / 1e6;
}

static enum result database_failed(struct db *db, struct error *err)
{
    return error_set(err, RESULT_STORE, "%s", db_error(db));
}

enum result reader_failed(struct import *in, struct error *err)
{
    return database_failed(in->reader, err);
}

enum result before_account(struct import *in, struct text account, bool *there,
                           struct account_before *out, struct error *err)
{
    struct running *r = &out->running;
    struct stmt *q;
    enum stmt_step step;

    *there = false;
    if (!in->reader)
        return RESULT_OK;
    q = db_query(in->reader, QUERY_import_account);
    stmt_text(q, 1, account);
    step = stmt_step(q);
    if (step == STMT_ROW) {
        *there = true;
        out->opened = column_date(q, 0);
        r->balance = column_fen(q, 1);
        r->carried = column_fen(q, 2);
        r->this_year = column_fen(q, 3);
        r->settled = column_date(q, 4);
        r->product = column_int(q, 5);
        r->product_year = column_int(q, 6);
        r->product_day = column_date(q, 7);
        r->head_seq = column_int(q, 8);
        memcpy(r->head_hash, column_bytes(q, 9).at, SHA256_SIZE);
        stmt_end(q);
    }
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : reader_failed(in, err);
}

/* --- is it the set's turn? ------------------------------------------------------------------------ */

/* The number of the newest set, 0 when there is none. */
static enum result last_number(struct import *in, int64_t *number, struct error *err)
{
    struct stmt *q = db_query(in->writer, QUERY_import_last_batch);
    enum stmt_step step = stmt_step(q);

    *number = step == STMT_ROW ? column_int(q, 0) : 0;
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : database_failed(in->writer, err);
}

/* Whether a set of this number or id was taken: the same (already), or another (said). */
static enum result find_like(struct import *in, bool *already, bool *other, struct error *err)
{
    struct stmt *q = db_query(in->writer, QUERY_import_batch_like);
    enum stmt_step step;

    *already = *other = false;
    stmt_int(q, 1, in->manifest.number);
    stmt_text(q, 2, text_of(in->manifest.set_id));
    while ((step = stmt_step(q)) == STMT_ROW) {
        struct text digest = column_bytes(q, 2);

        if (column_int(q, 0) == in->manifest.number &&
            text_equal(column_text(q, 1), text_of(in->manifest.set_id)) &&
            digest.len == SHA256_SIZE && memcmp(digest.at, in->manifest.sha256, SHA256_SIZE) == 0)
            *already = true;
        else
            *other = true;
    }
    return step == STMT_DONE ? RESULT_OK : database_failed(in->writer, err);
}

static enum result check_turn(struct import *in, bool *first, struct error *err)
{
    bool other;
    int64_t last;
    enum result result = find_like(in, &in->report->already, &other, err);

    if (result == RESULT_OK)
        result = last_number(in, &last, err);
    if (result != RESULT_OK || in->report->already)
        return result;
    *first = last == 0;
    if (other)
        fault_add(&in->faults, MANIFEST, 1, "set_number", FAULT_SET,
                  "a set with this number or id was taken with other content");
    else if (in->manifest.number != last + 1)
        fault_add(&in->faults, MANIFEST, 1, "set_number", FAULT_SET,
                  "the next set has the number %" PRId64, last + 1);
    return RESULT_OK;
}

/* --- the files ------------------------------------------------------------------------------------ */

/* Bytes that will be read, for the progress bar; accounts.csv twice. */
static uint64_t bytes_of(const char *dir)
{
    uint64_t total = 0;
    struct stat st;
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    for (int i = 0; folder >= 0 && i < FILE_COUNT; i++)
        if (fstatat(folder, kinds[i].file, &st, 0) == 0)
            total += (uint64_t)st.st_size * (i == FILE_ACCOUNTS ? 2 : 1);
    if (folder >= 0)
        close(folder);
    return total;
}

/* Everything is read and checked; as long as no mistake was found it is written too. */
static enum result read_files(struct import *in, bool first, struct error *err)
{
    struct error why = {.code = RESULT_OK};
    enum result written, result = RESULT_OK;

    if (first) {
        in->prepared = true;
        result = store_load_prepare(in->writer, err);
    }
    if (result == RESULT_OK)
        result = pipe_start(in->writer, !first, &in->pipe, err);
    if (result == RESULT_OK)
        result = units_import(in, err);
    if (result == RESULT_OK)
        result = people_import(in, err);
    if (result == RESULT_OK)
        result = loans_import(in, err);
    out_close(in);
    written = pipe_stop(in->pipe, result != RESULT_OK || in->faults.count > 0, &why);
    in->pipe = NULL;
    if (written == RESULT_OK)
        return result;
    /* What the writer met is the cause of whatever the reading side then said. */
    if (err)
        *err = why;
    return written;
}

static enum result put_batch(struct import *in, struct error *err)
{
    const struct manifest *m = &in->manifest;
    struct stmt *q = db_query(in->writer, QUERY_import_batch_insert);
    enum result result;

    stmt_int(q, 1, m->number);
    stmt_text(q, 2, text_of(m->set_id));
    stmt_bytes(q, 3, m->sha256, SHA256_SIZE);
    stmt_int(q, 4, m->as_of.day);
    stmt_int(q, 5, m->whole);
    stmt_int(q, 6, in->report->now);
    result = stmt_run(q, NULL, err);
    for (int i = 0; i < FILE_COUNT && result == RESULT_OK; i++) {
        q = db_query(in->writer, QUERY_import_batch_file_insert);
        stmt_int(q, 1, m->number);
        stmt_text(q, 2, text_of(kinds[i].file));
        stmt_int(q, 3, m->files[i].records);
        stmt_int(q, 4, m->files[i].totals[0]);
        stmt_bytes(q, 5, m->files[i].sha256, SHA256_SIZE);
        result = stmt_run(q, NULL, err);
    }
    return result;
}

static enum result mistakes(struct import *in, struct error *err)
{
    if (in->faults.count == 0)
        return RESULT_OK;
    return error_set(err, RESULT_INVALID, "the set has %" PRId64 " mistake%s", in->faults.count,
                     in->faults.count == 1 ? "" : "s");
}

static enum result open_db(struct import *in, struct db **out, struct error *err)
{
    enum result result = db_open(in->store, out, err);

    return result == RESULT_OK ? db_read_bounded(*out, err) : result;
}

/* Inside the transaction, from the question whether it is the set's turn to its row in batch. */
static enum result take(struct import *in, struct error *err)
{
    bool first = false;
    enum result result = check_turn(in, &first, err);

    if (result == RESULT_OK)
        result = mistakes(in, err);
    if (result != RESULT_OK || in->report->already)
        return result;
    if (!first) {
        result = open_db(in, &in->reader, err);
        if (result == RESULT_OK)
            result = db_begin(in->reader, STORE_READ, err);
    }
    if (result == RESULT_OK)
        result = read_files(in, first, err);
    if (result == RESULT_OK)
        result = mistakes(in, err);
    if (result == RESULT_OK && first)
        result = store_load_indexes(in->writer, err);
    if (result == RESULT_OK)
        result = after_check(in, err);
    if (result == RESULT_OK)
        result = mistakes(in, err);
    return result == RESULT_OK ? put_batch(in, err) : result;
}

static enum result in_transaction(struct import *in, struct error *err)
{
    enum result result = open_db(in, &in->writer, err);

    if (result != RESULT_OK)
        return result;
    result = db_begin(in->writer, STORE_WRITE_LEDGER, err);
    if (result == RESULT_OK)
        result = take(in, err);
    /* The reader would keep the log from being emptied. */
    db_rollback(in->reader);
    if (result == RESULT_OK && !in->report->already) {
        if (in->report->committing)
            in->report->committing(in->report->context);
        result = db_commit(in->writer, err);
    } else {
        db_rollback(in->writer);
    }
    if (in->prepared) {
        struct error ignored;

        /* Also after a rollback: the log is large then too. */
        store_load_done(in->writer, result == RESULT_OK ? err : &ignored);
    }
    return result;
}

enum result import_set(struct store *store, struct vault *vault, const struct config *config,
                       const char *dir, struct import_report *report, struct error *err)
{
    double began = seconds_now();
    struct import in = {
        .store = store,
        .vault = vault,
        .config = config,
        .dir = dir,
        .report = report,
        .faults = {.show = report->show, .context = report->context},
        .later.fd = -1,
    };
    enum result result = manifest_read(dir, &in.manifest, &in.faults, err);

    for (int i = 0; i < BLOCK_TABLES; i++)
        in.held[i].spool.fd = -1;
    if (result != RESULT_OK)
        goto done;
    in.reading = (struct reading){
        .faults = &in.faults,
        .judge = {.as_of = in.manifest.as_of, .demo = in.manifest.demo},
        .progress = report->progress,
    };
    report->number = in.manifest.number;
    memcpy(report->set_id, in.manifest.set_id, sizeof report->set_id);
    if (in.manifest.demo != config->demo) {
        fault_add(&in.faults, MANIFEST, 1, "demo", FAULT_DEMO,
                  config->demo ? "a demo home takes demo sets only"
                               : "a home that is no demo takes no demo sets");
        result = mistakes(&in, err);
        goto done;
    }
    random_system(&in.random);
    in.sha = sha256_new();
    if (!in.sha) {
        result = error_set(err, RESULT_MEMORY, "out of memory");
        goto done;
    }
    if (report->progress)
        progress_start(report->progress, "import", bytes_of(dir));
    result = in_transaction(&in, err);
    if (report->progress)
        progress_end(report->progress);
done:
    out_close(&in);
    spool_close(&in.later);
    units_free(in.units);
    sha256_free(in.sha);
    db_close(in.reader);
    db_close(in.writer);
    report->faults = in.faults.count;
    report->seconds = seconds_now() - began;
    return result;
}
