#include "account.h"

#include <assert.h>
#include <string.h>

#include "base/date.h"
#include "draw.h"
#include "units.h"

struct account_run {
    const struct world *w;
    struct account_facts *f;
    struct sheet *sheet;
    int64_t merged;
    int wrong_sequence;               /* of the entry that will be reversed */
    int64_t doubtful;                 /* its amount, until then */
    int application_of[REQUESTS_MAX]; /* number from 1 of the application of a request, 0: none */
};

struct entry {
    int32_t booked, value;
    enum entry_kind kind;
    const struct event *contribution; /* of kinds 01 and 02 */
    int64_t unit;                     /* named when >= 0 */
    int64_t each;                     /* side's share */
    int64_t year, carried;            /* the parts of the amount */
    int64_t interest;
    int reason;
    int reverses;
};

char *put_flow(char *p, int32_t day, int sequence)
{
    int y, m, d;

    date_split((civil_date){day}, &y, &m, &d);
    p = put_padded(put_padded(put_padded(p, y, 4), m, 2), d, 2);
    return put_padded(p, sequence, 6);
}

static char *put_unit(char *p, int64_t unit)
{
    char number[UNIT_NUMBER_MAX];

    if (unit < 0)
        return p;
    unit_number(unit, number);
    return put_text(p, number);
}

/* Writes the ledger line and moves the balance. */
static void post(struct account_run *r, const struct entry *e)
{
    struct account_facts *f = r->f;
    struct lines *out = &r->sheet->file[FILE_LEDGER];
    const struct event *c = e->contribution;
    char *p = put_comma(put_text(lines_begin(out), f->plan->number));

    f->entries++;
    f->changed = e->booked;
    pots_move(&f->pots, &r->w->weights, e->value, e->year, e->carried);
    assert(f->pots.year >= 0 && f->pots.carried >= 0 && e->value <= e->booked);
    p = put_comma(put_count(p, f->entries));
    p = put_comma(put_day(p, e->booked));
    p = put_comma(put_day(p, e->value));
    p = put_comma(put_code(p, e->kind));
    p = put_comma(c ? put_month(p, c->month) : p);
    p = put_comma(put_unit(p, c ? c->unit : e->unit));
    p = put_comma(c ? put_fen(p, c->base) : p);
    p = put_comma(c ? put_percent(p, c->ratio) : p);
    p = put_comma(c ? put_percent(p, c->ratio) : p);
    p = put_comma(put_fen(p, e->each));
    p = put_comma(put_fen(p, e->each));
    p = put_comma(put_fen(p, e->year + e->carried));
    p = put_comma(put_fen(p, e->year));
    p = put_comma(put_fen(p, e->carried));
    p = put_comma(put_fen(p, e->interest));
    p = put_comma(put_fen(p, account_balance(f)));
    p = put_comma(e->reason ? put_code(p, e->reason) : p);
    p = put_comma(put_flow(p, e->booked, f->entries));
    p = put_text(p, e->reverses ? "1," : "0,");
    lines_end(out, e->reverses ? put_count(p, e->reverses) : p);
    r->sheet->total[FILE_LEDGER][0] += e->year + e->carried;
    r->sheet->total[FILE_LEDGER][1] += e->interest;
}

/* An entry without an amount. */
static void note(struct account_run *r, const struct event *e, enum entry_kind kind, int64_t unit)
{
    post(r, &(struct entry){.booked = e->day, .value = e->value, .kind = kind, .unit = unit});
}

static void add_term(struct account_run *r, const struct event *e, bool sealed)
{
    struct account_facts *f = r->f;

    assert(f->terms < TERMS_MAX);
    f->term[f->terms++] =
        (struct term){e->month, e->unit, sealed, e->base, sealed ? 0 : e->amount, e->ratio};
    f->sealed = sealed;
    f->changed = e->day;
}

/* A remittance, a back payment, a wrong entry or (sign -1) its reversal. */
static void contribute(struct account_run *r, const struct event *e, enum entry_kind kind, int sign)
{
    struct account_facts *f = r->f;
    struct month_fact *month = &f->month[e->month - f->first_month];
    int64_t each = sign * e->amount;

    assert(e->month >= f->first_month && e->month - f->first_month < MONTHS_MAX);
    post(r, &(struct entry){.booked = e->day,
                            .value = e->value,
                            .kind = kind,
                            .contribution = e,
                            .each = each,
                            .year = 2 * each,
                            .reverses = sign < 0 ? r->wrong_sequence : 0});
    month->credited += 2 * each;
    if (kind == ENTRY_BACK_PAYMENT)
        month->back_paid = true;
    else if (e->value > month_due_day(e->month))
        month->late = true;
    if (e->kind == EVENT_WRONG) {
        r->wrong_sequence = f->entries;
        r->doubtful = 2 * each;
    } else if (sign < 0) {
        r->doubtful = 0;
        return;
    }
    f->last_day = e->day;
    f->last_month = e->month;
    f->last_amount = 2 * each;
    if (e->month > f->paid_to)
        f->paid_to = e->month;
}

