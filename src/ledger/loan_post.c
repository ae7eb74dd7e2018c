/* What happens to a loan, posted: entries, the act, the loan's row; and taken back. */
#include "ledger/loan_post.h"

#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "ledger/loan_post_internal.h"

/* --- doing --- */

/* An act is one instalment: the one that is due that day, and none before it is left out. */
static enum result collect(struct loan_post *l, const struct loan_ask *ask, struct error *err)
{
    const struct loan_instalment_line *next = &l->standing.next;
    char due[DATE_TEXT_MAX];

    if (next->period > 0 && next->due.day < ask->day.day) {
        date_format(next->due, due);
        return error_set(err, RESULT_REFUSED,
                         "it is not said what became of the instalment of %s: that it did not come "
                         "can be said with the taking back",
                         due);
    }
    return loan_collect(&l->standing, ask->day, ask->kind == LOAN_ACT_COLLECTED, &l->change, err);
}

static enum result work_out(struct loan_post *l, const struct loan_ask *ask, struct error *err)
{
    switch (ask->kind) {
    case LOAN_ACT_COLLECTED:
    case LOAN_ACT_MISSED: return collect(l, ask, err);
    case LOAN_ACT_PAID:
        return loan_pay(l->policy, &l->standing, ask->day, ask->amount, ask->then, &l->change, err);
    case LOAN_ACT_SETTLED: return loan_settle(l->policy, &l->standing, ask->day, &l->change, err);
    case LOAN_ACT_REPRICED: return loan_reprice(&l->standing, ask->day, ask->rate, &l->change, err);
    default: return error_set(err, RESULT_INTERNAL, "no act of that kind is asked for");
    }
}

static enum result post_lines(struct loan_post *l, const struct loan_ask *ask, struct error *err)
{
    enum result r = RESULT_OK;

    for (int i = 0; i < l->change.count && r == RESULT_OK; i++) {
        const struct loan_line *line = &l->change.lines[i];
        struct loan_entry e = {
            .happened = line->happened,
            .kind = ask->fund ? LOAN_FUND_REPAYMENT : line->kind,
            .period = line->period,
            .principal = line->principal,
            .interest = line->interest,
            .penalty = line->penalty,
        };

        r = loan_entry_append(l, &e, err);
    }
    return r;
}

/* Before the first operation on a loan that an exchange set brought: how it stood. */
static enum result write_base(struct loan_post *l, struct error *err)
{
    struct loan_act base = {.kind = LOAN_ACT_TAKEN, .day = l->last.day, .after = l->now};

    return l->last.act > 0 ? RESULT_OK : loan_act_write(l, &base, err);
}

/* Does it as the newest act. */
static enum result apply(struct loan_post *l, const struct loan_ask *ask, struct error *err)
{
    struct loan_act act = {.kind = ask->kind, .day = ask->day, .ask = *ask};
    int64_t interest = l->interest.n, principal = l->principal.n;
    fen repaid, of_interest;
    enum result r = work_out(l, ask, err);

    if (r == RESULT_OK)
        r = write_base(l, err);
    repaid = l->now.principal_repaid;
    of_interest = l->now.interest_repaid;
    if (r == RESULT_OK)
        r = post_lines(l, ask, err);
    if (r == RESULT_OK && ask->fund)
        r = loan_fund_pay(l->p, l->account, ask->day, l->change.paid, &act.fund_seq, err);
    if (r != RESULT_OK)
        return r;
    /* Behind an instalment that is overdue none is collected. */
    if (ask->kind == LOAN_ACT_COLLECTED && l->change.count == 0)
        act.kind = LOAN_ACT_MISSED;
    act.entries = l->change.count;
    l->standing = l->change.after;
    loan_stand_of(&l->standing, fen_add(repaid, fen_of(l->principal.n - principal)),
                  fen_add(of_interest, fen_of(l->interest.n - interest)), &act.after);
    return loan_act_write(l, &act, err);
}

/* --- taking back --- */

static enum result take_back_entries(struct loan_post *l, const struct loan_act *of,
                                     struct error *err)
{
    enum result r = RESULT_OK;

    for (int i = 0; i < of->entries && r == RESULT_OK; i++) {
        struct loan_entry e;

        r = loan_entry_read(l, of->head_seq - i, &e, err);
        if (r != RESULT_OK)
            break;
        e.reverses = e.seq;
        e.reversing = true;
        e.principal = fen_negate(e.principal);
        e.interest = fen_negate(e.interest);
        e.penalty = fen_negate(e.penalty);
        r = loan_entry_append(l, &e, err);
    }
    return r;
}

/* The newest act that stands is taken back; before is the one in front of it. */
static enum result take_back(struct loan_post *l, const struct loan_act *of,
                             const struct loan_act *before, int reason, struct error *err)
{
    struct loan_act act = {
        .kind = LOAN_ACT_UNDONE,
        .day = of->day,
        .undoes = of->act,
        .reason = reason,
        .entries = of->entries,
        .after = before->after,
    };
    enum result r = take_back_entries(l, of, err);

    if (r == RESULT_OK && of->fund_seq > 0)
        r = loan_fund_back(l->p, l->account, of->fund_seq, reason, err);
    if (r == RESULT_OK)
        r = loan_act_write(l, &act, err);
    if (r == RESULT_OK)
        r = loan_post_reread(l, err);
    l->undone++;
    return r;
}

