/* One fund year of an account: what stood there, what moved, by what, and what stood at its end. */
#include "internal.h"

enum { INSIDE, KIND, REASON, UNIT, OWN, AMOUNT, INTEREST }; /* of ledger_year */

static enum year_what what_of(enum entry_kind kind)
{
    switch (kind) {
    case ENTRY_TRANSFER_IN: return YEAR_TRANSFER_IN;
    case ENTRY_TRANSFER_OUT: return YEAR_TRANSFER_OUT;
    case ENTRY_MERGING: return YEAR_MERGED;
    case ENTRY_WITHDRAWAL: return YEAR_WITHDRAWN;
    case ENTRY_CLOSING: return YEAR_CLOSED;
    default: return YEAR_OTHER;
    }
}

/* False: there is no room for one more. */
static bool move(struct fund_year *y, enum year_what what, int reason, fen amount)
{
    if (amount.n == 0)
        return true;
    for (size_t i = 0; i < y->moved_count; i++)
        if (y->moved[i].what == what && y->moved[i].reason == reason) {
            y->moved[i].amount = fen_add(y->moved[i].amount, amount);
            return true;
        }
    if (y->moved_count == LEDGER_YEAR_MOVED_MAX)
        return false;
    y->moved[y->moved_count++] = (struct year_moved){what, reason, amount};
    return true;
}

/* Contributions are the unit's and the holder's share; what is neither (there is such in old sets) has
 * no purpose of its own. Interest that is paid beside the balance, at a closing, comes and goes. */
static bool take(struct fund_year *y, struct stmt *q)
{
    enum entry_kind kind = (enum entry_kind)column_int(q, KIND);
    fen unit = column_fen(q, UNIT), own = column_fen(q, OWN);
    fen amount = column_fen(q, AMOUNT), interest = column_fen(q, INTEREST);

    if (column_int(q, INSIDE) == 0) {
        y->opening = fen_add(y->opening, amount);
        return true;
    }
    y->closing = fen_add(y->closing, amount);
    if (kind == ENTRY_REMITTANCE || kind == ENTRY_BACK_PAYMENT)
        return move(y, YEAR_UNIT, 0, unit) && move(y, YEAR_OWN, 0, own) &&
               move(y, YEAR_OTHER, 0, fen_sub(amount, fen_add(unit, own)));
    if (kind == ENTRY_INTEREST)
        return move(y, YEAR_INTEREST, 0, amount);
    return move(y, YEAR_INTEREST, 0, interest) &&
           move(y, what_of(kind), (int)column_int(q, REASON), fen_sub(amount, interest));
}

static enum result loans_read(struct db *db, struct text account, struct fund_year *out,
                              struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_year_loans);
    enum stmt_step step;

    stmt_text(q, 1, account);
    stmt_date(q, 2, out->from);
    stmt_date(q, 3, out->to);
    step = stmt_step(q);
    if (step == STMT_ROW) {
        out->lent = column_fen(q, 0);
        out->repaid_principal = column_fen(q, 1);
        out->repaid_interest = column_fen(q, 2);
        out->repaid_penalty = column_fen(q, 3);
    }
    stmt_end(q);
    return step == STMT_ROW ? RESULT_OK : ledger_read_end(db, step, err);
}

enum result ledger_fund_year(struct db *db, struct text account, civil_date from, civil_date to,
                             struct fund_year *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_ledger_year);
    enum stmt_step step;
    bool room = true;

    *out = (struct fund_year){.from = from, .to = to};
    stmt_text(q, 1, account);
    stmt_date(q, 2, from);
    stmt_date(q, 3, to);
    while (room && (step = stmt_step(q)) == STMT_ROW)
        room = take(out, q);
    stmt_end(q);
    if (!room)
        return error_set(err, RESULT_INVALID, "the account moved by more than %d things in a year",
                         LEDGER_YEAR_MOVED_MAX);
    if (step != STMT_DONE)
        return ledger_read_end(db, step, err);
    out->closing = fen_add(out->opening, out->closing);
    return loans_read(db, account, out, err);
}
