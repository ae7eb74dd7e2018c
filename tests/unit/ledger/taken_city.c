#include "taken_city.h"

#include <stdio.h>
#include <string.h>

#include "city/city.h"
#include "exchange/import.h"

static void show(void *context, const char *line)
{
    (void)context;
    print_error("%s\n", line);
}

/* The fixture's folder is the home: what is in it goes with it. */
void city_take(struct taken_city *city, struct fixture *f, int people, uint64_t seed,
               civil_date until)
{
    static struct config config;
    struct import_report report = {.show = show};
    struct vault *vault;
    struct city wanted = {.dir = city->folder,
                          .people = people,
                          .seed = seed,
                          .until = until,
                          .from = DATE_NONE,
                          .first = until,
                          .set_number = 1};

    snprintf(city->folder, sizeof city->folder, "%s/city", f->home);
    snprintf(city->truth, sizeof city->truth, "%s/city/truth.jsonl", f->home);
    ok(f, city_write(&wanted, &f->err));
    config = (struct config){.demo = true, .clock_start = until};
    snprintf(config.home, sizeof config.home, "%s", f->home);
    snprintf(config.keys, sizeof config.keys, "%s/keys", f->home);
    snprintf(config.zone, sizeof config.zone, "Asia/Shanghai");
    ok(f, vault_open(config.keys, true, &vault, &f->err));
    ok(f, import_set(f->store, vault, &config, city->folder, &report, &f->err));
    vault_close(vault);
}
