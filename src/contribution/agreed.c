/* What is agreed from which month on: reading and changing ledger.terms. */
#include "internal.h"

#include "ledger/digest.h"

enum result agreed_at(struct work *w, struct text account, civil_month m, struct agreed *out,
                      struct error *err)
{
    struct stmt *q = db_query(w->p.db, QUERY_contribution_terms_at);
    enum stmt_step step;

    *out = (struct agreed){0};
    stmt_text(q, 1, account);
    stmt_int(q, 2, m.n);
    step = stmt_step(q);
    if (step == STMT_DONE)
        return RESULT_OK;
    if (step != STMT_ROW)
        return db_failure(w->p.db, err);
    *out = (struct agreed){
        .there = true,
        .from = {(int32_t)column_int(q, 0)},
        .unit = column_text(q, 1),
        .paying = column_int(q, 2) != 0,
        .base = column_fen(q, 3),
        .unit_ratio = (millionths)column_int(q, 4),
        .own_ratio = (millionths)column_int(q, 5),
    };
    if (out->paying) {
        out->unit_due = column_fen(q, 6);
        out->own_due = column_fen(q, 7);
    }
    out->unit.at = arena_copy(w->arena, out->unit);
    stmt_end(q);
    return out->unit.at ? RESULT_OK : error_set(err, RESULT_MEMORY, "out of memory");
}

void agreed_shares(struct agreed *g)
{
    g->unit_due = g->paying ? fen_share_whole_yuan(g->base, g->unit_ratio) : fen_of(0);
    g->own_due = g->paying ? fen_share_whole_yuan(g->base, g->own_ratio) : fen_of(0);
}

void agreed_read(struct agreed *g, const struct value *base, const struct value *unit_ratio,
                 const struct value *own_ratio)
{
    g->there = g->paying = true;
    g->base = fen_of(base->n);
    g->unit_ratio = (millionths)unit_ratio->n;
    g->own_ratio = (millionths)own_ratio->n;
    agreed_shares(g);
}

/* The office that serves the unit asked for last is kept: a file has one unit as a rule. */
static enum result office_of(struct work *w, struct text unit, struct error *err)
{
    struct text office;
    enum result r;

    if (text_equal(unit, text_of(w->unit)))
        return RESULT_OK;
    r = ledger_unit_office(w->p.db, w->arena, unit, &office, err);
    if (r == RESULT_OK && (!text_copy(unit, w->unit, sizeof w->unit) ||
                           !text_copy(office, w->office, sizeof w->office)))
        r = error_set(err, RESULT_DAMAGED, "the unit's number or office is too long");
    return r;
}

static enum result ratio_refused(const struct month_check *c, const char *side, millionths is,
                                 struct error *err)
{
    char ratio[PERCENT_TEXT_MAX], floor[PERCENT_TEXT_MAX], cap[PERCENT_TEXT_MAX];

    millionths_format_percent(is, ratio);
    millionths_format_percent(c->ratios.floor, floor);
    millionths_format_percent(c->ratios.cap, cap);
    return error_set(err, RESULT_REFUSED, "%s ratio %s %% is not within %s to %s %%", side, ratio,
                     floor, cap);
}

/* The floor that the base was held against: its class's, or the lowest. */
static fen floor_of(const struct month_check *c)
{
    fen least = {FEN_LIMIT};

    for (size_t i = 0; i < c->limits.floor_count; i++) {
        const struct class_floor *f = &c->limits.floors[i];

        if (c->class && strcmp(f->class, c->class) == 0)
            return f->amount;
        least = f->amount.n < least.n ? f->amount : least;
    }
    return least;
}

enum result agreed_within(struct work *w, const struct agreed *g, civil_month m, struct error *err)
{
    struct month month = {
        .month = m, .base = g->base, .unit_ratio = g->unit_ratio, .own_ratio = g->own_ratio};
    struct month_check c;
    enum result r = office_of(w, g->unit, err);

