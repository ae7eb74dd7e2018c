#include "channel/web/render.h"

#include "base/identity.h"

#include <inttypes.h>
#include <stdio.h>

enum { NAME_MASK_MAX = 256, MILLION = 1000000, MILLIONTHS_MAX = 32 };

void render_code(struct json *j, const char *key, int code)
{
    char two[2] = {(char)('0' + code / 10 % 10), (char)('0' + code % 10)};

    json_put_text(j, key, (struct text){two, 2});
}

void render_code_or_null(struct json *j, const char *key, int code)
{
    if (code == 0) {
        json_put_null(j, key);
    } else {
        render_code(j, key, code);
    }
}

void render_text_or_null(struct json *j, const char *key, struct text t)
{
    if (t.at) {
        json_put_text(j, key, t);
    } else {
        json_put_null(j, key);
    }
}

void render_instant_or_null(struct json *j, const char *key, const struct clock *c, instant t)
{
    if (t > 0) {
        json_put_instant(j, key, c, t);
    } else {
        json_put_null(j, key);
    }
}

void render_account(struct json *j, const char *key, const struct own_accounts *o, size_t i)
{
    const struct account *a = &o->list[i];

    json_put_object(j, key);
    json_put_int(j, "position", (int64_t)i + 1);
    json_put_text(j, "number", a->account);
    render_code(j, "state", (int)a->state);
    json_put_date(j, "opened", a->opened);
    json_put_date(j, "closed", a->closed);
    render_code_or_null(j, "close_reason", a->close_reason);
    render_text_or_null(j, "merged_into", a->merged_into);
    json_put_text(j, "unit", a->unit_name);
    json_put_text(j, "office", a->office);
    json_put_object_end(j);
}

void render_agreed(struct json *j, const struct account *a)
{
    json_put_object(j, "agreed");
    json_put_fen(j, "base", a->base);
    json_put_percent(j, "unit_ratio", a->unit_ratio);
    json_put_percent(j, "own_ratio", a->own_ratio);
    json_put_fen(j, "unit_amount", a->unit_amount);
    json_put_fen(j, "own_amount", a->own_amount);
    json_put_fen(j, "total", fen_add(a->unit_amount, a->own_amount));
    if (month_is_none(a->paid_to)) {
        json_put_null(j, "paid_to");
    } else {
        json_put_month(j, "paid_to", a->paid_to);
    }
    json_put_object_end(j);
}

void render_handler(struct json *j, const struct account *a)
{
    char mask[NAME_MASK_MAX];

    mask_name(a->handler_name, mask, sizeof mask);
    json_put_object(j, "handler");
    json_put_text(j, "name", text_of(mask));
    json_put_text(j, "phone", a->handler_phone);
    json_put_object_end(j);
}

const char *render_month_state(enum month_state s)
{
    static const char *const words[] = {
        [MONTH_FULL] = "full",     [MONTH_LATE] = "late",       [MONTH_BACKPAID] = "backpaid",
        [MONTH_SHORT] = "short",   [MONTH_MISSING] = "missing", [MONTH_AWAITED] = "awaited",
        [MONTH_SEALED] = "sealed", [MONTH_EXTRA] = "extra",
    };
    return words[s];
}

void render_month(struct json *j, const char *key, const struct month *m)
{
    json_put_object(j, key);
    json_put_month(j, "month", m->month);
    json_put_word(j, "state", render_month_state(m->state));
    json_put_text(j, "unit", m->unit_name);
    json_put_fen(j, "base", m->base);
    if (m->base_changed) {
        json_put_fen(j, "base_before", m->base_before);
    } else {
        json_put_null(j, "base_before");
    }
    json_put_percent(j, "unit_ratio", m->unit_ratio);
    json_put_percent(j, "own_ratio", m->own_ratio);
    json_put_fen(j, "unit_due", m->unit_due);
    json_put_fen(j, "own_due", m->own_due);
    json_put_fen(j, "unit_credited", m->unit_credited);
    json_put_fen(j, "own_credited", m->own_credited);
    json_put_date(j, "credited_on", m->credited_on);
    json_put_date(j, "due_day", m->due_day);
    json_put_object_end(j);
}

/* Interest is below 0 only by entries that are wrong. */
void render_millionths(struct json *j, const char *key, int64_t n)
{
    char text[MILLIONTHS_MAX];
    int64_t magnitude = n < 0 ? -n : n;

    snprintf(text, sizeof text, "%s%" PRId64 ".%06" PRId64, n < 0 ? "-" : "", magnitude / MILLION,
             magnitude % MILLION);
    json_put_text(j, key, text_of(text));
}

