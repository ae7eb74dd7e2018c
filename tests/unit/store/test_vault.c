/* Sealed fields: the format byte for byte, tampering, other places, keys. */
#include "fixture.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/vault.h"

static struct vault *open_in(const char *home, bool may_create, struct error *err)
{
    struct vault *v = NULL;
    char folder[128];

    snprintf(folder, sizeof folder, "%s/keys", home);
    vault_open(folder, may_create, &v, err);
    return v;
}

/* Runs a line of shell in the test's home folder. */
static void shell(const struct fixture *f, const char *line)
{
    char command[512];

    snprintf(command, sizeof command, "cd %s && %s", f->home, line);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): lines of ours alone */
}

static struct vault *opened(struct fixture *f)
{
    struct vault *v = open_in(f->home, true, &f->err);

    if (!v)
        fail_msg("%s", f->err.sentence);
    return v;
}

static struct vault_place place_of(struct text person)
{
    return (struct vault_place){"ledger.holder", "id", person};
}

static struct text seal(struct vault *v, struct text plain, struct text person, uint8_t *out)
{
    struct vault_item item = {.place = place_of(person), .in = plain, .out = out};
    struct random r;

    random_system(&r);
    assert_int_equal(vault_seal(v, &r, &item, 1), RESULT_OK);
    assert_true(item.ok);
    assert_int_equal(item.out_len, plain.len + VAULT_OVERHEAD);
    return (struct text){(const char *)out, item.out_len};
}

static bool opens(struct vault *v, struct text sealed, struct vault_place place, struct text plain)
{
    uint8_t out[VAULT_PLAIN_MAX + VAULT_OVERHEAD];
    struct vault_item item = {.place = place, .in = sealed, .out = out};
    enum result result = vault_open_fields(v, &item, 1);

    assert_int_equal(result, item.ok ? RESULT_OK : RESULT_DAMAGED);
    return item.ok && text_equal((struct text){(const char *)out, item.out_len}, plain);
}

static void read_key_file(const struct fixture *f, const char *name, uint8_t key[32])
{
    char path[128];
    struct stat st;
    FILE *file;

    snprintf(path, sizeof path, "%s/keys/%s", f->home, name);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_size, 32);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fread(key, 1, 32, file), 32);
    fclose(file);
}

/* What docs/stores.md says, done once more with libsodium alone. */
static void format_is_as_written(void **state)
{
    static const uint8_t place[] = "ledger.holder\0id\0P000001";
    struct fixture *f = *state;
    struct vault *v = opened(f);
    uint8_t out[64 + VAULT_OVERHEAD], plain[64], key[32];
    struct text sealed = seal(v, TEXT("530199199001011234"), TEXT("P000001"), out);
    unsigned long long len = 0;

    assert_int_equal(out[0], 0x01);
    assert_int_equal(out[1], 1);
    assert_int_equal(sealed.len, 2 + 24 + 18 + 16);
    read_key_file(f, "field-1.key", key);
    assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &len, NULL, out + 26,
                                                                sealed.len - 26, place,
                                                                sizeof place - 1, out + 2, key),
                     0);
    assert_int_equal(len, 18);
    assert_memory_equal(plain, "530199199001011234", 18);
    vault_close(v);
}

static void index_is_as_written(void **state)
{
    static const char value[] = "phone\0"
                                "10012345678";
    struct fixture *f = *state;
    struct vault *v = opened(f);
    uint8_t got[VAULT_INDEX_SIZE], want[VAULT_INDEX_SIZE], key[32];

    vault_index(v, "phone", TEXT("10012345678"), got);
    read_key_file(f, "index.key", key);
    crypto_generichash(want, sizeof want, (const uint8_t *)value, sizeof value - 1, key, 32);
    assert_memory_equal(got, want, sizeof want);
    vault_token_hash(v, "phone", TEXT("10012345678"), got);
    read_key_file(f, "token.key", key);
    crypto_generichash(want, sizeof want, (const uint8_t *)value, sizeof value - 1, key, 32);
    assert_memory_equal(got, want, sizeof want);
    vault_index(v, "card", TEXT("10012345678"), want);
    assert_memory_not_equal(got, want, sizeof want);
    vault_index(v, "phone", (struct text){NULL, 0}, want);
    vault_close(v);
}

