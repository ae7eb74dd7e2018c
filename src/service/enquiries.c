/* Asking the centre, and reading what it answered. */
#include <assert.h>

#include "service/internal.h"

static struct enquiry_desk desk_of(const struct service *s)
{
    return (struct enquiry_desk){.clock = s->clock, .policy = s->policy, .vault = s->desk->vault};
}

enum result service_enquiries(const struct service *s, struct db *db, struct arena *a,
                              const struct view *v, int64_t before_seq, int limit,
                              struct my_enquiries *out, struct error *err)
{
    struct enquiry_desk desk = desk_of(s);
    enum result r;

    *out = (struct my_enquiries){.today = clock_today(s->clock)};
    out->answer_days = policy_dispute_days(s->policy, out->today);
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = enquiry_list(&desk, db, a, v, before_seq, limit, &out->list, &out->count, &out->more, err);
    db_rollback(db);
    return r;
}

enum result service_ask(const struct service *s, struct db *db, struct arena *a, struct random *r,
                        const struct view *v, int position, struct enquiry_question *q,
                        struct enquiry_asked *out, struct error *err)
{
    struct own_accounts accounts;
    struct enquiry_desk desk = desk_of(s);
    enum result result = db_begin(db, STORE_READ, err);

    assert(view_is_good(v, PART_ENQUIRIES));
    if (result != RESULT_OK) {
        return result;
    }
    result = own_accounts_read(db, a, v, position, &accounts, err);
    if (result == RESULT_OK) {
        q->account = own_current(&accounts)->account;
        result = enquiry_reference_find(db, v, q->account, q->about, q->reference, err);
    }
    db_rollback(db);
    if (result != RESULT_OK) {
        return result;
    }
    return enquiry_ask(&desk, db, r, v, q, out, err);
}
