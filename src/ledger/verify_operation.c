/* Operations of our own: their control totals against the entries that they posted. */
#include "verify_internal.h"

#include <inttypes.h>
#include <stdlib.h>

#include "ledger/post.h"

enum { OPERATIONS_MAX = 50000000 };

struct verify_operation *verify_operation_of(struct verify *v, int64_t batch)
{
    int64_t at = batch - POST_BATCH_BASE - 1;
    size_t low = 0, high = v->operation_count;

    /* They are numbered without gaps: as a rule it stands at its number. */
    if (at >= 0 && (uint64_t)at < v->operation_count && v->operations[at].batch == batch)
        return &v->operations[at];
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (v->operations[middle].batch == batch)
            return &v->operations[middle];
        if (v->operations[middle].batch < batch)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static enum result add(struct verify *v, const struct verify_operation *o)
{
    if (v->operation_count == OPERATIONS_MAX)
        return error_set(v->err, RESULT_INTERNAL, "there are more than %d operations",
                         OPERATIONS_MAX);
    /* Grown by doubling: at powers of two. */
    if ((v->operation_count & (v->operation_count - 1)) == 0) {
        size_t room = v->operation_count ? v->operation_count * 2 : 1;
        struct verify_operation *more = realloc(v->operations, room * sizeof *more);

        if (!more)
            return error_set(v->err, RESULT_MEMORY, "out of memory for the list of operations");
        v->operations = more;
    }
    v->operations[v->operation_count++] = *o;
    return RESULT_OK;
}

enum result verify_read_operations(struct verify *v)
{
    struct rows rows;
    enum result r = RESULT_OK;

    rows_start(v, &rows, QUERY_verify_operations);
    for (; rows.there && r == RESULT_OK; rows_next(&rows))
        r = add(v, &(struct verify_operation){.batch = column_int(rows.q, 0),
                                              .after_set = column_int(rows.q, 1),
                                              .said_entries = column_int(rows.q, 2),
                                              .said_total = column_int(rows.q, 3),
                                              .settles = column_int(rows.q, 4) == POST_SETTLEMENT,
                                              .booked = (int32_t)column_int(rows.q, 5),
                                              .first_booked = INT32_MAX,
                                              .last_booked = INT32_MIN});
    if (r != RESULT_OK)
        stmt_end(rows.q);
    return r == RESULT_OK ? rows_result(v, &rows) : r;
}

void verify_operation_entry(struct verify_operation *o, int64_t booked, int64_t amount)
{
    o->entries++;
    o->total += amount;
    if (booked < o->first_booked)
        o->first_booked = (int32_t)booked;
    if (booked > o->last_booked)
        o->last_booked = (int32_t)booked;
}

/* Its entries are booked on its day; a settlement is booked no earlier than what stands already. */
static bool booked_agrees(const struct verify_operation *o)
{
    return o->entries == 0 ||
           (o->first_booked >= o->booked && (o->settles || o->last_booked == o->booked));
}

void verify_operation_totals(struct verify *v)
{
    static const char table[] = "ledger.operation";

    for (size_t i = 0; i < v->operation_count; i++) {
        const struct verify_operation *o = &v->operations[i];

        if (o->entries != o->said_entries)
            verify_wrong(v, table, (struct text){NULL, 0}, "", o->batch,
                         "entries is %" PRId64 " and %" PRId64 " came of it", o->said_entries,
                         o->entries);
        if (o->total != o->said_total)
            verify_amount(v, table, (struct text){NULL, 0}, "", o->batch, "total", o->said_total,
                          o->total);
        if (!booked_agrees(o))
            verify_wrong(v, table, (struct text){NULL, 0}, "", o->batch,
                         "booked is not the day on which its entries are booked");
    }
}
