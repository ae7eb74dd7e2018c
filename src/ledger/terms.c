/* Which contribution was agreed when, and with which unit. */
#include "internal.h"

#include <string.h>

enum { ROOM_FIRST = 16 };

struct list {
    struct terms *rows;
    size_t count, room;
};

/* Room for one row more, doubled when it is full. */
static struct terms *next_row(struct arena *a, struct list *l)
{
    if (l->count == l->room) {
        size_t room = l->room ? l->room * 2 : ROOM_FIRST;
        struct terms *more = arena_alloc(a, room * sizeof *more);

        if (!more)
            return NULL;
        if (l->count > 0)
            memcpy(more, l->rows, l->count * sizeof *more);
        l->rows = more;
        l->room = room;
    }
    return &l->rows[l->count++];
}

/* One line follows another with the same unit as a rule: its number is kept once. */
static bool read_row(struct arena *a, struct stmt *q, struct list *l)
{
    struct terms *t = next_row(a, l);
    bool ok = true;

    if (!t)
        return false;
    *t = (struct terms){
        .from = {(int32_t)column_int(q, 0)},
        .unit = column_text(q, 1),
        .paying = column_int(q, 2) != 0,
        .base = column_fen(q, 3),
        .unit_ratio = (millionths)column_int(q, 4),
        .own_ratio = (millionths)column_int(q, 5),
        .unit_due = column_fen(q, 6),
        .own_due = column_fen(q, 7),
    };
    if (l->count > 1 && text_equal(t->unit, t[-1].unit))
        t->unit = t[-1].unit;
    else
        t->unit = ledger_keep(a, q, 1, &ok);
    return ok;
}

static enum result unit_name(struct db *db, struct arena *a, struct text unit, struct text *out,
                             struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_unit_name);
    enum stmt_step step;
    bool ok = true;

    stmt_text(q, 1, unit);
    step = stmt_step(q);
    if (step == STMT_ROW) {
        *out = ledger_keep(a, q, 0, &ok);
        stmt_end(q);
        return ok ? RESULT_OK : ledger_no_memory(err);
    }
    return ledger_read_end(db, step, err);
}

static enum result name_units(struct db *db, struct arena *a, struct list *l, struct error *err)
{
    enum result r = RESULT_OK;

    for (size_t i = 0; i < l->count && r == RESULT_OK; i++) {
        if (i > 0 && l->rows[i].unit.at == l->rows[i - 1].unit.at)
            l->rows[i].unit_name = l->rows[i - 1].unit_name;
        else
            r = unit_name(db, a, l->rows[i].unit, &l->rows[i].unit_name, err);
    }
    return r;
}

enum result ledger_terms(struct db *db, struct arena *a, struct text account, civil_month at,
                         struct terms **out, size_t *count, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_terms);
    struct list list = {0};
    enum stmt_step step;
    bool ok = true;
    enum result r;

    stmt_text(q, 1, account);
    stmt_int(q, 2, at.n);
    while (ok && (step = stmt_step(q)) == STMT_ROW)
        ok = read_row(a, q, &list);
    if (!ok) {
        stmt_end(q);
        return ledger_no_memory(err);
    }
    r = ledger_read_end(db, step, err);
    if (r == RESULT_OK)
        r = name_units(db, a, &list, err);
    *out = list.rows;
    *count = list.count;
    return r;
}
