/* anju remit and anju contribution: a file, or one line of it as options. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "command.h"

enum {
    NAME_WIDTH = 14,
    OPTION_WIDTH = 16,
    LINE_ROOM = 16 * 1024,
};

/* --- help --- */

static void print_help(const char *called, const struct contribution_op *op)
{
    printf("%s --file FILE [--key KEY] [--staff NAME] [--dry-run] [--json]\n", called);
    printf("%s --folder DIR [--staff NAME] [--dry-run] [--json]\n", called);
    printf("%s OPTIONS [--key KEY] [--staff NAME] [--dry-run] [--json]\n", called);
    printf("  %-*s every .csv file in it, by name, each an operation of its own: one that is\n"
           "  %-*s refused is named, and the others are done\n"
           "  %-*s a file of many lines; or one line as options:\n",
           OPTION_WIDTH, "--folder", OPTION_WIDTH, "", OPTION_WIDTH, "--file");
    for (int i = 0; i < op->count; i++)
        printf("  %-*s %s%s\n", OPTION_WIDTH, op->fields[i].option, op->fields[i].words,
               op->fields[i].column.presence == MAY ? ", may be left out" : "");
    printf("  %-*s the same key does the same once for ever (what the file holds; for\n"
           "  %-*s options that and the day)\n"
           "  %-*s who posts, at most %d bytes (command line)\n"
           "  %-*s says what would come of it, and posts nothing\n"
           "  %-*s for programs\n",
           OPTION_WIDTH, "--key", OPTION_WIDTH, "", OPTION_WIDTH, "--staff", POST_ACTOR_MAX,
           OPTION_WIDTH, "--dry-run", OPTION_WIDTH, "--json");
    fputs("The file is UTF-8, comma-separated, and begins with\n  ", stdout);
    for (int i = 0; i < op->count; i++)
        printf("%s%s", i > 0 ? "," : "", op->fields[i].column.name);
    printf("\nIt is taken whole or not at all.\n%s\n%s.\n", op->more, op->does);
}

static void print_list(FILE *out)
{
    fputs("anju contribution: what happens to contribution accounts\n\n", out);
    for (int i = 0; i < contribution_op_count; i++)
        fprintf(out, "  anju contribution %-*s %s\n", NAME_WIDTH, contribution_ops[i].name,
                contribution_ops[i].does);
    fputs("\nanju contribution NAME --help says more.\n", out);
}

/* --- arguments --- */

static const char **option_of(struct command *k, const char *name)
{
    for (int i = 0; i < k->op->count; i++)
        if (strcmp(k->op->fields[i].option, name) == 0)
            return &k->options[i];
    return NULL;
}

static int usage(const struct command *k, const char *words, const char *what)
{
    fprintf(stderr, "%s: %s%s; %s --help says more\n", k->called, words, what, k->called);
    return COMMAND_USAGE;
}

/* 0, or the exit status when something was wrong. */
static int take_value(struct command *k, const char *name, const char *value)
{
    const char **option = option_of(k, name);

    if (strcmp(name, "--file") == 0) {
        k->file = value;
    } else if (strcmp(name, "--folder") == 0) {
        k->folder = value;
    } else if (strcmp(name, "--key") == 0) {
        k->key = text_of(value);
        if (k->key.len == 0)
            return usage(k, "an empty ", name);
    } else if (strcmp(name, "--staff") == 0) {
        k->staff = text_of(value);
    } else if (!option) {
        return usage(k, "there is no option ", name);
    } else if (*option) {
        return usage(k, "given twice: ", name);
    } else {
        *option = value;
        k->any_option = true;
    }
    return 0;
}

