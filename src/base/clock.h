/* Time, passed in: instants are UTC milliseconds, "today" is the civil date of the city. */
#ifndef ANJU_BASE_CLOCK_H
#define ANJU_BASE_CLOCK_H

#include <stdint.h>

#include "date.h"
#include "result.h"

/* Milliseconds since 1970-01-01T00:00Z. */
typedef int64_t instant;

struct zone; /* zone.h */

/* Made by clock_system or clock_fixed; may be copied. */
struct clock {
    instant (*now)(const struct clock *); /* the system's clock, or a test's */
    instant shift_ms;                     /* added to it: a demo home's clock starts at its date */
    char zone[64];                        /* IANA name, e.g. "Asia/Shanghai" */
    const struct zone *rules;             /* of that zone; lives as long as the process */
    void *context;                        /* a test's own */
};

/* The system's clock in the named zone (read from the system's tz database, never from TZ).
 * RESULT_CONFIG when there is no such zone or it still changes its clocks twice a year. */
enum result clock_system(struct clock *c, const char *zone, struct error *err);

/* Shifts c by whole days so that its today becomes start, keeping the time of day. */
void clock_start_at(struct clock *c, civil_date start);

/* A clock that stands still at t (tests move it by writing shift_ms, which is t at first). Aborts
 * when the zone cannot be read. */
void clock_fixed(struct clock *c, const char *zone, instant t);

instant clock_now(const struct clock *c);

/* Microseconds since some moment, never going back: for measuring and waiting, not for dates. */
int64_t clock_monotonic_us(void);

/* The city's civil date at an instant, and now. Thread-safe, independent of the TZ variable. */
civil_date clock_date_at(const struct clock *c, instant t);
civil_date clock_today(const struct clock *c);

/* Minutes of the city's offset from UTC at t (480 for Asia/Shanghai). */
int clock_offset_minutes(const struct clock *c, instant t);

/* "2026-11-23T09:12:05+08:00" (years 0 to 9999; parts of a second are dropped) in the city's zone into out (CLOCK_TEXT_MAX); returns its length. */
enum { CLOCK_TEXT_MAX = 32 };
int clock_format(const struct clock *c, instant t, char *out);

#endif
