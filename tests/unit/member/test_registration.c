/* Registering in the hall: every path, and the same work on every refused one. */
#include "desk.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/identity.h"

/* The other parties, as a test wants them; each question counts. */
struct parties {
    enum result identity, card;
    int identity_asked, card_asked;
    char name[64], id_number[24], card_number[24], phone[24];
};

static enum result identity(void *context, const struct member_proof *who, struct error *err)
{
    struct parties *p = context;

    p->identity_asked++;
    text_copy(who->name, p->name, sizeof p->name);
    text_copy(who->id_number, p->id_number, sizeof p->id_number);
    return p->identity == RESULT_OK ? RESULT_OK : error_set(err, p->identity, "identity");
}

static enum result card(void *context, const struct member_proof *who, struct error *err)
{
    struct parties *p = context;

    p->card_asked++;
    text_copy(who->card, p->card_number, sizeof p->card_number);
    text_copy(who->phone, p->phone, sizeof p->phone);
    return p->card == RESULT_OK ? RESULT_OK : error_set(err, p->card, "card");
}

#define HERE "203.0.113.9"

/* In the ledger: with a contribution, without, a member, with a closed account; and nobody. All
 * valid by their check digits. */
static const char *const ready = "530199199001010019", *const fresh = "530199199001010027";
static const char *const member = "530199199001010043", *const former = "530199199001010051";
static const char *const nobody = "530199199001010035";
static const char *const card_a = "9999990000000006", *const card_b = "9999990000000014";

#define WITH_DESK                                                                       \
    struct desk d;                                                                      \
    struct parties p = {0};                                                             \
    struct member_checks checks = {&p, identity, card};                                 \
    (void)checks;                                                                       \
    desk_start(&d, *state);                                                             \
    desk_holder(&d, "P8", "A8", ready, true);                                           \
    desk_holder(&d, "P9", "A9", fresh, false);                                          \
    desk_holder(&d, "P7", "A7", member, true);                                          \
    desk_holder(&d, "P6", "A6", former, true);                                          \
    raw_sql(d.f, "ledger", "UPDATE ledger.account SET state = 3 WHERE account = 'A6'"); \
    assert_int_equal(desk_register(&d, member, "10000000077", PASSWORD), RESULT_OK)

static enum result begin(struct desk *d, const char *id, const char *card_number, const char *phone,
                         struct member_form *f)
{
    enum result r;

    *f = (struct member_form){
        .typed = {TEXT("某某某"), text_of(id), text_of(card_number), text_of(phone)},
        .language = TEXT("zh"),
        .network = TEXT(HERE)};
    r = member_registration_start(&d->m, d->db, &d->random, f, &d->err);
    if (r == RESULT_OK) {
        collect(d);
    }
    return r;
}

static enum result check(struct desk *d, const struct member_checks *checks,
                         const struct member_form *f, const char *code,
                         struct member_registration_code *c)
{
    *c = (struct member_registration_code){
        .registration = text_of(f->registration), .code = text_of(code), .network = TEXT(HERE)};
    return member_registration_check(&d->m, d->db, checks, c, &d->err);
}

static enum result finish_with(struct desk *d, const struct member_form *f, const char *password)
{
    return member_registration_finish(&d->m, d->db, &d->random, text_of(f->registration),
                                      text_of(password), &d->err);
}

static const char *phone_of(int n)
{
    static char phone[16];

    snprintf(phone, sizeof phone, "1000000%04d", n);
    return phone;
}

static void becomes_a_member(void **state)
{
    WITH_DESK;
    struct member_form f;
    struct member_registration_code c;
    char token[64];

    assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_OK);
    assert_string_equal(f.sent_to, "100****0044");
    assert_string_equal(d.to, "10000000044");
    assert_non_null(strstr(d.text, "实名注册验证码"));
    assert_int_equal(f.expires, clock_now(&d.clock) + 300 * SECOND);
    /* Nothing is asked before the code, and no password set before the checks. */
    assert_int_equal(p.identity_asked + p.card_asked, 0);
    assert_int_equal(finish_with(&d, &f, PASSWORD), RESULT_EXPIRED);
    assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_OK);
    assert_int_equal(c.outcome, REGISTRATION_READY);
    assert_string_equal(p.name, "某某某");
    assert_string_equal(p.id_number, ready);
    assert_string_equal(p.card_number, card_a);
    assert_string_equal(p.phone, "10000000044");
    assert_int_equal(finish_with(&d, &f, "10000000"), RESULT_INVALID);
    assert_int_equal(finish_with(&d, &f, "12345678"), RESULT_INVALID);
    assert_int_equal(finish_with(&d, &f, PASSWORD), RESULT_OK);
    collect(&d);
    assert_non_null(strstr(d.text, "您已完成实名注册"));
    assert_int_equal(finish_with(&d, &f, PASSWORD), RESULT_CONFLICT);
    assert_int_equal(check(&d, &checks, &f, "000000", &c), RESULT_REFUSED);
    sign_in(&d, ready, HERE, token);
    sign_in(&d, "10000000044", HERE, token);
    desk_stop(&d);
}

