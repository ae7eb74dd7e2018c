#include "plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/identity.h"

enum { LOOK_BACK = 24, NAMES = 4 };

static const char *const names[NAMES] = {"甲", "乙", "丙", "丁"};

static bool chance(struct plan *p, int per_mille)
{
    return (int)random_below(&p->random, 1000) < per_mille;
}

static int64_t between(struct plan *p, int64_t least, int64_t most)
{
    return most <= least ? least
                         : least + (int64_t)random_below(&p->random, (uint64_t)(most - least + 1));
}

/* --- how everything stands --- */

static void look_at(struct plan *p, struct seen *s, civil_date today)
{
    struct db *db = p->tools->f->db;
    struct error *err = &p->tools->f->err;
    civil_month from = {date_month(today).n - LOOK_BACK};

    ok(p->tools->f, ledger_months(db, p->arena, p->tools->policy, &s->account, from, today,
                                  &s->months, &s->month_count, err));
    ok(p->tools->f, ledger_loans(db, p->arena, s->account.account, &s->loans, &s->loan_count, err));
    ok(p->tools->f, ledger_withdrawals(db, p->arena, p->tools->policy, s->account.account,
                                       &s->withdrawals, err));
}

void plan_look(struct plan *p, civil_date today)
{
    struct fixture *f = p->tools->f;
    static char numbers[PLAN_ACCOUNTS_MAX][24];
    struct stmt *q;

    arena_reset(p->arena);
    p->count = 0;
    ok(f, db_begin(f->db, STORE_READ, &f->err));
    q = db_query(f->db, QUERY_verify_accounts);
    while (stmt_step(q) == STMT_ROW) {
        assert_true(p->count < PLAN_ACCOUNTS_MAX);
        text_copy(column_text(q, 0), numbers[p->count++], sizeof *numbers);
    }
    stmt_end(q);
    for (size_t i = 0; i < p->count; i++) {
        ok(f, ledger_account(f->db, p->arena, text_of(numbers[i]), &p->seen[i].account, &f->err));
        look_at(p, &p->seen[i], today);
    }
    db_rollback(f->db);
}

static struct seen *any(struct plan *p)
{
    return &p->seen[random_below(&p->random, p->count)];
}

/* --- writing deeds --- */

static struct deed *deed(struct plan *p, enum deed_kind kind, const char *what, civil_date day)
{
    p->deed = (struct deed){.kind = kind, .day = day};
    snprintf(p->deed.what, sizeof p->deed.what, "%s", what);
    snprintf(p->deed.key, sizeof p->deed.key, "K%d", ++p->keys);
    return &p->deed;
}

