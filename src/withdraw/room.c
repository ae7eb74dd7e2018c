/* What may be asked for: by the ground, by the balance, by what waits already. */
#include "withdraw/internal.h"

enum { MONTHS_A_YEAR = 12 };

enum result withdraw_no_memory(struct error *err)
{
    return error_set(err, RESULT_MEMORY, "out of memory for a withdrawal");
}

struct text withdraw_keep(struct arena *a, struct stmt *q, int column, bool *ok)
{
    struct text t = column_text(q, column);

    t.at = arena_copy(a, t.at ? t : TEXT(""));
    *ok = *ok && t.at;
    return t;
}

/* --- sums --- */

static enum result sum(struct db *db, struct stmt *q, fen *out, struct error *err)
{
    enum stmt_step step = stmt_step(q);

    *out = step == STMT_ROW ? column_fen(q, 0) : fen_of(0);
    stmt_end(q);
    return step == STMT_ROW ? RESULT_OK : db_failure(db, err);
}

enum result withdraw_waiting(struct db *db, struct text account, struct text number, fen *out,
                             struct error *err)
{
    struct stmt *q = db_query(db, QUERY_withdraw_open_sum);

    stmt_text(q, 1, account);
    stmt_text(q, 2, number);
    return sum(db, q, out, err);
}

/* The other account of the household, or the same one again. */
static struct text other_of(const struct withdraw_ask *ask)
{
    return ask->household.len > 0 ? ask->household : ask->account;
}

static civil_date year_first(civil_date d)
{
    return month_first((civil_month){month_year(date_month(d)) * MONTHS_A_YEAR});
}

static civil_date year_last(civil_date d)
{
    return date_plus(year_first(date_plus(year_first(d), 366)), -1);
}

/* --- grounds --- */

static enum result same_months(struct db *db, const struct withdraw_ask *ask,
                               struct withdraw_room *out, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_withdraw_same_months);
    enum result r = RESULT_OK;
    enum stmt_step step;

    stmt_text(q, 1, ask->account);
    stmt_text(q, 2, other_of(ask));
    stmt_int(q, 3, ask->months_from.n);
    stmt_int(q, 4, ask->months_from.n + ask->months - 1);
    step = stmt_step(q);
    out->refusal = step == STMT_ROW ? WITHDRAW_BEFORE : WITHDRAW_MAY;
    if (step == STMT_ROW)
        r = error_set(err, RESULT_REFUSED,
                      "rent of one of these months was applied for before: %.*s",
                      TEXT_ARG(column_text(q, 0)));
    else if (step != STMT_DONE)
        r = db_failure(db, err);
    stmt_end(q);
    return r;
}

/* Full months in a row, counted back from now. */
static enum result rent_months_full(const struct withdraw_desk *d, struct db *db, struct arena *a,
                                    const struct account *account, struct withdraw_room *out,
                                    struct error *err)
{
    int wanted = policy_rent_full_months(d->policy), full, mended;
    struct month *months;
    size_t count;
    enum result r = ledger_months(db, a, d->policy, account, MONTH_NONE, clock_today(d->clock),
                                  &months, &count, err);

    if (r != RESULT_OK)
        return r;
    ledger_months_consecutive(months, count, &full, &mended);
    if (full >= wanted)
        return RESULT_OK;
    out->refusal = WITHDRAW_FULL_MONTHS;
    out->wanted = wanted;
    out->has = full;
    return error_set(err, RESULT_REFUSED,
                     "rent needs %d full months of contributions in a row; the account has %d",
                     wanted, full);
}

static enum result rent_room(const struct withdraw_desk *d, struct db *db, struct arena *a,
                             const struct account *account, const struct withdraw_ask *ask,
                             struct withdraw_room *out, struct error *err)
{
    civil_date today = clock_today(d->clock);
    fen month, year, taken;
    struct stmt *q;
    enum result r;

