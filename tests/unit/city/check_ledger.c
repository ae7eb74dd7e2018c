/* The ledger of an account: running balances, order, reversals, and the interest counted day by
 * day, which is slow and cannot be wrong in a clever way. */
#include "set.h"

#include <string.h>

#include "city/rates.h"

enum { YEAR_DAYS = 366 + 1, FIRST_RATE_YEAR = 1999, RATE_DAYS = 40000 };

/* Movements since the last settlement, by the day from which they count. */
struct count {
    int32_t settled;
    int64_t year[YEAR_DAYS], carried[YEAR_DAYS];
};

static int32_t rate_of(int32_t day, bool carried)
{
    static int32_t rates[2][RATE_DAYS];
    int32_t i = day - date_of(FIRST_RATE_YEAR, 1, 1).day;

    assert_true(i >= 0 && i < RATE_DAYS);
    if (rates[carried][i] == 0)
        rates[carried][i] = deposit_rate(day, carried);
    return rates[carried][i];
}

static void count_from(struct count *n, int32_t settled, int64_t carried)
{
    memset(n, 0, sizeof *n);
    n->settled = settled;
    n->carried[0] = carried;
}

static void count_move(struct count *n, const struct read_entry *e)
{
    int32_t i = e->value - n->settled - 1;

    if (i < 0)
        i = 0;
    assert_true(i < YEAR_DAYS);
    n->year[i] += e->year;
    n->carried[i] += e->carried;
}

/* Each 30 June before day was settled, unless there was nothing to settle. */
static void count_settlements(const struct table *t, struct count *n, int32_t day, int64_t balance)
{
    int32_t next = settlement_on_or_after((civil_date){n->settled + 1}).day;

    for (; next < day; next = settlement_on_or_after((civil_date){next + 1}).day) {
        table_check(t, balance == 0);
        count_from(n, next, 0);
    }
}

/* Interest for the days after the settlement up to and with day. */
static int64_t count_interest(const struct count *n, int32_t day)
{
    int64_t year = 0, carried = 0;
    __int128 sum = 0;

    for (int32_t d = n->settled + 1; d <= day; d++) {
        year += n->year[d - n->settled - 1];
        carried += n->carried[d - n->settled - 1];
        sum += (__int128)year * rate_of(d, false) + (__int128)carried * rate_of(d, true);
    }
    return round_half_up(sum, INT64_C(360000000));
}

static void read_entry(const struct table *t, struct read_entry *e)
{
    e->booked = field_day(t, "JZRQ");
    e->value = field_day(t, "QXRQ");
    e->kind = (int)field_count(t, "GJHTQYWLX");
    e->month = field_month(t, "HBJNY");
    e->amount = field_fen(t, "FSE");
    e->year = field_fen(t, "DNGJFSE");
    e->carried = field_fen(t, "SNJZFSE");
    e->interest = field_fen(t, "FSLXE");
    e->balance = field_fen(t, "YE");
    e->reverses = field_is(t, "CZBZ", "1");
    table_check(t, e->reverses || field_is(t, "CZBZ", "0"));
    table_check(t, text_copy(field(t, "YWLSH"), e->flow, sizeof e->flow));
}

static void check_columns(const struct table *t, const struct read_entry *e)
{
    bool contribution = e->kind == 1 || e->kind == 2;
    bool leaves = e->kind == 11 || e->kind == 12;
    int64_t unit = field_fen(t, "DWJCE"), own = field_fen(t, "GRJCE");

    table_check(t, contribution == (e->month >= 0));
    table_check(t, contribution == (field(t, "GRJCJS").len > 0));
    table_check(t, contribution == (field(t, "DWJCBL").len > 0));
    table_check(t, contribution == (field(t, "GRJCBL").len > 0));
    table_check(t, !contribution || field(t, "DWZH").len > 0);
    table_check(t, contribution ? unit + own == e->amount : unit == 0 && own == 0);
    table_check(t, leaves == (field(t, "TQYY").len == 2));
    table_check(t, e->year + e->carried == e->amount);
    table_check(t, (e->kind == 9 && e->interest == e->amount) ||
                       (e->kind == 12 || e->kind == 7 ? e->interest >= 0 : e->interest == 0) ||
                       e->kind == 9);
    if ((e->kind >= 3 && e->kind <= 5) || e->kind == 14 || e->kind == 15)
        table_check(t, e->amount == 0);
}

