/* Any bytes as a time zone file: refused, or offsets that a place on earth may have. */
#include "check.h"

#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const int64_t moments[] = {INT64_MIN, -1, 0, 1795396325, INT64_MAX};
    struct zone *z = malloc(sizeof *z);

    CHECK(z);
    if (!zone_parse(bytes, size, z)) {
        CHECK(z->count >= 0 && z->count <= ZONE_CHANGES_MAX);
        for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
            CHECK(abs(zone_minutes_at(z, moments[i])) <= 26 * 60);
        for (int i = 0; i < z->count; i++)
            CHECK(i + 1 == z->count || zone_minutes_at(z, z->at[i]) == z->minutes[i]);
    }
    free(z);
    return 0;
}
