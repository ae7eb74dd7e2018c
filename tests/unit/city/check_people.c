/* Units, accounts, terms, applications: the rules of their columns. */
#include "set.h"

#include <stdlib.h>
#include <string.h>

#include "base/identity.h"

static void keep(const struct table *t, const char *column, char *out, size_t room)
{
    table_check(t, text_copy(field(t, column), out, room));
}

static int code(const struct table *t, const char *column)
{
    struct text f = field(t, column);

    table_check(t, f.len == 2);
    return (int)field_count(t, column);
}

void check_units(const char *dir, struct coverage *c)
{
    static struct table t;
    char before[24] = "", number[24];

    for (table_open(&t, dir, "units.csv"); t.more; table_next(&t)) {
        bool closed = code(&t, "DWZHZT") == 4;

        keep(&t, "DWZH", number, sizeof number);
        table_check(&t, strcmp(before, number) < 0);
        memcpy(before, number, sizeof before);
        table_check(&t, credit_code_valid(field(&t, "ZZJGDM")));
        table_check(&t, memcmp(field(&t, "ZZJGDM").at + 2, "530199", 6) == 0);
        table_check(&t, text_starts(field(&t, "DWMC"), TEXT("示范市")));
        table_check(&t, text_characters(field(&t, "DWMC")) <= 120);
        table_check(&t, field_day(&t, "DWKHRQ") != NO_DAY);
        table_check(&t, closed == (field_day(&t, "DWXHRQ") != NO_DAY));
        table_check(&t, field_percent(&t, "DWJCBL") >= 50000);
        table_check(&t, field_percent(&t, "GRJCBL") <= 120000);
        table_check(&t, field(&t, "JBRGDDHHM").len <= 20);
        c->closed_units += closed;
    }
    table_close(&t);
}

static void check_document(const struct table *t, struct coverage *c)
{
    int type = code(t, "ZJLX");
    struct text number = field(t, "ZJHM");

    table_check(t, type == 1 || type == 4);
    table_check(t, id_valid((enum id_type)type, number));
    table_check(t, id_is_demo((enum id_type)type, number));
    c->permits += number.at[0] == '8';
    c->documents[type == 1 ? 0 : number.len == 18 ? 1 : 2]++;
    if (field(t, "SJHM").len > 0)
        table_check(t, mobile_phone_valid(field(t, "SJHM")) && phone_is_demo(field(t, "SJHM")));
    if (field(t, "GRCKZHHM").len > 0)
        table_check(t, bank_card_valid(field(t, "GRCKZHHM")) && card_is_demo(field(t, "GRCKZHHM")));
    table_check(t, (field(t, "GRCKZHHM").len > 0) == (field(t, "GRCKZHKHYHMC").len > 0));
    table_check(t, text_characters(field(t, "XingMing")) >= 1);
}

void check_account(struct table *t, struct read_account *a, struct coverage *c)
{
    static char open_person[24];
    bool closed;

    keep(t, "GRZH", a->number, sizeof a->number);
    keep(t, "GRBH", a->person, sizeof a->person);
    keep(t, "ZJHM", a->document, sizeof a->document);
    check_document(t, c);
    a->state = code(t, "GRZHZT");
    closed = a->state >= 3 && a->state <= 5;
    a->opened = field_day(t, "KHRQ");
    a->closed = field_day(t, "XHRQ");
    a->paid_to = field_month(t, "JZNY");
    a->balance = field_fen(t, "GRZHYE");
    a->carried = field_fen(t, "GRZHSNJZYE");
    a->year = field_fen(t, "GRZHDNGJYE");
    a->frozen = field_fen(t, "DJJE");
    table_check(t, a->balance == a->carried + a->year);
    table_check(t, closed == (a->closed != NO_DAY));
    table_check(t, closed == (field(t, "XHYY").len > 0));
    table_check(t, (a->state == 3) == (field(t, "HBZH").len > 0));
    table_check(t, a->frozen >= 0 && a->frozen <= a->balance);
    table_check(t, (a->frozen > 0) == (field(t, "DJJG").len > 0));
    table_check(t, (a->frozen > 0) == (field_day(t, "DJRQ") != NO_DAY));
    table_check(t, a->state != 6 || a->frozen == a->balance);
    table_check(t, field_day(t, "SXRQ") <= a->as_of && field_day(t, "SXRQ") >= a->opened);
    /* accounts of a person lie side by side here: at most one of them is open */
    if (!closed) {
        table_check(t, strcmp(open_person, a->person) != 0);
        memcpy(open_person, a->person, sizeof open_person);
    }
    c->states[a->state]++;
    c->accounts++;
    c->newest += a->paid_to < 0;
}

