/* Paying: the entry, and on a closing ground the end of the account. */
#include "member/member.h"
#include "withdraw/internal.h"

/* No payment while an interest year is open: what is taken out now would be taken out of it. */
static enum result settled_check(const struct account *row, civil_date today, bool closes,
                                 struct error *err)
{
    civil_date last = settlement_before(today);
    char day[DATE_TEXT_MAX];

    date_format(last, day);
    if (row->running.settled.day < last.day)
        return error_set(err, RESULT_REFUSED, "the interest year that ended on %s is not settled",
                         day);
    if (closes && row->running.settled.day >= today.day)
        return error_set(err, RESULT_REFUSED,
                         "today's interest is settled already: the account can be closed from "
                         "tomorrow");
    return RESULT_OK;
}

static enum result holder_check(struct db *db, struct text person, struct error *err)
{
    instant since = 0;
    enum result r = member_frozen_since(db, person, &since, err);

    if (r == RESULT_OK && since != 0)
        return error_set(err, RESULT_REFUSED, "the holder has stopped payments");
    return r;
}

/* What is not frozen, and not asked for in other applications that are approved before. */
static enum result amount_check(const struct account *row, fen amount, struct error *err)
{
    char most[FEN_TEXT_MAX];
    int64_t free = row->running.balance.n - row->frozen.n;

    if (amount.n <= free)
        return RESULT_OK;
    fen_format(fen_of(free > 0 ? free : 0), most);
    return error_set(err, RESULT_REFUSED, "only %s yuan of the account can be paid out", most);
}

/* Which part it takes first is the policy's; the other one gives the rest. */
static void parts(const struct withdraw_desk *d, const struct running *r, fen amount,
                  struct entry *e)
{
    bool year_first = policy_withdrawal_this_year_first(d->policy);
    int64_t first = year_first ? r->this_year.n : r->carried.n;
    int64_t of_first = amount.n < first ? amount.n : first;
    int64_t year = year_first ? of_first : amount.n - of_first;

    e->amount_year = fen_of(-year);
    e->amount_carried = fen_of(year - amount.n);
}

/* Everything, with the interest of the days up to yesterday beside it. */
static enum result closing(const struct withdraw_desk *d, struct posting *p,
                           struct post_account *account, struct entry *e, struct error *err)
{
    const struct running *r = &account->row.running;

    e->kind = ENTRY_CLOSING;
    e->amount_year = fen_negate(r->this_year);
    e->amount_carried = fen_negate(r->carried);
    return ledger_interest_to(p->db, d->policy, &account->row, date_plus(p->booked, -1),
                              &e->interest, err);
}

static void close_row(struct account *row, civil_date day, int reason)
{
    row->state = ACCOUNT_WITHDRAWN;
    row->closed = day;
    row->close_reason = reason;
}

enum result withdraw_pay(const struct withdraw_desk *d, struct posting *p,
                         const struct withdraw_record *r, const struct policy_ground *ground,
                         struct withdraw_done *done, int64_t *seq, struct error *err)
{
    struct post_account account;
    struct entry e = {.kind = ENTRY_WITHDRAWAL,
                      .value_day = p->booked,
                      .for_month = MONTH_NONE,
                      .reason = ground->code};
    enum result result = post_account_read(p, r->account, &account, err);

    if (result == RESULT_OK)
        result = withdraw_account_good(d, &account.row, ground->closes, err);
    if (result == RESULT_OK)
        result = holder_check(p->db, r->person, err);
    if (result == RESULT_OK)
        result = settled_check(&account.row, p->booked, ground->closes, err);
    if (result == RESULT_OK && !ground->closes)
        result = amount_check(&account.row, r->amount, err);
    if (result != RESULT_OK)
        return result;
    parts(d, &account.row.running, r->amount, &e);
    if (ground->closes)
        result = closing(d, p, &account, &e, err);
    if (result == RESULT_OK)
        result = post_entry(p, &account, &e, err);
    if (result == RESULT_OK && ground->closes)
        close_row(&account.row, p->booked, ground->code);
    if (result == RESULT_OK)
        result = post_account_write(p, &account, err);
    done->amount = fen_negate(e.amount);
    done->interest = e.interest;
    done->flow = e.flow;
    *seq = e.seq;
    return result;
}
