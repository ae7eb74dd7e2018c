/* What people ask money for: plans of applications. */
#include "base/date.h"
#include "draw.h"
#include "plan.h"

/* Renters apply once a year since 2015; at most what the city then allowed for a year. */
static int64_t rent_limit(int year)
{
    return year < 2018 ? 1080000 : year < 2022 ? 1440000 : 2040000;
}

/* Fills the days that follow the application, and the outcome. */
static struct request usual_course(uint64_t key, uint32_t n, int32_t apply, int reason)
{
    uint32_t chance = draw(key, FOR_REQUEST, n * 8 + 2, 100);
    struct request r = {.apply = apply, .reason = reason, .share = 800, .most = INT64_MAX};

    r.accept = apply + (int32_t)draw(key, FOR_REQUEST, n * 8 + 3, 2);
    r.decide = r.accept + 1 + (int32_t)draw(key, FOR_REQUEST, n * 8 + 4, 2);
    r.end = r.decide + 1 + (int32_t)draw(key, FOR_REQUEST, n * 8 + 5, 2);
    r.outcome = chance < 5 ? REQUEST_REFUSED : chance < 8 ? REQUEST_WITHDRAWN : REQUEST_PAID;
    if (r.outcome != REQUEST_PAID)
        r.end = r.decide;
    return r;
}

/* Once a year, for as long as reason holds: [from, to) are days. */
static void plan_yearly(const struct life *l, struct account_plan *a, int reason, int32_t from,
                        int32_t to)
{
    uint64_t key = l->person.key;
    int first = month_of_day(from) / 12, last = month_of_day(to) / 12;

    for (int year = first; year <= last; year++) {
        uint32_t n = (uint32_t)(year * 16 + reason);
        int32_t month = month_of(year, 1).n + (int32_t)draw(key, FOR_RENT, n, 12);
        int32_t apply = day_in(month, 1 + (int)draw(key, FOR_RENT, n + 100000, 27));
        struct request r = usual_course(key, n, apply, reason);

        if (apply < from || apply >= to)
            continue;
        r.most = reason == FOR_RENTING ? rent_limit(year) : 2400000;
        plan_request(a, r);
    }
}

/* An application that is under way when the first set ends. */
static void plan_pending(const struct world *w, const struct life *l, struct account_plan *a)
{
    uint64_t key = l->person.key;
    int32_t age = (int32_t)draw(key, FOR_REQUEST, 6, 5);

    plan_request(a, (struct request){.apply = w->anchor - age,
                                     .accept = w->anchor - age + 1,
                                     .decide = w->anchor - age + 3,
                                     .end = w->anchor - age + 5,
                                     .outcome = REQUEST_PAID,
                                     .reason = FOR_RENTING,
                                     .share = 500,
                                     .most = 1200000});
}

static void plan_rare(const struct world *w, const struct life *l, struct account_plan *a)
{
    static const struct {
        uint32_t every;
        int reason;
    } rare[] = {{150, ON_ILLNESS}, {120, FOR_REPAIR_OF_HOME}, {16, FOR_BUYING}};
    uint64_t key = l->person.key;

    for (uint32_t i = 0; i < 3; i++) {
        uint32_t n = 50 + i;
        int32_t day = w->anchor + 500 - (int32_t)draw(key, FOR_REQUEST, n * 8 + 1, 3500);

        if (draw(key, FOR_REQUEST, n * 8, rare[i].every) == 0)
            plan_request(a, usual_course(key, n, day, rare[i].reason));
    }
}

void plan_requests(const struct world *w, struct life *l, struct account_plan *a, int32_t until)
{
    uint64_t key = l->person.key;
    int32_t since = date_of(2015, 1, 1).day;
    int32_t from = a->opened + 200 > since ? a->opened + 200 : since;
    bool rents = draw(key, FOR_RENT, 0, 100) < 22;

    if (l->person.index >= w->people)
        return;
    if (a->loan.taken && draw(key, FOR_LOAN, 20, 100) < 55) {
        struct request r = usual_course(key, 60, a->loan.day + 25, FOR_BUYING);

        r.share = 700;
        plan_request(a, r);
    }
    if (rents)
        plan_yearly(l, a, FOR_RENTING, from, a->loan.taken ? a->loan.day - 30 : until + 1);
    if (a->loan.taken && draw(key, FOR_LOAN, 21, 100) < 35)
        plan_yearly(l, a, FOR_REPAYING, a->loan.day + 400, until + 1);
    plan_rare(w, l, a);
    if (!a->loan.taken && draw(key, FOR_REQUEST, 0, 45) == 0)
        plan_pending(w, l, a);
}
