/* Signed roots: the tree against its definition, the text, the key, and what anju verify says when a
 * history was rewritten as a whole, hashes and all. */
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audited.h"
#include "behind.h"
#include "ledger/ledger.h"
#include "root/root.h"
#include "taken_city.h"

enum { PEOPLE = 40, LEAVES_MOST = 2200, NOON_MS = 12 * 3600 * 1000, DAY_MS = 24 * 3600 * 1000 };

/* The new starter among the demo's depositors: a short chain. */
static const struct text starter = {"0871000000021", 13};

static struct clock now;
static struct arena *arena;

/* --- the tree --- */

static uint8_t heads[LEAVES_MOST][SHA256_SIZE];

static struct text name_of(int i, char out[16])
{
    snprintf(out, 16, "53019900%05u", (unsigned)i % 100000);
    return text_of(out);
}

/* RFC 6962, section 2.1, word for word, with libsodium: leaves from, from + 1, … */
static void defined(int from, int n, uint8_t out[SHA256_SIZE])
{
    crypto_hash_sha256_state s;
    uint8_t left[SHA256_SIZE], right[SHA256_SIZE];
    int k = 1;

    crypto_hash_sha256_init(&s);
    if (n == 1) {
        char account[16];
        uint8_t seq[8] = {
            0, 0, 0, 0, 0, 0, (uint8_t)((from + 1) / 256), (uint8_t)((from + 1) % 256)};

        name_of(from, account);
        crypto_hash_sha256_update(&s, (const uint8_t *)"\x00\x00\x0d", 3);
        crypto_hash_sha256_update(&s, (const uint8_t *)account, 13);
        crypto_hash_sha256_update(&s, (const uint8_t *)"\x00\x08", 2);
        crypto_hash_sha256_update(&s, seq, 8);
        crypto_hash_sha256_update(&s, (const uint8_t *)"\x00\x20", 2);
        crypto_hash_sha256_update(&s, heads[from], SHA256_SIZE);
    } else if (n > 1) {
        while (2 * k < n)
            k *= 2;
        defined(from, k, left);
        defined(from + k, n - k, right);
        crypto_hash_sha256_update(&s, (const uint8_t *)"\x01", 1);
        crypto_hash_sha256_update(&s, left, SHA256_SIZE);
        crypto_hash_sha256_update(&s, right, SHA256_SIZE);
    }
    crypto_hash_sha256_final(&s, out);
}

static void one_tree(struct sha256 *sha, int leaves, int marked)
{
    struct error err = {0};
    struct merkle m;
    struct root_proof proof = {.seq = marked + 1};
    uint8_t root[SHA256_SIZE], want[SHA256_SIZE], climbed[SHA256_SIZE];
    char name[16], account[16];

    merkle_begin(&m, sha, true);
    for (int i = 0; i < leaves; i++)
        merkle_add(&m, name_of(i, name), i + 1, heads[i], i == marked);
    assert_int_equal(merkle_end(&m, root, &err), RESULT_OK);
    defined(0, leaves, want);
    assert_memory_equal(root, want, SHA256_SIZE);
    assert_int_equal(m.parts_len, (size_t)(leaves + MERKLE_PART - 1) / MERKLE_PART * SHA256_SIZE);
    for (int from = 0; from < leaves; from += MERKLE_PART) {
        defined(from, leaves - from < MERKLE_PART ? leaves - from : MERKLE_PART, want);
        assert_memory_equal(m.parts + from / MERKLE_PART * SHA256_SIZE, want, SHA256_SIZE);
    }
    if (leaves > 0) {
        proof.account = name_of(marked, account);
        proof.path_len = m.path_len;
        memcpy(proof.hash, heads[marked], SHA256_SIZE);
        memcpy(proof.path, m.path, sizeof m.path);
        root_proof_climb(&proof, sha, climbed);
        assert_memory_equal(climbed, root, SHA256_SIZE);
        proof.seq++;
        root_proof_climb(&proof, sha, climbed);
        assert_memory_not_equal(climbed, root, SHA256_SIZE);
    }
    merkle_free(&m);
}

static void trees(void **state)
{
    static const int sizes[] = {63, 64, 65, 1023, 1024, 1025, 2047, 2048, 2049, LEAVES_MOST};
    struct sha256 *sha = sha256_new();

    (void)state;
    for (int i = 0; i < LEAVES_MOST; i++)
        memset(heads[i], i * 7 + 1, SHA256_SIZE);
    for (int leaves = 0; leaves <= 20; leaves++)
        for (int marked = 0; marked < (leaves ? leaves : 1); marked++)
            one_tree(sha, leaves, marked);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        one_tree(sha, sizes[i], 0);
        one_tree(sha, sizes[i], sizes[i] / 2);
        one_tree(sha, sizes[i], sizes[i] - 1);
    }
    sha256_free(sha);
}

/* --- the text --- */

