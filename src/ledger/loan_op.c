#include "ledger/loan_op.h"

#include <assert.h>
#include <inttypes.h>

enum { TWELVE_MILLION = 12000000, MILLION = 1000000, HUNDRED = 100 };

/* --- what is agreed ------------------------------------------------------------------------------ */

static int periods_in_all(const struct loan_standing *s)
{
    return s->method == LOAN_ONCE ? 1 : s->months;
}

static civil_date due_of(const struct loan_standing *s, int period)
{
    int months = s->method == LOAN_ONCE ? s->months : period;

    return loan_due((civil_month){date_month(s->paid_out_on).n + months}, s->due_day);
}

/* An instalment that is due on the very day of an agreement comes before it. */
static const struct loan_rate *agreed_for(const struct loan_standing *s, civil_date due)
{
    size_t i = s->rate_count - 1;

    while (i > 0 && s->rates[i].since.day >= due.day)
        i--;
    return &s->rates[i];
}

/* How many instalments fell due between the agreement and that one. */
static int periods_between(const struct loan_standing *s, civil_date since, int period)
{
    civil_month month = date_month(since);
    int first = month.n - date_month(s->paid_out_on).n;

    if (since.day >= loan_due(month, s->due_day).day)
        first++;
    return period - (first < 1 ? 1 : first);
}

/* What is left to repay from a period on, when `left` of the principal is. */
static struct loan_rest rest_at(const struct loan_standing *s, int period, fen left)
{
    const struct loan_rate *agreed = agreed_for(s, due_of(s, period));
    struct loan_rest rest = {
        .method = s->method,
        .principal = left,
        .rate = agreed->rate,
        .months = s->method == LOAN_ONCE ? s->months : s->months - period + 1,
    };

    loan_part_agreed(&rest, agreed->payment, periods_between(s, agreed->since, period));
    return rest;
}

int loan_ahead(const struct loan_standing *s, struct loan_instalment_line *out)
{
    civil_month first = date_month(s->paid_out_on);
    struct loan_rest rest;

    if (s->next.period == 0)
        return 0;
    rest = rest_at(s, s->next.period, fen_sub(s->balance, s->overdue_principal));
    first.n += s->method == LOAN_ONCE ? 1 : s->next.period;
    return loan_plan(&rest, s->next.period, first, s->due_day, out);
}

/* One instalment of those ahead; period 0 when there is none. */
static struct loan_instalment_line instalment(const struct loan_standing *s, int period, fen left)
{
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    struct loan_rest rest;
    civil_month first = date_month(s->paid_out_on);

    if (period > periods_in_all(s) || left.n <= 0)
        return (struct loan_instalment_line){.due = DATE_NONE};
    rest = rest_at(s, period, left);
    first.n += s->method == LOAN_ONCE ? 1 : period;
    if (loan_plan(&rest, period, first, s->due_day, lines) == 0)
        return (struct loan_instalment_line){.due = DATE_NONE};
    return lines[0];
}

static void set_next(struct loan_standing *s)
{
    s->next = instalment(s, s->periods_paid + s->overdue_periods + 1,
                         fen_sub(s->balance, s->overdue_principal));
}

static struct loan_instalment_line oldest_overdue(const struct loan_standing *s)
{
    return instalment(s, s->periods_paid + 1, s->balance);
}

static bool overdue_follows(const struct loan_standing *s)
{
    fen left = s->balance, principal = fen_of(0), interest = fen_of(0);

    for (int i = 1; i <= s->overdue_periods; i++) {
        struct loan_instalment_line l = instalment(s, s->periods_paid + i, left);

        left = fen_sub(left, l.principal);
        principal = fen_add(principal, l.principal);
        interest = fen_add(interest, l.interest);
    }
    return principal.n == s->overdue_principal.n && interest.n == s->overdue_interest.n;
}

enum result loan_standing_of(const struct loan_view *v, struct loan_standing *out,
                             struct error *err)
{
    const struct loan *l = &v->loan;
    struct loan_standing *s = out;

