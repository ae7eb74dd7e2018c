/* units.csv, and which units there are. Every line of the other files names a unit, in no order,
 * so the numbers stand in memory: 24 MiB at the limit. */
#include "internal.h"

#include <stdlib.h>

enum { SLOTS_FIRST = 1024 };

struct slot {
    uint8_t length; /* 0: empty */
    char number[NUMBER_MAX];
};

struct units {
    uint64_t seed; /* so that nobody can choose numbers that collide */
    size_t count, room;
    struct slot *slots;
    struct slot last; /* the one asked for last: most lines name the same again */
};

static struct slot *find(const struct units *u, struct slot *slots, size_t room, struct text t)
{
    uint64_t hash = u->seed;
    size_t i;

    for (size_t k = 0; k < t.len; k++)
        hash = (hash ^ (uint8_t)t.at[k]) * UINT64_C(0x100000001b3);
    hash ^= hash >> 29;
    for (i = hash & (room - 1); slots[i].length; i = (i + 1) & (room - 1))
        if (slots[i].length == t.len && memcmp(slots[i].number, t.at, t.len) == 0)
            break;
    return &slots[i];
}

static void slot_set(struct slot *s, struct text t)
{
    s->length = (uint8_t)t.len;
    memcpy(s->number, t.at, t.len);
}

static bool grow(struct units *u)
{
    size_t room = u->room ? 2 * u->room : SLOTS_FIRST;
    struct slot *slots = calloc(room, sizeof *slots);

    if (!slots)
        return false;
    for (size_t i = 0; i < u->room; i++) {
        struct text t = {u->slots[i].number, u->slots[i].length};

        if (t.len)
            slot_set(find(u, slots, room, t), t);
    }
    free(u->slots);
    u->slots = slots;
    u->room = room;
    return true;
}

static bool add(struct units *u, struct text t)
{
    struct slot *s;

    if (u->count * 4 >= u->room * 3 && !grow(u))
        return false;
    s = find(u, u->slots, u->room, t);
    if (!s->length) {
        slot_set(s, t);
        u->count++;
    }
    return true;
}

void units_free(struct units *u)
{
    if (u)
        free(u->slots);
    free(u);
}

static enum result ask_database(struct import *in, struct text unit, bool *known, struct error *err)
{
    struct stmt *q = db_query(in->reader, QUERY_import_unit_known);
    enum stmt_step step;

    stmt_text(q, 1, unit);
    step = stmt_step(q);
    *known = step == STMT_ROW;
    stmt_end(q);
    if (step != STMT_ROW && step != STMT_DONE)
        return reader_failed(in, err);
    if (*known && in->units->count < UNITS_MAX && !add(in->units, unit))
        return error_set(err, RESULT_MEMORY, "out of memory");
    return RESULT_OK;
}

enum result units_known(struct import *in, struct text unit, bool *known, struct error *err)
{
    struct units *u = in->units;

    *known = true;
    if (unit.len == u->last.length && memcmp(unit.at, u->last.number, unit.len) == 0)
        return RESULT_OK;
    if (find(u, u->slots, u->room, unit)->length) {
        slot_set(&u->last, unit);
        return RESULT_OK;
    }
    if (in->reader) {
        enum result result = ask_database(in, unit, known, err);

        if (result != RESULT_OK || *known)
            return result;
    }
    *known = in->units_dropped;
    return RESULT_OK;
}

static enum result put(struct import *in, const struct source *s, struct error *err)
{
    const struct value *v = s->v;
    struct block *b;
    enum result result = out_row(in, BULK_UNIT, &b, err);

    if (!b)
        return result;
    block_text(b, v[UNITS_DWZH].text);
    block_text(b, v[UNITS_DWMC].text);
    block_text(b, v[UNITS_ZZJGDM].text);
    block_int(b, v[UNITS_DWZHZT].n);
    block_int(b, v[UNITS_DWKHRQ].n);
    block_int_or_null(b, v[UNITS_DWXHRQ].there, v[UNITS_DWXHRQ].n);
    block_int(b, v[UNITS_DWJCBL].n);
    block_int(b, v[UNITS_GRJCBL].n);
    block_int_or_null(b, v[UNITS_JZNY].there, v[UNITS_JZNY].n);
    block_text(b, v[UNITS_JBRXM].text);
    block_text(b, v[UNITS_JBRGDDHHM].text);
    block_text(b, v[UNITS_GLBM].text);
    block_row_end(b);
    return RESULT_OK;
}

enum result units_import(struct import *in, struct error *err)
{
    struct source s = {.fd = -1};
    enum result result;

    in->units = calloc(1, sizeof *in->units);
    if (!in->units || !grow(in->units))
        return error_set(err, RESULT_MEMORY, "out of memory");
    in->units->seed = random_u64(&in->random);
    result = source_open(&s, &kinds[FILE_UNITS], &in->manifest.files[FILE_UNITS], in->dir,
                         &in->reading, false, err);
    while (result == RESULT_OK && s.there) {
        if (in->units->count >= UNITS_MAX)
            source_fault(&s, UNITS_DWZH, FAULT_RANGE, "more than 1,000,000 units");
        else if (!add(in->units, s.v[UNITS_DWZH].text))
            result = error_set(err, RESULT_MEMORY, "out of memory");
        if (result == RESULT_OK && !s.bad)
            result = put(in, &s, err);
        if (result == RESULT_OK)
            result = source_next(&s, err);
    }
    if (result == RESULT_OK) {
        source_finish(&s);
        in->units_dropped = s.dropped;
        in->report->records[FILE_UNITS] = s.records;
        result = out_flush(in, err);
    }
    source_close(&s);
    return result;
}