static void write_line(struct deed *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void write_line(struct deed *d, const char *format, ...)
{
    size_t len = strlen(d->content);
    va_list list;

    va_start(list, format);
    vsnprintf(d->content + len, sizeof d->content - len, format, list);
    va_end(list);
    len = strlen(d->content);
    assert_true(len + 2 < sizeof d->content);
    snprintf(d->content + len, sizeof d->content - len, "\n");
}

static void perform(struct plan *p)
{
    p->perform(p->context, &p->deed);
}

struct words {
    char at[FEN_TEXT_MAX];
};
static struct words yuan(fen n)
{
    struct words w;

    fen_format(n, w.at);
    return w;
}
static struct words per_cent(millionths n)
{
    struct words w;

    millionths_format_percent(n, w.at);
    return w;
}
static struct words month_text(civil_month m)
{
    struct words w;

    month_format(m, w.at);
    return w;
}
static struct words day_text(civil_date d)
{
    struct words w;

    date_format(d, w.at);
    return w;
}

static const char contribution_header[] = "DWZH,HBJNY,GRZH,GRJCJS,DWJCBL,GRJCBL,DWJCE,GRJCE,QXRQ";

static void contribution_line(struct plan *p, const struct seen *s, const struct month *m, fen unit,
                              fen own)
{
    civil_date earlier = date_plus(p->deed.day, -(int)between(p, 0, 4));

    write_line(&p->deed, "%.*s,%s,%.*s,%s,%s,%s,%s,%s,%s", (int)m->unit.len, m->unit.at,
               month_text(m->month).at, (int)s->account.account.len, s->account.account.at,
               yuan(m->base).at, per_cent(m->unit_ratio).at, per_cent(m->own_ratio).at,
               yuan(unit).at, yuan(own).at, chance(p, 300) ? day_text(earlier).at : "");
}

/* --- contributions --- */

static const struct month *month_of_account(const struct seen *s, civil_month m)
{
    for (size_t i = 0; i < s->month_count; i++)
        if (s->months[i].month.n == m.n)
            return &s->months[i];
    return NULL;
}

/* One unit's file for a month; some of its people are forgotten. */
static void remit(struct plan *p, const char *unit, civil_month month, civil_date day)
{
    struct deed *d = deed(p, DEED_FILE, "remit", day);
    bool anybody = false;

    write_line(d, "%s", contribution_header);
    for (size_t i = 0; i < p->count; i++) {
        const struct month *m = month_of_account(&p->seen[i], month);

        if (!m || m->unit_due.n == 0 || m->unit_credited.n > 0 || !m->unit.at ||
            !text_equal(m->unit, text_of(unit)) || chance(p, 40))
            continue;
        contribution_line(p, &p->seen[i], m, m->unit_due, m->own_due);
        anybody = true;
    }
    if (anybody)
        perform(p);
}

static void back_pay(struct plan *p, civil_date day)
{
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < p->seen[i].month_count; k++) {
            const struct month m = p->seen[i].months[k];

            if ((m.state != MONTH_MISSING && m.state != MONTH_SHORT) || !m.unit.at ||
                !chance(p, 300))
                continue;
            deed(p, DEED_FILE, "back-pay", day);
            write_line(&p->deed, "%s", contribution_header);
            contribution_line(p, &p->seen[i], &m, fen_sub(m.unit_due, m.unit_credited),
                              fen_sub(m.own_due, m.own_credited));
            perform(p);
        }
}

/* Reverses one of the newest entries: half the amount instead, nothing, or another's. */
static void correct(struct plan *p, civil_date day)
{
    const struct seen *s = any(p);
    const struct account *a = &s->account;
    int64_t seq =
        between(p, a->running.head_seq > 12 ? a->running.head_seq - 12 : 1, a->running.head_seq);
    const struct seen *other = any(p);
    struct deed *d = deed(p, DEED_FILE, "correct", day);

    write_line(d, "GRZH,XH,CZYY,ZRGRZH,HBJNY,DWJCE,GRJCE,QXRQ");
    switch (between(p, 0, 2)) {
    case 0:
        write_line(d, "%.*s,%lld,101,,,%s,%s,", (int)a->account.len, a->account.at, (long long)seq,
                   yuan(fen_of(a->unit_amount.n / 200 * 100)).at,
                   yuan(fen_of(a->own_amount.n / 200 * 100)).at);
        break;
    case 1:
        write_line(d, "%.*s,%lld,104,,,,,", (int)a->account.len, a->account.at, (long long)seq);
        break;
    default:
        write_line(d, "%.*s,%lld,102,%.*s,,%s,%s,", (int)a->account.len, a->account.at,
                   (long long)seq, (int)other->account.account.len, other->account.account.at,
                   yuan(a->unit_amount).at, yuan(a->own_amount).at);
    }
    perform(p);
}

static void refund(struct plan *p, civil_date day)
{
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < p->seen[i].month_count; k++) {
            const struct month *m = &p->seen[i].months[k];
            fen unit = fen_sub(m->unit_credited, m->unit_due);
            fen own = fen_sub(m->own_credited, m->own_due);
            struct deed *d;

            if (unit.n <= 0 || own.n <= 0 || !chance(p, 300))
                continue;
            d = deed(p, DEED_FILE, "refund", day);
            write_line(d, "GRZH,HBJNY,DWJCE,GRJCE");
            write_line(d, "%.*s,%s,%s,%s", (int)p->seen[i].account.account.len,
                       p->seen[i].account.account.at, month_text(m->month).at, yuan(unit).at,
                       yuan(own).at);
            perform(p);
            return;
        }
}

/* --- accounts --- */

static void change_line(struct plan *p, const char *account, const char *what, const char *header,
                        const char *rest, civil_date day)
{
    struct deed *d = deed(p, DEED_FILE, what, day);

    write_line(d, "%s", header);
    write_line(d, "%s%s", account, rest);
    perform(p);
}