static int read_arguments(struct command *k, int argc, char **argv)
{
    int status = 0;

    k->staff = TEXT("command line");
    for (int i = 1; i < argc && status == 0; i++) {
        if (strcmp(argv[i], "--json") == 0)
            k->json = true;
        else if (strcmp(argv[i], "--dry-run") == 0)
            k->dry_run = true;
        else if (i + 1 == argc)
            status = usage(k, "there is no such option, or it lacks its value: ", argv[i]);
        else {
            status = take_value(k, argv[i], argv[i + 1]);
            i++;
        }
    }
    if (status == 0 && !k->file && !k->folder && !k->any_option)
        return usage(k, "--file is wanted", ", or --folder, or one line as options");
    if (status == 0 && (k->file != NULL) + (k->folder != NULL) + k->any_option > 1)
        return usage(k, "--file, --folder and options exclude each other", "");
    if (status == 0 && k->folder && k->key.len > 0)
        return usage(k, "each file of a folder has a key of its own: not with --folder: ", "--key");
    if (status == 0 &&
        (k->staff.len == 0 || k->staff.len > POST_ACTOR_MAX || !text_is_clean_utf8(k->staff)))
        return usage(k, "not a name: ", "--staff");
    return status;
}

/* --- the content --- */

enum result command_file(struct command *k, struct error *err)
{
    FILE *in = fopen(k->file, "rb");
    struct stat about;

    if (!in || fstat(fileno(in), &about) != 0 || !S_ISREG(about.st_mode)) {
        if (in)
            fclose(in);
        return error_set(err, RESULT_INVALID, "%s cannot be read", k->file);
    }
    if (about.st_size > CONTRIBUTION_FILE_MAX) {
        fclose(in);
        return error_set(err, RESULT_INVALID, "%s has more than %d MiB", k->file,
                         CONTRIBUTION_FILE_MAX / 1024 / 1024);
    }
    k->content = malloc((size_t)about.st_size + 1);
    if (k->content)
        k->size = fread(k->content, 1, (size_t)about.st_size, in);
    fclose(in);
    if (!k->content)
        return error_set(err, RESULT_MEMORY, "out of memory");
    return k->size == (size_t)about.st_size
               ? RESULT_OK
               : error_set(err, RESULT_IO, "%s cannot be read to its end", k->file);
}

/* The file that has this one line. */
static enum result write_line(struct command *k, struct error *err)
{
    char *p = k->content = malloc(LINE_ROOM);
    size_t need = 2;

    for (int i = 0; i < k->op->count; i++)
        need += strlen(k->op->fields[i].column.name) + 1 +
                2 * (k->options[i] ? strlen(k->options[i]) : 0) + 3;
    if (!p || need > LINE_ROOM)
        return error_set(err, p ? RESULT_INVALID : RESULT_MEMORY,
                         p ? "the options are too long" : "out of memory");
    for (int i = 0; i < k->op->count; i++) {
        p += csv_put(p, text_of(k->op->fields[i].column.name));
        *p++ = i + 1 < k->op->count ? ',' : '\n';
    }
    for (int i = 0; i < k->op->count; i++) {
        p += csv_put(p, k->options[i] ? text_of(k->options[i]) : TEXT(""));
        *p++ = i + 1 < k->op->count ? ',' : '\n';
    }
    k->size = (size_t)(p - k->content);
    return RESULT_OK;
}

/* --- what is said --- */

static void print_words(const struct command *k, const struct contribution_report *r)
{
    const char *would = k->dry_run && !r->already ? "would be " : "";
    char day[DATE_TEXT_MAX];

    date_format(clock_today(&k->home.clock), day);
    if (r->already)
        printf("%s: was done before; nothing was posted now. Then:\n", k->called);
    printf("%s: %" PRId64 " line%s, %" PRId64 " entr%s %sposted%s%s\n", k->called, r->lines,
           r->lines == 1 ? "" : "s", r->entries, r->entries == 1 ? "y" : "ies", would,
           r->already ? "" : " on ", r->already ? "" : day);
    printf("  unit's shares %s, own shares %s; balances %s; interest paid out %s\n",
           fen_words(r->unit_amount).at, fen_words(r->own_amount).at, fen_words(r->amount).at,
           fen_words(r->interest).at);
    if (r->batch != 0)
        printf("  operation %" PRId64 "\n", r->batch - POST_BATCH_BASE);
}

