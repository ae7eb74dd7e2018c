/* anju withdraw: the steps of withdrawals at the command line, one at a time or from a file. */
#include "withdraw/command.h"

#include <inttypes.h>
#include <stdio.h>

#include "access/access.h"
#include "base/progress.h"
#include "command/command.h"

enum {
    QUEUE_LIMIT = 100,
};

static const char usage[] =
    "anju withdraw apply --key KEY --account ACCOUNT --ground GROUND [--amount YUAN] WHAT… STAFF\n"
    "anju withdraw accept NUMBER [--words WORDS] STAFF\n"
    "anju withdraw decide NUMBER --decision approve|refuse [--words WORDS] STAFF\n"
    "anju withdraw pay NUMBER STAFF\n"
    "anju withdraw cancel NUMBER [--words WORDS] STAFF\n"
    "anju withdraw apply|accept|decide|pay|cancel --file FILE STAFF\n"
    "anju withdraw show NUMBER STAFF\n"
    "anju withdraw list [--state received|approved|paid|refused|cancelled] [--limit N] [--json]\n"
    "STAFF is --staff NAME [--dry-run] [--json]\n"
    "  --key        the form's number: the same key is the same application for ever\n"
    "  --ground     rent, purchase, construction, repayment, decoration, property_fee, other,\n"
    "               illness; or, for the whole account, which it closes: retirement, disability,\n"
    "               settling_abroad, death (policy: withdrawal.grounds)\n"
    "  --amount     yuan, as 1700.00; none on a ground that closes the account\n"
    "  WHAT for rent: --months-from MONTH --months N [--children N] [--talent yes]\n"
    "  WHAT for other grounds: --spent YUAN --spent-on DATE --document NUMBER\n"
    "  --household  another account of the household: what it withdrew counts too\n"
    "  --decision   approve or refuse; a refusal says why in --words\n"
    "  --words      for the holder, at most 200 characters\n"
    "  --file       a CSV file: its first line names the columns (the options above, with _ for -,\n"
    "               and number), each other one is a step; all of them are done, or none\n"
    "  --staff      who does it, at most 20 characters; the look is on the holder's list\n"
    "  --dry-run    say what it would do, and do nothing\n"
    "  --json       for programs\n"
    "  A step that was done before is answered again and not done again.\n";

struct desk_command {
    struct line line; /* of the command line */
    const char *file;
    struct text staff;
    int state, limit;
    bool dry_run, json;
    struct command_home home;
    struct arena *work; /* of one line */
    struct withdraw_desk desk;
    struct sha256 *sha;
};

/* --- arguments --- */

static int state_of(struct text word)
{
    for (int s = WITHDRAW_RECEIVED; s <= WITHDRAW_CANCELLED; s++)
        if (text_equal(word, text_of(withdraw_state_word(s))))
            return s;
    return 0;
}

/* An option with a value; false: there is none such, or the value is wrong. */
static bool option(struct desk_command *k, const char *name, const char *value)
{
    enum field f = field_of(text_of(name));
    int64_t n = 0;

    if (strcmp(name, "file") == 0) {
        k->file = value;
    } else if (strcmp(name, "staff") == 0) {
        k->staff = text_of(value);
    } else if (strcmp(name, "state") == 0) {
        k->state = state_of(text_of(value));
        return k->state != 0;
    } else if (strcmp(name, "limit") == 0) {
        if (!text_to_int(text_of(value), &n) || n < 1 || n > WITHDRAW_QUEUE_MAX)
            return false;
        k->limit = (int)n;
    } else if (f != FIELD_COUNT && f != FIELD_NUMBER) {
        k->line.words[f] = text_of(value);
        return text_is_clean_utf8(k->line.words[f]);
    } else {
        return false;
    }
    return true;
}

static bool arguments(struct desk_command *k, int argc, char **argv)
{
    k->state = WITHDRAW_RECEIVED;
    k->limit = QUEUE_LIMIT;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            k->json = true;
        } else if (strcmp(argv[i], "--dry-run") == 0) {
            k->dry_run = true;
        } else if (strncmp(argv[i], "--", 2) == 0) {
            if (i + 1 == argc || !option(k, argv[i] + 2, argv[i + 1])) {
                fprintf(stderr, "anju withdraw: %s is no option here, or its value is none\n",
                        argv[i]);
                return false;
            }
            i++;
        } else if (k->line.words[FIELD_NUMBER].len == 0) {
            k->line.words[FIELD_NUMBER] = text_of(argv[i]);
        } else {
            fputs("anju withdraw: one number of an application is enough\n", stderr);
            return false;
        }
    }
    return true;
}

