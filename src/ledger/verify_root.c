/* Signed roots (docs/proofs.md): each statement and its signature, the chain of statements, and that
 * the entries which were there when a root was signed still give it. Written a second time from the
 * document; it shares nothing with src/root. */
#include "verify_internal.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NEWEST = 32, /* so many roots are worked out anew, the newest … */
    MOST = 64,   /* … and of the others the last of each month, until there are so many */
    LEVELS = 48,
    PART_LEVEL = 10,
    OPERATIONS = 1000000000, /* operations are numbered from the next one on */
    NAME = 64,
    PUBLIC = 32,
    SIGNATURE = 64,
    STATEMENT_MAX = 1024,
};

static const char table[] = "ledger.root";

struct node {
    int level;
    uint8_t hash[VERIFY_HASH];
};

/* A tree that is built from its leaves. */
struct tree {
    struct node nodes[LEVELS];
    int count;
    uint8_t part[VERIFY_HASH]; /* the subtree of PART_LEVEL that became whole last */
};

struct kept {
    char day[DATE_TEXT_MAX];
    int64_t accounts, set, operation;
    uint8_t root[VERIFY_HASH];
    uint8_t *parts; /* NULL: they are not those of the root */
    size_t part_count, at_part;
    struct tree tree;
    int64_t leaves;
    char first[NAME], last[NAME]; /* accounts of the part that is being filled */
    bool part_wrong;
    /* Of the account at hand: the last entry that this root is the first to have. */
    int64_t seq;
    uint8_t hash[VERIFY_HASH];
};

struct root_check {
    struct kept *kept;
    size_t count, room;
    uint8_t previous[VERIFY_HASH]; /* of the statement before */
    EVP_MD_CTX *ctx;
};

/* --- the tree --- */

static void node_hash(struct verify *v, const uint8_t *left, const uint8_t *right, uint8_t *out)
{
    uint8_t bytes[1 + 2 * VERIFY_HASH] = {1};

    memcpy(bytes + 1, left, VERIFY_HASH);
    memcpy(bytes + 1 + VERIFY_HASH, right, VERIFY_HASH);
    hasher_bytes(v->hasher, bytes, sizeof bytes, out);
}

static void tree_join(struct verify *v, struct tree *t)
{
    struct node *left = &t->nodes[t->count - 2];

    node_hash(v, left->hash, t->nodes[t->count - 1].hash, left->hash);
    left->level++;
    t->count--;
}

static void tree_push(struct verify *v, struct tree *t, const uint8_t *hash)
{
    t->nodes[t->count].level = 0;
    memcpy(t->nodes[t->count++].hash, hash, VERIFY_HASH);
    while (t->count > 1 && t->nodes[t->count - 2].level == t->nodes[t->count - 1].level) {
        tree_join(v, t);
        if (t->nodes[t->count - 1].level == PART_LEVEL)
            memcpy(t->part, t->nodes[t->count - 1].hash, VERIFY_HASH);
    }
}

/* What lies behind the last whole part becomes one node; false: nothing does. */
static bool tree_rest(struct verify *v, struct tree *t)
{
    while (t->count > 1 && t->nodes[t->count - 2].level < PART_LEVEL)
        tree_join(v, t);
    return t->count > 0;
}

static void tree_end(struct verify *v, struct tree *t, uint8_t *out)
{
    if (t->count == 0)
        hasher_bytes(v->hasher, "", 0, out);
    while (t->count > 1)
        tree_join(v, t);
    if (t->count == 1)
        memcpy(out, t->nodes[0].hash, VERIFY_HASH);
}

static void leaf_hash(struct verify *v, struct text account, const struct kept *k, uint8_t *out)
{
    uint8_t bytes[1 + 2 + VERIFY_TEXT_MAX + 2 + 8 + 2 + VERIFY_HASH] = {0};
    size_t len = 1, size = account.len < VERIFY_TEXT_MAX ? account.len : VERIFY_TEXT_MAX;
    uint64_t seq = (uint64_t)k->seq;

    bytes[len++] = (uint8_t)(size / 256);
    bytes[len++] = (uint8_t)(size % 256);
    memcpy(bytes + len, account.at, size);
    len += size;
    bytes[len++] = 0;
    bytes[len++] = 8;
    for (int i = 7; i >= 0; i--, seq /= 256)
        bytes[len + (size_t)i] = (uint8_t)(seq % 256);
    len += 8;
    bytes[len++] = 0;
    bytes[len++] = VERIFY_HASH;
    memcpy(bytes + len, k->hash, VERIFY_HASH);
    hasher_bytes(v->hasher, bytes, len + VERIFY_HASH, out);
}

/* --- the statements --- */

/* The words behind "key: " of a line of the statement. */
static bool value_of(struct text statement, const char *key, struct text *out)
{
    size_t len = strlen(key);

    for (size_t at = 0; at < statement.len;) {
        const char *line = statement.at + at;
        const char *end = memchr(line, '\n', statement.len - at);
        size_t size = end ? (size_t)(end - line) : statement.len - at;

        if (size > len + 2 && memcmp(line, key, len) == 0 && memcmp(line + len, ": ", 2) == 0) {
            *out = (struct text){line + len + 2, size - len - 2};
            return true;
        }
        at += size + 1;
    }
    return false;
}

