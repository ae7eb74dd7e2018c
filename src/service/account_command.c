#include "service/account_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "command/command.h"
#include "service/service.h"
#include "service/staff_case.h"

enum { JSON_LIMIT = 1024 * 1024 };

struct account_command {
    struct staff_case who;
    civil_date day;
    struct command_home home;
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

static enum result show(struct account_command *k, struct error *err)
{
    struct command_home *h = &k->home;
    struct service service = {.config = &h->config, .clock = &h->clock, .policy = h->policy};
    struct account_day day;
    struct view v;
    enum result r = staff_case_open(&k->who, h, PART_INTEREST, &v, err);

    if (r == RESULT_OK) {
        r = service_account_day(&service, h->db, h->arena, &v, k->day, &day, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    if (k->who.json) {
        print_json(&day);
    } else {
        print_words(&day);
    }
    return RESULT_OK;
}

/* What is wrong with the command line; NULL: nothing. */
static const char *arguments(struct account_command *k, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--as-of") == 0 && i + 1 < argc) {
            if (!date_parse(text_of(argv[++i]), &k->day)) {
                return "--as-of is a date, as 2026-06-30";
            }
        } else if (!staff_case_argument(&k->who, argc, argv, &i)) {
            return "there is no such option, or its value is missing";
        }
    }
    if (k->who.account.len == 0 || date_is_none(k->day)) {
        return "an account and --as-of are wanted";
    }
    return staff_case_wrong(&k->who);
}

int account_main(int argc, char **argv)
{
    static struct account_command k = {.day = {INT32_MIN}};
    struct error err = {0};
    const char *wrong = arguments(&k, argc, argv);
    enum result r;

    if (wrong) {
        fprintf(stderr, "anju account: %s\n", wrong);
        return COMMAND_USAGE;
    }
    r = command_open(&k.home, COMMAND_POLICY, &err);
    if (r == RESULT_OK) {
        r = show(&k, &err);
    }
    if (r != RESULT_OK) {
        fprintf(stderr, "anju account: %s\n", err.sentence);
    }
    command_close(&k.home);
    return r == RESULT_OK ? 0 : result_exit_status(r);
}
