/* The command anju interest check. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "config/config.h"
#include "ledger/interest_check.h"

enum { STATUS_USAGE = 64, JSON_LIMIT = 16 * 1024 * 1024, LISTED_MAX = 10000 };

struct listing {
    bool json;
    int listed;
    struct json report;
};

static void list(void *context, const struct interest_difference *d)
{
    struct listing *l = context;
    char day[DATE_TEXT_MAX], posted[FEN_TEXT_MAX], right[FEN_TEXT_MAX], over[FEN_TEXT_MAX];

    if (++l->listed > LISTED_MAX)
        return;
    if (l->json) {
        json_put_object(&l->report, NULL);
        json_put_text(&l->report, "account", d->account);
        json_put_int(&l->report, "seq", d->seq);
        json_put_date(&l->report, "date", d->day);
        json_put_fen(&l->report, "posted", d->posted);
        json_put_fen(&l->report, "right", d->right);
        json_put_fen(&l->report, "difference", fen_sub(d->posted, d->right));
        json_put_object_end(&l->report);
        return;
    }
    date_format(d->day, day);
    fen_format(d->posted, posted);
    fen_format(d->right, right);
    fen_format(fen_sub(d->posted, d->right), over);
    printf("ledger.entry %.*s %" PRId64 ": settlement of %s posted %s and comes to %s, %s apart\n",
           TEXT_ARG(d->account), d->seq, day, posted, right, over);
}

static void say(struct listing *l, const struct interest_check_report *r)
{
    if (!l->json) {
        printf("%" PRId64 " settlements of %" PRId64 " accounts worked out anew: %" PRId64
               " differences%s\n",
               r->settlements, r->accounts, r->differences,
               r->differences > LISTED_MAX ? ", the first 10,000 are listed" : "");
        if (r->unknown > 0)
            printf("%" PRId64 " of a time whose rates the policy does not know\n", r->unknown);
        return;
    }
    json_put_array_end(&l->report);
    json_put_int(&l->report, "difference_count", r->differences);
    json_put_int(&l->report, "settlements", r->settlements);
    json_put_int(&l->report, "accounts", r->accounts);
    json_put_int(&l->report, "unknown", r->unknown);
    json_put_object_end(&l->report);
    if (!l->report.failed)
        puts(l->report.at);
}

static enum result run(struct listing *l, struct interest_check_report *report, struct error *err)
{
    static struct config config;
    struct store *store = NULL;
    struct policy *policy = NULL;
    struct db *db = NULL;
    struct progress progress = {0};
    enum result r = config_load(&config, err);

    if (r == RESULT_OK)
        r = policy_load(config.policy, &policy, err);
    if (r == RESULT_OK)
        r = store_open(config.home, config.database, &store, err);
    if (r == RESULT_OK)
        r = db_open(store, &db, err);
    if (r == RESULT_OK)
        r = db_read_bounded(db, err);
    if (r == RESULT_OK)
        r = interest_check(db, policy, &progress, list, l, report, err);
    db_close(db);
    store_close(store);
    policy_free(policy);
    return r;
}

int interest_main(int argc, char **argv)
{
    struct listing l = {.json = argc == 3 && strcmp(argv[2], "--json") == 0};
    struct interest_check_report report = {0};
    struct error err = {0};
    enum result r;

    if (argc < 2 || strcmp(argv[1], "check") != 0 || argc > 3 || (argc == 3 && !l.json)) {
        fputs("anju interest: anju interest check [--json]\n", stderr);
        return STATUS_USAGE;
    }
    json_start(&l.report, JSON_LIMIT);
    json_put_object(&l.report, NULL);
    json_put_array(&l.report, "differences");
    r = run(&l, &report, &err);
    if (r != RESULT_OK)
        fprintf(stderr, "anju interest: %s\n", err.sentence);
    else
        say(&l, &report);
    json_free(&l.report);
    if (r != RESULT_OK)
        return result_exit_status(r);
    return report.differences > 0 ? 1 : 0;
}
