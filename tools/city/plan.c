#include "plan.h"

#include <string.h>

#include "base/date.h"
#include "draw.h"
#include "put.h"
#include "units.h"
#include "wages.h"

enum {
    MERGED_EVERY = 67, /* one person in so many has had two accounts */
    MERGED_AT = 23,
    STARTER_EVERY = 500, /* one in so many opens an account in the anchor's month */
    STARTER_AT = 20,
};

void account_number(int64_t person, int which, char *out)
{
    char *p = put_padded(put_text(out, "0871"), person + 1, 8);

    *put_padded(p, which + 1, 1) = '\0';
}

static int32_t earliest_month(const struct world *w)
{
    return month_of_day(w->window) + 1;
}

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int32_t earlier(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* How long ago an ordinary account was opened: the city has grown. Months. */
static int32_t age_of_account(uint64_t key)
{
    static const struct {
        uint32_t share, from, span;
    } ages[] = {{17, 0, 30}, {33, 30, 90}, {32, 120, 108}, {18, 228, 96}};
    uint32_t chance = draw(key, FOR_OPENED, 0, 100);

    for (int i = 0; i < 3; i++) {
        if (chance < ages[i].share)
            return (int32_t)(ages[i].from + draw(key, FOR_OPENED, 1, ages[i].span));
        chance -= ages[i].share;
    }
    return (int32_t)(ages[3].from + draw(key, FOR_OPENED, 1, ages[3].span));
}

static bool is_newcomer(const struct world *w, const struct person *p)
{
    return p->index >= w->people;
}

static bool is_planted(const struct person *p)
{
    return !p->special && p->index % PLANT_EVERY == PLANT_AT;
}

/* The month in which the first account is opened; sets person.retires to NEVER when somebody of
 * that age works on. */
static int32_t first_month(const struct world *w, struct person *p)
{
    int32_t now = month_of_day(w->anchor);
    int32_t late = is_planted(p) ? 0 : (int32_t)draw(p->key, FOR_OPENED, 2, 60);
    int32_t grown = month_of_day(p->birth) + 19 * 12 + late;
    int32_t first = now - age_of_account(p->key);

    if (is_newcomer(w, p)) {
        p->retires = NEVER;
        return now + 1 + (int32_t)draw(p->key, FOR_OPENED, 3, 35);
    }
    if (is_planted(p)) {
        first = earlier(first, now - 72);
        p->retires = NEVER;
    }
    if (p->index % STARTER_EVERY == STARTER_AT)
        first = now;
    if (p->retires < first + 24)
        first = p->retires - 24 - (int32_t)draw(p->key, FOR_OPENED, 4, 180);
    first = later(later(first, grown), earliest_month(w));
    first = earlier(first, now);
    if (p->retires < first + 12)
        p->retires = NEVER;
    return first;
}

static int32_t opening_day(const struct world *w, const struct person *p, int which, int32_t month)
{
    int32_t days = 25;

    /* of the anchor's month, what is already over */
    if (month == month_of_day(w->anchor))
        days = earlier(days, w->anchor - day_in(month, 1) + 1);
    return day_in(month, 1 + (int)draw(p->key, FOR_DAY, (uint32_t)which, (uint32_t)days));
}

bool partner_fits(const struct world *w, int64_t index, int32_t day)
{
    struct person p;

    if (index >= w->people || (index < SPECIALS && w->people >= SPECIALS) ||
        index % MERGED_EVERY == MERGED_AT)
        return false;
    person_make(w, index, &p);
    return opening_day(w, &p, 0, first_month(w, &p)) <= day && p.retires > month_of_day(day) + 12;
}

void plan_jobs(const struct world *w, struct life *l, struct account_plan *a, int32_t first,
               int32_t stop, int32_t until)
{
    uint64_t key = l->person.key ^ (uint64_t)(a - l->account);
    int32_t from = first, starts = a->opened;

    for (uint32_t k = 0; a->jobs < JOBS_MAX; k++) {
        struct job *j = &a->job[a->jobs];
        struct unit u;
        int32_t gap =
            draw(key, FOR_GAP, 3 * k, 100) < 55 ? 0 : 1 + (int32_t)draw(key, FOR_GAP, 3 * k + 1, 9);

        *j = (struct job){.from = from, .starts = starts, .seals = NEVER};
        j->unit = unit_for(w, key, k, from);
        unit_at(w, j->unit, &u);
        j->to = from + 18 + (int32_t)draw(key, FOR_JOB, k, 130);
        j->to = earlier(earlier(j->to, u.closed_month), stop);
        a->jobs++;
        if (j->to + gap + 6 > stop)
            gap = stop; /* the last one */
        if (gap > 0)
            j->seals = day_in(j->to, 21 + (int)draw(key, FOR_DAY, 4 * k + 2, 8));
        if (gap == stop || j->to + gap > month_of_day(until))
            return;
        from = j->to + gap;
        starts = gap > 0 ? day_in(from, 3 + (int)draw(key, FOR_DAY, 4 * k + 3, 20))
                         : day_in(from, 21 + (int)draw(key, FOR_DAY, 4 * k + 3, 7));
    }
}

void plan_request(struct account_plan *a, struct request r)
{
    if (a->requests < REQUESTS_MAX)
        a->request[a->requests++] = r;
}

/* The application for everything, some days after the account was sealed. No 30 June lies between
 * application and payment, so the amount stays what was applied for. */
static void plan_closing_request(struct life *l, struct account_plan *a)
{
    int32_t wait = 4 + (int32_t)draw(l->person.key, FOR_REQUEST, 1, 40);
    int32_t pay = later(a->job[a->jobs - 1].seals, day_in(l->leaves, 20)) + wait;
    int32_t apply = pay - 3;
    int32_t settlement = settlement_on_or_after((civil_date){apply - 1}).day;

    if (settlement <= pay) {
        apply += 10;
        pay += 10;
    }
    a->close_day = pay;
    plan_request(a, (struct request){.apply = apply,
                                     .accept = apply,
                                     .decide = pay - 1,
                                     .end = pay,
                                     .outcome = REQUEST_PAID,
                                     .reason = a->close_reason,
                                     .closes = true});
}

/* Money and its interest go to another city's centre. */
static void plan_transfer_out(struct life *l, struct account_plan *a)
{
    int32_t day = later(a->job[a->jobs - 1].seals, day_in(l->leaves, 20)) + 5 +
                  (int32_t)draw(l->person.key, FOR_REQUEST, 1, 60);

    if (day == settlement_on_or_after((civil_date){day}).day)
        day++;
    a->close_day = day;
}

void plan_close(struct life *l, struct account_plan *a, int32_t until)
{
    const struct job *last = &a->job[a->jobs - 1];

    if (a->close == CLOSE_NOT || last->seals == NEVER || last->seals > until ||
        l->leaves > month_of_day(until))
        return;
    if (a->close == CLOSE_WITHDRAWN)
        plan_closing_request(l, a);
    else if (a->close == CLOSE_TRANSFERRED)
        plan_transfer_out(l, a);
}

/* When and why somebody stops contributing for good. */
static void plan_leaving(const struct world *w, struct life *l, struct account_plan *a,
                         int32_t first)
{
    uint64_t key = l->person.key;
    uint32_t chance = draw(key, FOR_LEAVE, 1, 1000);
    int32_t now = month_of_day(w->anchor), when = now - (int32_t)draw(key, FOR_LEAVE, 2, 60);

    l->leaves = l->person.retires;
    a->close = CLOSE_WITHDRAWN;
    a->close_reason = ON_RETIREMENT;
    if (is_planted(&l->person) || chance >= 240)
        return;
    if (chance >= 120) /* the same chances again for the years after the anchor */
        when = now + 1 + (int32_t)draw(key, FOR_LEAVE, 3, 72);
    chance %= 120;
    if (when < first + 12 || when >= l->leaves)
        return;
    l->leaves = when;
    a->close_reason = chance < 100   ? REASON_OTHER
                      : chance < 112 ? ON_MOVING
                      : chance < 117 ? ON_DEATH
                                     : ON_DISABILITY;
    a->close = chance < 82 ? CLOSE_NOT : chance < 100 ? CLOSE_TRANSFERRED : CLOSE_WITHDRAWN;
}

static void plan_freeze(const struct world *w, struct life *l, struct account_plan *a)
{
    uint64_t key = l->person.key;
    uint32_t chance = draw(key, FOR_FREEZE, 0, 1000);
    int32_t ago = 3 + (int32_t)draw(key, FOR_FREEZE, 1, 400);

    if (chance >= 18 || l->leaves < month_of_day(w->anchor) + 40)
        return;
    if (chance >= 12)
        ago += 600;
    if (w->anchor - ago < a->opened + 300)
        return;
    a->freeze.day = w->anchor - ago;
    a->freeze.lifted = a->freeze.day + 401 + (int32_t)draw(key, FOR_FREEZE, 2, 190);
    a->freeze.amount = chance < 5 ? 0 : 500000 + draw(key, FOR_FREEZE, 3, 90) * 50000;
    a->freeze.by_court = draw(key, FOR_FREEZE, 4, 4) != 0;
}

static void plan_moving_in(struct life *l, struct account_plan *a)
{
    uint64_t key = l->person.key;

    if (draw(key, FOR_CATEGORY, 1, 40) != 0)
        return;
    a->moved_in = a->opened + 40 + (int32_t)draw(key, FOR_CATEGORY, 2, 60);
    a->moved_amount = 300000 + draw(key, FOR_CATEGORY, 3, 6000000);
}

static void account_begin(const struct world *w, struct life *l, int which, int32_t month)
{
    struct account_plan *a = &l->account[which];

    account_number(l->person.index, which, a->number);
    a->opened = opening_day(w, &l->person, which, month);
    a->close_day = a->moved_in = a->freeze.day = a->freeze.lifted = a->plant_day = NEVER;
    a->loan.partner = -1;
}

/* Two accounts: the new employer opened a second one, and the first was merged into it on a 1 July,
 * the day on which no interest of the running year has accrued. */
static bool plan_merged(const struct world *w, struct life *l, int32_t until)
{
    uint64_t key = l->person.key;
    struct account_plan *old = &l->account[0], *new = &l->account[1];
    int years = (int)draw(key, FOR_MERGE, 0, 9);
    int32_t merged = settlement_before((civil_date){w->anchor - years * 365}).day + 1;
    int32_t second = month_of_day(merged) - 5 - (int32_t)draw(key, FOR_MERGE, 1, 30);
    int32_t gap = 1 + (int32_t)draw(key, FOR_MERGE, 2, 20);
    int32_t first = second - gap - 24 - (int32_t)draw(key, FOR_MERGE, 3, 110);
    int32_t grown = month_of_day(l->person.birth) + 19 * 12;

    first = later(later(first, grown), earliest_month(w));
    if (first + 14 + gap > second || l->person.retires < second + 60)
        return false;
    l->leaves = l->person.retires;
    l->accounts = 2;
    account_begin(w, l, 0, first);
    account_begin(w, l, 1, second);
    plan_jobs(w, l, old, first, second - gap, until);
    old->close = CLOSE_MERGED;
    old->close_reason = REASON_OTHER;
    old->close_day = merged;
    new->close = CLOSE_WITHDRAWN;
    new->close_reason = ON_RETIREMENT;
    plan_jobs(w, l, new, second, l->leaves, until);
    plan_close(l, new, until);
    plan_requests(w, l, new, until);
    return true;
}

/* A settlement of the last four years is booked with the wrong interest. */
static void plan_planted(const struct world *w, struct life *l, struct account_plan *a)
{
    static const int64_t errors[] = {1, -1, 10, -100, 540, 12345, -2500, 3};
    uint64_t key = l->person.key;
    int32_t back = (int32_t)draw(key, FOR_PLANT, 0, 4) * 365;

    a->plant_day = settlement_before((civil_date){w->anchor - back}).day;
    if (a->plant_day < a->opened + 90)
        a->plant_day = settlement_before((civil_date){w->anchor}).day;
    a->plant_error = errors[draw(key, FOR_PLANT, 1, 8)];
}

static void plan_ordinary(const struct world *w, struct life *l, int32_t until)
{
    struct account_plan *a = &l->account[0];
    int32_t first = first_month(w, &l->person);

    l->accounts = 1;
    account_begin(w, l, 0, first);
    plan_leaving(w, l, a, first);
    plan_jobs(w, l, a, first, l->leaves, until);
    plan_close(l, a, until);
    plan_moving_in(l, a);
    plan_freeze(w, l, a);
    plan_loan(w, l, a);
    plan_requests(w, l, a, until);
    if (is_planted(&l->person))
        plan_planted(w, l, a);
}

void life_plan(const struct world *w, int64_t index, int32_t until, struct life *l)
{
    memset(l, 0, sizeof *l);
    person_make(w, index, &l->person);
    l->wage = wage_of(&l->person);
    if (l->person.special) {
        for (int i = 0; i < 2; i++)
            account_begin(w, l, i, month_of_day(w->anchor));
        plan_special(w, l, until);
        return;
    }
    if (index % MERGED_EVERY == MERGED_AT && !is_newcomer(w, &l->person) &&
        !is_planted(&l->person) && plan_merged(w, l, until))
        return;
    memset(l->account, 0, sizeof l->account);
    plan_ordinary(w, l, until);
}