static void open_one(struct plan *p, civil_month from, civil_date day)
{
    struct deed *d = deed(p, DEED_FILE, "open", day);
    int n = ++p->opened;
    char id[32];

    snprintf(id, sizeof id, "5301991971%02d%02d991", 1 + n / 28 % 12, 1 + n % 28);
    id[17] = id_check_character(id);
    id[18] = 0;
    write_line(d, "GRZH,GRBH,XingMing,ZJLX,ZJHM,SJHM,GRCKZHHM,GRCKZHKHYHMC,DWZH,SXNY,GRJCJS,"
                  "DWJCBL,GRJCBL");
    write_line(d, "99000%05d,P990%05d,%s,01,%s,10099990001,,,%s,%s,%s,5.00,5.00", n, n,
               names[n % NAMES], id, p->units[between(p, 0, (int64_t)p->unit_count - 1)],
               month_text(from).at, yuan(fen_of(between(p, 3000, 12000) * 100)).at);
    perform(p);
}

/* Another account, opened here, of a person with the same name, behind a comma. */
static bool namesake(struct plan *p, const char *account, char *out, size_t room)
{
    int n, other;

    if (sscanf(account, "99000%5d", &n) != 1)
        return false;
    for (size_t i = 0; i < p->count; i++) {
        const struct account *a = &p->seen[i].account;

        snprintf(out, room, ",%.*s", (int)a->account.len, a->account.at);
        if (sscanf(out, ",99000%5d", &other) == 1 && other != n && other % NAMES == n % NAMES &&
            !account_is_closed(a->state))
            return true;
    }
    return false;
}

/* Base, seal, unseal, move, defer, freeze, lift, transfers, merging: each now and then. */
static void change(struct plan *p, size_t i, civil_month m, civil_date day)
{
    const struct account a = p->seen[i].account; /* of its texts none is looked at after a deed */
    const char *unit = p->units[between(p, 0, (int64_t)p->unit_count - 1)];
    bool july = month_number(m) == 7;
    char rest[200], account[24];

    if (account_is_closed(a.state))
        return;
    text_copy(a.account, account, sizeof account);
    if (chance(p, july ? 600 : 10)) {
        snprintf(rest, sizeof rest, ",%s,%s,%s,%s", month_text(m).at,
                 yuan(fen_of(a.base.n * between(p, 980, 1080) / 100000 * 100)).at,
                 per_cent(a.unit_ratio).at, per_cent(a.own_ratio).at);
        change_line(p, account, "base", "GRZH,SXNY,GRJCJS,DWJCBL,GRJCBL", rest, day);
    }
    if (a.state != ACCOUNT_SEALED && chance(p, 15)) {
        snprintf(rest, sizeof rest, ",%s", month_text(m).at);
        change_line(p, account, "seal", "GRZH,SXNY", rest, day);
    } else if (chance(p, a.state == ACCOUNT_SEALED ? 200 : 12)) {
        snprintf(rest, sizeof rest, ",%s,%s,%s,%s,%s", month_text(m).at, unit, yuan(a.base).at,
                 per_cent(a.unit_ratio).at, per_cent(a.own_ratio).at);
        change_line(p, account, a.state == ACCOUNT_SEALED ? "unseal" : "move",
                    "GRZH,SXNY,DWZH,GRJCJS,DWJCBL,GRJCBL", rest, day);
    }
    if (chance(p, 8)) {
        snprintf(rest, sizeof rest, ",%s,%s", month_text(m).at,
                 month_text((civil_month){m.n + (int32_t)between(p, 1, 4)}).at);
        change_line(p, account, "defer", "GRZH,SXNY,ZZNY", rest, day);
    }
    if (chance(p, a.frozen.n > 0 ? 200 : 0))
        change_line(p, account, "lift", "GRZH,DJJE", ",", day);
    else if (chance(p, 12)) {
        snprintf(rest, sizeof rest, ",%s,示范法院",
                 chance(p, 500) ? yuan(fen_of(between(p, 1, 5000) * 100)).at : "");
        change_line(p, account, "freeze", "GRZH,DJJE,DJJG", rest, day);
    }
    if (chance(p, 12)) {
        snprintf(rest, sizeof rest, ",%s,", yuan(fen_of(between(p, 10000, 5000000))).at);
        change_line(p, account, "transfer-in", "GRZH,FSE,QXRQ", rest, day);
    }
    if (p->count > 6 && chance(p, 4))
        change_line(p, account, "transfer-out", "GRZH", "", day);
    if (chance(p, 10) && namesake(p, account, rest, sizeof rest))
        change_line(p, account, "merge", "GRZH,HBZH", rest, day);
}

