/* Entries of an operation: appended to an account's chain, reversed with a link. */
#include <string.h>

#include "internal.h"
#include "ledger/digest.h"
#include "post.h"

enum { ENTRY_COLUMNS = 23 };

/* --- the account --- */

/* What ends an account: it takes everything out. */
static bool closes(const struct entry *e)
{
    return !e->reversing && (e->kind == ENTRY_CLOSING || e->kind == ENTRY_TRANSFER_OUT ||
                             (e->kind == ENTRY_MERGING && e->amount.n < 0));
}

static enum result newest(struct posting *p, struct post_account *a, struct error *err)
{
    struct entry e;
    enum result r;

    a->booked = DATE_NONE;
    a->closing = 0;
    if (a->head_seq == 0)
        return RESULT_OK;
    r = post_entry_read(p->db, p->arena, a->row.account, a->head_seq, &e, err);
    if (r != RESULT_OK)
        return r;
    a->booked = e.booked;
    if (account_is_closed(a->row.state))
        a->closing = a->head_seq;
    return RESULT_OK;
}

enum result post_account_read(struct posting *p, struct text account, struct post_account *out,
                              struct error *err)
{
    enum result r;

    *out = (struct post_account){0};
    r = ledger_account(p->db, p->arena, account, &out->row, err);
    if (r != RESULT_OK)
        return r;
    out->head_seq = out->row.running.head_seq;
    return newest(p, out, err);
}

static void bind_month(struct stmt *q, int parameter, civil_month m)
{
    if (month_is_none(m))
        stmt_null(q, parameter);
    else
        stmt_int(q, parameter, m.n);
}

static void bind_text(struct stmt *q, int parameter, struct text t)
{
    if (t.at)
        stmt_text(q, parameter, t);
    else
        stmt_null(q, parameter);
}

static void bind_int_or_null(struct stmt *q, int parameter, bool there, int64_t value)
{
    if (there)
        stmt_int(q, parameter, value);
    else
        stmt_null(q, parameter);
}

enum result post_account_write(struct posting *p, struct post_account *a, struct error *err)
{
    const struct account *row = &a->row;
    const struct running *r = &row->running;
    struct stmt *q = db_query(p->db, QUERY_post_account_put);
    int64_t changed = 0;
    enum result result;

    stmt_text(q, 1, row->account);
    stmt_int(q, 2, a->head_seq);
    stmt_text(q, 3, row->unit);
    stmt_int(q, 4, row->state);
    stmt_date(q, 5, row->closed);
    bind_int_or_null(q, 6, row->close_reason != 0, row->close_reason);
    bind_text(q, 7, row->merged_into);
    stmt_fen(q, 8, row->base);
    stmt_int(q, 9, row->unit_ratio);
    stmt_int(q, 10, row->own_ratio);
    stmt_fen(q, 11, row->unit_amount);
    stmt_fen(q, 12, row->own_amount);
    bind_month(q, 13, row->paid_to);
    stmt_fen(q, 14, row->frozen);
    stmt_date(q, 15, row->frozen_since);
    bind_text(q, 16, row->frozen_by);
    stmt_fen(q, 17, r->balance);
    stmt_fen(q, 18, r->carried);
    stmt_fen(q, 19, r->this_year);
    stmt_date(q, 20, r->settled);
    stmt_int(q, 21, r->product);
    stmt_int(q, 22, r->product_year);
    stmt_date(q, 23, r->product_day);
    stmt_int(q, 24, r->head_seq);
    stmt_bytes(q, 25, r->head_hash, SHA256_SIZE);
    stmt_date(q, 26, p->booked);
    result = stmt_run(q, &changed, err);
    if (result == RESULT_OK && changed != 1)
        return error_set(err, RESULT_CONFLICT, "the account was posted to meanwhile; try again");
    a->head_seq = r->head_seq;
    return result;
}

/* --- an entry --- */

static enum result insert(struct posting *p, const struct entry *e, struct error *err)
{
    struct stmt *q = db_query(p->db, QUERY_post_entry_insert);

    stmt_text(q, 1, e->account);
    stmt_int(q, 2, e->seq);
    stmt_date(q, 3, e->booked);
    stmt_date(q, 4, e->value_day);
    stmt_int(q, 5, e->kind);
    bind_month(q, 6, e->for_month);
    bind_text(q, 7, e->unit);
    bind_int_or_null(q, 8, e->has_terms, e->base.n);
    bind_int_or_null(q, 9, e->has_terms, e->unit_ratio);
    bind_int_or_null(q, 10, e->has_terms, e->own_ratio);
    stmt_fen(q, 11, e->unit_amount);
    stmt_fen(q, 12, e->own_amount);
    stmt_fen(q, 13, e->amount);
    stmt_fen(q, 14, e->amount_year);
    stmt_fen(q, 15, e->amount_carried);
    stmt_fen(q, 16, e->interest);
    stmt_fen(q, 17, e->balance);
    bind_int_or_null(q, 18, e->reason != 0, e->reason);
    stmt_text(q, 19, e->flow);
    stmt_int(q, 20, e->reversing);
    bind_int_or_null(q, 21, e->reverses != 0, e->reverses);
    stmt_int(q, 22, e->batch);
    stmt_bytes(q, ENTRY_COLUMNS, e->hash, SHA256_SIZE);
    return stmt_run(q, NULL, err);
}

