/* Writes sessions for make bench: anju-bench-sessions COUNT
 *
 * COUNT open accounts, spread evenly over the whole city of ANJU_HOME, each get a session through
 * the member module, as a sign-in gives it: written to the store, then made known to the running
 * service. Prints a line for each: the cookie's value, the account, the person. Only in a demo home. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/config.h"
#include "ledger/ledger.h"
#include "member/internal.h"

enum { BLOCK = 10000, USAGE = 64, ACCOUNT_MAX = 24, CHANNEL_WEB_NUMBER = 1 };

struct owner {
    char account[ACCOUNT_MAX], person[ACCOUNT_MAX];
};

struct owners {
    struct owner *list;
    size_t count, room;
};

static bool owners_add(struct owners *o, struct text account, struct text person)
{
    if (o->count == o->room) {
        size_t room = o->room > 0 ? 2 * o->room : BLOCK;
        struct owner *list = realloc(o->list, room * sizeof *list);

        if (!list) {
            return false;
        }
        o->list = list;
        o->room = room;
    }
    return text_copy(account, o->list[o->count].account, ACCOUNT_MAX) &&
           text_copy(person, o->list[o->count++].person, ACCOUNT_MAX);
}

static enum result owners_read(struct db *db, struct owners *out, struct error *err)
{
    enum result r = db_begin(db, STORE_READ, err);
    struct stmt *q;
    enum stmt_step step;

    if (r != RESULT_OK) {
        return r;
    }
    q = db_query(db, QUERY_verify_accounts);
    while ((step = stmt_step(q)) == STMT_ROW) {
        if (!account_is_closed((enum account_state)column_int(q, 2)) &&
            !owners_add(out, column_text(q, 0), column_text(q, 1))) {
            stmt_end(q);
            r = error_set(err, RESULT_MEMORY, "no memory for the accounts");
            break;
        }
    }
    if (step == STMT_FAILED) {
        r = db_failure(db, err);
    }
    db_rollback(db); /* it only read */
    return r;
}

static enum result session_one(struct db *db, struct random *random, instant now,
                               const struct owner *owner, struct session *s, struct error *err)
{
    char token[MEMBER_TOKEN_TEXT_MAX];
    enum result r;

    *s = (struct session){.channel = CHANNEL_WEB_NUMBER};
    text_copy(text_of(owner->person), s->person, sizeof s->person);
    text_copy(text_of(owner->account), s->account, sizeof s->account);
    r = member_session_begin(db, random, now, 0, TEXT("desktop"), s, token, err);
    if (r == RESULT_OK) {
        printf("%s %s %s\n", token, owner->account, owner->person);
    }
    return r;
}

/* Sessions from..to of all: in one transaction, and then in the map. */
static enum result block_write(struct db *db, struct session_map *map, struct random *random,
                               instant now, const struct owners *owners, size_t from, size_t to,
                               size_t count, struct error *err)
{
    static struct session made[BLOCK];
    uint64_t endings = session_map_endings(map);
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    for (size_t i = from; i < to && r == RESULT_OK; i++) {
        r = session_one(db, random, now, &owners->list[i * owners->count / count], &made[i - from],
                        err);
    }
    if (r == RESULT_OK) {
        r = db_commit(db, err);
    }
    db_rollback(db); /* what an error left open */
    for (size_t i = from; i < to && r == RESULT_OK; i++) {
        session_share(map, &made[i - from], now, endings);
    }
    return r;
}

static enum result sessions_write(struct db *db, struct session_map *map, instant now,
                                  const struct owners *owners, size_t count, struct error *err)
{
    struct random random;
    enum result r = RESULT_OK;

    random_system(&random);
    for (size_t from = 0; from < count && r == RESULT_OK; from += BLOCK) {
        size_t to = from + BLOCK < count ? from + BLOCK : count;

        r = block_write(db, map, &random, now, owners, from, to, count, err);
    }
    return r;
}

int main(int argc, char **argv)
{
    static struct config config;
    struct owners owners = {0};
    struct store *store = NULL;
    struct session_map *map = NULL;
    struct clock clock;
    struct db *db = NULL;
    struct error err = {0};
    int64_t count = 0;
    enum result r;

    if (argc != 2 || !text_to_int(text_of(argv[1]), &count) || count < 1) {
        fputs("usage: anju-bench-sessions COUNT\n", stderr);
        return USAGE;
    }
    r = config_load(&config, &err);
    if (r == RESULT_OK && !config.demo) {
        r = error_set(&err, RESULT_CONFIG, "sessions for a bench are written in a demo home only");
    }
    if (r == RESULT_OK) {
        r = config_clock(&config, &clock, &err);
    }
    if (r == RESULT_OK) {
        r = store_open(config.home, config.database, &store, &err);
    }
    if (r == RESULT_OK) {
        r = db_open(store, &db, &err);
    }
    if (r == RESULT_OK) {
        r = owners_read(db, &owners, &err);
    }
    if (r == RESULT_OK && owners.count < (size_t)count) {
        r = error_set(&err, RESULT_INVALID, "there are only %zu open accounts", owners.count);
    }
    if (r == RESULT_OK) {
        r = session_map_open(config.home, &map, &err);
    }
    if (r == RESULT_OK) {
        r = sessions_write(db, map, clock_now(&clock), &owners, (size_t)count, &err);
    }
    if (r != RESULT_OK) {
        fprintf(stderr, "anju-bench-sessions: %s\n", err.sentence);
    }
    free(owners.list);
    if (map) {
        session_map_close(map);
    }
    db_close(db);
    store_close(store);
    return result_exit_status(r);
}
