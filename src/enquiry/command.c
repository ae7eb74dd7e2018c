/* anju enquiry: what the centre's staff do about enquiries at the command line. */
#include <getopt.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"
#include "command/command.h"
#include "enquiry/internal.h"

enum {
    JSON_LIMIT = 16 * 1024 * 1024,
    QUEUE_LIMIT = 100,
};

static const char usage[] =
    "anju enquiry list [--state open|answered|closed] [--limit N] [--json]\n"
    "anju enquiry show NUMBER --staff STAFF [--office OFFICE] [--json]\n"
    "anju enquiry answer NUMBER --staff STAFF [--office OFFICE] [--close] < WORDS\n"
    "  list     what waits for an answer, due first; whose it is and what it says is not in it\n"
    "  show     one enquiry with its words and answers; the look is on the holder's list\n"
    "  answer   the answer, UTF-8 text of at most 1000 characters, is read from standard input\n"
    "  --staff  who looks and answers, as the holder reads it: a role or a staff number\n"
    "  --office where (the centre)\n"
    "  --close  nothing more is to come: the enquiry is closed\n"
    "  --limit  at most so many, up to 1000 (100)\n"
    "  --json   for programs\n";

/* What was asked for, and everything that is opened for it. */
struct desk_command {
    struct text number, staff, office;
    int state, limit;
    bool closes, json;
    struct command_home home;
    struct enquiry_desk desk;
    struct random random;
};

static bool option_read(struct desk_command *k, int c)
{
    int64_t n = 0;

    switch (c) {
    case 'r': k->state = enquiry_state_of(text_of(optarg)); return k->state != 0;
    case 'l':
        if (!text_to_int(text_of(optarg), &n) || n < 1 || n > ENQUIRY_QUEUE_MAX) {
            return false;
        }
        k->limit = (int)n;
        return true;
    case 's': k->staff = text_of(optarg); return true;
    case 'o': k->office = text_of(optarg); return true;
    case 'c': k->closes = true; return true;
    case 'j': k->json = true; return true;
    default: return false;
    }
}

/* Options and at most one number, which may stand before or after them. */
static bool arguments_read(struct desk_command *k, int argc, char **argv)
{
    static const struct option options[] = {
        {"state", required_argument, NULL, 'r'},
        {"limit", required_argument, NULL, 'l'},
        {"staff", required_argument, NULL, 's'},
        {"office", required_argument, NULL, 'o'},
        {"close", no_argument, NULL, 'c'},
        {"json", no_argument, NULL, 'j'},
        {NULL, 0, NULL, 0},
    };
    int c;

    k->state = ENQUIRY_OPEN;
    k->limit = QUEUE_LIMIT;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!option_read(k, c)) {
            return false;
        }
    }
    if (optind < argc) {
        k->number = text_of(argv[optind++]);
    }
    return optind == argc;
}

static bool name_valid(struct text t)
{
    return t.len > 0 && text_is_clean_utf8(t) && text_characters(t) <= ENQUIRY_STAFF_MAX;
}

static enum result names_check(struct desk_command *k, struct error *err)
{
    if (k->office.len == 0) {
        k->office = text_of(k->home.config.centre_zh);
    }
    if (k->number.len == 0 || !name_valid(k->staff) || !name_valid(k->office)) {
        return error_set(err, RESULT_INVALID,
                         "an enquiry's number and --staff are wanted; --staff and --office have at "
                         "most %d characters",
                         ENQUIRY_STAFF_MAX);
    }
    return RESULT_OK;
}

/* The view of the enquiry's person; the look is on record before anything is read. */
static enum result case_open(struct desk_command *k, struct enquiry_place *place, struct view *v,
                             struct error *err)
{
    struct access_request q;
    enum result r = names_check(k, err);

