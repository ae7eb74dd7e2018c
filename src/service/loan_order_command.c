/* `anju loan contract|pay-out|pay|settle|reverse`, and the same out of a file: one way from options
 * to an order, and from an order to the ledger. */
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "base/csv.h"
#include "ledger/loan_options.h"
#include "ledger/loan_post.h"
#include "service/loan_command.h"
#include "service/loan_desk.h"

enum {
    STAFF_MAX = 20, /* characters, as for an answer to an enquiry */
    KEY_BYTES = 64, /* it stands as the case in the record of looks */
    FILE_LINES = 10000,
    WORD_ROOM = 256,
};

enum option {
    KEY,
    STAFF,
    ACCOUNT,
    LOAN,
    CONTRACT,
    DATE,
    AMOUNT,
    MONTHS,
    METHOD,
    DUE_DAY,
    GUARANTEE,
    BANK,
    PRICE,
    RATE,
    SECOND_HOME,
    COBORROWER,
    THEN,
    FROM_FUND,
    ACT,
    REASON,
    MISSED,
    DRY_RUN,
    JSON,
    OPTIONS,
};
#define BIT(option) (1U << (option))

static const struct loan_option all_options[OPTIONS] = {
    [KEY] = {.name = "--key"},
    [STAFF] = {.name = "--staff"},
    [ACCOUNT] = {.name = "--account"},
    [LOAN] = {.name = "--loan"},
    [CONTRACT] = {.name = "--contract"},
    [DATE] = {.name = "--date"},
    [AMOUNT] = {.name = "--amount"},
    [MONTHS] = {.name = "--months"},
    [METHOD] = {.name = "--method"},
    [DUE_DAY] = {.name = "--due-day"},
    [GUARANTEE] = {.name = "--guarantee"},
    [BANK] = {.name = "--bank"},
    [PRICE] = {.name = "--price"},
    [RATE] = {.name = "--rate"},
    [SECOND_HOME] = {.name = "--second-home", .flag = true},
    [COBORROWER] = {.name = "--coborrower"},
    [THEN] = {.name = "--then"},
    [FROM_FUND] = {.name = "--from-fund", .flag = true},
    [ACT] = {.name = "--act"},
    [REASON] = {.name = "--reason"},
    [MISSED] = {.name = "--missed", .flag = true},
    [DRY_RUN] = {.name = "--dry-run", .flag = true},
    [JSON] = {.name = "--json", .flag = true},
};

static const struct operation {
    const char *name;
    enum loan_order_kind kind;
    unsigned takes;
} operations[] = {
    {"contract", LOAN_ORDER_CONTRACT,
     BIT(CONTRACT) | BIT(DATE) | BIT(AMOUNT) | BIT(MONTHS) | BIT(METHOD) | BIT(DUE_DAY) |
         BIT(GUARANTEE) | BIT(BANK) | BIT(PRICE) | BIT(RATE) | BIT(SECOND_HOME) | BIT(COBORROWER)},
    {"pay-out", LOAN_ORDER_PAY_OUT, BIT(CONTRACT) | BIT(LOAN) | BIT(DATE)},
    {"pay", LOAN_ORDER_PAY,
     BIT(LOAN) | BIT(DATE) | BIT(AMOUNT) | BIT(THEN) | BIT(FROM_FUND) | BIT(REASON)},
    {"settle", LOAN_ORDER_SETTLE, BIT(LOAN) | BIT(DATE) | BIT(FROM_FUND) | BIT(REASON)},
    {"reverse", LOAN_ORDER_REVERSE, BIT(LOAN) | BIT(ACT) | BIT(REASON) | BIT(MISSED)},
};
enum { OPERATIONS = sizeof operations / sizeof *operations };

/* An order as it was asked for, before the policy is known. */
struct wish {
    struct loan_order order;
    bool second_home, no_rate;
};

static const char *const method_words[] = {"annuity", "principal", "once", NULL};
static const char *const then_words[] = {"shorter", "lower", NULL};