static void true_reasons(void **state)
{
    WITH_DESK;
    struct {
        const char *id;
        enum registration_outcome outcome;
        const char *person;
    } cases[] = {
        {ready, REGISTRATION_READY, ""},       {former, REGISTRATION_READY, ""},
        {fresh, REGISTRATION_WAITING, "P9"},   {nobody, REGISTRATION_ELSEWHERE, ""},
        {member, REGISTRATION_REGISTERED, ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct member_form f;
        struct member_registration_code c;

        assert_int_equal(begin(&d, cases[i].id, card_a, phone_of(100 + (int)i), &f), RESULT_OK);
        assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_OK);
        assert_int_equal(c.outcome, cases[i].outcome);
        assert_string_equal(c.person, cases[i].person);
        if (cases[i].outcome != REGISTRATION_READY) {
            assert_int_not_equal(finish_with(&d, &f, PASSWORD), RESULT_OK);
        }
        /* Once more: known, so nobody is asked again. */
        assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_OK);
        assert_int_equal(c.outcome, cases[i].outcome);
        assert_int_equal(p.identity_asked, (int)i + 1);
        assert_int_equal(p.card_asked, (int)i + 1);
    }
    desk_stop(&d);
}

/* --- the same work --- */

struct work {
    uint64_t hashes, queries;
    int identity, card;
};

static struct work work_now(const struct desk *d, const struct parties *p)
{
    return (struct work){password_runs(), db_queries(d->db), p->identity_asked, p->card_asked};
}

static struct work work_since(const struct desk *d, const struct parties *p, struct work before)
{
    struct work now = work_now(d, p);

    return (struct work){now.hashes - before.hashes, now.queries - before.queries,
                         now.identity - before.identity, now.card - before.card};
}

static void assert_same_work(struct work a, struct work b)
{
    assert_int_equal(a.hashes, b.hashes);
    assert_int_equal(a.queries, b.queries);
    assert_int_equal(a.identity, b.identity);
    assert_int_equal(a.card, b.card);
}

/* Who is known, a member, without a contribution or nobody: the form costs the same; so does a wrong
 * code; so does every refusal, whoever it is and whichever check said no. */
static void same_work(void **state)
{
    WITH_DESK;
    const char *const who[] = {ready, fresh, nobody, member, former};
    const enum result no[][2] = {
        {RESULT_REFUSED, RESULT_OK}, {RESULT_OK, RESULT_REFUSED}, {RESULT_REFUSED, RESULT_REFUSED}};
    struct work form = {0}, wrong = {0}, refusal = {0};
    int n = 0;

    for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
        for (size_t k = 0; k < sizeof no / sizeof *no; k++, n++) {
            struct member_form f;
            struct member_registration_code c;
            char right[8];
            struct work before = work_now(&d, &p), now;

            f = (struct member_form){.typed = {TEXT("某某某"), text_of(who[i]),
                                               text_of(n % 2 ? card_a : card_b),
                                               text_of(phone_of(200 + n))},
                                     .language = TEXT("zh"),
                                     .network = TEXT(HERE)};
            assert_int_equal(member_registration_start(&d.m, d.db, &d.random, &f, &d.err),
                             RESULT_OK);
            now = work_since(&d, &p, before);
            form = n == 0 ? now : form;
            assert_same_work(now, form);
            collect(&d);
            snprintf(right, sizeof right, "%s", d.code);

            before = work_now(&d, &p);
            assert_int_equal(
                check(&d, &checks, &f, strcmp(right, "123456") ? "123456" : "654321", &c),
                RESULT_REFUSED);
            now = work_since(&d, &p, before);
            wrong = n == 0 ? now : wrong;
            assert_same_work(now, wrong);

            p.identity = no[k][0];
            p.card = no[k][1];
            before = work_now(&d, &p);
            assert_int_equal(check(&d, &checks, &f, right, &c), RESULT_OK);
            now = work_since(&d, &p, before);
            assert_int_equal(c.outcome, REGISTRATION_REFUSED);
            assert_string_equal(c.person, "");
            refusal = n == 0 ? now : refusal;
            assert_same_work(now, refusal);
        }
        wait_ms(&d, 61 * MINUTE); /* other limits than those of this test */
    }
    assert_int_equal(form.hashes + wrong.hashes + refusal.hashes, 0);
    assert_int_equal(form.identity + form.card + wrong.identity + wrong.card, 0);
    assert_int_equal(refusal.identity, 1);
    assert_int_equal(refusal.card, 1);
    assert_true(form.queries > 0 && wrong.queries > 0 && refusal.queries > 0);
    desk_stop(&d);
}

