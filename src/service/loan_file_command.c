/* `anju loan file`: orders out of a file, all of them or none. */
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "service/loan_command.h"
#include "service/loan_wish.h"

enum { FILE_LINES = 10000 };

struct order_file {
    const char *path;
    struct text staff;
    bool dry_run, json;
    int column[CSV_FIELDS_MAX]; /* an option, or OPTIONS: the operation */
    int columns;
    struct loan_wish *wishes;
    size_t count;
};

static bool read_header(struct order_file *f, char *line, size_t len)
{
    struct text fields[CSV_FIELDS_MAX];
    int n = csv_split(line, len, fields);

    for (int i = 0; i < n; i++) {
        int option = KEY;

        while (option < DRY_RUN &&
               !text_equal(fields[i], text_of(loan_wish_options[option].name + 2))) {
            option++;
        }
        if (text_equal(fields[i], TEXT("operation"))) {
            option = OPTIONS;
        } else if (option == DRY_RUN || option == STAFF) {
            fprintf(stderr, "anju loan file: line 1: there is no column \"%.*s\"\n",
                    TEXT_ARG(fields[i]));
            return false;
        }
        for (int k = 0; k < i; k++) {
            if (f->column[k] == option) {
                fprintf(stderr, "anju loan file: line 1: the column \"%.*s\" stands there twice\n",
                        TEXT_ARG(fields[i]));
                return false;
            }
        }
        f->column[i] = option;
    }
    f->columns = n;
    if (n < 1) {
        fputs("anju loan file: line 1: a header is wanted\n", stderr);
    }
    return n >= 1;
}

/* The line's fields as the options of its operation. */
static bool read_line(struct order_file *f, struct loan_desk *d, const char *where, char *line,
                      size_t len)
{
    struct loan_option list[OPTIONS];
    const struct loan_options o = {where, list, OPTIONS};
    const struct loan_operation *op = NULL;
    struct text fields[CSV_FIELDS_MAX];
    int n = text_is_clean_utf8((struct text){line, len}) ? csv_split(line, len, fields) : -1;

    memcpy(list, loan_wish_options, sizeof list);
    if (n != f->columns) {
        fprintf(stderr, "%s: %d fields are wanted\n", where, f->columns);
        return false;
    }
    list[STAFF].value = arena_copy(d->arena, f->staff);
    for (int i = 0; i < n; i++) {
        if (f->column[i] == OPTIONS) {
            op = loan_find_operation(fields[i]);
        } else if (fields[i].len > 0) {
            list[f->column[i]].value = arena_copy(d->arena, fields[i]);
            if (!list[f->column[i]].value) {
                fprintf(stderr, "%s: out of memory\n", where);
                return false;
            }
        }
        if (f->column[i] != OPTIONS && loan_wish_options[f->column[i]].flag && fields[i].len > 0 &&
            !text_equal(fields[i], TEXT("yes"))) {
            fprintf(stderr, "%s: %s: yes or nothing is wanted\n", where,
                    loan_wish_options[f->column[i]].name);
            return false;
        }
    }
    if (!op) {
        fprintf(stderr, "%s: the operation is contract, pay-out, pay, settle or reverse\n", where);
        return false;
    }
    return loan_wish_read(&o, op, &f->wishes[f->count++]);
}

/* Every line is read before the first is done. False, and said, when one is wrong. */
static bool read_lines(struct order_file *f, struct loan_desk *d, char *at, size_t size)
{
    char *end = at + size, *line, where[64];
    size_t len;

    f->wishes = arena_alloc(d->arena, FILE_LINES * sizeof *f->wishes);
    line = csv_line(&at, end, &len);
    if (!f->wishes || !line) {
        fputs("anju loan file: the file is empty\n", stderr);
        return false;
    }
    if (!read_header(f, line, len)) {
        return false;
    }
    for (int n = 2; (line = csv_line(&at, end, &len)) != NULL; n++) {
        snprintf(where, sizeof where, "anju loan file: line %d", n);
        if (f->count == FILE_LINES) {
            fprintf(stderr, "%s: a file has at most %d lines\n", where, FILE_LINES);
            return false;
        }
        if (!read_line(f, d, where, line, len)) {
            return false;
        }
    }
    return true;
}

static enum result do_lines(struct order_file *f, struct loan_desk *d,
                            struct loan_order_answer *answers, struct error *err)
{
    struct error why;
    enum result r = RESULT_OK;

    for (size_t i = 0; i < f->count && r == RESULT_OK; i++) {
        r = loan_wish_look(d, &f->wishes[i], &why);
        if (r != RESULT_OK) {
            return error_set(err, r, "line %zu: %.400s", i + 2, why.sentence);
        }
    }
    r = db_begin(d->home.db, STORE_WRITE_LEDGER, err);
    for (size_t i = 0; i < f->count && r == RESULT_OK; i++) {
        r = loan_wish_post(d, &f->wishes[i], &answers[i], &why);
        if (r != RESULT_OK) {
            r = error_set(err, r, "line %zu: %.400s; nothing of the file was posted", i + 2,
                          why.sentence);
        }
    }
    if (r == RESULT_OK && !f->dry_run) {
        return db_commit(d->home.db, err);
    }
    db_rollback(d->home.db);
    return r;
}

static enum result do_file(struct order_file *f, struct loan_desk *d, bool *wrong,
                           struct error *err)
{
    struct loan_order_answer *answers;
    size_t size, before = 0;
    char *bytes;
    enum result r = loan_desk_read(d, f->path, &bytes, &size, err);

    if (r != RESULT_OK) {
        return r;
    }
    *wrong = !read_lines(f, d, bytes, size);
    if (*wrong) {
        return RESULT_OK;
    }
    answers = arena_alloc(d->arena, (f->count + 1) * sizeof *answers);
    if (!answers) {
        return error_set(err, RESULT_MEMORY, "out of memory");
    }
    r = do_lines(f, d, answers, err);
    if (r != RESULT_OK) {
        return r;
    }
    for (size_t i = 0; i < f->count; i++) {
        loan_wish_say(&answers[i], f->dry_run, f->json);
        before += answers[i].already;
    }
    if (!f->json) {
        printf("%zu lines, %zu of them posted before%s\n", f->count, before,
               f->dry_run ? "; a dry run, nothing was posted" : "");
    }
    return RESULT_OK;
}

int loan_file_main(int argc, char **argv)
{
    static const char command[] = "anju loan file";
    struct loan_option list[] = {
        {.name = "--staff"}, {.name = "--dry-run", .flag = true}, {.name = "--json", .flag = true}};
    const struct loan_options o = {command, list, 3};
    static struct order_file f;
    static struct loan_desk d;
    struct error err = {0};
    bool wrong = false;
    enum result r;
    int status;

    if (argc < 2 || argv[1][0] == '-') {
        fputs("anju loan file: which file? anju loan file FILE --staff NAME\n", stderr);
        return STATUS_USAGE;
    }
    if (!loan_options_read(&o, argc - 1, argv + 1) || !loan_option_text(&o, 0, &f.staff)) {
        return STATUS_USAGE;
    }
    f.path = argv[1];
    f.dry_run = list[1].value != NULL;
    f.json = list[2].value != NULL;
    r = loan_desk_open(&d, &err);
    if (r == RESULT_OK) {
        r = do_file(&f, &d, &wrong, &err);
    }
    status = loan_finish(&d, r, command, &err);
    return wrong ? result_exit_status(RESULT_INVALID) : status;
}