/* --- options to an order --- */

static const struct operation *find_operation(struct text name)
{
    for (int i = 0; i < OPERATIONS; i++) {
        if (text_equal(name, text_of(operations[i].name))) {
            return &operations[i];
        }
    }
    return NULL;
}

static bool given(const struct loan_options *o, enum option option)
{
    return o->list[option].value != NULL;
}

/* Only what the operation takes may be there. */
static bool only_its_own(const struct loan_options *o, const struct operation *op)
{
    unsigned takes = op->takes | BIT(KEY) | BIT(STAFF) | BIT(ACCOUNT) | BIT(DRY_RUN) | BIT(JSON);

    for (int i = 0; i < OPTIONS; i++) {
        if (given(o, (enum option)i) && !(takes & BIT(i))) {
            fprintf(stderr, "%s: %s does not belong to %s; anju loan %s --help lists what does\n",
                    o->command, o->list[i].name, op->name, op->name);
            return false;
        }
    }
    return true;
}

static bool text_option(const struct loan_options *o, enum option option, size_t most,
                        struct text *out)
{
    if (!loan_option_text(o, option, out)) {
        return false;
    }
    if (out->len > 0 && out->len <= most && text_is_clean_utf8(*out)) {
        return true;
    }
    fprintf(stderr, "%s: %s: 1 to %zu bytes are wanted\n", o->command, o->list[option].name, most);
    return false;
}

static bool read_terms(const struct loan_options *o, struct wish *w)
{
    struct loan_order *order = &w->order;
    int method;

    if (!text_option(o, BANK, LOAN_BANK_BYTES, &order->bank) ||
        !loan_option_number(o, MONTHS, 1, LOAN_MONTHS_MAX, &order->months) ||
        (method = loan_option_word(o, METHOD, method_words)) < 0 ||
        !loan_option_number(o, DUE_DAY, 1, 31, &order->due_day) ||
        !loan_option_number(o, GUARANTEE, 1, 99, &order->guarantee)) {
        return false;
    }
    order->method = LOAN_EQUAL_INSTALMENTS + method;
    w->second_home = given(o, SECOND_HOME);
    w->no_rate = !given(o, RATE);
    return (w->no_rate || loan_option_rate(o, RATE, &order->rate)) &&
           (!given(o, PRICE) || loan_option_amount(o, PRICE, &order->price)) &&
           (!given(o, COBORROWER) ||
            text_option(o, COBORROWER, LOAN_NUMBER_BYTES, &order->coborrower));
}

static bool read_then(const struct loan_options *o, struct loan_order *order)
{
    int then;

    if (!given(o, THEN)) {
        return true;
    }
    then = loan_option_word(o, THEN, then_words);
    order->then = then == 0 ? LOAN_THEN_SHORTER : LOAN_THEN_LOWER;
    return then >= 0;
}

static bool read_date(const struct loan_options *o, civil_date *out)
{
    if (given(o, DATE)) {
        return loan_option_date(o, DATE, out);
    }
    fprintf(stderr, "%s: --date is missing\n", o->command);
    return false;
}

static bool read_act(const struct loan_options *o, struct loan_order *order)
{
    int act;

    order->missed = given(o, MISSED);
    if (!loan_option_number(o, ACT, 1, 1000000, &act)) {
        return false;
    }
    order->act = act;
    return loan_option_number(o, REASON, 1, 199, &order->reason);
}

