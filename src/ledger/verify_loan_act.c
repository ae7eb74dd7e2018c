/* Acts: what our operations did to a loan, against the loan's row, its rates and the rule of
 * instalments, which is worked out here a second time (docs/rules.md, "Loans"). */
#include "verify_internal.h"

#include <inttypes.h>
#include <string.h>

#include "ledger/loan_post.h"

static const char table[] = "ledger.loan_act";
static const char act_types[] = "TTIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIII";

enum column {
    A_ACCOUNT,
    A_LOAN,
    A_ACT,
    A_KIND,
    A_DAY,
    A_BOOKED,
    A_ASKED,
    A_THEN,
    A_ASKED_RATE,
    A_FUND,
    A_FUND_SEQ,
    A_UNDOES,
    A_REASON,
    A_ENTRIES,
    A_AGREED_SINCE,
    A_AGREED_RATE,
    A_AGREED_PAYMENT,
    A_BALANCE,
    A_RATE,
    A_MONTHS,
    A_STATE,
    A_PERIODS_PAID,
    A_NEXT_DUE,
    A_NEXT_PAYMENT,
    A_NEXT_PRINCIPAL,
    A_NEXT_INTEREST,
    A_OVERDUE_PRINCIPAL,
    A_OVERDUE_INTEREST,
    A_OVERDUE_PERIODS,
    A_PRINCIPAL_REPAID,
    A_INTEREST_REPAID,
    A_SETTLED,
    A_HEAD_SEQ,
    A_BATCH,
    A_HASH,
};

/* The columns in which the newest act says what the loan's row says. */
enum { FIRST_SAID = A_AGREED_SINCE, SAID = A_HEAD_SEQ - A_AGREED_SINCE + 1, NOTHING = INT32_MIN };
static const char *const said_names[SAID] = {
    "loan_rate.since",
    "loan_rate.rate",
    "loan_rate.payment",
    "balance",
    "rate",
    "months",
    "state",
    "periods_paid",
    "next_due",
    "next_payment",
    "next_principal",
    "next_interest",
    "overdue_principal",
    "overdue_interest",
    "overdue_periods",
    "principal_repaid",
    "interest_repaid",
    "settled",
    "head_seq",
};

/* An act and the one before it. */
struct step {
    struct verify *v;
    struct text account;
    const char *loan;
    int method;
    int64_t act, entries;
    int64_t was[SAID], is[SAID];
    uint8_t hash[VERIFY_HASH];
};

static int64_t now(const struct step *s, enum column c)
{
    return s->is[c - FIRST_SAID];
}

static int64_t before(const struct step *s, enum column c)
{
    return s->was[c - FIRST_SAID];
}

static void read_said(struct stmt *q, int first, int64_t out[SAID])
{
    for (int i = 0; i < SAID; i++)
        out[i] = column_is_null(q, first + i) ? NOTHING : column_int(q, first + i);
}

static void figure(struct step *s, const char *name, int64_t is, int64_t should)
{
    if (is != should)
        verify_wrong(s->v, table, s->account, s->loan, s->act,
                     "%s is %" PRId64 " and should be %" PRId64, name, is, should);
}

/* --- the rule of instalments, a second time --- */

static int64_t half_up(__int128 n, int64_t d)
{
    return (int64_t)((n + d / 2) / d);
}

static int64_t month_interest(int64_t left, int64_t rate)
{
    return half_up((__int128)left * rate, 12000000);
}

/* Paying A every month leaves nothing after n months but for the rounding of A to the fen: at most
 * half a fen, grown with its interest. Thousandths of a fen; the residue bounds A on both sides. */
static bool repays(int64_t principal, int64_t rate, int64_t months, int64_t payment)
{
    const int64_t unit = 1000000, year = 12000000;
    __int128 left = (__int128)principal * unit, grown = 0, slack;

    for (int64_t i = 0; i < months; i++) {
        left += left * rate / year - (__int128)payment * unit;
        grown += grown * rate / year + unit;
    }
    slack = grown / 2 + grown / 1000 + 2 * months;
    return left <= slack && left >= -slack;
}

