/* Something that a centre does on a day: an operation, and all that it needs to be done again. */
#ifndef ANJU_TEST_SIMULATOR_DEED_H
#define ANJU_TEST_SIMULATOR_DEED_H

#include "contribution/contribution.h"
#include "fixture.h"
#include "ledger/loan_post.h"
#include "withdraw/withdraw.h"

enum deed_kind {
    DEED_FILE, /* a file of contribution operations */
    DEED_APPLY,
    DEED_MOVE,
    DEED_LOAN,
    DEED_COLLECT,
    DEED_REPRICE,
    DEED_SETTLE,
    DEED_ROOT,
};

enum { DEED_CONTENT_MAX = 4096, DEED_ANSWER_MAX = 500 };

struct deed {
    enum deed_kind kind;
    civil_date day; /* today */
    char what[24];  /* "remit", "withdraw pay": what is counted, and shown */
    char key[40];   /* the asker's */
    char account[24], loan[24], number[24], contract[24];
    char content[DEED_CONTENT_MAX]; /* DEED_FILE */
    struct withdraw_ask ask;        /* DEED_APPLY: without its texts */
    const char *ground;
    enum withdraw_step step; /* DEED_MOVE */
    struct loan_order order; /* DEED_LOAN: without its texts */
    civil_date on;           /* the day that a batch is for */
    bool returned;           /* DEED_COLLECT: the bank did not collect from account, loan */
};

/* With what deeds are done in one of the cities. */
struct tools {
    struct fixture *f;
    struct vault *vault;
    const struct policy *policy;
    struct arena *arena;
    struct sha256 *sha;
    struct random random;
    const char *keys; /* the folder with the key of roots */
};

/* What came of it, in words that are the same for the same outcome; of what failed, the sentence. */
struct deed_outcome {
    enum result result;
    char answer[DEED_ANSWER_MAX];
};
void deed_do(const struct deed *d, const struct tools *t, struct deed_outcome *out);

#endif
