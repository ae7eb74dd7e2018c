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

/* C. Neri and L. Schneider, "Euclidean affine functions and their application to calendar algorithms"
 * (2022): years begin in March, and multiplications stand in for divisions. */
void date_split(civil_date d, int *year, int *month, int *day)
{
    enum { ERAS_BEFORE = 14704 }; /* counted from so early that no day is negative */
    const int64_t before = (int64_t)ERAS_BEFORE * ERA_DAYS + EPOCH_FROM_MARCH_0000;

    uint64_t n = (uint64_t)(d.day + before);
    uint32_t century = (uint32_t)((4 * n + 3) / ERA_DAYS);
    uint32_t in_century = (uint32_t)((4 * n + 3) % ERA_DAYS) / 4;
    uint64_t scaled = UINT64_C(2939745) * (4 * in_century + 3);
    uint32_t in_year = (uint32_t)scaled / 2939745 / 4;
    uint32_t months = 2141 * in_year + 197913; /* month and day as a fixed-point number */
    bool next = in_year >= 306;                /* January and February */

    *day = (int)((months & 0xffff) / 2141) + 1;
    *month = (int)(months >> 16) - (next ? 12 : 0);
    *year = (int)(100 * century + (uint32_t)(scaled >> 32)) - ERAS_BEFORE * ERA_YEARS + next;
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
