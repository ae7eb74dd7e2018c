/* What is looked at before a settlement, that nothing earlier is open, and after it, that it is
 * complete. */
#include <inttypes.h>
#include <string.h>

#include "settle_internal.h"

enum { EARLIER_PAGE = 256 };

static enum result count(const struct settle_run *run, struct db *db, enum query_id query,
                         bool with_day, int64_t *out, struct error *err)
{
    struct stmt *q = db_query(db, query);
    enum stmt_step step;

    if (with_day)
        stmt_date(q, 1, run->day);
    step = stmt_step(q);
    *out = step == STMT_ROW ? column_int(q, 0) : 0;
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

/* Whether an account had money on an earlier settlement day, or interest to it, that was never
 * settled. */
struct earlier {
    char account[SETTLE_NUMBER_MAX + 1];
    civil_date settled;
};

static enum result is_open(const struct settle_run *run, struct db *db, const struct earlier *e,
                           civil_date day, bool *open, struct error *err)
{
    struct interest_scan scan;
    enum result r = ledger_interest_scan(db, run->policy, text_of(e->account), e->settled, day, day,
                                         &scan, err);

    *open = r == RESULT_OK &&
            (scan.balance.n != 0 || ledger_interest_rounded(run->policy, scan.weighted).n != 0);
    return r;
}

static enum result earlier_page(struct db *db, civil_date day, const char *after,
                                struct earlier page[EARLIER_PAGE], size_t *n, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_settle_earlier);
    enum stmt_step step;

    *n = 0;
    stmt_date(q, 1, day);
    stmt_text(q, 2, text_of(after));
    stmt_int(q, 3, EARLIER_PAGE);
    while ((step = stmt_step(q)) == STMT_ROW && *n < EARLIER_PAGE) {
        struct earlier *e = &page[(*n)++];

        e->settled = column_date(q, 1);
        text_copy(column_text(q, 0), e->account, sizeof e->account);
    }
    stmt_end(q);
    return step == STMT_ROW || step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

static enum result check_earlier(const struct settle_run *run, struct db *db, struct error *err)
{
    static struct earlier page[EARLIER_PAGE];
    civil_date day = settlement_before(run->day);
    char after[SETTLE_NUMBER_MAX + 1] = "", text[DATE_TEXT_MAX];
    size_t n = EARLIER_PAGE;
    enum result r = RESULT_OK;

    while (r == RESULT_OK && n == EARLIER_PAGE) {
        bool open = false;

        r = earlier_page(db, day, after, page, &n, err);
        for (size_t i = 0; i < n && r == RESULT_OK && !open; i++)
            r = is_open(run, db, &page[i], day, &open, err);
        if (r == RESULT_OK && open) {
            date_format(day, text);
            return error_set(err, RESULT_REFUSED,
                             "the settlement of %s is still open; settle it first", text);
        }
        if (n > 0)
            memcpy(after, page[n - 1].account, sizeof after);
    }
    return r;
}

enum result settle_before(const struct settle_run *run, struct db *db, struct settle_report *report,
                          int64_t *missing, struct error *err)
{
    enum result r = check_earlier(run, db, err);

    if (r == RESULT_OK)
        r = count(run, db, QUERY_settle_accounts, false, &report->accounts, err);
    if (r == RESULT_OK && report->accounts == 0)
        r = error_set(err, RESULT_REFUSED, "there are no accounts to settle");
    return r == RESULT_OK ? count(run, db, QUERY_settle_missing, true, missing, err) : r;
}

/* --- after it --- */

static enum result add_outcomes(const struct settle_run *run, struct db *db,
                                struct settle_report *report, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_settle_outcomes);
    enum stmt_step step;

    stmt_date(q, 1, run->day);
    while ((step = stmt_step(q)) == STMT_ROW) {
        int64_t outcome = column_int(q, 0);

        if (outcome > 0 && outcome < SETTLE_OUTCOMES)
            report->outcomes[outcome] = column_int(q, 1);
        report->interest = fen_add(report->interest, column_fen(q, 2));
    }
    return ledger_read_end(db, step, err);
}

enum result settle_complete(const struct settle_run *run, struct db *db,
                            struct settle_report *report, struct error *err)
{
    int64_t missing, entries;
    enum result r = db_begin(db, STORE_READ, err);

    if (r != RESULT_OK)
        return r;
    r = count(run, db, QUERY_settle_missing, true, &missing, err);
    if (r == RESULT_OK)
        r = count(run, db, QUERY_settle_entries, true, &entries, err);
    if (r == RESULT_OK)
        r = add_outcomes(run, db, report, err);
    db_rollback(db);
    if (r != RESULT_OK)
        return r;
    if (missing != 0)
        return error_set(err, RESULT_DAMAGED,
                         "%" PRId64 " accounts have no settlement; run it again", missing);
    if (entries != report->outcomes[SETTLE_POSTED])
        return error_set(err, RESULT_DAMAGED,
                         "%" PRId64 " accounts are settled and %" PRId64 " entries say so",
                         report->outcomes[SETTLE_POSTED], entries);
    return RESULT_OK;
}
