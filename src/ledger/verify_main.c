/* The command `anju verify`. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "config/config.h"
#include "ledger/verify.h"

enum { STATUS_USAGE = 64, JSON_LIMIT = 1024 * 1024 };

struct listing {
    bool json;
    struct json report;
};

static void list_fault(void *context, const char *where, const char *what)
{
    struct listing *l = context;

    if (!l->json) {
        fprintf(stderr, "%s: %s\n", where, what);
        return;
    }
    json_put_object(&l->report, NULL);
    json_put_text(&l->report, "where", text_of(where));
    json_put_text(&l->report, "what", text_of(what));
    json_put_object_end(&l->report);
}

static void key_hex(const struct verify_report *r, char out[65])
{
    for (int i = 0; i < 32; i++)
        snprintf(out + 2 * i, 3, "%02x", r->signer[i]);
}

static void print_summary(const struct verify_report *r)
{
    char key[65];

    key_hex(r, key);
    if (r->roots > 0)
        printf("%" PRId64 " signed roots, the newest by the key %s\n", r->roots, key);
    printf("%" PRId64 " accounts with %" PRId64 " entries, %" PRId64 " loans with %" PRId64
           " entries, %" PRId64 " access records of %" PRId64 " people: ",
           r->accounts, r->entries, r->loans, r->loan_entries, r->looks, r->persons);
    if (r->faults == 0)
        puts("all of it follows");
    else
        printf("%" PRId64 " faults\n", r->faults);
}

static void print_json(struct json *j, const struct verify_report *r)
{
    char key[65];

    json_put_array_end(j);
    json_put_int(j, "fault_count", r->faults);
    json_put_int(j, "accounts", r->accounts);
    json_put_int(j, "entries", r->entries);
    json_put_int(j, "loans", r->loans);
    json_put_int(j, "loan_entries", r->loan_entries);
    json_put_int(j, "persons", r->persons);
    json_put_int(j, "looks", r->looks);
    json_put_int(j, "roots", r->roots);
    key_hex(r, key);
    if (r->roots > 0)
        json_put_text(j, "signer", text_of(key));
    else
        json_put_null(j, "signer");
    json_put_object_end(j);
    if (!j->failed)
        puts(j->at);
}

static enum result run(struct listing *l, struct verify_report *report, struct error *err)
{
    struct config config;
    struct store *store = NULL;
    struct db *db = NULL;
    struct progress progress;
    enum result r = config_load(&config, err);

    if (r == RESULT_OK)
        r = store_open(config.home, config.database, &store, err);
    if (r == RESULT_OK)
        r = db_open(store, &db, err);
    if (r == RESULT_OK)
        r = verify_all(db, &progress, list_fault, l, report, err);
    db_close(db);
    store_close(store);
    return r;
}

int verify_main(int argc, char **argv)
{
    struct listing l = {0};
    struct verify_report report = {0};
    struct error err = {0};
    enum result r;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") != 0) {
            fprintf(stderr, "anju verify: there is no option %s\n", argv[i]);
            return STATUS_USAGE;
        }
        l.json = true;
    }
    json_start(&l.report, JSON_LIMIT);
    json_put_object(&l.report, NULL);
    json_put_array(&l.report, "faults");
    r = run(&l, &report, &err);
    if (r != RESULT_OK)
        fprintf(stderr, "anju: %s\n", err.sentence);
    else if (l.json)
        print_json(&l.report, &report);
    else
        print_summary(&report);
    json_free(&l.report);
    if (r != RESULT_OK)
        return result_exit_status(r);
    return report.faults > 0 ? 1 : 0;
}
