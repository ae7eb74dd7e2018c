/* The files of a folder, as a month's remittances of all units come: each an operation of its own. */
#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

/* What came of the files together. */
struct sums {
    int64_t files, posted, already, refused;
    struct contribution_report all; /* of those that were posted now */
    enum result first_refusal;
};

static void add(struct sums *s, const struct contribution_report *r)
{
    s->posted += !r->already;
    s->already += r->already;
    if (r->already)
        return;
    s->all.lines += r->lines;
    s->all.entries += r->entries;
    s->all.unit_amount = fen_add(s->all.unit_amount, r->unit_amount);
    s->all.own_amount = fen_add(s->all.own_amount, r->own_amount);
    s->all.amount = fen_add(s->all.amount, r->amount);
    s->all.interest = fen_add(s->all.interest, r->interest);
}

/* What is wrong with a file keeps nobody else's from being done. */
static bool is_of_the_file(enum result r)
{
    return r == RESULT_INVALID || r == RESULT_REFUSED || r == RESULT_NOT_FOUND ||
           r == RESULT_CONFLICT;
}

static enum result post_path(struct command *k, const char *name, struct sums *s, struct error *err)
{
    struct contribution_report report = {0};
    char path[PATH_MAX];
    enum result r;

    if (snprintf(path, sizeof path, "%s/%s", k->folder, name) >= (int)sizeof path)
        return error_set(err, RESULT_INVALID, "the name of the folder is too long");
    k->file = path;
    r = command_file(k, err);
    if (r == RESULT_OK)
        r = command_post(k, NULL, &report, err);
    free(k->content);
    k->content = NULL;
    k->file = NULL;
    if (r == RESULT_OK) {
        add(s, &report);
    } else if (is_of_the_file(r)) {
        fprintf(stderr, "%s: %s\n", k->called, err->sentence);
        s->first_refusal = s->refused++ == 0 ? r : s->first_refusal;
        r = RESULT_OK;
    }
    return r;
}

static int is_csv(const struct dirent *e)
{
    size_t len = strlen(e->d_name);

    return len > 4 && strcmp(e->d_name + len - 4, ".csv") == 0;
}

static void print_sums(const struct command *k, const struct sums *s)
{
    printf("%s: %" PRId64 " files: %" PRId64 " %s, %" PRId64 " done before, %" PRId64 " refused\n",
           k->called, s->files, s->posted, k->dry_run ? "would be posted" : "posted", s->already,
           s->refused);
    printf("  %" PRId64 " lines, %" PRId64
           " entries; unit's shares %s, own shares %s; balances %s; interest paid out %s\n",
           s->all.lines, s->all.entries, fen_words(s->all.unit_amount).at,
           fen_words(s->all.own_amount).at, fen_words(s->all.amount).at,
           fen_words(s->all.interest).at);
}

static void print_sums_json(const struct command *k, const struct sums *s)
{
    struct json j;

    json_start(&j, JSON_LIMIT);
    json_put_object(&j, NULL);
    json_put_word(&j, "operation", k->op->name);
    json_put_bool(&j, "dry_run", k->dry_run);
    json_put_int(&j, "files", s->files);
    json_put_int(&j, "posted", s->posted);
    json_put_int(&j, "already", s->already);
    json_put_int(&j, "refused", s->refused);
    json_put_date(&j, "today", clock_today(&k->home.clock));
    command_figures(&j, &s->all);
    json_put_object_end(&j);
    if (!j.failed)
        puts(j.at);
    json_free(&j);
}

int command_folder(struct command *k)
{
    struct sums s = {.first_refusal = RESULT_OK};
    struct dirent **names = NULL;
    struct progress bar = {0};
    struct error err = {0};
    int count = scandir(k->folder, &names, is_csv, alphasort);
    enum result r = count > 0 ? command_open(&k->home, COMMAND_POLICY | COMMAND_VAULT, &err)
                              : error_set(&err, RESULT_INVALID, "%s %s", k->folder,
                                          count < 0 ? "cannot be read" : "has no .csv file");

    if (r == RESULT_OK)
        progress_start(&bar, k->op->name, (uint64_t)count);
    for (; s.files < count && r == RESULT_OK; s.files++) {
        r = post_path(k, names[s.files]->d_name, &s, &err);
        progress_show(&bar, (uint64_t)s.files + 1);
    }
    progress_end(&bar);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    if (r != RESULT_OK)
        fprintf(stderr, "%s: %s\n", k->called, err.sentence);
    if (k->json && (r == RESULT_OK || s.posted > 0))
        print_sums_json(k, &s);
    else if (r == RESULT_OK || s.posted > 0)
        print_sums(k, &s);
    if (r == RESULT_OK)
        r = s.first_refusal;
    return r == RESULT_OK ? 0 : result_exit_status(r);
}