/* The acts that stand, newest first, out of all, newest first. Room for as many. */
static size_t standing_acts(const struct loan_act *all, size_t count, const struct loan_act **out)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        bool gone = all[i].kind == LOAN_ACT_UNDONE;

        for (size_t k = 0; k < i && !gone; k++)
            gone = all[k].undoes == all[i].act;
        if (!gone)
            out[n++] = &all[i];
    }
    return n;
}

static enum result redo(struct loan_post *l, const struct loan_act *of, struct error *err)
{
    char day[DATE_TEXT_MAX];
    struct loan_ask ask = of->ask;
    struct error why;
    enum result r;

    ask.kind = of->kind;
    r = apply(l, &ask, &why);
    l->redone++;
    if (r == RESULT_OK)
        return r;
    date_format(of->day, day);
    return error_set(err, r, "what was done on %s cannot be done again after it: %s", day,
                     why.sentence);
}

/* Takes back the newest n acts that stand, does instead (if any), and does again those of them that
 * are wanted. */
static enum result again(struct loan_post *l, const struct loan_act **acts, size_t n,
                         const struct loan_act *all, size_t count, const struct loan_ask *instead,
                         int64_t without, int reason, struct error *err)
{
    enum result r = write_base(l, err);

    if (!post_reason_known(reason))
        return error_set(err, RESULT_INVALID,
                         "something was posted for a later day: a reason is wanted (101 to 107, "
                         "199), and it is taken back and done again");
    for (size_t i = 0; i < n && r == RESULT_OK; i++) {
        /* Acts are numbered without gaps; the one in front stands behind in the list. */
        const struct loan_act *before = acts[i] + 1;

        if (before >= all + count || acts[i]->kind == LOAN_ACT_TAKEN ||
            acts[i]->kind == LOAN_ACT_PAID_OUT)
            return error_set(
                err, RESULT_REFUSED,
                "what an exchange set brought, and paying out, is not taken back here");
        r = take_back(l, acts[i], before, reason, err);
    }
    if (r == RESULT_OK && instead)
        r = apply(l, instead, err);
    for (size_t i = n; i > 0 && r == RESULT_OK; i--)
        if (acts[i - 1]->act != without)
            r = redo(l, acts[i - 1], err);
    return r;
}

static enum result read_standing_acts(struct loan_post *l, struct loan_act **all, size_t *count,
                                      const struct loan_act ***acts, size_t *n, struct error *err)
{
    enum result r = loan_acts_read(l->p, l->account, l->loan, LOAN_ACTS_READ, all, count, err);

    *n = 0;
    if (r != RESULT_OK)
        return r;
    *acts = arena_alloc(l->p->arena, (*count + 1) * sizeof(const struct loan_act *));
    if (!*acts)
        return ledger_no_memory(err);
    *n = standing_acts(*all, *count, *acts);
    return RESULT_OK;
}

enum result loan_post_do(struct loan_post *l, const struct loan_ask *ask, int reason,
                         struct error *err)
{
    const struct loan_act **acts;
    struct loan_act *all;
    size_t count, n, later = 0;
    enum result r;

    if (ask->day.day > l->p->booked.day)
        return error_set(err, RESULT_REFUSED, "the day is still to come");
    if (ask->day.day >= l->last.day.day)
        return apply(l, ask, err);
    if (l->last.act == 0)
        return error_set(err, RESULT_REFUSED,
                         "the day is before the newest entry that an exchange set brought");
    r = read_standing_acts(l, &all, &count, &acts, &n, err);
    if (r != RESULT_OK)
        return r;
    while (later < n && acts[later]->day.day > ask->day.day)
        later++;
    return later == 0 ? apply(l, ask, err) : again(l, acts, later, all, count, ask, 0, reason, err);
}

enum result loan_post_undo(struct loan_post *l, int64_t act, const struct loan_ask *instead,
                           int reason, struct error *err)
{
    const struct loan_act **acts;
    struct loan_act *all;
    size_t count, n, at = 0;
    enum result r = read_standing_acts(l, &all, &count, &acts, &n, err);

    if (r != RESULT_OK)
        return r;
    while (at < n && acts[at]->act != act)
        at++;
    if (at == n)
        return error_set(err, RESULT_NOT_FOUND, "no act of the loan that stands has this number");
    return again(l, acts, at + 1, all, count, instead, act, reason, err);
}

/* --- rates --- */

bool loan_rate_due(const struct policy *policy, const struct loan_terms *t, civil_date day,
                   millionths *out)
{
    civil_date from, eve;
    millionths first, second;
    int month, of_month, year, m, d;
    bool is_second;

    policy_loan_reprices_on(policy, &month, &of_month);
    date_split(day, &year, &m, &d);
    from = date_of(year, month, of_month);
    if (from.day > day.day)
        from = date_of(year - 1, month, of_month);
    eve = date_plus(from, -1);
    if (t->method == LOAN_ONCE || t->months <= policy_loan_once_months(policy) ||
        t->paid_out_on.day >= from.day ||
        policy_loan_rate(policy, t->paid_out_on, t->months, false, &first) != RESULT_OK ||
        policy_loan_rate(policy, t->paid_out_on, t->months, true, &second) != RESULT_OK)
        return false;
    is_second = t->rate != first;
    if (is_second && t->rate != second)
        return false;
    return policy_loan_rate(policy, eve, t->months, is_second, out) == RESULT_OK;
}