static enum result staff_check(const struct desk_command *k, struct error *err)
{
    return k->staff.len > 0 && text_is_clean_utf8(k->staff) &&
                   text_characters(k->staff) <= STAFF_MAX
               ? RESULT_OK
               : error_set(err, RESULT_INVALID,
                           "--staff is wanted: who does it, at most %d characters", STAFF_MAX);
}

/* --- the look on record, before anything of a person is shown or changed --- */

static enum result whose(struct desk_command *k, const struct line *l, struct access_request *q,
                         struct error *err)
{
    struct account account;
    struct withdraw_record record;
    bool by_number = l->words[FIELD_NUMBER].len > 0;
    enum result r = db_begin(k->home.db, STORE_READ, err);

    if (r != RESULT_OK)
        return r;
    if (by_number)
        r = withdraw_find(k->home.db, k->work, l->words[FIELD_NUMBER], &record, err);
    else
        r = ledger_account(k->home.db, k->work, l->words[FIELD_ACCOUNT], &account, err);
    db_rollback(k->home.db);
    if (r != RESULT_OK)
        return r;
    q->person = by_number ? record.person : account.person;
    q->account = by_number ? record.account : account.account;
    q->case_no = by_number ? record.number : l->words[FIELD_KEY];
    return RESULT_OK;
}

static enum result look(struct desk_command *k, const struct line *l, struct error *err)
{
    struct access_request q =
        access_by_staff(PART_WITHDRAWALS, k->staff, text_of(k->home.config.centre_zh), TEXT(""));
    struct view v;
    enum result r = whose(k, l, &q, err);

    return r == RESULT_OK ? access_open(k->home.db, &k->home.clock, &q, &v, err) : r;
}

/* --- doing --- */

static bool keep(struct arena *a, struct text *t)
{
    t->at = arena_copy(a, t->at ? *t : TEXT(""));
    return t->at != NULL;
}

/* One line in the transaction; what it did outlives the work arena. */
static enum result do_line(struct desk_command *k, const struct line *l, enum verb verb,
                           struct withdraw_done *out, struct error *err)
{
    struct text actor = text_of(arena_printf(k->work, "staff %.*s", TEXT_ARG(k->staff)));
    struct withdraw_move move;
    struct withdraw_ask ask;
    enum result r;

    if (!actor.at)
        return withdraw_no_memory(err);
    if (verb == VERB_APPLY) {
        r = line_ask(l, actor, &ask, err);
        if (r == RESULT_OK)
            r = withdraw_apply(&k->desk, k->home.db, k->work, &ask, out, NULL, err);
    } else {
        r = line_move(l, verb, actor, &move, err);
        if (r == RESULT_OK)
            r = withdraw_move(&k->desk, k->home.db, k->work, &move, out, err);
    }
    if (r != RESULT_OK)
        return r;
    return keep(k->home.arena, &out->number) && keep(k->home.arena, &out->account) &&
                   keep(k->home.arena, &out->ground) && keep(k->home.arena, &out->flow)
               ? RESULT_OK
               : withdraw_no_memory(err);
}

/* The sentence of a file's line begins with its number. */
static enum result named(const struct line *l, enum result r, struct error *err)
{
    char sentence[ERROR_SENTENCE_MAX];

    if (r == RESULT_OK || l->number == 0 || strncmp(err->sentence, "line ", 5) == 0)
        return r;
    snprintf(sentence, sizeof sentence, "%s", err->sentence);
    return error_set(err, r, "line %" PRId64 ": %s; nothing was changed", l->number, sentence);
}

static enum result look_at_all(struct desk_command *k, const struct line *lines, size_t count,
                               struct error *err)
{
    enum result r = RESULT_OK;

    for (size_t i = 0; r == RESULT_OK && i < count; i++) {
        r = named(&lines[i], look(k, &lines[i], err), err);
        arena_reset(k->work);
    }
    return r;
}

static enum result do_all(struct desk_command *k, const struct line *lines, size_t count,
                          enum verb verb, struct withdraw_done *done, struct error *err)
{
    struct progress progress = {0};
    enum result r = db_begin(k->home.db, STORE_WRITE_LEDGER, err);

    if (r != RESULT_OK)
        return r;
    if (count > 1)
        progress_start(&progress, "Withdrawals", count);
    for (size_t i = 0; r == RESULT_OK && i < count; i++) {
        r = named(&lines[i], do_line(k, &lines[i], verb, &done[i], err), err);
        arena_reset(k->work);
        if (count > 1)
            progress_show(&progress, i + 1);
    }
    if (count > 1)
        progress_end(&progress);
    if (r == RESULT_OK && !k->dry_run)
        return db_commit(k->home.db, err);
    db_rollback(k->home.db);
    return r;
}

static enum result run_verb(struct desk_command *k, enum verb verb, struct error *err)
{
    struct line *lines = &k->line;
    struct withdraw_done *done;
    size_t count = 1;
    enum result r = staff_check(k, err);

