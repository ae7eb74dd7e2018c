/* Freezing by a court or by the centre: the whole account or an amount, and lifting. The holder's own
 * stop of payments is something else (src/member). */
#include "internal.h"

enum { GRZH, DJJE, DJJG };

static bool whole(const struct post_account *a)
{
    return a->row.state == ACCOUNT_FROZEN;
}

enum result freeze_line(struct work *w, const struct value *v, struct error *err)
{
    struct post_account a;
    fen free;
    enum result r = account_open(w, v[GRZH].text, &a, err);

    if (r != RESULT_OK)
        return r;
    if (whole(&a))
        return error_set(err, RESULT_REFUSED, "the whole account is frozen already");
    free = fen_sub(a.row.running.balance, a.row.frozen);
    if (v[DJJE].there && v[DJJE].n > free.n)
        return error_set(err, RESULT_REFUSED, "%s are not frozen yet, not more",
                         fen_words(free).at);
    if (a.row.frozen.n == 0)
        a.row.frozen_since = w->today;
    a.row.frozen_by = v[DJJG].text;
    if (v[DJJE].there)
        a.row.frozen = fen_add(a.row.frozen, fen_of(v[DJJE].n));
    else
        a.row.state = ACCOUNT_FROZEN; /* account_put freezes all that is there */
    r = note(w, &a, ENTRY_FREEZING, TEXT_NONE, MONTH_NONE, err);
    return r == RESULT_OK ? account_put(w, &a, err) : r;
}

/* What a freezing of the whole account hid. */
static enum result state_beneath(struct work *w, struct post_account *a, struct error *err)
{
    struct agreed g;
    enum result r = agreed_at(w, a->row.account, date_month(w->today), &g, err);

    if (r == RESULT_OK)
        a->row.state = g.paying ? ACCOUNT_NORMAL : ACCOUNT_SEALED;
    return r;
}

enum result lift_line(struct work *w, const struct value *v, struct error *err)
{
    struct post_account a;
    enum result r = account_open(w, v[GRZH].text, &a, err);

    if (r != RESULT_OK)
        return r;
    if (!whole(&a) && a.row.frozen.n == 0)
        return error_set(err, RESULT_REFUSED, "nothing is frozen");
    if (whole(&a) && v[DJJE].there)
        return error_set(err, RESULT_REFUSED, "the whole account is frozen: it is lifted whole");
    if (v[DJJE].there && v[DJJE].n > a.row.frozen.n)
        return error_set(err, RESULT_REFUSED, "%s are frozen, not more",
                         fen_words(a.row.frozen).at);
    if (whole(&a))
        r = state_beneath(w, &a, err);
    a.row.frozen = v[DJJE].there ? fen_sub(a.row.frozen, fen_of(v[DJJE].n)) : fen_of(0);
    if (a.row.frozen.n == 0) {
        a.row.frozen_since = DATE_NONE;
        a.row.frozen_by = TEXT_NONE;
    }
    if (r == RESULT_OK)
        r = note(w, &a, ENTRY_LIFTING, TEXT_NONE, MONTH_NONE, err);
    return r == RESULT_OK ? account_put(w, &a, err) : r;
}
