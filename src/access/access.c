/* Opening a view: is it allowed, and the line in the record that comes before the data. */
#include "access/access.h"

#include <assert.h>

#include "base/random.h"

enum {
    /* The holder's own newest look at a part is sought among so many of the last lines; older ones
     * would be of other parts and days. */
    LOOK_RECENT_LINES = 64,
};

/* Who may see what, through which channel. What is not here is refused. The list grows with the
 * channels; parts never follow from other parts. */
static const struct {
    enum access_actor actor;
    enum access_channel channel;
    uint32_t parts; /* bit n: part n */
} allowed[] = {
    {ACTOR_HOLDER, CHANNEL_WEB,
     1U << PART_OVERVIEW | 1U << PART_CONTRIBUTIONS | 1U << PART_LEDGER | 1U << PART_LOOKS |
         1U << PART_FREEZE | 1U << PART_INTEREST | 1U << PART_WITHDRAWALS | 1U << PART_LOAN |
         1U << PART_SECURITY | 1U << PART_STATEMENTS | 1U << PART_MESSAGES | 1U << PART_ENQUIRIES |
         1U << PART_BORROWING | 1U << PART_YEAR},
    /* Staff at the centre's own machine: what a case is about, the interest, the loan and the head of
     * the chain of an account, the stop that its holder wants lifted, the withdrawals that are decided. */
    {ACTOR_STAFF, CHANNEL_COMMAND,
     1U << PART_ENQUIRIES | 1U << PART_INTEREST | 1U << PART_FREEZE | 1U << PART_LOAN |
         1U << PART_WITHDRAWALS | 1U << PART_LEDGER},
};

struct access_request access_by_staff(enum access_part part, struct text staff, struct text place,
                                      struct text case_no)
{
    return (struct access_request){
        .actor_kind = ACTOR_STAFF,
        .actor = staff,
        .place = place,
        .case_no = case_no,
        .channel = CHANNEL_COMMAND,
        .part = part,
        .purpose = PURPOSE_SERVICE,
    };
}

bool access_allowed(enum access_actor actor, enum access_channel channel, enum access_part part)
{
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        if (allowed[i].actor == actor && allowed[i].channel == channel) {
            return part > 0 && part < PART_COUNT && (allowed[i].parts >> part & 1U) != 0;
        }
    }
    return false;
}

/* A number that nobody outside this file can know, drawn once per process. */
static uint64_t seal_of(enum access_part part)
{
    static _Atomic uint64_t secret;
    uint64_t s = secret;

    if (s == 0) {
        struct random r;
        uint64_t none = 0;

        random_system(&r);
        s = random_u64(&r) | 1;
        if (!__atomic_compare_exchange_n((uint64_t *)&secret, &none, s, false, __ATOMIC_SEQ_CST,
                                         __ATOMIC_SEQ_CST)) {
            s = none;
        }
    }
    return s ^ (uint64_t)part << 56;
}

bool view_is_good(const struct view *v, enum access_part part)
{
    return v->part == part && v->seal == seal_of(part) && v->person.len > 0;
}

static void view_make(const struct access_request *q, instant looked, struct view *out)
{
    *out = (struct view){
        .person = q->person,
        .account = q->account,
        .part = q->part,
        .looked = looked,
        .seal = seal_of(q->part),
    };
}

enum result access_joined(const struct clock *clock, const struct access_request *q, instant looked,
                          struct view *out)
{
    instant now = clock_now(clock);

    if (q->actor_kind != ACTOR_HOLDER || looked == 0 || looked > now ||
        now - looked >= ACCESS_JOIN_MS || !access_allowed(q->actor_kind, q->channel, q->part)) {
        return RESULT_REFUSED;
    }
    view_make(q, looked, out);
    return RESULT_OK;
}

/* Reads the head of the person's chain, locked against other writers; makes it when it is not
 * there. */
static enum result head_read(struct db *db, struct text person, int64_t *seq, uint8_t hash[32],
                             struct error *err)
{
    static const uint8_t zeros[32];

    for (int round = 0; round < 2; round++) {
        struct stmt *q = db_query(db, QUERY_look_head);
        enum stmt_step step;
        enum result r;

        stmt_text(q, 1, person);
        step = stmt_step(q);
        if (step == STMT_ROW) {
            struct text h = column_bytes(q, 1);

            *seq = column_int(q, 0);
            if (h.len != 32) {
                stmt_end(q);
                return error_set(err, RESULT_DAMAGED, "desk.look_head holds a hash of %zu bytes",
                                 h.len);
            }
            memcpy(hash, h.at, 32);
            stmt_end(q);
            return RESULT_OK;
        }
        if (step != STMT_DONE) {
            return db_failure(db, err); /* among others BUSY: another one holds the record */
        }
        q = db_query(db, QUERY_look_head_make);
        stmt_text(q, 1, person);
        stmt_bytes(q, 2, zeros, sizeof zeros);
        r = stmt_run(q, NULL, err);
        if (r != RESULT_OK) {
            return r;
        }
    }
    return error_set(err, RESULT_STORE, "the head of the record of looks is not there");
}

