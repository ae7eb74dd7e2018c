#include "desk.h"

#include <stdio.h>
#include <stdlib.h>

const char *const ids[PEOPLE] = {"53019919880303991X", "530199200205069923", "530199199307099933"};
const char *const phones[PEOPLE] = {"10000000001", "10000000002", "10000000003"};

enum { NOW_S = 1795392000 };

static void good(struct desk *d, enum result r)
{
    if (r != RESULT_OK) {
        fail_msg("%s: %s", result_word(r), d->err.sentence);
    }
}

void desk_holder(struct desk *d, const char *person, const char *account, const char *id,
                 bool contributed)
{
    uint8_t index[VAULT_INDEX_SIZE];
    char sql[1200];
    struct bulk *b;

    snprintf(sql, sizeof sql,
             "INSERT INTO ledger.account VALUES ('%s', '%s', 'D1', 1, 17000, NULL, NULL, NULL, "
             "0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, 0, 0, '', 0, 1)",
             account, person);
    raw_sql(d->f, "ledger", sql);
    if (contributed) {
        snprintf(sql, sizeof sql,
                 "INSERT INTO ledger.entry VALUES ('%s', 1, 0, 0, 1, NULL, NULL, NULL, NULL, "
                 "NULL, 0, 0, 0, 0, 0, 0, 0, NULL, '', 0, NULL, 1, '')",
                 account);
        raw_sql(d->f, "ledger", sql);
    }
    vault_index(d->m.vault, "id", text_of(id), index);
    good(d, db_begin(d->db, STORE_WRITE_LEDGER, &d->err));
    good(d, bulk_begin(d->db, BULK_HOLDER, &b, &d->err));
    bulk_text(b, text_of(account));
    bulk_text(b, text_of(person));
    bulk_text(b, TEXT("某*人"));
    bulk_int(b, 1);
    bulk_bytes(b, "sealed", 6);
    bulk_text(b, TEXT("mask"));
    bulk_bytes(b, index, sizeof index);
    bulk_null(b);
    bulk_text(b, TEXT(""));
    bulk_null(b);
    bulk_null(b);
    bulk_text(b, TEXT(""));
    bulk_null(b);
    bulk_text(b, TEXT(""));
    good(d, bulk_row(b, &d->err));
    good(d, bulk_end(b, &d->err));
    good(d, db_commit(d->db, &d->err));
}

enum result desk_register(struct desk *d, const char *id, const char *phone, const char *password)
{
    struct member_registration reg = {text_of(id), text_of(phone), text_of(password), TEXT("zh")};

    return member_register(&d->m, d->db, &d->random, &reg, &d->err);
}

void desk_start(struct desk *d, struct fixture *f)
{
    char keys[128], person[16], account[16];

    *d = (struct desk){.f = f, .db = f->db};
    snprintf(d->config.home, sizeof d->config.home, "%s", f->home);
    snprintf(d->config.centre_zh, sizeof d->config.centre_zh, "示范市住房公积金管理中心");
    snprintf(d->config.centre_en, sizeof d->config.centre_en, "Demonstration Centre");
    d->config.demo = true;
    clock_fixed(&d->clock, "Asia/Shanghai", (instant)NOW_S * SECOND);
    random_system(&d->random);
    d->m.config = &d->config;
    d->m.clock = &d->clock;
    snprintf(keys, sizeof keys, "%s/keys", f->home);
    good(d, vault_open(keys, true, &d->m.vault, &d->err));
    good(d, session_map_open(f->home, &d->m.sessions, &d->err));
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(person, sizeof person, "P%d", i);
        snprintf(account, sizeof account, "A%d", i);
        desk_holder(d, person, account, ids[i], true);
        good(d, desk_register(d, ids[i], phones[i], PASSWORD));
    }
}

void desk_stop(struct desk *d)
{
    session_map_close(d->m.sessions);
    vault_close(d->m.vault);
}

/* --- the phone --- */

static bool phone_ready(void *context)
{
    (void)context;
    return true;
}

static enum result phone_takes(void *context, const struct message *m, struct error *err)
{
    struct desk *d = context;

    (void)err;
    assert_true(text_copy(m->text, d->text, sizeof d->text));
    assert_true(text_copy(m->to, d->to, sizeof d->to));
    for (const char *p = d->text; *p; p++) {
        if (strspn(p, "0123456789") == MEMBER_CODE_DIGITS) {
            snprintf(d->code, sizeof d->code, "%.6s", p);
            break;
        }
    }
    d->messages++;
    return RESULT_OK;
}

void collect(struct desk *d)
{
    struct messenger phone = {"phone", d, phone_ready, phone_takes};
    struct outbox o = {&d->clock, d->m.vault, &d->random, &phone, NULL};

    good(d, outbox_run(&o, d->db, NULL, &d->err));
}

/* --- signing in --- */

enum result start(struct desk *d, const char *login, const char *password, const char *network,
                  struct member_sign_in *s)
{
    enum result r;

    *s = (struct member_sign_in){
        .login = text_of(login), .password = text_of(password), .network = text_of(network)};
    r = member_sign_in_start(&d->m, d->db, &d->random, s, &d->err);
    if (r == RESULT_OK) {
        collect(d);
    }
    return r;
}

enum result finish(struct desk *d, const struct member_sign_in *s, const char *code,
                   const char *network, struct member_code *c)
{
    *c = (struct member_code){.challenge = text_of(s->challenge),
                              .code = text_of(code),
                              .network = text_of(network),
                              .channel = 1};
    return member_sign_in_finish(&d->m, d->db, &d->random, c, &d->err);
}

void sign_in(struct desk *d, const char *login, const char *network, char token[64])
{
    struct member_sign_in s;
    struct member_code c;

    good(d, start(d, login, PASSWORD, network, &s));
    good(d, finish(d, &s, d->code, network, &c));
    snprintf(token, 64, "%s", c.token);
}

enum result session_of(struct desk *d, const char *token, bool may_block, struct session *out)
{
    return member_session(&d->m, d->db, text_of(token), may_block, out, &d->err);
}

void wait_ms(struct desk *d, int64_t ms)
{
    d->clock.shift_ms += ms;
}
