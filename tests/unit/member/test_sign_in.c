/* Signing in: the two steps, and everything that may not get through. */
#include "desk.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define HERE "203.0.113.7"
#define WITH_DESK  \
    struct desk d; \
    desk_start(&d, *state)

static void happy_path(void **state)
{
    WITH_DESK;
    struct member_sign_in s;
    struct member_code c;
    struct session one, two;
    char first[64], second[64];
    instant before = clock_now(&d.clock);

    assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_OK);
    assert_int_equal(s.expires, before + 300 * SECOND);
    assert_string_equal(s.sent_to, "100****0001");
    assert_int_equal(strlen(s.challenge), 43);
    assert_string_equal(d.to, phones[0]);
    assert_non_null(strstr(d.text, "示范市住房公积金管理中心"));
    assert_non_null(strstr(d.text, "5 分钟"));
    assert_int_equal(finish(&d, &s, d.code, HERE, &c), RESULT_OK);
    snprintf(first, sizeof first, "%s", c.token);
    assert_int_equal(session_of(&d, first, false, &one), RESULT_OK);
    assert_string_equal(one.person, "P0");
    assert_string_equal(one.account, "A0");
    assert_int_equal(one.channel, 1);
    assert_int_equal(one.ends, one.created + 8 * 3600 * SECOND);

    wait_ms(&d, 5 * MINUTE);
    sign_in(&d, phones[0], HERE, second);
    assert_string_not_equal(first, second);
    assert_int_equal(session_of(&d, second, false, &two), RESULT_OK);
    assert_memory_not_equal(one.id, two.id, 32);
    assert_int_equal(one.previous, 0);
    assert_int_equal(two.previous, one.created);
    desk_stop(&d);
}

static void small_x_and_english(void **state)
{
    WITH_DESK;
    struct member_sign_in s;

    raw_sql(d.f, "desk", "UPDATE desk.member SET language = 'en' WHERE person = 'P0'");
    assert_int_equal(start(&d, "53019919880303991x", PASSWORD, HERE, &s), RESULT_OK);
    assert_non_null(strstr(d.text, "Demonstration Centre: your sign-in code is"));
    assert_int_equal(strlen(d.code), 6);
    desk_stop(&d);
}

/* Whatever is wrong, the answer and the work are the same. */
static void same_work(void **state)
{
    static const struct {
        const char *login, *password;
    } cases[] = {
        {"53019919880303991X", WRONG},
        {"530199198803039198", WRONG},
        {"530199198803039198", PASSWORD},
        {"10000000001", WRONG},
        {"10000000009", PASSWORD},
        {"", ""},
        {"nobody's number at all, and a long one", PASSWORD},
    };
    WITH_DESK;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct member_sign_in s;
        uint64_t runs = password_runs();

        assert_int_equal(start(&d, cases[i].login, cases[i].password, HERE, &s), RESULT_REFUSED);
        assert_int_equal(password_runs(), runs + 1);
        assert_string_equal(d.err.sentence, "the number or the password is wrong");
        assert_string_equal(s.challenge, "");
    }
    collect(&d);
    assert_int_equal(d.messages, 0);
    desk_stop(&d);
}

static void refused(struct desk *d, const char *login, const char *network, int times)
{
    struct member_sign_in s;

    for (int i = 0; i < times; i++) {
        assert_int_equal(start(d, login, WRONG, network, &s), RESULT_REFUSED);
    }
}

/* Waits without hashing anything. */
static instant waits(struct desk *d, const char *login, const char *password, const char *network)
{
    struct member_sign_in s;
    uint64_t runs = password_runs();

    assert_int_equal(start(d, login, password, network, &s), RESULT_TOO_MANY);
    assert_int_equal(password_runs(), runs);
    return s.until;
}

