/* What there is to choose from before anything is asked for, and the words of refusals. */
#include "withdraw/internal.h"

const char *withdraw_refusal_word(enum withdraw_refusal why)
{
    static const char *const words[] = {
        [WITHDRAW_MAY] = "",
        [WITHDRAW_NO_GROUND] = "no-ground",
        [WITHDRAW_AT_COUNTER] = "at-counter",
        [WITHDRAW_CLOSED] = "closed",
        [WITHDRAW_FROZEN] = "frozen",
        [WITHDRAW_PART_FROZEN] = "part-frozen",
        [WITHDRAW_SEALED] = "sealed",
        [WITHDRAW_WAITS] = "waits",
        [WITHDRAW_FULL_MONTHS] = "full-months",
        [WITHDRAW_TO_COME] = "to-come",
        [WITHDRAW_BEFORE] = "before",
        [WITHDRAW_TOO_LATE] = "too-late",
        [WITHDRAW_AMOUNT] = "amount",
    };

    return words[why];
}

static enum withdraw_refusal refusal_of(const struct withdraw_desk *d,
                                        const struct account *account,
                                        const struct policy_ground *ground, bool online,
                                        fen waiting)
{
    enum withdraw_refusal why = withdraw_account_refusal(d, account, ground->closes);

    if (why != WITHDRAW_MAY)
        return why;
    if (online && !ground->online)
        return WITHDRAW_AT_COUNTER;
    return ground->closes && waiting.n > 0 ? WITHDRAW_WAITS : WITHDRAW_MAY;
}

enum result withdraw_choices(const struct withdraw_desk *d, struct db *db,
                             const struct account *account, bool online,
                             struct withdraw_choices *out, struct error *err)
{
    struct policy_ground grounds[POLICY_GROUNDS_MAX];
    enum result r;

    *out =
        (struct withdraw_choices){.balance = account->running.balance, .frozen = account->frozen};
    r = withdraw_waiting(db, account->account, TEXT(""), &out->waiting, err);
    if (r != RESULT_OK)
        return r;
    out->count = policy_grounds(d->policy, clock_today(d->clock), grounds);
    for (size_t i = 0; i < out->count; i++)
        out->list[i] = (struct withdraw_choice){
            .ground = grounds[i],
            .refusal = refusal_of(d, account, &grounds[i], online, out->waiting),
        };
    return RESULT_OK;
}

enum result withdraw_made_on(struct db *db, struct text account, civil_date day, int *out,
                             struct error *err)
{
    struct stmt *q = db_query(db, QUERY_withdraw_made_on);
    enum stmt_step step;

    stmt_text(q, 1, account);
    stmt_date(q, 2, day);
    step = stmt_step(q);
    *out = step == STMT_ROW ? (int)column_int(q, 0) : 0;
    stmt_end(q);
    return step == STMT_ROW ? RESULT_OK : db_failure(db, err);
}