static void no_changed_byte_opens(void **state)
{
    struct fixture *f = *state;
    struct vault *v = opened(f);
    uint8_t out[64 + VAULT_OVERHEAD];
    struct text plain = TEXT("530199199001011234"), sealed = seal(v, plain, TEXT("P1"), out);

    assert_true(opens(v, sealed, place_of(TEXT("P1")), plain));
    for (size_t i = 0; i < sealed.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            out[i] ^= (uint8_t)(1 << bit);
            assert_false(opens(v, sealed, place_of(TEXT("P1")), plain));
            out[i] ^= (uint8_t)(1 << bit);
        }
    }
    for (size_t len = 0; len < sealed.len; len++)
        assert_false(opens(v, (struct text){sealed.at, len}, place_of(TEXT("P1")), plain));
    assert_true(opens(v, sealed, place_of(TEXT("P1")), plain));
    vault_close(v);
}

static void no_other_place_opens(void **state)
{
    static const struct vault_place others[] = {
        {"ledger.holder", "id", {"P2", 2}},  {"ledger.holder", "id", {"", 0}},
        {"ledger.holder", "id", {"P11", 3}}, {"ledger.holder", "phone", {"P1", 2}},
        {"desk.member", "id", {"P1", 2}},    {"ledger.holde", "rid", {"P1", 2}},
    };
    struct fixture *f = *state;
    struct vault *v = opened(f);
    uint8_t out[64 + VAULT_OVERHEAD];
    struct text sealed = seal(v, TEXT("x"), TEXT("P1"), out);

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(opens(v, sealed, others[i], TEXT("x")));
    vault_close(v);
}

/* One bad item is named, the others open. */
static void batches(void **state)
{
    enum { N = 100 };
    static uint8_t sealed[N][32 + VAULT_OVERHEAD], plain[N][32 + VAULT_OVERHEAD];
    static char text[N][32];
    struct fixture *f = *state;
    struct vault *v = opened(f);
    struct vault_item items[N];
    struct random r;

    random_system(&r);
    for (int i = 0; i < N; i++) {
        snprintf(text[i], sizeof text[i], "%d", i * 1000003);
        items[i] = (struct vault_item){
            .place = place_of(text_of(text[i])), .in = text_of(text[i]), .out = sealed[i]};
    }
    assert_int_equal(vault_seal(v, &r, items, N), RESULT_OK);
    for (int i = 0; i < N; i++) {
        items[i].in = (struct text){(const char *)sealed[i], items[i].out_len};
        items[i].out = plain[i];
    }
    sealed[42][30] ^= 1;
    assert_int_equal(vault_open_fields(v, items, N), RESULT_DAMAGED);
    for (int i = 0; i < N; i++) {
        assert_int_equal(items[i].ok, i != 42);
        if (i != 42)
            assert_true(text_equal((struct text){(const char *)plain[i], items[i].out_len},
                                   text_of(text[i])));
    }
    vault_close(v);
}

static void limits(void **state)
{
    static uint8_t out[VAULT_PLAIN_MAX + 1 + VAULT_OVERHEAD];
    static char plain[VAULT_PLAIN_MAX + 1];
    struct fixture *f = *state;
    struct vault *v = opened(f);
    struct vault_item item = {.place = place_of(TEXT("P")), .out = out};
    struct random r;

    random_system(&r);
    assert_true(opens(v, seal(v, (struct text){plain, VAULT_PLAIN_MAX}, TEXT("P"), out),
                      place_of(TEXT("P")), (struct text){plain, VAULT_PLAIN_MAX}));
    assert_true(opens(v, seal(v, TEXT(""), TEXT("P"), out), place_of(TEXT("P")), TEXT("")));
    item.in = (struct text){plain, sizeof plain};
    assert_int_equal(vault_seal(v, &r, &item, 1), RESULT_INVALID);
    assert_false(item.ok);
    item.in = TEXT("x");
    item.place.person = (struct text){plain, 400};
    assert_int_equal(vault_seal(v, &r, &item, 1), RESULT_INVALID);
    vault_close(v);
}

static void keys_stay(void **state)
{
    struct fixture *f = *state;
    struct vault *v = opened(f);
    uint8_t out[64 + VAULT_OVERHEAD], a[VAULT_INDEX_SIZE], b[VAULT_INDEX_SIZE];
    struct text sealed = seal(v, TEXT("x"), TEXT("P"), out);

    vault_index(v, "id", TEXT("1"), a);
    vault_close(v);
    v = open_in(f->home, false, &f->err);
    assert_non_null(v);
    assert_true(opens(v, sealed, place_of(TEXT("P")), TEXT("x")));
    vault_index(v, "id", TEXT("1"), b);
    assert_memory_equal(a, b, sizeof a);
    vault_close(v);
}

