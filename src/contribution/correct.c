/* What was posted wrong: reversed, and what should have been posted beside it. The right entry is
 * posted first, so that an account whose money was used meanwhile does not pass below zero. */
#include "internal.h"

/* --- correction --- */

enum { GRZH, XH, CZYY, ZRGRZH, HBJNY, DWJCE, GRJCE, QXRQ };

static bool is_contribution(const struct entry *e)
{
    return e->kind == ENTRY_REMITTANCE || e->kind == ENTRY_BACK_PAYMENT;
}

/* What should have been: as the wrong entry, but for what the line says. */
static struct entry right_of(const struct entry *of, const struct value *v)
{
    struct entry e = {
        .kind = of->kind,
        .value_day = v[QXRQ].there ? (civil_date){(int32_t)v[QXRQ].n} : of->value_day,
        .for_month = v[HBJNY].there ? month_value(&v[HBJNY]) : of->for_month,
        .has_terms = true,
        .unit_amount = fen_of(v[DWJCE].n),
        .own_amount = fen_of(v[GRJCE].n),
        .amount_year = fen_of(v[DWJCE].n + v[GRJCE].n),
    };

    return e;
}

/* The shares of e fit what its month has room for. freed: what the wrong entry of the same account and
 * month gives back. */
static enum result check_room(struct work *w, struct text account, struct entry *e,
                              struct paid freed, struct error *err)
{
    struct agreed g;
    struct paid paid;
    enum result r = agreed_at(w, account, e->for_month, &g, err);

    if (r == RESULT_OK)
        r = paid_for(w, account, e->for_month, &paid, err);
    if (r != RESULT_OK)
        return r;
    if (!g.paying)
        return error_set(err, RESULT_REFUSED, "no contribution is agreed for %s",
                         month_words(e->for_month).at);
    if (e->unit_amount.n > g.unit_due.n - paid.unit.n + freed.unit.n ||
        e->own_amount.n > g.own_due.n - paid.own.n + freed.own.n)
        return error_set(err, RESULT_REFUSED, "more than is due for %s",
                         month_words(e->for_month).at);
    e->unit = g.unit;
    e->base = g.base;
    e->unit_ratio = g.unit_ratio;
    e->own_ratio = g.own_ratio;
    return RESULT_OK;
}

static enum result post_right(struct work *w, struct post_account *a, const struct entry *of,
                              const struct value *v, struct error *err)
{
    struct entry e = right_of(of, v);
    struct post_account other;
    struct paid freed = {{0}, {0}};
    enum result r;

    if (!is_contribution(of))
        return error_set(err, RESULT_REFUSED, "only a contribution is posted anew with shares");
    if (!v[ZRGRZH].there && e.for_month.n == of->for_month.n)
        freed = (struct paid){of->unit_amount, of->own_amount};
    r = check_room(w, v[ZRGRZH].there ? v[ZRGRZH].text : v[GRZH].text, &e, freed, err);
    if (r != RESULT_OK || !v[ZRGRZH].there)
        return r == RESULT_OK ? enter(w, a, &e, err) : r;
    r = account_open(w, v[ZRGRZH].text, &other, err);
    if (r == RESULT_OK)
        r = enter(w, &other, &e, err);
    if (r == RESULT_OK)
        r = paid_to_anew(w, &other, err);
    return r == RESULT_OK ? account_put(w, &other, err) : r;
}

enum result correct_line(struct work *w, const struct value *v, struct error *err)
{
    struct post_account a;
    struct entry of, back;
    enum result r = account_open(w, v[GRZH].text, &a, err);