static void statements(void **state)
{
    struct root_statement s = {.centre = "示范市住房公积金管理中心",
                               .day = date_of(2026, 11, 23),
                               .made = "2026-11-23T00:00:07+08:00",
                               .accounts = 3037,
                               .set = 2,
                               .operation = 1000000012};
    struct root_statement again;
    char text[ROOT_STATEMENT_MAX], other[ROOT_STATEMENT_MAX];
    size_t len;

    (void)state;
    memset(s.root, 0xab, sizeof s.root);
    len = root_statement_write(&s, text);
    assert_true(root_statement_read((struct text){text, len}, &again));
    assert_int_equal(again.accounts, 3037);
    assert_int_equal(again.operation, 1000000012);
    assert_string_equal(again.centre, s.centre);
    for (size_t cut = 0; cut < len; cut++)
        assert_false(root_statement_read((struct text){text, cut}, &again));
    /* The same said in another way is another text, and is not read. */
    snprintf(other, sizeof other, "%.*s\n", (int)len, text);
    assert_false(root_statement_read(text_of(other), &again));
    memcpy(other, text, len);
    memcpy(strstr(other, "root: ab") + 6, "AB", 2);
    assert_false(root_statement_read((struct text){other, len}, &again));
}

/* --- roots of a city --- */

static char keys[96];

static void at(civil_date day)
{
    clock_fixed(&now, "Asia/Shanghai", (instant)day.day * DAY_MS + NOON_MS - 8 * 3600 * 1000);
}

static enum result try_make(struct fixture *f, struct root *out, bool *made)
{
    const struct root_desk desk = {
        .clock = &now, .centre = "示范市", .keys = keys, .may_make_key = true};

    return root_make(&desk, f->db, arena, NULL, out, made, &f->err);
}

static struct root make(struct fixture *f, civil_date day)
{
    struct root root;
    bool made;

    at(day);
    ok(f, try_make(f, &root, &made));
    assert_true(made);
    assert_true(root_signature_good(&root));
    return root;
}

static void city_with_root(struct fixture *f)
{
    struct taken_city city;

    city_take(&city, f, PEOPLE, 1, date_of(2026, 11, 23));
    open_guards(f);
    snprintf(keys, sizeof keys, "%s/root-keys", f->home);
    mkdir(keys, 0700);
    if (arena)
        arena_reset(arena);
    else
        arena = arena_new(16 * 1024 * 1024);
}

static void remove_keys(void)
{
    char path[128];

    snprintf(path, sizeof path, "%s/root-1.key", keys);
    unlink(path);
    rmdir(keys);
}

static void made_once_a_day(void **state)
{
    struct fixture *f = *state;
    struct root first, second, again;
    struct root_proof proof;
    struct sha256 *sha = sha256_new();
    uint8_t hash[SHA256_SIZE];
    char path[128];
    struct stat st;
    bool made = true;

    city_with_root(f);
    first = make(f, date_of(2026, 11, 23));
    assert_int_equal(first.statement.set, 1);
    snprintf(path, sizeof path, "%s/root-1.key", keys);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    ok(f, try_make(f, &again, &made));
    assert_false(made);
    assert_memory_equal(again.signature, first.signature, ROOT_SIGNATURE);
    second = make(f, date_of(2026, 11, 24));
    sha256_of(sha, first.text.at, first.text.len, hash);
    assert_memory_equal(second.statement.previous, hash, SHA256_SIZE);
    at(date_of(2026, 11, 22));
    assert_int_equal(try_make(f, &again, &made), RESULT_REFUSED);

    ok(f, db_begin(f->db, STORE_READ, &f->err));
    ok(f, root_prove(f->db, &first, starter, NULL, &proof, &f->err));
    root_proof_climb(&proof, sha, hash);
    assert_memory_equal(hash, first.statement.root, SHA256_SIZE);
    assert_int_equal(root_prove(f->db, &first, TEXT("1"), NULL, &proof, &f->err), RESULT_NOT_FOUND);
    db_rollback(f->db);
    clean(f);
    assert_int_equal(found.report.roots, 2);

    /* A key that is lost is not made anew, and one that others can read is not used. */
    chmod(path, 0640);
    at(date_of(2026, 11, 25));
    assert_int_equal(try_make(f, &again, &made), RESULT_CONFIG);
    unlink(path);
    assert_int_equal(try_make(f, &again, &made), RESULT_CONFIG);
    /* While an operation goes on there is no root. */
    raw_sql(
        f, "ledger",
        "INSERT INTO ledger.operation VALUES (1000000001, 'k', 1, 'x', 's', 1, 1, 1, 1, 0, 0, 0, '');");
    assert_int_equal(try_make(f, &again, &made), RESULT_BUSY);
    sha256_free(sha);
    remove_keys();
}

