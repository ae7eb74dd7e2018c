/* Settlements of an account: the interest of each, and the row that says that it was posted. */
#include "account.h"

enum { R_ACCOUNT, R_DAY, R_KIND, R_OUTCOME, R_SEQ, R_INTEREST, R_BATCH };
enum { YEARLY = 1, POSTED = 1, NOT_OPEN = 2, CLOSED = 3, DONE = 4, NO_MONEY = 5 };

struct settled *chain_settled_on(struct chain *c, int64_t day)
{
    for (size_t i = c->settlement_count; i > 0; i--)
        if (c->settlements[i - 1].day == day)
            return &c->settlements[i - 1];
    return NULL;
}

static bool settled_by_set(const struct chain *c, int64_t day)
{
    for (size_t i = 0; i < c->settlement_count; i++)
        if (c->settlements[i].imported && c->settlements[i].day >= day)
            return true;
    return false;
}

/* Why there is no posting. Whether an account was closed or empty when its turn came is told by the
 * order of work and not by the entries: of these two what is stored is taken where it can be. */
static int64_t reason(const struct chain *c, int64_t day, int64_t stored)
{
    bool closed = (c->ever_closed || c->merged_empty) && stored == CLOSED;

    if (c->opened > day)
        return NOT_OPEN;
    if (closed)
        return CLOSED;
    return settled_by_set(c, day) ? DONE : NO_MONEY;
}

static void row(struct audit *a, struct chain *c, const struct cursor *q)
{
    char day[DAY_ROOM];
    struct place p = {.table = "ledger.settlement", .key = c->account, .sub = day};
    struct settled *s = chain_settled_on(c, cell_int(q, R_DAY));
    int64_t outcome = cell_int(q, R_OUTCOME);

    calendar_write(cell_int(q, R_DAY), day);
    differ_int(a->report, p, "kind", cell_int(q, R_KIND), YEARLY);
    if (!totals_of(a->totals, cell_int(q, R_BATCH)))
        differ_text(a->report, p, "batch", "no operation", "one that there is");
    if (!s || s->imported) {
        differ_int(a->report, p, "outcome", outcome, reason(c, cell_int(q, R_DAY), outcome));
        differ_int(a->report, p, "seq", cell_int(q, R_SEQ), 0);
        differ_fen(a->report, p, "interest", cell_int(q, R_INTEREST), 0);
        return;
    }
    s->listed = true;
    differ_int(a->report, p, "outcome", outcome, POSTED);
    differ_int(a->report, p, "seq", cell_int(q, R_SEQ), s->seq);
    differ_fen(a->report, p, "interest", cell_int(q, R_INTEREST), s->derived);
    differ_int(a->report, p, "batch", cell_int(q, R_BATCH), s->batch);
}

static void skip_orphans(struct audit *a, struct cursor *rows, const struct chain *c)
{
    while (cursor_there(rows) && span_compare(cell_bytes(rows, R_ACCOUNT), c->account) < 0) {
        differ_text(
            a->report,
            (struct place){.table = "ledger.settlement", .key = cell_bytes(rows, R_ACCOUNT)},
            "account", "no account", "one that there is");
        cursor_next(rows);
    }
}

void chain_settlements(struct audit *a, struct chain *c, struct cursor *rows)
{
    skip_orphans(a, rows, c);
    while (cursor_there(rows) && span_compare(cell_bytes(rows, R_ACCOUNT), c->account) == 0) {
        row(a, c, rows);
        cursor_next(rows);
    }
    for (size_t i = 0; i < c->settlement_count; i++) {
        const struct settled *s = &c->settlements[i];
        struct place p = {.table = "ledger.entry",
                          .key = c->account,
                          .sub = "",
                          .entry = s->seq,
                          .imported = s->imported};

        a->counts.settlements++;
        if (s->known)
            differ_fen(a->report, p, "interest", s->posted, s->derived);
        else
            a->counts.unknown_rates++;
        if (!s->imported && !s->listed)
            differ_text(a->report, p, "ledger.settlement", "no row", "a row");
    }
}
