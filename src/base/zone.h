/* A time zone of the system's tz database. The C library knows zones only through the variable
 * TZ, which belongs to the whole process; this reads the file itself (TZif, RFC 8536). */
#ifndef ANJU_BASE_ZONE_H
#define ANJU_BASE_ZONE_H

#include <stddef.h>
#include <stdint.h>

#include "result.h"

enum {
    ZONE_NAME_MAX = 64,
    ZONE_CHANGES_MAX = 512,
    ZONE_FILE_MAX = 16 * 1024, /* the largest file of the database has some 4 KiB */
    ZONES_MAX = 16,            /* zones that one process may use */
};

/* Offsets are whole minutes, as RFC 3339 writes them: local mean time, before 1901 in China, loses
 * its seconds. */
struct zone {
    char name[ZONE_NAME_MAX];
    int count;
    int64_t at[ZONE_CHANGES_MAX];      /* seconds since 1970-01-01T00:00Z, ascending */
    int16_t minutes[ZONE_CHANGES_MAX]; /* east of Greenwich from that moment on */
    int16_t minutes_before;            /* the first change */
    int16_t minutes_after;             /* the last change */
};

/* Reads the bytes of a TZif file of version 2 or later into z (all but the name). Returns NULL, or
 * what is wrong with them: also when the zone has daylight saving time for ever, which no place
 * that uses this needs. */
const char *zone_parse(const uint8_t *bytes, size_t size, struct zone *z);

/* The named zone, read once in the life of the process. Thread-safe. */
enum result zone_find(const char *name, const struct zone **out, struct error *err);

int zone_minutes_at(const struct zone *z, int64_t seconds);

#endif