static int64_t done(const struct step *s)
{
    return now(s, A_PERIODS_PAID) + now(s, A_OVERDUE_PERIODS);
}

static bool agreed_anew(const struct step *s, enum loan_act_kind kind)
{
    return kind == LOAN_ACT_PAID_OUT || ((kind == LOAN_ACT_PAID || kind == LOAN_ACT_REPRICED) &&
                                         (now(s, A_AGREED_SINCE) != before(s, A_AGREED_SINCE) ||
                                          now(s, A_AGREED_RATE) != before(s, A_AGREED_RATE) ||
                                          now(s, A_AGREED_PAYMENT) != before(s, A_AGREED_PAYMENT)));
}

static void check_part(struct step *s, enum loan_act_kind kind, int64_t left, int64_t interest)
{
    int64_t principal = now(s, A_NEXT_PRINCIPAL), months = now(s, A_MONTHS) - done(s);
    bool last = months <= 1 || principal == left;

    if (months < 1)
        return;
    if (s->method == LOAN_ONCE || last)
        figure(s, "next_principal", principal, left);
    else if (s->method == LOAN_EQUAL_INSTALMENTS)
        figure(s, "next_payment", principal + interest, now(s, A_AGREED_PAYMENT));
    else if (agreed_anew(s, kind))
        figure(s, "next_principal", principal, half_up(left, months));
    else if (kind == LOAN_ACT_COLLECTED || kind == LOAN_ACT_MISSED)
        figure(s, "next_principal", principal, before(s, A_NEXT_PRINCIPAL));
    if (s->method == LOAN_EQUAL_INSTALMENTS && agreed_anew(s, kind) &&
        !repays(left, now(s, A_AGREED_RATE), months, now(s, A_AGREED_PAYMENT)))
        verify_wrong(s->v, table, s->account, s->loan, s->act,
                     "agreed_payment does not repay the loan in %" PRId64 " months", months);
}

/* What is due next follows from what is left and what was agreed. */
static void check_next(struct step *s, enum loan_act_kind kind)
{
    int64_t left = now(s, A_BALANCE) - now(s, A_OVERDUE_PRINCIPAL);
    int64_t rate = now(s, A_AGREED_RATE), interest;

    if (now(s, A_NEXT_DUE) == NOTHING) {
        figure(s, "next_payment", now(s, A_NEXT_PAYMENT), 0);
        figure(s, "what is left and not overdue", left, 0);
        return;
    }
    interest = s->method == LOAN_ONCE ? half_up((__int128)left * rate * now(s, A_MONTHS), 12000000)
                                      : month_interest(left, rate);
    figure(s, "next_interest", now(s, A_NEXT_INTEREST), interest);
    figure(s, "next_payment", now(s, A_NEXT_PAYMENT), now(s, A_NEXT_PRINCIPAL) + interest);
    check_part(s, kind, left, interest);
}

/* --- one act --- */

static void check_collected(struct step *s, int64_t day)
{
    figure(s, "day", day, before(s, A_NEXT_DUE));
    figure(s, "balance", now(s, A_BALANCE), before(s, A_BALANCE) - before(s, A_NEXT_PRINCIPAL));
    figure(s, "interest_repaid", now(s, A_INTEREST_REPAID),
           before(s, A_INTEREST_REPAID) + before(s, A_NEXT_INTEREST));
    figure(s, "periods_paid", now(s, A_PERIODS_PAID), before(s, A_PERIODS_PAID) + 1);
}

static void check_missed(struct step *s, int64_t day)
{
    figure(s, "day", day, before(s, A_NEXT_DUE));
    figure(s, "balance", now(s, A_BALANCE), before(s, A_BALANCE));
    figure(s, "overdue_principal", now(s, A_OVERDUE_PRINCIPAL),
           before(s, A_OVERDUE_PRINCIPAL) + before(s, A_NEXT_PRINCIPAL));
    figure(s, "overdue_interest", now(s, A_OVERDUE_INTEREST),
           before(s, A_OVERDUE_INTEREST) + before(s, A_NEXT_INTEREST));
    figure(s, "overdue_periods", now(s, A_OVERDUE_PERIODS), before(s, A_OVERDUE_PERIODS) + 1);
}

