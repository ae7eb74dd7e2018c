#include "rates.h"

#include <stdlib.h>

#include "base/date.h"

struct deposit_row {
    int year, month, day;
    int32_t demand, three_months, one_year;
};

/* Benchmark deposit rates of the People's Bank since the fund's two-rate rule has history here. */
static const struct deposit_row deposits[] = {
    {1999, 6, 10, 9900, 19800, 22500},  {2002, 2, 21, 7200, 17100, 19800},
    {2004, 10, 29, 7200, 17100, 22500}, {2006, 8, 19, 7200, 18000, 25200},
    {2007, 3, 18, 7200, 19800, 27900},  {2007, 5, 19, 7200, 20700, 30600},
    {2007, 7, 21, 8100, 23400, 33300},  {2007, 8, 22, 8100, 26100, 36000},
    {2007, 9, 15, 8100, 28800, 38700},  {2007, 12, 21, 7200, 33300, 41400},
    {2008, 10, 9, 7200, 31500, 38700},  {2008, 10, 30, 7200, 28800, 36000},
    {2008, 11, 27, 3600, 19800, 25200}, {2008, 12, 23, 3600, 17100, 22500},
    {2010, 10, 20, 3600, 19100, 25000}, {2010, 12, 26, 3600, 22500, 27500},
    {2011, 2, 9, 4000, 26000, 30000},   {2011, 4, 6, 5000, 28500, 32500},
    {2011, 7, 7, 5000, 31000, 35000},   {2012, 6, 8, 4000, 28500, 32500},
    {2012, 7, 6, 3500, 26000, 30000},   {2014, 11, 22, 3500, 23500, 27500},
    {2015, 3, 1, 3500, 21000, 25000},   {2015, 5, 11, 3500, 18500, 22500},
    {2015, 6, 28, 3500, 16000, 20000},  {2015, 8, 26, 3500, 13500, 17500},
    {2015, 10, 24, 3500, 11000, 15000},
};

struct loan_row {
    int year, month, day;
    int32_t first_short, first_long, second_short, second_long;
};

/* Fund loans up to five years and beyond; second homes at 1.1 times from October 2010 on, with
 * rates of their own since 2022. */
static const struct loan_row loans[] = {
    {1999, 9, 21, 41400, 45900, 41400, 45900},  {2002, 2, 21, 36000, 40500, 36000, 40500},
    {2004, 10, 29, 37800, 42300, 37800, 42300}, {2005, 3, 17, 39600, 44100, 39600, 44100},
    {2006, 5, 8, 41400, 45900, 41400, 45900},   {2007, 3, 18, 43200, 47700, 43200, 47700},
    {2007, 5, 19, 44100, 48600, 44100, 48600},  {2007, 7, 21, 45000, 49500, 45000, 49500},
    {2007, 8, 22, 45900, 50400, 45900, 50400},  {2007, 9, 15, 47700, 52200, 47700, 52200},
    {2008, 9, 16, 45900, 51300, 45900, 51300},  {2008, 10, 9, 43200, 48600, 43200, 48600},
    {2008, 10, 30, 40500, 45900, 40500, 45900}, {2008, 11, 27, 35100, 40500, 35100, 40500},
    {2008, 12, 23, 33300, 38700, 33300, 38700}, {2010, 10, 20, 35000, 40500, 38500, 44550},
    {2010, 12, 26, 37500, 43000, 41250, 47300}, {2011, 2, 9, 40000, 45000, 44000, 49500},
    {2011, 4, 6, 42000, 47000, 46200, 51700},   {2011, 7, 7, 44500, 49000, 48950, 53900},
    {2012, 6, 8, 42000, 47000, 46200, 51700},   {2012, 7, 6, 40000, 45000, 44000, 49500},
    {2014, 11, 22, 37500, 42500, 41250, 46750}, {2015, 3, 1, 35000, 40000, 38500, 44000},
    {2015, 5, 11, 32500, 37500, 35750, 41250},  {2015, 6, 28, 30000, 35000, 33000, 38500},
    {2015, 8, 26, 27500, 32500, 30250, 35750},  {2022, 10, 1, 26000, 31000, 30250, 35750},
    {2024, 5, 18, 23500, 28500, 27750, 33250},  {2025, 5, 8, 21000, 26000, 25250, 30750},
};

#define ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

static int32_t day_of(int year, int month, int day)
{
    return date_of(year, month, day).day;
}

int32_t deposit_rate(int32_t day, bool carried)
{
    int i = ROWS(deposits) - 1;

    while (i > 0 && day_of(deposits[i].year, deposits[i].month, deposits[i].day) > day)
        i--;
    if (day >= ONE_RATE_SINCE.day)
        return deposits[i].one_year;
    return carried ? deposits[i].three_months : deposits[i].demand;
}

int32_t loan_rate(int32_t day, int months, bool second_home)
{
    bool is_short = months <= 60;
    int i = ROWS(loans) - 1;

    while (i > 0 && day_of(loans[i].year, loans[i].month, loans[i].day) > day)
        i--;
    if (second_home)
        return is_short ? loans[i].second_short : loans[i].second_long;
    return is_short ? loans[i].first_short : loans[i].first_long;
}

enum result weights_make(struct weights *w, int32_t first, int32_t last, struct error *err)
{
    size_t days = (size_t)last - (size_t)first + 1;
    int64_t year = 0, carried = 0;

    *w = (struct weights){first, last, calloc(days, sizeof *w->year),
                          calloc(days, sizeof *w->carried)};
    if (w->year == NULL || w->carried == NULL) {
        weights_free(w);
        return error_set(err, RESULT_MEMORY, "out of memory");
    }
    for (size_t i = 0; i < days; i++) {
        year += deposit_rate(first + (int32_t)i, false);
        carried += deposit_rate(first + (int32_t)i, true);
        w->year[i] = year;
        w->carried[i] = carried;
    }
    return RESULT_OK;
}

void weights_free(struct weights *w)
{
    free(w->year);
    free(w->carried);
    *w = (struct weights){0};
}
