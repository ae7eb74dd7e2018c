/* Interest years laid open: which balance stood for which days, at which rate, and what that comes
 * to. The arithmetic is that of interest.c; here every step of it is kept. */
#include "internal.h"

enum { STEPS_MAX = 64, MILLION = 1000000, MICRO_YUAN = 10000 /* of a fen */ };

typedef __int128 weighted; /* fen x days x millionths */

/* What the two parts change by from one day on. */
struct change {
    int64_t year, carried;
};

/* An interest year while it is worked out: a place for each of its days, so that entries may be
 * dated back among each other at will. */
struct work {
    const struct interest_year *year;
    struct change *changes; /* of days: from year->from on */
    int32_t days;
    struct deposit_rate steps[STEPS_MAX];
    size_t step_count;
    weighted sum;
    struct interest_calculation *out; /* NULL: only the sum is wanted */
};

static void change_from(struct work *w, int64_t day, int64_t year, int64_t carried)
{
    int64_t at = day - w->year->from.day;

    if (at < 0)
        at = 0; /* what was settled before stays settled: it counts from the first day */
    if (at >= w->days)
        return;
    w->changes[at].year += year;
    w->changes[at].carried += carried;
}

static void take(void *context, civil_date first, int64_t year, int64_t carried)
{
    change_from(context, first.day, year, carried);
}

static void add_sum(struct interest_calculation *c, millionths rate, int64_t product)
{
    size_t i = 0;

    while (i < c->sum_count && c->sums[i].rate != rate)
        i++;
    if (i == INTEREST_SUMS_MAX)
        return;
    if (i == c->sum_count)
        c->sums[c->sum_count++].rate = rate;
    c->sums[i].product += product;
}

static void add_line(struct work *w, int32_t from, int32_t to, enum interest_part part,
                     int64_t balance, millionths rate)
{
    int64_t product = balance * (to - from + 1);

    if (balance == 0)
        return;
    w->sum += (weighted)product * rate;
    if (!w->out)
        return;
    add_sum(w->out, rate, product);
    if (w->out->count == INTEREST_LINES_MAX) {
        w->out->left_out++;
        return;
    }
    w->out->lines[w->out->count++] = (struct interest_line){
        {w->year->from.day + from}, {w->year->from.day + to}, part, {balance}, rate, product};
}

/* Days from … to at one balance and one rate. */
static void add_days(struct work *w, int32_t from, int32_t to, const struct change *parts,
                     const struct deposit_rate *rate)
{
    if (rate->this_year == rate->carried) {
        add_line(w, from, to, INTEREST_WHOLE, parts->year + parts->carried, rate->carried);
        return;
    }
    add_line(w, from, to, INTEREST_CARRIED, parts->carried, rate->carried);
    add_line(w, from, to, INTEREST_THIS_YEAR, parts->year, rate->this_year);
}

/* The rate that holds on a day, and on how many days it still holds. */
static const struct deposit_rate *rate_on(const struct work *w, int32_t day, int32_t *last)
{
    size_t i = w->step_count - 1;
    int32_t at = w->year->from.day + day;

    *last = w->days - 1;
    while (i > 0 && w->steps[i].since.day > at) {
        *last = w->steps[i].since.day - 1 - w->year->from.day;
        i--;
    }
    return &w->steps[i];
}

static void work_out(struct work *w)
{
    struct change parts = {0, 0};
    int32_t from = 0;

    while (from < w->days) {
        int32_t last, to = from;
        const struct deposit_rate *rate = rate_on(w, from, &last);

        parts.year += w->changes[from].year;
        parts.carried += w->changes[from].carried;
        while (to < last && w->changes[to + 1].year == 0 && w->changes[to + 1].carried == 0)
            to++;
        add_days(w, from, to, &parts, rate);
        from = to + 1;
    }
    if (w->out)
        w->out->balance = fen_of(parts.year + parts.carried);
}

/* Works a year out; *known as in struct interest_year. */
static enum result calculate(struct db *db, struct arena *a, const struct policy *p,
                             const struct account *account, struct work *w, bool *known,
                             struct error *err)
{
    enum result r;

    w->days = days_between(w->year->from, w->year->to) + 1;
    *known = true;
    if (w->days <= 0)
        return RESULT_OK;
    w->step_count = policy_deposit_steps(p, w->year->from, w->year->to, w->steps, STEPS_MAX);
    *known = w->step_count > 0 && w->steps[0].since.day <= w->year->from.day;
    if (!*known)
        return RESULT_OK;
    w->changes = arena_alloc(a, (size_t)w->days * sizeof *w->changes);
    if (!w->changes)
        return ledger_no_memory(err);
    r = ledger_movements(db, account->account, date_plus(w->year->from, -1), w->year->before, take,
                         w, err);
    if (r == RESULT_OK)
        work_out(w);
    return r;
}

enum result ledger_interest_lines(struct db *db, struct arena *a, const struct policy *p,
                                  const struct account *account, const struct interest_year *year,
                                  struct interest_calculation *out, struct error *err)
{
    struct work w = {.year = year, .out = out};
    bool known;
    enum result r;

    *out = (struct interest_calculation){0};
    out->lines = arena_alloc(a, INTEREST_LINES_MAX * sizeof *out->lines);
    if (!out->lines)
        return ledger_no_memory(err);
    r = calculate(db, a, p, account, &w, &known, err);
    out->interest = ledger_interest_rounded(p, w.sum);
    out->unrounded = (int64_t)(w.sum * MICRO_YUAN / ((int64_t)policy_day_count(p) * MILLION));
    return r;
}

/* --- which years there are --- */

