/* Who somebody is: name, document, phone, card. Nothing of it names anybody. */
#ifndef ANJU_CITY_PERSON_H
#define ANJU_CITY_PERSON_H

#include "names.h"
#include "world.h"

enum { DOCUMENT_MAX = 19, PHONE_MAX = 12, CARD_MAX = 20, PERSON_NUMBER_MAX = 10 };

struct person {
    int64_t index;     /* from 0; the first SPECIALS are the demo depositors */
    uint64_t key;      /* of all this person's chances */
    int special;       /* 1 to SPECIALS, 0 for everybody else */
    int32_t birth;     /* day */
    int32_t retires;   /* month */
    int document_type; /* A.1: 1 or 4 */
    char number[PERSON_NUMBER_MAX];
    char document[DOCUMENT_MAX];
    char name[NAME_MAX_BYTES];
    char phone[PHONE_MAX]; /* "" when none is known */
    char card[CARD_MAX];   /* "" when none is bound */
    const char *bank;
};

void person_make(const struct world *w, int64_t index, struct person *p);

#endif
