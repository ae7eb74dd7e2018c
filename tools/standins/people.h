/* The people of the demo city, as the identity authority and the bank know them: what the city
 * wrote about itself (HOME/truth.jsonl), read where it lies, and one person of another centre. */
#ifndef ANJU_STANDIN_PEOPLE_H
#define ANJU_STANDIN_PEOPLE_H

#include "config/config.h"

enum { PERSON_NAME_MAX = 128, PERSON_NUMBER_MAX = 24 };

struct person {
    char name[PERSON_NAME_MAX], id_number[PERSON_NUMBER_MAX], card[PERSON_NUMBER_MAX],
        phone[PERSON_NUMBER_MAX];
};

/* Maps the file; may be called once. */
enum result people_open(const struct config *config, struct error *err);

/* The person with that ID number; false when there is none. Thread-safe, as is what follows. */
bool people_find(const char *id_number, struct person *out);

enum person_kind {
    PERSON_READY, /* has an account and contributions, and is not one of the demo's depositors */
    PERSON_NEW,   /* has an account, but nothing was posted yet */
    PERSON_ELSEWHERE,  /* belongs to another centre */
    PERSON_REGISTERED, /* one of the demo's depositors */
    PERSON_KINDS,
};

struct example {
    enum person_kind kind;
    struct person person;
};
enum { EXAMPLES_MAX = 12 };

/* A handful of each kind. */
size_t people_examples(struct example out[EXAMPLES_MAX]);

#endif