void command_figures(struct json *j, const struct contribution_report *r)
{
    json_put_int(j, "lines", r->lines);
    json_put_int(j, "entries", r->entries);
    json_put_fen(j, "unit_amount", r->unit_amount);
    json_put_fen(j, "own_amount", r->own_amount);
    json_put_fen(j, "amount", r->amount);
    json_put_fen(j, "interest", r->interest);
}

static void print_json(const struct command *k, const struct contribution_report *r)
{
    struct json j;

    json_start(&j, JSON_LIMIT);
    json_put_object(&j, NULL);
    json_put_word(&j, "operation", k->op->name);
    json_put_bool(&j, "dry_run", k->dry_run);
    json_put_bool(&j, "already", r->already);
    json_put_int(&j, "number", r->batch == 0 ? 0 : r->batch - POST_BATCH_BASE);
    json_put_date(&j, "today", clock_today(&k->home.clock));
    command_figures(&j, r);
    json_put_object_end(&j);
    if (!j.failed)
        puts(j.at);
    json_free(&j);
}

/* --- doing it --- */

enum result command_post(struct command *k, struct progress *bar,
                         struct contribution_report *report, struct error *err)
{
    const struct contribution_desk desk = {
        .db = k->home.db,
        .policy = k->home.policy,
        .clock = &k->home.clock,
        .vault = k->home.vault,
        .random = &k->random,
        .progress = bar,
        .demo = k->home.config.demo,
    };
    struct contribution_order order = {
        .op = k->op,
        .file = k->file ? k->file : "options",
        .content = k->content,
        .size = k->size,
        .key = k->key,
        .actor = k->staff,
        .of_the_day = !k->file,
        .dry_run = k->dry_run,
    };

    random_system(&k->random);
    return contribution_post(&desk, &order, report, err);
}

static int post_one(struct command *k)
{
    struct contribution_report report = {0};
    struct progress bar = {0};
    struct error err = {0};
    enum result r = k->file ? command_file(k, &err) : write_line(k, &err);

    if (r == RESULT_OK)
        r = command_open(&k->home, COMMAND_POLICY | COMMAND_VAULT, &err);
    if (r == RESULT_OK)
        r = command_post(k, &bar, &report, &err);
    if (r != RESULT_OK)
        fprintf(stderr, "%s: %s\n", k->called, err.sentence);
    else if (k->json)
        print_json(k, &report);
    else
        print_words(k, &report);
    return r == RESULT_OK ? 0 : result_exit_status(r);
}

static int run(struct command *k, int argc, char **argv)
{
    int status = read_arguments(k, argc, argv);

    if (status != 0)
        return status;
    status = k->folder ? command_folder(k) : post_one(k);
    command_close(&k->home);
    free(k->content);
    return status;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int run_op(const char *called, const struct contribution_op *op, int argc, char **argv)
{
    static struct command k;

    if (argc > 1 && is_help(argv[1])) {
        print_help(called, op);
        return 0;
    }
    k = (struct command){.called = called, .op = op};
    return run(&k, argc, argv);
}

int remit_main(int argc, char **argv)
{
    return run_op("anju remit", contribution_find(TEXT("remit")), argc, argv);
}

int contribution_main(int argc, char **argv)
{
    const struct contribution_op *op;
    char called[64];

    if (argc < 2) {
        fputs("anju contribution: say what; anju contribution --help lists it\n", stderr);
        return COMMAND_USAGE;
    }
    if (is_help(argv[1])) {
        print_list(stdout);
        return 0;
    }
    op = contribution_find(text_of(argv[1]));
    if (!op) {
        fprintf(stderr,
                "anju contribution: there is no \"%s\"; anju contribution --help lists "
                "what there is\n",
                argv[1]);
        return COMMAND_USAGE;
    }
    snprintf(called, sizeof called, "anju contribution %s", op->name);
    return run_op(called, op, argc - 1, argv + 1);
}