/* What no entry may break, whoever posts it. */
static enum result check(const struct posting *p, const struct post_account *a,
                         const struct entry *e, struct error *err)
{
    bool contribution = e->kind == ENTRY_REMITTANCE || e->kind == ENTRY_BACK_PAYMENT;

    if (a->closing != 0 && !(e->reversing && e->reverses == a->closing))
        return error_set(err, RESULT_REFUSED, "the account is closed");
    if (!date_is_none(a->booked) && p->booked.day < a->booked.day)
        return error_set(err, RESULT_REFUSED,
                         "the account has an entry that was booked on a later day");
    if (e->value_day.day > p->booked.day)
        return error_set(err, RESULT_REFUSED, "the value day is later than the booking");
    if (e->value_day.day < a->row.opened.day)
        return error_set(err, RESULT_REFUSED, "the value day lies before the account was opened");
    if (contribution && e->unit_amount.n + e->own_amount.n != e->amount.n)
        return error_set(err, RESULT_REFUSED, "the two shares do not add up to the amount");
    if (contribution && (month_is_none(e->for_month) || !e->unit.at || !e->has_terms))
        return error_set(err, RESULT_REFUSED, "a contribution names its month, unit and terms");
    if (e->amount.n > FEN_LIMIT || e->amount.n < -FEN_LIMIT || e->balance.n > FEN_LIMIT)
        return error_set(err, RESULT_REFUSED, "the amount or the balance is too large");
    if (closes(e) && e->balance.n != 0)
        return error_set(err, RESULT_REFUSED, "a closing takes out the whole balance");
    return RESULT_OK;
}

enum result post_entry(struct posting *p, struct post_account *a, struct entry *e,
                       struct error *err)
{
    struct running *r = &a->row.running;
    char flow[POST_FLOW_MAX + 1];
    struct error why;
    enum result result;

    e->account = a->row.account;
    e->seq = r->head_seq + 1;
    e->booked = p->booked;
    e->amount = fen_add(e->amount_year, e->amount_carried);
    e->balance = fen_add(r->balance, e->amount);
    e->batch = p->batch;
    e->flow = post_flow(p->batch, p->line + 1, flow);
    e->flow.at = arena_copy(p->arena, e->flow);
    if (!e->flow.at)
        return ledger_no_memory(err);
    result = check(p, a, e, err);
    if (result != RESULT_OK)
        return result;
    entry_hash(p->sha, e, r->head_hash, e->hash);
    if (running_apply(r, e, &why) != RESULT_OK)
        return error_set(err, RESULT_REFUSED, "%s", why.sentence);
    result = insert(p, e, err);
    if (result == RESULT_OK)
        result = digest_follow(p->db, e->account, e, 1, NULL, 0, err);
    if (result != RESULT_OK)
        return result;
    p->line++;
    p->lines++;
    p->entries++;
    p->total = fen_add(p->total, e->amount);
    a->booked = p->booked;
    if (e->reversing && e->reverses == a->closing)
        a->closing = 0;
    else if (closes(e))
        a->closing = e->seq;
    return RESULT_OK;
}

/* --- reversal --- */

enum result post_entry_read(struct db *db, struct arena *a, struct text account, int64_t seq,
                            struct entry *out, struct error *err)
{
    const struct entry_filter one = {.before_seq = seq + 1, .limit = 1};
    struct entry *list;
    size_t count;
    bool more;
    enum result r = ledger_entries(db, a, account, &one, &list, &count, &more, err);

    if (r != RESULT_OK)
        return r;
    if (count != 1 || list[0].seq != seq)
        return error_set(err, RESULT_NOT_FOUND, "the account has no such entry");
    *out = list[0];
    return RESULT_OK;
}

static enum result reversed_before(struct posting *p, const struct entry *e, bool *reversed,
                                   struct error *err)
{
    struct stmt *q = db_query(p->db, QUERY_post_entry_reversed);
    enum stmt_step step;

    stmt_text(q, 1, e->account);
    stmt_int(q, 2, e->seq);
    step = stmt_step(q);
    *reversed = step == STMT_ROW;
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(p->db, err);
}

/* Takes the opposite amount out of the parts where the money lies now: what was this year's when it
 * came has been carried over if a settlement came since. */
static void opposite_parts(const struct running *r, const struct entry *of, struct entry *e)
{
    int64_t year = -of->amount_year.n, carried = -of->amount_carried.n;

    if (of->value_day.day <= r->settled.day) {
        carried += year;
        year = 0;
    }
    if (r->this_year.n + year < 0) {
        carried += year + r->this_year.n;
        year = -r->this_year.n;
    } else if (r->carried.n + carried < 0) {
        year += carried + r->carried.n;
        carried = -r->carried.n;
    }
    e->amount_year = fen_of(year);
    e->amount_carried = fen_of(carried);
}

enum result post_reversal(struct posting *p, struct post_account *a, int64_t seq, int reason,
                          struct entry *out, struct error *err)
{
    struct entry of;
    bool reversed = false;
    enum result r;

    if (!post_reason_known(reason))
        return error_set(err, RESULT_INVALID, "%d is no reason for a reversal", reason);
    r = post_entry_read(p->db, p->arena, a->row.account, seq, &of, err);
    if (r == RESULT_OK)
        r = reversed_before(p, &of, &reversed, err);
    if (r != RESULT_OK)
        return r;
    if (of.reversing)
        return error_set(err, RESULT_REFUSED, "a reversing entry is not reversed");
    if (reversed)
        return error_set(err, RESULT_REFUSED, "the entry was reversed before");
    if (of.kind == ENTRY_INTEREST)
        return error_set(err, RESULT_REFUSED,
                         "a settlement is not reversed by itself: its year is settled anew");
    *out = of;
    out->unit_amount = fen_negate(of.unit_amount);
    out->own_amount = fen_negate(of.own_amount);
    out->interest = fen_negate(of.interest);
    opposite_parts(&a->row.running, &of, out);
    out->reason = reason;
    out->reversing = true;
    out->reverses = seq;
    return post_entry(p, a, out, err);
}