static struct interest_year *settled_on(struct interest_year *years, size_t count, civil_date day)
{
    for (size_t i = 0; i < count; i++)
        if (years[i].state == INTEREST_SETTLED && years[i].to.day == day.day)
            return &years[i];
    return NULL;
}

/* A settlement is an entry of kind 09; one that was reversed and booked anew is several of them with
 * the same value day. entries come newest first. */
static void add_settlements(struct interest_year *years, size_t *count, const struct entry *entries,
                            size_t entry_count)
{
    for (size_t i = 0; i < entry_count; i++) {
        const struct entry *e = &entries[i];
        struct interest_year *y = settled_on(years, *count, e->value_day);

        if (e->reversing)
            continue;
        if (!y) {
            y = &years[(*count)++];
            *y = (struct interest_year){.state = INTEREST_SETTLED, .to = e->value_day};
        }
        y->posted = fen_add(y->posted, e->interest);
        y->before = e->seq; /* in the end the first one's: the year's entries lie before it */
    }
    for (size_t i = 0; i < entry_count; i++) {
        struct interest_year *y = settled_on(years, *count, entries[i].value_day);

        if (entries[i].reversing && y)
            y->posted = fen_add(y->posted, entries[i].interest);
    }
}

/* The interest that a closing paid out is on the account's last entry. */
static enum result read_paid(struct db *db, struct arena *a, const struct account *account,
                             struct interest_year *y, struct error *err)
{
    const struct entry_filter newest = {.limit = 1};
    struct entry *e;
    size_t count;
    bool more;
    enum result r = ledger_entries(db, a, account->account, &newest, &e, &count, &more, err);

    if (r != RESULT_OK)
        return r;
    y->state = INTEREST_PAID;
    if (count > 0 && e->amount.n <= 0 && e->kind != ENTRY_INTEREST) {
        y->posted = e->interest;
        y->to = date_plus(e->value_day, -1); /* the day of the closing does not count any more */
    }
    return RESULT_OK;
}

/* The head of the list: what came after the last settlement. */
static enum result add_open_year(struct db *db, struct arena *a, const struct account *account,
                                 civil_date to, struct interest_year *y, struct error *err)
{
    *y = (struct interest_year){.state = INTEREST_RUNNING, .to = to};
    return account_is_closed(account->state) ? read_paid(db, a, account, y, err) : RESULT_OK;
}

static int year_of(civil_date d)
{
    return month_year(date_month(d));
}

/* Each begins on the day after the settlement before it. */
static void set_beginnings(const struct account *account, struct interest_year *years, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct interest_year *y = &years[i];

        y->from = i + 1 < count ? date_plus(years[i + 1].to, 1) : account->opened;
        y->year = year_of(y->state == INTEREST_SETTLED ? y->to
                          : y->to.day < y->from.day    ? settlement_on_or_after(y->from)
                                                       : settlement_on_or_after(y->to));
    }
}

enum result ledger_interest_years(struct db *db, struct arena *a, const struct policy *p,
                                  const struct account *account, civil_date to,
                                  struct interest_year **out, size_t *count, struct error *err)
{
    const struct entry_filter settlements = {.kind = ENTRY_INTEREST, .limit = LEDGER_ENTRIES_MAX};
    struct interest_year *years = arena_alloc(a, (INTEREST_YEARS_MAX + 1) * sizeof *years);
    struct entry *list;
    size_t listed;
    bool more;
    enum result r;

    *out = years;
    *count = 1;
    if (!years)
        return ledger_no_memory(err);
    r = add_open_year(db, a, account, to, &years[0], err);
    if (r == RESULT_OK)
        r = ledger_entries(db, a, account->account, &settlements, &list, &listed, &more, err);
    if (r != RESULT_OK)
        return r;
    add_settlements(years, count, list, listed);
    set_beginnings(account, years, *count);
    if (*count > INTEREST_YEARS_MAX)
        *count = INTEREST_YEARS_MAX;
    for (size_t i = 0; i < *count && r == RESULT_OK; i++) {
        struct work w = {.year = &years[i]};

        r = calculate(db, a, p, account, &w, &years[i].known, err);
        years[i].right = ledger_interest_rounded(p, w.sum);
    }
    return r;
}

/* --- one day --- */

enum result ledger_interest_as_of(struct db *db, struct arena *a, const struct policy *p,
                                  const struct account *account, civil_date today, civil_date day,
                                  struct interest_as_of *out, struct error *err)
{
    bool ended = account_is_closed(account->state) && !date_is_none(account->closed);
    civil_date last = settlement_on_or_after(date_plus(today, 1));
    struct interest_year *years;
    size_t count;
    enum result r;

    *out = (struct interest_as_of){.day = day};
    if (day.day < account->opened.day)
        return error_set(err, RESULT_INVALID, "the account was not open on that day yet");
    if (day.day > last.day)
        return error_set(err, RESULT_INVALID, "that day lies after the next settlement");
    out->closed = ended && day.day >= account->closed.day;
    r = ledger_interest_years(db, a, p, account, ended ? account->closed : last, &years, &count,
                              err);
    if (r != RESULT_OK)
        return r;
    for (size_t i = 0; i < count; i++) {
        /* Closed on the day after a settlement: no day is left, the calculation is that of before. */
        bool empty = years[i].to.day < years[i].from.day && i + 1 < count;

        if (years[i].from.day <= day.day && !empty) {
            out->year = years[i];
            break;
        }
    }
    if (out->year.state == INTEREST_SETTLED && out->year.to.day == day.day)
        out->posted = out->year.posted;
    if (out->year.to.day > day.day && !out->closed)
        out->year.to = day;
    return RESULT_OK;
}