/* --- withdrawals --- */

static void apply(struct plan *p, const struct seen *s, civil_date day)
{
    static const char *const grounds[] = {"repayment", "construction", "illness", "retirement",
                                          "rent"};
    struct deed *d = deed(p, DEED_APPLY, "withdraw apply", day);
    bool closing = chance(p, 60), rent = chance(p, 100);

    d->ground = closing ? "retirement" : rent ? "rent" : grounds[between(p, 0, 2)];
    snprintf(d->account, sizeof d->account, "%.*s", (int)s->account.account.len,
             s->account.account.at);
    d->ask = (struct withdraw_ask){.months_from = MONTH_NONE, .spent_on = DATE_NONE};
    if (!closing)
        d->ask.amount = fen_of(between(p, 1, s->account.running.balance.n / 3));
    if (rent) {
        d->ask.months_from = (civil_month){date_month(day).n - 2};
        d->ask.months = 2;
    } else if (!closing) {
        d->ask.spent = fen_add(d->ask.amount, fen_of(between(p, 0, 100000)));
        d->ask.spent_on = date_plus(day, -(int)between(p, 0, 200));
    }
    perform(p);
}

/* One step further with everything that waits. */
static void move(struct plan *p, civil_date day)
{
    static const char *const words[] = {
        [STEP_ACCEPT] = "withdraw accept", [STEP_APPROVE] = "withdraw approve",
        [STEP_PAY] = "withdraw pay",       [STEP_REFUSE] = "withdraw refuse",
        [STEP_CANCEL] = "withdraw cancel",
    };

    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < p->seen[i].withdrawals.count; k++) {
            const struct withdrawal *w = &p->seen[i].withdrawals.list[k];
            enum withdraw_step step = STEP_PAY;

            if (w->application.state != WITHDRAW_RECEIVED &&
                w->application.state != WITHDRAW_APPROVED)
                continue;
            if (w->application.state == WITHDRAW_RECEIVED)
                step = w->step_count < 2 ? (chance(p, 100) ? STEP_CANCEL : STEP_ACCEPT)
                       : chance(p, 200)  ? STEP_REFUSE
                                         : STEP_APPROVE;
            deed(p, DEED_MOVE, words[step], day)->step = step;
            snprintf(p->deed.number, sizeof p->deed.number, "%.*s",
                     (int)w->application.application.len, w->application.application.at);
            perform(p);
        }
}

/* --- loans --- */

static void loan_deed(struct plan *p, enum loan_order_kind kind, const char *what,
                      const struct seen *s, civil_date day)
{
    struct deed *d = deed(p, DEED_LOAN, what, day);

    d->order = (struct loan_order){.kind = kind, .day = day};
    snprintf(d->account, sizeof d->account, "%.*s", (int)s->account.account.len,
             s->account.account.at);
}

static void lend(struct plan *p, const struct seen *s, civil_date day)
{
    struct deed *d = &p->deed;
    int months = (int)between(p, 12, 180);
    char contract[24], loan[24];

    loan_deed(p, LOAN_ORDER_CONTRACT, "loan contract", s, day);
    snprintf(contract, sizeof contract, "HT%d", p->keys);
    snprintf(loan, sizeof loan, "DK%d", p->keys);
    d->order.amount = fen_of(between(p, 50, 400) * 100000);
    d->order.price = fen_of(d->order.amount.n * 2);
    d->order.rate = months <= 60 ? 27500 : 32500;
    d->order.months = months;
    d->order.method = chance(p, 500) ? 1 : 2;
    d->order.due_day = 20;
    d->order.guarantee = 1;
    snprintf(d->contract, sizeof d->contract, "%s", contract);
    perform(p);
    loan_deed(p, LOAN_ORDER_PAY_OUT, "loan pay-out", s, day);
    snprintf(d->contract, sizeof d->contract, "%s", contract);
    snprintf(d->loan, sizeof d->loan, "%s", loan);
    perform(p);
}

