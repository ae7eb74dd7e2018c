/* What was agreed for a month, held against the rules of its date. */
#include "ledger/ledger.h"

#include <string.h>

/* base x ratio in millionths of a yuan. Ratios have two decimals of a per cent, so that this is
 * exact: 18,603.37 yuan at 7 % are 1302.235900. */
static int64_t share_exact(fen base, millionths ratio)
{
    return (int64_t)((__int128)base.n * ratio / 100);
}

static enum limit_state within(int64_t value, int64_t floor, int64_t cap)
{
    if (value < floor)
        return LIMIT_BELOW;
    return value > cap ? LIMIT_ABOVE : LIMIT_WITHIN;
}

/* Against the floor of its class, or of all classes when the class is not known or has none. */
static enum limit_state base_state(const struct month_check *c, fen base)
{
    const struct base_limits *l = &c->limits;
    fen least = {INT64_MAX}, most = {0};

    for (size_t i = 0; i < l->floor_count; i++) {
        fen floor = l->floors[i].amount;

        if (c->class && strcmp(l->floors[i].class, c->class) == 0)
            return within(base.n, floor.n, l->cap.n);
        least = floor.n < least.n ? floor : least;
        most = floor.n > most.n ? floor : most;
    }
    if (l->floor_count == 0)
        return base.n > l->cap.n ? LIMIT_ABOVE : LIMIT_UNKNOWN;
    if (base.n >= least.n && base.n < most.n)
        return LIMIT_DEPENDS;
    return within(base.n, least.n, l->cap.n);
}

void ledger_month_check(const struct policy *p, const struct month *m, struct text office,
                        struct month_check *out)
{
    civil_date d = month_first(m->month);

    *out = (struct month_check){
        .class = policy_class_of_office(p, office, d),
        .unit_share = fen_share_whole_yuan(m->base, m->unit_ratio),
        .own_share = fen_share_whole_yuan(m->base, m->own_ratio),
        .unit_exact = share_exact(m->base, m->unit_ratio),
        .own_exact = share_exact(m->base, m->own_ratio),
    };
    out->limits_known = policy_base_limits(p, d, &out->limits) == RESULT_OK;
    if (out->limits_known)
        out->base = base_state(out, m->base);
    out->ratios_known = policy_ratio_limits(p, d, &out->ratios) == RESULT_OK;
    if (out->ratios_known) {
        out->unit_ratio = within(m->unit_ratio, out->ratios.floor, out->ratios.cap);
        out->own_ratio = within(m->own_ratio, out->ratios.floor, out->ratios.cap);
    }
}
