#include "zone.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"

enum { HEADER_SIZE = 44, OFFSET_MOST = 26 * 3600 };

/* The six counts of a TZif header, in the order of the file. */
struct counts {
    uint64_t ut, standard, leaps, changes, kinds, letters;
};

static uint64_t read_be(const uint8_t *p, int bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < bytes; i++)
        value = value << 8 | p[i];
    return value;
}

static bool read_header(const uint8_t *p, size_t left, struct counts *c)
{
    if (left < HEADER_SIZE || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
        return false;
    c->ut = read_be(p + 20, 4);
    c->standard = read_be(p + 24, 4);
    c->leaps = read_be(p + 28, 4);
    c->changes = read_be(p + 32, 4);
    c->kinds = read_be(p + 36, 4);
    c->letters = read_be(p + 40, 4);
    return true;
}

/* Bytes of a data block whose times have the given width; 32-bit counts cannot overflow it. */
static uint64_t block_size(const struct counts *c, unsigned width)
{
    return c->changes * (width + 1) + c->kinds * 6 + c->letters + c->leaps * (width + 4) +
           c->standard + c->ut;
}

static bool offset_minutes(int64_t seconds, int16_t *out)
{
    if (seconds < -OFFSET_MOST || seconds > OFFSET_MOST)
        return false;
    *out = (int16_t)(seconds / 60);
    return true;
}

static const char *read_changes(const uint8_t *p, const struct counts *c, struct zone *z)
{
    const uint8_t *kind_of = p + c->changes * 8;
    const uint8_t *kinds = kind_of + c->changes;
    int16_t minutes[256];

    if (c->leaps != 0)
        return "it counts leap seconds";
    if (c->kinds < 1 || c->kinds > 256 || c->changes > ZONE_CHANGES_MAX)
        return "its counts are out of range";
    for (uint64_t i = 0; i < c->kinds; i++)
        if (!offset_minutes((int32_t)read_be(kinds + 6 * i, 4), &minutes[i]))
            return "an offset is out of range";
    z->count = (int)c->changes;
    for (int i = 0; i < z->count; i++) {
        z->at[i] = (int64_t)read_be(p + 8 * i, 8);
        if (i > 0 && z->at[i] <= z->at[i - 1])
            return "its changes are not in order";
        if (kind_of[i] >= c->kinds)
            return "a change has an unknown kind";
        z->minutes[i] = minutes[kind_of[i]];
    }
    z->minutes_before = minutes[0];
    z->minutes_after = z->count ? z->minutes[z->count - 1] : minutes[0];
    return NULL;
}

/* Reads up to most digits; returns the number and moves *p, or -1 when there is none. */
static int read_number(const char **p, const char *end, int most)
{
    int value = -1;

    for (int i = 0; i < most && *p < end && **p >= '0' && **p <= '9'; i++, ++*p)
        value = (value < 0 ? 0 : value * 10) + (**p - '0');
    return value;
}

/* What holds after the last change, e.g. "CST-8" or "<+0530>-5:30": POSIX counts westward. */
static const char *read_footer(const char *p, const char *end, struct zone *z)
{
    static const char malformed[] = "its last line is malformed";
    int64_t seconds = 0;
    int sign = -1, unit = 3600;

    if (p == end)
        return NULL; /* the last change holds for ever */
    if (*p == '<') {
        while (p < end && *p != '>')
            p++;
        if (p++ == end)
            return malformed;
    } else {
        while (p < end && ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z'))
            p++;
    }
    if (p < end && (*p == '-' || *p == '+'))
        sign = *p++ == '-' ? 1 : -1;
    for (;; p++) {
        int value = read_number(&p, end, 3);
        if (value < 0)
            return malformed;
        seconds += (int64_t)value * unit;
        unit /= 60;
        if (p == end || *p != ':' || unit == 0)
            break;
    }
    if (p != end)
        return "its clocks change twice a year, which is not supported";
    return offset_minutes(sign * seconds, &z->minutes_after) ? NULL : malformed;
}

const char *zone_parse(const uint8_t *bytes, size_t size, struct zone *z)
{
    static const char cut[] = "it is cut short or of version 1";
    const uint8_t *p = bytes, *end = bytes + size;
    const char *wrong;
    struct counts c;

    /* The first block repeats everything in 32 bits for old readers. */
    if (!read_header(p, size, &c) || block_size(&c, 4) > size - HEADER_SIZE)
        return cut;
    p += HEADER_SIZE + block_size(&c, 4);
    if (!read_header(p, (size_t)(end - p), &c))
        return cut;
    p += HEADER_SIZE;
    if (block_size(&c, 8) > (size_t)(end - p))
        return cut;
    wrong = read_changes(p, &c, z);
    if (wrong)
        return wrong;
    p += block_size(&c, 8);
    if (end - p < 2 || p[0] != '\n' || end[-1] != '\n')
        return cut;
    return read_footer((const char *)p + 1, (const char *)end - 1, z);
}

/* Letters, digits and "_+-" in parts joined by "/": a name cannot lead out of the folder. */
static bool name_is_safe(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len >= ZONE_NAME_MAX || name[0] == '/')
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") ==
           len;
}

static enum result read_file(const char *name, uint8_t *bytes, size_t *size, struct error *err)
{
    char path[sizeof ZONE_FOLDER + ZONE_NAME_MAX];
    ssize_t n = 0;
    int fd;

    snprintf(path, sizeof path, ZONE_FOLDER "%s", name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, RESULT_CONFIG,
                         "time zone %s: cannot open %s: %s; check the name and that tzdata is "
                         "installed",
                         name, path, strerror(errno));
    while (*size < ZONE_FILE_MAX) {
        n = read(fd, bytes + *size, ZONE_FILE_MAX - *size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        *size += (size_t)n;
    }
    close(fd);
    if (n != 0)
        return error_set(err, RESULT_CONFIG, "time zone %s: %s cannot be read or is too large",
                         name, path);
    return RESULT_OK;
}

static enum result load(const char *name, struct zone *z, struct error *err)
{
    uint8_t bytes[ZONE_FILE_MAX];
    const char *wrong;
    size_t size = 0;
    enum result r = read_file(name, bytes, &size, err);

    if (r != RESULT_OK)
        return r;
    wrong = zone_parse(bytes, size, z);
    if (wrong)
        return error_set(err, RESULT_CONFIG, "time zone %s (%s%s): %s", name, ZONE_FOLDER, name,
                         wrong);
    snprintf(z->name, sizeof z->name, "%s", name);
    return RESULT_OK;
}

enum result zone_find(const char *name, const struct zone **out, struct error *err)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct zone *known[ZONES_MAX];
    enum result r;
    int i;

    if (!name_is_safe(name))
        return error_set(err, RESULT_CONFIG,
                         "time zone: the name must be like Asia/Shanghai, of at most %d characters",
                         ZONE_NAME_MAX - 1);
    pthread_mutex_lock(&lock);
    for (i = 0; i < ZONES_MAX && known[i] && strcmp(known[i]->name, name) != 0; i++)
        ;
    if (i == ZONES_MAX) {
        r = error_set(err, RESULT_CONFIG, "time zone %s: more than %d zones in one process", name,
                      ZONES_MAX);
    } else if (known[i]) {
        r = RESULT_OK;
    } else {
        struct zone *z = calloc(1, sizeof *z);

        r = z ? load(name, z, err) : error_set(err, RESULT_MEMORY, "time zone %s: no memory", name);
        if (r == RESULT_OK)
            known[i] = z;
        else
            free(z);
    }
    if (r == RESULT_OK)
        *out = known[i];
    pthread_mutex_unlock(&lock);
    return r;
}

int zone_minutes_at(const struct zone *z, int64_t seconds)
{
    int low = 0, high = z->count; /* the first change after the moment lies in low … high */

    if (z->count == 0 || seconds >= z->at[z->count - 1])
        return z->minutes_after;
    while (low < high) {
        int middle = (low + high) / 2;

        if (z->at[middle] <= seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? z->minutes_before : z->minutes[low - 1];
}