static void settle(struct account_run *r, int32_t day)
{
    struct account_facts *f = r->f;
    int64_t right = pots_interest(&f->pots, &r->w->weights, day), booked = right;
    int64_t year = f->pots.year;

    if (account_balance(f) == 0 && right == 0)
        return;
    if (day == f->plan->plant_day) {
        booked = right + f->plan->plant_error >= 0 ? right + f->plan->plant_error : right + 1;
        f->planted_sequence = f->entries + 1;
        f->planted_day = day;
        f->planted_wrong = booked;
        f->planted_right = right;
    }
    post(r, &(struct entry){.booked = day,
                            .value = day,
                            .kind = ENTRY_INTEREST,
                            .unit = -1,
                            .year = -year,
                            .carried = year + booked,
                            .interest = booked});
    f->settled_day = day;
    f->settled_sequence = f->entries;
    f->settled_interest = booked;
    f->settled_balance = account_balance(f);
    pots_settle(&f->pots, &r->w->weights, day);
}

static int64_t frozen_now(const struct account_facts *f)
{
    int64_t balance = account_balance(f), amount = f->plan->freeze.amount;

    return !f->frozen ? 0 : amount == 0 || amount > balance ? balance : amount;
}

/* What can be withdrawn: not what is frozen, nor what is about to be reversed. */
static int64_t available(const struct account_run *r)
{
    return account_balance(r->f) - frozen_now(r->f) - r->doubtful;
}

/* Money out: from what was carried over first. */
static void withdraw(struct account_run *r, int32_t day, enum entry_kind kind, int64_t amount,
                     int64_t interest, int reason)
{
    int64_t carried = r->f->pots.carried < amount ? r->f->pots.carried : amount;

    post(r, &(struct entry){.booked = day,
                            .value = day,
                            .kind = kind,
                            .unit = -1,
                            .year = carried - amount,
                            .carried = -carried,
                            .interest = interest,
                            .reason = reason});
}

static void close_account(struct account_run *r, int32_t day, enum entry_kind kind, int state,
                          int reason)
{
    struct account_facts *f = r->f;
    int64_t interest = pots_interest(&f->pots, &r->w->weights, day - 1);

    f->closing_balance = account_balance(f);
    withdraw(r, day, kind, f->closing_balance, interest, reason);
    f->closed = day;
    f->state = state;
}

static struct application *application_of(struct account_run *r, int request)
{
    int number = r->application_of[request];

    return number ? &r->f->application[number - 1] : NULL;
}

static void add_step(struct application *a, int32_t day, int kind, const char *words)
{
    a->step[a->steps++] = (struct step){day, kind, words};
}

static void apply(struct account_run *r, const struct event *e)
{
    struct account_facts *f = r->f;
    const struct request *q = &f->plan->request[e->index];
    int64_t amount = available(r) * q->share / 1000;

    if (amount > q->most)
        amount = q->most;
    amount = q->closes ? account_balance(f) : amount / 10000 * 10000;
    if (amount <= 0 || (f->sealed && !q->closes))
        return;
    assert(f->applications < APPLICATIONS_MAX);
    struct application *a = &f->application[f->applications++];
    *a = (struct application){
        .applied = e->day, .reason = q->reason, .amount = amount, .state = REQUEST_RECEIVED};
    add_step(a, e->day, STEP_SUBMITTED, "已提交申请");
    r->application_of[e->index] = f->applications;
}

static void refuse(struct application *a, int32_t day, const char *words)
{
    a->state = REQUEST_REFUSED;
    add_step(a, day, STEP_REFUSED, words);
}

/* The account is closed: what was still moving ends. */
static void drop_applications(struct account_facts *f, int32_t day)
{
    for (int i = 0; i < f->applications; i++)
        if (f->application[i].state <= REQUEST_APPROVED)
            refuse(&f->application[i], day, "未通过：账户已销户");
}

static void decide(struct application *a, const struct request *q, int32_t day)
{
    if (q->outcome == REQUEST_REFUSED) {
        refuse(a, day, "未通过：所附材料与登记信息不一致，补正后可再次申请");
    } else if (q->outcome == REQUEST_WITHDRAWN) {
        a->state = REQUEST_WITHDRAWN;
        add_step(a, day, STEP_WITHDRAWN, "申请人撤回");
    } else {
        a->state = REQUEST_APPROVED;
        add_step(a, day, STEP_APPROVED, "审批通过，等待付款");
    }
}

static void pay(struct account_run *r, struct application *a, const struct request *q, int32_t day)
{
    struct account_facts *f = r->f;

    if (a->state != REQUEST_APPROVED)
        return;
    if (!q->closes && available(r) < a->amount) {
        refuse(a, day, "未付款：可用余额不足");
        return;
    }
    if (q->closes) {
        /* everything that is there then: an older application may have been paid in between */
        a->amount = account_balance(f);
        close_account(r, day, ENTRY_CLOSING, 5, q->reason);
    } else {
        withdraw(r, day, ENTRY_WITHDRAWAL, a->amount, 0, q->reason);
    }
    a->state = REQUEST_PAID;
    a->flow_day = day;
    a->flow_sequence = f->entries;
    add_step(a, day, STEP_PAID, "已付款至绑定的银行卡");
    if (q->closes)
        drop_applications(f, day);
}

