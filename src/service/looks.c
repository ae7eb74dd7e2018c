/* Who looked at my account, and stopping it when one does not like what one sees. */
#include <assert.h>

#include "service/internal.h"

enum result service_looks(const struct service *s, struct db *db, struct arena *a,
                          const struct view *v, int64_t before_seq, int limit, struct looks *out,
                          struct error *err)
{
    enum result r;

    *out = (struct looks){.today = clock_today(s->clock)};
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = access_looks(db, a, v, before_seq, limit, &out->list, &out->count, &out->more, err);
    db_rollback(db);
    return r;
}

enum result service_freeze(const struct service *s, struct db *db, const struct view *v,
                           const struct session *session, instant *at, struct error *err)
{
    assert(view_is_good(v, PART_FREEZE));
    assert(text_equal(v->person, text_of(session->person)));
    return member_freeze(s->desk, db, session, at, err);
}
