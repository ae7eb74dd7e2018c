/* Options of `anju loan contract|pay-out|pay|settle|reverse`, of a command line or of a file's line, to
 * an order. */
#include "service/loan_wish.h"

#include <stdio.h>

enum {
    STAFF_MAX = 20, /* characters, as for an answer to an enquiry */
    KEY_BYTES = 64, /* it stands as the case in the record of looks */
};

#define BIT(option) (1U << (option))

const struct loan_option loan_wish_options[OPTIONS] = {
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

static const struct loan_operation operations[] = {
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

static const char *const method_words[] = {"annuity", "principal", "once", NULL};
static const char *const then_words[] = {"shorter", "lower", NULL};

/* --- options to an order --- */

const struct loan_operation *loan_find_operation(struct text name)
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
static bool only_its_own(const struct loan_options *o, const struct loan_operation *op)
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

static bool read_terms(const struct loan_options *o, struct loan_wish *w)
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

bool loan_wish_read(const struct loan_options *o, const struct loan_operation *op,
                    struct loan_wish *w)
{
    struct loan_order *order = &w->order;

    *w = (struct loan_wish){.order = {.kind = op->kind, .day = {0}}};
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
