/* What is written to phones, and its way into the outbox. */
#include <sodium.h>
#include <stdio.h>

#include "member/internal.h"

enum { PHONE_MAX = 32, MESSAGE_ID = 16, SECONDS = 60 };

/* The code's name comes before the code, and nothing else has as many digits: phones offer it for
 * filling in. */
enum result notice_words(const struct member_desk *m, enum notice_words which, const char *code,
                         bool english, char out[NOTICE_TEXT_MAX], size_t *len, struct error *err)
{
    const char *centre = english ? m->config->centre_en : m->config->centre_zh;
    const int minutes = MEMBER_CODE_SECONDS / SECONDS;
    int n = -1;

#define WORDS(zh, en, ...)                                     \
    (english ? snprintf(out, NOTICE_TEXT_MAX, en, __VA_ARGS__) \
             : snprintf(out, NOTICE_TEXT_MAX, zh, __VA_ARGS__))
    switch (which) {
    case WORDS_SIGN_IN:
        n = WORDS(
            "【%s】登录验证码 %s，%d 分钟内有效。请勿告诉任何人，工作人员不会向您索要验证码。",
            "%s: your sign-in code is %s, good for %d minutes. Never tell it to anyone; our "
            "staff will never ask for it.",
            centre, code, minutes);
        break;
    case WORDS_REGISTRATION:
        n = WORDS("【%s】实名注册验证码 %s，%d 分钟内有效。请勿告诉任何人，工作人员不会向您索要"
                  "验证码。若非本人操作，请忽略。",
                  "%s: your registration code is %s, good for %d minutes. Never tell it to anyone; "
                  "our staff will never ask for it. Not you? Ignore this.",
                  centre, code, minutes);
        break;
    case WORDS_WELCOME:
        n = WORDS("【%s】您已完成实名注册，可用证件号码或本手机号登录网上大厅。若非本人操作，"
                  "请立即联系本中心。",
                  "%s: you are registered. Sign in to the hall with your ID number or this phone "
                  "number. Not you? Tell us at once.",
                  centre);
        break;
    case WORDS_NEW_PASSWORD:
        n = WORDS(
            "【%s】您的网上大厅登录密码已更改，其他设备上的登录已结束。若非本人操作，请立即联系"
            "本中心。",
            "%s: the password of your account in the hall was changed and other devices were "
            "signed out. Not you? Tell us at once.",
            centre);
        break;
    }
#undef WORDS
    if (n <= 0 || n >= NOTICE_TEXT_MAX) {
        return error_set(err, RESULT_CONFIG,
                         "anju.yaml: the centre's name is too long for a text message");
    }
    *len = (size_t)n;
    return RESULT_OK;
}

enum result notice_put(struct member_desk *m, struct db *db, struct random *r,
                       const struct notice *o, struct error *err)
{
    uint8_t id[MESSAGE_ID], address[PHONE_MAX + VAULT_OVERHEAD];
    uint8_t body[NOTICE_TEXT_MAX + VAULT_OVERHEAD];
    struct vault_item items[] = {
        {.place = {"desk.outbox", "address", o->person}, .in = o->phone, .out = address},
        {.place = {"desk.outbox", "body", o->person}, .in = o->text, .out = body},
    };
    struct stmt *q = db_query(db, QUERY_outbox_insert);

    if (o->phone.len > PHONE_MAX || vault_seal(m->vault, r, items, 2) != RESULT_OK) {
        return error_set(err, RESULT_INTERNAL, "a message cannot be sealed");
    }
    random_fill(r, id, sizeof id);
    stmt_bytes(q, 1, id, sizeof id);
    stmt_text(q, 2, o->person);
    stmt_int(q, 3, o->kind);
    stmt_bytes(q, 4, address, items[0].out_len);
    stmt_bytes(q, 5, body, items[1].out_len);
    stmt_int(q, 6, o->now);
    stmt_int(q, 7, o->expires);
    return stmt_run(q, NULL, err);
}