    *s = (struct loan_standing){
        .method = l->method,
        .months = l->months,
        .due_day = l->due_day,
        .periods_paid = l->periods_paid,
        .overdue_periods = l->overdue_periods,
        .paid_out_on = l->paid_out_on,
        .settled = v->settled,
        .rate = l->rate,
        .balance = l->balance,
        .overdue_principal = l->overdue_principal,
        .overdue_interest = l->overdue_interest,
        .next.due = DATE_NONE,
    };
    if (l->method < LOAN_EQUAL_INSTALMENTS || l->method > LOAN_ONCE)
        return error_set(err, RESULT_REFUSED, "a loan of method %02d has no plan", l->method);
    if (v->rate_count == 0 || l->months < 1 || l->months > LOAN_MONTHS_MAX || l->due_day < 1 ||
        l->due_day > 31)
        return error_set(err, RESULT_DAMAGED, "the loan has no rate, term or due day");
    for (size_t i = 0; i < v->rate_count; i++)
        s->rates[s->rate_count++] = v->rates[v->rate_count - 1 - i];
    if (s->balance.n == 0)
        return RESULT_OK;
    set_next(s);
    if (!overdue_follows(s) || s->next.due.day != l->next_due.day ||
        s->next.principal.n != l->next_principal.n || s->next.interest.n != l->next_interest.n)
        return error_set(err, RESULT_DAMAGED,
                         "what is stored of the loan does not follow from what was agreed; "
                         "nothing can be worked out from it");
    return RESULT_OK;
}

/* --- the steps ------------------------------------------------------------------------------------ */

static void start(const struct loan_standing *s, struct loan_change *out)
{
    out->before = out->after = *s;
    out->count = 0;
    out->paid = fen_of(0);
    out->agreed = false;
    out->why = LOAN_NOT_REFUSED;
    out->need = fen_of(0);
}

static enum result refuse(struct loan_change *c, enum loan_refusal why, fen need, struct error *err)
{
    static const char *const words[] = {
        [LOAN_IS_REPAID] = "the loan is repaid",
        [LOAN_NOT_POSTED] = "an instalment that is due by then is not posted yet",
        [LOAN_NEEDS_MORE] = "what is due is repaid whole, with its penalty: that takes",
        [LOAN_SAYS_NOTHING] = "the amount is more than what is due; say what becomes of the rest",
        [LOAN_ALL_OF_IT] = "all that is left is less than that: it takes",
        [LOAN_TOO_LITTLE] = "the amount is too small",
        [LOAN_WRONG_DAY] = "the day is before the last instalment's",
    };
    char amount[FEN_TEXT_MAX] = "";

    c->why = why;
    c->need = need;
    if (need.n > 0)
        fen_format(need, amount);
    return error_set(err, RESULT_REFUSED, "%s%s%s", words[why], amount[0] ? " " : "", amount);
}

static void add_line(struct loan_change *c, const struct loan_line *line)
{
    assert(c->count < LOAN_LINES_MAX);
    c->lines[c->count++] = *line;
    c->paid = fen_add(c->paid, fen_add(line->principal, fen_add(line->interest, line->penalty)));
    c->after.balance = fen_sub(c->after.balance, line->principal);
}

static void finish(struct loan_change *c, civil_date day)
{
    set_next(&c->after);
    if (c->after.balance.n == 0)
        c->after.settled = day;
}

/* What is not due yet is agreed anew over that many months, from that day on. */
static enum result agree(struct loan_change *c, civil_date day, int months, struct error *err)
{
    struct loan_standing *s = &c->after;
    struct loan_rest rest = {
        .method = s->method,
        .principal = fen_sub(s->balance, s->overdue_principal),
        .rate = s->rate,
        .months = months,
    };
    fen payment;

    if (s->rates[s->rate_count - 1].since.day > day.day)
        return error_set(err, RESULT_REFUSED, "something was agreed for a later day already");
    if (s->rates[s->rate_count - 1].since.day < day.day) {
        if (s->rate_count == LEDGER_LOAN_RATES_MAX)
            return error_set(err, RESULT_REFUSED, "the loan was agreed anew %d times",
                             LEDGER_LOAN_RATES_MAX);
        s->rate_count++;
    }
    loan_part_anew(&rest);
    payment = rest.part;
    if (s->method == LOAN_EQUAL_PRINCIPAL)
        payment = fen_add(payment, loan_month_interest(rest.principal, rest.rate));
    if (s->method == LOAN_ONCE)
        payment = fen_add(payment,
                          fen_of(round_half_up((__int128)rest.principal.n * rest.rate * s->months,
                                               TWELVE_MILLION)));
    s->rates[s->rate_count - 1] = (struct loan_rate){day, s->rate, payment};
    c->agreed = true;
    return RESULT_OK;
}

