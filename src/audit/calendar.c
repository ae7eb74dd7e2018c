/* Days by walking the calendar from 1970 on: no formula, a table of every month's first day. */
#include <stdio.h>
#include <string.h>

#include "audit.h"

enum { FIRST_YEAR = 1970, LAST_YEAR = 2199, MONTHS = (LAST_YEAR - FIRST_YEAR + 1) * 12 };

static int32_t month_begins[MONTHS + 1];

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);

    return month == 1 && leap ? 29 : lengths[month];
}

void calendar_fill(void)
{
    for (int i = 0; i < MONTHS; i++)
        month_begins[i + 1] = month_begins[i] + month_length(FIRST_YEAR + i / 12, i % 12);
}

/* The month of a day, counted from January 1970; -1 outside the table. */
static int month_of(int64_t day)
{
    int low = 0, high = MONTHS;

    if (day < 0 || day >= month_begins[MONTHS])
        return -1;
    while (high - low > 1) {
        int middle = (low + high) / 2;

        if (month_begins[middle] <= day)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bool calendar_parse(const char *text, int32_t *day)
{
    int y, m, d, used = 0, at;

    if (sscanf(text, "%4d-%2d-%2d%n", &y, &m, &d, &used) != 3 || used != 10 || text[10])
        return false;
    at = (y - FIRST_YEAR) * 12 + m - 1;
    if (y < FIRST_YEAR || y > LAST_YEAR || m < 1 || m > 12 || d < 1 || d > month_length(y, m - 1))
        return false;
    *day = month_begins[at] + d - 1;
    return true;
}

void calendar_write(int64_t day, char out[DAY_ROOM])
{
    int at = month_of(day);

    if (at < 0)
        snprintf(out, DAY_ROOM, "%lld", (long long)day);
    else
        snprintf(out, DAY_ROOM, "%04d-%02d-%02d", FIRST_YEAR + at / 12, at % 12 + 1,
                 (int)(day - month_begins[at]) + 1);
}

int32_t calendar_due(int32_t date, int months, int day)
{
    int at = month_of(date) + months, length;

    if (at < 0 || at >= MONTHS)
        return INT32_MAX;
    length = month_length(FIRST_YEAR + at / 12, at % 12);
    return month_begins[at] + (day < length ? day : length) - 1;
}
