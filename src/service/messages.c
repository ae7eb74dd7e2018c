/* Messages: what a holder should be told of the last twelve months. Nothing is stored twice: what is
 * in the ledger is read there, what happened at the desk in its own tables. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "ledger/digest.h"
#include "ledger/post.h"
#include "service/internal.h"

enum {
    LOAN_SOON_DAYS = 7, /* an instalment is told of a week before it is due */
    UNMARKED_DAYS = 30, /* who never looked finds so many days unread */
    DUE_MONTHS = 3,     /* a month is due within so many months of its first day */
    DAY_MS = 24 * 3600 * 1000,
    ENTRIES_AT_ONCE = 8,
};

struct gathering {
    const struct service *s;
    struct db *db;
    struct arena *a;
    civil_date today, since;
    struct messages *out;
    size_t wanted; /* the newest so many are shown; of the others only those unread are counted */
    instant mark;
    bool marked;
    int64_t new_batch; /* sets from this one on came after the mark; INT64_MAX: none did */
    struct error *err;
};

/* NULL when there is no room any more: the list is bounded, the newest of each source come first. */
static struct message *message_add(struct gathering *g, enum message_kind kind, civil_date day)
{
    struct message *m;

    if (g->out->count == MESSAGES_MAX || day.day < g->since.day || day.day > g->today.day) {
        return NULL;
    }
    m = &g->out->list[g->out->count];
    *m = (struct message){.kind = kind,
                          .day = day,
                          .order = -(int64_t)g->out->count,
                          .month = MONTH_NONE,
                          .due = DATE_NONE,
                          .unread = day.day > clock_date_at(g->s->clock, g->mark).day};
    g->out->count++;
    return m;
}

/* What came with a set that was taken after the last look is new, however old its date is. What was
 * posted here has the date of its day. */
static bool is_new(const struct gathering *g, int64_t batch)
{
    return g->marked && batch >= g->new_batch && batch <= POST_BATCH_BASE;
}

static void amount_set(struct message *m, fen amount)
{
    m->has_amount = true;
    m->amount = amount.n < 0 ? fen_negate(amount) : amount;
    m->direction = amount.n > 0 ? 1 : amount.n < 0 ? -1 : 0;
}

static enum message_kind kind_of(const struct entry *e)
{
    if (e->reversing) {
        return MESSAGE_CORRECTION;
    }
    switch (e->kind) {
    case ENTRY_REMITTANCE:
    case ENTRY_BACK_PAYMENT: return MESSAGE_CONTRIBUTION;
    case ENTRY_INTEREST: return MESSAGE_INTEREST;
    default: return MESSAGE_MONEY;
    }
}

static struct message *entry_gather(struct gathering *g, const struct entry *e)
{
    struct message *m = e->amount.n != 0 ? message_add(g, kind_of(e), e->booked) : NULL;

    if (m) {
        m->cause = (int)e->kind;
        m->month = e->for_month;
        amount_set(m, e->amount);
        m->has_balance = true;
        m->balance = e->balance;
        m->number = e->seq;
        m->unread |= is_new(g, e->batch);
    }
    return m;
}

/* The newest entries, down to the first one that is neither to be shown nor unread nor of the day of
 * the last look: those before it are not either, because dates and sets only go up. */
static enum result entries_gather(struct gathering *g, struct text account)
{
    struct entry_filter next = {0};
    size_t told = 0;
    int read = 0;
    civil_date looked = clock_date_at(g->s->clock, g->mark);
    bool more = true;

    while (more && read < LEDGER_ENTRIES_MAX) {
        struct entry *list;
        size_t count;
        enum result r;

        next.limit = LEDGER_ENTRIES_MAX - read < ENTRIES_AT_ONCE ? LEDGER_ENTRIES_MAX - read
                                                                 : ENTRIES_AT_ONCE;
        r = ledger_entries(g->db, g->a, account, &next, &list, &count, &more, g->err);
        if (r != RESULT_OK) {
            return r;
        }
        for (size_t i = 0; i < count; i++) {
            const struct message *m = entry_gather(g, &list[i]);

            told += m != NULL;
            more &= list[i].booked.day >= g->since.day &&
                    (!m || m->unread || list[i].booked.day >= looked.day || told < g->wanted);
            next.before_seq = list[i].seq;
        }
        read += (int)count;
    }
    return RESULT_OK;
}

/* A month that was not paid, or not in full, is told of on the day after it was due. */
static void month_gather(struct gathering *g, civil_month month, enum month_state state, fen due,
                         fen came, civil_date due_day)
{
    struct message *m;

    if (state != MONTH_MISSING && state != MONTH_SHORT) {
        return;
    }
    m = message_add(g, state == MONTH_SHORT ? MESSAGE_SHORT : MESSAGE_MISSING,
                    date_plus(due_day, 1));
    if (m) {
        m->month = month;
        m->has_amount = true;
        m->amount = fen_sub(due, came);
        m->due = due_day;
    }
}

