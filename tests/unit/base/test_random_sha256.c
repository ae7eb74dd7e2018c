#include "check.h"

#include <openssl/crypto.h>

#include "base/random.h"
#include "base/sha256.h"

/* First numbers of splitmix64 with seed 0, as the generator's authors and many ports give them:
 * they are the state of a stream with this seed. */
static void seeding_is_splitmix64(void **state)
{
    static const uint64_t want[] = {0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F,
                                    0xF88BB8A8724C81EC};
    struct random r;

    (void)state;
    random_seeded(&r, 0);
    assert_memory_equal(r.state, want, sizeof want);
}

/* xoshiro256** from the state 1, 2, 3, 4: the reference C program gives these numbers. */
static void stream_is_xoshiro(void **state)
{
    static const uint64_t want[] = {
        11520,
        0,
        1509978240,
        UINT64_C(1215971899390074240),
        UINT64_C(1216172134540287360),
        UINT64_C(607988272756665600),
        UINT64_C(16172922978634559625),
        UINT64_C(8476171486693032832),
        UINT64_C(10595114339597558777),
        UINT64_C(2904607092377533576),
    };
    struct random r;

    (void)state;
    random_seeded(&r, 0);
    for (uint64_t i = 0; i < 4; i++)
        r.state[i] = i + 1;
    for (size_t i = 0; i < COUNT(want); i++)
        assert_true(random_u64(&r) == want[i]);
}

static void same_seed_same_stream(void **state)
{
    unsigned char one[100], two[100];
    struct random a, b;

    (void)state;
    random_seeded(&a, 42);
    random_seeded(&b, 42);
    random_fill(&a, one, sizeof one);
    random_fill(&b, two, sizeof two);
    assert_memory_equal(one, two, sizeof one);
    random_fill(&a, one, 0);
    assert_true(random_u64(&a) == random_u64(&b));
    random_seeded(&b, 43);
    random_fill(&b, two, sizeof two);
    assert_memory_not_equal(one, two, sizeof one);
}

static void below_is_uniform(void **state)
{
    struct random r;
    int counts[7] = {0};
    uint64_t huge = (UINT64_C(1) << 63) + 1;
    int high = 0;

    (void)state;
    random_seeded(&r, 12);
    for (int i = 0; i < 700000; i++)
        counts[random_below(&r, 7)]++;
    for (int i = 0; i < 7; i++) /* 100,000 each; five deviations are 1,464 */
        assert_true(abs(counts[i] - 100000) < 1464);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(random_below(&r, 1), 0);
    for (int i = 0; i < 10000; i++) { /* nearly half of the products must be left out here */
        uint64_t n = random_below(&r, huge);

        assert_true(n < huge);
        high += n >= huge / 2;
    }
    assert_true(abs(high - 5000) < 250);
}

static void the_system_s_is_not_constant(void **state)
{
    unsigned char one[400], two[400];
    struct random r;

    (void)state;
    random_system(&r);
    random_fill(&r, one, sizeof one);
    random_fill(&r, two, sizeof two);
    assert_memory_not_equal(one, two, sizeof one);
    assert_true(random_u64(&r) != random_u64(&r));
    assert_true(random_below(&r, 10) < 10);
}

/* FIPS 180-4, examples of the standard. */
static void hashes_are_the_standard_s(void **state)
{
    static const struct {
        const char *text, *hex;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    struct sha256 *s = sha256_new();
    uint8_t out[SHA256_SIZE], block[1000];
    char hex[65];

    (void)state;
    assert_non_null(s);
    for (size_t i = 0; i < COUNT(cases); i++) {
        sha256_of(s, cases[i].text, strlen(cases[i].text), out);
        sha256_hex(out, hex);
        assert_string_equal(hex, cases[i].hex);
    }
    memset(block, 'a', sizeof block); /* a million times "a" */
    sha256_begin(s);
    for (int i = 0; i < 1000; i++)
        sha256_add(s, block, sizeof block);
    sha256_end(s, out);
    sha256_hex(out, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    sha256_free(s);
    sha256_free(NULL);
}

/* However a message is cut, its hash is the same; a begun one can be left. */
static void pieces_do_not_matter(void **state)
{
    struct sha256 *s = sha256_new();
    struct random r;

    (void)state;
    random_seeded(&r, 13);
    for (int i = 0; i < 5000; i++) {
        uint8_t bytes[500], whole[SHA256_SIZE], pieces[SHA256_SIZE];
        size_t size = random_below(&r, sizeof bytes + 1);

        random_fill(&r, bytes, size);
        sha256_of(s, bytes, size, whole);
        sha256_begin(s);
        sha256_add(s, "left", 4);
        sha256_begin(s);
        for (size_t at = 0; at < size;) {
            size_t n = 1 + random_below(&r, size - at);

            sha256_add(s, bytes + at, n);
            at += n;
        }
        sha256_end(s, pieces);
        assert_memory_equal(whole, pieces, SHA256_SIZE);
    }
    sha256_free(s);
}

static int crypto_left = -1;

static void *crypto_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    if (crypto_left == 0 || (crypto_left > 0 && crypto_left-- == 0))
        return NULL;
    return malloc(size);
}

static void *crypto_realloc(void *p, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    if (crypto_left == 0 || (crypto_left > 0 && crypto_left-- == 0))
        return NULL;
    return realloc(p, size);
}

static void crypto_free(void *p, const char *file, int line)
{
    (void)file;
    (void)line;
    free(p);
}

/* Memory fails at each place in turn, here and inside OpenSSL: NULL or a working hash. */
static void memory_runs_out(void **state)
{
    struct sha256 *s = sha256_new(); /* so that OpenSSL has set itself up */
    uint8_t out[SHA256_SIZE];
    char hex[65];
    int failures = 0;

    (void)state;
    assert_non_null(s);
    sha256_free(s);
    alloc_fault_after(0);
    assert_null(sha256_new());
    alloc_fault_after(-1);
    for (int allowed = 0; allowed < 40; allowed++) {
        crypto_left = allowed;
        s = sha256_new();
        crypto_left = -1;
        if (!s) {
            failures++;
            continue;
        }
        sha256_of(s, "abc", 3, out);
        sha256_hex(out, hex);
        assert_int_equal(strncmp(hex, "ba7816bf", 8), 0);
        sha256_free(s);
    }
    assert_true(failures > 0 && failures < 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeding_is_splitmix64),        cmocka_unit_test(stream_is_xoshiro),
        cmocka_unit_test(same_seed_same_stream),        cmocka_unit_test(below_is_uniform),
        cmocka_unit_test(the_system_s_is_not_constant), cmocka_unit_test(hashes_are_the_standard_s),
        cmocka_unit_test(pieces_do_not_matter),         cmocka_unit_test(memory_runs_out),
    };

    if (!CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
