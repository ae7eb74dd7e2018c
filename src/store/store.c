/* The face of store.h: what is the same on both engines is checked here, once. */
#include "store/internal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum result db_fail(struct db *db, enum result code, const char *format, ...)
{
    char words[2 * ERROR_SENTENCE_MAX];
    va_list args;

    va_start(args, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is, one line above */
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    return error_set(&db->last, code, "%s", words);
}

/* Hands the connection's last failure to the caller's err. */
static enum result pass_on(const struct db *db, enum result code, struct error *err)
{
    if (code != RESULT_OK && err)
        *err = db->last;
    return code;
}

/* --- opening --- */

enum result store_refuse_newer(const char *where, int64_t version, struct error *err)
{
    return error_set(err, RESULT_CONFIG,
                     "%s has schema %lld, this program knows schemas up to %d: "
                     "start the newer program.",
                     where, (long long)version, store_migration_count);
}

static const struct engine *engine_of(const char *url)
{
    if (*url == '\0')
        return &store_sqlite;
    if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
        return &store_postgres;
    return NULL;
}

enum opening { OPEN_FIRST, OPEN_AGAIN, OPEN_COPY };

static enum result open_store(const char *home, const char *url, enum opening how,
                              struct store **out, struct error *err)
{
    struct store *s;
    enum result result;

    *out = NULL;
    if (!url)
        url = "";
    if (!engine_of(url))
        return error_set(err, RESULT_CONFIG,
                         "The database address is neither empty (SQLite files in the home folder) "
                         "nor of the form postgresql://…; correct ANJU_DATABASE.");
    s = calloc(1, sizeof *s);
    if (!s)
        return error_set(err, RESULT_MEMORY, "There is no memory for the database.");
    s->engine = engine_of(url);
    s->copy = how == OPEN_COPY;
    result = store_queues_make(s, err);
    if (result != RESULT_OK) {
        free(s);
        return result;
    }
    s->home = strdup(home ? home : "");
    s->url = strdup(url);
    if (s->home && s->url)
        result = s->engine->store_open(s, err);
    else
        result = error_set(err, RESULT_MEMORY, "There is no memory for the database.");
    if (how == OPEN_AGAIN && s->engine->remote && (result == RESULT_STORE || result == RESULT_BUSY))
        result = RESULT_OK;
    if (result == RESULT_OK)
        *out = s;
    else
        store_close(s);
    return result;
}

enum result store_open(const char *home, const char *url, struct store **out, struct error *err)
{
    return open_store(home, url, OPEN_FIRST, out, err);
}

enum result store_open_again(const char *home, const char *url, struct store **out,
                             struct error *err)
{
    return open_store(home, url, OPEN_AGAIN, out, err);
}

enum result store_open_copy(const char *folder, struct store **out, struct error *err)
{
    return open_store(folder, "", OPEN_COPY, out, err);
}

const char *const *store_copy_files(const char *engine)
{
    static const char *const sqlite[] = {"desk.db", "ledger.db", NULL};
    static const char *const postgresql[] = {"database.dump", NULL};

    if (strcmp(engine, store_sqlite.name) == 0)
        return sqlite;
    return strcmp(engine, store_postgres.name) == 0 ? postgresql : NULL;
}

int64_t store_schema_known(void)
{
    return store_migration_count;
}

enum result db_copy(struct db *db, const char *folder, const struct store_work *work,
                    struct error *err)
{
    if (!db->open || db->side != STORE_READ)
        return pass_on(db, db_fail(db, RESULT_INTERNAL, "A copy outside a read transaction."), err);
    return pass_on(db, db->engine->copy(db, folder, work), err);
}

enum result db_count_tables(struct db *db, struct store_table *out, int *count, struct error *err)
{
    *count = 0;
    return pass_on(db, db->engine->count_tables(db, out, count), err);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    store_queues_free(s);
    free(s->home);
    free(s->url);
    free(s);
}

const char *store_engine(const struct store *s)
{
    return s->engine->name;
}

bool store_is_remote(const struct store *s)
{
    return s->engine->remote;
}

enum result db_open(struct store *s, struct db **out, struct error *err)
{
    struct db *db = NULL;
    enum result result = s->engine->db_open(s, &db, err);

    *out = NULL;
    if (result != RESULT_OK)
        return result;
    db->engine = s->engine;
    db->store = s;
    db->statements = calloc(QUERY_COUNT, s->engine->stmt_size);
    if (!db->statements) {
        db_close(db);
        return error_set(err, RESULT_MEMORY, "There is no memory for a database connection.");
    }
    for (int i = 0; i < QUERY_COUNT; i++) {
        db_stmt(db, i)->db = db;
        db_stmt(db, i)->query = &store_queries[i];
    }
    *out = db;
    return RESULT_OK;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    db_rollback(db);
    db_moment_end(db);
    char *statements = db->statements;
    db->engine->db_close(db);
    free(statements);
}

/* --- transactions --- */

enum result db_begin(struct db *db, enum store_side side, struct error *err)
{
    enum result result;

    if (db->open)
        return pass_on(db, db_fail(db, RESULT_INTERNAL, "A transaction is open already."), err);
    db->side = side;
    db->failed = false;
    db->last = (struct error){0};
    if (db->kept && side == STORE_READ) {
        db->kept = false;
        db->open = true;
        return RESULT_OK;
    }
    db_moment_end(db);
    result = db->engine->begin(db);
    db->open = result == RESULT_OK;
    return pass_on(db, result, err);
}

enum result db_read_bounded(struct db *db, struct error *err)
{
    return pass_on(db, db->engine->read_bounded ? db->engine->read_bounded(db) : RESULT_OK, err);
}

/* An engine cannot end a transaction while statements or a bulk load still read or write in it. */
static void end_statements(struct db *db)
{
    if (db->bulk)
        bulk_end(db->bulk, NULL);
    for (int i = 0; i < QUERY_COUNT && db->running > 0; i++)
        stmt_end(db_stmt(db, i));
}

enum result db_commit(struct db *db, struct error *err)
{
    enum result result;

    if (!db->open)
        return pass_on(db, db_fail(db, RESULT_INTERNAL, "No transaction is open."), err);
    if (db->bulk) {
        db_fail(db, RESULT_INTERNAL, "A commit inside a bulk load of %s.", db->bulk->table->name);
        db->failed = true;
    }
    if (db->failed) {
        /* The reason stays the first one, whatever happens while rolling back. */
        struct error first = db->last;

        db_rollback(db);
        db->last = first;
        return pass_on(db, first.code, err);
    }
    end_statements(db);
    result = db->engine->commit(db);
    db->open = false;
    return pass_on(db, result, err);
}

void db_rollback(struct db *db)
{
    if (!db || !db->open)
        return;
    end_statements(db);
    db->kept = db->keeps && db->side == STORE_READ && !db->failed;
    if (!db->kept)
        db->engine->rollback(db);
    db->open = false;
    db->failed = false;
}

void db_moment_keep(struct db *db)
{
    db->keeps = !db->engine->remote;
}

void db_moment_end(struct db *db)
{
    if (db->kept) {
        db->kept = false;
        db->engine->rollback(db);
    }
}

const char *db_error(const struct db *db)
{
    return db->last.sentence;
}

enum result db_failure(const struct db *db, struct error *err)
{
    return pass_on(db, db->last.code, err);
}

enum result db_check_queries(struct db *db, struct error *err)
{
    for (int i = 0; i < QUERY_COUNT; i++) {
        if (!db->engine->prepare(db_stmt(db, i)))
            return pass_on(db, db->last.code, err);
    }
    return RESULT_OK;
}

/* --- statements --- */

struct stmt *db_query(struct db *db, enum query_id query)
{
    struct stmt *q = db_stmt(db, query);

    stmt_end(q);
    db->asked++;
    return q;
}

uint64_t db_queries(const struct db *db)
{
    return db->asked;
}

/* Notes that the parameter has a value; a number that the query lacks is found by stmt_step, which
 * compares the whole set. */
static bool takes(struct stmt *q, int parameter)
{
    if (parameter < 1 || parameter > q->query->parameters || q->running) {
        db_fail(q->db, RESULT_INTERNAL, "Query %s: parameter $%d cannot be bound.", q->query->name,
                parameter);
        q->bound = UINT64_MAX; /* more than any query has: it will not run */
        return false;
    }
    q->bound |= UINT64_C(1) << (parameter - 1);
    return true;
}

void stmt_int(struct stmt *q, int parameter, int64_t value)
{
    if (takes(q, parameter))
        q->db->engine->bind_int(q, parameter, value);
}

void stmt_text(struct stmt *q, int parameter, struct text value)
{
    if (takes(q, parameter))
        q->db->engine->bind_text(q, parameter, value);
}

void stmt_bytes(struct stmt *q, int parameter, const void *at, size_t size)
{
    if (takes(q, parameter))
        q->db->engine->bind_bytes(q, parameter, at, size);
}

void stmt_null(struct stmt *q, int parameter)
{
    if (takes(q, parameter))
        q->db->engine->bind_null(q, parameter);
}

void stmt_date(struct stmt *q, int parameter, civil_date value)
{
    if (date_is_none(value))
        stmt_null(q, parameter);
    else
        stmt_int(q, parameter, value.day);
}

/* The set of parameters 1 … n. */
static uint64_t all_of(int n)
{
    return n == STORE_PARAMETERS_MAX ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

/* What must hold before a statement runs, on both engines. */
static bool may_run(struct stmt *q)
{
    struct db *db = q->db;
    const char *name = q->query->name;

    if (db->open && db->failed)
        return false; /* db->last says why: the first failure */
    if (!db->open)
        db_fail(db, RESULT_INTERNAL, "Query %s: no transaction is open.", name);
    else if (db->bulk)
        db_fail(db, RESULT_INTERNAL, "Query %s inside a bulk load of %s.", name,
                db->bulk->table->name);
    else if (q->query->side != STORE_READ && q->query->side != db->side)
        db_fail(db, RESULT_INTERNAL, "Query %s writes %s, which this transaction may not.", name,
                q->query->side == STORE_WRITE_DESK ? "desk" : "ledger");
    else if (q->bound != all_of(q->query->parameters))
        db_fail(db, RESULT_INTERNAL, "Query %s: not all of its %d parameters were bound.", name,
                q->query->parameters);
    else
        return true;
    db->failed = db->open;
    return false;
}

/* One step; the statement stays in its state at the end, so that stmt_run can ask for counts. */
static enum stmt_step advance(struct stmt *q)
{
    struct db *db = q->db;
    enum stmt_step step;

    if (!q->running) {
        if (!may_run(q)) {
            q->bound = 0;
            return STMT_FAILED;
        }
        q->running = true;
        q->rows = 0;
        db->running++;
    }
    step = db->engine->step(q);
    if (step == STMT_ROW && ++q->rows > 1 && q->query->one_row) {
        db_fail(db, RESULT_DAMAGED, "Query %s found a second row.", q->query->name);
        step = STMT_FAILED;
    }
    if (step == STMT_UNIQUE || step == STMT_FAILED)
        db->failed = true;
    return step;
}

enum stmt_step stmt_step(struct stmt *q)
{
    enum stmt_step step = advance(q);

    if (step != STMT_ROW)
        stmt_end(q);
    return step;
}

enum result stmt_run(struct stmt *q, int64_t *changed, struct error *err)
{
    enum stmt_step step = advance(q);

    if (changed)
        *changed = step == STMT_DONE ? q->db->engine->changed(q) : 0;
    if (step == STMT_ROW) {
        db_fail(q->db, RESULT_INTERNAL, "Query %s gave a row where none was expected.",
                q->query->name);
        q->db->failed = true;
    }
    stmt_end(q);
    return step == STMT_DONE ? RESULT_OK : pass_on(q->db, q->db->last.code, err);
}

void stmt_end(struct stmt *q)
{
    if (q->running) {
        q->running = false;
        q->db->running--;
        q->db->engine->reset(q);
    }
    q->bound = 0;
}

bool column_is_null(struct stmt *q, int column)
{
    return q->db->engine->is_null(q, column);
}

int64_t column_int(struct stmt *q, int column)
{
    return q->db->engine->get_int(q, column);
}

struct text column_text(struct stmt *q, int column)
{
    return q->db->engine->get_text(q, column);
}

struct text column_bytes(struct stmt *q, int column)
{
    return q->db->engine->get_bytes(q, column);
}

civil_date column_date(struct stmt *q, int column)
{
    if (q->db->engine->is_null(q, column))
        return DATE_NONE;
    return (civil_date){(int32_t)q->db->engine->get_int(q, column)};
}

/* --- the log --- */

enum result store_log_tidy(struct db *db, enum store_side side, struct store_log *out,
                           struct error *err)
{
    enum result result;

    assert(!db->open && side != STORE_READ);
    *out = (struct store_log){0};
    if (!db->engine->log_tidy)
        return RESULT_OK;
    result = db->engine->log_tidy(db, side == STORE_WRITE_DESK ? SIDE_DESK : SIDE_LEDGER, out);
    if (result != RESULT_OK && err)
        *err = db->last;
    return result;
}

void store_log_stop(struct db *db)
{
    if (db->engine->log_stop)
        db->engine->log_stop(db);
}
