#include "interest_check.h"

#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "ledger/post.h"

enum { ACCOUNT, SEQ, VALUE_DAY, KIND, YEAR, CARRIED, INTEREST, REVERSING, BATCH };
enum { NUMBER_MAX = 128, STEPS_MAX = 64, SETTLEMENTS_MAX = 256, TICK_ROWS = 4096 };

/* An amount and the day from which it counts. */
struct moved {
    int32_t first;
    int64_t year, carried;
};

struct settlement {
    int64_t seq;
    int32_t day;
    int64_t posted, right;
    bool imported, known;
};

struct check {
    const struct policy *policy;
    char number[NUMBER_MAX];
    size_t length;
    int32_t settled; /* INT32_MIN: never */
    struct moved *moved;
    size_t count, room;
    struct settlement settlements[SETTLEMENTS_MAX];
    size_t settlement_count;
    interest_found found;
    void *context;
    struct interest_check_report *report;
};

/* One amount from its first day to and with the last one, at the rates of its days. */
static __int128 earned(const struct moved *m, int32_t last, const struct deposit_rate *steps,
                       size_t count)
{
    __int128 sum = 0;

    for (size_t i = 0; i < count; i++) {
        int32_t from = steps[i].since.day > m->first ? steps[i].since.day : m->first;
        int32_t to = i + 1 < count ? steps[i + 1].since.day - 1 : last;

        if (from <= to)
            sum +=
                ((__int128)m->year * steps[i].this_year + (__int128)m->carried * steps[i].carried) *
                (to - from + 1);
    }
    return sum;
}

static int64_t right_interest(struct check *c, int32_t day, bool *known)
{
    struct deposit_rate steps[STEPS_MAX];
    int32_t from = day;
    size_t count;
    __int128 sum = 0;

    for (size_t i = 0; i < c->count; i++)
        if (c->moved[i].first < from)
            from = c->moved[i].first;
    count =
        policy_deposit_steps(c->policy, (civil_date){from}, (civil_date){day}, steps, STEPS_MAX);
    *known = count > 0 && steps[0].since.day <= from;
    for (size_t i = 0; *known && i < c->count; i++)
        if (c->moved[i].first <= day)
            sum += earned(&c->moved[i], day, steps, count);
    return ledger_interest_rounded(c->policy, sum).n;
}

static bool remember(struct check *c, int32_t first, int64_t year, int64_t carried)
{
    if (c->count == c->room) {
        size_t room = c->room ? 2 * c->room : 256;
        struct moved *more = realloc(c->moved, room * sizeof *more);

        if (!more)
            return false;
        c->moved = more;
        c->room = room;
    }
    c->moved[c->count++] = (struct moved){first, year, carried};
    return true;
}

/* What stands after the settlement is carried over, but for what counts from later days. */
static bool carry_over(struct check *c, int32_t day, int64_t amount)
{
    size_t kept = 0;
    int64_t opening = amount;

    for (size_t i = 0; i < c->count; i++) {
        if (c->moved[i].first > day)
            c->moved[kept++] = c->moved[i];
        else
            opening += c->moved[i].year + c->moved[i].carried;
    }
    c->count = kept;
    c->settled = day;
    return opening == 0 || remember(c, day + 1, 0, opening);
}

static struct settlement *settlement_of(struct check *c, int32_t day)
{
    for (size_t i = c->settlement_count; i > 0; i--)
        if (c->settlements[i - 1].day == day)
            return &c->settlements[i - 1];
    return NULL;
}

/* One that was reversed and posted anew is one settlement with what both come to. */
static bool settle(struct check *c, struct stmt *q, int32_t day)
{
    struct settlement *s = settlement_of(c, day);

    if (!s && c->settlement_count < SETTLEMENTS_MAX) {
        s = &c->settlements[c->settlement_count++];
        *s = (struct settlement){.seq = column_int(q, SEQ),
                                 .day = day,
                                 .imported = column_int(q, BATCH) < POST_BATCH_BASE};
        s->right = right_interest(c, day, &s->known);
    }
    if (s)
        s->posted += column_int(q, INTEREST);
    return carry_over(c, day, column_int(q, YEAR) + column_int(q, CARRIED));
}

static bool take(struct check *c, struct stmt *q)
{
    int32_t value = (int32_t)column_int(q, VALUE_DAY);
    bool interest = column_int(q, KIND) == ENTRY_INTEREST;
    struct settlement *s;

    if (interest && column_int(q, REVERSING) == 0)
        return settle(c, q, value);
    s = interest ? settlement_of(c, value) : NULL;
    if (s)
        s->posted += column_int(q, INTEREST);
    if (c->settled != INT32_MIN && value <= c->settled)
        value = c->settled + 1; /* what was settled stays settled */
    return remember(c, value, column_int(q, YEAR), column_int(q, CARRIED));
}

static void end_account(struct check *c)
{
    for (size_t i = 0; i < c->settlement_count; i++) {
        const struct settlement *s = &c->settlements[i];

        if (!s->imported)
            continue;
        c->report->settlements++;
        c->report->unknown += !s->known;
        if (!s->known || s->posted == s->right)
            continue;
        c->report->differences++;
        c->found(c->context,
                 &(struct interest_difference){
                     {c->number, c->length}, s->seq, {s->day}, {s->posted}, {s->right}});
    }
    c->report->accounts += c->length > 0;
    c->settlement_count = c->count = 0;
    c->settled = INT32_MIN;
}

static enum result read_all(struct check *c, struct db *db, struct progress *progress,
                            struct error *err)
{
    struct stmt *q = db_query(db, QUERY_interest_check_entries);
    enum stmt_step step;
    uint64_t rows = 0;

    while ((step = stmt_step(q)) == STMT_ROW) {
        struct text number = column_text(q, ACCOUNT);

        if (!text_equal(number, (struct text){c->number, c->length})) {
            end_account(c);
            c->length = number.len < NUMBER_MAX ? number.len : NUMBER_MAX - 1;
            memcpy(c->number, number.at, c->length);
        }
        if (!take(c, q)) {
            stmt_end(q);
            return ledger_no_memory(err);
        }
        if (progress && ++rows % TICK_ROWS == 0)
            progress_show(progress, (uint64_t)c->report->accounts);
    }
    end_account(c);
    return ledger_read_end(db, step, err);
}

enum result interest_check(struct db *db, const struct policy *p, struct progress *progress,
                           interest_found found, void *context,
                           struct interest_check_report *report, struct error *err)
{
    struct check *c = calloc(1, sizeof *c);
    enum result r;

    *report = (struct interest_check_report){0};
    if (!c)
        return ledger_no_memory(err);
    *c = (struct check){
        .policy = p, .settled = INT32_MIN, .found = found, .context = context, .report = report};
    r = db_begin(db, STORE_READ, err);
    if (r == RESULT_OK && progress) {
        struct stmt *q = db_query(db, QUERY_settle_accounts);
        uint64_t accounts = stmt_step(q) == STMT_ROW ? (uint64_t)column_int(q, 0) : 0;

        stmt_end(q);
        progress_start(progress, "checking", accounts);
    }
    if (r == RESULT_OK)
        r = read_all(c, db, progress, err);
    db_rollback(db);
    if (progress)
        progress_end(progress);
    free(c->moved);
    free(c);
    return r;
}