static void five_wrong_tries(void **state)
{
    static const char *const logins[] = {"530199200205069923", "530199200205060000"};
    WITH_DESK;
    instant until = clock_now(&d.clock) + 900 * SECOND;

    for (int i = 0; i < 2; i++) { /* known and unknown alike */
        refused(&d, logins[i], HERE, 5);
        assert_int_equal(waits(&d, logins[i], WRONG, HERE), until);
        assert_int_equal(waits(&d, logins[i], PASSWORD, HERE), until);
    }
    /* The owner is elsewhere, and is not kept out. */
    char token[64];
    sign_in(&d, ids[1], "198.51.100.1", token);
    /* The wait ends. */
    wait_ms(&d, 900 * SECOND - 1);
    waits(&d, ids[1], PASSWORD, HERE);
    wait_ms(&d, 1);
    sign_in(&d, ids[1], HERE, token);
    /* A right password ends the row of wrong ones. */
    refused(&d, ids[1], HERE, 4);
    sign_in(&d, ids[1], HERE, token);
    refused(&d, ids[1], HERE, 4);
    desk_stop(&d);
}

/* A try that read the clock before another one, and had its turn after it, does not begin a new
 * window; a clock that was really set back does, so that nobody waits for hours. */
static void tries_that_overtake(void **state)
{
    WITH_DESK;
    char token[64];

    refused(&d, ids[1], HERE, 1);
    wait_ms(&d, -SECOND);
    refused(&d, ids[1], HERE, 4);
    waits(&d, ids[1], PASSWORD, HERE);
    wait_ms(&d, -60 * MINUTE);
    sign_in(&d, ids[1], HERE, token);
    desk_stop(&d);
}

static void many_networks(void **state)
{
    static const char *const logins[] = {"530199200205069923", "530199200205060000"};
    WITH_DESK;
    char token[64], network[32];

    sign_in(&d, ids[1], "198.51.100.1", token); /* where the owner lives */
    for (int i = 0; i < 2; i++) {
        for (int n = 0; n < 4; n++) {
            snprintf(network, sizeof network, "192.0.2.%d", n);
            refused(&d, logins[i], network, 5);
        }
        waits(&d, logins[i], PASSWORD, "192.0.2.200");
    }
    sign_in(&d, ids[1], "198.51.100.1", token);   /* and still gets in */
    sign_in(&d, phones[1], "192.0.2.201", token); /* the other name was not attacked */
    wait_ms(&d, 900 * SECOND);
    sign_in(&d, ids[1], "192.0.2.200", token);
    desk_stop(&d);
}

static void one_network_many_names(void **state)
{
    WITH_DESK;
    char login[32], token[64];

    for (int i = 0; i < MEMBER_NETWORK_TRIES; i++) {
        snprintf(login, sizeof login, "5301992002050%05d", i);
        refused(&d, login, HERE, 1);
    }
    instant until = waits(&d, ids[0], PASSWORD, HERE);
    assert_int_equal(waits(&d, "530199200205012345", PASSWORD, HERE), until);
    sign_in(&d, ids[0], "192.0.2.5", token);
    wait_ms(&d, until - clock_now(&d.clock));
    sign_in(&d, ids[0], HERE, token);
    desk_stop(&d);
}

static void our_fault_costs_nothing(void **state)
{
    WITH_DESK;
    struct member_sign_in s;

    raw_sql(d.f, "desk", "UPDATE desk.member SET phone_sealed = '' WHERE person = 'P0'");
    for (int i = 0; i < 7; i++) {
        assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_DAMAGED);
    }
    refused(&d, ids[0], HERE, 5);
    desk_stop(&d);
}

static const char *other_code(const struct desk *d)
{
    return strcmp(d->code, "123456") == 0 ? "654321" : "123456";
}

static void wrong_codes(void **state)
{
    WITH_DESK;
    struct member_sign_in s;
    struct member_code c;
    char right[8];

    assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_OK);
    snprintf(right, sizeof right, "%s", d.code);
    assert_int_equal(finish(&d, &s, "12345", HERE, &c), RESULT_REFUSED);
    assert_int_equal(c.tries_left, 5);
    assert_int_equal(finish(&d, &s, "12345a", HERE, &c), RESULT_REFUSED);
    assert_int_equal(c.tries_left, 5);
    for (int left = 4; left >= 0; left--) {
        assert_int_equal(finish(&d, &s, other_code(&d), HERE, &c), RESULT_REFUSED);
        assert_int_equal(c.tries_left, left);
        assert_string_equal(c.token, "");
    }
    assert_int_equal(finish(&d, &s, right, HERE, &c), RESULT_EXPIRED);
    snprintf(s.challenge, sizeof s.challenge, "%s", "aaaa");
    assert_int_equal(finish(&d, &s, right, HERE, &c), RESULT_NOT_FOUND);
    memset(s.challenge, 'A', 43);
    s.challenge[43] = '\0';
    assert_int_equal(finish(&d, &s, right, HERE, &c), RESULT_NOT_FOUND);
    desk_stop(&d);
}

