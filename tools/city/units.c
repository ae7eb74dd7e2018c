#include "units.h"

#include <string.h>

#include "base/identity.h"
#include "draw.h"
#include "names.h"

/* Ratios of units, per cent of each side: 12 and 5 are the most frequent. */
static const int ratios[] = {12, 12, 12, 12, 10, 8, 7, 6, 5, 5, 5, 11};

/* The first three units are there for ever, so that everybody finds work. */
enum { LASTING_UNITS = 3 };
static const int lasting_ratios[LASTING_UNITS] = {12, 8, 10};

static int32_t first_day_of_all(void)
{
    return date_of(1999, 6, 15).day;
}

static void unit_dates(const struct world *w, struct unit *u)
{
    int32_t first = first_day_of_all();
    int32_t months = month_of_day(w->anchor) - month_of_day(first) - 24;
    int32_t opened;

    u->opened = first;
    u->closed = NEVER;
    u->closed_month = NEVER;
    if (u->index < LASTING_UNITS)
        return;
    /* the smaller of two draws: most units are old */
    uint32_t a = draw(u->key, FOR_UNIT_OPENED, 0, (uint32_t)months);
    uint32_t b = draw(u->key, FOR_UNIT_OPENED, 1, (uint32_t)months);
    opened = month_of_day(first) + (int32_t)(a < b ? a : b);
    u->opened = day_in(opened, 1 + (int)draw(u->key, FOR_UNIT_OPENED, 2, 28));
    if (u->opened < first)
        u->opened = first;
    if (draw(u->key, FOR_UNIT_CLOSED, 0, 30) == 0) {
        int32_t month =
            month_of_day(w->anchor) - 60 + (int32_t)draw(u->key, FOR_UNIT_CLOSED, 1, 120);
        if (month < opened + 36)
            return;
        u->closed_month = month;
        u->closed = day_in(month + 1, 5 + (int)draw(u->key, FOR_UNIT_CLOSED, 2, 20));
    }
}

void unit_at(const struct world *w, int64_t index, struct unit *u)
{
    u->index = index;
    u->key = draw_u64(draw_mix(w->seed), FOR_UNIT, (uint32_t)index);
    u->ratio =
        index < LASTING_UNITS
            ? lasting_ratios[index] * 10000
            : ratios[draw(u->key, FOR_UNIT_RATIO, 0, sizeof ratios / sizeof *ratios)] * 10000;
    u->pay_day = 8 + (int)draw(u->key, FOR_UNIT_DAY, 0, 11);
    u->lag = draw(u->key, FOR_UNIT_LAG, 0, 8) == 0 ? 1 + (int)draw(u->key, FOR_UNIT_LAG, 1, 2) : 0;
    unit_dates(w, u);
}

void unit_number(int64_t index, char *out)
{
    out[0] = 'D';
    *put_padded(out + 1, index + 1, UNIT_NUMBER_MAX - 2) = '\0';
}

int32_t unit_remittance_day(const struct unit *u, int32_t month)
{
    return day_in(month + 1, u->pay_day + (int)draw(u->key, FOR_UNIT_JITTER, (uint32_t)month, 3));
}

int64_t unit_for(const struct world *w, uint64_t key, uint32_t k, int32_t month)
{
    struct unit u;

    for (uint32_t attempt = 0; attempt < 12; attempt++) {
        uint32_t n = k * 16 + attempt;
        int64_t index = (int64_t)draw(key, FOR_UNIT, n, (uint32_t)w->units);

        unit_at(w, index, &u);
        if (month_of_day(u.opened) <= month && u.closed_month >= month + 6)
            return index;
    }
    return (int64_t)draw(key, FOR_UNIT, k * 16 + 15, LASTING_UNITS);
}

/* 91 530199 and an organisation code with a check digit of its own (GB 11714), then the check
 * character of the whole (GB 32100). Region 530199 is assigned to no place. */
static char *put_credit_code(char *p, int64_t index)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    char *code = p, *organisation;
    int sum = 0;

    p = put_text(p, "91530199");
    organisation = p;
    p = put_text(p, "MA");
    p = put_padded(p, index + 1, 6);
    for (int i = 0; i < 8; i++) {
        char c = organisation[i];
        sum += weights[i] * (c >= 'A' ? c - 'A' + 10 : c - '0');
    }
    sum = 11 - sum % 11;
    *p++ = sum == 11 ? '0' : sum == 10 ? 'X' : (char)('0' + sum);
    *p = credit_code_check_character(code);
    return p + 1;
}

/* The last month that the unit has remitted for by the day until; -1 when none. */
static int32_t unit_paid_to(const struct unit *u, int32_t until)
{
    int32_t month = month_of_day(until);

    if (u->closed_month <= month)
        month = u->closed_month - 1;
    while (month >= month_of_day(u->opened)) {
        if (unit_remittance_day(u, month) + u->lag <= until)
            return month;
        month--;
    }
    return -1;
}

bool unit_line(const struct world *w, int64_t index, int32_t until, struct lines *out)
{
    char name[UNIT_NAME_MAX_BYTES], number[UNIT_NUMBER_MAX];
    struct unit u;
    char *p;
    int32_t paid_to;
    bool closed;

    unit_at(w, index, &u);
    if (u.opened > until)
        return false;
    paid_to = unit_paid_to(&u, until);
    closed = u.closed <= until;
    unit_number(index, number);
    name_of_unit(index, u.key, name);
    p = put_comma(put_text(lines_begin(out), number));
    p = put_comma(put_field(p, name));
    p = put_comma(put_credit_code(p, index));
    p = put_comma(put_text(p, closed ? "04" : paid_to < 0 ? "02" : "01"));
    p = put_comma(put_day(p, u.opened));
    p = put_comma(closed ? put_day(p, u.closed) : p);
    p = put_comma(put_percent(p, u.ratio));
    p = put_comma(put_percent(p, u.ratio));
    p = put_comma(paid_to >= 0 ? put_month(p, paid_to) : p);
    name_of_person(u.key, 1, name);
    p = put_comma(put_text(p, name));
    p = put_padded(put_text(p, "0871-0000"), draw(u.key, FOR_PHONE, 0, 10000), 4);
    p = put_text(put_comma(p), name_of_office(index));
    lines_end(out, p);
    return true;
}