/* The months out of the digest, or by walking through the entries, which gives the same. */
static enum result months_gather(struct gathering *g, const struct glance *glance)
{
    const struct account *account = &glance->account;
    civil_month from = {date_month(g->since).n - DUE_MONTHS};
    struct month_marks marks;
    struct strip all, years;
    struct digest d;
    enum result r;

    if (ledger_glance_digest(glance, g->today, &d)) {
        r = ledger_digest_months(&d, g->a, g->s->policy, account, from, g->today, &marks, g->err);
        for (size_t i = r == RESULT_OK ? marks.count : 0; i-- > 0;) {
            const struct month_mark *k = &marks.list[i];

            month_gather(g, k->month, k->state, k->due, k->credited,
                         policy_contribution_due(g->s->policy, k->month));
        }
        return r;
    }
    r = months_read(g->s, g->db, g->a, account, g->today, &all, &years, g->err);
    for (size_t i = r == RESULT_OK ? years.count : 0; i-- > 0;) {
        const struct month *k = &years.months[i];

        month_gather(g, k->month, k->state, fen_add(k->unit_due, k->own_due),
                     fen_add(k->unit_credited, k->own_credited), k->due_day);
    }
    return r;
}

static enum result applications_gather(struct gathering *g, struct text account)
{
    struct withdrawals all = {0};
    enum result r = ledger_withdrawals(g->db, g->a, g->s->policy, account, &all, g->err);

    for (size_t i = 0; r == RESULT_OK && i < all.count; i++) {
        const struct withdrawal *w = &all.list[i];

        for (size_t k = w->step_count; k-- > 0;) {
            struct message *m = message_add(g, MESSAGE_APPLICATION, w->steps[k].day);

            if (m) {
                m->cause = w->application.reason;
                m->has_amount = true;
                m->amount = w->application.amount;
                m->step = w->steps[k].kind;
                m->ref = w->application.application;
                m->unread |= k + 1 == w->step_count && is_new(g, w->batch);
            }
        }
    }
    return r;
}

/* The day after the due day of the month before: since then at the latest something is overdue. */
static civil_date overdue_day(const struct loan *l, civil_date today)
{
    int year, month, day;
    civil_month before;
    civil_date last;

    if (date_is_none(l->next_due)) {
        return today;
    }
    date_split(l->next_due, &year, &month, &day);
    before = (civil_month){month_of(year, month).n - (l->next_due.day > today.day)};
    last = month_last(before);
    return date_plus(days_between(month_first(before), last) >= day - 1
                         ? date_plus(month_first(before), day - 1)
                         : last,
                     1);
}

static void instalment_gather(struct gathering *g, const struct loan *l, size_t position)
{
    struct message *m;

    if (l->overdue_periods > 0) {
        m = message_add(g, MESSAGE_LOAN_OVERDUE, overdue_day(l, g->today));
        if (m) {
            m->has_amount = true;
            m->amount = fen_add(l->overdue_principal, l->overdue_interest);
            m->count = l->overdue_periods;
            m->number = (int64_t)position + 1;
        }
    }
    if (!date_is_none(l->next_due) && l->next_due.day >= g->today.day) {
        m = message_add(g, MESSAGE_LOAN_DUE, date_plus(l->next_due, -LOAN_SOON_DAYS));
        if (m) {
            m->has_amount = true;
            m->amount = l->next_payment;
            m->due = l->next_due;
            m->number = (int64_t)position + 1;
        }
    }
}

/* A change of the rate itself: an instalment also changes when something was repaid early. */
static enum result rates_gather(struct gathering *g, struct text account, struct text loan,
                                size_t position)
{
    struct loan_rate *rates;
    size_t count;
    enum result r = ledger_loan_rates(g->db, g->a, account, loan, &rates, &count, g->err);

    for (size_t i = 0; r == RESULT_OK && i + 1 < count; i++) {
        struct message *m = rates[i].rate != rates[i + 1].rate
                                ? message_add(g, MESSAGE_LOAN_REPRICED, rates[i].since)
                                : NULL;

        if (m) {
            m->rate = rates[i].rate;
            m->has_amount = true;
            m->amount = rates[i].payment;
            m->number = (int64_t)position + 1;
        }
    }
    return r;
}

static enum result loans_gather(struct gathering *g, struct text account)
{
    struct loan *loans;
    size_t count;
    enum result r = ledger_loans(g->db, g->a, account, &loans, &count, g->err);

    for (size_t i = 0; r == RESULT_OK && i < count; i++) {
        instalment_gather(g, &loans[i], i);
        r = rates_gather(g, account, loans[i].loan, i);
    }
    return r;
}

