/* Loans: contract, account, ledger and rates side by side; each instalment worked out again. */
#include "set.h"

#include <string.h>

struct read_loan {
    int64_t principal, left, planned, repaid, interest, part;
    int32_t rate, paid_out;
    int months, method, periods;
    int64_t overdue_principal, overdue_interest;
};

static int64_t rate_field(const struct table *t, const char *column)
{
    struct text f = field(t, column);
    int64_t whole, fraction;

    table_check(t, f.len == 9 && f.at[1] == '.' && f.at[8] == '0');
    table_check(t, text_to_int((struct text){f.at, 1}, &whole));
    table_check(t, text_to_int((struct text){f.at + 2, 6}, &fraction));
    return whole * 1000000 + fraction;
}

static void check_entry(const struct table *t, struct read_loan *l, int32_t as_of)
{
    int kind = (int)field_count(t, "DKYWMXLX");
    int64_t amount = field_fen(t, "FSE"), principal = field_fen(t, "BJJE");
    int64_t interest = field_fen(t, "LXJE"), penalty = field_fen(t, "FXJE");
    int64_t period = field_count(t, "DQQC");

    table_check(t, field_day(t, "JZRQ") >= field_day(t, "YWFSRQ"));
    table_check(t, field_day(t, "JZRQ") <= as_of);
    table_check(t, field_is(t, "CZBZ", "0"));
    if (kind == 1) {
        table_check(t, amount == -principal && interest == 0 && penalty == 0);
        l->left = principal;
    } else {
        table_check(t, amount == principal + interest + penalty && principal > 0);
        table_check(t, (penalty == 0 && interest >= 0) || kind == 4);
        l->left -= principal;
        l->repaid += principal;
        l->interest += interest;
    }
    if (kind == 2 || kind == 4)
        table_check(t, period == ++l->periods);
    else
        table_check(t, period == -1);
    table_check(t, l->left == field_fen(t, "DKYE") && l->left >= 0);
}

/* Interest of an instalment on what is left is rate / 12 of it, within half a fen. */
static void check_next(const struct table *t, const struct read_loan *l)
{
    int64_t due = l->left - field_fen(t, "YQBJZE");
    int64_t interest = field_fen(t, "DQJHGHLX"), exact = due * l->rate;

    if (l->left == 0) {
        table_check(t, field_fen(t, "DQJHHKJE") == 0 && field(t, "XYHKRQ").len == 0);
        return;
    }
    table_check(t, field_fen(t, "DQJHHKJE") == field_fen(t, "DQJHGHBJ") + interest);
    table_check(t, 2 * exact >= (2 * interest - 1) * 12000000);
    table_check(t, 2 * exact < (2 * interest + 1) * 12000000);
}

static void check_account_line(const struct table *t, const struct read_loan *l, int32_t as_of)
{
    int state = (int)field_count(t, "DKZT");
    int64_t overdue = field_count(t, "LJYQQS");

    table_check(t, field_fen(t, "DKFFE") == l->principal);
    table_check(t, field_fen(t, "DKYE") == l->left);
    table_check(t, field_fen(t, "HSBJZE") == l->repaid);
    table_check(t, field_fen(t, "HSLXZE") == l->interest);
    table_check(t, field_count(t, "YHQS") == l->periods);
    table_check(t, (state == 3) == (l->left == 0));
    table_check(t, (state == 3) == (field(t, "DKJQRQ").len > 0));
    table_check(t, (state == 2) == (overdue > 0) && overdue <= 4);
    table_check(t, (overdue > 0) == (field_fen(t, "YQBJZE") > 0));
    table_check(t, rate_field(t, "DKLL") == l->rate);
    table_check(t,
                state == 3 || l->periods + overdue == l->months || field_day(t, "XYHKRQ") >= as_of);
    check_next(t, l);
}

static void check_rates(struct table *t, const char *loan, struct read_loan *l, int32_t as_of)
{
    int32_t before = NO_DAY;
    int lines = 0;

    for (; t->more && field_is(t, "DKZH", loan); table_next(t)) {
        table_check(t, field_day(t, "SXRQ") > before && field_day(t, "SXRQ") <= as_of);
        table_check(t, ++lines > 1 || field_day(t, "SXRQ") == l->paid_out);
        before = field_day(t, "SXRQ");
        l->rate = (int32_t)rate_field(t, "DKLL");
        l->part = field_fen(t, "DQJHHKJE");
        table_check(t, l->part > 0);
    }
    table_check(t, lines > 0);
}

void check_loans(const char *dir, int32_t as_of, struct coverage *c)
{
    static struct table contracts, loans, ledger, rates;
    char number[40];

    table_open(&contracts, dir, "loan_contracts.csv");
    table_open(&loans, dir, "loan_accounts.csv");
    table_open(&ledger, dir, "loan_ledger.csv");
    table_open(&rates, dir, "loan_rates.csv");
    for (; loans.more; table_next(&loans), table_next(&contracts)) {
        struct read_loan l = {.paid_out = field_day(&loans, "DKFFRQ"),
                              .months = (int)field_count(&loans, "DKQS"),
                              .method = (int)field_count(&contracts, "DKHKFS"),
                              .principal = field_fen(&contracts, "HTDKJE")};
        int64_t seq = 0;
        int32_t before = NO_DAY;

        table_check(&loans, text_equal(field(&loans, "JKHTBH"), field(&contracts, "JKHTBH")));
        table_check(&contracts, field_day(&contracts, "JKHTQDRQ") <= l.paid_out);
        table_check(&loans, text_copy(field(&loans, "DKZH"), number, sizeof number));
        for (; ledger.more && field_is(&ledger, "DKZH", number); table_next(&ledger)) {
            table_check(&ledger, field_count(&ledger, "XH") == ++seq);
            table_check(&ledger, field_day(&ledger, "JZRQ") >= before);
            before = field_day(&ledger, "JZRQ");
            check_entry(&ledger, &l, as_of);
            c->loan_kinds[field_count(&ledger, "DKYWMXLX")]++;
        }
        check_rates(&rates, number, &l, as_of);
        check_account_line(&loans, &l, as_of);
        c->loan_states[field_count(&loans, "DKZT")]++;
        c->methods[l.method]++;
        c->loans++;
    }
    table_close(&contracts);
    table_close(&loans);
    table_close(&ledger);
    table_close(&rates);
}
