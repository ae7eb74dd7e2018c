/* Requests of people who are signed in, in a small city: answered in the contract's form, and never
 * with another person's numbers. A cookie that begins with a digit is the session of that person. */
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "city/city.h"
#include "exchange/import.h"
#include "member/member.h"
#include "web_request.h"

enum {
    PEOPLE = 30,
    HOLDERS = 8, /* the demo depositors, and two ordinary ones */
    NUMBER_MAX = 24,
    PHONE_LEN = 11,
    COOKIE_MAX = MEMBER_TOKEN_TEXT_MAX + 16,
};

static struct web web;
static char home[64];

static struct holder_session {
    char person[NUMBER_MAX], account[NUMBER_MAX], cookie[COOKIE_MAX];
} holders[HOLDERS];

static void end(void)
{
    web_fixture_close(&web, home);
}

static void must(enum result r, const struct error *err)
{
    if (r != RESULT_OK) {
        fprintf(stderr, "%s\n", err->sentence);
        abort();
    }
}

static void show(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s\n", line);
}

static void city_take(void)
{
    static struct config config;
    char folder[96];
    struct error err = {0};
    struct import_report report = {.show = show};
    civil_date until = date_plus(clock_today(&web.clock), -1);
    struct city city = {.dir = folder,
                        .people = PEOPLE,
                        .seed = 1,
                        .until = until,
                        .from = DATE_NONE,
                        .first = until,
                        .set_number = 1};

    snprintf(folder, sizeof folder, "%s/city", home);
    must(city_write(&city, &err), &err);
    config = web.config;
    config.demo = true; /* a synthetic set goes nowhere else */
    must(import_set(web.store, web.vault, &config, folder, &report, &err), &err);
}

static void holders_read(struct db *db)
{
    struct error err = {0};
    struct stmt *q;
    int n = 0;

    must(db_begin(db, STORE_READ, &err), &err);
    q = db_query(db, QUERY_verify_accounts);
    while (n < HOLDERS && stmt_step(q) == STMT_ROW) {
        struct text account = column_text(q, 0), person = column_text(q, 1);
        bool known = n > 0 && text_equal(person, text_of(holders[n - 1].person));

        if (!known && text_copy(account, holders[n].account, NUMBER_MAX) &&
            text_copy(person, holders[n].person, NUMBER_MAX)) {
            n++;
        }
    }
    stmt_end(q);
    db_rollback(db);
    CHECK(n == HOLDERS);
}

/* Nobody ever types the password: its hash is a cheap one. */
static void member_make(struct db *db, const struct holder_session *h)
{
    char password[crypto_pwhash_STRBYTES];
    uint8_t sealed[PHONE_LEN + VAULT_OVERHEAD];
    struct vault_item item = {.place = {"desk.member", "phone", text_of(h->person)},
                              .in = TEXT("10000000001"),
                              .out = sealed};
    struct random random;
    struct error err = {0};
    struct stmt *q;

    random_system(&random);
    must(vault_seal(web.vault, &random, &item, 1), &err);
    CHECK(crypto_pwhash_str(password, "unknown", 7, crypto_pwhash_OPSLIMIT_MIN,
                            crypto_pwhash_MEMLIMIT_MIN) == 0);
    must(db_begin(db, STORE_WRITE_DESK, &err), &err);
    q = db_query(db, QUERY_member_insert);
    stmt_text(q, 1, text_of(h->person));
    stmt_text(q, 2, text_of(h->account));
    stmt_text(q, 3, text_of(password));
    stmt_bytes(q, 4, sealed, item.out_len);
    stmt_text(q, 5, TEXT(""));
    stmt_text(q, 6, TEXT("zh"));
    stmt_int(q, 7, clock_now(&web.clock));
    must(stmt_run(q, NULL, &err), &err);
    must(db_commit(db, &err), &err);
}

static void session_begin(struct db *db, struct holder_session *h)
{
    struct session s = {.channel = 1};
    struct random random;
    char token[MEMBER_TOKEN_TEXT_MAX];
    struct error err = {0};

    random_system(&random);
    text_copy(text_of(h->person), s.person, sizeof s.person);
    text_copy(text_of(h->account), s.account, sizeof s.account);
    must(db_begin(db, STORE_WRITE_DESK, &err), &err);
    must(member_session_begin(db, &random, clock_now(&web.clock), 0, TEXT("desktop"), &s, token,
                              &err),
         &err);
    must(db_commit(db, &err), &err);
    snprintf(h->cookie, sizeof h->cookie, "__Host-anju=%s", token);
}

/* All sessions once more: requests end them. */
static void sessions_begin(void)
{
    struct error err = {0};
    struct db *db = NULL;

    must(db_open(web.store, &db, &err), &err);
    if (holders[0].person[0] == '\0') {
        holders_read(db);
        for (int i = 0; i < HOLDERS; i++) {
            member_make(db, &holders[i]);
        }
    }
    for (int i = 0; i < HOLDERS; i++) {
        session_begin(db, &holders[i]);
    }
    db_close(db);
}

/* Gives the request its session: whose it is, or -1. */
static int sign_in(struct web_request *r)
{
    for (size_t i = 0; i < r->request.header_count; i++) {
        struct http_header *h = &r->headers[i];

        if (text_equal(h->name, TEXT("cookie")) && h->value.len > 0 && h->value.at[0] >= '0' &&
            h->value.at[0] < '0' + HOLDERS) {
            int who = h->value.at[0] - '0';

            h->value = text_of(holders[who].cookie);
            return who;
        }
    }
    return -1;
}

static void nobody_else_is_shown(const struct http_response *response, int who)
{
    for (int i = 0; i < HOLDERS; i++) {
        if (i != who && response->body_len > 0) {
            CHECK(!memmem(response->body, response->body_len, holders[i].account,
                          strlen(holders[i].account)));
            CHECK(!memmem(response->body, response->body_len, holders[i].person,
                          strlen(holders[i].person)));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct web_request r;
    struct http_response response;
    json_t *json;
    int who;

    if (home[0] == '\0') {
        web_fixture_open(&web, home);
        atexit(end);
        city_take();
        sessions_begin();
    }
    web_request_read(&r, (const char *)bytes, size);
    who = sign_in(&r);
    web_request_run(&web, &r.request, &response);
    CHECK(!response.failed);
    CHECK(response.status >= 200 && response.status <= 599);
    CHECK(response.status != 500);
    nobody_else_is_shown(&response, who);
    if (response.status >= 400) {
        CHECK(text_equal(response.content_type, TEXT("application/problem+json")));
        CHECK(response.code.len > 0);
    }
    if (response.body_len > 0 && !text_starts(response.content_type, TEXT("text/csv"))) {
        json = json_loadb(response.body, response.body_len, JSON_REJECT_DUPLICATES, NULL);
        CHECK(json_is_object(json));
        json_decref(json);
    }
    if (who >= 0 && response.status == 401) {
        sessions_begin();
    }
    http_response_release(&response);
    return 0;
}