/* Rewrites the starter's newest entry and all hashes that follow, as one would who has the program. */
static void rewrite(struct fixture *f)
{
    struct entry_filter all = {.limit = 30};
    struct sha256 *sha = sha256_new();
    uint8_t previous[SHA256_SIZE] = {0};
    char sql[512], hex[2 * SHA256_SIZE + 1];
    struct entry *list;
    size_t count;
    bool more;

    ok(f, db_begin(f->db, STORE_READ, &f->err));
    ok(f, ledger_entries(f->db, arena, starter, &all, &list, &count, &more, &f->err));
    db_rollback(f->db);
    assert_true(count > 1 && !more);
    for (size_t i = count; i-- > 0;) {
        list[i].account = starter;
        if (i == 0)
            list[i].base = fen_add(list[i].base, fen_of(100));
        entry_hash(sha, &list[i], previous, previous);
        if (i > 0)
            assert_memory_equal(previous, list[i].hash, SHA256_SIZE);
    }
    sha256_hex(previous, hex);
    snprintf(
        sql, sizeof sql,
        on_sqlite(f)
            ? "UPDATE ledger.entry SET base = base + 100, hash = X'%s' WHERE account = '%s' AND seq = %d;"
              "UPDATE ledger.account SET head_hash = X'%s' WHERE account = '%s';"
            : "UPDATE ledger.entry SET base = base + 100, hash = '\\x%s' WHERE account = '%s' AND seq = %d;"
              "UPDATE ledger.account SET head_hash = '\\x%s' WHERE account = '%s';",
        hex, starter.at, (int)count, hex, starter.at);
    raw_sql(f, "ledger", sql);
    sha256_free(sha);
}

/* The second program names that field of the root of a day, and nothing else. */
static void audit_says(const struct fixture *f, const char *day, const char *field)
{
    json_t *document = audit_of(f), *d;
    int named = 0;
    size_t i;

    json_array_foreach(json_object_get(document, "differences"), i, d)
    {
        if (json_is_true(json_object_get(d, "imported")))
            continue;
        assert_string_equal(json_string_value(json_object_get(d, "table")), "ledger.root");
        named += strcmp(json_string_value(json_object_get(d, "key")), day) == 0 &&
                 strcmp(json_string_value(json_object_get(d, "field")), field) == 0;
    }
    if (named != 1)
        fail_msg("%s of %s is not named in %s", field, day, json_dumps(document, JSON_COMPACT));
    json_decref(document);
}

static void rewritten_history(void **state)
{
    struct fixture *f = *state;
    struct root root;
    struct root_proof proof;

    city_with_root(f);
    rewrite(f);
    clean(f); /* nothing else tells: a chain that is whole, figures that agree */
    rewrite(f);
    root = make(f, date_of(2026, 11, 23));
    clean(f);
    audited(f);
    rewrite(f);
    audit_says(f, "2026-11-23", "root");
    verify(f);
    says("ledger.root 2026-11-23: what the accounts from 08710000000");
    says("one of them was rewritten");
    assert_int_equal(found.report.faults, 1);
    ok(f, db_begin(f->db, STORE_READ, &f->err));
    assert_int_equal(root_prove(f->db, &root, starter, NULL, &proof, &f->err), RESULT_DAMAGED);
    db_rollback(f->db);
    /* The next root, signed by a program that knows nothing of it, does not hide the one before. */
    make(f, date_of(2026, 11, 24));
    verify(f);
    says("ledger.root 2026-11-23: what the accounts from");
    assert_int_equal(found.report.faults, 1);
    remove_keys();
}

static void altered_roots(void **state)
{
    static const struct {
        const char *sql, *says;
        const char *day, *field; /* that the second program names; it knows nothing of parts */
    } cases[] = {
        {"UPDATE ledger.root SET statement = replace(statement, 'set: 1', 'set: 0')",
         "2026-11-24: the signature is not of this statement", "2026-11-24", "signature"},
        {"UPDATE ledger.root SET signature = signer",
         "2026-11-24: the signature is not of this statement", "2026-11-24", "signature"},
        {"UPDATE ledger.root SET parts = signer", "2026-11-24: parts do not give the root", NULL,
         NULL},
        {"UPDATE ledger.root SET day = day + 5",
         "2026-11-29: statement cannot be read, or is of another day", "2026-11-29", "statement"},
        {"DELETE FROM ledger.root", "2026-11-25: the statement before it is another", "2026-11-23",
         "statement"},
    };
    struct fixture *f = *state;
    struct row whole = {.side = "ledger", .table = "root", .key = "1 = 1"};
    char sql[256];

    city_with_root(f);
    for (int day = 23; day <= 25; day++)
        make(f, date_of(2026, 11, day));
    clean(f);
    keep_row(f, &whole);
    for (size_t i = 0; i < COUNT(cases); i++) {
        snprintf(sql, sizeof sql, "%s WHERE day = %d;", cases[i].sql, date_of(2026, 11, 24).day);
        raw_sql(f, "ledger", sql);
        verify(f);
        says(cases[i].says);
        if (cases[i].day)
            audit_says(f, cases[i].day, cases[i].field);
        put_back(f, &whole, "1 = 1");
    }
    clean(f);
    audited(f);
    remove_keys();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees),           cmocka_unit_test(statements),
        cmocka_unit_test(made_once_a_day), cmocka_unit_test(rewritten_history),
        cmocka_unit_test(altered_roots),
    };

    return sodium_init() < 0 ? 1 : run_on_both("root", tests, COUNT(tests));
}
