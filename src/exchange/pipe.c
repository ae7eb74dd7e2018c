#include "pipe.h"

#include <stddef.h>

#include <pthread.h>
#include <stdlib.h>

enum { ROW_VALUES_MAX = 48 };

struct pipe {
    struct db *db;
    bool update;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t given, taken; /* a block was given; a block is empty again */
    struct block *empty;
    struct block *first, *last; /* given, oldest first */
    bool ended, give_up;
    enum result result;
    struct error err;

    /* Of the writing thread: */
    struct bulk *bulk;
    int table; /* that bulk loads */
    struct block blocks[PIPE_BLOCKS];
};

/* The query that writes a row of each table over one that is there. */
static const enum query_id updates[BLOCK_TABLES] = {
    [BULK_UNIT] = QUERY_import_unit_put,
    [BULK_ACCOUNT] = QUERY_import_account_put,
    [BULK_HOLDER] = QUERY_import_holder_put,
    [BULK_TERMS] = QUERY_import_terms_put,
    [BULK_APPLICATION] = QUERY_import_application_put,
    [BULK_APPLICATION_STEP] = QUERY_import_application_step_put,
    [BULK_LOAN_CONTRACT] = QUERY_import_loan_contract_put,
    [BULK_LOAN] = QUERY_import_loan_put,
    [BULK_LOAN_RATE] = QUERY_import_loan_rate_put,
    [BULK_DIGEST] = QUERY_digest_put,
};

static bool only_grows(int table)
{
    return table == BULK_ENTRY || table == BULK_LOAN_ENTRY;
}

/* --- writing, in the thread -------------------------------------------------------------------- */

static enum result write_bulk(struct pipe *p, const struct block *b)
{
    size_t at = 0;

    while (at < b->used) {
        struct block_value v = block_read(b, &at);
        enum result result;

        switch (v.tag) {
        case BLOCK_INT: bulk_int(p->bulk, v.n); break;
        case BLOCK_TEXT: bulk_text(p->bulk, v.bytes); break;
        case BLOCK_BYTES: bulk_bytes(p->bulk, v.bytes.at, v.bytes.len); break;
        case BLOCK_NULL: bulk_null(p->bulk); break;
        case BLOCK_ROW_END:
            result = bulk_row(p->bulk, &p->err);
            if (result != RESULT_OK)
                return result;
            break;
        }
    }
    return RESULT_OK;
}

static void bind(struct stmt *q, int parameter, const struct block_value *v)
{
    switch (v->tag) {
    case BLOCK_INT: stmt_int(q, parameter, v->n); break;
    case BLOCK_TEXT: stmt_text(q, parameter, v->bytes); break;
    case BLOCK_BYTES: stmt_bytes(q, parameter, v->bytes.at, v->bytes.len); break;
    default: stmt_null(q, parameter); break;
    }
}

/* An application that comes again comes with all its steps again. */
static enum result clear_steps(struct pipe *p, const struct block_value *row)
{
    struct stmt *q = db_query(p->db, QUERY_import_application_steps_clear);

    bind(q, 1, &row[0]);
    bind(q, 2, &row[1]);
    return stmt_run(q, NULL, &p->err);
}

static enum result write_update(struct pipe *p, const struct block *b)
{
    struct block_value row[ROW_VALUES_MAX];
    enum result result = RESULT_OK;
    size_t at = 0;

    while (result == RESULT_OK && at < b->used) {
        struct stmt *q = db_query(p->db, updates[b->table]);
        int n = 0;

        while ((row[n] = block_read(b, &at)).tag != BLOCK_ROW_END) {
            bind(q, n + 1, &row[n]);
            n++;
        }
        result = stmt_run(q, NULL, &p->err);
        if (result == RESULT_OK && b->table == BULK_APPLICATION)
            result = clear_steps(p, row);
    }
    return result;
}

static enum result end_bulk(struct pipe *p)
{
    struct bulk *bulk = p->bulk;