static void check_kind(struct step *s, enum loan_act_kind kind, struct stmt *q)
{
    int64_t day = column_int(q, A_DAY);
    int64_t repaid = now(s, A_PRINCIPAL_REPAID) - before(s, A_PRINCIPAL_REPAID);

    if (s->act == 1)
        return;
    figure(s, "principal_repaid", repaid, before(s, A_BALANCE) - now(s, A_BALANCE));
    if (kind == LOAN_ACT_COLLECTED)
        check_collected(s, day);
    else if (kind == LOAN_ACT_MISSED)
        check_missed(s, day);
    else if (kind == LOAN_ACT_SETTLED)
        figure(s, "balance", now(s, A_BALANCE), 0);
    else if (kind == LOAN_ACT_REPRICED)
        figure(s, "balance", now(s, A_BALANCE), before(s, A_BALANCE));
    if (kind == LOAN_ACT_REPRICED)
        figure(s, "rate", now(s, A_RATE), column_int(q, A_ASKED_RATE));
}

static void check_act(struct step *s, struct stmt *q)
{
    enum loan_act_kind kind = (enum loan_act_kind)column_int(q, A_KIND);
    struct text stored = column_bytes(q, A_HASH);
    uint8_t computed[VERIFY_HASH];

    memcpy(s->was, s->is, sizeof s->was);
    read_said(q, FIRST_SAID, s->is);
    figure(s, "act", column_int(q, A_ACT), s->act + 1);
    s->act = column_int(q, A_ACT);
    if (!hasher_row(s->v->hasher, 'C', q, act_types, s->hash, computed) ||
        stored.len != VERIFY_HASH || memcmp(stored.at, computed, VERIFY_HASH) != 0)
        verify_wrong(s->v, table, s->account, s->loan, s->act,
                     "hash does not follow from the row and the one before");
    memset(s->hash, 0, sizeof s->hash);
    if (stored.len == VERIFY_HASH)
        memcpy(s->hash, stored.at, VERIFY_HASH);
    if (!verify_operation_of(s->v, column_int(q, A_BATCH)))
        verify_wrong(s->v, table, s->account, s->loan, s->act, "there is no such operation");
    s->entries += column_int(q, A_ENTRIES);
    check_kind(s, kind, q);
    check_next(s, kind);
    verify_tick(s->v);
}

/* --- the loan --- */

static int compare_key(struct stmt *act, struct text account, const char *loan)
{
    int by_account = text_compare(column_text(act, A_ACCOUNT), account);

    return by_account ? by_account : text_compare(column_text(act, A_LOAN), text_of(loan));
}

void verify_act_orphan(struct verify *v, struct rows *acts)
{
    verify_wrong(v, table, column_text(acts->q, A_ACCOUNT), "", column_int(acts->q, A_ACT),
                 "there is no such loan");
    rows_next(acts);
}

void verify_loan_acts(struct verify *v, struct rows *acts, struct stmt *loan, const char *number,
                      const struct verify_loan_said *said)
{
    struct step s = {.v = v,
                     .account = column_text(loan, 0),
                     .loan = number,
                     .method = (int)column_int(loan, said->method)};
    int64_t row[SAID];

    while (acts->there && compare_key(acts->q, s.account, number) < 0)
        verify_act_orphan(v, acts);
    while (acts->there && compare_key(acts->q, s.account, number) == 0) {
        check_act(&s, acts->q);
        rows_next(acts);
    }
    if (acts->failed)
        return;
    if (s.entries != said->own_entries)
        verify_wrong(v, "ledger.loan", s.account, number, 0,
                     "%" PRId64 " entries of operations, and %" PRId64 " stand in its acts",
                     said->own_entries, s.entries);
    if (s.act == 0)
        return;
    read_said(loan, said->first, row);
    for (int i = 0; i < SAID; i++)
        if (row[i] != s.is[i])
            verify_wrong(v, "ledger.loan", s.account, number, 0,
                         "%s is %" PRId64 " and should be %" PRId64, said_names[i], row[i],
                         s.is[i]);
}
