/* What anju withdraw says: for people, and for programs. */
#include <stdio.h>

#include "base/json.h"
#include "withdraw/command.h"

enum { JSON_LIMIT = 4 * 1024 * 1024 };

static void done_json(struct json *j, const char *key, const struct withdraw_done *d)
{
    json_put_object(j, key);
    json_put_text(j, "number", d->number);
    json_put_text(j, "account", d->account);
    json_put_text(j, "ground", d->ground);
    json_put_word(j, "state", withdraw_state_word(d->state));
    json_put_date(j, "day", d->day);
    json_put_date(j, "decide_by", d->decide_by);
    json_put_fen(j, "amount", d->amount);
    json_put_fen(j, "interest", d->interest);
    if (d->flow.len > 0)
        json_put_text(j, "flow", d->flow);
    else
        json_put_null(j, "flow");
    json_put_bool(j, "already", d->already);
    json_put_object_end(j);
}

static void done_words(const struct withdraw_done *d)
{
    char amount[FEN_TEXT_MAX], interest[FEN_TEXT_MAX], day[DATE_TEXT_MAX];

    fen_format(d->amount, amount);
    fen_format(d->interest, interest);
    printf("%.*s %s: %s yuan, %.*s", TEXT_ARG(d->number), withdraw_state_word(d->state), amount,
           TEXT_ARG(d->ground));
    if (d->interest.n > 0)
        printf(", and %s interest", interest);
    if (d->flow.len > 0)
        printf(", flow %.*s", TEXT_ARG(d->flow));
    if (d->state == WITHDRAW_RECEIVED && !date_is_none(d->decide_by)) {
        date_format(d->decide_by, day);
        printf(", to be decided by %s", day);
    }
    puts(d->already ? " (done before)" : "");
}

void say_done(const struct withdraw_done *done, size_t count, bool dry_run, bool json)
{
    struct json j;

    if (!json) {
        for (size_t i = 0; i < count; i++)
            done_words(&done[i]);
        if (dry_run)
            puts("Nothing was changed: this was a dry run.");
        return;
    }
    json_start(&j, JSON_LIMIT);
    json_put_object(&j, NULL);
    json_put_bool(&j, "dry_run", dry_run);
    json_put_array(&j, "done");
    for (size_t i = 0; i < count; i++)
        done_json(&j, NULL, &done[i]);
    json_put_array_end(&j);
    json_put_object_end(&j);
    if (!j.failed)
        puts(j.at);
    json_free(&j);
}

static void due_words(const struct withdraw_due *d, enum withdraw_state state, civil_date today)
{
    char applied[DATE_TEXT_MAX], due[DATE_TEXT_MAX], amount[FEN_TEXT_MAX];
    int days;

    date_format(d->applied, applied);
    fen_format(d->amount, amount);
    printf("%.*s  %s  %14s  %-16.*s", TEXT_ARG(d->number), applied, amount, TEXT_ARG(d->ground));
    if (state == WITHDRAW_RECEIVED && date_is_none(d->decide_by)) {
        printf("not accepted");
    } else if (state == WITHDRAW_RECEIVED) {
        date_format(d->decide_by, due);
        days = (int)days_between(today, d->decide_by);
        printf(days < 0 ? "decide by %s, late" : "decide by %s", due);
    }
    putchar('\n');
}

static void due_json(const struct withdraw_due *list, size_t count)
{
    struct json j;

    json_start(&j, JSON_LIMIT);
    json_put_array(&j, NULL);
    for (size_t i = 0; i < count; i++) {
        json_put_object(&j, NULL);
        json_put_text(&j, "number", list[i].number);
        json_put_text(&j, "ground", list[i].ground);
        json_put_date(&j, "applied", list[i].applied);
        json_put_date(&j, "decide_by", list[i].decide_by);
        json_put_fen(&j, "amount", list[i].amount);
        json_put_object_end(&j);
    }
    json_put_array_end(&j);
    if (!j.failed)
        puts(j.at);
    json_free(&j);
}

void say_queue(const struct withdraw_due *list, size_t count, enum withdraw_state state, int limit,
               civil_date today, bool json)
{
    if (json) {
        due_json(list, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        due_words(&list[i], state, today);
    printf("%zu %s%s\n", count, withdraw_state_word(state),
           count == (size_t)limit ? ", perhaps more" : "");
}
