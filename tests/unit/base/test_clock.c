#include "check.h"

#include <pthread.h>
#include <time.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/zone.h"

/* 2026-11-23T01:12:05Z */
#define MORNING INT64_C(1795396325000)

static instant utc(int year, int month, int day, int hour, int minute, int second)
{
    return ((instant)date_of(year, month, day).day * 86400 + hour * 3600 + minute * 60 + second) *
           1000;
}

static civil_date date_in_shanghai(instant t)
{
    struct clock c;

    clock_fixed(&c, "Asia/Shanghai", t);
    return clock_today(&c);
}

/* Between 00:00 and 08:00 in Shanghai the date of UTC is another one; and what TZ says must not
 * matter, even at the far ends of the world. */
static void today_is_the_city_s(void **state)
{
    static const char *const zones[] = {"UTC", "UTC+11", "UTC-14", "America/New_York", "nonsense"};
    char *before = getenv("TZ");

    (void)state;
    before = before ? strdup(before) : NULL;
    for (size_t i = 0; i < COUNT(zones); i++) {
        setenv("TZ", zones[i], 1);
        tzset();
        /* 23:59:59 and 00:00:01 in Shanghai are 15:59:59 and 16:00:01 in UTC */
        assert_int_equal(date_in_shanghai(utc(2026, 6, 30, 15, 59, 59)).day,
                         date_of(2026, 6, 30).day);
        assert_int_equal(date_in_shanghai(utc(2026, 6, 30, 15, 59, 59) + 999).day,
                         date_of(2026, 6, 30).day);
        assert_int_equal(date_in_shanghai(utc(2026, 6, 30, 16, 0, 0)).day, date_of(2026, 7, 1).day);
        assert_int_equal(date_in_shanghai(utc(2026, 6, 30, 16, 0, 1)).day, date_of(2026, 7, 1).day);
        assert_int_equal(date_in_shanghai(utc(1969, 12, 31, 15, 59, 59)).day, -1);
        assert_int_equal(date_in_shanghai(utc(1969, 12, 31, 16, 0, 0)).day, 0);
    }
    if (before)
        setenv("TZ", before, 1);
    else
        unsetenv("TZ");
    tzset();
    free(before);
}

/* China had daylight saving time from 1986 to 1991. */
static void shanghai_had_summer_time(void **state)
{
    struct clock c;
    char out[CLOCK_TEXT_MAX];

    (void)state;
    clock_fixed(&c, "Asia/Shanghai", 0);
    assert_int_equal(clock_offset_minutes(&c, utc(1988, 7, 1, 0, 0, 0)), 540);
    assert_int_equal(clock_offset_minutes(&c, utc(1988, 1, 1, 0, 0, 0)), 480);
    assert_int_equal(clock_offset_minutes(&c, utc(1992, 7, 1, 0, 0, 0)), 480);
    assert_int_equal(clock_offset_minutes(&c, utc(2199, 7, 1, 0, 0, 0)), 480);
    /* 15:30 UTC on 30 June 1988 was already 1 July. */
    assert_int_equal(clock_date_at(&c, utc(1988, 6, 30, 15, 30, 0)).day, date_of(1988, 7, 1).day);
    clock_format(&c, utc(1988, 6, 30, 15, 30, 0), out);
    assert_string_equal(out, "1988-07-01T00:30:00+09:00");
    assert_int_equal(clock_offset_minutes(&c, utc(1900, 6, 1, 0, 0, 0)), 485); /* local mean time */
}

/* Compared with the C library, which reads the same file by TZ. */
static void agrees_with_the_c_library(void **state)
{
    static const char *const zones[] = {"Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong",
                                        "Asia/Kolkata",  "UTC",         "America/Caracas",
                                        "Asia/Kathmandu"};
    struct random r;

    (void)state;
    random_seeded(&r, 7);
    for (size_t i = 0; i < COUNT(zones); i++) {
        struct clock c;

        setenv("TZ", zones[i], 1);
        tzset();
        clock_fixed(&c, zones[i], 0);
        assert_string_equal(c.zone, zones[i]);
        for (int k = 0; k < 20000; k++) {
            /* 1950 to 2150; before, offsets with seconds occur */
            time_t t = (time_t)random_below(&r, INT64_C(200) * 365 * 86400) - INT64_C(631152000);
            char want[64], have[CLOCK_TEXT_MAX];
            struct tm tm;
            size_t n;

            localtime_r(&t, &tm);
            assert_int_equal(clock_offset_minutes(&c, (instant)t * 1000), tm.tm_gmtoff / 60);
            n = strftime(want, sizeof want, "%Y-%m-%dT%H:%M:%S%z", &tm);
            memmove(want + n - 1, want + n - 2, 3); /* +0800 to +08:00 */
            want[n - 2] = ':';
            assert_int_equal(clock_format(&c, (instant)t * 1000, have), 25);
            assert_string_equal(have, want);
        }
    }
    unsetenv("TZ");
    tzset();
}