    p->bulk = NULL;
    return bulk ? bulk_end(bulk, &p->err) : RESULT_OK;
}

static enum result write_block(struct pipe *p, const struct block *b)
{
    enum result result = RESULT_OK;

    if (p->bulk && p->table != b->table)
        result = end_bulk(p);
    if (result != RESULT_OK)
        return result;
    if (p->update && !only_grows(b->table))
        return write_update(p, b);
    if (!p->bulk) {
        p->table = b->table;
        result = bulk_begin(p->db, (enum bulk_table)b->table, &p->bulk, &p->err);
    }
    return result == RESULT_OK ? write_bulk(p, b) : result;
}

/* The next block given, or NULL at the end. */
static struct block *next_given(struct pipe *p)
{
    struct block *b;

    pthread_mutex_lock(&p->lock);
    while (!p->first && !p->ended)
        pthread_cond_wait(&p->given, &p->lock);
    b = p->give_up ? NULL : p->first;
    if (b)
        p->first = b->next;
    pthread_mutex_unlock(&p->lock);
    return b;
}

static void put_back(struct pipe *p, struct block *b, enum result result)
{
    pthread_mutex_lock(&p->lock);
    b->next = p->empty;
    p->empty = b;
    if (result != RESULT_OK)
        p->result = result;
    pthread_cond_signal(&p->taken);
    pthread_mutex_unlock(&p->lock);
}

static void *writer(void *argument)
{
    struct pipe *p = argument;
    enum result result = RESULT_OK, ended;
    struct block *b;

    while ((b = next_given(p)) != NULL) {
        if (result == RESULT_OK)
            result = write_block(p, b);
        put_back(p, b, result);
    }
    ended = end_bulk(p);
    if (result == RESULT_OK)
        p->result = ended;
    return NULL;
}

/* --- giving ------------------------------------------------------------------------------------- */

enum result pipe_start(struct db *db, bool update, struct pipe **out, struct error *err)
{
    struct pipe *p = malloc(sizeof *p);

    *out = NULL;
    if (!p)
        return error_set(err, RESULT_MEMORY, "out of memory");
    memset(p, 0, offsetof(struct pipe, blocks));
    p->db = db;
    p->update = update;
    for (int i = 0; i < PIPE_BLOCKS; i++) {
        p->blocks[i].next = p->empty;
        p->empty = &p->blocks[i];
    }
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->given, NULL);
    pthread_cond_init(&p->taken, NULL);
    if (pthread_create(&p->thread, NULL, writer, p) != 0) {
        free(p);
        return error_set(err, RESULT_MEMORY, "cannot start a thread");
    }
    *out = p;
    return RESULT_OK;
}

struct block *pipe_take(struct pipe *p)
{
    struct block *b = NULL;

    pthread_mutex_lock(&p->lock);
    while (!p->empty && p->result == RESULT_OK)
        pthread_cond_wait(&p->taken, &p->lock);
    if (p->result == RESULT_OK) {
        b = p->empty;
        p->empty = b->next;
    }
    pthread_mutex_unlock(&p->lock);
    if (b) {
        b->used = 0;
        b->rows = 0;
    }
    return b;
}

void pipe_give(struct pipe *p, struct block *b)
{
    b->next = NULL;
    pthread_mutex_lock(&p->lock);
    if (p->first)
        p->last->next = b;
    else
        p->first = b;
    p->last = b;
    pthread_cond_signal(&p->given);
    pthread_mutex_unlock(&p->lock);
}

enum result pipe_stop(struct pipe *p, bool give_up, struct error *err)
{
    enum result result;

    if (!p)
        return RESULT_OK;
    pthread_mutex_lock(&p->lock);
    p->ended = true;
    p->give_up = give_up;
    pthread_cond_signal(&p->given);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    result = p->result;
    if (result != RESULT_OK && err)
        *err = p->err;
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->given);
    pthread_cond_destroy(&p->taken);
    free(p);
    return result;
}
