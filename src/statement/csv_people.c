#include "statement/csv_people.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/csv.h"

enum {
    ROOM_FIRST = 16 * 1024,
    NAME_DIGITS = 11, /* a longer number is shown with an exponent */
    SMALL = 32,
};
_Static_assert((int)SMALL >= (int)FEN_TEXT_MAX && (int)SMALL >= (int)PERCENT_TEXT_MAX, "room");

static bool room_make(struct csv_people *w, size_t more)
{
    size_t room = w->room;
    char *at;

    if (w->failed || more > w->limit - w->len) {
        w->failed = true;
        return false;
    }
    while (room - w->len < more) {
        room = room < ROOM_FIRST ? ROOM_FIRST : room * 2;
    }
    if (room == w->room) {
        return true;
    }
    at = realloc(w->at, room);
    if (!at) {
        w->failed = true;
        return false;
    }
    w->at = at;
    w->room = room;
    return true;
}

static void put(struct csv_people *w, struct text t)
{
    if (t.len > 0 && room_make(w, t.len)) {
        memcpy(w->at + w->len, t.at, t.len);
        w->len += t.len;
    }
}

static void comma(struct csv_people *w)
{
    if (w->begun) {
        put(w, TEXT(","));
    }
    w->begun = true;
}

void csv_people_start(struct csv_people *w, size_t limit)
{
    *w = (struct csv_people){.limit = limit};
    put(w, TEXT("\xef\xbb\xbf"));
}

void csv_people_free(struct csv_people *w)
{
    free(w->at);
    *w = (struct csv_people){0};
}

/* Would a spreadsheet take it for a formula? The wide forms are taken too where Chinese is typed. */
static bool like_a_formula(struct text t)
{
    static const char *const wide[] = {"＝", "＋", "－", "＠"};

    if (t.len > 0 && t.at[0] != '\0' && strchr("=+-@\t\r", t.at[0])) {
        return true;
    }
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        if (text_starts(t, text_of(wide[i]))) {
            return true;
        }
    }
    return false;
}

/* A field as it is, quoted where needed. */
static void field(struct csv_people *w, struct text t)
{
    if (room_make(w, 2 * t.len + 2)) {
        w->len += csv_put(w->at + w->len, t);
    }
}

void csv_people_text(struct csv_people *w, struct text t)
{
    comma(w);
    if (!like_a_formula(t)) {
        field(w, t);
        return;
    }
    /* The apostrophe goes inside the quotes. */
    if (room_make(w, 2 * t.len + 4)) {
        char *guarded = malloc(t.len + 1);

        w->failed |= !guarded;
        if (guarded) {
            guarded[0] = '\'';
            memcpy(guarded + 1, t.at, t.len);
            field(w, (struct text){guarded, t.len + 1});
            free(guarded);
        }
    }
}

static bool all_digits(struct text t)
{
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] < '0' || t.at[i] > '9') {
            return false;
        }
    }
    return t.len > 0;
}

void csv_people_number(struct csv_people *w, struct text digits)
{
    if (!all_digits(digits)) {
        csv_people_text(w, digits);
        return;
    }
    comma(w);
    if (digits.len <= NAME_DIGITS && (digits.len == 1 || digits.at[0] != '0')) {
        put(w, digits);
        return;
    }
    put(w, TEXT("\"=\"\""));
    put(w, digits);
    put(w, TEXT("\"\"\""));
}

void csv_people_fen(struct csv_people *w, fen amount)
{
    char text[SMALL];
    int len = fen_format(amount, text);

    comma(w);
    put(w, (struct text){text, (size_t)len});
}

void csv_people_percent(struct csv_people *w, millionths rate)
{
    char text[SMALL];
    int len = millionths_format_percent(rate, text);

    comma(w);
    put(w, (struct text){text, (size_t)len});
}

void csv_people_int(struct csv_people *w, int64_t n)
{
    char text[SMALL];
    int len = snprintf(text, sizeof text, "%" PRId64, n);

    comma(w);
    put(w, (struct text){text, (size_t)len});
}

void csv_people_date(struct csv_people *w, civil_date d)
{
    char text[SMALL] = "";

    comma(w);
    if (!date_is_none(d)) {
        date_format(d, text);
        put(w, text_of(text));
    }
}

void csv_people_month(struct csv_people *w, civil_month m)
{
    char text[SMALL];
    int len = snprintf(text, sizeof text, "%04d%02d", month_year(m), month_number(m));

    comma(w);
    put(w, (struct text){text, (size_t)len});
}

void csv_people_none(struct csv_people *w)
{
    comma(w);
}

void csv_people_end_row(struct csv_people *w)
{
    put(w, TEXT("\r\n"));
    w->begun = false;
    w->rows++;
}