static void live_application(struct account_run *r, const struct event *e)
{
    const struct request *q = &r->f->plan->request[e->index];
    struct application *a = application_of(r, e->index);

    if (e->kind == EVENT_APPLY)
        apply(r, e);
    else if (a == NULL)
        return;
    else if (e->kind == EVENT_ACCEPT)
        add_step(a, e->day, STEP_ACCEPTED, "已受理");
    else if (e->kind == EVENT_DECIDE)
        decide(a, q, e->day);
    else
        pay(r, a, q, e->day);
}

static void live_event(struct account_run *r, const struct event *e)
{
    struct account_facts *f = r->f;

    switch (e->kind) {
    case EVENT_OPEN:
    case EVENT_UNSEAL:
    case EVENT_MOVE:
        note(r, e,
             e->kind == EVENT_OPEN     ? ENTRY_OPENING
             : e->kind == EVENT_UNSEAL ? ENTRY_UNSEALING
                                       : ENTRY_MOVE,
             e->unit);
        add_term(r, e, false);
        break;
    case EVENT_BASE:
        if (f->life->person.index % 40 == 7)
            note(r, e, ENTRY_BASE, e->unit);
        add_term(r, e, false);
        break;
    case EVENT_MERGE_IN:
        post(r, &(struct entry){.booked = e->day,
                                .value = e->day,
                                .kind = ENTRY_MERGING,
                                .unit = -1,
                                .carried = r->merged});
        break;
    case EVENT_MOVE_IN:
        post(r, &(struct entry){.booked = e->day,
                                .value = e->day,
                                .kind = ENTRY_TRANSFER_IN,
                                .unit = -1,
                                .year = e->amount});
        break;
    case EVENT_REVERSE: contribute(r, e, ENTRY_REMITTANCE, -1); break;
    case EVENT_REMIT:
    case EVENT_WRONG: contribute(r, e, ENTRY_REMITTANCE, 1); break;
    case EVENT_BACK_PAY: contribute(r, e, ENTRY_BACK_PAYMENT, 1); break;
    case EVENT_APPLY:
    case EVENT_ACCEPT:
    case EVENT_DECIDE:
    case EVENT_END: live_application(r, e); break;
    case EVENT_SEAL:
        note(r, e, ENTRY_SEALING, e->unit);
        add_term(r, e, true);
        break;
    case EVENT_FREEZE:
    case EVENT_LIFT:
        f->frozen = e->kind == EVENT_FREEZE;
        note(r, e, f->frozen ? ENTRY_FREEZING : ENTRY_LIFTING, -1);
        break;
    case EVENT_TRANSFER_OUT:
        close_account(r, e->day, ENTRY_TRANSFER_OUT, 4, 0);
        drop_applications(f, e->day);
        break;
    case EVENT_MERGE_OUT:
        close_account(r, e->day, ENTRY_MERGING, 3, 0);
        drop_applications(f, e->day);
        break;
    case EVENT_SETTLE: settle(r, e->day); break;
    }
}

static void facts_begin(struct account_facts *f, const struct life *l, int which, int32_t until)
{
    const struct account_plan *a = &l->account[which];
    int32_t months = month_of_day(until) - a->job[0].from + 2;

    /* the large arrays are cleared only as far as they will be used */
    memset(f, 0, offsetof(struct account_facts, term));
    assert(months <= MONTHS_MAX);
    memset(f->month, 0, (size_t)(months < 1 ? 1 : months) * sizeof f->month[0]);
    f->applications = 0;
    f->life = l;
    f->plan = a;
    f->which = which;
    f->until = until;
    f->exists = a->opened <= until;
    f->first_month = a->job[0].from;
    f->paid_to = -1;
    f->closed = f->last_day = f->settled_day = NEVER;
    pots_open(&f->pots, a->opened);
}

void account_live(const struct world *w, const struct life *l, int which, int32_t until,
                  int64_t merged, struct schedule *schedule, struct sheet *s,
                  struct account_facts *f)
{
    struct account_run r = {.w = w, .f = f, .sheet = s, .merged = merged};

    facts_begin(f, l, which, until);
    if (!f->exists)
        return;
    schedule_make(schedule, w, l, which, until);
    for (size_t i = 0; i < schedule->count && f->closed == NEVER; i++)
        live_event(&r, &schedule->at[i]);
    f->frozen_amount = f->closed == NEVER ? frozen_now(f) : 0;
    if (f->closed == NEVER)
        f->state = f->frozen && f->plan->freeze.amount == 0 ? 6 : f->sealed ? 2 : 1;
    loan_live(f->plan, until, s, &f->loan);
    account_lines(f, s);
}
