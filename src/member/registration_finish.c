/* The third step: a password, and the person is a member. */
#include "member/registration.h"

#include <sodium.h>

enum { WELCOME_SECONDS = 86400 };

/* Reads a registration whose checks have passed. */
static enum result passed_read(struct member_desk *m, struct db *db,
                               const uint8_t id[MEMBER_KEY_SIZE], struct registration *out,
                               struct error *err)
{
    enum result r = db_begin(db, STORE_WRITE_DESK, err);

    if (r != RESULT_OK) {
        return r;
    }
    r = registration_read(m, db, id, out, err);
    db_rollback(db); /* it only read */
    if (r == RESULT_OK && out->state == STATE_MEMBER) {
        r = error_set(err, RESULT_CONFLICT, "this registration has made a member already");
    } else if (r == RESULT_OK &&
               (out->state != STATE_PASSED || registration_is_over(out, clock_now(m->clock)))) {
        r = error_set(err, RESULT_EXPIRED, "the registration is over, or not so far yet");
    }
    return r;
}

static enum result welcome(struct member_desk *m, struct db *db, struct random *r,
                           const struct member_registration *reg, const struct member_holder *h,
                           struct error *err)
{
    instant now = clock_now(m->clock);
    char words[NOTICE_TEXT_MAX];
    struct notice o = {
        .kind = NOTICE_WELCOME,
        .person = text_of(h->person),
        .phone = reg->phone,
        .now = now,
        .expires = now + (instant)WELCOME_SECONDS * MEMBER_SECOND_MS,
    };
    size_t len = 0;
    enum result result =
        notice_words(m, WORDS_WELCOME, "", text_equal(reg->language, TEXT("en")), words, &len, err);

    o.text = (struct text){words, len};
    return result == RESULT_OK ? notice_put(m, db, r, &o, err) : result;
}

/* Inside the desk transaction: the member, the end of the registration, and the message about it. */
static enum result all_write(struct member_desk *m, struct db *db, struct random *r,
                             const uint8_t id[MEMBER_KEY_SIZE],
                             const struct member_registration *reg, const struct member_holder *h,
                             struct error *err)
{
    bool done = false;
    enum result result = registration_settle(db, id, STATE_PASSED, STATE_MEMBER, &done, err);

    if (result == RESULT_OK && !done) {
        return error_set(err, RESULT_CONFLICT, "another request was quicker");
    }
    if (result == RESULT_OK) {
        result = member_write(m, db, r, reg, h, err);
    }
    if (result == RESULT_OK) {
        result = message_put(db, text_of(h->person), clock_now(m->clock), EVENT_REGISTERED,
                             TEXT(""), err);
    }
    return result == RESULT_OK ? welcome(m, db, r, reg, h, err) : result;
}

enum result member_registration_finish(struct member_desk *m, struct db *db, struct random *r,
                                       struct text registration, struct text password,
                                       struct error *err)
{
    struct registration row = {0};
    struct member_registration reg = {.password = password};
    struct member_holder h = {0};
    uint8_t id[MEMBER_KEY_SIZE];
    enum result result;

    if (!token_read(registration, id)) {
        return error_set(err, RESULT_NOT_FOUND, "there is no such registration");
    }
    result = passed_read(m, db, id, &row, err);
    if (result != RESULT_OK) {
        goto done;
    }
    reg.id_number = row.proof.id_number;
    reg.phone = row.proof.phone;
    reg.language = text_of(row.language);
    result = password_check(&reg, err);
    if (result == RESULT_OK) {
        result = holder_ask(m, db, &reg, &h, err);
    }
    if (result == RESULT_OK) {
        result = password_hash(password, h.password, err);
    }
    if (result == RESULT_OK) {
        result = db_begin(db, STORE_WRITE_DESK, err);
    }
    if (result != RESULT_OK) {
        goto done;
    }
    result = all_write(m, db, r, id, &reg, &h, err);
    if (result != RESULT_OK) {
        db_rollback(db);
        goto done;
    }
    result = db_commit(db, err);
    if (result == RESULT_OK) {
        worker_wake(m->config);
    }
done:
    sodium_memzero(&row, sizeof row);
    sodium_memzero(&h, sizeof h);
    return result;
}