static bool read_wish(const struct loan_options *o, const struct operation *op, struct wish *w)
{
    struct loan_order *order = &w->order;

    *w = (struct wish){.order = {.kind = op->kind, .day = {0}}};
    if (!only_its_own(o, op) || !text_option(o, KEY, KEY_BYTES, &order->key) ||
        !text_option(o, STAFF, POST_ACTOR_MAX, &order->staff) ||
        !text_option(o, ACCOUNT, LOAN_NUMBER_BYTES, &order->account)) {
        return false;
    }
    if (text_characters(order->staff) > STAFF_MAX) {
        fprintf(stderr, "%s: --staff: at most %d characters\n", o->command, STAFF_MAX);
        return false;
    }
    if ((op->takes & BIT(CONTRACT)) &&
        !text_option(o, CONTRACT, LOAN_NUMBER_BYTES, &order->contract)) {
        return false;
    }
    if ((op->takes & BIT(LOAN)) && !text_option(o, LOAN, LOAN_NUMBER_BYTES, &order->loan)) {
        return false;
    }
    if ((op->takes & BIT(DATE)) && !read_date(o, &order->day)) {
        return false;
    }
    if ((op->takes & BIT(AMOUNT)) && !loan_option_amount(o, AMOUNT, &order->amount)) {
        return false;
    }
    order->fund = given(o, FROM_FUND);
    if (op->kind == LOAN_ORDER_REVERSE) {
        return read_act(o, order);
    }
    if (given(o, REASON) && !loan_option_number(o, REASON, 101, 199, &order->reason)) {
        return false;
    }
    return op->kind == LOAN_ORDER_CONTRACT ? read_terms(o, w) : read_then(o, order);
}

/* --- an order to the ledger --- */

/* The look is on record before anything of the borrower is shown, also in a dry run. */
static enum result look(struct loan_desk *d, const struct loan_order *o, struct error *err)
{
    struct access_request q = {
        .account = o->account,
        .actor_kind = ACTOR_STAFF,
        .actor = o->staff,
        .place = text_of(d->config.centre_zh),
        .case_no = o->key,
        .channel = CHANNEL_COMMAND,
        .part = PART_LOAN,
        .purpose = PURPOSE_SERVICE,
    };
    struct account account;
    struct view v;
    enum result r = db_begin(d->db, STORE_READ, err);

    if (r != RESULT_OK) {
        return r;
    }
    r = ledger_account(d->db, d->arena, o->account, &account, err);
    db_rollback(d->db);
    if (r == RESULT_NOT_FOUND) {
        return error_set(err, r, "there is no such account");
    }
    if (r != RESULT_OK) {
        return r;
    }
    q.person = account.person;
    return access_open(d->db, &d->clock, &q, &v, err);
}

static enum result set_rate(struct loan_desk *d, struct wish *w, struct error *err)
{
    if (w->no_rate && policy_loan_rate(d->policy, w->order.day, w->order.months, w->second_home,
                                       &w->order.rate) != RESULT_OK) {
        return error_set(err, RESULT_INVALID, "the policy knows no rate for that day; give --rate");
    }
    return RESULT_OK;
}

static enum result post(struct loan_desk *d, struct wish *w, struct loan_order_answer *out,
                        struct error *err)
{
    enum result r = set_rate(d, w, err);

    return r == RESULT_OK
               ? loan_order_post(d->db, d->arena, d->sha, d->policy, &d->clock, &w->order, out, err)
               : r;
}

static void say(const struct loan_order_answer *a, bool dry_run, bool json)
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

static enum result one(struct loan_desk *d, struct wish *w, bool dry_run, bool json,
                       struct error *err)
{
    struct loan_order_answer answer;
    enum result r = look(d, &w->order, err);

