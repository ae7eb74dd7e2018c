/* What is agreed, with whom, and whether: base, sealing, unsealing, another unit, deferral. */
#include "internal.h"

enum { GRZH, SXNY, DWZH };

static enum result near(struct work *w, civil_month m, int ahead, struct error *err)
{
    if (m.n > date_month(w->today).n + ahead)
        return error_set(err, RESULT_REFUSED, "%s is too far ahead", month_words(m).at);
    return RESULT_OK;
}

/* The account's row shows what is agreed now. */
static void show(struct post_account *a, const struct agreed *g)
{
    a->row.unit = g->unit;
    a->row.base = g->base;
    a->row.unit_ratio = g->unit_ratio;
    a->row.own_ratio = g->own_ratio;
    a->row.unit_amount = g->unit_due;
    a->row.own_amount = g->own_due;
    if (a->row.state != ACCOUNT_FROZEN) /* which hides the other two until it is lifted */
        a->row.state = g->paying ? ACCOUNT_NORMAL : ACCOUNT_SEALED;
}

/* Agrees g from a month on, notes it on the account and writes its row. */
static enum result agree(struct work *w, struct post_account *a, enum entry_kind kind,
                         const struct agreed *g, struct error *err)
{
    enum result r = agreed_from(w, a->row.account, g, err);

    if (r == RESULT_OK)
        r = note(w, a, kind, g->unit, MONTH_NONE, err);
    if (r != RESULT_OK)
        return r;
    show(a, g);
    return account_put(w, a, err);
}

/* --- base and ratios (基数调整) --- */

enum { B_GRJCJS = 2, B_DWJCBL, B_GRJCBL };

enum result base_line(struct work *w, const struct value *v, struct error *err)
{
    struct agreed now, g = {.from = month_value(&v[SXNY])};
    struct post_account a;
    enum result r = near(w, g.from, policy_early_months(w->desk->policy), err);

    agreed_read(&g, &v[B_GRJCJS], &v[B_DWJCBL], &v[B_GRJCBL]);
    if (r == RESULT_OK)
        r = account_open(w, v[GRZH].text, &a, err);
    if (r == RESULT_OK)
        r = agreed_at(w, v[GRZH].text, g.from, &now, err);
    if (r == RESULT_OK && !now.paying)
        return error_set(err, RESULT_REFUSED, "no contribution is agreed for %s",
                         month_words(g.from).at);
    if (r != RESULT_OK)
        return r;
    g.unit = now.unit;
    r = agreed_within(w, &g, g.from, err);
    return r == RESULT_OK ? agree(w, &a, ENTRY_BASE_CHANGE, &g, err) : r;
}

/* --- sealing and unsealing, another unit --- */

enum result seal_line(struct work *w, const struct value *v, struct error *err)
{
    struct post_account a;
    struct agreed g;
    enum result r = near(w, month_value(&v[SXNY]), 1, err);

    if (r == RESULT_OK)
        r = account_open(w, v[GRZH].text, &a, err);
    if (r == RESULT_OK)
        r = agreed_at(w, v[GRZH].text, month_value(&v[SXNY]), &g, err);
    if (r == RESULT_OK && !g.paying)
        return error_set(err, RESULT_REFUSED, "in %s the account is sealed already",
                         month_words(month_value(&v[SXNY])).at);
    g.from = month_value(&v[SXNY]);
    g.paying = false;
    agreed_shares(&g);
    return r == RESULT_OK ? agree(w, &a, ENTRY_SEALING, &g, err) : r;
}

enum { U_GRJCJS = 3, U_DWJCBL, U_GRJCBL };

/* New terms with a unit; the account pays or does not before. */
static enum result with_unit(struct work *w, const struct value *v, bool paying_before,
                             struct error *err)
{
    struct agreed now, g = {.from = month_value(&v[SXNY]), .unit = v[DWZH].text};
    struct post_account a;
    enum result r = near(w, g.from, 1, err);

    agreed_read(&g, &v[U_GRJCJS], &v[U_DWJCBL], &v[U_GRJCBL]);
    if (r == RESULT_OK)
        r = account_open(w, v[GRZH].text, &a, err);
    if (r == RESULT_OK)
        r = unit_open(w, v[DWZH].text, err);
    if (r == RESULT_OK)
        r = agreed_at(w, v[GRZH].text, g.from, &now, err);
    if (r == RESULT_OK && now.paying != paying_before)
        return error_set(err, RESULT_REFUSED,
                         paying_before ? "in %s the account is sealed: it is unsealed with a unit"
                                       : "in %s the account is not sealed",
                         month_words(g.from).at);
    if (r == RESULT_OK && paying_before && text_equal(now.unit, g.unit))
        return error_set(err, RESULT_REFUSED, "the account belongs to that unit already");
    if (r == RESULT_OK)
        r = agreed_within(w, &g, g.from, err);
    return r == RESULT_OK
               ? agree(w, &a, paying_before ? ENTRY_TRANSFER_UNIT : ENTRY_UNSEALING, &g, err)
               : r;
}

enum result unseal_line(struct work *w, const struct value *v, struct error *err)
{
    return with_unit(w, v, false, err);
}

enum result move_line(struct work *w, const struct value *v, struct error *err)
{
    return with_unit(w, v, true, err);
}

/* --- deferral --- */

enum { D_GRZH, D_SXNY, D_ZZNY };

enum result defer_line(struct work *w, const struct value *v, struct error *err)
{
    civil_month from = month_value(&v[D_SXNY]), last = month_value(&v[D_ZZNY]);
    int most = policy_deferral_months(w->desk->policy);
    struct post_account a;
    struct agreed g;
    enum result r = near(w, from, 1, err);

    if (r == RESULT_OK && (last.n < from.n || last.n - from.n >= most))
        return error_set(err, RESULT_REFUSED, "a deferral is of 1 to %d months", most);
    if (r == RESULT_OK)
        r = account_open(w, v[D_GRZH].text, &a, err);
    if (r == RESULT_OK)
        r = agreed_at(w, v[D_GRZH].text, from, &g, err);
    if (r == RESULT_OK && !g.paying)
        return error_set(err, RESULT_REFUSED, "no contribution is agreed for %s",
                         month_words(from).at);
    g.from = from;
    g.paying = false;
    agreed_shares(&g);
    if (r == RESULT_OK)
        r = agreed_for(w, v[D_GRZH].text, &g, (civil_month){last.n + 1}, err);
    if (r == RESULT_OK)
        r = note(w, &a, ENTRY_DEFERRAL, g.unit, from, err);
    return r == RESULT_OK ? account_put(w, &a, err) : r;
}