/* When the holder's newest own look of that kind was recorded; 0: none lately. */
static instant recent_own(struct db *db, const struct access_request *q, int64_t head_seq)
{
    struct stmt *s = db_query(db, QUERY_look_recent_own);
    instant at = 0;

    stmt_text(s, 1, q->person);
    stmt_int(s, 2, head_seq - LOOK_RECENT_LINES);
    stmt_int(s, 3, q->part);
    stmt_int(s, 4, q->channel);
    stmt_text(s, 5, q->place);
    if (stmt_step(s) == STMT_ROW) {
        at = column_int(s, 0);
    }
    stmt_end(s);
    return at;
}

static enum result look_write(struct db *db, const struct access_request *q, const struct look *l,
                              const uint8_t previous[32], struct error *err)
{
    uint8_t hash[32];
    struct stmt *s = db_query(db, QUERY_look_insert);
    enum result r;

    look_hash(q->person, l, previous, hash);
    stmt_text(s, 1, q->person);
    stmt_int(s, 2, l->seq);
    stmt_int(s, 3, l->at);
    stmt_int(s, 4, l->actor_kind);
    stmt_text(s, 5, l->actor);
    stmt_text(s, 6, l->place);
    stmt_int(s, 7, l->channel);
    stmt_int(s, 8, l->part);
    stmt_int(s, 9, l->purpose);
    stmt_text(s, 10, l->case_no);
    stmt_int(s, 11, l->outcome);
    stmt_bytes(s, 12, hash, sizeof hash);
    r = stmt_run(s, NULL, err);
    if (r != RESULT_OK) {
        return r;
    }
    s = db_query(db, QUERY_look_head_move);
    stmt_text(s, 1, q->person);
    stmt_int(s, 2, l->seq);
    stmt_bytes(s, 3, hash, sizeof hash);
    return stmt_run(s, NULL, err);
}

struct recording {
    const struct clock *clock;
    const struct access_request *request;
    bool permitted;
    instant looked; /* out: the time of the line */
};

/* A db_work on the desk: joins a recent line or writes a new one. */
static enum result look_record(struct db *db, void *arg, struct error *err)
{
    struct recording *rec = arg;
    const struct access_request *q = rec->request;
    int64_t seq = 0;
    uint8_t head[32];
    enum result r = head_read(db, q->person, &seq, head, err);
    instant now;

    if (r != RESULT_OK) {
        return r;
    }
    /* Only now that the head is ours: a look that waited for another one comes after it. */
    now = clock_now(rec->clock);
    if (rec->permitted && q->actor_kind == ACTOR_HOLDER) {
        instant at = recent_own(db, q, seq);

        if (at > 0 && at <= now && now - at < ACCESS_JOIN_MS) {
            rec->looked = at;
            return RESULT_OK;
        }
    }
    rec->looked = now;
    struct look l = {
        .seq = seq + 1,
        .at = now,
        .actor_kind = q->actor_kind,
        .channel = q->channel,
        .part = q->part,
        .purpose = q->purpose,
        .outcome = rec->permitted ? OUTCOME_SHOWN : OUTCOME_REFUSED,
        .actor = q->actor,
        .place = q->place,
        .case_no = q->case_no,
    };
    return look_write(db, q, &l, head, err);
}

enum result access_open(struct db *db, const struct clock *clock, const struct access_request *q,
                        struct view *out, struct error *err)
{
    bool permitted = access_allowed(q->actor_kind, q->channel, q->part);
    struct recording rec = {.clock = clock, .request = q, .permitted = permitted};
    enum result r;

    assert(q->person.len > 0);
    r = db_together(db, STORE_WRITE_DESK, look_record, &rec, err);
    if (r != RESULT_OK) {
        return r;
    }
    if (!permitted) {
        return error_set(err, RESULT_REFUSED, "%s may not see %s through %s",
                         access_actor_word(q->actor_kind), access_part_word(q->part),
                         access_channel_word(q->channel));
    }
    view_make(q, rec.looked, out);
    return RESULT_OK;
}