fen loan_penalty(const struct policy *p, fen principal, fen interest, millionths rate,
                 civil_date due, civil_date repaid)
{
    struct policy_penalty rule = policy_loan_penalty(p);
    __int128 base = rule.on_interest ? fen_add(principal, interest).n : principal.n;

    return fen_of(round_half_up(base * rate * rule.factor * days_between(due, repaid),
                                (int64_t)rule.day_count * MILLION * HUNDRED));
}

/* --- operations ----------------------------------------------------------------------------------- */

static void take_instalment(struct loan_change *c, const struct loan_line *line)
{
    add_line(c, line);
    c->after.periods_paid++;
    set_next(&c->after);
}

enum result loan_collect(const struct loan_standing *s, civil_date day, bool collected,
                         struct loan_change *out, struct error *err)
{
    struct loan_standing *after = &out->after;
    civil_date last = day;

    start(s, out);
    if (s->next.period == 0 || s->next.due.day > day.day)
        return error_set(err, RESULT_REFUSED, "no instalment is due");
    while (after->next.period > 0 && after->next.due.day <= day.day) {
        struct loan_instalment_line next = after->next;

        last = next.due;
        if (collected && after->overdue_periods == 0) {
            take_instalment(
                out,
                &(struct loan_line){
                    LOAN_REPAYMENT, next.period, next.due, next.principal, next.interest, {0}});
            continue;
        }
        after->overdue_periods++;
        after->overdue_principal = fen_add(after->overdue_principal, next.principal);
        after->overdue_interest = fen_add(after->overdue_interest, next.interest);
        set_next(after);
    }
    finish(out, last);
    return RESULT_OK;
}

/* amount NULL: as much as it takes. */
static enum result repay_overdue(const struct policy *p, struct loan_change *c, civil_date day,
                                 fen *amount, struct error *err)
{
    struct loan_standing *s = &c->after;

    while (s->overdue_periods > 0 && (!amount || amount->n > 0)) {
        struct loan_instalment_line l = oldest_overdue(s);
        struct loan_line line = {
            LOAN_OVERDUE_REPAYMENT, l.period, day, l.principal, l.interest, {0}};
        fen need;

        if (l.due.day > day.day)
            return refuse(c, LOAN_WRONG_DAY, fen_of(0), err);
        line.penalty = loan_penalty(p, l.principal, l.interest, s->rate, l.due, day);
        need = fen_add(fen_add(l.principal, l.interest), line.penalty);
        if (amount && amount->n < need.n)
            return refuse(c, LOAN_NEEDS_MORE, fen_add(c->paid, need), err);
        if (amount)
            *amount = fen_sub(*amount, need);
        s->overdue_periods--;
        s->overdue_principal = fen_sub(s->overdue_principal, l.principal);
        s->overdue_interest = fen_sub(s->overdue_interest, l.interest);
        take_instalment(c, &line);
    }
    return RESULT_OK;
}

/* The instalment that is due on the day itself. */
static enum result repay_current(struct loan_change *c, civil_date day, fen *amount,
                                 struct error *err)
{
    struct loan_instalment_line next = c->after.next;

    if (next.period == 0 || next.due.day > day.day || (amount && amount->n == 0))
        return RESULT_OK;
    if (next.due.day < day.day)
        return refuse(c, LOAN_NOT_POSTED, fen_of(0), err);
    if (amount && amount->n < next.payment.n)
        return refuse(c, LOAN_NEEDS_MORE, fen_add(c->paid, next.payment), err);
    if (amount)
        *amount = fen_sub(*amount, next.payment);
    take_instalment(c, &(struct loan_line){
                           LOAN_REPAYMENT, next.period, day, next.principal, next.interest, {0}});
    return RESULT_OK;
}

/* Days since the instalment before, or since the money was paid out. */
static enum result broken_days(struct loan_change *c, civil_date day, int32_t *out,
                               struct error *err)
{
    const struct loan_standing *s = &c->after;
    int done = s->periods_paid + s->overdue_periods;
    civil_date from = done > 0 && s->method != LOAN_ONCE ? due_of(s, done) : s->paid_out_on;

    *out = days_between(from, day);
    return *out >= 0 ? RESULT_OK : refuse(c, LOAN_WRONG_DAY, fen_of(0), err);
}

static fen broken_interest(const struct policy *p, const struct loan_standing *s, int32_t days)
{
    return fen_of(round_half_up((__int128)s->balance.n * s->rate * days,
                                (int64_t)policy_loan_penalty(p).day_count * MILLION));
}