    if (r == RESULT_OK && k->file)
        r = lines_read(k->file, verb, k->home.arena, &lines, &count, err);
    else if (r == RESULT_OK)
        r = line_check(&k->line, verb, err);
    if (r != RESULT_OK)
        return r;
    done = arena_alloc(k->home.arena, count * sizeof *done);
    if (!done)
        return withdraw_no_memory(err);
    r = look_at_all(k, lines, count, err);
    if (r == RESULT_OK)
        r = do_all(k, lines, count, verb, done, err);
    if (r == RESULT_OK)
        say_done(done, count, k->dry_run, k->json);
    return r;
}

/* --- list and show --- */

static enum result run_list(struct desk_command *k, struct error *err)
{
    struct withdraw_due *list = NULL;
    size_t count = 0;
    enum result r = db_begin(k->home.db, STORE_READ, err);

    if (r != RESULT_OK)
        return r;
    r = withdraw_queue(k->home.db, k->home.arena, (enum withdraw_state)k->state, k->limit, &list,
                       &count, err);
    db_rollback(k->home.db);
    if (r != RESULT_OK)
        return r;
    say_queue(list, count, (enum withdraw_state)k->state, k->limit, clock_today(&k->home.clock),
              k->json);
    return RESULT_OK;
}

static enum result run_show(struct desk_command *k, struct error *err)
{
    struct withdraw_record w;
    enum result r = staff_check(k, err);

    if (r == RESULT_OK && k->line.words[FIELD_NUMBER].len == 0)
        r = error_set(err, RESULT_INVALID, "show wants an application's number");
    if (r == RESULT_OK)
        r = look(k, &k->line, err);
    if (r == RESULT_OK)
        r = db_begin(k->home.db, STORE_READ, err);
    if (r != RESULT_OK)
        return r;
    r = withdraw_find(k->home.db, k->home.arena, k->line.words[FIELD_NUMBER], &w, err);
    db_rollback(k->home.db);
    if (r == RESULT_OK)
        say_done(&(struct withdraw_done){.number = w.number,
                                         .account = w.account,
                                         .ground = w.ground,
                                         .state = w.state,
                                         .day = w.last_day,
                                         .decide_by = w.decide_by,
                                         .amount = w.amount,
                                         .interest = w.interest,
                                         .flow = w.flow},
                 1, k->dry_run, k->json);
    return r;
}

/* --- the whole --- */

static enum result desk_open(struct desk_command *k, struct error *err)
{
    enum result r = command_open(&k->home, COMMAND_POLICY, err);

    k->work = arena_new(COMMAND_ARENA_MAX);
    k->sha = sha256_new();
    if (r == RESULT_OK && (!k->work || !k->sha))
        r = withdraw_no_memory(err);
    k->desk =
        (struct withdraw_desk){.clock = &k->home.clock, .policy = k->home.policy, .sha = k->sha};
    return r;
}

static void desk_close(struct desk_command *k)
{
    command_close(&k->home);
    sha256_free(k->sha);
    arena_free(k->work);
}

static enum result run(struct desk_command *k, const char *word, struct error *err)
{
    enum result r = desk_open(k, err);

    if (r != RESULT_OK)
        return r;
    if (strcmp(word, "list") == 0)
        return run_list(k, err);
    if (strcmp(word, "show") == 0)
        return run_show(k, err);
    for (int v = 0; v < VERB_COUNT; v++)
        if (strcmp(word, verb_word((enum verb)v)) == 0)
            return run_verb(k, (enum verb)v, err);
    return error_set(err, RESULT_INTERNAL, "no such step");
}

static bool known(const char *word)
{
    bool found = strcmp(word, "list") == 0 || strcmp(word, "show") == 0;

    for (int v = 0; v < VERB_COUNT; v++)
        found = found || strcmp(word, verb_word((enum verb)v)) == 0;
    return found;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int withdraw_main(int argc, char **argv)
{
    static struct desk_command k;
    struct error err = {0};
    enum result r;

    if (argc > 1 && (is_help(argv[1]) || is_help(argv[argc - 1]))) {
        fputs(usage, stdout);
        return 0;
    }
    if (argc < 2 || !known(argv[1])) {
        fputs("anju withdraw: apply, accept, decide, pay, cancel, show or list; --help says more\n",
              stderr);
        return COMMAND_USAGE;
    }
    if (!arguments(&k, argc, argv))
        return COMMAND_USAGE;
    r = run(&k, argv[1], &err);
    if (r != RESULT_OK)
        fprintf(stderr, "anju withdraw: %s\n", err.sentence);
    desk_close(&k);
    return result_exit_status(r);
}
