/* The month picture: what was due for each month, what came for it, and when. The month a
 * contribution is for is not the month it is booked in; missing, late and paid back come from the
 * difference. */
#include "internal.h"

#include <string.h>

enum {
    TERMS_MAX = LEDGER_MONTHS_MAX,
    ENTRIES_A_MONTH = 2, /* as a rule: a contribution and something else now and then */
    BLOCK_LEAST = 32,
    BLOCK_MOST = 256,
    /* A contribution is not booked more than so many days before its month begins: entries that
     * are older than this before the first month asked for are not read. */
    BOOKED_AHEAD_DAYS = 400,
};

/* What was agreed from a month on. */
struct terms {
    civil_month from;
    bool paying;
    struct text unit, unit_name;
    fen base;
    millionths unit_ratio, own_ratio;
    fen unit_due, own_due;
};

/* An entry that a later one reverses, met before it because the walk goes backwards. */
struct reversed {
    int64_t seq;
    struct reversed *next;
};

struct fold {
    struct arena *arena;
    struct month *months;
    bool *back_paid; /* beside months: a back payment is among the credits */
    size_t count;
    civil_month first;
    civil_date stop; /* what was booked before that day is not needed */
    struct reversed *reversed;
    bool ok;
};

static enum result read_terms(struct db *db, struct arena *a, struct text account, civil_month at,
                              struct terms **out, size_t *count, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_terms);
    struct terms *list = NULL;
    size_t room = 0;
    enum stmt_step step;
    bool ok = true;

    *count = 0;
    stmt_text(q, 1, account);
    stmt_int(q, 2, at.n);
    while ((step = stmt_step(q)) == STMT_ROW && ok) {
        if (*count == room) {
            struct terms *more = arena_alloc(a, (room ? room * 2 : 16) * sizeof *more);
            if (!more) {
                ok = false;
                break;
            }
            if (room > 0)
                memcpy(more, list, room * sizeof *more);
            list = more;
            room = room ? room * 2 : 16;
        }
        list[(*count)++] = (struct terms){
            .from = {(int32_t)column_int(q, 0)},
            .unit = ledger_keep(a, q, 1, &ok),
            .unit_name = ledger_keep(a, q, 2, &ok),
            .paying = column_int(q, 3) != 0,
            .base = column_fen(q, 4),
            .unit_ratio = (millionths)column_int(q, 5),
            .own_ratio = (millionths)column_int(q, 6),
            .unit_due = column_fen(q, 7),
            .own_due = column_fen(q, 8),
        };
    }
    stmt_end(q);
    *out = list;
    return ok ? ledger_read_end(db, step, err) : ledger_no_memory(err);
}

static bool is_reversed(struct fold *f, int64_t seq)
{
    for (struct reversed **r = &f->reversed; *r; r = &(*r)->next)
        if ((*r)->seq == seq) {
            *r = (*r)->next; /* each entry is reversed once at most */
            return true;
        }
    return false;
}

static bool note_reversed(struct fold *f, int64_t seq)
{
    struct reversed *r = arena_alloc(f->arena, sizeof *r);

    if (r)
        *r = (struct reversed){seq, f->reversed};
    if (r)
        f->reversed = r;
    f->ok = r != NULL;
    return f->ok;
}

static bool take_credit(void *context, const struct back_entry *e)
{
    struct fold *f = context;
    int32_t i = month_is_none(e->for_month) ? -1 : e->for_month.n - f->first.n;
    struct month *m;

    if (e->booked.day < f->stop.day)
        return false;
    if (e->kind != ENTRY_REMITTANCE && e->kind != ENTRY_BACK_PAYMENT)
        return true;
    if (e->reversing)
        return note_reversed(f, e->reverses);
    if (is_reversed(f, e->seq) || i < 0 || (size_t)i >= f->count)
        return true;
    m = &f->months[i];
    m->unit_credited = fen_add(m->unit_credited, e->unit_amount);
    m->own_credited = fen_add(m->own_credited, e->own_amount);
    if (date_is_none(m->credited_on) || e->value_day.day > m->credited_on.day)
        m->credited_on = e->value_day; /* money counts from its value day (article 21) */
    if (e->kind == ENTRY_BACK_PAYMENT)
        f->back_paid[i] = true;
    return true;
}

static enum month_state state_of(const struct month *m, bool back_paid, civil_date today)
{
    int64_t due = m->unit_due.n + m->own_due.n;
    int64_t credited = m->unit_credited.n + m->own_credited.n;

    if (due == 0)
        return credited != 0 ? MONTH_EXTRA : MONTH_SEALED;
    if (credited < due && today.day <= m->due_day.day)
        return MONTH_AWAITED;
    if (credited < due)
        return credited > 0 ? MONTH_SHORT : MONTH_MISSING;
    if (back_paid)
        return MONTH_BACKPAID;
    return m->credited_on.day > m->due_day.day ? MONTH_LATE : MONTH_FULL;
}

