#include "serve/handover.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define NAME "ANJU_HANDOVER"

enum { NUMBERS = 5 + 2 * STANDIN_COUNT, LINE_MAX_BYTES = NUMBERS * 21 + 1 };

static void keep(int fd, bool keep_open)
{
    fcntl(fd, F_SETFD, keep_open ? 0 : FD_CLOEXEC);
}

/* The process number comes first: whoever else inherits the line is not meant. */
void handover_leave(const struct handover *h)
{
    char line[LINE_MAX_BYTES];
    int len = snprintf(line, sizeof(line), "%d %d %d %d %d", (int)getpid(), h->lock, h->listener,
                       (int)h->nginx, (int)h->worker);

    for (int i = 0; i < STANDIN_COUNT; i++)
        len += snprintf(line + len, sizeof(line) - (size_t)len, " %d %d", (int)h->standins[i],
                        h->standin_ports[i]);
    setenv(NAME, line, 1);
    keep(h->lock, true);
    keep(h->listener, true);
}

void handover_undo(const struct handover *h)
{
    unsetenv(NAME);
    keep(h->lock, false);
    keep(h->listener, false);
}

static bool read_numbers(int out[NUMBERS])
{
    char line[LINE_MAX_BYTES];
    char *rest = NULL, *word;
    int count = 0;

    snprintf(line, sizeof(line), "%s", getenv(NAME));
    for (word = strtok_r(line, " ", &rest); word && count < NUMBERS;
         word = strtok_r(NULL, " ", &rest)) {
        int64_t n = 0;

        if (!text_to_int(text_of(word), &n) || n < 0 || n > INT32_MAX)
            return false;
        out[count++] = (int)n;
    }
    return count == NUMBERS && !word;
}

bool handover_take(struct handover *out)
{
    int n[NUMBERS];
    bool ours = getenv(NAME) && read_numbers(n) && n[0] == getpid();

    unsetenv(NAME);
    if (!ours)
        return false;
    *out = (struct handover){.lock = n[1], .listener = n[2], .nginx = n[3], .worker = n[4]};
    for (int i = 0; i < STANDIN_COUNT; i++) {
        out->standins[i] = n[5 + 2 * i];
        out->standin_ports[i] = n[6 + 2 * i];
    }
    keep(out->lock, false);
    keep(out->listener, false);
    return true;
}
