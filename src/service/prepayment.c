/* What a prepayment would do: the same functions that do it. */
#include <assert.h>

#include "service/internal.h"

static enum result read_standing(struct db *db, struct arena *a, const struct view *v,
                                 const struct prepayment_question *q, civil_date today,
                                 struct loan_standing *out, bool *clear, struct error *err)
{
    struct own_accounts accounts;
    struct loan_view view;
    struct loan *loans;
    struct error unclear;
    size_t count;
    enum result r = own_accounts_read(db, a, v, q->position, &accounts, err);

    if (r == RESULT_OK) {
        r = ledger_loans(db, a, own_current(&accounts)->account, &loans, &count, err);
    }
    if (r != RESULT_OK) {
        return r;
    }
    if (q->which < 1 || (size_t)q->which > count) {
        return error_set(err, RESULT_NOT_FOUND, "there is no loan number %d of the account",
                         q->which);
    }
    r = ledger_loan_view(db, a, own_current(&accounts)->account, &loans[q->which - 1], today, &view,
                         err);
    if (r == RESULT_OK) {
        *clear = loan_standing_of(&view, out, &unclear) == RESULT_OK;
    }
    return r;
}

/* How many instalments are ahead, the last one's day, and their interest. */
static fen ahead(const struct loan_standing *s, int *count, civil_date *last)
{
    struct loan_instalment_line lines[LOAN_MONTHS_MAX];

    *count = loan_ahead(s, lines);
    *last = *count > 0 ? lines[*count - 1].due : DATE_NONE;
    return loan_plan_interest(lines, *count);
}

/* Interest that is paid with it and would not have been overdue already. */
static fen interest_paid(const struct loan_change *c)
{
    fen sum = fen_of(0);

    for (int i = 0; i < c->count; i++) {
        if (c->lines[i].kind != LOAN_OVERDUE_REPAYMENT) {
            sum = fen_add(sum, c->lines[i].interest);
        }
    }
    return sum;
}

static void try_it(const struct service *s, const struct prepayment_question *q,
                   const struct loan_standing *standing, struct prepayment *out)
{
    struct loan_change *c = &out->change;
    struct error said;
    enum loan_then then = q->choice == PREPAY_LOWER ? LOAN_THEN_LOWER : LOAN_THEN_SHORTER;
    enum result r = loan_settle(s->policy, standing, out->today, c, &said);

    if (r == RESULT_OK) {
        out->settle = c->paid;
    }
    if (q->choice != PREPAY_ALL) {
        r = loan_pay(s->policy, standing, out->today, q->amount, then, c, &said);
    }
    out->why = r == RESULT_OK ? LOAN_NOT_REFUSED : c->why;
    out->need = c->need;
    if (r != RESULT_OK && c->why == LOAN_NOT_REFUSED) {
        out->clear = false; /* no choice of the holder's brings it about */
        return;
    }
    out->interest_before = ahead(&c->before, &out->left_before, &out->last_before);
    if (r != RESULT_OK) {
        return;
    }
    out->interest_after = ahead(&c->after, &out->left_after, &out->last_after);
    out->saved = fen_sub(out->interest_before, fen_add(interest_paid(c), out->interest_after));
}

enum result service_prepayment(const struct service *s, struct db *db, struct arena *a,
                               const struct view *v, const struct prepayment_question *q,
                               struct prepayment **out, struct error *err)
{
    struct loan_standing *standing = arena_alloc(a, sizeof *standing);
    enum result r;

    assert(view_is_good(v, PART_LOAN));
    *out = arena_alloc(a, sizeof **out);
    if (!standing || !*out) {
        return error_set(err, RESULT_MEMORY, "out of memory");
    }
    (*out)->today = clock_today(s->clock);
    r = db_begin(db, STORE_READ, err);
    if (r != RESULT_OK) {
        return r;
    }
    r = read_standing(db, a, v, q, (*out)->today, standing, &(*out)->clear, err);
    db_rollback(db);
    if (r == RESULT_OK && (*out)->clear) {
        try_it(s, q, standing, *out);
    }
    return r;
}
