/* What a function that can fail returns, and the one sentence that explains it.
 *
 * A code is for programs: it maps to a problem document on the web, an exit status on the
 * command line and, later, a spoken sentence on the phone. The sentence in struct error is for the
 * operator: what, where, what to do. It never holds personal data. */
#ifndef ANJU_BASE_RESULT_H
#define ANJU_BASE_RESULT_H

#include <stdbool.h>

#define RESULT_LIST(X)                                                             \
    X(OK, "ok", 0)                                                                 \
    X(INVALID, "invalid", 2)     /* the input is wrong; the sentence says where */ \
    X(NOT_FOUND, "not-found", 1) /* there is no such thing */                      \
    X(CONFLICT, "conflict", 1)   /* it contradicts what is stored */               \
    X(REFUSED, "refused", 1)     /* the rules forbid it */                         \
    X(BUSY, "busy", 75)          /* locked or full: try again */                   \
    X(TOO_MANY, "too-many", 75)  /* a limit on tries was reached */                \
    X(EXPIRED, "expired", 1)     /* it was good once */                            \
    X(STORE, "store", 74)        /* the database failed */                         \
    X(IO, "io", 74)              /* a file or a socket failed */                   \
    X(MEMORY, "memory", 71)      /* out of memory */                               \
    X(CONFIG, "config", 78)      /* configuration or keys are wrong */             \
    X(DAMAGED, "damaged", 1)     /* stored data contradicts itself */              \
    X(INTERNAL, "internal", 70)  /* a mistake of ours */

enum result {
#define RESULT_ENUM(name, word, status) RESULT_##name,
    RESULT_LIST(RESULT_ENUM)
#undef RESULT_ENUM
        RESULT_COUNT
};

enum { ERROR_SENTENCE_MAX = 480 };

/* Filled by the place that knows; callers pass it on unchanged. */
struct error {
    enum result code;
    char sentence[ERROR_SENTENCE_MAX];
};

/* Records the sentence (printf format) in err, unless err is NULL, and returns code. */
enum result error_set(struct error *err, enum result code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The code's stable word, e.g. "not-found". */
const char *result_word(enum result code);

/* The exit status of a command that ended with this code (sysexits where one fits). */
int result_exit_status(enum result code);

#endif