static enum result desk_gather(struct gathering *g, struct text person)
{
    static const enum message_kind kinds[] = {
        [EVENT_SIGN_IN] = MESSAGE_SIGN_IN,
        [EVENT_ANSWER] = MESSAGE_ANSWER,
        [EVENT_STOP] = MESSAGE_STOP,
        [EVENT_LIFT] = MESSAGE_LIFT,
        [EVENT_NEW_PASSWORD] = MESSAGE_NEW_PASSWORD,
        [EVENT_REGISTERED] = MESSAGE_REGISTERED,
    };
    struct member_event *events = arena_alloc(g->a, MEMBER_EVENTS_MAX * sizeof *events);
    instant since = clock_now(g->s->clock) - (instant)MESSAGES_DAYS * DAY_MS;
    size_t count;
    enum result r;

    if (!events) {
        return error_set(g->err, RESULT_MEMORY, "no memory for messages");
    }
    r = member_events(g->db, person, since, events, &count, g->err);
    for (size_t i = 0; r == RESULT_OK && i < count; i++) {
        const struct member_event *e = &events[i];
        civil_date day = clock_date_at(g->s->clock, e->at);
        struct message *m;

        if (e->kind < EVENT_SIGN_IN || e->kind > EVENT_REGISTERED) {
            continue; /* of a newer program */
        }
        m = message_add(g, kinds[e->kind], day);
        if (m) {
            m->at = e->at;
            m->order = e->at; /* above all of the same day that has no time */
            m->ref = text_of(e->subject);
            m->unread = e->at > g->mark;
        }
    }
    return r;
}

static int newest_first(const void *a, const void *b)
{
    const struct message *x = a, *y = b;

    if (x->day.day != y->day.day) {
        return x->day.day < y->day.day ? 1 : -1;
    }
    return (x->order < y->order) - (x->order > y->order);
}

static enum result mark_read(struct gathering *g, struct text person, instant now)
{
    enum result r = member_read_mark(g->db, person, &g->mark, g->err);
    struct stmt *q;

    if (r != RESULT_OK) {
        return r;
    }
    g->marked = g->mark > 0;
    if (!g->marked) {
        g->mark = now - (instant)UNMARKED_DAYS * DAY_MS;
    }
    q = db_query(g->db, QUERY_batch_after);
    stmt_int(q, 1, g->mark);
    if (stmt_step(q) != STMT_ROW) {
        return db_failure(g->db, g->err);
    }
    g->new_batch = column_int(q, 0) > 0 ? column_int(q, 0) : INT64_MAX;
    stmt_end(q);
    return RESULT_OK;
}

/* Desk events first: they are few, and none of them may fall out of a full list. */
static enum result all_gather(struct gathering *g, const struct view *v)
{
    struct glance glances[LEDGER_ACCOUNTS_MAX];
    const struct text *account = &glances[0].account.account;
    size_t count;
    enum result r = mark_read(g, v->person, g->out->as_of);

    if (r == RESULT_OK) {
        r = ledger_glances_of(g->db, g->a, v->person, glances, &count, g->err);
    }
    if (r == RESULT_OK && count == 0) {
        r = error_set(g->err, RESULT_NOT_FOUND, "the person has no account");
    }
    if (r == RESULT_OK) {
        r = desk_gather(g, v->person);
    }
    if (r == RESULT_OK) {
        r = entries_gather(g, *account);
    }
    if (r == RESULT_OK) {
        r = months_gather(g, &glances[0]);
    }
    if (r == RESULT_OK && glances[0].loans) {
        r = loans_gather(g, *account);
    }
    return r == RESULT_OK ? applications_gather(g, *account) : r;
}

enum result service_messages(const struct service *s, struct db *db, struct arena *a,
                             const struct view *v, int skip, int limit, struct messages *out,
                             struct error *err)
{
    struct gathering g = {.s = s, .db = db, .a = a, .out = out, .err = err};
    enum result r;

    assert(view_is_good(v, PART_MESSAGES));
    *out = (struct messages){.today = clock_today(s->clock), .as_of = clock_now(s->clock)};
    out->list = arena_alloc(a, MESSAGES_MAX * sizeof *out->list);
    if (!out->list) {
        return error_set(err, RESULT_MEMORY, "no memory for messages");
    }
    g.today = out->today;
    g.since = date_plus(out->today, -MESSAGES_DAYS);
    g.wanted = (size_t)skip + (size_t)limit + 1; /* one more says that there are more */
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = all_gather(&g, v);
    db_rollback(db);
    if (r != RESULT_OK) {
        return r;
    }
    qsort(out->list, out->count, sizeof *out->list, newest_first);
    for (size_t i = 0; i < out->count; i++) {
        out->unread += out->list[i].unread;
    }
    if ((size_t)skip > out->count) {
        skip = (int)out->count;
    }
    out->list += skip;
    out->count -= (size_t)skip;
    out->more = out->count > (size_t)limit;
    out->count = out->more ? (size_t)limit : out->count;
    return RESULT_OK;
}

enum result service_messages_read(const struct service *s, struct db *db, const struct view *v,
                                  instant until, struct error *err)
{
    instant now = clock_now(s->clock);

    assert(view_is_good(v, PART_MESSAGES));
    return member_read_until(db, v->person, until < now ? until : now, err);
}
