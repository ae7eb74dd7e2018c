#include "service/account_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "config/config.h"
#include "service/service.h"

enum {
    STATUS_USAGE = 64,
    JSON_LIMIT = 1024 * 1024,
    ARENA_LIMIT = 16 * 1024 * 1024,
    STAFF_MAX = 20, /* characters, as for an answer to an enquiry */
    WHY_MAX = 64,   /* bytes of a case number */
};

struct account_command {
    struct text account, staff, why;
    civil_date day;
    bool json;
    struct config config;
    struct clock clock;
    struct policy *policy;
    struct store *store;
    struct db *db;
    struct arena *arena;
};

static const char *const part_words[] = {
    [INTEREST_WHOLE] = "whole", [INTEREST_THIS_YEAR] = "this_year", [INTEREST_CARRIED] = "carried"};

/* --- what is said --- */

/* At the end of the day. */
static fen balance_of(const struct account_day *d)
{
    return d->as_of.closed ? fen_of(0) : fen_add(d->calculation.balance, d->as_of.posted);
}

static void print_json(const struct account_day *d)
{
    const struct interest_calculation *k = &d->calculation;
    struct json j;

    json_start(&j, JSON_LIMIT);
    json_put_object(&j, NULL);
    json_put_text(&j, "account", d->account.account);
    json_put_date(&j, "as_of", d->as_of.day);
    json_put_date(&j, "today", d->today);
    json_put_bool(&j, "closed", d->as_of.closed);
    json_put_fen(&j, "balance", balance_of(d));
    json_put_date(&j, "from", d->as_of.year.from);
    json_put_date(&j, "to", d->as_of.year.to);
    json_put_fen(&j, "interest", k->interest);
    json_put_fen(&j, "posted", d->as_of.posted);
    json_put_array(&j, "lines");
    for (size_t i = 0; i < k->count; i++) {
        const struct interest_line *l = &k->lines[i];

        json_put_object(&j, NULL);
        json_put_date(&j, "from", l->from);
        json_put_date(&j, "to", l->to);
        json_put_int(&j, "days", days_between(l->from, l->to) + 1);
        json_put_word(&j, "part", part_words[l->part]);
        json_put_fen(&j, "balance", l->balance);
        json_put_percent(&j, "rate", l->rate);
        json_put_fen(&j, "product", fen_of(l->product));
        json_put_object_end(&j);
    }
    json_put_array_end(&j);
    json_put_int(&j, "left_out", (int64_t)k->left_out);
    json_put_object_end(&j);
    if (!j.failed) {
        puts(j.at);
    }
    json_free(&j);
}

static void print_line(const struct interest_line *l)
{
    char from[DATE_TEXT_MAX], to[DATE_TEXT_MAX], balance[FEN_TEXT_MAX], product[FEN_TEXT_MAX];
    char rate[PERCENT_TEXT_MAX];

    date_format(l->from, from);
    date_format(l->to, to);
    fen_format(l->balance, balance);
    fen_format(fen_of(l->product), product);
    millionths_format_percent(l->rate, rate);
    printf("%s  %s  %4d  %16s  %7s %%  %20s  %s\n", from, to, (int)days_between(l->from, l->to) + 1,
           balance, rate, product, part_words[l->part]);
}

static void print_words(const struct account_day *d)
{
    const struct interest_calculation *k = &d->calculation;
    char day[DATE_TEXT_MAX], from[DATE_TEXT_MAX], to[DATE_TEXT_MAX];
    char balance[FEN_TEXT_MAX], interest[FEN_TEXT_MAX], posted[FEN_TEXT_MAX];

    date_format(d->as_of.day, day);
    date_format(d->as_of.year.from, from);
    date_format(d->as_of.year.to, to);
    fen_format(balance_of(d), balance);
    fen_format(k->interest, interest);
    printf("Account %.*s on %s: balance %s%s\n", TEXT_ARG(d->account.account), day, balance,
           d->as_of.closed ? " (closed)" : "");
    printf("Interest from %s to %s, both included: %s\n", from, to, interest);
    if (d->as_of.posted.n != 0) {
        fen_format(d->as_of.posted, posted);
        printf("Posted by the settlement of that day, and in the balance: %s\n", posted);
    }
    putchar('\n');
    printf("%-10s  %-10s  %4s  %16s  %9s  %20s\n", "from", "to", "days", "balance", "a year",
           "balance x days");
    for (size_t i = 0; i < k->count; i++) {
        print_line(&k->lines[i]);
    }
    if (k->left_out > 0) {
        printf("… and %zu lines more\n", k->left_out);
    }
}

