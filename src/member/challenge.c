/* Between the password and the code: the challenge, and the message that carries its code. */
#include <sodium.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "member/internal.h"

enum { CODE_BELOW = 1000000, PHONE_MAX = 32 };
_Static_assert(MEMBER_CODE_DIGITS == 6, "as CODE_BELOW and the format below have it");

void worker_wake(const struct config *config)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    char path[CONFIG_PATH_MAX + 32];
    int fd;

    snprintf(path, sizeof path, "%s/run/worker.sock", config->home);
    if (!text_copy(text_of(path), to.sun_path, sizeof to.sun_path)) {
        return; /* too long a name for a socket: the worker looks every second */
    }
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0) {
        (void)!sendto(fd, "", 1, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to);
        close(fd);
    }
}

/* --- whom to send it to --- */

enum result recipient_read(struct member_desk *m, struct db *db, struct text person,
                           struct recipient *out, char *mask, size_t mask_room, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_member_to_call);
    struct vault_item item = {
        .place = {"desk.member", "phone", person},
        .out = (uint8_t *)out->phone,
    };
    enum stmt_step step;
    bool good;

    stmt_text(q, 1, person);
    step = stmt_step(q);
    if (step == STMT_FAILED) {
        return db_failure(db, err);
    }
    if (step != STMT_ROW) {
        return error_set(err, RESULT_DAMAGED, "a login name of a member who is not there");
    }
    item.in = column_bytes(q, 0);
    good = item.in.len <= sizeof out->phone && vault_open_fields(m->vault, &item, 1) == RESULT_OK &&
           text_copy(column_text(q, 1), mask, mask_room);
    out->phone_len = item.out_len;
    out->english = text_equal(column_text(q, 2), TEXT("en"));
    stmt_end(q);
    return good ? RESULT_OK : error_set(err, RESULT_DAMAGED, "a member's phone does not open");
}

/* --- the challenge --- */

void code_draw(struct random *r, char out[CODE_TEXT_MAX])
{
    snprintf(out, CODE_TEXT_MAX, "%06u", (unsigned)random_below(r, CODE_BELOW));
}

void code_hash(struct member_desk *m, const uint8_t id[MEMBER_KEY_SIZE], const char *code,
               uint8_t out[MEMBER_KEY_SIZE])
{
    char both[MEMBER_KEY_SIZE + MEMBER_CODE_DIGITS];

    memcpy(both, id, MEMBER_KEY_SIZE);
    memcpy(both + MEMBER_KEY_SIZE, code, MEMBER_CODE_DIGITS);
    vault_token_hash(m->vault, "sign-in code", (struct text){both, sizeof both}, out);
    sodium_memzero(both, sizeof both);
}

static enum result challenge_write(struct member_desk *m, struct db *db, struct random *r,
                                   struct text person, instant now, const char *code,
                                   struct member_sign_in *s, struct error *err)
{
    uint8_t id[MEMBER_KEY_SIZE], hash[MEMBER_KEY_SIZE];
    struct stmt *q = db_query(db, QUERY_challenge_insert);

    token_make(r, s->challenge, sizeof s->challenge, id);
    code_hash(m, id, code, hash);
    s->expires = now + (instant)MEMBER_CODE_SECONDS * MEMBER_SECOND_MS;
    stmt_bytes(q, 1, id, sizeof id);
    stmt_text(q, 2, person);
    stmt_bytes(q, 3, hash, sizeof hash);
    stmt_int(q, 4, now);
    stmt_int(q, 5, s->expires);
    return stmt_run(q, NULL, err);
}

enum result challenge_make(struct member_desk *m, struct db *db, struct random *r,
                           struct text person, instant now, struct member_sign_in *s,
                           struct error *err)
{
    struct throttle limits[THROTTLE_CODES];
    char code[CODE_TEXT_MAX], message[NOTICE_TEXT_MAX];
    struct recipient to = {0};
    size_t len;
    enum result result = RESULT_OK;

    throttle_of_codes(m, person, limits);
    for (int i = 0; i < THROTTLE_CODES && result == RESULT_OK; i++) {
        result = throttle_take(db, &limits[i], now, &s->until, err);
    }
    if (result == RESULT_OK) {
        result = recipient_read(m, db, person, &to, s->sent_to, sizeof s->sent_to, err);
    }
    if (result != RESULT_OK) {
        goto done;
    }
    code_draw(r, code);
    result = notice_words(m, WORDS_SIGN_IN, code, to.english, message, &len, err);
    if (result == RESULT_OK) {
        result = challenge_write(m, db, r, person, now, code, s, err);
    }
    if (result == RESULT_OK) {
        result = notice_put(m, db, r,
                            &(struct notice){.kind = NOTICE_CODE,
                                             .person = person,
                                             .phone = {to.phone, to.phone_len},
                                             .text = {message, len},
                                             .now = now,
                                             .expires = s->expires},
                            err);
    }
done:
    sodium_memzero(code, sizeof code);
    sodium_memzero(message, sizeof message);
    sodium_memzero(&to, sizeof to);
    return result;
}
