#include "service/freeze_command.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "member/member.h"
#include "service/staff_case.h"

enum { JSON_LIMIT = 4096 };

struct freeze_command {
    struct staff_case who;
    bool lifts;
    instant since, lifted; /* 0: is not stopped; was not lifted */
    struct command_home home;
};

static void print_json(const struct freeze_command *k)
{
    struct json j;

    json_start(&j, JSON_LIMIT);
    json_put_object(&j, NULL);
    json_put_text(&j, "account", k->who.account);
    if (k->since != 0) {
        json_put_instant(&j, "stopped_since", &k->home.clock, k->since);
    } else {
        json_put_null(&j, "stopped_since");
    }
    if (k->lifts) {
        json_put_instant(&j, "lifted_at", &k->home.clock, k->lifted);
    }
    json_put_object_end(&j);
    if (!j.failed) {
        puts(j.at);
    }
    json_free(&j);
}

static void print_words(const struct freeze_command *k)
{
    char since[CLOCK_TEXT_MAX], lifted[CLOCK_TEXT_MAX];

    if (k->since == 0) {
        printf("Account %.*s: payments are not stopped by the holder\n", TEXT_ARG(k->who.account));
        return;
    }
    clock_format(&k->home.clock, k->since, since);
    if (!k->lifts) {
        printf("Account %.*s: payments stopped by the holder since %s\n", TEXT_ARG(k->who.account),
               since);
        return;
    }
    clock_format(&k->home.clock, k->lifted, lifted);
    printf("Account %.*s: the stop since %s is lifted at %s\n", TEXT_ARG(k->who.account), since,
           lifted);
}

static enum result read_since(struct db *db, const struct view *v, instant *since,
                              struct error *err)
{
    enum result r = db_begin(db, STORE_READ, err);

    if (r == RESULT_OK) {
        r = member_frozen_since(db, v->person, since, err);
        db_rollback(db);
    }
    return r;
}

static enum result run(struct freeze_command *k, struct error *err)
{
    struct view v;
    enum result r = command_open(&k->home, 0, err);

    if (r == RESULT_OK) {
        r = staff_case_open(&k->who, &k->home, PART_FREEZE, &v, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    r = k->lifts ? member_lift(&k->home.clock, k->home.db, v.person, &k->since, &k->lifted, err)
                 : read_since(k->home.db, &v, &k->since, err);
    if (r != RESULT_OK) {
        return r;
    }
    if (k->who.json) {
        print_json(k);
    } else {
        print_words(k);
    }
    return RESULT_OK;
}

/* What is wrong with the command line; NULL: nothing. */
static const char *arguments(struct freeze_command *k, int argc, char **argv)
{
    k->lifts = argc > 1 && strcmp(argv[1], "lift") == 0;
    if (!k->lifts && (argc < 2 || strcmp(argv[1], "show") != 0)) {
        return "anju freeze show ACCOUNT or anju freeze lift ACCOUNT; --help says more";
    }
    for (int i = 2; i < argc; i++) {
        if (!staff_case_argument(&k->who, argc, argv, &i)) {
            return "there is no such option, or its value is missing";
        }
    }
    return staff_case_wrong(&k->who);
}

int freeze_main(int argc, char **argv)
{
    static struct freeze_command k;
    struct error err = {0};
    const char *wrong = arguments(&k, argc, argv);
    enum result r;

    if (wrong) {
        fprintf(stderr, "anju freeze: %s\n", wrong);
        return COMMAND_USAGE;
    }
    r = run(&k, &err);
    if (r != RESULT_OK) {
        fprintf(stderr, "anju freeze: %s\n", err.sentence);
    }
    command_close(&k.home);
    return r == RESULT_OK ? 0 : result_exit_status(r);
}
