/* Transactions and statements on PostgreSQL.
 *
 * Reads are REPEATABLE READ READ ONLY: one moment for everything in one answer. Writes are READ
 * COMMITTED: a writer that waited for a row (FOR UPDATE) goes on with its newest state, where
 * REPEATABLE READ would make it fail and begin again. Writers of the ledger exclude each other by
 * the lock of one row, as they do on SQLite, so that a batch has the same rights on both. */
#include "store/postgres.h"

#include <stdio.h>
#include <stdlib.h>

static struct pg_db *of_db(struct db *db)
{
    return (struct pg_db *)(void *)db;
}

static struct pg_stmt *of(struct stmt *q)
{
    return (struct pg_stmt *)(void *)q;
}

/* --- failures --- */

/* What an SQLSTATE means to us. */
static enum result result_of(const char *state)
{
    static const struct {
        const char *state;
        enum result result;
    } known[] = {
        {"23505", RESULT_CONFLICT}, /* unique_violation */
        {"40001", RESULT_BUSY},     /* serialization_failure */
        {"40P01", RESULT_BUSY},     /* deadlock_detected */
        {"55P03", RESULT_BUSY},     /* lock_not_available: lock_timeout */
        {"53300", RESULT_BUSY},     /* too_many_connections */
        {"57P03", RESULT_BUSY},     /* cannot_connect_now: it is starting */
    };

    for (size_t i = 0; state && i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(state, known[i].state) == 0)
            return known[i].result;
    }
    return RESULT_STORE;
}

enum result pg_fail(struct pg_db *db, const PGresult *result, const char *doing)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    /* The primary message alone: the detail of a taken key holds the key. */
    const char *words = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    enum result code = result_of(state);

    if (!words || !*words)
        words = PQerrorMessage(db->conn);
    if (PQstatus(db->conn) == CONNECTION_BAD)
        return db_fail(&db->db, code, "%s: no connection to PostgreSQL: %.*s.", doing,
                       (int)strcspn(words, "\n"), words);
    return db_fail(&db->db, code, "%s in PostgreSQL: %.*s%s.", doing, (int)strcspn(words, "\n"),
                   words, code == RESULT_BUSY ? "; try again" : "");
}

enum result pg_exec(struct pg_db *db, const char *sql, const char *doing)
{
    PGresult *done = PQexec(db->conn, sql);
    ExecStatusType status = PQresultStatus(done);
    enum result result = RESULT_OK;

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        result = pg_fail(db, done, doing);
    PQclear(done);
    return result;
}

enum result pg_take_time(struct pg_db *db)
{
    enum result result;

    if (db->unhurried)
        return RESULT_OK;
    result = pg_exec(db, "SET LOCAL statement_timeout = 0", "Lifting the time limit");
    db->unhurried = result == RESULT_OK;
    return result;
}

/* --- transactions --- */

/* Runs a transaction's first statement. *lost: the connection is of no use any more. libpq does not
 * always call it bad: a write that failed while the server's farewell waited to be read is an error
 * without SQLSTATE. 57P01 and its neighbours are the farewells. */
static enum result begin_with(struct pg_db *db, const char *sql, bool *lost)
{
    PGresult *done = PQexec(db->conn, sql);
    ExecStatusType status = PQresultStatus(done);
    const char *state = done ? PQresultErrorField(done, PG_DIAG_SQLSTATE) : NULL;
    enum result result = RESULT_OK;

    *lost = false;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        *lost = PQstatus(db->conn) == CONNECTION_BAD || !state || strncmp(state, "57P", 3) == 0;
        result = pg_fail(db, done, "Beginning a transaction");
    }
    PQclear(done);
    return result;
}

