/* Who borrows, and how the loan is repaid. */
#include "base/date.h"
#include "draw.h"
#include "plan.h"

/* The longest term that ends before the borrower retires; 0 when even five years do not fit. */
static int term_that_fits(const struct life *l, int32_t day)
{
    static const int terms[] = {360, 240, 360, 120, 300, 180, 60, 60};
    uint32_t first = draw(l->person.key, FOR_LOAN, 2, 8);

    for (uint32_t i = 0; i < 8; i++) {
        int months = terms[(first + i) % 8];

        if (l->leaves == NEVER || month_of_day(day) + months + 2 < l->leaves)
            return months;
    }
    return 0;
}

static int64_t principal_of(uint64_t key, int year)
{
    uint32_t most = year < 2010 ? 200 : year < 2018 ? 400 : 620;

    return (60 + (int64_t)draw(key, FOR_LOAN, 3, most - 60)) * 100000;
}

static void plan_behaviour(const struct world *w, uint64_t key, struct loan_plan *p)
{
    if (draw(key, FOR_LOAN, 4, 100) < 12)
        p->prepay_period = 12 + (int)draw(key, FOR_LOAN, 5, 60);
    p->prepaid = (20 + (int64_t)draw(key, FOR_LOAN, 6, 80)) * 100000;
    if (draw(key, FOR_LOAN, 7, 100) < 10)
        p->settle_period = 24 + (int)draw(key, FOR_LOAN, 8, 100);
    if (draw(key, FOR_LOAN, 9, 100) < 10) {
        p->late_period = 2 + (int)draw(key, FOR_LOAN, 10, (uint32_t)p->months - 4);
        p->late_by = 2 + (int)draw(key, FOR_LOAN, 11, 22);
    }
    if (draw(key, FOR_LOAN, 12, 100) < 3) {
        p->stops = w->anchor - 20 - 31 * (int32_t)draw(key, FOR_LOAN, 13, 3);
        p->resumes = w->anchor + 6 + (int32_t)draw(key, FOR_LOAN, 14, 50);
    }
}

void plan_loan(const struct world *w, struct life *l, struct account_plan *a)
{
    uint64_t key = l->person.key;
    struct loan_plan *p = &a->loan;
    int32_t from = a->opened + 400, to = w->anchor + 300;
    int64_t partner = l->person.index ^ 1;

    if (draw(key, FOR_LOAN, 0, 100) >= 27 || from >= to)
        return;
    p->day = from + (int32_t)draw(key, FOR_LOAN, 1, (uint32_t)(to - from));
    if (p->day == date_of(month_of_day(p->day) / 12, 1, 1).day)
        p->day++; /* no repricing on the day of paying out */
    p->months = term_that_fits(l, p->day);
    if (p->months == 0)
        return;
    p->taken = true;
    p->equal_principal = draw(key, FOR_LOAN, 15, 10) < 3;
    p->second_home = draw(key, FOR_LOAN, 16, 20) == 0;
    p->due_day = 5 + (int)draw(key, FOR_LOAN, 17, 24);
    p->principal = principal_of(key, month_of_day(p->day) / 12);
    p->price = p->principal * (130 + draw(key, FOR_LOAN, 18, 120)) / 10000000 * 100000;
    plan_behaviour(w, key, p);
    if (draw(key, FOR_LOAN, 19, 5) == 0 && partner_fits(w, partner, p->day - 3)) {
        p->partner = partner;
        p->principal = p->principal * 3 / 2 / 100000 * 100000;
        p->price = p->price * 3 / 2;
    }
}
