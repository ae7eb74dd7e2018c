/* Mistakes found in a set: said one line each, a bounded number, then only counted. The codes are
 * those of docs/data-exchange.md. */
#ifndef ANJU_EXCHANGE_FAULT_H
#define ANJU_EXCHANGE_FAULT_H

#include <stdint.h>

#define FAULT_LIST(X) \
    X(MANIFEST)       \
    X(FILE)           \
    X(ENCODING)       \
    X(LINE)           \
    X(HEADER)         \
    X(ORDER)          \
    X(DUPLICATE)      \
    X(EMPTY)          \
    X(FORM)           \
    X(RANGE)          \
    X(CODE)           \
    X(CHECK)          \
    X(DEMO)           \
    X(REFERENCE)      \
    X(BALANCE)        \
    X(RULE)           \
    X(TOTAL)          \
    X(DIGEST)         \
    X(SET)

enum fault_code {
    FAULT_NONE,
#define FAULT_ENUM(name) FAULT_##name,
    FAULT_LIST(FAULT_ENUM)
#undef FAULT_ENUM
};

enum {
    FAULTS_SHOWN_MAX = 50,
    FAULT_LINE_MAX = 320,
};

struct faults {
    int64_t count; /* also those beyond the ones shown */
    void (*show)(void *context, const char *line);
    void *context;
};

/* Says "FILE:LINE:COLUMN CODE words"; column NULL is "-". The words never hold a value of a
 * person: callers give literals and figures of whole files only. */
void fault_add(struct faults *f, const char *file, int64_t line, const char *column,
               enum fault_code code, const char *words, ...) __attribute__((format(printf, 6, 7)));

#endif