void render_cite(struct json *j, const char *key, const struct policy_cite *c)
{
    json_put_object(j, key);
    json_put_text(j, "mark", text_of(c->mark));
    if (c->note_zh || c->note_en) {
        json_put_object(j, "note");
        json_put_text(j, "zh", text_of(c->note_zh ? c->note_zh : c->note_en));
        json_put_text(j, "en", text_of(c->note_en ? c->note_en : c->note_zh));
        json_put_object_end(j);
    } else {
        json_put_null(j, "note");
    }
    json_put_array(j, "sources");
    for (size_t i = 0; i < c->count; i++) {
        json_put_object(j, NULL);
        json_put_text(j, "title", text_of(c->sources[i].title));
        json_put_text(j, "address", text_of(c->sources[i].address));
        json_put_object_end(j);
    }
    json_put_array_end(j);
    json_put_object_end(j);
}

static fen month_due(const struct month *m)
{
    return fen_add(m->unit_due, m->own_due);
}

static fen month_credited(const struct month *m)
{
    return fen_add(m->unit_credited, m->own_credited);
}

/* The newest month for which money came. */
static void render_last(struct json *j, const struct strip *s)
{
    for (size_t i = s->count; i-- > 0;) {
        const struct month *m = &s->months[i];

        if (month_credited(m).n > 0) {
            json_put_object(j, "last");
            json_put_month(j, "month", m->month);
            json_put_fen(j, "amount", month_credited(m));
            json_put_date(j, "credited_on", m->credited_on);
            json_put_object_end(j);
            return;
        }
    }
    json_put_null(j, "last");
}

static void render_gaps(struct json *j, const struct strip *s)
{
    json_put_array(j, "gaps");
    for (size_t i = s->count; i-- > 0;) {
        const struct month *m = &s->months[i];

        if (m->state == MONTH_MISSING || m->state == MONTH_SHORT) {
            json_put_object(j, NULL);
            json_put_month(j, "month", m->month);
            json_put_word(j, "state", render_month_state(m->state));
            json_put_fen(j, "shortfall", fen_sub(month_due(m), month_credited(m)));
            json_put_object_end(j);
        }
    }
    json_put_array_end(j);
}

void render_strip(struct json *j, const char *key, const struct strip *s)
{
    json_put_object(j, key);
    json_put_array(j, "months");
    for (size_t i = 0; i < s->count; i++) {
        json_put_object(j, NULL);
        json_put_month(j, "month", s->months[i].month);
        json_put_word(j, "state", render_month_state(s->months[i].state));
        json_put_object_end(j);
    }
    json_put_array_end(j);
    json_put_int(j, "consecutive", s->consecutive);
    json_put_int(j, "consecutive_if_mended", s->consecutive_if_mended);
    render_last(j, s);
    render_gaps(j, s);
    json_put_object_end(j);
}

void render_entry(struct json *j, const struct entry *e)
{
    json_put_object(j, NULL);
    json_put_int(j, "seq", e->seq);
    json_put_date(j, "booked", e->booked);
    json_put_date(j, "value_date", e->value_day);
    render_code(j, "kind", (int)e->kind);
    if (month_is_none(e->for_month)) {
        json_put_null(j, "for_month");
    } else {
        json_put_month(j, "for_month", e->for_month);
    }
    json_put_fen(j, "unit_amount", e->unit_amount);
    json_put_fen(j, "own_amount", e->own_amount);
    json_put_fen(j, "amount", e->amount);
    json_put_fen(j, "interest", e->interest);
    json_put_fen(j, "balance", e->balance);
    render_code_or_null(j, "reason", e->reason);
    json_put_text(j, "flow", e->flow);
    if (e->reverses > 0) {
        json_put_int(j, "reverses", e->reverses);
    } else {
        json_put_null(j, "reverses");
    }
    json_put_object_end(j);
}

void render_years(struct json *j, int first, int last)
{
    json_put_array(j, "years");
    for (int y = last; y >= first; y--) {
        json_put_int(j, NULL, y);
    }
    json_put_array_end(j);
}

void render_application(struct json *j, const struct application *a)
{
    json_put_text(j, "number", a->application);
    json_put_date(j, "applied", a->applied);
    render_code(j, "reason", a->reason);
    json_put_fen(j, "amount", a->amount);
    render_code(j, "state", a->state);
    json_put_date(j, "decide_by", a->decide_by);
}

void render_loan(struct json *j, const struct loan *l)
{
    render_code(j, "state", l->state);
    render_code(j, "method", l->method);
    json_put_percent(j, "rate", l->rate);
    json_put_int(j, "months", l->months);
    json_put_int(j, "periods_paid", l->periods_paid);
    json_put_fen(j, "paid_out", l->paid_out);
    json_put_date(j, "paid_out_on", l->paid_out_on);
    json_put_fen(j, "balance", l->balance);
    json_put_date(j, "last_due", l->last_due);
    json_put_date(j, "next_due", l->next_due);
    json_put_fen(j, "next_payment", l->next_payment);
    json_put_fen(j, "next_principal", l->next_principal);
    json_put_fen(j, "next_interest", l->next_interest);
    json_put_int(j, "overdue_periods", l->overdue_periods);
    json_put_fen(j, "overdue_principal", l->overdue_principal);
    json_put_fen(j, "overdue_interest", l->overdue_interest);
    json_put_text(j, "bank", l->bank);
}