static void code_once_and_in_time(void **state)
{
    WITH_DESK;
    struct member_sign_in s, other;
    struct member_code c;
    char code[8];

    assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_OK);
    assert_int_equal(finish(&d, &s, d.code, HERE, &c), RESULT_OK);
    assert_int_equal(finish(&d, &s, d.code, HERE, &c), RESULT_EXPIRED);
    assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_OK);
    wait_ms(&d, 300 * SECOND - 1);
    snprintf(code, sizeof code, "%s", d.code);
    /* One person's code does not open another's challenge. */
    assert_int_equal(start(&d, ids[1], PASSWORD, HERE, &other), RESULT_OK);
    if (strcmp(code, d.code) != 0) {
        assert_int_equal(finish(&d, &other, code, HERE, &c), RESULT_REFUSED);
    }
    assert_int_equal(finish(&d, &s, code, HERE, &c), RESULT_OK);
    assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_OK);
    wait_ms(&d, 300 * SECOND);
    assert_int_equal(finish(&d, &s, d.code, HERE, &c), RESULT_EXPIRED);
    assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_OK);
    wait_ms(&d, -MINUTE); /* a clock that was set back */
    assert_int_equal(finish(&d, &s, d.code, HERE, &c), RESULT_EXPIRED);
    desk_stop(&d);
}

static void too_many_codes(void **state)
{
    WITH_DESK;
    struct member_sign_in s;
    instant first = clock_now(&d.clock);

    for (int i = 0; i < 5; i++) {
        assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_OK);
    }
    assert_int_equal(start(&d, phones[0], PASSWORD, HERE, &s), RESULT_TOO_MANY);
    assert_int_equal(s.until, first + 900 * SECOND);
    assert_int_equal(d.messages, 5);
    assert_int_equal(start(&d, ids[1], PASSWORD, HERE, &s), RESULT_OK);
    for (int n = 1; n < 4; n++) { /* and at most twenty in a day */
        wait_ms(&d, 900 * SECOND);
        for (int i = 0; i < 5; i++) {
            assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_OK);
        }
    }
    wait_ms(&d, 900 * SECOND);
    assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_TOO_MANY);
    assert_int_equal(s.until, first + 86400 * (instant)SECOND);
    desk_stop(&d);
}

static void registering(void **state)
{
    static const char *const weak[] = {
        "short",      "88888888",    "12345678",
        "1234567890", "hgfedcba",    "20020506",
        "10000000",   "with a\ttab", "\xff\xff\xff\xff\xff\xff\xff\xff"};
    WITH_DESK;
    struct member_sign_in s;
    char long_one[2 * MEMBER_PASSWORD_MAX];

    assert_int_equal(desk_register(&d, ids[0], phones[0], PASSWORD), RESULT_CONFLICT);
    assert_int_equal(desk_register(&d, "53019919880303991x", phones[0], PASSWORD), RESULT_CONFLICT);
    assert_int_equal(desk_register(&d, "530199199001010000", phones[0], PASSWORD),
                     RESULT_NOT_FOUND);
    desk_holder(&d, "P9", "A9", "530199199001010009", false);
    assert_int_equal(desk_register(&d, "530199199001010009", "10000000009", PASSWORD),
                     RESULT_NOT_FOUND);
    assert_non_null(strstr(d.err.sentence, "first contribution"));
    assert_int_equal(desk_register(&d, "530199199001010009", "1000000000", PASSWORD),
                     RESULT_INVALID);
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
        assert_int_equal(desk_register(&d, ids[1], phones[0], weak[i]), RESULT_INVALID);
    }
    memset(long_one, 'x', sizeof long_one - 1);
    long_one[sizeof long_one - 1] = '\0';
    long_one[3] = 'y';
    assert_int_equal(desk_register(&d, ids[1], phones[0], long_one), RESULT_INVALID);
    /* A phone that two share stays the first one's name. */
    desk_holder(&d, "P8", "A8", "530199199001010008", true);
    assert_int_equal(desk_register(&d, "530199199001010008", phones[2], "another password"),
                     RESULT_OK);
    assert_int_equal(start(&d, phones[2], "another password", HERE, &s), RESULT_REFUSED);
    assert_int_equal(start(&d, "530199199001010008", "another password", HERE, &s), RESULT_OK);
    assert_string_equal(d.to, phones[2]);
    d.config.demo = false;
    assert_int_equal(desk_register(&d, "530199199001010008", phones[2], PASSWORD), RESULT_INVALID);
    desk_stop(&d);
}

