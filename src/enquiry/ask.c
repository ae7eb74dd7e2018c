/* Asking: the same form sent twice is one enquiry, and nobody asks without end. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "enquiry/internal.h"

enum {
    DAY_MS = 24 * 3600 * 1000,
    NUMBERS_A_DAY = 1000000,
    TURNS = 8, /* another one of the same person took the place, or the number was drawn before */
};

static bool key_valid(struct text key)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    for (size_t i = 0; i < key.len; i++) {
        if (key.at[i] == '\0' || !strchr(allowed, key.at[i])) {
            return false;
        }
    }
    return key.len >= ENQUIRY_KEY_MIN && key.len <= ENQUIRY_KEY_MAX;
}

static enum result question_check(const struct enquiry_question *q, struct error *err)
{
    if (!key_valid(q->key)) {
        return error_set(err, RESULT_INVALID, "an enquiry needs a key of %d to %d characters",
                         ENQUIRY_KEY_MIN, ENQUIRY_KEY_MAX);
    }
    if (!enquiry_reference_valid(q->about, q->reference)) {
        return error_set(err, RESULT_INVALID, "the reference is none of what it is about");
    }
    if (!enquiry_words_valid(q->words)) {
        return error_set(err, RESULT_INVALID, "an enquiry has 1 to %d characters",
                         ENQUIRY_WORDS_MAX);
    }
    return RESULT_OK;
}

enum result enquiry_reference_find(struct db *db, const struct view *v, struct text account,
                                   int about, struct text reference, struct error *err)
{
    static const enum query_id finds[] = {
        [ABOUT_ENTRY] = QUERY_enquiry_entry_there,
        [ABOUT_LOOK] = QUERY_enquiry_look_there,
        [ABOUT_WITHDRAWAL] = QUERY_enquiry_application_there,
        [ABOUT_LOAN] = QUERY_enquiry_loans,
    };
    bool by_number = about == ABOUT_ENTRY || about == ABOUT_LOOK;
    struct stmt *q;
    enum stmt_step step;
    int64_t n = 0;
    bool there;

    if (about < ABOUT_ENTRY || about > ABOUT_LOAN || reference.len == 0) {
        return RESULT_OK; /* it names nothing that would have to be there */
    }
    if (about != ABOUT_WITHDRAWAL && !text_to_int(reference, &n)) {
        return error_set(err, RESULT_INVALID, "the reference is none of what it is about");
    }
    q = db_query(db, finds[about]);
    stmt_text(q, 1, about == ABOUT_LOOK ? v->person : account);
    if (by_number) {
        stmt_int(q, 2, n);
    } else if (about == ABOUT_WITHDRAWAL) {
        stmt_text(q, 2, reference);
    }
    step = stmt_step(q);
    there = step == STMT_ROW && (about != ABOUT_LOAN || n <= column_int(q, 0));
    stmt_end(q);
    if (step != STMT_ROW && step != STMT_DONE) {
        return db_failure(db, err);
    }
    return there ? RESULT_OK
                 : error_set(err, RESULT_NOT_FOUND, "there is nothing of one's own by that name");
}

/* The keyed hash of everything that came with the key; fields end in NUL, which none can hold. */
static void question_hash(const struct enquiry_desk *d, const struct enquiry_question *q,
                          uint8_t out[VAULT_INDEX_SIZE])
{
    char bytes[WORDS_BYTES + 2 * ENQUIRY_REFERENCE_MAX + 64];
    int len = snprintf(bytes, sizeof bytes, "%d%c%.*s%c%.*s%c%.*s", q->about, 0,
                       TEXT_ARG(q->account), 0, TEXT_ARG(q->reference), 0, TEXT_ARG(q->words));

    assert(len > 0 && (size_t)len < sizeof bytes);
    vault_token_hash(d->vault, "enquiry", (struct text){bytes, (size_t)len}, out);
}

enum result words_seal(const struct enquiry_desk *d, struct random *r, const char *table,
                       struct text person, struct text words, uint8_t *out, size_t *len,
                       struct error *err)
{
    struct vault_item item = {.place = {table, "words", person}, .in = words, .out = out};

    if (vault_seal(d->vault, r, &item, 1) != RESULT_OK) {
        return error_set(err, RESULT_INTERNAL, "words of an enquiry cannot be sealed");
    }
    *len = item.out_len;
    return RESULT_OK;
}

/* Was this key used before? *known then, and out is what was answered. */
static enum result replay_read(struct db *db, struct text person, struct text key,
                               const uint8_t hash[VAULT_INDEX_SIZE], struct enquiry_asked *out,
                               bool *known, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_enquiry_by_key);
    enum stmt_step step;
    struct text before;
    bool same;

    *known = false;
    stmt_text(q, 1, person);
    stmt_text(q, 2, key);
    step = stmt_step(q);
    if (step != STMT_ROW) {
        return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
    }
    *known = true;
    before = column_bytes(q, 4);
    same = before.len == VAULT_INDEX_SIZE && memcmp(before.at, hash, VAULT_INDEX_SIZE) == 0;
    *out = (struct enquiry_asked){
        .seq = column_int(q, 0),
        .at = column_int(q, 2),
        .due_on = column_date(q, 3),
        .replay = true,
    };
    text_copy(column_text(q, 1), out->number, sizeof out->number);
    stmt_end(q);
    return same ? RESULT_OK
                : error_set(err, RESULT_CONFLICT, "the key of another enquiry was used again");
}

