/* Where rows go: straight to the writer, or into a temporary file until their table's turn. */
#include "internal.h"

#include <stdlib.h>

/* One table at a time can be loaded (COPY fills a connection). The two ledgers are what is large:
 * they go to the writer while they are read, the other tables follow from temporary files. */
static bool goes_directly(enum bulk_table table)
{
    return table == BULK_UNIT || table == BULK_ENTRY || table == BULK_LOAN_ENTRY;
}

/* The writer's own reason comes out of pipe_stop. */
static enum result writer_failed(struct error *err)
{
    return error_set(err, RESULT_STORE, "the database refused a row");
}

enum result out_flush(struct import *in, struct error *err)
{
    (void)err;
    if (in->direct)
        pipe_give(in->pipe, in->direct);
    in->direct = NULL;
    return RESULT_OK;
}

static enum result direct_row(struct import *in, enum bulk_table table, struct block **out,
                              struct error *err)
{
    struct block *b = in->direct;

    if (b && b->table == (int)table && block_has_room(b)) {
        *out = b;
        return RESULT_OK;
    }
    out_flush(in, err);
    b = in->direct = pipe_take(in->pipe);
    if (!b)
        return writer_failed(err);
    b->table = (int)table;
    *out = b;
    return RESULT_OK;
}

static enum result tmp_open(struct import *in, struct spool *s, struct error *err)
{
    char folder[PATH_ROOM];

    snprintf(folder, sizeof folder, "%s/tmp", in->config->home);
    return spool_open(s, folder, err);
}

/* A block in a temporary file: its length, then its bytes. */
static enum result hold(struct held *h, struct error *err)
{
    uint64_t used = h->block->used;
    enum result result = RESULT_OK;

    if (used > 0)
        result = spool_put(&h->spool, &used, sizeof used, err);
    if (used > 0 && result == RESULT_OK)
        result = spool_put(&h->spool, h->block->at, used, err);
    h->block->used = 0;
    h->block->rows = 0;
    return result;
}

static enum result held_row(struct import *in, enum bulk_table table, struct block **out,
                            struct error *err)
{
    struct held *h = &in->held[table];
    enum result result = RESULT_OK;

    if (!h->block) {
        h->block = malloc(sizeof *h->block);
        if (!h->block)
            return error_set(err, RESULT_MEMORY, "out of memory");
        h->block->used = 0;
        h->block->rows = 0;
        result = tmp_open(in, &h->spool, err);
    } else if (!block_has_room(h->block)) {
        result = hold(h, err);
    }
    *out = h->block;
    return result;
}

enum result out_row(struct import *in, enum bulk_table table, struct block **out, struct error *err)
{
    *out = NULL;
    if (in->faults.count > 0 || !in->pipe)
        return RESULT_OK;
    return goes_directly(table) ? direct_row(in, table, out, err) : held_row(in, table, out, err);
}

static enum result read_block(struct import *in, enum bulk_table table, bool *there,
                              struct error *err)
{
    struct held *h = &in->held[table];
    enum result result;
    struct block *b;
    uint64_t used = 0;

    result = spool_get(&h->spool, &used, sizeof used, there, err);
    if (result != RESULT_OK || !*there)
        return result;
    if (used > BLOCK_SIZE)
        return error_set(err, RESULT_IO, "a temporary file is damaged");
    b = pipe_take(in->pipe);
    if (!b)
        return writer_failed(err);
    result = spool_get(&h->spool, b->at, used, there, err);
    b->table = (int)table;
    b->used = result == RESULT_OK && *there ? used : 0;
    pipe_give(in->pipe, b);
    return result;
}

enum result out_release(struct import *in, enum bulk_table table, struct error *err)
{
    struct held *h = &in->held[table];
    enum result result;
    bool there = true;

    if (!h->block || in->faults.count > 0 || !in->pipe)
        return RESULT_OK;
    result = out_flush(in, err);
    if (result == RESULT_OK)
        result = hold(h, err);
    if (result == RESULT_OK)
        result = spool_rewind(&h->spool, err);
    while (result == RESULT_OK && there)
        result = read_block(in, table, &there, err);
    spool_close(&h->spool);
    free(h->block);
    h->block = NULL;
    return result;
}

enum result out_later(struct import *in, const struct later *l, struct error *err)
{
    enum result result = RESULT_OK;

    if (in->faults.count > 0)
        return RESULT_OK;
    if (in->later.fd < 0)
        result = tmp_open(in, &in->later, err);
    return result == RESULT_OK ? spool_put(&in->later, l, sizeof *l, err) : result;
}

void out_close(struct import *in)
{
    for (int i = 0; i < BLOCK_TABLES; i++) {
        spool_close(&in->held[i].spool);
        free(in->held[i].block);
        in->held[i].block = NULL;
    }
}