static int64_t whole_yuan(int64_t base, int32_t ratio)
{
    return (base * ratio + 50000000) / 100000000 * 100;
}

void check_terms(struct table *t, struct read_account *a)
{
    for (; t->more && field_is(t, "GRZH", a->number); table_next(t)) {
        struct read_term *term = &a->term[a->terms++];
        int64_t unit = field_fen(t, "DWJCE"), own = field_fen(t, "GRJCE");

        table_check(t, a->terms < TERMS_MOST);
        term->month = field_month(t, "SXNY");
        term->sealed = code(t, "JCZT") == 2;
        term->due = unit + own;
        table_check(t, a->terms == 1 || term[-1].month < term->month);
        table_check(t, month_first((civil_month){term->month}).day <= a->as_of);
        if (term->sealed) {
            table_check(t, term->due == 0);
            continue;
        }
        table_check(t, unit == whole_yuan(field_fen(t, "GRJCJS"), field_percent(t, "DWJCBL")));
        table_check(t, own == whole_yuan(field_fen(t, "GRJCJS"), field_percent(t, "GRJCBL")));
        /* a new base from January, a new job, and the limit raised in September 2026 */
        table_check(t, field_fen(t, "GRJCJS") <= 3254300 || term->month / 12 > 2026);
    }
    table_check(t, a->terms > 0);
}

/* The entry that paid an application. */
static bool was_paid(const struct read_account *a, struct text flow, int64_t amount)
{
    for (int i = 0; i < a->entries; i++)
        if (text_equal(flow, text_of(a->entry[i].flow)))
            return (a->entry[i].kind == 11 || a->entry[i].kind == 12) &&
                   -a->entry[i].amount == amount;
    return false;
}

static void check_steps(struct table *t, const struct read_account *a, const char *number,
                        int state)
{
    static const int last_of[] = {0, 2, 3, 4, 5, 6};
    int32_t before = NO_DAY;
    int64_t n = 0;
    int last = 0;

    for (; t->more && field_is(t, "GRZH", a->number) && field_is(t, "SQBH", number);
         table_next(t)) {
        table_check(t, field_count(t, "BZXH") == ++n);
        table_check(t, field_day(t, "BZRQ") >= before && field_day(t, "BZRQ") <= a->as_of);
        table_check(t, text_characters(field(t, "BZSM")) <= 200);
        before = field_day(t, "BZRQ");
        last = code(t, "BZLX");
    }
    /* received: submitted or accepted */
    table_check(t, last == last_of[state] || (state == 1 && last == 1));
}

void check_applications(struct table *t, struct table *steps, struct read_account *a,
                        struct coverage *c)
{
    char before[24] = "", number[24];

    for (; t->more && field_is(t, "GRZH", a->number); table_next(t)) {
        int state = code(t, "SQZT");

        keep(t, "SQBH", number, sizeof number);
        table_check(t, strcmp(before, number) < 0);
        memcpy(before, number, sizeof before);
        table_check(t, state >= 1 && state <= 5);
        table_check(t, field_fen(t, "SQJE") > 0);
        table_check(t, field_day(t, "SQRQ") >= a->opened && field_day(t, "SQRQ") <= a->as_of);
        table_check(t, code(t, "TQYY") >= 1);
        table_check(t, (state == 3) == (field(t, "YWLSH").len > 0));
        if (state == 3)
            table_check(t, was_paid(a, field(t, "YWLSH"), field_fen(t, "SQJE")));
        check_steps(steps, a, number, state);
        a->applications[0]++;
        a->applications[state]++;
        c->application_states[state]++;
    }
}