    if (month_is_none(ask->months_from) || ask->months < 1 || ask->months > WITHDRAW_MONTHS_MAX ||
        ask->children < 0 || ask->children > WITHDRAW_CHILDREN_MAX)
        return error_set(err, RESULT_INVALID, "rent names its first month and 1 to %d months",
                         WITHDRAW_MONTHS_MAX);
    if (ask->months_from.n + ask->months - 1 > date_month(today).n) {
        out->refusal = WITHDRAW_TO_COME;
        return error_set(err, RESULT_REFUSED, "rent of a month that is to come is not paid out");
    }
    if (policy_rent_limit(d->policy, today, ask->children, ask->talent, &month, &year) != RESULT_OK)
        return error_set(err, RESULT_CONFIG, "the policy knows no limit of rent for today");
    r = rent_months_full(d, db, a, account, out, err);
    if (r == RESULT_OK)
        r = same_months(db, ask, out, err);
    if (r != RESULT_OK)
        return r;
    q = db_query(db, QUERY_withdraw_between_sum);
    stmt_text(q, 1, ask->account);
    stmt_text(q, 2, other_of(ask));
    stmt_int(q, 3, out->ground.code);
    stmt_date(q, 4, year_first(today));
    stmt_date(q, 5, year_last(today));
    r = sum(db, q, &taken, err);
    out->ground_most = fen_of(month.n * ask->months);
    if (out->ground_most.n > year.n - taken.n)
        out->ground_most = fen_of(year.n - taken.n);
    return r;
}

/* What one document says was spent, less what was asked for against it before. */
static enum result document_room(const struct withdraw_desk *d, struct db *db,
                                 const struct withdraw_ask *ask, struct withdraw_room *out,
                                 struct error *err)
{
    struct stmt *q;
    fen taken;
    enum result r;

    if (ask->spent.n <= 0 || ask->spent.n > FEN_LIMIT || ask->document.len == 0 ||
        !text_is_clean_utf8(ask->document) ||
        text_characters(ask->document) > WITHDRAW_DOCUMENT_MAX || date_is_none(ask->spent_on))
        return error_set(err, RESULT_INVALID,
                         "this ground names what was spent, on which day and by which document");
    if (ask->spent_on.day > clock_today(d->clock).day) {
        out->refusal = WITHDRAW_TO_COME;
        return error_set(err, RESULT_REFUSED, "the document is of a day that is to come");
    }
    q = db_query(db, QUERY_withdraw_document_sum);
    stmt_text(q, 1, ask->account);
    stmt_text(q, 2, other_of(ask));
    stmt_text(q, 3, ask->ground);
    stmt_text(q, 4, ask->document);
    r = sum(db, q, &taken, err);
    out->ground_most = fen_sub(ask->spent, taken);
    return r;
}

/* Within some months: until the same day of the last month, or that month's last day. */
static bool within_months(civil_date from, int months, civil_date today)
{
    civil_month last = {date_month(from).n + months};
    int32_t day = days_between(month_first(date_month(from)), from);
    civil_date until = date_plus(month_first(last), day);

    if (until.day > month_last(last).day)
        until = month_last(last);
    return today.day <= until.day;
}

static enum result price_room(const struct withdraw_desk *d, struct db *db,
                              const struct withdraw_ask *ask, struct withdraw_room *out,
                              struct error *err)
{
    int months = policy_purchase_within_months(d->policy);
    enum result r = document_room(d, db, ask, out, err);

    if (r != RESULT_OK || within_months(ask->spent_on, months, clock_today(d->clock)))
        return r;
    out->refusal = WITHDRAW_TOO_LATE;
    out->wanted = months;
    return error_set(err, RESULT_REFUSED, "the home was bought more than %d months ago", months);
}

static enum result fee_room(const struct withdraw_desk *d, struct db *db,
                            const struct withdraw_ask *ask, struct withdraw_room *out,
                            struct error *err)
{
    civil_date today = clock_today(d->clock);
    enum result r = document_room(d, db, ask, out, err);
    fen taken, left;
    struct stmt *q;

    if (r != RESULT_OK)
        return r;
    q = db_query(db, QUERY_withdraw_ground_sum);
    stmt_text(q, 1, ask->account);
    stmt_text(q, 2, ask->ground);
    stmt_date(q, 3, year_first(today));
    stmt_date(q, 4, year_last(today));
    r = sum(db, q, &taken, err);
    left = fen_sub(policy_property_fee_year(d->policy), taken);
    if (out->ground_most.n > left.n)
        out->ground_most = left;
    return r;
}

static enum result ground_room(const struct withdraw_desk *d, struct db *db, struct arena *a,
                               const struct account *account, const struct withdraw_ask *ask,
                               struct withdraw_room *out, struct error *err)
{
    switch (out->ground.limit) {
    case GROUND_RENT: return rent_room(d, db, a, account, ask, out, err);
    case GROUND_PRICE: return price_room(d, db, ask, out, err);
    case GROUND_COST: return document_room(d, db, ask, out, err);
    case GROUND_FEE: return fee_room(d, db, ask, out, err);
    case GROUND_ALL: out->ground_most = out->balance; return RESULT_OK;
    }
    return error_set(err, RESULT_INTERNAL, "a ground without a limit");
}

