/* The account's safety: sessions, sign-ins, the password. */
#include <assert.h>

#include "service/internal.h"

static void check(const struct view *v, const struct session *session)
{
    assert(view_is_good(v, PART_SECURITY));
    assert(text_equal(v->person, text_of(session->person)));
    (void)v;
    (void)session;
}

enum result service_security(const struct service *s, struct db *db, const struct view *v,
                             const struct session *session, struct member_security *out,
                             struct error *err)
{
    check(v, session);
    return member_security(s->desk, db, session, out, err);
}

enum result service_end_sessions(const struct service *s, struct db *db, const struct view *v,
                                 const struct session *session, struct text id, struct error *err)
{
    check(v, session);
    return id.len > 0 ? member_end_session(s->desk, db, session, id, err)
                      : member_end_others(s->desk, db, session, err);
}

enum result service_change_password(const struct service *s, struct db *db, struct random *r,
                                    const struct view *v, const struct session *session,
                                    struct member_new_password *c, struct error *err)
{
    check(v, session);
    return member_change_password(s->desk, db, r, session, c, err);
}
