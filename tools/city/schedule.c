#include "schedule.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "draw.h"
#include "wages.h"

struct maker {
    struct schedule *s;
    const struct world *w;
    const struct life *l;
    const struct account_plan *a;
    int32_t until;
    int64_t base; /* agreed at present */
};

int32_t month_due_day(int32_t month)
{
    return day_in(month + 1, 20);
}

static void push(struct maker *m, struct event e)
{
    struct schedule *s = m->s;

    if (e.day > m->until)
        return;
    if (s->count == s->room) {
        size_t room = s->room ? s->room * 2 : 512;
        struct event *at = realloc(s->at, room * sizeof *at);

        if (at == NULL) {
            fputs("anju demo: out of memory\n", stderr);
            exit(result_exit_status(RESULT_MEMORY));
        }
        s->at = at;
        s->room = room;
    }
    e.order = (uint32_t)s->count;
    s->at[s->count++] = e;
}

static enum fate planned_fate(const struct maker *m, const struct job *j, int32_t month)
{
    uint32_t chance;

    for (int i = 0; i < m->a->odds; i++)
        if (m->a->odd[i].month == month)
            return m->a->odd[i].fate;
    /* a job ends in order, so that nothing is booked on an account that was sealed for good */
    if (m->a->plain || month >= j->to - 3)
        return FATE_PAID;
    chance = draw(m->l->person.key, FOR_FATE, (uint32_t)month, 60000);
    if (chance < 36)
        return chance < 16 ? FATE_MISSING : FATE_MISSING_BACK;
    if (chance < 60)
        return chance < 44 ? FATE_SHORT : FATE_SHORT_BACK;
    return chance < 230 ? FATE_LATE : chance < 250 ? FATE_WRONG : FATE_PAID;
}

/* Between the 21st of the next month and the 28th of the one after. */
static int32_t late_day(uint64_t key, int32_t month)
{
    return day_in(month + 1, 21) + (int32_t)draw(key, FOR_UNIT_LATE, (uint32_t)month + 100000, 34);
}

/* The rest of a month that was missing or short, some months later. */
static void push_back_payment(struct maker *m, const struct job *j, struct event e, int64_t rest)
{
    uint64_t key = m->l->person.key;
    int32_t month = e.month + 3 + (int32_t)draw(key, FOR_REPAIR, (uint32_t)e.month, 5);

    if (month >= j->to)
        return;
    e.kind = EVENT_BACK_PAY;
    e.day = e.value = day_in(month, 22 + (int)draw(key, FOR_REPAIR, (uint32_t)e.month + 9999, 6));
    e.amount = rest;
    push(m, e);
}

/* A wrong amount (digits doubled or a share forgotten) is seen within days, reversed, and posted
 * rightly with the value date of the arrival. */
static void push_wrong(struct maker *m, struct event e)
{
    uint64_t key = m->l->person.key;
    struct event wrong = e;
    int32_t seen = e.day + 2 + (int32_t)draw(key, FOR_REPAIR, (uint32_t)e.month, 5);

    wrong.kind = EVENT_WRONG;
    wrong.amount = draw(key, FOR_AMOUNT, (uint32_t)e.month, 2) ? e.amount * 10 : e.amount / 2;
    push(m, wrong);
    wrong.kind = EVENT_REVERSE;
    wrong.day = seen;
    push(m, wrong);
    e.day = seen;
    push(m, e);
}

static void push_contribution(struct maker *m, const struct job *j, const struct unit *u,
                              int32_t month)
{
    uint64_t key = m->l->person.key;
    int32_t arrives = unit_remittance_day(u, month), due = month_due_day(month);
    enum fate fate = planned_fate(m, j, month);
    struct event e = {.kind = EVENT_REMIT,
                      .day = arrives + u->lag,
                      .value = arrives,
                      .month = month,
                      .unit = j->unit,
                      .ratio = u->ratio,
                      .base = m->base,
                      .amount = share_of(m->base, u->ratio)};
    int64_t whole = e.amount;

    if (e.day > due)
        e.day = due;
    if (fate == FATE_PAID && !m->a->plain && month < j->to - 3 &&
        draw(u->key, FOR_UNIT_LATE, (uint32_t)month, 500) == 0)
        e.day = e.value = late_day(u->key, month);
    switch (fate) {
    case FATE_PAID: push(m, e); break;
    case FATE_LATE:
        e.day = e.value = late_day(key, month);
        push(m, e);
        break;
    case FATE_WRONG: push_wrong(m, e); break;
    case FATE_MISSING_BACK: push_back_payment(m, j, e, whole); break;
    case FATE_MISSING: break;
    case FATE_SHORT:
    case FATE_SHORT_BACK:
        e.base =
            m->base * (600 + (int64_t)draw(key, FOR_AMOUNT, (uint32_t)month, 300)) / 100000 * 100;
        e.amount = share_of(e.base, u->ratio);
        push(m, e);
        if (fate == FATE_SHORT_BACK) {
            e.base = m->base;
            push_back_payment(m, j, e, whole - e.amount);
        }
        break;
    }
}