    q = access_by_staff(PART_ENQUIRIES, k->staff, k->office, k->number);
    if (r == RESULT_OK) {
        r = db_begin(k->home.db, STORE_READ, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    r = enquiry_find(k->home.db, k->number, place, err);
    db_rollback(k->home.db);
    if (r != RESULT_OK) {
        return r;
    }
    q.person = text_of(place->person);
    q.account = text_of(place->account);
    return access_open(k->home.db, &k->home.clock, &q, v, err);
}

/* --- list --- */

static void queue_print(const struct desk_command *k, const struct enquiry_due *list, size_t count)
{
    civil_date today = clock_today(&k->home.clock);
    char asked[DATE_TEXT_MAX], due[DATE_TEXT_MAX];

    for (size_t i = 0; i < count; i++) {
        int days = (int)days_between(today, list[i].due_on);

        date_format(clock_date_at(&k->home.clock, list[i].asked), asked);
        date_format(list[i].due_on, due);
        printf("%-18.*s %-10s asked %s  due %s", TEXT_ARG(list[i].number),
               enquiry_about_word(list[i].about), asked, due);
        if (k->state == ENQUIRY_OPEN) {
            printf(days < 0 ? "  late by %d days" : "  %d days left", abs(days));
        }
        putchar('\n');
    }
    printf("%zu %s%s\n", count, enquiry_state_word(k->state),
           count == (size_t)k->limit ? ", perhaps more" : "");
}

static void queue_json(const struct desk_command *k, const struct enquiry_due *list, size_t count)
{
    struct json j;

    json_start(&j, JSON_LIMIT);
    json_put_array(&j, NULL);
    for (size_t i = 0; i < count; i++) {
        json_put_object(&j, NULL);
        json_put_text(&j, "number", list[i].number);
        json_put_word(&j, "about", enquiry_about_word(list[i].about));
        json_put_instant(&j, "asked_at", &k->home.clock, list[i].asked);
        json_put_date(&j, "due_on", list[i].due_on);
        json_put_object_end(&j);
    }
    json_put_array_end(&j);
    printf("%.*s\n", (int)j.len, j.at);
    json_free(&j);
}

static enum result run_list(struct desk_command *k, struct error *err)
{
    struct enquiry_due *list = NULL;
    size_t count = 0;
    enum result r = db_begin(k->home.db, STORE_READ, err);

    if (r != RESULT_OK) {
        return r;
    }
    r = enquiry_queue(k->home.db, k->home.arena, k->state, k->limit, &list, &count, err);
    db_rollback(k->home.db);
    if (r == RESULT_OK && k->json) {
        queue_json(k, list, count);
    } else if (r == RESULT_OK) {
        queue_print(k, list, count);
    }
    return r;
}

/* --- show --- */

static void enquiry_print(const struct desk_command *k, const struct enquiry *e)
{
    char at[CLOCK_TEXT_MAX], due[DATE_TEXT_MAX];

    clock_format(&k->home.clock, e->asked, at);
    date_format(e->due_on, due);
    printf("%.*s  %s\naccount %.*s\nabout %s %.*s\nasked %s, due %s\n\n%.*s\n", TEXT_ARG(e->number),
           enquiry_state_word(e->state), TEXT_ARG(e->account), enquiry_about_word(e->about),
           TEXT_ARG(e->reference), at, due, TEXT_ARG(e->words));
    for (size_t i = 0; i < e->answer_count; i++) {
        clock_format(&k->home.clock, e->answers[i].at, at);
        printf("\n-- %s, %.*s, %.*s\n%.*s\n", at, TEXT_ARG(e->answers[i].staff),
               TEXT_ARG(e->answers[i].office), TEXT_ARG(e->answers[i].words));
    }
}

static void enquiry_json(const struct desk_command *k, const struct enquiry *e)
{
    struct json j;

    json_start(&j, JSON_LIMIT);
    json_put_object(&j, NULL);
    json_put_text(&j, "number", e->number);
    json_put_word(&j, "state", enquiry_state_word(e->state));
    json_put_text(&j, "account", e->account);
    json_put_word(&j, "about", enquiry_about_word(e->about));
    json_put_text(&j, "ref", e->reference);
    json_put_instant(&j, "asked_at", &k->home.clock, e->asked);
    json_put_date(&j, "due_on", e->due_on);
    json_put_text(&j, "words", e->words);
    json_put_array(&j, "answers");
    for (size_t i = 0; i < e->answer_count; i++) {
        json_put_object(&j, NULL);
        json_put_instant(&j, "at", &k->home.clock, e->answers[i].at);
        json_put_text(&j, "staff", e->answers[i].staff);
        json_put_text(&j, "office", e->answers[i].office);
        json_put_text(&j, "words", e->answers[i].words);
        json_put_object_end(&j);
    }
    json_put_array_end(&j);
    json_put_object_end(&j);
    printf("%.*s\n", (int)j.len, j.at);
    json_free(&j);
}

static enum result run_show(struct desk_command *k, struct error *err)
{
    struct enquiry_place place;
    struct view v = {0};
    struct enquiry *list = NULL;
    size_t count = 0;
    bool more;
    enum result r = case_open(k, &place, &v, err);

    if (r == RESULT_OK) {
        r = db_begin(k->home.db, STORE_READ, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    r = enquiry_list(&k->desk, k->home.db, k->home.arena, &v, place.seq + 1, 1, &list, &count,
                     &more, err);
    db_rollback(k->home.db);
    if (r == RESULT_OK && k->json) {
        enquiry_json(k, &list[0]);
    } else if (r == RESULT_OK) {
        enquiry_print(k, &list[0]);
    }
    return r;
}

/* --- answer --- */

/* All of standard input without blank lines at its end; TOO_MANY is never, one byte too many is
 * INVALID. */
static enum result words_read(char *out, size_t room, struct text *words, struct error *err)
{
    size_t len = fread(out, 1, room, stdin);

    if (ferror(stdin)) {
        return error_set(err, RESULT_IO, "standard input cannot be read");
    }
    if (len == room) {
        return error_set(err, RESULT_INVALID, "an answer has at most %d characters",
                         ENQUIRY_WORDS_MAX);
    }
    while (len > 0 && (out[len - 1] == '\n' || out[len - 1] == '\r')) {
        len--;
    }
    *words = (struct text){out, len};
    return RESULT_OK;
}

static enum result run_answer(struct desk_command *k, struct error *err)
{
    static char words[WORDS_BYTES + 16];
    struct enquiry_place place;
    struct enquiry_reply reply = {.closes = k->closes};
    struct view v = {0};
    enum result r = words_read(words, sizeof words, &reply.words, err);

    if (r == RESULT_OK) {
        r = case_open(k, &place, &v, err);
    }
    if (r == RESULT_OK) {
        reply.seq = place.seq;
        reply.staff = k->staff;
        reply.office = k->office;
        r = enquiry_reply(&k->desk, k->home.db, &k->random, &v, &reply, err);
    }
    if (r == RESULT_OK) {
        printf("%.*s %s\n", TEXT_ARG(k->number), k->closes ? "answered and closed" : "answered");
    }
    sodium_memzero(words, sizeof words);
    return r;
}

/* --- the whole --- */

static enum result desk_open(struct desk_command *k, struct error *err)
{
    enum result r = command_open(&k->home, COMMAND_POLICY | COMMAND_VAULT, err);

    random_system(&k->random);
    k->desk = (struct enquiry_desk){
        .clock = &k->home.clock, .policy = k->home.policy, .vault = k->home.vault};
    return r;
}

int enquiry_main(int argc, char **argv)
{
    static const struct {
        const char *name;
        enum result (*run)(struct desk_command *k, struct error *err);
    } things[] = {{"list", run_list}, {"show", run_show}, {"answer", run_answer}};
    static struct desk_command k;
    struct error err = {0};
    enum result (*run)(struct desk_command * k, struct error * err) = NULL;
    enum result r;

    for (size_t i = 0; argc > 1 && i < sizeof things / sizeof *things; i++) {
        if (strcmp(argv[1], things[i].name) == 0) {
            run = things[i].run;
        }
    }
    if (argc > 1 && (strcmp(argv[argc - 1], "--help") == 0 || strcmp(argv[argc - 1], "-h") == 0)) {
        fputs(usage, stdout);
        return 0;
    }
    if (!run || !arguments_read(&k, argc - 1, argv + 1)) {
        fputs(usage, stderr);
        return COMMAND_USAGE;
    }
    log_start("enquiry", LOG_WARN);
    r = desk_open(&k, &err);
    if (r == RESULT_OK) {
        r = run(&k, &err);
    }
    if (r != RESULT_OK) {
        fprintf(stderr, "anju: %s\n", err.sentence);
    }
    command_close(&k.home);
    return result_exit_status(r);
}
