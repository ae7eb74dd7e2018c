/* `anju loan plan`: the instalments of a loan that nobody has taken yet. No home, no policy. */
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "ledger/loan_command.h"
#include "ledger/loan_options.h"
#include "ledger/loan_plan.h"

enum { PRINCIPAL, RATE, MONTHS, METHOD, START, JSON, OPTIONS };
enum { JSON_LIMIT = 1024 * 1024, LAST_YEAR = 2199 };

static const char *const method_words[] = {"annuity", "principal", "once", NULL};

struct wish {
    struct loan_rest rest;
    civil_date start;
    const char *method;
    bool json;
};

static bool read_start(const struct loan_options *o, struct wish *w)
{
    int last;

    if (!loan_option_date(o, START, &w->start))
        return false;
    last = month_year((civil_month){date_month(w->start).n + w->rest.months});
    if (last <= LAST_YEAR)
        return true;
    fprintf(stderr, "%s: --start: the last instalment would be due in %d, after %d\n", o->command,
            last, LAST_YEAR);
    return false;
}

static bool read_wish(const struct loan_options *o, struct wish *w)
{
    int method;

    if (!loan_option_amount(o, PRINCIPAL, &w->rest.principal) ||
        !loan_option_rate(o, RATE, &w->rest.rate) ||
        (method = loan_option_word(o, METHOD, method_words)) < 0)
        return false;
    w->method = method_words[method];
    w->rest.method = LOAN_EQUAL_INSTALMENTS + method;
    w->json = o->list[JSON].value != NULL;
    return loan_option_number(o, MONTHS, 1,
                              w->rest.method == LOAN_ONCE ? LOAN_ONCE_MONTHS_MAX : LOAN_MONTHS_MAX,
                              &w->rest.months) &&
           read_start(o, w);
}

static void print_json(const struct wish *w, const struct loan_instalment_line *lines, int count)
{
    struct json j;

    json_start(&j, JSON_LIMIT);
    json_put_object(&j, NULL);
    json_put_fen(&j, "principal", w->rest.principal);
    json_put_percent(&j, "rate", w->rest.rate);
    json_put_word(&j, "method", w->method);
    json_put_date(&j, "start", w->start);
    json_put_array(&j, "months");
    for (int i = 0; i < count; i++) {
        json_put_object(&j, NULL);
        json_put_int(&j, "n", lines[i].period);
        json_put_date(&j, "due", lines[i].due);
        json_put_fen(&j, "payment", lines[i].payment);
        json_put_fen(&j, "principal", lines[i].principal);
        json_put_fen(&j, "interest", lines[i].interest);
        json_put_fen(&j, "balance", lines[i].left);
        json_put_object_end(&j);
    }
    json_put_array_end(&j);
    json_put_fen(&j, "interest", loan_plan_interest(lines, count));
    json_put_object_end(&j);
    if (!j.failed)
        puts(j.at);
    json_free(&j);
}

static void print_table(const struct wish *w, const struct loan_instalment_line *lines, int count)
{
    char due[DATE_TEXT_MAX], payment[FEN_TEXT_MAX], principal[FEN_TEXT_MAX], interest[FEN_TEXT_MAX],
        left[FEN_TEXT_MAX], total[FEN_TEXT_MAX];

    printf("%4s  %-10s %20s %20s %20s %20s\n", "n", "due", "payment", "principal", "interest",
           "balance");
    for (int i = 0; i < count; i++) {
        date_format(lines[i].due, due);
        fen_format(lines[i].payment, payment);
        fen_format(lines[i].principal, principal);
        fen_format(lines[i].interest, interest);
        fen_format(lines[i].left, left);
        printf("%4d  %-10s %20s %20s %20s %20s\n", lines[i].period, due, payment, principal,
               interest, left);
    }
    fen_format(loan_plan_interest(lines, count), interest);
    fen_format(fen_add(w->rest.principal, loan_plan_interest(lines, count)), total);
    printf("together %s, of it interest %s\n", total, interest);
}

int loan_plan_main(int argc, char **argv)
{
    struct loan_option list[OPTIONS] = {
        [PRINCIPAL] = {.name = "--principal"}, [RATE] = {.name = "--rate"},
        [MONTHS] = {.name = "--months"},       [METHOD] = {.name = "--method"},
        [START] = {.name = "--start"},         [JSON] = {.name = "--json", .flag = true},
    };
    const struct loan_options o = {"anju loan plan", list, OPTIONS};
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];
    struct wish w = {0};
    struct error err = {0};
    struct clock clock;
    enum result r = clock_system(&clock, "Asia/Shanghai", &err);
    int count;

    if (r != RESULT_OK) {
        fprintf(stderr, "anju: %s\n", err.sentence);
        return result_exit_status(r);
    }
    w.start = clock_today(&clock);
    if (!loan_options_read(&o, argc, argv) || !read_wish(&o, &w))
        return STATUS_USAGE;
    loan_part_anew(&w.rest);
    count = loan_plan_whole(&w.rest, w.start, lines);
    if (w.json)
        print_json(&w, lines, count);
    else
        print_table(&w, lines, count);
    return fflush(stdout) == 0 ? 0 : result_exit_status(RESULT_IO);
}