/* The shortest term over which the instalment is not above the one agreed. */
static int shorter_term(const struct loan_standing *s, const struct loan_rest *agreed, int most)
{
    int months = 1;

    if (s->method == LOAN_ONCE)
        return most;
    while (months < most && (s->method == LOAN_EQUAL_PRINCIPAL
                                 ? (__int128)agreed->part.n * months < s->balance.n
                                 : loan_instalment(s->balance, s->rate, months).n > agreed->part.n))
        months++;
    return months;
}

static enum result prepay(const struct policy *p, struct loan_change *c, civil_date day, fen amount,
                          enum loan_then then, struct error *err)
{
    struct loan_standing *s = &c->after;
    int done = s->periods_paid;
    int left = s->method == LOAN_ONCE ? s->months : s->months - done;
    int64_t year = (int64_t)policy_loan_penalty(p).day_count * MILLION;
    struct loan_rest agreed;
    fen principal;
    int32_t days;
    enum result r = broken_days(c, day, &days, err);

    if (r != RESULT_OK)
        return r;
    if (s->next.period == 0 || then == LOAN_THEN_NOTHING)
        return refuse(c, LOAN_SAYS_NOTHING, fen_of(0), err);
    principal = fen_of(round_half_up((__int128)amount.n * year, year + (int64_t)s->rate * days));
    if (principal.n < 1)
        return refuse(c, LOAN_TOO_LITTLE, fen_of(0), err);
    if (principal.n >= s->balance.n)
        return refuse(c, LOAN_ALL_OF_IT,
                      fen_add(c->paid, fen_add(s->balance, broken_interest(p, s, days))), err);
    agreed = rest_at(s, s->next.period, s->balance);
    add_line(c, &(struct loan_line){
                    LOAN_PREPAYMENT, 0, day, principal, fen_sub(amount, principal), {0}});
    if (then == LOAN_THEN_SHORTER)
        left = shorter_term(s, &agreed, left);
    if (s->method != LOAN_ONCE)
        s->months = done + left;
    return agree(c, day, left, err);
}

enum result loan_pay(const struct policy *p, const struct loan_standing *s, civil_date day,
                     fen amount, enum loan_then then, struct loan_change *out, struct error *err)
{
    enum result r;

    start(s, out);
    if (s->balance.n == 0)
        return refuse(out, LOAN_IS_REPAID, fen_of(0), err);
    if (amount.n <= 0)
        return refuse(out, LOAN_TOO_LITTLE, fen_of(0), err);
    if (s->next.period > 0 && s->next.due.day < day.day)
        return refuse(out, LOAN_NOT_POSTED, fen_of(0), err);
    r = repay_overdue(p, out, day, &amount, err);
    if (r == RESULT_OK)
        r = repay_current(out, day, &amount, err);
    if (r == RESULT_OK && amount.n > 0)
        r = prepay(p, out, day, amount, then, err);
    if (r == RESULT_OK)
        finish(out, day);
    return r;
}

enum result loan_settle(const struct policy *p, const struct loan_standing *s, civil_date day,
                        struct loan_change *out, struct error *err)
{
    struct loan_standing *after = &out->after;
    int32_t days;
    enum result r;

    start(s, out);
    if (s->balance.n == 0)
        return refuse(out, LOAN_IS_REPAID, fen_of(0), err);
    if (s->next.period > 0 && s->next.due.day < day.day)
        return refuse(out, LOAN_NOT_POSTED, fen_of(0), err);
    r = repay_overdue(p, out, day, NULL, err);
    if (r == RESULT_OK)
        r = repay_current(out, day, NULL, err);
    if (r == RESULT_OK && after->balance.n > 0)
        r = broken_days(out, day, &days, err);
    if (r != RESULT_OK)
        return r;
    if (after->balance.n > 0) {
        fen interest = broken_interest(p, after, days);

        add_line(out, &(struct loan_line){LOAN_SETTLED, 0, day, after->balance, interest, {0}});
    }
    finish(out, day);
    return RESULT_OK;
}

enum result loan_reprice(const struct loan_standing *s, civil_date day, millionths rate,
                         struct loan_change *out, struct error *err)
{
    enum result r;

    start(s, out);
    if (s->next.period == 0 || s->method == LOAN_ONCE || rate == s->rate)
        return error_set(err, RESULT_REFUSED, "the rate does not change");
    if (s->next.due.day <= day.day)
        return refuse(out, LOAN_NOT_POSTED, fen_of(0), err);
    out->after.rate = rate;
    r = agree(out, day, s->months - s->periods_paid - s->overdue_periods, err);
    if (r == RESULT_OK)
        finish(out, day);
    return r;
}
