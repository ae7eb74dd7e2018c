#include "date.h"

#include <assert.h>

#include "digits.h"

enum {
    FIRST_YEAR = 1900, /* what date_of and the parsers accept */
    LAST_YEAR = 2199,
    ERA_YEARS = 400, /* the Gregorian calendar repeats itself every 400 years */
    ERA_DAYS = 146097,
    EPOCH_FROM_MARCH_0000 = 719468, /* days from 0000-03-01 to 1970-01-01 */
};

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

static bool exists(int year, int month, int day)
{
    return year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_in_month(year, month);
}

/* Days are counted in years that begin in March, so that a leap day is the last day of its year
 * and months 3 to 14 begin at (153 * m + 2) / 5 with m from 0. Years are positive here. */
static int32_t days_from_epoch(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int m = month <= 2 ? month + 9 : month - 3;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 -
           EPOCH_FROM_MARCH_0000;
}

civil_date date_of(int year, int month, int day)
{
    assert(exists(year, month, day));
    return (civil_date){days_from_epoch(year, month, day)};
}

void date_split(civil_date d, int *year, int *month, int *day)
{
    int64_t since = (int64_t)d.day + EPOCH_FROM_MARCH_0000;
    int64_t era = (since >= 0 ? since : since - (ERA_DAYS - 1)) / ERA_DAYS;
    int in_era = (int)(since - era * ERA_DAYS);
    /* A century's missing leap day and the era's extra one are taken out before dividing. */
    int year_in_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int in_year = in_era - (365 * year_in_era + year_in_era / 4 - year_in_era / 100);
    int m = (5 * in_year + 2) / 153;

    *day = in_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = (int)(era * ERA_YEARS) + year_in_era + (*month <= 2);
}

bool date_parse(struct text t, civil_date *out)
{
    int32_t year, month, day;

    if (t.len != 10 || t.at[4] != '-' || t.at[7] != '-')
        return false;
    year = digits_read(t.at, 4);
    month = digits_read(t.at + 5, 2);
    day = digits_read(t.at + 8, 2);
    if (!exists(year, month, day))
        return false;
    out->day = days_from_epoch(year, month, day);
    return true;
}

int date_format(civil_date d, char *out)
{
    int year, month, day;

    date_split(d, &year, &month, &day);
    assert(year >= 0 && year <= 9999);
    digits_put4(out, (unsigned)year);
    out[4] = '-';
    digits_put2(out + 5, (unsigned)month);
    out[7] = '-';
    digits_put2(out + 8, (unsigned)day);
    out[10] = '\0';
    return 10;
}

civil_month date_month(civil_date d)
{
    int year, month, day;

    date_split(d, &year, &month, &day);
    return month_of(year, month);
}

bool month_parse(struct text t, civil_month *out)
{
    int32_t year, month;

    if (t.len != 7 || t.at[4] != '-')
        return false;
    year = digits_read(t.at, 4);
    month = digits_read(t.at + 5, 2);
    if (!exists(year, month, 1))
        return false;
    *out = month_of(year, month);
    return true;
}

int month_format(civil_month m, char *out)
{
    assert(m.n >= 0 && month_year(m) <= 9999);
    digits_put4(out, (unsigned)month_year(m));
    out[4] = '-';
    digits_put2(out + 5, (unsigned)month_number(m));
    out[7] = '\0';
    return 7;
}

civil_date month_first(civil_month m)
{
    return (civil_date){days_from_epoch(month_year(m), month_number(m), 1)};
}

civil_date month_last(civil_month m)
{
    int year = month_year(m), month = month_number(m);

    return (civil_date){days_from_epoch(year, month, days_in_month(year, month))};
}

civil_date settlement_before(civil_date d)
{
    int year, month, day;

    date_split(d, &year, &month, &day);
    return (civil_date){days_from_epoch(month <= 6 ? year - 1 : year, 6, 30)};
}

civil_date settlement_on_or_after(civil_date d)
{
    int year, month, day;

    date_split(d, &year, &month, &day);
    return (civil_date){days_from_epoch(month <= 6 ? year : year + 1, 6, 30)};
}