/* Sets out->seq to the next; TOO_MANY when the person has to wait. */
static enum result place_take(struct db *db, struct text person, instant now,
                              struct enquiry_asked *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_enquiry_count);
    int64_t open, lately;
    instant first;

    stmt_text(q, 1, person);
    stmt_int(q, 2, now - DAY_MS);
    if (stmt_step(q) != STMT_ROW) {
        return db_failure(db, err);
    }
    out->seq = column_int(q, 0) + 1;
    open = column_int(q, 1);
    lately = column_int(q, 2);
    first = column_int(q, 3);
    stmt_end(q);
    if (open >= ENQUIRY_OPEN_MAX) {
        return error_set(err, RESULT_TOO_MANY, "%d enquiries are open", ENQUIRY_OPEN_MAX);
    }
    if (lately >= ENQUIRY_DAY_MAX) {
        out->until = first + DAY_MS;
        return error_set(err, RESULT_TOO_MANY, "%d enquiries in a day", ENQUIRY_DAY_MAX);
    }
    return RESULT_OK;
}

/* W20261124-048213: the day, and a number drawn so that it says nothing of how many there are. */
static void number_draw(struct random *r, civil_date today, char out[ENQUIRY_NUMBER_MAX])
{
    int year, month, day;

    date_split(today, &year, &month, &day);
    snprintf(out, ENQUIRY_NUMBER_MAX, "W%04d%02d%02d-%06" PRIu64, year % 10000, month % 100,
             day % 100, random_below(r, NUMBERS_A_DAY));
}

struct asking {
    const struct enquiry_question *question;
    struct text person;
    uint8_t hash[VAULT_INDEX_SIZE];
    const uint8_t *sealed;
    size_t sealed_len;
    int channel;
};

static enum result question_write(struct db *db, const struct asking *k,
                                  const struct enquiry_asked *e, int64_t *written,
                                  struct error *err)
{
    struct stmt *q = db_query(db, QUERY_enquiry_insert);

    stmt_text(q, 1, k->person);
    stmt_int(q, 2, e->seq);
    stmt_text(q, 3, text_of(e->number));
    stmt_text(q, 4, k->question->account);
    stmt_int(q, 5, k->question->about);
    stmt_text(q, 6, k->question->reference);
    stmt_bytes(q, 7, k->sealed, k->sealed_len);
    stmt_int(q, 8, e->at);
    stmt_date(q, 9, e->due_on);
    stmt_int(q, 10, k->channel);
    stmt_text(q, 11, k->question->key);
    stmt_bytes(q, 12, k->hash, sizeof k->hash);
    return stmt_run(q, written, err);
}

/* One turn in a transaction. *again: the place or the number was taken, nothing is written. */
static enum result ask_once(const struct enquiry_desk *d, struct db *db, struct random *r,
                            const struct asking *k, struct enquiry_asked *out, bool *again,
                            struct error *err)
{
    civil_date today = clock_today(d->clock);
    instant now = clock_now(d->clock);
    int64_t written = 0;
    bool known;
    enum result result = replay_read(db, k->person, k->question->key, k->hash, out, &known, err);

    *again = false;
    if (result != RESULT_OK || known) {
        return result;
    }
    *out = (struct enquiry_asked){
        .at = now, .due_on = date_plus(today, policy_dispute_days(d->policy, today))};
    result = place_take(db, k->person, now, out, err);
    if (result != RESULT_OK) {
        return result;
    }
    number_draw(r, today, out->number);
    result = question_write(db, k, out, &written, err);
    *again = result == RESULT_OK && written != 1;
    return result;
}

enum result enquiry_ask(const struct enquiry_desk *d, struct db *db, struct random *r,
                        const struct view *v, const struct enquiry_question *q,
                        struct enquiry_asked *out, struct error *err)
{
    uint8_t sealed[WORDS_BYTES + VAULT_OVERHEAD];
    struct asking k = {
        .question = q, .person = v->person, .sealed = sealed, .channel = CHANNEL_WEB};
    enum result result = question_check(q, err);

    assert(view_is_good(v, PART_ENQUIRIES));
    *out = (struct enquiry_asked){0};
    if (result == RESULT_OK) {
        result = words_seal(d, r, "desk.enquiry", v->person, q->words, sealed, &k.sealed_len, err);
    }
    if (result != RESULT_OK) {
        return result;
    }
    question_hash(d, q, k.hash);
    for (int turn = 0; turn < TURNS; turn++) {
        bool again;

        result = db_begin(db, STORE_WRITE_DESK, err);
        if (result != RESULT_OK) {
            return result;
        }
        result = ask_once(d, db, r, &k, out, &again, err);
        if (result == RESULT_OK && !again) {
            return db_commit(db, err);
        }
        db_rollback(db);
        if (result != RESULT_OK) {
            return result;
        }
    }
    return error_set(err, RESULT_BUSY, "many enquiries of one person at once");
}
