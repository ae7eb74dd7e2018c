/* `anju loan collect` and `anju loan reprice`. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/progress.h"
#include "ledger/loan_options.h"
#include "ledger/loan_post.h"
#include "service/loan_command.h"
#include "service/loan_desk.h"

enum { DATE, RETURNED, DRY_RUN, JSON, OPTIONS };
enum { JSON_LIMIT = 64 * 1024, RETURNED_MAX = 200000 };

static void print_words(const struct loan_batch_report *r, bool collects)
{
    char day[DATE_TEXT_MAX], principal[FEN_TEXT_MAX], interest[FEN_TEXT_MAX];

    date_format(r->day, day);
    fen_format(r->principal, principal);
    fen_format(r->interest, interest);
    printf("%s of %s%s\n", collects ? "Collection" : "Repricing", day,
           r->dry_run   ? " (dry run, nothing was posted)"
           : r->already ? " (complete already; nothing was posted)"
                        : "");
    if (collects)
        printf("%12" PRId64 "  instalments collected: principal %s, interest %s\n%12" PRId64
               "  did not come and are overdue\n",
               r->collected, principal, interest, r->missed);
    else
        printf("%12" PRId64 "  loans have a new rate\n", r->repriced);
    printf("%12" PRId64 "  passed over\n", r->passed);
    for (int64_t i = 0; i < r->passed && i < LOAN_PASSED_MAX; i++)
        printf("  %s %s: %s\n", r->list[i].account, r->list[i].loan, r->list[i].why);
    printf("%" PRId64 " loans looked at by this run, %" PRId64 " changed, in %.1f s.\n", r->loans,
           r->acts_now, r->seconds);
}

static void print_json(const struct loan_batch_report *r)
{
    struct json j;

    json_start(&j, JSON_LIMIT);
    json_put_object(&j, NULL);
    json_put_date(&j, "date", r->day);
    json_put_bool(&j, "already", r->already);
    json_put_bool(&j, "dry_run", r->dry_run);
    json_put_int(&j, "loans", r->loans);
    json_put_int(&j, "changed_now", r->acts_now);
    json_put_int(&j, "collected", r->collected);
    json_put_int(&j, "missed", r->missed);
    json_put_int(&j, "repriced", r->repriced);
    json_put_fen(&j, "principal", r->principal);
    json_put_fen(&j, "interest", r->interest);
    json_put_int(&j, "passed_over", r->passed);
    json_put_array(&j, "passed");
    for (int64_t i = 0; i < r->passed && i < LOAN_PASSED_MAX; i++) {
        json_put_object(&j, NULL);
        json_put_text(&j, "account", text_of(r->list[i].account));
        json_put_text(&j, "loan", text_of(r->list[i].loan));
        json_put_text(&j, "why", text_of(r->list[i].why));
        json_put_object_end(&j);
    }
    json_put_array_end(&j);
    json_put_int(&j, "milliseconds", (int64_t)(r->seconds * 1000));
    json_put_object_end(&j);
    if (!j.failed) {
        puts(j.at);
    }
    json_free(&j);
}

/* --- what the bank could not collect --- */

static int compare(const void *left, const void *right)
{
    const struct loan_returned *a = left, *b = right;
    int by_account = text_compare(a->account, b->account);

    return by_account ? by_account : text_compare(a->loan, b->loan);
}

static enum result is_known(struct loan_desk *d, const struct loan_returned *one, int line,
                            struct error *err)
{
    struct stmt *q = db_query(d->home.db, QUERY_loan_batch_terms);
    enum stmt_step step;

    stmt_text(q, 1, one->account);
    stmt_text(q, 2, one->loan);
    step = stmt_step(q);
    stmt_end(q);
    if (step == STMT_DONE) {
        return error_set(err, RESULT_INVALID, "line %d of the returned ones: there is no such loan",
                         line);
    }
    return step == STMT_ROW ? RESULT_OK : db_failure(d->home.db, err);
}