/* Puts the keys folder into a state, expects a refusal that names the place, and puts it back. */
static void expect_refused(struct fixture *f, const char *change, const char *back)
{
    shell(f, change);
    f->err = (struct error){0};
    assert_null(open_in(f->home, true, &f->err));
    assert_int_equal(f->err.code, RESULT_CONFIG);
    assert_non_null(strstr(f->err.sentence, f->home));
    assert_null(strchr(f->err.sentence, '\n'));
    shell(f, back);
    struct vault *v = open_in(f->home, false, &f->err);
    assert_non_null(v);
    vault_close(v);
}

static void bad_keys_are_refused(void **state)
{
    struct fixture *f = *state;

    assert_null(open_in(f->home, false, &f->err)); /* there is no folder, and none may be made */
    assert_int_equal(f->err.code, RESULT_CONFIG);
    vault_close(opened(f));
    expect_refused(f, "chmod 640 keys/index.key", "chmod 600 keys/index.key");
    expect_refused(f, "chmod 604 keys/field-1.key", "chmod 600 keys/field-1.key");
    expect_refused(f, "chmod 777 keys", "chmod 700 keys");
    expect_refused(f, "mv keys/field-1.key away", "mv away keys/field-1.key");
    expect_refused(f, "mv keys/index.key away", "mv away keys/index.key");
    expect_refused(f, "mv keys/token.key away && ln -s ../away keys/token.key",
                   "rm keys/token.key && mv away keys/token.key");
    expect_refused(f, "cp -p keys/token.key away && printf x >> keys/token.key",
                   "mv away keys/token.key");
    expect_refused(f, "cp -p keys/token.key away && : > keys/token.key", "mv away keys/token.key");
    expect_refused(f, "cp -p keys/token.key keys/field-7.key && chmod 644 keys/field-7.key",
                   "rm keys/field-7.key");
}

/* A new key seals, the old one still opens. */
static void next_key(void **state)
{
    struct fixture *f = *state;
    struct vault *v = opened(f);
    uint8_t one[64 + VAULT_OVERHEAD], two[64 + VAULT_OVERHEAD];
    struct text old = seal(v, TEXT("x"), TEXT("P"), one);

    vault_close(v);
    shell(f, "umask 077 && head -c 32 /dev/urandom > keys/field-3.key");
    v = opened(f);
    struct text new = seal(v, TEXT("y"), TEXT("P"), two);
    assert_int_equal(two[1], 3);
    assert_true(opens(v, old, place_of(TEXT("P")), TEXT("x")));
    assert_true(opens(v, new, place_of(TEXT("P")), TEXT("y")));
    vault_close(v);
}

/* Killed while the first keys are made: the next start has keys, and they are whole. */
static void killed_while_making_keys(void **state)
{
    struct fixture *f = *state;

    for (int round = 0; round < 30; round++) {
        int status;
        pid_t child;

        shell(f, "rm -rf keys");
        child = fork();
        if (child == 0)
            _exit(open_in(f->home, true, NULL) ? 0 : 1);
        usleep((useconds_t)round * 200);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        vault_close(opened(f));
    }
}

static void database_holds_no_plain_text(void **state)
{
    static const char id[] = "530199199001011234";
    struct fixture *f = *state;
    struct vault *v = opened(f);
    uint8_t out[64 + VAULT_OVERHEAD], index[VAULT_INDEX_SIZE];
    struct text sealed = seal(v, text_of(id), TEXT("P000001"), out);
    struct stmt *q;

    vault_index(v, "id", text_of(id), index);
    ok(f, db_begin(f->db, STORE_WRITE_LEDGER, &f->err));
    q = db_query(f->db, QUERY_holder_put);
    stmt_text(q, 1, TEXT("A000001"));
    stmt_text(q, 2, TEXT("P000001"));
    stmt_bytes(q, 3, sealed.at, sealed.len);
    stmt_bytes(q, 4, index, sizeof index);
    ok(f, stmt_run(q, NULL, &f->err));
    ok(f, db_commit(f->db, &f->err));
    if (on_sqlite(f)) {
        assert_true(files_hold(f, "A000001", 7));
        assert_true(files_hold(f, sealed.at, sealed.len));
        assert_false(files_hold(f, id, strlen(id)));
    }
    vault_close(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_is_as_written),
        cmocka_unit_test(index_is_as_written),
        cmocka_unit_test(no_changed_byte_opens),
        cmocka_unit_test(no_other_place_opens),
        cmocka_unit_test(batches),
        cmocka_unit_test(limits),
        cmocka_unit_test(keys_stay),
        cmocka_unit_test(bad_keys_are_refused),
        cmocka_unit_test(next_key),
        cmocka_unit_test(killed_while_making_keys),
        cmocka_unit_test(database_holds_no_plain_text),
    };

    return run_on_both("vault", tests, sizeof tests / sizeof tests[0]);
}