static void formats(void **state)
{
    struct clock c;
    char out[CLOCK_TEXT_MAX];

    (void)state;
    clock_fixed(&c, "Asia/Shanghai", MORNING);
    assert_int_equal(clock_format(&c, clock_now(&c), out), 25);
    assert_string_equal(out, "2026-11-23T09:12:05+08:00");
    clock_format(&c, MORNING + 999, out);
    assert_string_equal(out, "2026-11-23T09:12:05+08:00");
    clock_fixed(&c, "America/Caracas", MORNING);
    clock_format(&c, MORNING, out);
    assert_string_equal(out, "2026-11-22T21:12:05-04:00");
}

static void clocks_can_be_moved(void **state)
{
    struct clock c, copy;
    char out[CLOCK_TEXT_MAX];
    struct error err;
    instant before;

    (void)state;
    clock_fixed(&c, "Asia/Shanghai", MORNING);
    assert_int_equal(clock_now(&c), MORNING);
    c.shift_ms += 86400000;
    assert_int_equal(clock_today(&c).day, date_of(2026, 11, 24).day);
    clock_start_at(&c, date_of(2030, 2, 28));
    clock_format(&c, clock_now(&c), out);
    assert_string_equal(out, "2030-02-28T09:12:05+08:00");
    clock_start_at(&c, date_of(1988, 7, 1)); /* the time of day stays across an offset too */
    copy = c;
    clock_format(&copy, clock_now(&copy), out);
    assert_string_equal(out, "1988-07-01T09:12:05+09:00");

    assert_int_equal(clock_system(&c, "Asia/Shanghai", &err), RESULT_OK);
    before = clock_now(&c);
    assert_true(before > utc(2024, 1, 1, 0, 0, 0));
    assert_true(clock_now(&c) - (instant)time(NULL) * 1000 < 5000);
    clock_start_at(&c, date_of(2026, 11, 23));
    assert_int_equal(clock_today(&c).day, date_of(2026, 11, 23).day);
}

static void bad_zones_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "Nowhere/City",
        "/etc/passwd",
        "../../../etc/passwd",
        "Asia/../Asia/Shanghai",
        "Asia",
        "tzdata.zi",
        "zone.tab",
        "Asia/Shanghai ",
        "Asia\nShanghai",
        "Europe/London",
        "America/New_York",
        "right/Asia/Shanghai",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    struct error err;
    struct clock c;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        err.sentence[0] = '\0';
        assert_int_equal(clock_system(&c, bad[i], &err), RESULT_CONFIG);
        assert_int_equal(err.code, RESULT_CONFIG);
        assert_true(strstr(err.sentence, "time zone"));
        assert_int_equal(clock_system(&c, bad[i], NULL), RESULT_CONFIG);
    }
    clock_system(&c, "Europe/London", &err);
    assert_non_null(strstr(err.sentence, "twice a year"));
}

static void zone_without_memory(void **state)
{
    struct error err;
    struct clock c;

    (void)state;
    alloc_fault_after(0);
    assert_int_equal(clock_system(&c, "Asia/Singapore", &err), RESULT_MEMORY);
    alloc_fault_after(-1);
    assert_int_equal(clock_system(&c, "Asia/Singapore", &err), RESULT_OK);
}

/* A file of version 2 made by hand: one change, two kinds, the given last line. */
static size_t make_file(uint8_t *out, const char *footer)
{
    static const uint8_t counts[24] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                       0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4};
    static const uint8_t kinds[16] = {0,    0,    0x70, 0x80, 0,   0,   0,   0,
                                      0x7E, 0x90, 1,    0,    'C', 'S', 'T', 0};
    uint8_t *p = out;

    for (int width = 4; width <= 8; width += 4) {
        memcpy(p, "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
        memcpy(p + 20, counts, 24);
        p += 44;
        memset(p, 0, (size_t)width); /* changes at 1970-01-01T00:01:00Z … */
        p[width - 1] = 60;
        p += width;
        *p++ = 1; /* … to the second kind */
        memcpy(p, kinds, 16);
        p += 16;
    }
    p += sprintf((char *)p, "\n%s\n", footer);
    return (size_t)(p - out);
}