/* --- asking --- */

/* The view of the account's person; the look is on record before anything is shown. */
static enum result view_open(struct account_command *k, struct view *v, struct error *err)
{
    struct access_request q = {
        .account = k->account,
        .actor_kind = ACTOR_STAFF,
        .actor = k->staff,
        .place = text_of(k->config.centre_zh),
        .case_no = k->why,
        .channel = CHANNEL_COMMAND,
        .part = PART_INTEREST,
        .purpose = PURPOSE_SERVICE,
    };
    struct account account;
    enum result r = db_begin(k->db, STORE_READ, err);

    if (r != RESULT_OK) {
        return r;
    }
    r = ledger_account(k->db, k->arena, k->account, &account, err);
    db_rollback(k->db);
    if (r != RESULT_OK) {
        return r;
    }
    q.person = account.person;
    return access_open(k->db, &k->clock, &q, v, err);
}

static enum result show(struct account_command *k, struct error *err)
{
    struct service service = {.config = &k->config, .clock = &k->clock, .policy = k->policy};
    struct account_day day;
    struct view v;
    enum result r = view_open(k, &v, err);

    if (r == RESULT_OK) {
        r = service_account_day(&service, k->db, k->arena, &v, k->day, &day, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    if (k->json) {
        print_json(&day);
    } else {
        print_words(&day);
    }
    return RESULT_OK;
}

static enum result run(struct account_command *k, struct error *err)
{
    enum result r = config_load(&k->config, err);

    k->arena = arena_new(ARENA_LIMIT);
    if (r == RESULT_OK && !k->arena) {
        r = error_set(err, RESULT_MEMORY, "out of memory");
    }
    if (r == RESULT_OK) {
        r = config_clock(&k->config, &k->clock, err);
    }
    if (r == RESULT_OK) {
        r = policy_load(k->config.policy, &k->policy, err);
    }
    if (r == RESULT_OK) {
        r = store_open(k->config.home, k->config.database, &k->store, err);
    }
    if (r == RESULT_OK) {
        r = db_open(k->store, &k->db, err);
    }
    if (r == RESULT_OK) {
        r = show(k, err);
    }
    db_close(k->db);
    store_close(k->store);
    policy_free(k->policy);
    arena_free(k->arena);
    return r;
}

static bool text_good(struct text t, size_t characters)
{
    return t.len > 0 && text_is_clean_utf8(t) && text_characters(t) <= characters;
}

/* What is wrong with the command line; NULL: nothing. */
static const char *arguments(struct account_command *k, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;

        if (strcmp(argv[i], "--json") == 0) {
            k->json = true;
        } else if (strcmp(argv[i], "--as-of") == 0 && more) {
            if (!date_parse(text_of(argv[++i]), &k->day)) {
                return "--as-of is a date, as 2026-06-30";
            }
        } else if (strcmp(argv[i], "--staff") == 0 && more) {
            k->staff = text_of(argv[++i]);
        } else if (strcmp(argv[i], "--why") == 0 && more) {
            k->why = text_of(argv[++i]);
        } else if (argv[i][0] != '-' && k->account.len == 0) {
            k->account = text_of(argv[i]);
        } else {
            return "there is no such option, or its value is missing";
        }
    }
    if (k->account.len == 0 || date_is_none(k->day)) {
        return "an account and --as-of are wanted";
    }
    if (!text_good(k->staff, STAFF_MAX) || !text_good(k->why, WHY_MAX)) {
        return "--staff (who looks, at most 20 characters) and --why (the case, at most 64) are "
               "wanted: the look is recorded";
    }
    return NULL;
}

int account_main(int argc, char **argv)
{
    static struct account_command k = {.day = {INT32_MIN}};
    struct error err = {0};
    const char *wrong = arguments(&k, argc, argv);
    enum result r;

    if (wrong) {
        fprintf(stderr, "anju account: %s\n", wrong);
        return STATUS_USAGE;
    }
    r = run(&k, &err);
    if (r != RESULT_OK) {
        fprintf(stderr, "anju account: %s\n", err.sentence);
    }
    return r == RESULT_OK ? 0 : result_exit_status(r);
}
