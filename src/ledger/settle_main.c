/* The command anju settle. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "config/config.h"
#include "ledger/settle.h"

enum { STATUS_USAGE = 64, JSON_LIMIT = 64 * 1024 };

static const char *const outcome_names[SETTLE_OUTCOMES] = {[SETTLE_POSTED] = "posted",
                                                           [SETTLE_NOT_OPEN] = "not_open_yet",
                                                           [SETTLE_CLOSED] = "closed",
                                                           [SETTLE_DONE] = "settled_before",
                                                           [SETTLE_NO_MONEY] = "no_money"};
static const char *const outcome_words[SETTLE_OUTCOMES] = {
    [SETTLE_POSTED] = "settled",
    [SETTLE_NOT_OPEN] = "opened after the day",
    [SETTLE_CLOSED] = "closed; interest was paid then",
    [SETTLE_DONE] = "settled by an exchange set",
    [SETTLE_NO_MONEY] = "without money and interest",
};

static void print_words(const struct settle_report *r)
{
    char day[DATE_TEXT_MAX], interest[FEN_TEXT_MAX];

    date_format(r->day, day);
    fen_format(r->interest, interest);
    printf("Settlement of %s%s\n", day,
           r->already ? " (complete already; nothing was posted)" : "");
    for (int i = SETTLE_POSTED; i < SETTLE_OUTCOMES; i++)
        if (r->outcomes[i] > 0 || i == SETTLE_POSTED)
            printf("%12" PRId64 "  %s\n", r->outcomes[i], outcome_words[i]);
    printf("%12" PRId64 "  accounts, each with one posting or its reason\n", r->accounts);
    printf("Interest %s yuan; %" PRId64 " entries by this run in %.1f s, %.0f a second.\n",
           interest, r->posted_now, r->seconds,
           r->seconds > 0 ? (double)r->posted_now / r->seconds : 0);
}

static void print_json(const struct settle_report *r)
{
    char day[DATE_TEXT_MAX], interest[FEN_TEXT_MAX];
    struct json j;

    date_format(r->day, day);
    fen_format(r->interest, interest);
    json_start(&j, JSON_LIMIT);
    json_put_object(&j, NULL);
    json_put_text(&j, "date", text_of(day));
    json_put_bool(&j, "already", r->already);
    json_put_int(&j, "accounts", r->accounts);
    json_put_object(&j, "outcomes");
    for (int i = SETTLE_POSTED; i < SETTLE_OUTCOMES; i++)
        json_put_int(&j, outcome_names[i], r->outcomes[i]);
    json_put_object_end(&j);
    json_put_text(&j, "interest", text_of(interest));
    json_put_int(&j, "posted_now", r->posted_now);
    json_put_int(&j, "milliseconds", (int64_t)(r->seconds * 1000));
    json_put_object_end(&j);
    if (!j.failed)
        puts(j.at);
    json_free(&j);
}

static enum result run(civil_date day, struct settle_report *report, struct error *err)
{
    static struct config config;
    struct store *store = NULL;
    struct policy *policy = NULL;
    struct progress progress = {0};
    struct clock clock;
    enum result r = config_load(&config, err);

    if (r == RESULT_OK)
        r = config_clock(&config, &clock, err);
    if (r == RESULT_OK)
        r = policy_load(config.policy, &policy, err);
    if (r == RESULT_OK)
        r = store_open(config.home, config.database, &store, err);
    if (r == RESULT_OK)
        r = settle_city(store, policy, &clock, day, &progress, report, err);
    store_close(store);
    policy_free(policy);
    return r;
}

int settle_main(int argc, char **argv)
{
    struct settle_report report = {0};
    struct error err = {0};
    civil_date day = DATE_NONE;
    bool json = false;
    enum result r;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (strcmp(argv[i], "--date") == 0 && i + 1 < argc) {
            if (!date_parse(text_of(argv[++i]), &day)) {
                fprintf(stderr, "anju settle: %s is no date (2026-06-30)\n", argv[i]);
                return STATUS_USAGE;
            }
        } else {
            fprintf(stderr, "anju settle: there is no option %s\n", argv[i]);
            return STATUS_USAGE;
        }
    }
    if (date_is_none(day)) {
        fputs("anju settle: which day? anju settle --date 2026-06-30\n", stderr);
        return STATUS_USAGE;
    }
    r = run(day, &report, &err);
    if (r != RESULT_OK) {
        fprintf(stderr, "anju settle: %s\n", err.sentence);
        return result_exit_status(r);
    }
    if (json)
        print_json(&report);
    else
        print_words(&report);
    return 0;
}
