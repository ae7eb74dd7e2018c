/* `anju loan contract|pay-out|pay|settle|reverse`: one order, from its options to the ledger. */
#include <stdio.h>
#include <string.h>

#include "service/loan_command.h"
#include "service/loan_wish.h"
#include "service/staff_case.h"

enum { WORD_ROOM = 256 };

enum result loan_wish_look(struct loan_desk *d, const struct loan_wish *w, struct error *err)
{
    const struct loan_order *o = &w->order;
    const struct staff_case c = {.account = o->account, .staff = o->staff, .why = o->key};
    struct view v;

    return staff_case_open(&c, &d->home, PART_LOAN, &v, err);
}

static enum result set_rate(struct loan_desk *d, struct loan_wish *w, struct error *err)
{
    if (w->no_rate && policy_loan_rate(d->home.policy, w->order.day, w->order.months,
                                       w->second_home, &w->order.rate) != RESULT_OK) {
        return error_set(err, RESULT_INVALID, "the policy knows no rate for that day; give --rate");
    }
    return RESULT_OK;
}

enum result loan_wish_post(struct loan_desk *d, struct loan_wish *w, struct loan_order_answer *out,
                           struct error *err)
{
    enum result r = set_rate(d, w, err);

    return r == RESULT_OK ? loan_order_post(d->home.db, d->arena, d->sha, d->home.policy,
                                            &d->home.clock, &w->order, out, err)
                          : r;
}

void loan_wish_say(const struct loan_order_answer *a, bool dry_run, bool json)
{
    if (json) {
        printf("{\"already\":%s,\"dry_run\":%s,\"answer\":%.*s}\n", a->already ? "true" : "false",
               dry_run ? "true" : "false", TEXT_ARG(a->json));
        return;
    }
    printf("%s: %.*s\n",
           a->already ? "posted before, nothing was posted now"
           : dry_run  ? "dry run, nothing was posted"
                      : "posted",
           TEXT_ARG(a->json));
}

static enum result one(struct loan_desk *d, struct loan_wish *w, bool dry_run, bool json,
                       struct error *err)
{
    struct loan_order_answer answer;
    enum result r = loan_wish_look(d, w, err);

    if (r == RESULT_OK) {
        r = db_begin(d->home.db, STORE_WRITE_LEDGER, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    r = loan_wish_post(d, w, &answer, err);
    if (r == RESULT_OK && !dry_run) {
        r = db_commit(d->home.db, err);
    } else {
        db_rollback(d->home.db);
    }
    if (r == RESULT_OK) {
        loan_wish_say(&answer, dry_run, json);
    }
    return r;
}

int loan_finish(struct loan_desk *d, enum result r, const char *command, const struct error *err)
{
    loan_desk_close(d);
    if (r == RESULT_OK) {
        return fflush(stdout) == 0 ? 0 : result_exit_status(RESULT_IO);
    }
    fprintf(stderr, "%s: %s\n", command, err->sentence);
    return result_exit_status(r);
}

int loan_order_main(int argc, char **argv)
{
    const struct loan_operation *op = loan_find_operation(text_of(argv[0]));
    struct loan_option list[OPTIONS];
    char command[WORD_ROOM];
    struct loan_options o = {command, list, OPTIONS};
    static struct loan_desk d;
    struct loan_wish w;
    struct error err = {0};
    enum result r;

    snprintf(command, sizeof command, "anju loan %s", argv[0]);
    memcpy(list, loan_wish_options, sizeof list);
    if (!op || !loan_options_read(&o, argc, argv) || !loan_wish_read(&o, op, &w)) {
        return STATUS_USAGE;
    }
    r = loan_desk_open(&d, &err);
    if (r == RESULT_OK) {
        r = one(&d, &w, list[DRY_RUN].value != NULL, list[JSON].value != NULL, &err);
    }
    return loan_finish(&d, r, command, &err);
}
