#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "date.h"
#include "digits.h"
#include "json.h"

enum {
    LINE_MAX_BYTES = 4000, /* below PIPE_BUF: a line is written whole or not at all */
    LINE_END_BYTES = 16,   /* ,"cut":true}\n */
    DAY_SECONDS = 86400,
};

static struct {
    char program[32];
    enum log_level level;
} settings = {"anju", LOG_INFO};

void log_start(const char *program, enum log_level level)
{
    snprintf(settings.program, sizeof settings.program, "%s", program);
    settings.level = level;
}

/* "2026-11-23T01:12:05.123Z" */
static void put_time(struct json *line)
{
    char out[DATE_TEXT_MAX + 16];
    struct timespec now;
    unsigned of_day;

    clock_gettime(CLOCK_REALTIME, &now);
    of_day = (unsigned)(now.tv_sec % DAY_SECONDS);
    date_format((civil_date){(int32_t)(now.tv_sec / DAY_SECONDS)}, out);
    out[10] = 'T';
    digits_put2(out + 11, of_day / 3600);
    out[13] = ':';
    digits_put2(out + 14, of_day / 60 % 60);
    out[16] = ':';
    digits_put2(out + 17, of_day % 60);
    out[19] = '.';
    digits_put4(out + 20, (unsigned)(now.tv_nsec / 1000000) * 10);
    out[23] = 'Z';
    out[24] = '\0';
    json_put_word(line, "time", out);
}

/* Adds the pairs that fit; says so when one did not. */
static void put_pairs(struct json *line, va_list pairs)
{
    const char *key;

    while ((key = va_arg(pairs, const char *))) {
        const char *value = va_arg(pairs, const char *);
        size_t before = line->len;

        if (value)
            json_put_text(line, key, text_of(value));
        else
            json_put_null(line, key);
        if (line->failed) {
            line->len = before;
            line->failed = false;
            line->limit += LINE_END_BYTES;
            json_put_bool(line, "cut", true);
            return;
        }
    }
}

void log_event(enum log_level level, const char *event, ...)
{
    static const char *const words[] = {"debug", "info", "warn", "error"};
    char buffer[LINE_MAX_BYTES + LINE_END_BYTES + 2];
    /* Room beyond the limit: the writer never asks for memory, of which there may be none. */
    struct json line = {.at = buffer, .room = sizeof buffer, .limit = LINE_MAX_BYTES};
    int saved = errno;
    va_list pairs;

    if (level < settings.level)
        return;
    json_put_object(&line, NULL);
    put_time(&line);
    json_put_word(&line, "level", words[level]);
    json_put_text(&line, "program", text_of(settings.program));
    json_put_word(&line, "event", event);
    va_start(pairs, event);
    put_pairs(&line, pairs);
    va_end(pairs);
    line.limit = sizeof buffer - 1;
    json_put_object_end(&line);
    buffer[line.len++] = '\n';
    while (write(STDERR_FILENO, buffer, line.len) < 0 && errno == EINTR)
        ;
    errno = saved;
}
