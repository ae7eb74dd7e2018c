/* Contributions: a unit's remittance of a month, and back payments. */
#include "internal.h"

/* The columns of both files. */
enum { DWZH, HBJNY, GRZH, GRJCJS, DWJCBL, GRJCBL, DWJCE, GRJCE, QXRQ };

static struct entry entry_of(struct work *w, enum entry_kind kind, const struct value *v)
{
    return (struct entry){
        .kind = kind,
        .value_day = v[QXRQ].there ? (civil_date){(int32_t)v[QXRQ].n} : w->p.booked,
        .for_month = month_value(&v[HBJNY]),
        .unit = v[DWZH].text,
        .has_terms = true,
        .base = fen_of(v[GRJCJS].n),
        .unit_ratio = (millionths)v[DWJCBL].n,
        .own_ratio = (millionths)v[GRJCBL].n,
        .unit_amount = fen_of(v[DWJCE].n),
        .own_amount = fen_of(v[GRJCE].n),
        .amount_year = fen_of(v[DWJCE].n + v[GRJCE].n),
    };
}

static enum result share_wrong(const char *side, fen is, fen should, struct error *err)
{
    return error_set(err, RESULT_REFUSED, "%s share is %s; base x ratio, to the whole yuan, is %s",
                     side, fen_words(is).at, fen_words(should).at);
}

/* The shares of the line against base x ratio. */
static enum result check_shares(const struct agreed *said, const struct value *v, struct error *err)
{
    if (v[DWJCE].n != said->unit_due.n)
        return share_wrong("the unit's", fen_of(v[DWJCE].n), said->unit_due, err);
    if (v[GRJCE].n != said->own_due.n)
        return share_wrong("the own", fen_of(v[GRJCE].n), said->own_due, err);
    return RESULT_OK;
}

static enum result check_agreed(const struct agreed *g, const struct agreed *said, civil_month m,
                                struct error *err)
{
    if (!g->paying)
        return error_set(err, RESULT_REFUSED, "no contribution is agreed for %s",
                         month_words(m).at);
    if (!text_equal(g->unit, said->unit))
        return error_set(err, RESULT_REFUSED, "in %s the account belongs to another unit",
                         month_words(m).at);
    if (g->base.n != said->base.n)
        return error_set(err, RESULT_REFUSED, "base %s; for %s %s is agreed",
                         fen_words(said->base).at, month_words(m).at, fen_words(g->base).at);
    if (g->unit_ratio != said->unit_ratio || g->own_ratio != said->own_ratio)
        return error_set(err, RESULT_REFUSED, "other ratios are agreed for %s", month_words(m).at);
    return RESULT_OK;
}

/* The month whose limits bound a base: the one it was agreed from, and anew each January. */
static civil_month bound_month(const struct agreed *g, civil_month m)
{
    civil_month january = month_of(month_year(m), 1);

    return g->from.n > january.n ? g->from : january;
}

static struct agreed said_of(const struct value *v)
{
    struct agreed said = {.from = month_value(&v[HBJNY]), .unit = v[DWZH].text};

    agreed_read(&said, &v[GRJCJS], &v[DWJCBL], &v[GRJCBL]);
    return said;
}

/* Posts the line's contribution; paid_to follows. full: the month is in full with it. */
static enum result contribute(struct work *w, struct post_account *a, enum entry_kind kind,
                              const struct value *v, bool full, struct error *err)
{
    struct entry e = entry_of(w, kind, v);
    enum result r = enter(w, a, &e, err);

    if (full && (month_is_none(a->row.paid_to) || e.for_month.n > a->row.paid_to.n))
        a->row.paid_to = e.for_month;
    return r == RESULT_OK ? account_put(w, a, err) : r;
}

/* --- remittance --- */

static enum result remit_begin(struct work *w, const struct value *v, struct error *err)
{
    civil_month m = month_value(&v[HBJNY]), now = date_month(w->today);
    int early = policy_early_months(w->desk->policy);
    struct stmt *q;
    enum result r;