static enum result read_lines(struct loan_desk *d, char *at, char *end, struct loan_returned *list,
                              size_t *count, struct error *err)
{
    char *line;
    size_t len;

    *count = 0;
    for (int n = 1; (line = csv_line(&at, end, &len)) != NULL; n++) {
        struct text fields[CSV_FIELDS_MAX];
        bool clean = text_is_clean_utf8((struct text){line, len});

        if (!clean || csv_split(line, len, fields) != 2 || *count == RETURNED_MAX) {
            return error_set(err, RESULT_INVALID,
                             "line %d of the returned ones: account,loan is wanted", n);
        }
        if (n == 1) {
            if (!text_equal(fields[0], TEXT("account")) || !text_equal(fields[1], TEXT("loan"))) {
                return error_set(err, RESULT_INVALID,
                                 "the returned ones begin with the header account,loan");
            }
            continue;
        }
        list[*count] = (struct loan_returned){fields[0], fields[1]};
        if (is_known(d, &list[*count], n, err) != RESULT_OK) {
            return err->code;
        }
        (*count)++;
    }
    qsort(list, *count, sizeof *list, compare);
    return RESULT_OK;
}

static enum result read_returned(struct loan_desk *d, const char *path, struct loan_batch *b,
                                 struct error *err)
{
    struct loan_returned *list = arena_alloc(d->arena, RETURNED_MAX * sizeof *list);
    char *bytes;
    size_t size;
    enum result r;

    if (!list) {
        return error_set(err, RESULT_MEMORY, "out of memory");
    }
    r = loan_desk_read(d, path, &bytes, &size, err);
    if (r != RESULT_OK) {
        return r;
    }
    /* The lines are split in place: what the operation is told by is a copy. */
    b->list_of = (struct text){arena_copy(d->arena, (struct text){bytes, size}), size};
    if (!b->list_of.at) {
        return error_set(err, RESULT_MEMORY, "out of memory");
    }
    r = db_begin(d->home.db, STORE_READ, err);
    if (r == RESULT_OK) {
        r = read_lines(d, bytes, bytes + size, list, &b->returned_count, err);
    }
    db_rollback(d->home.db);
    b->returned = list;
    return r;
}

int loan_batch_main(int argc, char **argv)
{
    bool collects = strcmp(argv[0], "collect") == 0;
    struct loan_option list[OPTIONS] = {
        [DATE] = {.name = "--date"},
        [RETURNED] = {.name = "--returned"},
        [DRY_RUN] = {.name = "--dry-run", .flag = true},
        [JSON] = {.name = "--json", .flag = true},
    };
    char command[32];
    const struct loan_options o = {command, list, OPTIONS};
    struct loan_batch b = {.day = DATE_NONE, .list_of = TEXT("")};
    static struct loan_batch_report report;
    static struct loan_desk d;
    struct progress progress = {0};
    struct error err = {0};
    enum result r;

    snprintf(command, sizeof command, "anju loan %s", argv[0]);
    if (!loan_options_read(&o, argc, argv) || !loan_option_date(&o, DATE, &b.day)) {
        return STATUS_USAGE;
    }
    if (date_is_none(b.day) || (!collects && list[RETURNED].value)) {
        fprintf(stderr, "%s: %s; %s --help says more\n", command,
                date_is_none(b.day) ? "which day? --date DATE" : "--returned belongs to collect",
                command);
        return STATUS_USAGE;
    }
    b.dry_run = list[DRY_RUN].value != NULL;
    b.progress = &progress;
    r = loan_desk_open(&d, &err);
    if (r == RESULT_OK && list[RETURNED].value) {
        r = read_returned(&d, list[RETURNED].value, &b, &err);
    }
    b.db = d.home.db;
    b.policy = d.home.policy;
    b.clock = &d.home.clock;
    if (r == RESULT_OK) {
        r = collects ? loan_collect_city(&b, &report, &err) : loan_reprice_city(&b, &report, &err);
    }
    loan_desk_close(&d);
    if (r != RESULT_OK) {
        fprintf(stderr, "%s: %s\n", command, err.sentence);
        return result_exit_status(r);
    }
    if (list[JSON].value) {
        print_json(&report);
    } else {
        print_words(&report, collects);
    }
    return fflush(stdout) == 0 ? 0 : result_exit_status(RESULT_IO);
}