/* What the terms say of each month; before is the line that holds in the month before the first. */
static void lay_out(struct fold *f, const struct policy *p, const struct terms *terms, size_t count)
{
    size_t next = 0;
    const struct terms *now = NULL;

    while (next < count && terms[next].from.n < f->first.n)
        now = &terms[next++];
    for (size_t i = 0; i < f->count; i++) {
        struct month *m = &f->months[i];
        const struct terms *before = now;

        m->month.n = f->first.n + (int32_t)i;
        while (next < count && terms[next].from.n <= m->month.n)
            now = &terms[next++];
        m->credited_on = DATE_NONE;
        m->due_day = policy_contribution_due(p, m->month);
        if (!now)
            continue;
        m->unit = now->unit;
        m->unit_name = now->unit_name;
        m->base = now->base;
        m->unit_ratio = now->unit_ratio;
        m->own_ratio = now->own_ratio;
        m->unit_due = now->paying ? now->unit_due : fen_of(0);
        m->own_due = now->paying ? now->own_due : fen_of(0);
        m->base_before = before ? before->base : now->base;
        m->base_changed = before && now->paying && before->base.n != now->base.n;
    }
}

/* The first month in which something is due under these terms, or from when that is later. */
static civil_month first_month(const struct terms *terms, size_t count, civil_month from)
{
    for (size_t i = 0; i < count; i++)
        if (terms[i].paying || (!month_is_none(from) && terms[i].from.n < from.n))
            return terms[i].from.n > from.n ? terms[i].from : from;
    return MONTH_NONE;
}

/* A closed account has no months after the one it was closed in. */
static civil_month last_month(const struct account *account, civil_date today)
{
    civil_month last = date_month(today);

    if (account_is_closed(account->state) && !date_is_none(account->closed) &&
        account->closed.day < today.day)
        last = date_month(account->closed);
    return last;
}

static enum result fold_entries(struct db *db, struct fold *f, const struct account *account,
                                civil_date today, struct error *err)
{
    size_t block = f->count * ENTRIES_A_MONTH;
    enum result r;

    block = block < BLOCK_LEAST ? BLOCK_LEAST : block > BLOCK_MOST ? BLOCK_MOST : block;
    f->stop = date_plus(month_first(f->first), -BOOKED_AHEAD_DAYS);
    r = ledger_walk_back(db, account->account, (int)block, take_credit, f, err);
    if (r == RESULT_OK && !f->ok)
        r = ledger_no_memory(err);
    for (size_t i = 0; r == RESULT_OK && i < f->count; i++)
        f->months[i].state = state_of(&f->months[i], f->back_paid[i], today);
    return r;
}

enum result ledger_months(struct db *db, struct arena *a, const struct policy *p,
                          const struct account *account, civil_month from, civil_date today,
                          struct month **out, size_t *count, struct error *err)
{
    struct fold f = {.arena = a, .ok = true};
    civil_month last = last_month(account, today);
    civil_month at = month_is_none(from) ? from : (civil_month){from.n - 1};
    struct terms *terms = NULL;
    size_t terms_count = 0;
    enum result r = read_terms(db, a, account->account, at, &terms, &terms_count, err);

    *out = NULL;
    *count = 0;
    if (r != RESULT_OK)
        return r;
    f.first = first_month(terms, terms_count, from);
    if (month_is_none(f.first) || f.first.n > last.n)
        return RESULT_OK;
    if (last.n - f.first.n >= LEDGER_MONTHS_MAX)
        f.first.n = last.n - LEDGER_MONTHS_MAX + 1;
    f.count = (size_t)(last.n - f.first.n) + 1;
    f.months = arena_alloc(a, f.count * sizeof *f.months);
    f.back_paid = arena_alloc(a, f.count * sizeof *f.back_paid);
    if (!f.months || !f.back_paid)
        return ledger_no_memory(err);
    lay_out(&f, p, terms, terms_count);
    r = fold_entries(db, &f, account, today, err);
    *out = f.months;
    *count = f.count;
    return r;
}

static bool is_in_full(enum month_state s)
{
    return s == MONTH_FULL || s == MONTH_LATE || s == MONTH_BACKPAID;
}

static bool is_gap(enum month_state s)
{
    return s == MONTH_SHORT || s == MONTH_MISSING;
}

/* Going back from i (exclusive) while the months are of the kind; returns where it stops. */
static size_t back_while(const struct month *months, size_t i, bool (*kind)(enum month_state))
{
    while (i > 0 && kind(months[i - 1].state))
        i--;
    return i;
}

void ledger_months_consecutive(const struct month *months, size_t count, int *full, int *if_mended)
{
    size_t newest = count, broken, mended;

    while (newest > 0 && months[newest - 1].state == MONTH_AWAITED)
        newest--;
    broken = back_while(months, newest, is_in_full);
    mended = back_while(months, broken, is_gap);
    if (mended < broken)
        mended = back_while(months, mended, is_in_full);
    *full = (int)(newest - broken);
    *if_mended = (int)(newest - mended);
}