/* A transfer or merger: the session has the account that is not closed. */
static void another_account(void **state)
{
    WITH_DESK;
    struct session s;
    char token[64];

    raw_sql(d.f, "ledger", "UPDATE ledger.account SET state = 3 WHERE account = 'A0'");
    desk_holder(&d, "P0", "B0", "53019919880303991Y", true);
    sign_in(&d, ids[0], HERE, token);
    assert_int_equal(session_of(&d, token, false, &s), RESULT_OK);
    assert_string_equal(s.account, "B0");
    desk_stop(&d);
}

/* The centre corrects an ID number that was another one's: it leads to the first person no longer,
 * who signs in by the right one, and the other one can register and sign in by it. */
static void corrected_number(void **state)
{
    WITH_DESK;
    static const char right[] = "53019919880303991Y";
    static const char password[] = "another good password";
    struct member_sign_in s;
    struct session of;
    char token[64];

    desk_holder(&d, "P8", "A8", right, true);
    desk_holder(&d, "P9", "A9", "53019919880303992Y", true);
    raw_sql(d.f, "ledger",
            "UPDATE ledger.holder SET id_index = (SELECT o.id_index FROM ledger.holder o "
            "WHERE o.account = 'A0') WHERE account = 'A9'");
    raw_sql(d.f, "ledger",
            "UPDATE ledger.holder SET id_index = (SELECT o.id_index FROM ledger.holder o "
            "WHERE o.account = 'A8') WHERE account = 'A0'");
    raw_sql(d.f, "ledger", "DELETE FROM ledger.holder WHERE account = 'A8'");
    assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_REFUSED);
    sign_in(&d, right, HERE, token);
    assert_int_equal(session_of(&d, token, false, &of), RESULT_OK);
    assert_string_equal(of.person, "P0");
    assert_int_equal(desk_register(&d, ids[0], "10012345678", password), RESULT_OK);
    assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_REFUSED);
    assert_int_equal(start(&d, ids[0], password, HERE, &s), RESULT_OK);
    assert_string_equal(d.to, "10012345678");
    desk_stop(&d);
}

/* Neither the database nor anything beside it holds a secret in the open. */
static void nothing_readable(void **state)
{
    WITH_DESK;
    struct member_sign_in s;
    char token[64];
    uint8_t raw[64];
    size_t len;

    sign_in(&d, ids[0], HERE, token);
    assert_int_equal(start(&d, ids[0], PASSWORD, HERE, &s), RESULT_OK);
    if (on_sqlite(d.f)) {
        assert_false(files_hold(d.f, ids[0], 18));
        assert_false(files_hold(d.f, phones[0], 11));
        assert_false(files_hold(d.f, PASSWORD, sizeof PASSWORD - 1));
        assert_false(files_hold(d.f, d.code, 6));
        assert_false(files_hold(d.f, token, 43));
        assert_false(files_hold(d.f, s.challenge, 43));
        sodium_base642bin(raw, sizeof raw, token, 43, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        assert_false(files_hold(d.f, raw, 32));
    }
    desk_stop(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(happy_path),
        cmocka_unit_test(small_x_and_english),
        cmocka_unit_test(same_work),
        cmocka_unit_test(five_wrong_tries),
        cmocka_unit_test(tries_that_overtake),
        cmocka_unit_test(many_networks),
        cmocka_unit_test(one_network_many_names),
        cmocka_unit_test(our_fault_costs_nothing),
        cmocka_unit_test(wrong_codes),
        cmocka_unit_test(code_once_and_in_time),
        cmocka_unit_test(too_many_codes),
        cmocka_unit_test(registering),
        cmocka_unit_test(another_account),
        cmocka_unit_test(corrected_number),
        cmocka_unit_test(nothing_readable),
    };

    return run_on_both("member sign-in", tests, sizeof tests / sizeof *tests);
}
