/* Counters of tries. Each counts in windows: when its limit is reached, the next try waits until
 * the window ends. What is counted is known only by its keyed hash. docs/security.md says why the
 * numbers are what they are. */
#include "member/internal.h"

enum {
    NETWORK_MAX = 64,
    NETWORK_WINDOW_SECONDS = 3600,
    CODES = 5,
    CODES_WINDOW_SECONDS = 900,
    CODES_DAY = 20,
    DAY_SECONDS = 86400,
    /* A try reads the clock before it waits for its turn; only a window that begins later than
     * that was made by a clock that has been set back since. */
    SET_BACK_MS = 60000,
};

static struct throttle throttle_of(struct member_desk *m, const char *purpose, struct text value,
                                   int limit, int seconds)
{
    struct throttle t = {.limit = limit, .window = (int64_t)seconds * MEMBER_SECOND_MS};

    vault_token_hash(m->vault, purpose, value, t.subject);
    return t;
}

void throttle_of_value(struct member_desk *m, const char *purpose, struct text value, int limit,
                       int seconds, struct throttle *out)
{
    *out = throttle_of(m, purpose, value, limit, seconds);
}

void throttle_of_pair(struct member_desk *m, const uint8_t name[MEMBER_KEY_SIZE],
                      struct text network, struct throttle *out)
{
    char both[MEMBER_KEY_SIZE + NETWORK_MAX];
    size_t len = network.len < NETWORK_MAX ? network.len : NETWORK_MAX;

    memcpy(both, name, MEMBER_KEY_SIZE);
    if (len > 0) {
        memcpy(both + MEMBER_KEY_SIZE, network.at, len);
    }
    *out = throttle_of(m, "sign-in name and network", (struct text){both, MEMBER_KEY_SIZE + len},
                       MEMBER_SIGN_IN_TRIES, MEMBER_SIGN_IN_WAIT_SECONDS);
}

void throttle_of_name(struct member_desk *m, const uint8_t name[MEMBER_KEY_SIZE],
                      struct throttle *out)
{
    *out = throttle_of(m, "sign-in name", (struct text){(const char *)name, MEMBER_KEY_SIZE},
                       MEMBER_NAME_TRIES, MEMBER_SIGN_IN_WAIT_SECONDS);
}

void throttle_of_network(struct member_desk *m, struct text network, struct throttle *out)
{
    *out = throttle_of(m, "sign-in network", network, MEMBER_NETWORK_TRIES, NETWORK_WINDOW_SECONDS);
}

void throttle_of_codes(struct member_desk *m, struct text person,
                       struct throttle out[THROTTLE_CODES])
{
    out[0] = throttle_of(m, "codes at once", person, CODES, CODES_WINDOW_SECONDS);
    out[1] = throttle_of(m, "codes in a day", person, CODES_DAY, DAY_SECONDS);
}

struct counter {
    int count;
    instant since, until;
};

/* Reads the counter, locked; makes it when it is not there. */
static enum result counter_read(struct db *db, const struct throttle *t, instant now,
                                struct counter *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_throttle_read);
    enum stmt_step step;

    *out = (struct counter){0};
    stmt_bytes(q, 1, t->subject, sizeof t->subject);
    stmt_int(q, 2, now);
    stmt_int(q, 3, now + t->window);
    step = stmt_step(q);
    if (step != STMT_ROW) {
        return step == STMT_DONE ? error_set(err, RESULT_STORE, "a counter of tries is not there")
                                 : db_failure(db, err);
    }
    *out = (struct counter){
        .count = (int)column_int(q, 0), .since = column_int(q, 1), .until = column_int(q, 2)};
    stmt_end(q);
    /* A window that is over, or of a clock that has been set back since. */
    if (now >= out->until || now < out->since - SET_BACK_MS) {
        *out = (struct counter){.since = now, .until = now + t->window};
    }
    return RESULT_OK;
}

static enum result counter_write(struct db *db, const struct throttle *t, const struct counter *c,
                                 struct error *err)
{
    struct stmt *q = db_query(db, QUERY_throttle_write);

    stmt_bytes(q, 1, t->subject, sizeof t->subject);
    stmt_int(q, 2, c->count);
    stmt_int(q, 3, c->since);
    stmt_int(q, 4, c->until);
    return stmt_run(q, NULL, err);
}

enum result throttle_take(struct db *db, const struct throttle *t, instant now, instant *until,
                          struct error *err)
{
    struct counter c = {0};
    enum result r = counter_read(db, t, now, &c, err);

    if (r != RESULT_OK) {
        return r;
    }
    if (c.count >= t->limit) {
        *until = c.until > *until ? c.until : *until;
        return error_set(err, RESULT_TOO_MANY, "too many tries");
    }
    c.count++;
    return counter_write(db, t, &c, err);
}

enum result throttle_count(struct db *db, const struct throttle *t, instant now, struct error *err)
{
    struct counter c = {0};
    enum result r = counter_read(db, t, now, &c, err);

    if (r != RESULT_OK) {
        return r;
    }
    c.count += c.count < INT32_MAX;
    return counter_write(db, t, &c, err);
}

enum result throttle_give_back(struct db *db, const struct throttle *t, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_throttle_give_back);

    stmt_bytes(q, 1, t->subject, sizeof t->subject);
    return stmt_run(q, NULL, err);
}

enum result throttle_clear(struct db *db, const struct throttle *t, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_throttle_clear);

    stmt_bytes(q, 1, t->subject, sizeof t->subject);
    return stmt_run(q, NULL, err);
}
