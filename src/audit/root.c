/* Signed roots (docs/proofs.md, "Signed roots"): each statement's signature and that it names the one
 * before; and, for the newest and the last of each month before, that the derived heads of the accounts
 * still give the root. The tree is a counter in binary: what is carried over is a node. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "queries.h"

enum { R_DAY, R_STATEMENT, R_SIGNER, R_SIGNATURE };
enum { NEWEST = 32, ROOTS_MAX = 64, LEVELS = 40, LINE_ROOM = 80, HEX = 2 * AUDIT_HASH };

struct root {
    char day[DAY_ROOM];
    int64_t accounts, set, operation;
    uint8_t root[AUDIT_HASH];
    uint8_t slots[LEVELS][AUDIT_HASH]; /* of 2^level leaves each, where leaves has that bit */
    uint64_t leaves;
    /* Of the account at hand, the newest entry that this root is the oldest to have; 0: none. */
    int64_t seq;
    uint8_t hash[AUDIT_HASH];
};

/* Newest first. */
struct roots {
    struct root list[ROOTS_MAX];
    size_t count;
};

static void node(const uint8_t *left, const uint8_t *right, uint8_t out[AUDIT_HASH])
{
    crypto_hash_sha256_state h;
    uint8_t joined[AUDIT_HASH];

    crypto_hash_sha256_init(&h);
    crypto_hash_sha256_update(&h, (const uint8_t *)"\x01", 1);
    crypto_hash_sha256_update(&h, left, AUDIT_HASH);
    crypto_hash_sha256_update(&h, right, AUDIT_HASH);
    crypto_hash_sha256_final(&h, joined);
    memcpy(out, joined, AUDIT_HASH);
}

static void add_leaf(struct root *r, const uint8_t leaf[AUDIT_HASH])
{
    uint8_t carry[AUDIT_HASH];
    int level = 0;

    memcpy(carry, leaf, AUDIT_HASH);
    for (; r->leaves >> level & 1; level++)
        node(r->slots[level], carry, carry);
    memcpy(r->slots[level], carry, AUDIT_HASH);
    r->leaves++;
}

static void top(const struct root *r, uint8_t out[AUDIT_HASH])
{
    bool there = false;

    crypto_hash_sha256(out, NULL, 0);
    for (int level = 0; level < LEVELS; level++) {
        if (!(r->leaves >> level & 1))
            continue;
        if (there)
            node(r->slots[level], out, out);
        else
            memcpy(out, r->slots[level], AUDIT_HASH);
        there = true;
    }
}

/* The rest of the line that begins with the key. */
static bool line_of(const char *statement, const char *key, char out[LINE_ROOM])
{
    for (const char *p = statement; p && *p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL)
        if (strncmp(p, key, strlen(key)) == 0) {
            snprintf(out, LINE_ROOM, "%.*s", (int)strcspn(p + strlen(key), "\n"), p + strlen(key));
            return true;
        }
    return false;
}

static bool number_of(const char *statement, const char *key, int64_t *out)
{
    char line[LINE_ROOM], *end = line;

    if (!line_of(statement, key, line))
        return false;
    *out = strtoll(line, &end, 10);
    return end > line && !*end;
}

static bool hash_of(const char *statement, const char *key, uint8_t out[AUDIT_HASH])
{
    char line[LINE_ROOM];
    size_t size;

    return line_of(statement, key, line) && strlen(line) == HEX &&
           sodium_hex2bin(out, AUDIT_HASH, line, HEX, NULL, &size, NULL) == 0 && size == AUDIT_HASH;
}

static bool is_signed(const struct cursor *c)
{
    struct span text = cell_bytes(c, R_STATEMENT), signer = cell_bytes(c, R_SIGNER);
    struct span signature = cell_bytes(c, R_SIGNATURE);

    return signer.len == crypto_sign_PUBLICKEYBYTES && signature.len == crypto_sign_BYTES &&
           crypto_sign_verify_detached((const uint8_t *)signature.at, (const uint8_t *)text.at,
                                       text.len, (const uint8_t *)signer.at) == 0;
}

/* Reads a row into out; names what is wrong with it. later says what the one after it named as the hash
 * of this one (NULL: this is the newest), and becomes what this one names. */
