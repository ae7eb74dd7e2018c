/* The six demo depositors: lives with plain figures, each with something to look at. Their months
 * are counted from the anchor's, so that they look the same whenever a demo is made. */
#include "base/date.h"
#include "draw.h"
#include "plan.h"
#include "units.h"

static void open_in(struct account_plan *a, int32_t month)
{
    a->opened = day_in(month, 5);
    a->plain = true;
}

static void add_job(struct account_plan *a, int32_t from, int32_t to, int64_t unit, int32_t starts,
                    int32_t seals)
{
    a->job[a->jobs++] = (struct job){from, to, unit, starts, seals};
}

static void add_odd(struct account_plan *a, int32_t month, enum fate fate)
{
    a->odd[a->odds++] = (struct odd_month){month, fate};
}

static void only_job(struct account_plan *a, int32_t from, int64_t unit)
{
    open_in(a, from);
    add_job(a, from, NEVER, unit, a->opened, NEVER);
}

static void rent(struct account_plan *a, int32_t apply, int64_t most, int outcome)
{
    plan_request(a, (struct request){.apply = apply,
                                     .accept = apply + 1,
                                     .decide = apply + 3,
                                     .end = apply + 4,
                                     .outcome = outcome,
                                     .reason = FOR_RENTING,
                                     .share = 900,
                                     .most = most});
}

/* 1: steady work, one month missing, one short, a loan by equal instalments. */
static void steady(int32_t now, struct account_plan *a)
{
    only_job(a, now - 96, 0);
    add_odd(a, now - 6, FATE_MISSING);
    add_odd(a, now - 9, FATE_SHORT);
    add_odd(a, now - 14, FATE_LATE);
    a->loan.taken = true;
    a->loan.day = day_in(now - 40, 15);
    a->loan.principal = 50000000;
    a->loan.price = 90000000;
    a->loan.months = 360;
    a->loan.due_day = 20;
}

/* 2: a new starter, for whom one remittance has come. */
static void starter(const struct world *w, int32_t now, struct account_plan *a)
{
    struct unit u;
    int32_t arrives, month = now - 1;

    unit_at(w, 1, &u);
    arrives = unit_remittance_day(&u, month) + u.lag;
    if (arrives > w->anchor && day_in(now, 20) > w->anchor)
        month--;
    only_job(a, month, 1);
}

/* 3: changed jobs, then left; sealed. Starts again half a year after the anchor. */
static void sealed(int32_t now, struct account_plan *a)
{
    open_in(a, now - 84);
    add_job(a, now - 84, now - 30, 1, a->opened, day_in(now - 30, 24));
    add_job(a, now - 28, now - 4, 2, day_in(now - 28, 9), day_in(now - 4, 24));
    add_job(a, now + 6, NEVER, 0, day_in(now + 6, 9), NEVER);
}

/* 4: a court has frozen 30,000.00. */
static void frozen(const struct world *w, int32_t now, struct account_plan *a)
{
    only_job(a, now - 120, 2);
    add_odd(a, now - 30, FATE_MISSING_BACK);
    a->freeze = (struct freeze){w->anchor - 40, w->anchor + 200, 3000000, true};
}

/* 5: two accounts merged, history before February 2016, rent paid from it each year; one
 * application refused, one under way. */
static void merged(const struct world *w, int32_t now, struct life *l)
{
    struct account_plan *old = &l->account[0], *new = &l->account[1];
    int32_t first = now - 156 < month_of(2012, 5).n ? now - 156 : month_of(2012, 5).n;
    int32_t day = settlement_before((civil_date){w->anchor - 5 * 365}).day + 1;
    int32_t joined = month_of_day(day) - 15;

    if (first < month_of(1999, 8).n)
        first = month_of(1999, 8).n;
    l->accounts = 2;
    open_in(old, first);
    add_job(old, first, joined - 4, 0, old->opened, day_in(joined - 4, 22));
    old->close = CLOSE_MERGED;
    old->close_reason = REASON_OTHER;
    old->close_day = day;
    for (int32_t year = 3; first + 12 * year < joined - 6; year++)
        rent(old, day_in(first + 12 * year, 10), 1200000, REQUEST_PAID);
    only_job(new, joined, 1);
    for (int32_t month = month_of_day(day) + 9; month < now - 8; month += 12)
        rent(new, day_in(month, 10), 1800000, REQUEST_PAID);
    rent(new, w->anchor - 100, 2040000, REQUEST_REFUSED);
    rent(new, w->anchor - 1, 2040000, REQUEST_PAID);
}

/* 6: two instalments of a loan by equal parts of the principal are overdue; paid three weeks after
 * the anchor. */
static void overdue(const struct world *w, int32_t now, struct account_plan *a)
{
    int32_t last = day_in(now, 15) < w->anchor ? now : now - 1;

    only_job(a, now - 60, 2);
    a->loan.taken = true;
    a->loan.day = day_in(now - 30, 12);
    a->loan.principal = 48000000;
    a->loan.price = 80000000;
    a->loan.months = 240;
    a->loan.equal_principal = true;
    a->loan.due_day = 15;
    a->loan.stops = day_in(last - 1, 15);
    a->loan.resumes = w->anchor + 21;
}

void plan_special(const struct world *w, struct life *l, int32_t until)
{
    int32_t now = month_of_day(w->anchor);
    struct account_plan *a = &l->account[0];

    (void)until;
    l->accounts = 1;
    l->leaves = NEVER;
    switch (l->person.special) {
    case 1: steady(now, a); break;
    case 2: starter(w, now, a); break;
    case 3: sealed(now, a); break;
    case 4: frozen(w, now, a); break;
    case 5: merged(w, now, l); break;
    default: overdue(w, now, a); break;
    }
}