    if (r == RESULT_OK)
        r = post_entry_read(w->p.db, w->arena, v[GRZH].text, v[XH].n, &of, err);
    if (r == RESULT_OK && !is_contribution(&of) && of.kind != ENTRY_TRANSFER_IN)
        return error_set(err, RESULT_REFUSED, "the entry is no contribution or transfer in");
    if (r == RESULT_OK && v[DWJCE].there != v[GRJCE].there)
        return error_set(err, RESULT_INVALID, "both shares are wanted, or none");
    if (r == RESULT_OK && !v[DWJCE].there && (v[ZRGRZH].there || v[HBJNY].there || v[QXRQ].there))
        return error_set(err, RESULT_INVALID, "what is posted anew needs its shares");
    if (r == RESULT_OK && v[ZRGRZH].there && text_equal(v[ZRGRZH].text, v[GRZH].text))
        return error_set(err, RESULT_INVALID, "the other account is the same");
    if (r == RESULT_OK && v[DWJCE].there)
        r = post_right(w, &a, &of, v, err);
    if (r == RESULT_OK)
        r = reverse(w, &a, v[XH].n, (int)v[CZYY].n, &back, err);
    if (r == RESULT_OK)
        r = paid_to_anew(w, &a, err);
    return r == RESULT_OK ? account_put(w, &a, err) : r;
}

/* --- refund --- */

enum { R_GRZH, R_HBJNY, R_DWJCE, R_GRJCE };

static fen least(fen a, fen b)
{
    return a.n < b.n ? a : b;
}

/* Takes as much as may be of what is to go back out of one contribution. */
static enum result lessen(struct work *w, struct post_account *a, int64_t seq, struct paid *back,
                          struct error *err)
{
    struct entry of, reversing;
    enum result r = post_entry_read(w->p.db, w->arena, a->row.account, seq, &of, err);
    fen unit, own;

    if (r != RESULT_OK)
        return r;
    unit = least(back->unit, of.unit_amount);
    own = least(back->own, of.own_amount);
    if (unit.n + own.n == 0)
        return RESULT_OK;
    back->unit = fen_sub(back->unit, unit);
    back->own = fen_sub(back->own, own);
    if (of.amount.n > unit.n + own.n) {
        struct entry e = of;

        e.unit_amount = fen_sub(of.unit_amount, unit);
        e.own_amount = fen_sub(of.own_amount, own);
        e.amount_year = fen_add(e.unit_amount, e.own_amount);
        e.amount_carried = fen_of(0);
        r = enter(w, a, &e, err);
    }
    return r == RESULT_OK ? reverse(w, a, seq, REVERSED_AMOUNT, &reversing, err) : r;
}

static enum result check_excess(struct work *w, const struct value *v, struct error *err)
{
    struct agreed g;
    struct paid paid;
    enum result r = agreed_at(w, v[R_GRZH].text, month_value(&v[R_HBJNY]), &g, err);

    if (r == RESULT_OK)
        r = paid_for(w, v[R_GRZH].text, month_value(&v[R_HBJNY]), &paid, err);
    if (r != RESULT_OK)
        return r;
    if (v[R_DWJCE].n + v[R_GRJCE].n <= 0)
        return error_set(err, RESULT_REFUSED, "a refund without an amount");
    if (v[R_DWJCE].n > paid.unit.n - g.unit_due.n || v[R_GRJCE].n > paid.own.n - g.own_due.n)
        return error_set(err, RESULT_REFUSED, "so much was not paid too much for %s",
                         month_words(month_value(&v[R_HBJNY])).at);
    return RESULT_OK;
}

enum result refund_line(struct work *w, const struct value *v, struct error *err)
{
    struct paid back = {fen_of(v[R_DWJCE].n), fen_of(v[R_GRJCE].n)};
    struct month_credit *list = NULL;
    struct post_account a;
    size_t count = 0;
    enum result r = account_open(w, v[R_GRZH].text, &a, err);

    if (r == RESULT_OK)
        r = check_excess(w, v, err);
    if (r == RESULT_OK)
        r = ledger_month_credits(w->p.db, w->arena, v[R_GRZH].text, month_value(&v[R_HBJNY]), &list,
                                 &count, err);
    for (size_t i = count; i > 0 && r == RESULT_OK && back.unit.n + back.own.n > 0; i--)
        if (!list[i - 1].reversed && list[i - 1].reverses == 0)
            r = lessen(w, &a, list[i - 1].seq, &back, err);
    if (r == RESULT_OK && back.unit.n + back.own.n > 0)
        return error_set(err, RESULT_REFUSED, "the month's contributions do not hold so much");
    if (r == RESULT_OK)
        r = paid_to_anew(w, &a, err);
    return r == RESULT_OK ? account_put(w, &a, err) : r;
}
