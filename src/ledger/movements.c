/* What moved an account since a settlement, by the day from which each amount counts. */
#include "internal.h"

enum { BLOCK = 32 };
enum { SEQ, BOOKED, VALUE_DAY, KIND, YEAR, CARRIED, BALANCE, REVERSING }; /* of ledger_parts_back */

struct search {
    movement_take take;
    void *context;
    int32_t settled;
    bool found;      /* the settlement was passed; what follows was booked before it … */
    int64_t opening; /* … all that it carried over, less what counts from later days */
};

/* Entries of which the settlement knew already, but which count from a day after it: they were
 * booked after its day, and it was posted late. */
static bool take_before(struct search *s, struct stmt *q)
{
    int64_t year = column_int(q, YEAR), carried = column_int(q, CARRIED);

    if (column_int(q, BOOKED) <= s->settled)
        return false;
    if (column_int(q, VALUE_DAY) > s->settled) {
        s->take(s->context, column_date(q, VALUE_DAY), year, carried);
        s->opening -= year + carried;
    }
    return true;
}

static bool take_entry(void *context, struct stmt *q)
{
    struct search *s = context;
    int64_t value_day = column_int(q, VALUE_DAY);

    if (s->found)
        return take_before(s, q);
    if (column_int(q, KIND) == ENTRY_INTEREST && column_int(q, REVERSING) == 0) {
        s->found = true;
        s->settled = (int32_t)value_day;
        s->opening = column_int(q, BALANCE);
        return column_int(q, BOOKED) > value_day;
    }
    /* What is dated back before the settlement counts from the day after it: what was settled
     * stays settled. */
    if (value_day <= s->settled)
        value_day = s->settled + 1;
    s->take(s->context, (civil_date){(int32_t)value_day}, column_int(q, YEAR),
            column_int(q, CARRIED));
    return true;
}

enum result ledger_movements(struct db *db, struct text account, civil_date settled, int64_t before,
                             movement_take take, void *context, struct error *err)
{
    struct search s = {.take = take, .context = context, .settled = settled.day};
    const struct walk walk = {.query = QUERY_ledger_parts_back,
                              .block = BLOCK,
                              .take = take_entry,
                              .context = &s,
                              .before = before};
    enum result r = ledger_walk_back(db, account, &walk, err);

    if (r == RESULT_OK && s.found && s.opening != 0)
        take(context, (civil_date){s.settled + 1}, 0, s.opening);
    return r;
}
