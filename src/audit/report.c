/* What differs: as a line each, or as one JSON document at the end. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"

enum { NAMED_MAX = 1000, FIGURE_ROOM = 48, HEX_ROOM = 2 * AUDIT_HASH + 1 };

struct report {
    json_t *list; /* NULL: lines */
    int64_t count;
};

struct report *report_new(bool json)
{
    struct report *r = calloc(1, sizeof *r);

    if (r && json)
        r->list = json_array();
    return r;
}

void report_free(struct report *r)
{
    if (!r)
        return;
    json_decref(r->list);
    free(r);
}

int64_t report_count(const struct report *r)
{
    return r->count;
}

static void add_to_list(struct report *r, struct place p, const char *field, const char *stored,
                        const char *derived)
{
    json_t *o = json_pack("{s:s, s:s%, s:s, s:I, s:s, s:s, s:s, s:b}", "table", p.table, "key",
                          p.key.at ? p.key.at : "", p.key.len, "part", p.sub ? p.sub : "", "entry",
                          (json_int_t)p.entry, "field", field, "stored", stored, "derived", derived,
                          "imported", p.imported ? 1 : 0);

    if (o)
        json_array_append_new(r->list, o);
}

void differ_text(struct report *r, struct place p, const char *field, const char *stored,
                 const char *derived)
{
    if (++r->count > NAMED_MAX)
        return;
    if (r->list) {
        add_to_list(r, p, field, stored, derived);
        return;
    }
    fprintf(stderr, "%s %.*s", p.table, (int)p.key.len, p.key.at ? p.key.at : "");
    if (p.sub && p.sub[0])
        fprintf(stderr, " %s", p.sub);
    if (p.entry)
        fprintf(stderr, " %" PRId64, p.entry);
    fprintf(stderr, ": %s is stored as %s and derived as %s%s\n", field, stored, derived,
            p.imported ? " (it came with an exchange set)" : "");
}

static void write_fen(int64_t fen, char out[FIGURE_ROOM])
{
    uint64_t size = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;

    snprintf(out, FIGURE_ROOM, "%s%" PRIu64 ".%02" PRIu64, fen < 0 ? "-" : "", size / 100,
             size % 100);
}

void differ_fen(struct report *r, struct place p, const char *field, int64_t stored,
                int64_t derived)
{
    char is[FIGURE_ROOM], should[FIGURE_ROOM];

    if (stored == derived)
        return;
    write_fen(stored, is);
    write_fen(derived, should);
    differ_text(r, p, field, is, should);
}

void differ_int(struct report *r, struct place p, const char *field, int64_t stored,
                int64_t derived)
{
    char is[FIGURE_ROOM], should[FIGURE_ROOM];

    if (stored == derived)
        return;
    snprintf(is, sizeof is, "%" PRId64, stored);
    snprintf(should, sizeof should, "%" PRId64, derived);
    differ_text(r, p, field, is, should);
}

void differ_day(struct report *r, struct place p, const char *field, int64_t stored,
                int64_t derived)
{
    char is[DAY_ROOM], should[DAY_ROOM];

    if (stored == derived)
        return;
    calendar_write(stored, is);
    calendar_write(derived, should);
    differ_text(r, p, field, is, should);
}

static void write_hex(const void *at, size_t len, char out[HEX_ROOM])
{
    const uint8_t *bytes = at;

    out[0] = '\0';
    for (size_t i = 0; i < len && i < AUDIT_HASH; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

void differ_hash(struct report *r, struct place p, const char *field, struct span stored,
                 const uint8_t derived[AUDIT_HASH])
{
    char is[HEX_ROOM], should[HEX_ROOM];

    if (stored.len == AUDIT_HASH && memcmp(stored.at, derived, AUDIT_HASH) == 0)
        return;
    write_hex(stored.at, stored.len, is);
    write_hex(derived, AUDIT_HASH, should);
    differ_text(r, p, field, is, should);
}

static void end_json(struct report *r, const struct counts *c)
{
    json_t *o = json_pack(
        "{s:O, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "differences", r->list,
        "difference_count", (json_int_t)r->count, "accounts", (json_int_t)c->accounts, "entries",
        (json_int_t)c->entries, "settlements", (json_int_t)c->settlements,
        "settlements_without_rate", (json_int_t)c->unknown_rates, "loans", (json_int_t)c->loans,
        "loan_entries", (json_int_t)c->loan_entries, "persons", (json_int_t)c->people, "looks",
        (json_int_t)c->looks, "roots", (json_int_t)c->roots);

    if (o)
        json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
}

void report_end(struct report *r, const struct counts *c)
{
    if (r->list) {
        end_json(r, c);
        return;
    }
    printf("%" PRId64 " accounts with %" PRId64 " entries and %" PRId64 " settlements, %" PRId64
           " loans with %" PRId64 " entries, %" PRId64 " access records of %" PRId64
           " people, %" PRId64 " signed roots: ",
           c->accounts, c->entries, c->settlements, c->loans, c->loan_entries, c->looks, c->people,
           c->roots);
    if (c->unknown_rates)
        printf("%" PRId64 " settlements of days whose rate the policy does not know; ",
               c->unknown_rates);
    if (r->count == 0)
        puts("every figure was derived again");
    else
        printf("%" PRId64 " figures differ\n", r->count);
}
