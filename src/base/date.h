/* Civil dates: days without time zone. "Today" is the city's (clock.h). */
#ifndef ANJU_BASE_DATE_H
#define ANJU_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

/* Days since 1970-01-01 in the proleptic Gregorian calendar. Stored like this in the database:
 * two bytes a date until 2059, and days can be subtracted. */
typedef struct civil_date {
    int32_t day;
} civil_date;

/* A month as year * 12 + (month - 1): months can be subtracted. Stored like this too. */
typedef struct civil_month {
    int32_t n;
} civil_month;

#define DATE_NONE ((civil_date){INT32_MIN})

enum { DATE_TEXT_MAX = 11, MONTH_TEXT_MAX = 8 };

static inline bool date_is_none(civil_date d)
{
    return d.day == INT32_MIN;
}
static inline civil_date date_plus(civil_date d, int32_t days)
{
    return (civil_date){d.day + days};
}
static inline int32_t days_between(civil_date from, civil_date to)
{
    return to.day - from.day;
}

/* The date of year (1900 to 2199), month (1 to 12) and day; asserts that it exists. */
civil_date date_of(int year, int month, int day);

void date_split(civil_date d, int *year, int *month, int *day);

/* "2026-06-30", and nothing else; false for a day that does not exist or outside 1900 to 2199. */
bool date_parse(struct text t, civil_date *out);

/* Writes "2026-06-30" and a NUL (DATE_TEXT_MAX bytes); returns 10. */
int date_format(civil_date d, char *out);

static inline civil_month month_of(int year, int month)
{
    return (civil_month){year * 12 + month - 1};
}
civil_month date_month(civil_date d);
static inline int month_year(civil_month m)
{
    return m.n / 12;
}
static inline int month_number(civil_month m)
{
    return m.n % 12 + 1;
}
/* "2026-06", and nothing else. */
bool month_parse(struct text t, civil_month *out);
int month_format(civil_month m, char *out);

/* First and last day of a month. */
civil_date month_first(civil_month m);
civil_date month_last(civil_month m);

/* The interest year that holds d runs from 1 July to 30 June: the last settlement day (30 June)
 * strictly before d, and the first on or after d. */
civil_date settlement_before(civil_date d);
civil_date settlement_on_or_after(civil_date d);

#endif