    if (!text_equal(v[DWZH].text, w->first[DWZH].text) || v[HBJNY].n != w->first[HBJNY].n)
        return error_set(err, RESULT_INVALID, "a remittance is of one unit and one month");
    if (w->number > 1)
        return RESULT_OK;
    if (m.n > now.n + early)
        return error_set(err, RESULT_REFUSED, "%s is more than %d months ahead", month_words(m).at,
                         early);
    r = unit_open(w, v[DWZH].text, err);
    if (r != RESULT_OK)
        return r;
    q = db_query(w->p.db, QUERY_contribution_unit_paid);
    stmt_text(q, 1, v[DWZH].text);
    stmt_int(q, 2, m.n);
    return stmt_run(q, NULL, err);
}

enum result remit_line(struct work *w, const struct value *v, struct error *err)
{
    civil_month m = month_value(&v[HBJNY]);
    struct agreed said = said_of(v), g;
    struct post_account a;
    struct paid paid;
    enum result r = remit_begin(w, v, err);

    if (r == RESULT_OK)
        r = account_open(w, v[GRZH].text, &a, err);
    if (r == RESULT_OK)
        r = agreed_at(w, v[GRZH].text, m, &g, err);
    if (r == RESULT_OK)
        r = check_agreed(&g, &said, m, err);
    if (r == RESULT_OK)
        r = check_shares(&said, v, err);
    if (r == RESULT_OK)
        r = agreed_within(w, &g, bound_month(&g, m), err);
    if (r == RESULT_OK)
        r = paid_for(w, v[GRZH].text, m, &paid, err);
    if (r == RESULT_OK && (paid.unit.n != 0 || paid.own.n != 0))
        return error_set(err, RESULT_REFUSED,
                         "%s is credited for %s already; what is missing is a back payment",
                         fen_words(fen_add(paid.unit, paid.own)).at, month_words(m).at);
    return r == RESULT_OK ? contribute(w, &a, ENTRY_REMITTANCE, v, true, err) : r;
}

/* --- back payment --- */

/* A month for which nothing was due (not yet registered, sealed by mistake, deferred): by paying it
 * in full it is agreed. */
static enum result agree_month(struct work *w, const struct agreed *said, const struct value *v,
                               struct error *err)
{
    enum result r = check_shares(said, v, err);

    if (r == RESULT_OK)
        r = agreed_within(w, said, said->from, err);
    return r == RESULT_OK ? agreed_for(w, v[GRZH].text, said, (civil_month){said->from.n + 1}, err)
                          : r;
}

static enum result check_rest(const struct agreed *g, const struct paid *paid,
                              const struct value *v, struct error *err)
{
    fen unit = fen_sub(g->unit_due, paid->unit), own = fen_sub(g->own_due, paid->own);

    if (v[DWJCE].n + v[GRJCE].n <= 0)
        return error_set(err, RESULT_REFUSED, "a back payment without an amount");
    if (v[DWJCE].n > unit.n || v[GRJCE].n > own.n)
        return error_set(err, RESULT_REFUSED, "for %s %s and %s are missing, not more",
                         month_words(month_value(&v[HBJNY])).at,
                         fen_words(unit.n > 0 ? unit : fen_of(0)).at,
                         fen_words(own.n > 0 ? own : fen_of(0)).at);
    return RESULT_OK;
}

enum result back_pay_line(struct work *w, const struct value *v, struct error *err)
{
    civil_month m = month_value(&v[HBJNY]);
    struct agreed said = said_of(v), g;
    struct post_account a;
    struct paid paid;
    enum result r;

    if (m.n > date_month(w->today).n)
        return error_set(err, RESULT_REFUSED, "%s is still to come: it is remitted, not paid back",
                         month_words(m).at);
    r = unit_open(w, v[DWZH].text, err);
    if (r == RESULT_OK)
        r = account_open(w, v[GRZH].text, &a, err);
    if (r == RESULT_OK)
        r = agreed_at(w, v[GRZH].text, m, &g, err);
    if (r == RESULT_OK)
        r = paid_for(w, v[GRZH].text, m, &paid, err);
    if (r == RESULT_OK && !g.paying) {
        r = agree_month(w, &said, v, err);
        g = said;
    }
    if (r == RESULT_OK)
        r = check_agreed(&g, &said, m, err);
    if (r == RESULT_OK)
        r = check_rest(&g, &paid, v, err);
    return r == RESULT_OK ? contribute(w, &a, ENTRY_BACK_PAYMENT, v,
                                       paid.unit.n + v[DWJCE].n >= g.unit_due.n &&
                                           paid.own.n + v[GRJCE].n >= g.own_due.n,
                                       err)
                          : r;
}