/* --- the account --- */

enum withdraw_refusal withdraw_account_refusal(const struct withdraw_desk *d,
                                               const struct account *account, bool closes)
{
    if (account_is_closed(account->state))
        return WITHDRAW_CLOSED;
    if (account->state == ACCOUNT_FROZEN)
        return WITHDRAW_FROZEN;
    if (closes && account->frozen.n > 0)
        return WITHDRAW_PART_FROZEN;
    if (account->state == ACCOUNT_SEALED && !closes && policy_sealed_closing_only(d->policy))
        return WITHDRAW_SEALED;
    return WITHDRAW_MAY;
}

enum result withdraw_account_good(const struct withdraw_desk *d, const struct account *account,
                                  bool closes, struct error *err)
{
    static const char *const sentences[] = {
        [WITHDRAW_CLOSED] = "the account is closed",
        [WITHDRAW_FROZEN] = "the account is frozen",
        [WITHDRAW_PART_FROZEN] = "a part of the account is frozen: it cannot be closed",
        [WITHDRAW_SEALED] = "a sealed account is withdrawn from on closing grounds alone",
    };
    enum withdraw_refusal why = withdraw_account_refusal(d, account, closes);

    return why == WITHDRAW_MAY ? RESULT_OK : error_set(err, RESULT_REFUSED, "%s", sentences[why]);
}

/* The other account must be there and be somebody else's. */
static enum result household_good(struct db *db, struct arena *a, const struct withdraw_ask *ask,
                                  const struct account *account, struct error *err)
{
    struct account other;
    enum result r;

    if (ask->household.len == 0)
        return RESULT_OK;
    r = ledger_account(db, a, ask->household, &other, err);
    if (r == RESULT_NOT_FOUND)
        return error_set(err, RESULT_INVALID, "there is no such account of the household");
    if (r == RESULT_OK && text_equal(other.person, account->person))
        return error_set(err, RESULT_INVALID,
                         "the household's other account is of the same person");
    return r;
}

/* The ground holds today, may be had here, and the account may be withdrawn from on it. */
static enum result ground_good(const struct withdraw_desk *d, const struct account *account,
                               const struct withdraw_ask *ask, struct withdraw_room *out,
                               struct error *err)
{
    if (policy_ground(d->policy, clock_today(d->clock), ask->ground, &out->ground) != RESULT_OK) {
        out->refusal = WITHDRAW_NO_GROUND;
        return error_set(err, RESULT_REFUSED, "%.*s is no ground for a withdrawal today",
                         TEXT_ARG(ask->ground));
    }
    if (ask->online && !out->ground.online) {
        out->refusal = WITHDRAW_AT_COUNTER;
        return error_set(err, RESULT_REFUSED, "%.*s is applied for at a counter",
                         TEXT_ARG(ask->ground));
    }
    out->refusal = withdraw_account_refusal(d, account, out->ground.closes);
    return withdraw_account_good(d, account, out->ground.closes, err);
}

enum result withdraw_room(const struct withdraw_desk *d, struct db *db, struct arena *a,
                          const struct withdraw_ask *ask, struct withdraw_room *out,
                          struct error *err)
{
    struct account account;
    enum result r = ledger_account(db, a, ask->account, &account, err);

    *out = (struct withdraw_room){0};
    if (r == RESULT_OK && ask->person.at && !text_equal(ask->person, account.person))
        return error_set(err, RESULT_NOT_FOUND, "there is no such account");
    if (r != RESULT_OK)
        return r;
    out->balance = account.running.balance;
    out->frozen = account.frozen;
    r = ground_good(d, &account, ask, out, err);
    if (r == RESULT_OK)
        r = household_good(db, a, ask, &account, err);
    if (r == RESULT_OK)
        r = withdraw_waiting(db, ask->account, TEXT(""), &out->waiting, err);
    if (r == RESULT_OK)
        r = ground_room(d, db, a, &account, ask, out, err);
    if (r != RESULT_OK)
        return r;
    if (out->ground.closes && out->waiting.n > 0) {
        out->refusal = WITHDRAW_WAITS;
        return error_set(err, RESULT_REFUSED,
                         "another application is not decided or paid yet: the account cannot be "
                         "closed");
    }
    out->most = fen_of(out->balance.n - out->frozen.n - out->waiting.n);
    if (out->most.n > out->ground_most.n)
        out->most = out->ground_most;
    if (out->most.n < 0)
        out->most = fen_of(0);
    return RESULT_OK;
}