/* Prepayments, settlements, taking back: on the day, or on an earlier one with a reason. */
static void loan_orders(struct plan *p, const struct seen *s, civil_date day)
{
    const struct loan *l = &s->loans[0];
    struct deed *d = &p->deed;
    char loan[24];

    snprintf(loan, sizeof loan, "%.*s", (int)l->loan.len, l->loan.at);
    if (l->balance.n == 0)
        return;
    if (chance(p, 60)) {
        loan_deed(p, LOAN_ORDER_PAY, "loan pay", s, day);
        d->order.amount = fen_of(between(p, 10, 60) * 100000);
        d->order.then = chance(p, 500) ? LOAN_THEN_SHORTER : LOAN_THEN_LOWER;
        d->order.fund = chance(p, 200);
        if (chance(p, 250)) {
            d->order.day = date_plus(day, -(int)between(p, 1, 40));
            d->order.reason = 103;
        }
    } else if (chance(p, l->overdue_periods ? 600 : 8)) {
        loan_deed(p, l->overdue_periods ? LOAN_ORDER_PAY : LOAN_ORDER_SETTLE,
                  l->overdue_periods ? "loan pay" : "loan settle", s, day);
        d->order.amount = fen_of(between(p, 5, 20) * 100000);
        d->order.then = LOAN_THEN_LOWER;
    } else if (chance(p, 30)) {
        loan_deed(p, LOAN_ORDER_REVERSE, "loan reverse", s, day);
        d->order.act = between(p, 2, 12);
        d->order.reason = 105;
        d->order.missed = chance(p, 400);
    } else {
        return;
    }
    snprintf(d->loan, sizeof d->loan, "%s", loan);
    perform(p);
}

static void collect(struct plan *p, civil_date day)
{
    const struct seen *s = any(p);
    struct deed *d = deed(p, DEED_COLLECT, "loan collect", day);

    d->on = day;
    if (s->loan_count > 0 && s->loans[0].balance.n > 0 && chance(p, 150)) {
        d->returned = true;
        snprintf(d->account, sizeof d->account, "%.*s", (int)s->account.account.len,
                 s->account.account.at);
        snprintf(d->loan, sizeof d->loan, "%.*s", (int)s->loans[0].loan.len, s->loans[0].loan.at);
    }
    perform(p);
}

/* --- the month --- */

static void batch(struct plan *p, enum deed_kind kind, const char *what, civil_date on,
                  civil_date day)
{
    deed(p, kind, what, day)->on = on;
    perform(p);
}

void plan_month(struct plan *p, civil_month m)
{
    civil_date first = month_first(m);
    civil_month due = {m.n - 1};
    bool ahead = chance(p, 60), late = chance(p, 150);

    plan_look(p, first);
    if (month_number(m) == 1)
        batch(p, DEED_REPRICE, "loan reprice", first, date_plus(first, 1));
    if (month_number(m) == 7 && !late)
        batch(p, DEED_SETTLE, "settle", date_plus(first, -1), first);
    for (size_t i = 0; i < p->count; i++)
        change(p, i, m, date_plus(first, 3));
    if (p->count < PLAN_ACCOUNTS_MAX - 2 && chance(p, 90))
        open_one(p, m, date_plus(first, 4));
    for (size_t u = 0; u < p->unit_count; u++) {
        if (ahead) /* this month's file comes before that of the month before */
            remit(p, p->units[u], m, date_plus(first, 8));
        if (!chance(p, 50))
            remit(p, p->units[u], due, date_plus(first, 9));
    }
    back_pay(p, date_plus(first, 12));
    if (chance(p, 250))
        correct(p, date_plus(first, 13));
    refund(p, date_plus(first, 14));
    if (month_number(m) == 7 && late)
        batch(p, DEED_SETTLE, "settle", date_plus(first, -1), date_plus(first, 15));
    move(p, date_plus(first, 16));
    if (chance(p, 400))
        apply(p, any(p), date_plus(first, 17));
    collect(p, date_plus(first, 19));
    for (size_t i = 0; i < p->count; i++) {
        struct seen *s = &p->seen[i];

        if (s->loan_count > 0)
            loan_orders(p, s, date_plus(first, 21));
        else if (!account_is_closed(s->account.state) && chance(p, 20))
            lend(p, s, date_plus(first, 22));
    }
    if (chance(p, 150))
        batch(p, DEED_ROOT, "root", first, date_plus(first, 25));
}