/* --- what is our fault, or a party's --- */

static void away_costs_nothing(void **state)
{
    WITH_DESK;
    struct member_form f;
    struct member_registration_code c;

    assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_OK);
    for (int i = 0; i < MEMBER_REGISTRATION_ASKS - 1; i++) {
        /* One says no and the other nothing: that is no refusal yet. */
        p.identity = i % 2 ? RESULT_IO : RESULT_REFUSED;
        p.card = i % 2 ? RESULT_REFUSED : RESULT_BUSY;
        assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_OK);
        assert_int_equal(c.outcome, REGISTRATION_AWAY);
        wait_ms(&d, 2 * MINUTE); /* the code was typed once: it stays good */
    }
    p.identity = p.card = RESULT_OK;
    assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_OK);
    assert_int_equal(c.outcome, REGISTRATION_READY);
    /* None of it counts: five refusals are still to be had. */
    p.card = RESULT_REFUSED;
    for (int i = 0; i < MEMBER_REGISTRATION_REFUSALS; i++) {
        assert_int_equal(begin(&d, ready, card_a, phone_of(300 + i), &f), RESULT_OK);
        assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_OK);
        assert_int_equal(c.outcome, REGISTRATION_REFUSED);
    }
    assert_int_equal(begin(&d, ready, card_a, phone_of(400), &f), RESULT_OK);
    assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_TOO_MANY);
    assert_true(c.until > clock_now(&d.clock));
    desk_stop(&d);
}

static void asked_ten_times_at_most(void **state)
{
    WITH_DESK;
    struct member_form f;
    struct member_registration_code c;

    p.identity = RESULT_IO;
    assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_OK);
    for (int i = 0; i < MEMBER_REGISTRATION_ASKS; i++) {
        assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_OK);
    }
    assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_EXPIRED);
    assert_int_equal(p.card_asked, MEMBER_REGISTRATION_ASKS);
    desk_stop(&d);
}

/* --- codes and time --- */

static void codes_and_time(void **state)
{
    WITH_DESK;
    struct member_form f;
    struct member_registration_code c;

    assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_OK);
    assert_int_equal(check(&d, &checks, &f, "12345", &c), RESULT_REFUSED);
    assert_int_equal(c.tries_left, 5);
    for (int left = 4; left >= 0; left--) {
        assert_int_equal(check(&d, &checks, &f, strcmp(d.code, "123456") ? "123456" : "654321", &c),
                         RESULT_REFUSED);
        assert_int_equal(c.tries_left, left);
    }
    assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_EXPIRED);
    assert_int_equal(p.identity_asked, 0);

    assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_OK);
    wait_ms(&d, 300 * SECOND);
    assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_EXPIRED);

    assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_OK);
    assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_OK);
    wait_ms(&d, MEMBER_REGISTRATION_SECONDS * (int64_t)SECOND);
    assert_int_equal(finish_with(&d, &f, PASSWORD), RESULT_EXPIRED);
    assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_EXPIRED);
    wait_ms(&d, 61 * MINUTE);
    assert_int_equal(member_housekeeping(&d.m, d.db, &d.err), RESULT_OK);
    assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_NOT_FOUND);
    snprintf(f.registration, sizeof f.registration, "aaaa");
    assert_int_equal(check(&d, &checks, &f, d.code, &c), RESULT_NOT_FOUND);
    assert_int_equal(finish_with(&d, &f, PASSWORD), RESULT_NOT_FOUND);
    desk_stop(&d);
}

/* --- limits on sending --- */