static void push_job(struct maker *m, int k)
{
    const struct job *j = &m->a->job[k];
    struct unit u;
    struct event e = {.day = j->starts, .value = j->starts, .month = j->from, .unit = j->unit};

    unit_at(m->w, j->unit, &u);
    m->base = base_for(m->w, &m->l->person, m->l->wage, j->from);
    e.kind = k == 0 ? EVENT_OPEN : j[-1].seals == NEVER ? EVENT_MOVE : EVENT_UNSEAL;
    e.ratio = u.ratio;
    e.base = m->base;
    e.amount = share_of(m->base, u.ratio);
    push(m, e);
    for (int32_t month = j->from; month < j->to && day_in(month, 1) <= m->until; month++) {
        if (month > j->from && (month % 12 == 0 || month == month_of(2026, 9).n)) {
            int64_t base = base_for(m->w, &m->l->person, m->l->wage, month);

            if (base != m->base) {
                m->base = e.base = base;
                e.kind = EVENT_BASE;
                e.day = e.value = day_in(month, 1);
                e.month = month;
                e.amount = share_of(base, u.ratio);
                push(m, e);
            }
        }
        push_contribution(m, j, &u, month);
    }
    if (j->seals != NEVER)
        push(m, (struct event){.kind = EVENT_SEAL,
                               .day = j->seals,
                               .value = j->seals,
                               .month = j->to,
                               .unit = j->unit,
                               .ratio = u.ratio,
                               .base = m->base});
}

static void push_simple(struct maker *m, enum event_kind kind, int32_t day, int index,
                        int64_t amount)
{
    if (day != NEVER)
        push(m, (struct event){
                    .kind = kind, .day = day, .value = day, .index = index, .amount = amount});
}

static int compare(const void *a, const void *b)
{
    const struct event *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

void schedule_make(struct schedule *s, const struct world *w, const struct life *l, int which,
                   int32_t until)
{
    const struct account_plan *a = &l->account[which];
    struct maker m = {.s = s, .w = w, .l = l, .a = a, .until = until};

    s->count = 0;
    for (int k = 0; k < a->jobs; k++)
        push_job(&m, k);
    for (int i = 0; i < a->requests; i++) {
        push_simple(&m, EVENT_APPLY, a->request[i].apply, i, 0);
        push_simple(&m, EVENT_ACCEPT, a->request[i].accept, i, 0);
        push_simple(&m, EVENT_DECIDE, a->request[i].decide, i, 0);
        push_simple(&m, EVENT_END, a->request[i].end, i, 0);
    }
    push_simple(&m, EVENT_MOVE_IN, a->moved_in, 0, a->moved_amount);
    push_simple(&m, EVENT_FREEZE, a->freeze.day, 0, 0);
    push_simple(&m, EVENT_LIFT, a->freeze.lifted, 0, 0);
    if (a->close == CLOSE_TRANSFERRED)
        push_simple(&m, EVENT_TRANSFER_OUT, a->close_day, 0, 0);
    if (a->close == CLOSE_MERGED)
        push_simple(&m, EVENT_MERGE_OUT, a->close_day, 0, 0);
    if (which == 1)
        push_simple(&m, EVENT_MERGE_IN, l->account[0].close_day, 0, 0);
    for (int32_t day = settlement_on_or_after((civil_date){a->opened}).day; day <= until;
         day = settlement_on_or_after((civil_date){day + 1}).day)
        push_simple(&m, EVENT_SETTLE, day, 0, 0);
    qsort(s->at, s->count, sizeof *s->at, compare);
}

void schedule_free(struct schedule *s)
{
    free(s->at);
    *s = (struct schedule){0};
}