    if (r != RESULT_OK)
        return r;
    ledger_month_check(w->desk->policy, &month, text_of(w->office), &c);
    if (c.limits_known && c.base == LIMIT_ABOVE)
        return error_set(err, RESULT_REFUSED, "base %s is above %s, the cap of %s",
                         fen_words(g->base).at, fen_words(c.limits.cap).at, month_words(m).at);
    if (c.limits_known && c.base == LIMIT_BELOW)
        return error_set(err, RESULT_REFUSED, "base %s is below %s, the floor of class %s in %s",
                         fen_words(g->base).at, fen_words(floor_of(&c)).at,
                         c.class ? c.class : "(not known)", month_words(m).at);
    if (c.ratios_known && (c.unit_ratio == LIMIT_ABOVE || c.unit_ratio == LIMIT_BELOW))
        return ratio_refused(&c, "the unit's", g->unit_ratio, err);
    if (c.ratios_known && (c.own_ratio == LIMIT_ABOVE || c.own_ratio == LIMIT_BELOW))
        return ratio_refused(&c, "the own", g->own_ratio, err);
    return RESULT_OK;
}

/* --- changing --- */

/* The first month after m from which something is agreed; MONTH_NONE. */
static enum result next_after(struct work *w, struct text account, civil_month m, civil_month *out,
                              struct error *err)
{
    struct stmt *q = db_query(w->p.db, QUERY_contribution_terms_next);
    enum stmt_step step;

    *out = MONTH_NONE;
    stmt_text(q, 1, account);
    stmt_int(q, 2, m.n);
    step = stmt_step(q);
    if (step == STMT_ROW && !column_is_null(q, 0))
        out->n = (int32_t)column_int(q, 0);
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(w->p.db, err);
}

static enum result put(struct work *w, struct text account, civil_month from,
                       const struct agreed *g, struct error *err)
{
    const struct digest_terms told = {
        .from = from, .paying = g->paying, .due = g->unit_due.n + g->own_due.n};
    struct stmt *q = db_query(w->p.db, QUERY_import_terms_put);
    enum result r;

    stmt_text(q, 1, account);
    stmt_int(q, 2, from.n);
    stmt_text(q, 3, g->unit);
    stmt_int(q, 4, g->paying);
    stmt_fen(q, 5, g->base);
    stmt_int(q, 6, g->unit_ratio);
    stmt_int(q, 7, g->own_ratio);
    stmt_fen(q, 8, g->unit_due);
    stmt_fen(q, 9, g->own_due);
    r = stmt_run(q, NULL, err);
    return r == RESULT_OK ? digest_follow(w->p.db, account, NULL, 0, &told, 1, err) : r;
}

enum result agreed_from(struct work *w, struct text account, const struct agreed *g,
                        struct error *err)
{
    civil_month later;
    enum result r = next_after(w, account, g->from, &later, err);

    if (r == RESULT_OK && !month_is_none(later))
        return error_set(err, RESULT_REFUSED, "something is agreed from %s on already",
                         month_words(later).at);
    return r == RESULT_OK ? put(w, account, g->from, g, err) : r;
}

enum result agreed_for(struct work *w, struct text account, const struct agreed *g, civil_month to,
                       struct error *err)
{
    struct agreed then;
    civil_month later = MONTH_NONE;
    enum result r = next_after(w, account, g->from, &later, err);

    if (r == RESULT_OK && !month_is_none(later) && later.n < to.n)
        return error_set(err, RESULT_REFUSED, "something else is agreed from %s on",
                         month_words(later).at);
    if (r == RESULT_OK)
        r = agreed_at(w, account, to, &then, err);
    if (r != RESULT_OK)
        return r;
    if (then.there && then.from.n == to.n)
        return put(w, account, g->from, g, err);
    if (!then.there) /* nothing was agreed: afterwards nothing is due again */
        then = (struct agreed){.unit = g->unit,
                               .base = g->base,
                               .unit_ratio = g->unit_ratio,
                               .own_ratio = g->own_ratio};
    r = put(w, account, g->from, g, err);
    return r == RESULT_OK ? put(w, account, to, &then, err) : r;
}

struct month_words month_words(civil_month m)
{
    struct month_words w;

    month_format(m, w.at);
    return w;
}

struct fen_words fen_words(fen n)
{
    struct fen_words w;

    fen_format(n, w.at);
    return w;
}
