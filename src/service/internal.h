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

/* The months of an account from the first that was due to today's, oldest first, with what is
 * counted over all of them; *last_years is the same without the months before the last three
 * calendar years. */
enum result months_read(const struct service *s, struct db *db, struct arena *a,
                        const struct account *account, civil_date today, struct strip *all,
                        struct strip *last_years, struct error *err);

/* The account that had its last day: pages count to that day, others to today. */
civil_date account_last_day(const struct account *account, civil_date today);

#endif
