#include "result.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

static const char *const words[RESULT_COUNT] = {
#define RESULT_WORD(name, word, status) word,
    RESULT_LIST(RESULT_WORD)
#undef RESULT_WORD
};

static const int statuses[RESULT_COUNT] = {
#define RESULT_STATUS(name, word, status) status,
    RESULT_LIST(RESULT_STATUS)
#undef RESULT_STATUS
};

/* A sentence that was cut may end inside a character: takes the broken rest away. */
static void drop_broken_end(char *sentence)
{
    size_t len = strlen(sentence), start = len;

    while (start > 0 && utf8_continues((uint8_t)sentence[start - 1]))
        start--;
    if (start == 0)
        return;
    start--;
    if (utf8_sequence((const uint8_t *)sentence + start, len - start) != len - start)
        sentence[start] = '\0';
}

enum result error_set(struct error *err, enum result code, const char *format, ...)
{
    va_list args;
    int n;

    if (!err)
        return code;
    err->code = code;
    va_start(args, format);
    n = vsnprintf(err->sentence, sizeof err->sentence, format, args);
    va_end(args);
    if (n < 0)
        err->sentence[0] = '\0';
    else if ((size_t)n >= sizeof err->sentence)
        drop_broken_end(err->sentence);
    return code;
}

const char *result_word(enum result code)
{
    assert((unsigned)code < RESULT_COUNT);
    return words[code];
}

int result_exit_status(enum result code)
{
    assert((unsigned)code < RESULT_COUNT);
    return statuses[code];
}