static enum result begin(struct db *base)
{
    static const char *const sql[] = {
        [STORE_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        [STORE_WRITE_LEDGER] = ("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; "
                                "SELECT version FROM ledger.schema FOR UPDATE"),
        [STORE_WRITE_DESK] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    };
    struct pg_db *db = of_db(base);
    enum result result = RESULT_OK;
    bool lost = false;

    db->unhurried = false;
    /* A connection that idled may have been closed by the server or on the way without our
     * knowing: nothing was sent in this transaction yet, so one more try with a new one is safe. */
    for (int attempt = 0; attempt < 2; attempt++) {
        if (PQstatus(db->conn) == CONNECTION_BAD) {
            result = pg_connect(db);
            if (result != RESULT_OK)
                return result;
        }
        result = begin_with(db, sql[base->side], &lost);
        if (!lost)
            break;
        PQfinish(db->conn);
        db->conn = NULL;
    }
    if (result != RESULT_OK && db->conn && PQtransactionStatus(db->conn) != PQTRANS_IDLE)
        PQclear(PQexec(db->conn, "ROLLBACK"));
    return result;
}

static enum result commit(struct db *base)
{
    struct pg_db *db = of_db(base);
    PGresult *done = PQexec(db->conn, "COMMIT");
    enum result result = RESULT_OK;

    if (PQstatus(db->conn) == CONNECTION_BAD)
        result = db_fail(base, RESULT_STORE,
                         "The connection to PostgreSQL was lost while committing: look whether it "
                         "was done before trying again.");
    else if (PQresultStatus(done) != PGRES_COMMAND_OK)
        result = pg_fail(db, done, "Committing");
    else if (strcmp(PQcmdStatus(done), "COMMIT") != 0)
        result = db_fail(base, RESULT_STORE, "PostgreSQL rolled back instead of committing.");
    PQclear(done);
    return result;
}

static void rollback(struct db *base)
{
    struct pg_db *db = of_db(base);

    if (PQstatus(db->conn) != CONNECTION_BAD)
        PQclear(PQexec(db->conn, "ROLLBACK"));
}

/* --- statements --- */

/* The first use of a statement takes its share of the connection's parameters. */
static void place_parameters(struct pg_stmt *q)
{
    struct pg_parameter *next = of_db(q->stmt.db)->parameters;

    if (q->parameters)
        return;
    for (const struct query *other = store_queries; other != q->stmt.query; other++)
        next += other->parameters;
    q->parameters = next;
}

static bool prepare(struct stmt *base)
{
    struct pg_stmt *q = of(base);
    struct pg_db *db = of_db(base->db);
    PGresult *done;
    bool ok;

    if (q->generation == db->generation)
        return true;
    done = PQprepare(db->conn, base->query->name, base->query->sql[ENGINE_POSTGRESQL], 0, NULL);
    ok = PQresultStatus(done) == PGRES_COMMAND_OK;
    if (ok)
        q->generation = db->generation;
    else
        pg_fail(db, done, base->query->name);
    PQclear(done);
    return ok;
}

static void bind_bytes(struct stmt *base, int parameter, const void *at, size_t size)
{
    struct pg_stmt *q = of(base);
    struct pg_parameter *p;

    place_parameters(q);
    p = &q->parameters[parameter - 1];
    if (size > INT32_MAX) {
        base->bound &= ~(UINT64_C(1) << (parameter - 1));
        return;
    }
    p->at = at ? at : "";
    p->len = (int)size;
    p->format = 1;
}

static void bind_text(struct stmt *q, int parameter, struct text value)
{
    bind_bytes(q, parameter, value.at, value.len);
}

static void bind_int(struct stmt *base, int parameter, int64_t value)
{
    struct pg_stmt *q = of(base);
    struct pg_parameter *p;

    place_parameters(q);
    p = &q->parameters[parameter - 1];
    p->len = snprintf(p->digits, sizeof p->digits, "%lld", (long long)value);
    p->at = p->digits;
    p->format = 0;
}

static void bind_null(struct stmt *base, int parameter)
{
    struct pg_stmt *q = of(base);

    place_parameters(q);
    q->parameters[parameter - 1] = (struct pg_parameter){0};
}

static PGresult *execute(struct pg_stmt *q)
{
    const char *values[STORE_PARAMETERS_MAX];
    int lengths[STORE_PARAMETERS_MAX], formats[STORE_PARAMETERS_MAX];
    int n = q->stmt.query->parameters;

    for (int i = 0; i < n; i++) {
        values[i] = q->parameters[i].at;
        lengths[i] = q->parameters[i].len;
        formats[i] = q->parameters[i].format;
    }
    return PQexecPrepared(of_db(q->stmt.db)->conn, q->stmt.query->name, n, values, lengths, formats,
                          1);
}

static enum stmt_step failed(struct pg_stmt *q)
{
    enum result code = pg_fail(of_db(q->stmt.db), q->result, q->stmt.query->name);