static void no_gun_for_messages(void **state)
{
    WITH_DESK;
    struct member_form f;
    instant first = clock_now(&d.clock);
    int sent = 0;

    for (int i = 0; i < MEMBER_REGISTRATION_CODES; i++, sent++) {
        assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_OK);
    }
    assert_int_equal(begin(&d, nobody, card_b, "10000000044", &f), RESULT_TOO_MANY);
    assert_int_equal(f.until, first + 900 * SECOND);
    assert_int_equal(d.messages, sent);
    while (sent < MEMBER_REGISTRATION_CODES_DAY) {
        wait_ms(&d, 60 * MINUTE);
        for (int i = 0; i < MEMBER_REGISTRATION_CODES && sent < MEMBER_REGISTRATION_CODES_DAY;
             i++, sent++) {
            assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_OK);
        }
    }
    wait_ms(&d, 60 * MINUTE);
    assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_TOO_MANY);
    assert_int_equal(f.until, first + 86400 * (instant)SECOND);
    /* One ID number with many phones, one card with many ID numbers. */
    for (int i = 0; i < MEMBER_REGISTRATION_STARTS; i++) {
        assert_int_equal(begin(&d, ready, card_b, phone_of(500 + i), &f), RESULT_OK);
    }
    assert_int_equal(begin(&d, ready, card_a, phone_of(600), &f), RESULT_TOO_MANY);
    assert_int_equal(begin(&d, nobody, card_b, phone_of(601), &f), RESULT_TOO_MANY);
    assert_int_equal(begin(&d, nobody, card_a, phone_of(602), &f), RESULT_OK);
    desk_stop(&d);
}

static void one_network(void **state)
{
    WITH_DESK;
    struct member_form f;
    enum result r = RESULT_OK;
    int sent = 0;

    for (; r == RESULT_OK && sent < 1000; sent++) {
        char id[19], number[20];

        /* Documents without a check digit, and cards with one. */
        snprintf(id, sizeof id, "E%08d", sent);
        snprintf(number, sizeof number, "99999900000%04d", sent);
        number[15] = bank_card_check_digit((struct text){number, 15});
        number[16] = '\0';
        r = begin(&d, id, number, phone_of(1000 + sent), &f);
    }
    assert_int_equal(r, RESULT_TOO_MANY);
    assert_int_equal(sent - 1, MEMBER_REGISTRATION_NETWORK);
    desk_stop(&d);
}

static void forms(void **state)
{
    WITH_DESK;
    const struct {
        const char *field, *name, *id, *card, *phone;
    } cases[] = {
        {"name", "某", ready, card_a, "10000000044"},
        {"name", "某某 ", ready, card_a, "10000000044"},
        {"id_number", "某某", "530199199001010017", card_a, "10000000044"},
        {"id_number", "某某", "11010519491231002X", card_a, "10000000044"}, /* not of a demo */
        {"id_number", "某某", "AB1", card_a, "10000000044"},
        {"card", "某某", ready, "9999990000000007", "10000000044"},
        {"card", "某某", ready, "6212345678901232", "10000000044"}, /* not of a demo */
        {"phone", "某某", ready, card_a, "1000000004"},
        {"phone", "某某", ready, card_a, "13000000000"}, /* not of a demo */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct member_form f = {.typed = {text_of(cases[i].name), text_of(cases[i].id),
                                          text_of(cases[i].card), text_of(cases[i].phone)},
                                .language = TEXT("zh"),
                                .network = TEXT(HERE)};

        assert_int_equal(member_registration_start(&d.m, d.db, &d.random, &f, &d.err),
                         RESULT_INVALID);
        assert_string_equal(f.field, cases[i].field);
    }
    /* A real home takes the others, and none of the demo's. */
    d.config.demo = false;
    struct member_form f;
    assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_INVALID);
    desk_stop(&d);
}

/* What was typed lies sealed. */
static void nothing_readable(void **state)
{
    WITH_DESK;
    struct member_form f;

    assert_int_equal(begin(&d, ready, card_a, "10000000044", &f), RESULT_OK);
    if (on_sqlite(d.f)) {
        assert_false(files_hold(d.f, ready, 18));
        assert_false(files_hold(d.f, card_a, 16));
        assert_false(files_hold(d.f, "10000000044", 11));
        assert_false(files_hold(d.f, "某某某", 9));
        assert_false(files_hold(d.f, d.code, 6));
        assert_false(files_hold(d.f, f.registration, 43));
    }
    desk_stop(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(becomes_a_member),
        cmocka_unit_test(true_reasons),
        cmocka_unit_test(same_work),
        cmocka_unit_test(away_costs_nothing),
        cmocka_unit_test(asked_ten_times_at_most),
        cmocka_unit_test(codes_and_time),
        cmocka_unit_test(no_gun_for_messages),
        cmocka_unit_test(one_network),
        cmocka_unit_test(forms),
        cmocka_unit_test(nothing_readable),
    };

    return run_on_both("member registration", tests, sizeof tests / sizeof *tests);
}
