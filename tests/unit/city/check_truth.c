/* truth.jsonl against what the files say. */
#include "set.h"

#include <string.h>

#include <jansson.h>

static const char *word(const json_t *o, const char *key)
{
    const char *value = json_string_value(json_object_get(o, key));

    return value ? value : "";
}

static void check_fen(const json_t *o, const char *key, int64_t expected)
{
    fen value = {-1};

    assert_true(fen_parse(text_of(word(o, key)), &value));
    if (value.n != expected)
        fail_msg("truth: %s of %s is %lld fen, the files say %lld", key, word(o, "account"),
                 (long long)value.n, (long long)expected);
}

static void check_number(const json_t *o, const char *key, int64_t expected)
{
    const json_t *value = json_object_get(o, key);

    assert_true(json_is_integer(value));
    assert_int_equal(json_integer_value(value), expected);
}

static int64_t due_of(const struct read_account *a, int32_t month)
{
    int64_t due = 0;

    for (int i = 0; i < a->terms; i++)
        if (a->term[i].month <= month)
            due = a->term[i].due;
    return due;
}

struct month_read {
    int64_t credited;
    bool late, back_paid;
    int32_t due_day;
};

static struct month_read month_of_ledger(const struct read_account *a, int32_t month)
{
    struct month_read m = {.due_day = month_first((civil_month){month + 1}).day + 19};

    for (int i = 0; i < a->entries; i++) {
        const struct read_entry *e = &a->entry[i];

        if (e->month != month || e->reversed)
            continue;
        m.credited += e->amount;
        m.back_paid = m.back_paid || e->kind == 2;
        m.late = m.late || (e->kind == 1 && e->value > m.due_day);
    }
    return m;
}

static bool listed(const json_t *list, int32_t month)
{
    char text[MONTH_TEXT_MAX];
    size_t i;
    json_t *item;

    month_format((civil_month){month}, text);
    json_array_foreach(list, i, item) if (strcmp(json_is_object(item) ? word(item, "month")
                                                                      : json_string_value(item),
                                                 text) == 0) return true;
    return false;
}

static void check_months(const json_t *o, const struct read_account *a)
{
    const json_t *missing = json_object_get(o, "missing"), *is_short = json_object_get(o, "short");
    const json_t *late = json_object_get(o, "late"), *back = json_object_get(o, "back_paid");
    size_t counts[4] = {0};
    int full = 0;
    bool counting = true;

    for (int32_t month = date_month((civil_date){a->as_of}).n; month >= a->term[0].month; month--) {
        struct month_read m = month_of_ledger(a, month);
        int64_t due = due_of(a, month);
        bool over = m.due_day < a->as_of;
        bool is[4] = {due > 0 && m.credited == 0 && over,
                      m.credited > 0 && m.credited < due && over, m.late, m.back_paid};

        assert_int_equal(is[0], listed(missing, month));
        assert_int_equal(is[1], listed(is_short, month));
        assert_int_equal(is[2], listed(late, month));
        assert_int_equal(is[3], listed(back, month));
        for (int i = 0; i < 4; i++)
            counts[i] += is[i];
        if (m.credited < due && !over)
            continue; /* awaited */
        counting = counting && due > 0 && m.credited >= due;
        full += counting;
    }
    assert_int_equal(counts[0], json_array_size(missing));
    assert_int_equal(counts[1], json_array_size(is_short));
    assert_int_equal(counts[2], json_array_size(late));
    assert_int_equal(counts[3], json_array_size(back));
    check_number(o, "consecutive_full", full);
}

static void check_planted(const json_t *o, const struct read_account *a)
{
    const json_t *planted = json_object_get(o, "planted");
    const json_t *first = json_array_get(planted, 0);

    assert_int_equal(json_array_size(planted), a->wrong_settlements);
    if (first == NULL)
        return;
    check_number(first, "seq", a->wrong_seq);
    check_fen(first, "wrong", a->wrong_booked);
    check_fen(first, "right", a->wrong_right);
}

void check_truth(const char *line, const struct read_account *a)
{
    static const char *const states[] = {"total", "received", "approved",
                                         "paid",  "refused",  "withdrawn"};
    json_t *o = json_loads(line, 0, NULL);

    assert_non_null(o);
    assert_string_equal(word(o, "account"), a->number);
    assert_string_equal(word(o, "person"), a->person);
    assert_string_equal(word(o, "id_number"), a->document);
    check_number(o, "state", a->state);
    check_number(o, "entries", a->entries);
    check_fen(o, "balance", a->balance);
    check_fen(o, "carried", a->carried);
    check_fen(o, "this_year", a->year);
    check_fen(o, "frozen", a->frozen);
    check_fen(o, "interest_to_date", a->interest_to_date);
    check_months(o, a);
    check_planted(o, a);
    for (int i = 0; i < 6; i++)
        check_number(json_object_get(o, "applications"), states[i], a->applications[i]);
    json_decref(o);
}