    if (r == RESULT_OK) {
        r = db_begin(d->db, STORE_WRITE_LEDGER, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    r = post(d, w, &answer, err);
    if (r == RESULT_OK && !dry_run) {
        r = db_commit(d->db, err);
    } else {
        db_rollback(d->db);
    }
    if (r == RESULT_OK) {
        say(&answer, dry_run, json);
    }
    return r;
}

static int finish(struct loan_desk *d, enum result r, const char *command, const struct error *err)
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
    const struct operation *op = find_operation(text_of(argv[0]));
    struct loan_option list[OPTIONS];
    char command[WORD_ROOM];
    struct loan_options o = {command, list, OPTIONS};
    static struct loan_desk d;
    struct wish w;
    struct error err = {0};
    enum result r;

    snprintf(command, sizeof command, "anju loan %s", argv[0]);
    memcpy(list, all_options, sizeof list);
    if (!op || !loan_options_read(&o, argc, argv) || !read_wish(&o, op, &w)) {
        return STATUS_USAGE;
    }
    r = loan_desk_open(&d, &err);
    if (r == RESULT_OK) {
        r = one(&d, &w, given(&o, DRY_RUN), given(&o, JSON), &err);
    }
    return finish(&d, r, command, &err);
}

/* --- a file --- */

struct order_file {
    const char *path;
    struct text staff;
    bool dry_run, json;
    int column[CSV_FIELDS_MAX]; /* an option, or OPTIONS: the operation */
    int columns;
    struct wish *wishes;
    size_t count;
};

static bool read_header(struct order_file *f, char *line, size_t len)
{
    struct text fields[CSV_FIELDS_MAX];
    int n = csv_split(line, len, fields);

    for (int i = 0; i < n; i++) {
        int option = KEY;

        while (option < DRY_RUN && !text_equal(fields[i], text_of(all_options[option].name + 2))) {
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
    const struct operation *op = NULL;
    struct text fields[CSV_FIELDS_MAX];
    int n = text_is_clean_utf8((struct text){line, len}) ? csv_split(line, len, fields) : -1;

    memcpy(list, all_options, sizeof list);
    if (n != f->columns) {
        fprintf(stderr, "%s: %d fields are wanted\n", where, f->columns);
        return false;
    }
    list[STAFF].value = arena_copy(d->arena, f->staff);
    for (int i = 0; i < n; i++) {
        if (f->column[i] == OPTIONS) {
            op = find_operation(fields[i]);
        } else if (fields[i].len > 0) {
            list[f->column[i]].value = arena_copy(d->arena, fields[i]);
            if (!list[f->column[i]].value) {
                fprintf(stderr, "%s: out of memory\n", where);
                return false;
            }
        }
        if (f->column[i] != OPTIONS && all_options[f->column[i]].flag && fields[i].len > 0 &&
            !text_equal(fields[i], TEXT("yes"))) {
            fprintf(stderr, "%s: %s: yes or nothing is wanted\n", where,
                    all_options[f->column[i]].name);
            return false;
        }
    }
    if (!op) {
        fprintf(stderr, "%s: the operation is contract, pay-out, pay, settle or reverse\n", where);
        return false;
    }
    return read_wish(&o, op, &f->wishes[f->count++]);
}

/* Every line is read before the first is done. False, and said, when one is wrong. */
static bool read_lines(struct order_file *f, struct loan_desk *d, char *at, size_t size)
{
    char *end = at + size, *line, where[64];
    size_t len;

    f->wishes = arena_alloc(d->arena, FILE_LINES * sizeof *f->wishes);
    line = loan_desk_line(&at, end, &len);
    if (!f->wishes || !line) {
        fputs("anju loan file: the file is empty\n", stderr);
        return false;
    }
    if (!read_header(f, line, len)) {
        return false;
    }
    for (int n = 2; (line = loan_desk_line(&at, end, &len)) != NULL; n++) {
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
        r = look(d, &f->wishes[i].order, &why);
        if (r != RESULT_OK) {
            return error_set(err, r, "line %zu: %.400s", i + 2, why.sentence);
        }
    }
    r = db_begin(d->db, STORE_WRITE_LEDGER, err);
    for (size_t i = 0; i < f->count && r == RESULT_OK; i++) {
        r = post(d, &f->wishes[i], &answers[i], &why);
        if (r != RESULT_OK) {
            r = error_set(err, r, "line %zu: %.400s; nothing of the file was posted", i + 2,
                          why.sentence);
        }
    }
    if (r == RESULT_OK && !f->dry_run) {
        return db_commit(d->db, err);
    }
    db_rollback(d->db);
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
        say(&answers[i], f->dry_run, f->json);
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
    status = finish(&d, r, command, &err);
    return wrong ? result_exit_status(RESULT_INVALID) : status;
}
