/* The month picture: what was due for each month, what came for it, and when. The month a
 * contribution is for is not the month it is booked in; missing, late and paid back come from the
 * difference. */
#include "internal.h"

#include <string.h>

enum {
    /* A contribution is not booked more than so many days before its month begins: entries that
     * are older than this before the first month asked for are not read. */
    BOOKED_AHEAD_DAYS = 400,
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

enum { SEQ, BOOKED, VALUE_DAY, KIND, FOR_MONTH, UNIT, OWN, REVERSES }; /* of ledger_credits_back */

static bool take_credit(void *context, struct stmt *q)
{
    struct fold *f = context;
    int64_t i = column_int(q, FOR_MONTH) - f->first.n;
    int64_t reverses = column_int(q, REVERSES), value_day = column_int(q, VALUE_DAY);
    struct month *m;

    if (column_int(q, BOOKED) < f->stop.day)
        return false;
    if (reverses != 0)
        return note_reversed(f, reverses);
    if (i < 0 || (size_t)i >= f->count || (f->reversed && is_reversed(f, column_int(q, SEQ))))
        return true;
    m = &f->months[i];
    m->unit_credited = fen_add(m->unit_credited, column_fen(q, UNIT));
    m->own_credited = fen_add(m->own_credited, column_fen(q, OWN));
    if (value_day > m->credited_on.day)
        m->credited_on.day = (int32_t)value_day; /* money counts from its value day (article 21) */
    if (column_int(q, KIND) == ENTRY_BACK_PAYMENT)
        f->back_paid[i] = true;
    return true;
}

enum month_state ledger_month_state(const struct month_sums *m, civil_date due_day,
                                    civil_date today)
{
    if (m->due == 0)
        return m->credited != 0 ? MONTH_EXTRA : MONTH_SEALED;
    if (m->credited < m->due && today.day <= due_day.day)
        return MONTH_AWAITED;
    if (m->credited < m->due)
        return m->credited > 0 ? MONTH_SHORT : MONTH_MISSING;
    if (m->back_paid)
        return MONTH_BACKPAID;
    return m->credited_on.day > due_day.day ? MONTH_LATE : MONTH_FULL;
}

static enum month_state state_of(const struct month *m, bool back_paid, civil_date today)
{
    struct month_sums sums = {
        .due = m->unit_due.n + m->own_due.n,
        .credited = m->unit_credited.n + m->own_credited.n,
        .credited_on = m->credited_on,
        .back_paid = back_paid,
    };

    return ledger_month_state(&sums, m->due_day, today);
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

civil_month ledger_last_month(const struct account *account, civil_date today)
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
    const struct walk walk = {.query = QUERY_ledger_credits_back,
                              .block = ledger_block(f->count),
                              .take = take_credit,
                              .context = f};
    enum result r;

    f->stop = date_plus(month_first(f->first), -BOOKED_AHEAD_DAYS);
    r = ledger_walk_back(db, account->account, &walk, err);
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
    civil_month last = ledger_last_month(account, today);
    civil_month at = month_is_none(from) ? from : (civil_month){from.n - 1};
    struct terms *terms = NULL;
    size_t terms_count = 0;
    enum result r = ledger_terms(db, a, account->account, at, &terms, &terms_count, err);

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