static bool hex_of(struct text t, uint8_t out[VERIFY_HASH])
{
    static const char digits[] = "0123456789abcdef";

    if (t.len != 2 * VERIFY_HASH)
        return false;
    for (size_t i = 0; i < VERIFY_HASH; i++) {
        const char *high = memchr(digits, t.at[2 * i], 16),
                   *low = memchr(digits, t.at[2 * i + 1], 16);

        if (!high || !low)
            return false;
        out[i] = (uint8_t)((high - digits) * 16 + (low - digits));
    }
    return true;
}

static bool signed_by(struct root_check *c, struct text text, struct text signer, struct text sign)
{
    EVP_PKEY *key = signer.len == PUBLIC
                        ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
                                                      (const uint8_t *)signer.at, signer.len)
                        : NULL;
    bool good = key && sign.len == SIGNATURE && EVP_MD_CTX_reset(c->ctx) == 1 &&
                EVP_DigestVerifyInit(c->ctx, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(c->ctx, (const uint8_t *)sign.at, sign.len,
                                 (const uint8_t *)text.at, text.len) == 1;

    EVP_PKEY_free(key);
    return good;
}

/* The parts give the root, or they were altered and say nothing. */
static void take_parts(struct verify *v, struct kept *k, struct text parts)
{
    struct tree t = {0};
    uint8_t root[VERIFY_HASH];

    if (parts.len % VERIFY_HASH == 0) {
        for (size_t i = 0; i < parts.len; i += VERIFY_HASH)
            tree_push(v, &t, (const uint8_t *)parts.at + i);
        tree_end(v, &t, root);
    }
    if (parts.len % VERIFY_HASH != 0 || memcmp(root, k->root, VERIFY_HASH) != 0) {
        verify_wrong(v, table, text_of(k->day), "", 0, "parts do not give the root");
        return;
    }
    k->parts = parts.len ? malloc(parts.len) : NULL;
    v->out_of_memory = v->out_of_memory || (parts.len && !k->parts);
    if (k->parts)
        memcpy(k->parts, parts.at, parts.len);
    k->part_count = k->parts ? parts.len / VERIFY_HASH : 0;
}

/* What the statement says, into k. */
static bool read_statement(struct text text, struct kept *k, uint8_t previous[VERIFY_HASH])
{
    struct text day, accounts, set, operation, root, before;

    return text.len < STATEMENT_MAX && value_of(text, "day", &day) &&
           text_equal(day, text_of(k->day)) && value_of(text, "accounts", &accounts) &&
           text_to_int(accounts, &k->accounts) && value_of(text, "set", &set) &&
           text_to_int(set, &k->set) && value_of(text, "operation", &operation) &&
           text_to_int(operation, &k->operation) && value_of(text, "root", &root) &&
           hex_of(root, k->root) && value_of(text, "previous", &before) && hex_of(before, previous);
}

static void check_statement(struct verify *v, struct root_check *c, struct stmt *q, struct kept *k,
                            const struct kept *last)
{
    struct text text = column_text(q, 1), signer = column_bytes(q, 2);
    uint8_t previous[VERIFY_HASH];

    if (!signed_by(c, text, signer, column_bytes(q, 3)))
        verify_wrong(v, table, text_of(k->day), "", 0, "the signature is not of this statement");
    if (!read_statement(text, k, previous)) {
        verify_wrong(v, table, text_of(k->day), "", 0,
                     "statement cannot be read, or is of another day");
        k->accounts = -1; /* nothing is compared with it */
    } else if (memcmp(previous, c->previous, VERIFY_HASH) != 0) {
        verify_wrong(v, table, text_of(k->day), "", 0,
                     "the statement before it is another: one was altered or taken away");
    } else if (last && last->accounts >= 0 &&
               (k->set < last->set || k->operation < last->operation)) {
        verify_wrong(v, table, text_of(k->day), "", 0, "the ledger was further at the root before");
    }
    if (signer.len == PUBLIC)
        memcpy(v->report->signer, signer.at, PUBLIC);
    hasher_bytes(v->hasher, text.at, text.len, c->previous);
    v->report->roots++;
}

static struct kept *next_kept(struct verify *v, struct root_check *c)
{
    if (c->count == c->room) {
        size_t room = c->room ? 2 * c->room : NEWEST;
        struct kept *more = realloc(c->kept, room * sizeof *more);

        if (!more) {
            v->out_of_memory = true;
            return NULL;
        }
        c->kept = more;
        c->room = room;
    }
    c->kept[c->count] = (struct kept){0};
    return &c->kept[c->count];
}

static bool same_month(const struct kept *a, const struct kept *b)
{
    return memcmp(a->day, b->day, sizeof "2026-11" - 1) == 0;
}

/* Of those that were read the ones to be worked out anew stay, in their order. What gets in the way
 * while the roots are read is thinned out at once, so that years of them need no room. */
