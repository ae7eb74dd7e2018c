#include "clock.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "digits.h"
#include "zone.h"

enum { DAY_SECONDS = 86400, DAY_MS = 86400000, MINUTE_MS = 60000 };

static int64_t floor_divide(int64_t n, int64_t d)
{
    return n / d - (n % d < 0);
}

static instant now_of_system(const struct clock *c)
{
    struct timespec t;

    (void)c;
    clock_gettime(CLOCK_REALTIME, &t);
    return (instant)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static instant now_standing_still(const struct clock *c)
{
    (void)c;
    return 0; /* shift_ms is the whole time */
}

static enum result set_zone(struct clock *c, const char *zone, struct error *err)
{
    enum result r = zone_find(zone, &c->rules, err);

    if (r == RESULT_OK)
        snprintf(c->zone, sizeof c->zone, "%s", zone);
    return r;
}

enum result clock_system(struct clock *c, const char *zone, struct error *err)
{
    *c = (struct clock){.now = now_of_system};
    return set_zone(c, zone, err);
}

void clock_fixed(struct clock *c, const char *zone, instant t)
{
    struct error err;

    *c = (struct clock){.now = now_standing_still, .shift_ms = t};
    if (set_zone(c, zone, &err) != RESULT_OK) {
        fprintf(stderr, "clock_fixed: %s\n", err.sentence);
        abort();
    }
}

instant clock_now(const struct clock *c)
{
    return c->now(c) + c->shift_ms;
}

int64_t clock_monotonic_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int clock_offset_minutes(const struct clock *c, instant t)
{
    assert(c->rules);
    return zone_minutes_at(c->rules, floor_divide(t, 1000));
}

/* Seconds since 1970-01-01T00:00 on the city's own clocks. */
static int64_t local_seconds(const struct clock *c, instant t)
{
    return floor_divide(t, 1000) + (int64_t)clock_offset_minutes(c, t) * 60;
}

civil_date clock_date_at(const struct clock *c, instant t)
{
    int64_t day = floor_divide(local_seconds(c, t), DAY_SECONDS);

    assert(day > INT32_MIN && day <= INT32_MAX);
    return (civil_date){(int32_t)day};
}

civil_date clock_today(const struct clock *c)
{
    return clock_date_at(c, clock_now(c));
}

void clock_start_at(struct clock *c, civil_date start)
{
    instant from = clock_now(c);
    instant shift = (instant)days_between(clock_date_at(c, from), start) * DAY_MS;
    /* A day on which the clocks were changed has not 24 hours. */
    int offset_from = clock_offset_minutes(c, from);
    int offset_to = clock_offset_minutes(c, from + shift);

    c->shift_ms += shift + (instant)(offset_from - offset_to) * MINUTE_MS;
}

int clock_format(const struct clock *c, instant t, char *out)
{
    int64_t seconds = local_seconds(c, t);
    int64_t day = floor_divide(seconds, DAY_SECONDS);
    unsigned of_day = (unsigned)(seconds - day * DAY_SECONDS);
    int offset = clock_offset_minutes(c, t);
    unsigned distance = (unsigned)abs(offset);

    assert(day > INT32_MIN && day <= INT32_MAX);
    date_format((civil_date){(int32_t)day}, out);
    out[10] = 'T';
    digits_put2(out + 11, of_day / 3600);
    out[13] = ':';
    digits_put2(out + 14, of_day / 60 % 60);
    out[16] = ':';
    digits_put2(out + 17, of_day % 60);
    out[19] = offset < 0 ? '-' : '+';
    digits_put2(out + 20, distance / 60);
    out[22] = ':';
    digits_put2(out + 23, distance % 60);
    out[25] = '\0';
    return 25;
}
