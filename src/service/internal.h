/* Shared by the use cases. */
#ifndef ANJU_SERVICE_INTERNAL_H
#define ANJU_SERVICE_INTERNAL_H

#include "service/service.h"

/* Reads the view's person's accounts and points at the one of that position (from 1). A person
 * without any is NOT_FOUND. */
enum result own_accounts_read(struct db *db, struct arena *a, const struct view *v, int position,
                              struct own_accounts *out, struct error *err);

static inline const struct account *own_current(const struct own_accounts *o)
{
    return &o->list[o->current];
}

/* The strip: whole calendar years, the last three of them. */
civil_month strip_from(civil_date today);

enum result strip_read(const struct service *s, struct db *db, struct arena *a,
                       const struct account *account, civil_date today, struct strip *out,
                       struct error *err);

/* The account that had its last day: pages count to that day, others to today. */
civil_date account_last_day(const struct account *account, civil_date today);

#endif
