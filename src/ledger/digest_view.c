/* What the first page shows of a digest. Each function gives what the walk through the entries gives
 * (months.c, consecutive.c, curve.c, entries.c); a test compares them over whole cities. */
#include "internal.h"

#include <string.h>

#include "ledger/digest.h"

bool ledger_glance_digest(const struct glance *g, civil_date today, struct digest *out)
{
    return g->facts.at && g->digest_seq == g->account.running.head_seq &&
           digest_unpack(out, g->digest_seq, g->facts) &&
           (out->recent_count == 0 || out->recent[0].e.booked.day <= today.day);
}

/* --- months --- */

struct picture {
    const struct policy *policy;
    civil_date today;
    civil_month first, last;
    struct month_sums sums[LEDGER_MONTHS_MAX];
    size_t count;
};

static const struct digest_terms *first_paying(const struct digest *d)
{
    for (size_t i = 0; i < d->terms_count; i++)
        if (d->terms[i].paying)
            return &d->terms[i];
    return NULL;
}

static void lay_out(struct picture *p, const struct digest *d)
{
    size_t next = 0;
    int64_t due = 0;

    for (size_t i = 0; i < p->count; i++) {
        int32_t month = p->first.n + (int32_t)i;

        for (; next < d->terms_count && d->terms[next].from.n <= month; next++)
            due = d->terms[next].paying ? d->terms[next].due : 0;
        p->sums[i] = (struct month_sums){.due = due, .credited_on = DATE_NONE};
    }
    for (size_t i = 0; i < d->credit_count; i++) {
        const struct digest_credit *c = &d->credits[i];
        struct month_sums *m;

        if (c->month.n < p->first.n || c->month.n > p->last.n)
            continue;
        m = &p->sums[c->month.n - p->first.n];
        m->credited += c->amount;
        if (c->value_day.day > m->credited_on.day)
            m->credited_on = c->value_day; /* money counts from its value day (article 21) */
        m->back_paid |= c->back_paid;
    }
}

/* Only a month that lacks something needs to know whether its due day is over. */
static bool is_awaited(const struct picture *p, size_t i)
{
    const struct month_sums *m = &p->sums[i];
    civil_month month = {p->first.n + (int32_t)i};

    return m->due != 0 && m->credited < m->due &&
           p->today.day <= policy_contribution_due(p->policy, month).day;
}

static void count_run(const struct picture *p, struct month_marks *out)
{
    struct month_run run = {.phase = RUN_FULL};
    size_t i = p->count;

    while (i > 0 && is_awaited(p, i - 1))
        i--;
    for (; i > 0 && run.phase != RUN_OVER; i--) {
        const struct month_sums *m = &p->sums[i - 1];

        ledger_run_count(&run, m->due != 0 && m->credited >= m->due,
                         m->due != 0 && m->credited < m->due && !is_awaited(p, i - 1));
    }
    out->full = run.full;
    out->if_mended = run.if_mended;
}

static void mark(const struct picture *p, size_t i, struct month_mark *out)
{
    const struct month_sums *m = &p->sums[i];
    civil_month month = {p->first.n + (int32_t)i};

    *out = (struct month_mark){
        .month = month,
        .state = ledger_month_state(m, policy_contribution_due(p->policy, month), p->today),
        .due = fen_of(m->due),
        .credited = fen_of(m->credited),
        .credited_on = m->credited_on,
    };
}

enum result ledger_digest_months(const struct digest *d, struct arena *a,
                                 const struct policy *policy, const struct account *account,
                                 civil_month from, civil_date today, struct month_marks *out,
                                 struct error *err)
{
    const struct digest_terms *terms = first_paying(d);
    struct picture p; /* its sums are not cleared: lay_out writes those that count */
    size_t skip = 0;

    *out = (struct month_marks){0};
    p.policy = policy;
    p.today = today;
    p.last = ledger_last_month(account, today);
    if (!terms || terms->from.n > p.last.n)
        return RESULT_OK;
    p.first = terms->from;
    if (p.last.n - p.first.n >= LEDGER_MONTHS_MAX)
        p.first.n = p.last.n - LEDGER_MONTHS_MAX + 1;
    p.count = (size_t)(p.last.n - p.first.n) + 1;
    lay_out(&p, d);
    count_run(&p, out);
    if (from.n > p.first.n)
        skip = from.n > p.last.n ? p.count : (size_t)(from.n - p.first.n);
    out->count = p.count - skip;
    out->list = arena_alloc(a, out->count * sizeof *out->list);
    if (!out->list)
        return ledger_no_memory(err);
    for (size_t i = 0; i < out->count; i++)
        mark(&p, skip + i, &out->list[i]);
    return RESULT_OK;
}

/* --- the curve --- */

enum result ledger_digest_curve(const struct digest *d, struct arena *a,
                                const struct account *account, int months, civil_date today,
                                struct curve_point **out, size_t *count, struct error *err)
{
    civil_month now = date_month(today), first = {now.n - months + 1};
    size_t next = 0;
    int64_t balance = 0;

    if (first.n < date_month(account->opened).n)
        first = date_month(account->opened);
    *count = first.n <= now.n ? (size_t)(now.n - first.n + 1) : 0;
    *out = arena_alloc(a, (*count + 1) * sizeof **out);
    if (!*out)
        return ledger_no_memory(err);
    for (size_t i = 0; i < *count; i++) {
        civil_month month = {first.n + (int32_t)i};

        for (; next < d->balance_count && d->balances[next].month.n <= month.n; next++)
            balance = d->balances[next].balance;
        (*out)[i] = (struct curve_point){month_last(month), fen_of(balance)};
    }
    if (*count > 0)
        (*out)[*count - 1].day = today;
    return RESULT_OK;
}

/* --- the newest entries --- */

enum result ledger_digest_recent(const struct digest *d, struct arena *a, size_t limit,
                                 struct entry **out, size_t *count, struct error *err)
{
    size_t n = d->recent_count < limit ? d->recent_count : limit;
    struct entry *list = arena_alloc(a, n * sizeof *list);

    *count = 0;
    if (!list)
        return ledger_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        list[i] = d->recent[i].e;
        list[i].flow.at = arena_copy(a, d->recent[i].e.flow);
        if (!list[i].flow.at)
            return ledger_no_memory(err);
    }
    *out = list;
    *count = n;
    return RESULT_OK;
}
