/* Documents differ because they are made from the person's index by steps that can be undone: a
 * multiplication by a number without a common factor is a walk through all birthdays (phones,
 * cards) that meets each once before it meets one again. */
#include "person.h"

#include <string.h>

#include "base/date.h"
#include "base/identity.h"
#include "draw.h"
#include "put.h"

enum {
    STEP = 7919,       /* prime, and no factor of a range of days used here */
    PERMIT_EVERY = 97, /* a holder of a Hong Kong, Macao or Taiwan residence permit */
    PERMIT_AT = 13,
    FOREIGN_EVERY = 211, /* a foreigner with permanent residence */
    FOREIGN_AT = 17,
    SEQUENCES = 989,     /* 990 and more belong to the demo depositors */
    BEFORE_1970 = 40000, /* makes days of birth positive */
};

static int anchor_year(const struct world *w)
{
    return month_year((civil_month){month_of_day(w->anchor)});
}

/* A birthday between years youngest and eldest before the anchor's year. */
static int32_t birthday(const struct world *w, int64_t walk, int eldest, int youngest, int *days)
{
    int32_t first = date_of(anchor_year(w) - eldest, 1, 1).day;
    int32_t last = date_of(anchor_year(w) - youngest, 12, 31).day;

    *days = last - first + 1;
    return first + (int32_t)((walk * STEP + (int64_t)(w->seed % 9973)) % *days);
}

static char *put_compact_day(char *p, int32_t day)
{
    int y, m, d;

    date_split((civil_date){day}, &y, &m, &d);
    return put_padded(put_padded(put_padded(p, y, 4), m, 2), d, 2);
}

static void close_document(struct person *p, char *end)
{
    *end = id_check_character(p->document);
    end[1] = '\0';
}

static void resident(struct person *p, int64_t sequence)
{
    char *at = put_compact_day(put_text(p->document, "530199"), p->birth);

    p->document_type = ID_RESIDENT;
    close_document(p, put_padded(at, sequence, 3));
}

static void permit(struct person *p, int which)
{
    static const char *const prefixes[] = {"810000", "820000", "830000"};
    char *at = put_compact_day(put_text(p->document, prefixes[which]), p->birth);

    p->document_type = ID_RESIDENT;
    close_document(p, put_text(at, "000"));
}

/* The card since December 2023: 9, place, nationality, birthday, sequence, check. Half of the
 * holders still have the older one. */
static void foreigner(const struct world *w, struct person *p)
{
    static const char *const nations[] = {"276", "392", "410", "752", "380", "036"};
    int64_t ordinal = p->index / FOREIGN_EVERY;
    int days;

    p->document_type = ID_FOREIGN_PERMANENT;
    p->birth = birthday(w, ordinal / 6, 60, 28, &days);
    name_of_foreigner(p->key, p->name);
    if (ordinal % 2 == 1) {
        *put_padded(put_text(p->document, "AAA000"), p->index, 9) = '\0';
        return;
    }
    char *at = put_text(put_text(p->document, "953"), nations[ordinal % 6]);
    close_document(p, put_text(put_compact_day(at, p->birth), "000"));
}

/* The demo depositor with a permit has a birthday that no other permit has. */
static int32_t special_permit_birth(const struct world *w)
{
    return date_of(anchor_year(w) - 36, 3, 8).day;
}

static void special_document(const struct world *w, struct person *p)
{
    static const int ages[SPECIALS] = {38, 24, 33, 47, 51, 36};
    static const char *const names[SPECIALS] = {"林晓舟", "何书言",   "普若溪",
                                                "段景行", "欧阳静澜", "陳家朗"};
    int age = ages[p->special - 1];

    *put_text(p->name, names[p->special - 1]) = '\0';
    if (p->special == 6) {
        p->birth = special_permit_birth(w);
        permit(p, 0);
        return;
    }
    p->birth = date_of(anchor_year(w) - age, 1 + p->special * 2, 3 * p->special).day;
    resident(p, 990 + p->special);
}

static void ordinary_document(const struct world *w, struct person *p)
{
    int days;
    int64_t ordinal = p->index / PERMIT_EVERY;

    name_of_person(p->key, 0, p->name);
    if (p->index % FOREIGN_EVERY == FOREIGN_AT) {
        foreigner(w, p);
        return;
    }
    if (p->index % PERMIT_EVERY == PERMIT_AT) {
        p->birth = birthday(w, ordinal / 3, 58, 24, &days);
        if (ordinal / 3 < days && p->birth != special_permit_birth(w)) {
            permit(p, (int)(ordinal % 3));
            return;
        }
    }
    p->birth = birthday(w, p->index, 64, 21, &days);
    /* 379 has no factor of 989: among the people of one birthday no number comes twice */
    resident(p, 1 + (p->index / days * 379 + (p->birth + BEFORE_1970) * 7) % SEQUENCES);
}

/* 999999, twelve digits, Luhn. */
static void bind_card(struct person *p)
{
    struct text first = {p->card, 18};
    char *end = put_text(p->card, "999999");

    end = put_padded(end, (p->index + 1) * INT64_C(7393913273) % INT64_C(1000000000000), 12);
    end[0] = bank_card_check_digit(first);
    end[1] = '\0';
    p->bank = name_of_bank(p->key);
}

void person_make(const struct world *w, int64_t index, struct person *p)
{
    int64_t phone = (index * 73939133 + (int64_t)(w->seed % 99991)) % 100000000;
    int male;

    *p = (struct person){.index = index};
    p->key = draw_u64(draw_mix(w->seed), FOR_KEY, (uint32_t)index);
    p->special = w->people >= SPECIALS && index < SPECIALS ? (int)index + 1 : 0;
    p->number[0] = 'P';
    *put_padded(p->number + 1, index + 1, PERSON_NUMBER_MAX - 2) = '\0';
    if (p->special)
        special_document(w, p);
    else
        ordinary_document(w, p);
    male = p->document_type == ID_RESIDENT && (p->document[16] - '0') % 2 == 1;
    p->retires =
        month_of_day(p->birth) + (male ? 61 : 57) * 12 + (int32_t)draw(p->key, FOR_LEAVE, 0, 12);
    if (p->special || draw(p->key, FOR_PHONE, 0, 40) != 0)
        *put_padded(put_text(p->phone, "100"), phone, 8) = '\0';
    if (p->special || draw(p->key, FOR_CARD, 0, 15) != 0)
        bind_card(p);
}
