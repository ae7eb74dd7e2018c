/* The clock of a home. A demo home's clock is shifted by whole days, so that it starts on the home's
 * date each time. The shift depends on the day on which it is worked out, so a running service works
 * it out once and leaves it in HOME/run/clock for its processes: one that is started again after
 * midnight would otherwise live a day behind the others. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"

enum { CLOCK_PATH_MAX = CONFIG_PATH_MAX + 16, CLOCK_LINE_MAX = 32 };

static void clock_path(const struct config *c, char out[CLOCK_PATH_MAX])
{
    snprintf(out, CLOCK_PATH_MAX, "%s/run/clock", c->home);
}

/* The shift that a running service keeps; false when there is none. */
static bool shift_kept(const struct config *c, instant *shift)
{
    char path[CLOCK_PATH_MAX], line[CLOCK_LINE_MAX] = "", *end = line;
    FILE *in;

    clock_path(c, path);
    in = fopen(path, "re");
    if (!in)
        return false;
    if (fgets(line, sizeof line, in))
        *shift = strtoll(line, &end, 10);
    fclose(in);
    return end > line && *end == '\n';
}

enum result config_clock(const struct config *c, struct clock *out, struct error *err)
{
    enum result r = clock_system(out, c->zone, err);
    instant shift;

    if (r != RESULT_OK || date_is_none(c->clock_start))
        return r;
    if (shift_kept(c, &shift))
        out->shift_ms = shift;
    else
        clock_start_at(out, c->clock_start);
    return RESULT_OK;
}

enum result config_clock_keep(const struct config *c, struct error *err)
{
    char path[CLOCK_PATH_MAX], temporary[CLOCK_PATH_MAX + 8];
    struct clock clock;
    enum result r;
    FILE *out;
    bool written;

    config_clock_forget(c);
    r = config_clock(c, &clock, err);
    if (r != RESULT_OK || date_is_none(c->clock_start))
        return r;
    clock_path(c, path);
    snprintf(temporary, sizeof temporary, "%s.new", path);
    out = fopen(temporary, "we");
    if (!out)
        return error_set(err, RESULT_IO, "cannot write %s: %s", temporary, strerror(errno));
    fprintf(out, "%" PRId64 "\n", clock.shift_ms);
    written = !ferror(out);
    if (fclose(out) != 0 || !written || rename(temporary, path) != 0)
        return error_set(err, RESULT_IO, "cannot write %s: %s", path, strerror(errno));
    return RESULT_OK;
}

void config_clock_forget(const struct config *c)
{
    char path[CLOCK_PATH_MAX];

    clock_path(c, path);
    (void)unlink(path);
}
