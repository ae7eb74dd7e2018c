#include "account.h"
#include "names.h"
#include "units.h"

static char *put_unit_number(char *p, int64_t unit)
{
    char number[UNIT_NUMBER_MAX];

    unit_number(unit, number);
    return put_text(p, number);
}

static char *put_person(char *p, const struct person *who)
{
    p = put_comma(put_text(p, who->number));
    p = put_comma(put_field(p, who->name));
    p = put_comma(put_code(p, who->document_type));
    p = put_comma(put_text(p, who->document));
    p = put_comma(put_text(p, who->phone));
    p = put_comma(put_text(p, who->card));
    return put_comma(who->card[0] ? put_text(p, who->bank) : p);
}

static char *put_state(char *p, const struct account_facts *f)
{
    p = put_comma(put_code(p, f->state));
    p = put_comma(put_day(p, f->plan->opened));
    p = put_comma(f->closed != NEVER ? put_day(p, f->closed) : p);
    return put_comma(f->closed != NEVER ? put_code(p, f->plan->close_reason) : p);
}

static char *put_freeze(char *p, const struct account_facts *f)
{
    const struct freeze *z = &f->plan->freeze;
    bool frozen = f->frozen && f->closed == NEVER;

    p = put_comma(put_fen(p, f->frozen_amount));
    p = put_comma(frozen ? put_day(p, z->day) : p);
    return put_comma(frozen ? put_text(p, z->by_court ? COURT_NAME : CENTRE_OFFICE) : p);
}

static void account_line(const struct account_facts *f, struct sheet *s)
{
    struct lines *out = &s->file[FILE_ACCOUNTS];
    const struct term *t = &f->term[f->terms - 1];
    char *p = put_comma(put_text(lines_begin(out), f->plan->number));
    char into[ACCOUNT_NUMBER_MAX];

    p = put_person(p, &f->life->person);
    p = put_comma(put_unit_number(p, t->unit));
    p = put_state(p, f);
    p = put_comma(put_fen(p, t->base));
    p = put_comma(put_percent(p, t->ratio));
    p = put_comma(put_percent(p, t->ratio));
    p = put_comma(put_fen(p, t->amount));
    p = put_comma(put_fen(p, t->amount));
    p = put_comma(f->paid_to >= 0 ? put_month(p, f->paid_to) : p);
    p = put_comma(put_fen(p, account_balance(f)));
    p = put_comma(put_fen(p, f->pots.carried));
    p = put_comma(put_fen(p, f->pots.year));
    p = put_freeze(p, f);
    if (f->state == 3) {
        account_number(f->life->person.index, 1, into);
        p = put_text(p, into);
    }
    lines_end(out, put_day(put_comma(p), f->changed));
    s->total[FILE_ACCOUNTS][0] += account_balance(f);
}

static void term_lines(const struct account_facts *f, struct sheet *s)
{
    struct lines *out = &s->file[FILE_TERMS];

    for (int i = 0; i < f->terms; i++) {
        const struct term *t = &f->term[i];
        char *p = put_comma(put_text(lines_begin(out), f->plan->number));

        p = put_comma(put_month(p, t->month));
        p = put_comma(put_unit_number(p, t->unit));
        p = put_comma(put_text(p, t->sealed ? "02" : "01"));
        p = put_comma(put_fen(p, t->base));
        p = put_comma(put_percent(p, t->ratio));
        p = put_comma(put_percent(p, t->ratio));
        p = put_comma(put_fen(p, t->amount));
        lines_end(out, put_fen(p, t->amount));
    }
}

/* The day of application and a number on the account, so that numbers rise with time. */
static char *put_application_number(char *p, const struct application *a, int number)
{
    return put_flow(p, a->applied, number);
}

static void application_lines(const struct account_facts *f, struct sheet *s)
{
    struct lines *out = &s->file[FILE_APPLICATIONS], *steps = &s->file[FILE_STEPS];

    for (int i = 0; i < f->applications; i++) {
        const struct application *a = &f->application[i];
        char *p = put_comma(put_text(lines_begin(out), f->plan->number));

        p = put_comma(put_application_number(p, a, i + 1));
        p = put_comma(put_day(p, a->applied));
        p = put_comma(put_code(p, a->reason));
        p = put_comma(put_fen(p, a->amount));
        p = put_comma(put_code(p, a->state));
        lines_end(out, a->flow_sequence ? put_flow(p, a->flow_day, a->flow_sequence) : p);
        for (int k = 0; k < a->steps; k++) {
            p = put_comma(put_text(lines_begin(steps), f->plan->number));
            p = put_comma(put_application_number(p, a, i + 1));
            p = put_comma(put_count(p, k + 1));
            p = put_comma(put_day(p, a->step[k].day));
            p = put_comma(put_code(p, a->step[k].kind));
            lines_end(steps, put_field(p, a->step[k].words));
        }
    }
}

void account_lines(const struct account_facts *f, struct sheet *s)
{
    account_line(f, s);
    term_lines(f, s);
    application_lines(f, s);
}