static void last_lines_are_read(void **state)
{
    static const struct {
        const char *footer;
        int minutes; /* or -1: refused */
    } cases[] = {
        {"CST-8", 480},
        {"", 540},
        {"UTC0", 0},
        {"<+0530>-5:30", 330},
        {"<-04>4", -240},
        {"<-03>+3", -180},
        {"LMT-8:05:43", 485},
        {"CST", -1},
        {"<+08-8", -1},
        {"CST-8CDT", -1},
        {"CST-8:", -1},
        {"CST-99", -1},
        {"CST-8:00:00:00", -1},
        {"GMT0BST,M3.5.0/1,M10.5.0", -1},
        {"CST--8", -1},
        {"<", -1},
    };
    uint8_t file[256];
    struct zone z;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t size = make_file(file, cases[i].footer);
        const char *wrong = zone_parse(file, size, &z);

        if (cases[i].minutes == -1) {
            assert_non_null(wrong);
            continue;
        }
        assert_null(wrong);
        assert_int_equal(zone_minutes_at(&z, 59), 480);
        assert_int_equal(zone_minutes_at(&z, 60), cases[i].minutes);
        assert_int_equal(zone_minutes_at(&z, INT64_MIN), 480);
        assert_int_equal(zone_minutes_at(&z, INT64_MAX), cases[i].minutes);
    }
}

/* Every cut and many changes of a real file: an answer or a refusal, never a wild read. */
static void damaged_files_are_refused(void **state)
{
    uint8_t file[ZONE_FILE_MAX];
    struct random r;
    struct zone z;
    size_t size;
    FILE *f = fopen("/usr/share/zoneinfo/Asia/Shanghai", "rb");

    (void)state;
    assert_non_null(f);
    size = fread(file, 1, sizeof file, f);
    fclose(f);
    assert_null(zone_parse(file, size, &z));
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *exact = malloc(cut ? cut : 1);

        memcpy(exact, file, cut);
        assert_non_null(zone_parse(exact, cut, &z));
        free(exact);
    }
    random_seeded(&r, 8);
    for (int i = 0; i < 100000; i++) {
        uint8_t *exact = malloc(size);

        memcpy(exact, file, size);
        for (uint64_t k = random_below(&r, 4) + 1; k > 0; k--)
            exact[random_below(&r, i % 2 ? size : 44)] = (uint8_t)random_below(&r, 256);
        if (!zone_parse(exact, size, &z)) {
            int minutes = zone_minutes_at(&z, (int64_t)random_u64(&r));

            assert_true(minutes >= -26 * 60 && minutes <= 26 * 60);
        }
        free(exact);
    }
}

static void *find_many(void *failed)
{
    static const char *const names[] = {"Asia/Shanghai", "Asia/Tokyo", "Asia/Seoul", "Asia/Macau"};

    for (int i = 0; i < 2000; i++) {
        const struct zone *z;

        if (zone_find(names[i % 4], &z, NULL) != RESULT_OK || strcmp(z->name, names[i % 4]) != 0)
            *(bool *)failed = true;
    }
    return NULL;
}

static void zones_are_shared_by_threads(void **state)
{
    bool failed[4] = {false};
    pthread_t threads[4];

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, find_many, &failed[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_false(failed[i]);
    }
}

/* Last: fills the process's table of zones. */
static void zones_have_a_limit(void **state)
{
    enum result r = RESULT_OK;
    const struct zone *z;
    struct error err;

    (void)state;
    for (int i = 1; i <= 12 && r == RESULT_OK; i++) {
        char name[ZONE_NAME_MAX];

        snprintf(name, sizeof name, "Etc/GMT-%d", i);
        r = zone_find(name, &z, &err);
    }
    assert_int_equal(r, RESULT_CONFIG);
    assert_non_null(strstr(err.sentence, "more than 16"));
    assert_int_equal(zone_find("Asia/Shanghai", &z, &err), RESULT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(today_is_the_city_s),       cmocka_unit_test(shanghai_had_summer_time),
        cmocka_unit_test(agrees_with_the_c_library), cmocka_unit_test(formats),
        cmocka_unit_test(clocks_can_be_moved),       cmocka_unit_test(bad_zones_are_refused),
        cmocka_unit_test(zone_without_memory),       cmocka_unit_test(last_lines_are_read),
        cmocka_unit_test(damaged_files_are_refused), cmocka_unit_test(zones_are_shared_by_threads),
        cmocka_unit_test(zones_have_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
