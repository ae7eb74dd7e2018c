/* The days of one account in order: what is planned, as events up to a day. */
#ifndef ANJU_CITY_SCHEDULE_H
#define ANJU_CITY_SCHEDULE_H

#include <stddef.h>

#include "plan.h"
#include "units.h"

/* Events of the same day happen in this order. */
enum event_kind {
    EVENT_OPEN,
    EVENT_UNSEAL,
    EVENT_MOVE, /* to another unit without a gap */
    EVENT_BASE, /* a new base from the first of a month */
    EVENT_MERGE_IN,
    EVENT_MOVE_IN, /* money from another city */
    EVENT_REVERSE, /* of the wrong entry of a month */
    EVENT_REMIT,
    EVENT_WRONG, /* a remittance with a wrong amount */
    EVENT_BACK_PAY,
    EVENT_APPLY,
    EVENT_ACCEPT,
    EVENT_DECIDE,
    EVENT_END, /* of an application: paid, refused or withdrawn */
    EVENT_SEAL,
    EVENT_FREEZE,
    EVENT_LIFT,
    EVENT_TRANSFER_OUT,
    EVENT_MERGE_OUT,
    EVENT_SETTLE,
};

struct event {
    int32_t day, value; /* booked on, counts from */
    enum event_kind kind;
    uint32_t order; /* in which it was scheduled */
    int32_t month;  /* it is for; or from which it holds */
    int index;      /* of the request */
    int64_t unit;
    int32_t ratio;
    int64_t base, amount; /* amount: of each side */
};

struct schedule {
    struct event *at;
    size_t count, room;
};

/* Fills s with the events of account which of l up to and with until, in order. */
void schedule_make(struct schedule *s, const struct world *w, const struct life *l, int which,
                   int32_t until);
void schedule_free(struct schedule *s);

/* The last day on which a month's contribution is in time. */
int32_t month_due_day(int32_t month);

#endif
