#include "fault.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static const char *const words_of_code[] = {"",
#define FAULT_WORD(name) "E-" #name,
                                            FAULT_LIST(FAULT_WORD)
#undef FAULT_WORD
};

void fault_add(struct faults *f, const char *file, int64_t line, const char *column,
               enum fault_code code, const char *words, ...)
{
    char out[FAULT_LINE_MAX];
    va_list arguments;
    int n;

    if (f->count++ >= FAULTS_SHOWN_MAX || !f->show)
        return;
    n = snprintf(out, sizeof out, "%s:%" PRId64 ":%s %s ", file, line, column ? column : "-",
                 words_of_code[code]);
    va_start(arguments, words);
    if (n > 0 && (size_t)n < sizeof out)
        vsnprintf(out + n, sizeof out - (size_t)n, words, arguments);
    va_end(arguments);
    f->show(f->context, out);
}
