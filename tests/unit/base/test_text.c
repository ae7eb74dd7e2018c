#include "check.h"

#include "base/random.h"
#include "base/text.h"

/* The encoder, written from the table of RFC 3629, section 3. */
static size_t encode(uint32_t c, uint8_t out[4])
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xC0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xE0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    out[3] = (uint8_t)(0x80 | (c & 0x3F));
    return 4;
}

static bool is_character(uint32_t c)
{
    return c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF);
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || c == 0x7F;
}

static void every_character_is_judged(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x1FFFFF; c++) {
        uint8_t bytes[4];
        size_t n = encode(c, bytes);
        struct text t = {(const char *)bytes, n};

        assert_int_equal(text_is_clean_utf8(t), is_character(c) && !is_control(c));
        if (is_character(c))
            assert_int_equal(text_characters(t), 1);
    }
}

/* The reference: decode bit by bit, then ask whether encoding gives the same bytes. */
static bool is_clean_slowly(const uint8_t *p, size_t len)
{
    size_t i = 0;

    while (i < len) {
        size_t n = p[i] < 0x80 ? 1 : p[i] < 0xE0 ? 2 : p[i] < 0xF0 ? 3 : 4;
        uint32_t c = n == 1 ? p[i] : p[i] & (0x7Fu >> n);
        uint8_t again[4];

        if (i + n > len)
            return false;
        for (size_t k = 1; k < n; k++)
            c = c << 6 | (p[i + k] & 0x3F);
        if (!is_character(c) || is_control(c) || encode(c, again) != n ||
            memcmp(again, p + i, n) != 0)
            return false;
        i += n;
    }
    return true;
}

static void fast_and_slow_agree(void **state)
{
    struct random r;

    (void)state;
    random_seeded(&r, 4);
    for (int i = 0; i < 400000; i++) {
        size_t len = 0, want = random_below(&r, 40);
        uint8_t drawn[48], *bytes;
        struct text t;

        while (len < want) {
            uint32_t c = random_below(&r, 8) ? 0x20 + (uint32_t)random_below(&r, 95)
                                             : (uint32_t)random_below(&r, 0x10FFFF);
            len += encode(is_character(c) && !is_control(c) ? c : 'x', drawn + len);
        }
        bytes = malloc(len ? len : 1); /* exact memory, so that a sanitizer sees overreading */
        assert_non_null(bytes);
        memcpy(bytes, drawn, len);
        if (len && i % 2)
            bytes[random_below(&r, len)] = (uint8_t)random_below(&r, 256);
        t = (struct text){(const char *)bytes, len};
        assert_int_equal(text_is_clean_utf8(t), is_clean_slowly(bytes, len));
        if (len) { /* a character cut at the end */
            t.len--;
            assert_int_equal(text_is_clean_utf8(t), is_clean_slowly(bytes, t.len));
        }
        free(bytes);
    }
}

/* A control character at every place of texts of every short length. */
static void control_characters_are_seen_everywhere(void **state)
{
    static const uint8_t controls[] = {0, 9, 10, 13, 0x1B, 0x1F, 0x7F};
    char bytes[40];

    (void)state;
    for (size_t len = 1; len <= sizeof bytes; len++) {
        memset(bytes, '~', sizeof bytes);
        assert_true(text_is_clean_utf8((struct text){bytes, len}));
        for (size_t at = 0; at < len; at++) {
            for (size_t k = 0; k < COUNT(controls); k++) {
                bytes[at] = (char)controls[k];
                assert_false(text_is_clean_utf8((struct text){bytes, len}));
            }
            bytes[at] = ' ';
        }
    }
    assert_true(text_is_clean_utf8((struct text){NULL, 0}));
    assert_true(text_is_clean_utf8(TEXT("昆明市五华区 Ä 𠮷")));
    assert_int_equal(text_characters(TEXT("昆明 Ä𠮷")), 5);
    assert_int_equal(text_characters((struct text){NULL, 0}), 0);
}

static void comparing(void **state)
{
    (void)state;
    assert_true(text_compare(TEXT("a"), TEXT("b")) < 0);
    assert_true(text_compare(TEXT("b"), TEXT("a")) > 0);
    assert_true(text_compare(TEXT("a"), TEXT("ab")) < 0);
    assert_true(text_compare(TEXT("ab"), TEXT("a")) > 0);
    assert_true(text_compare(TEXT("z"), TEXT("é")) < 0); /* bytes are unsigned */
    assert_int_equal(text_compare(TEXT("ab"), TEXT("ab")), 0);
    assert_int_equal(text_compare((struct text){NULL, 0}, TEXT("")), 0);
    assert_true(text_compare((struct text){NULL, 0}, TEXT("a")) < 0);
    assert_true(text_equal((struct text){NULL, 0}, TEXT("")));
    assert_true(text_starts(TEXT("530199"), TEXT("53")));
    assert_true(text_starts(TEXT("53"), TEXT("53")));
    assert_true(text_starts(TEXT("53"), (struct text){NULL, 0}));
    assert_false(text_starts(TEXT("5"), TEXT("53")));
    assert_int_equal(text_of(NULL).len, 0);
}

static void copying(void **state)
{
    char out[4] = "xyz";

    (void)state;
    assert_true(text_copy(TEXT("abc"), out, sizeof out));
    assert_string_equal(out, "abc");
    assert_false(text_copy(TEXT("abcd"), out, sizeof out));
    assert_string_equal(out, "");
    assert_true(text_copy((struct text){NULL, 0}, out, 1));
    assert_string_equal(out, "");
    out[0] = 'x';
    assert_false(text_copy(TEXT(""), out, 0));
    assert_int_equal(out[0], 'x');
}

static void numbers(void **state)
{
    static const char *const bad[] = {"",   "-1", "+1",  " 1",
                                      "1 ", "1a", "1.0", "1234567890123456789"};
    int64_t n = 5;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(text_to_int(text_of(bad[i]), &n));
    assert_int_equal(n, 5);
    assert_true(text_to_int(TEXT("0"), &n) && n == 0);
    assert_true(text_to_int(TEXT("007"), &n) && n == 7);
    assert_true(text_to_int(TEXT("999999999999999999"), &n) && n == INT64_C(999999999999999999));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_is_judged),
        cmocka_unit_test(fast_and_slow_agree),
        cmocka_unit_test(control_characters_are_seen_everywhere),
        cmocka_unit_test(comparing),
        cmocka_unit_test(copying),
        cmocka_unit_test(numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