    return code == RESULT_CONFLICT ? STMT_UNIQUE : STMT_FAILED;
}

/* The next block of a stream. */
static enum stmt_step fetch(struct pg_stmt *q)
{
    PQclear(q->result);
    q->result =
        PQexecParams(of_db(q->stmt.db)->conn, q->stmt.query->fetch, 0, NULL, NULL, NULL, NULL, 1);
    if (PQresultStatus(q->result) != PGRES_TUPLES_OK)
        return failed(q);
    q->row = 0;
    return PQntuples(q->result) > 0 ? STMT_ROW : STMT_DONE;
}

static enum stmt_step first_step(struct pg_stmt *q)
{
    ExecStatusType status;

    place_parameters(q);
    if (!prepare(&q->stmt))
        return STMT_FAILED;
    if (q->stmt.query->slow && pg_take_time(of_db(q->stmt.db)) != RESULT_OK)
        return STMT_FAILED;
    q->row = 0;
    q->result = execute(q);
    status = PQresultStatus(q->result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return failed(q);
    q->cursor = q->stmt.query->stream;
    if (q->cursor)
        return fetch(q);
    return PQntuples(q->result) > 0 ? STMT_ROW : STMT_DONE;
}

static enum stmt_step step(struct stmt *base)
{
    struct pg_stmt *q = of(base);

    if (!q->result)
        return first_step(q);
    if (++q->row < PQntuples(q->result))
        return STMT_ROW;
    return q->cursor ? fetch(q) : STMT_DONE;
}

static void reset(struct stmt *base)
{
    struct pg_stmt *q = of(base);

    /* A failed transaction takes no more commands, and its end closes the cursor too. */
    if (q->cursor && !base->db->failed && PQstatus(of_db(base->db)->conn) != CONNECTION_BAD)
        PQclear(PQexec(of_db(base->db)->conn, base->query->close));
    q->cursor = false;
    PQclear(q->result);
    q->result = NULL;
}

static int64_t changed(struct stmt *q)
{
    return strtoll(PQcmdTuples(of(q)->result), NULL, 10);
}

const struct engine store_postgres = {
    .name = "postgresql",
    .remote = true,
    .stmt_size = sizeof(struct pg_stmt),
    .store_open = pg_store_open,
    .db_open = pg_db_open,
    .db_close = pg_db_close,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .prepare = prepare,
    .bind_int = bind_int,
    .bind_text = bind_text,
    .bind_bytes = bind_bytes,
    .bind_null = bind_null,
    .step = step,
    .reset = reset,
    .changed = changed,
    .is_null = pg_is_null,
    .get_int = pg_get_int,
    .get_text = pg_get_text,
    .get_bytes = pg_get_text,
    .bulk_begin = pg_bulk_begin,
    .bulk_int = pg_bulk_int,
    .bulk_text = pg_bulk_text,
    .bulk_bytes = pg_bulk_bytes,
    .bulk_null = pg_bulk_null,
    .bulk_row = pg_bulk_row,
    .bulk_end = pg_bulk_end,
    .load_prepare = pg_load_prepare,
    .load_indexes = pg_load_indexes,
    .load_done = pg_load_done,

    .copy = pg_copy,
    .count_tables = pg_count_tables,
};