static bool take(struct audit *a, const struct cursor *c, struct root *out,
                 uint8_t later[AUDIT_HASH], bool newest)
{
    struct span text = cell_bytes(c, R_STATEMENT);
    char *statement = calloc(1, text.len + 1), line[LINE_ROOM];
    uint8_t hash[AUDIT_HASH];
    struct place p = {.table = "ledger.root", .sub = ""};
    bool reads;

    calendar_write(cell_int(c, R_DAY), out->day);
    if (!statement) {
        a->out_of_memory = true;
        return false;
    }
    memcpy(statement, text.at, text.len);
    p.key = span_of(out->day);
    if (!is_signed(c))
        differ_text(a->report, p, "signature", "of something else", "of this statement");
    crypto_hash_sha256(hash, (const uint8_t *)text.at, text.len);
    if (!newest && memcmp(hash, later, AUDIT_HASH) != 0)
        differ_hash(a->report, p, "statement", (struct span){(const char *)hash, AUDIT_HASH},
                    later);
    reads = line_of(statement, "day: ", line) && strcmp(line, out->day) == 0 &&
            number_of(statement, "accounts: ", &out->accounts) &&
            number_of(statement, "set: ", &out->set) &&
            number_of(statement, "operation: ", &out->operation) &&
            hash_of(statement, "root: ", out->root) && hash_of(statement, "previous: ", later);
    if (!reads)
        differ_text(a->report, p, "statement", "unreadable, or of another day", "of this day");
    free(statement);
    return reads;
}

/* Whether the day of an older one lies in the month of the one kept last. */
static bool same_month(const struct roots *all, const char *day)
{
    return all->count > 0 && strncmp(all->list[all->count - 1].day, day, 7) == 0;
}

bool roots_open(struct audit *a)
{
    static const uint8_t nothing[AUDIT_HASH];
    struct cursor *c = cursor_open(a->source, AUDIT_ROOTS);
    uint8_t later[AUDIT_HASH];
    struct root one;
    bool ok, reads = true;

    a->roots = calloc(1, sizeof *a->roots);
    a->out_of_memory = a->out_of_memory || !a->roots;
    for (; !a->out_of_memory && c && cursor_there(c); cursor_next(c)) {
        one = (struct root){0};
        /* Behind one that does not read it is not known what the one before should be. */
        reads = take(a, c, &one, later, a->counts.roots == 0 || !reads);
        a->counts.roots++;
        if (reads && a->roots->count < ROOTS_MAX &&
            (a->roots->count < NEWEST || !same_month(a->roots, one.day)))
            a->roots->list[a->roots->count++] = one;
    }
    if (reads && a->counts.roots > 0 && memcmp(later, nothing, AUDIT_HASH) != 0)
        differ_text(a->report,
                    (struct place){.table = "ledger.root", .key = span_of(one.day), .sub = ""},
                    "previous", "another statement", "none: it is the oldest");
    ok = c && !cursor_failed(c) && !a->out_of_memory;
    cursor_close(c);
    return ok;
}

void roots_entry(struct audit *a, int64_t batch, int64_t seq, const uint8_t hash[AUDIT_HASH])
{
    for (size_t i = a->roots->count; i-- > 0;) {
        struct root *r = &a->roots->list[i];

        if (batch > (batch > OWN_BATCHES ? r->operation : r->set))
            continue;
        r->seq = seq;
        memcpy(r->hash, hash, AUDIT_HASH);
        return;
    }
}

void roots_account(struct audit *a, struct span account)
{
    uint8_t leaf[AUDIT_HASH];
    bool there = false;

    for (size_t i = a->roots->count; i-- > 0;) {
        struct root *r = &a->roots->list[i];

        if (r->seq > 0) {
            chain_leaf(account, r->seq, r->hash, leaf);
            there = true;
            r->seq = 0;
        }
        if (there)
            add_leaf(r, leaf);
    }
}

void roots_compare(struct audit *a)
{
    for (size_t i = 0; i < a->roots->count; i++) {
        const struct root *r = &a->roots->list[i];
        struct place p = {.table = "ledger.root", .key = span_of(r->day), .sub = ""};
        uint8_t derived[AUDIT_HASH];

        top(r, derived);
        differ_hash(a->report, p, "root", (struct span){(const char *)r->root, AUDIT_HASH},
                    derived);
        differ_int(a->report, p, "accounts", r->accounts, (int64_t)r->leaves);
    }
}

void roots_free(struct audit *a)
{
    free(a->roots);
}
