/* Enquiries: a holder asks the centre why something is as it is, the centre answers in writing.
 *
 * The answer to who disputes a balance is due within the days that the policy says (条例 article 37);
 * every enquiry is given that time. Words of both sides are sealed in the database. An answer is
 * never changed: a mistaken one is followed by another one. */
#ifndef ANJU_ENQUIRY_ENQUIRY_H
#define ANJU_ENQUIRY_ENQUIRY_H

#include "access/access.h"
#include "base/arena.h"
#include "base/random.h"
#include "policy/policy.h"
#include "store/vault.h"

/* What it is about; the number is stored. Each has a reference of its own form:
 * a month 2026-09, the number of an entry or a look, an application's number, which of the
 * account's loans (from 1, or none). */
enum enquiry_about {
    ABOUT_STATE = 1,
    ABOUT_MONTH = 2,
    ABOUT_ENTRY = 3,
    ABOUT_LOOK = 4,
    ABOUT_WITHDRAWAL = 5,
    ABOUT_LOAN = 6,
    ABOUT_OTHER = 7,
};
enum enquiry_state { ENQUIRY_OPEN = 1, ENQUIRY_ANSWERED = 2, ENQUIRY_CLOSED = 3 };

enum {
    ENQUIRY_WORDS_MAX = 1000, /* characters, of a question and of an answer */
    ENQUIRY_REFERENCE_MAX = 40,
    ENQUIRY_KEY_MIN = 16,
    ENQUIRY_KEY_MAX = 64,
    ENQUIRY_DAY_MAX = 5, /* of a person in 24 hours */
    ENQUIRY_OPEN_MAX = 10,
    ENQUIRY_ANSWERS_MAX = 20, /* to one enquiry */
    ENQUIRY_LIST_MAX = 100,
    ENQUIRY_QUEUE_MAX = 1000, /* of the centre's list */
    ENQUIRY_STAFF_MAX = 40,   /* characters of a staff number, and of an office */
    ENQUIRY_NUMBER_MAX = 24,
    ENQUIRY_PERSON_MAX = 24,
};

/* What the module needs. */
struct enquiry_desk {
    const struct clock *clock;
    const struct policy *policy;
    struct vault *vault;
};

/* The words of the contract; "" for a number that is none, 0 for a word that is none. */
const char *enquiry_about_word(int about);
const char *enquiry_state_word(int state);
int enquiry_about_of(struct text word);
int enquiry_state_of(struct text word);

/* Has the reference the form that belongs to what it is about? */
bool enquiry_reference_valid(int about, struct text reference);

/* Is there what a valid reference of that account names: an entry, a look, an application, a loan?
 * What is another person's is not there. NOT_FOUND. Inside a transaction of the caller's. */
enum result enquiry_reference_find(struct db *db, const struct view *v, struct text account,
                                   int about, struct text reference, struct error *err);

/* At least one character that is no blank, none but ENQUIRY_WORDS_MAX, no control character but
 * the line's end. */
bool enquiry_words_valid(struct text words);

struct enquiry_question {
    int about;
    struct text reference, account; /* the account's number */
    struct text words;
    struct text key; /* drawn by the page when its form was opened: A-Z a-z 0-9 - _ */
};
struct enquiry_asked {
    int64_t seq;
    char number[ENQUIRY_NUMBER_MAX];
    instant at;
    civil_date due_on;
    bool replay;   /* it had been asked before, under the same key */
    instant until; /* with TOO_MANY: when one more may be asked; 0: when an open one is answered */
};

/* Asks (view of PART_ENQUIRIES). The same key with the same question is the answer given before;
 * with another one CONFLICT. INVALID: words, reference or key are malformed; TOO_MANY: as above. No
 * transaction may be open on db. */
enum result enquiry_ask(const struct enquiry_desk *d, struct db *db, struct random *r,
                        const struct view *v, const struct enquiry_question *q,
                        struct enquiry_asked *out, struct error *err);

struct enquiry_answer {
    instant at;
    struct text staff, office, words;
};
struct enquiry {
    int64_t seq;
    struct text number, account, reference, words;
    int about, state;
    instant asked;
    civil_date due_on;
    struct enquiry_answer *answers; /* oldest first */
    size_t answer_count;
};

/* The enquiries of the view's person, newest first, before before_seq (0: from the newest). Inside
 * a transaction of the caller's. */
enum result enquiry_list(const struct enquiry_desk *d, struct db *db, struct arena *a,
                         const struct view *v, int64_t before_seq, int limit, struct enquiry **out,
                         size_t *count, bool *more, struct error *err);

/* --- the centre's side ----------------------------------------------------------------------- */

/* What waits, those due first: no word of what was asked, and not by whom. Inside a transaction. */
struct enquiry_due {
    struct text number;
    int about;
    instant asked;
    civil_date due_on;
};
enum result enquiry_queue(struct db *db, struct arena *a, int state, int limit,
                          struct enquiry_due **out, size_t *count, struct error *err);

/* Whose an enquiry is, in order to open a view of it. NOT_FOUND. Inside a transaction. */
struct enquiry_place {
    char person[ENQUIRY_PERSON_MAX], account[ENQUIRY_PERSON_MAX];
    int64_t seq;
};
enum result enquiry_find(struct db *db, struct text number, struct enquiry_place *out,
                         struct error *err);

/* Answers (view of PART_ENQUIRIES of its person). INVALID: malformed words; CONFLICT: closed, or
 * answered ENQUIRY_ANSWERS_MAX times. No transaction may be open on db. */
struct enquiry_reply {
    int64_t seq;
    struct text staff, office, words;
    bool closes; /* nothing more is to come */
};
enum result enquiry_reply(const struct enquiry_desk *d, struct db *db, struct random *r,
                          const struct view *v, const struct enquiry_reply *reply,
                          struct error *err);

/* anju enquiry. */
int enquiry_main(int argc, char **argv);

#endif