static void thin_out(struct root_check *c)
{
    size_t to = 0, most = MOST;

    for (size_t i = 0; i < c->count; i++) {
        bool newest = c->count - i <= NEWEST;
        bool last_of_month = i + 1 == c->count || !same_month(&c->kept[i], &c->kept[i + 1]);

        if (c->kept[i].accounts >= 0 && (newest || last_of_month)) {
            struct kept moved = c->kept[i];

            c->kept[to++] = moved;
        } else {
            free(c->kept[i].parts);
        }
    }
    for (size_t i = 0; to > most && i < to - most; i++)
        free(c->kept[i].parts);
    if (to > most) {
        memmove(c->kept, c->kept + (to - most), most * sizeof *c->kept);
        to = most;
    }
    c->count = to;
}

enum result verify_roots_open(struct verify *v)
{
    struct root_check *c = calloc(1, sizeof *c);
    struct rows r;
    struct kept *k;

    v->roots = c;
    if (!c || !(c->ctx = EVP_MD_CTX_new()))
        return error_set(v->err, RESULT_MEMORY, "out of memory");
    for (rows_start(v, &r, QUERY_verify_roots); r.there; rows_next(&r)) {
        if (c->count >= 2 * MOST)
            thin_out(c);
        k = next_kept(v, c);
        if (!k)
            break;
        date_format(column_date(r.q, 0), k->day);
        check_statement(v, c, r.q, k, c->count > 0 ? k - 1 : NULL);
        if (k->accounts >= 0)
            take_parts(v, k, column_bytes(r.q, 4));
        c->count++;
    }
    stmt_end(r.q);
    thin_out(c);
    return v->out_of_memory ? error_set(v->err, RESULT_MEMORY, "out of memory")
                            : rows_result(v, &r);
}

/* --- beside the accounts and their entries --- */

void verify_roots_entry(struct verify *v, int64_t batch, int64_t seq, const uint8_t *hash)
{
    struct root_check *c = v->roots;

    for (size_t i = 0; i < c->count; i++) {
        struct kept *k = &c->kept[i];

        if (batch > (batch > OPERATIONS ? k->operation : k->set))
            continue;
        k->seq = seq;
        memcpy(k->hash, hash, VERIFY_HASH);
        return;
    }
}

/* A part is whole, or the last one ends: against what was kept with the root. */
static void check_part(struct verify *v, struct kept *k, const uint8_t *hash)
{
    size_t at = k->at_part++;

    if (!k->parts ||
        (at < k->part_count && memcmp(k->parts + at * VERIFY_HASH, hash, VERIFY_HASH) == 0))
        return;
    k->part_wrong = true;
    verify_wrong(v, table, text_of(k->day), "", 0,
                 "what the accounts from %s to %s held then is not what was signed: one of them "
                 "was rewritten",
                 k->first, k->last);
}

static void add_leaf(struct verify *v, struct kept *k, struct text account, const uint8_t *leaf)
{
    if (k->leaves++ % (1 << PART_LEVEL) == 0)
        snprintf(k->first, sizeof k->first, "%.*s", TEXT_ARG(account));
    snprintf(k->last, sizeof k->last, "%.*s", TEXT_ARG(account));
    tree_push(v, &k->tree, leaf);
    if (k->leaves % (1 << PART_LEVEL) == 0)
        check_part(v, k, k->tree.part);
}

void verify_roots_account(struct verify *v, struct text account)
{
    struct root_check *c = v->roots;
    const struct kept *head = NULL;
    uint8_t leaf[VERIFY_HASH];

    for (size_t i = 0; i < c->count; i++) {
        struct kept *k = &c->kept[i];

        if (k->seq > 0) {
            head = k;
            leaf_hash(v, account, head, leaf);
        }
        if (head)
            add_leaf(v, k, account, leaf);
    }
    for (size_t i = 0; i < c->count; i++)
        c->kept[i].seq = 0;
}

void verify_roots_close(struct verify *v)
{
    struct root_check *c = v->roots;

    for (size_t i = 0; c && i < c->count; i++) {
        struct kept *k = &c->kept[i];
        uint8_t root[VERIFY_HASH];

        if (k->leaves % (1 << PART_LEVEL) != 0 && tree_rest(v, &k->tree))
            check_part(v, k, k->tree.nodes[k->tree.count - 1].hash);
        tree_end(v, &k->tree, root);
        if (memcmp(root, k->root, VERIFY_HASH) != 0 && !k->part_wrong)
            verify_wrong(v, table, text_of(k->day), "", 0,
                         "the accounts do not give the root that was signed");
        else if (k->leaves != k->accounts)
            verify_wrong(v, table, text_of(k->day), "", 0, "there were another number of accounts");
    }
}

void verify_roots_free(struct verify *v)
{
    struct root_check *c = v->roots;

    if (!c)
        return;
    for (size_t i = 0; i < c->count; i++)
        free(c->kept[i].parts);
    free(c->kept);
    EVP_MD_CTX_free(c->ctx);
    free(c);
}