static void check_reversal(const struct table *t, struct read_account *a, struct read_entry *e)
{
    int64_t seq = field_count(t, "CZXH");
    struct read_entry *wrong;

    table_check(t, e->reverses == (seq > 0));
    if (!e->reverses)
        return;
    table_check(t, seq < a->entries);
    wrong = &a->entry[seq - 1];
    table_check(t, !wrong->reverses && !wrong->reversed && wrong->kind == e->kind);
    table_check(t, wrong->amount == -e->amount && wrong->year == -e->year &&
                       wrong->carried == -e->carried && wrong->value == e->value);
    wrong->reversed = e->reversed = true;
}

/* Remittances of a month come in the month after it; late ones before the end of the next. */
static void check_arrival(const struct table *t, const struct read_entry *e)
{
    int32_t next = e->month + 1;

    if (e->kind != 1 || e->reverses)
        return;
    table_check(t, e->value >= month_first((civil_month){next}).day + 7);
    table_check(t, e->value <= month_last((civil_month){next + 1}).day);
}

static void check_interest(const struct table *t, struct read_account *a, struct count *n,
                           const struct read_entry *e)
{
    bool closes = e->kind == 12 || e->kind == 7 || (e->kind == 71 && e->amount < 0);
    int year, month, day;
    int64_t right;

    if (e->kind == 9) {
        date_split((civil_date){e->booked}, &year, &month, &day);
        table_check(t, month == 6 && day == 30 && e->value == e->booked);
        table_check(t, e->year == -(a->year));
        right = count_interest(n, e->booked);
        if (right != e->interest) {
            a->wrong_settlements++;
            a->wrong_seq = a->entries;
            a->wrong_booked = e->interest;
            a->wrong_right = right;
        }
        count_from(n, e->booked, e->balance);
        return;
    }
    if (closes) {
        table_check(t, e->balance == 0 && e->value == a->closed);
        table_check(t, e->interest == count_interest(n, e->booked - 1));
    }
    count_move(n, e);
}

void check_ledger(struct table *t, struct read_account *a, struct coverage *c)
{
    static struct count n;
    int64_t balance = 0, year = a->year, carried = a->carried;

    a->year = a->carried = 0;
    count_from(&n, a->opened - 1, 0);
    for (; t->more && field_is(t, "GRZH", a->number); table_next(t)) {
        struct read_entry *e = &a->entry[a->entries++];

        table_check(t, a->entries < ENTRIES_MOST);
        table_check(t, field_count(t, "XH") == a->entries);
        read_entry(t, e);
        table_check(t, e->booked <= a->as_of && e->value <= e->booked && e->value >= a->opened);
        table_check(t, a->entries == 1 || e[-1].booked <= e->booked);
        table_check(t, a->closed == NO_DAY || e->booked <= a->closed);
        check_columns(t, e);
        check_reversal(t, a, e);
        check_arrival(t, e);
        count_settlements(t, &n, e->booked, balance);
        check_interest(t, a, &n, e);
        balance += e->amount;
        a->year += e->year;
        a->carried += e->carried;
        table_check(t, balance == e->balance && balance >= 0);
        table_check(t, a->year >= 0 && a->carried >= 0);
        c->entry_kinds[e->kind]++;
        c->reversals += e->reverses;
        c->value_dates += e->value < e->booked;
        c->entries++;
    }
    table_check(t, a->entries > 0 && a->entry[0].kind == 3);
    table_check(t, balance == a->balance && year == a->year && carried == a->carried);
    count_settlements(t, &n, a->closed == NO_DAY ? a->as_of + 1 : a->closed, balance);
    a->interest_to_date = a->closed == NO_DAY ? count_interest(&n, a->as_of) : 0;
}
