#include "check.h"

#include <jansson.h>

#include "base/json.h"
#include "base/random.h"

static void everything_is_written(void **state)
{
    struct clock c;
    struct json j;

    (void)state;
    clock_fixed(&c, "Asia/Shanghai", 0);
    json_start(&j, 4096);
    json_put_object(&j, NULL);
    json_put_fen(&j, "balance", fen_of(-123450));
    json_put_percent(&j, "ratio", 50000);
    json_put_percent(&j, "rate", 35750);
    json_put_date(&j, "on", date_of(2026, 6, 30));
    json_put_date(&j, "closed", DATE_NONE);
    json_put_month(&j, "for", month_of(2026, 6));
    json_put_instant(&j, "at", &c, INT64_C(1795396325000));
    json_put_int(&j, "min", INT64_MIN);
    json_put_int(&j, "max", INT64_MAX);
    json_put_int(&j, "zero", 0);
    json_put_bool(&j, "yes", true);
    json_put_bool(&j, "no", false);
    json_put_null(&j, "nothing");
    json_put_word(&j, "word", "ok");
    json_put_array(&j, "rows");
    json_put_object(&j, NULL);
    json_put_object_end(&j);
    json_put_array(&j, NULL);
    json_put_array_end(&j);
    json_put_int(&j, NULL, 1);
    json_put_text(&j, NULL, TEXT("李"));
    json_put_array_end(&j);
    json_put_object(&j, "empty");
    json_put_object_end(&j);
    json_put_object_end(&j);
    assert_false(j.failed);
    assert_string_equal(j.at,
                        "{\"balance\":\"-1234.50\",\"ratio\":\"5.00\",\"rate\":\"3.575\","
                        "\"on\":\"2026-06-30\",\"closed\":null,\"for\":\"2026-06\","
                        "\"at\":\"2026-11-23T09:12:05+08:00\",\"min\":-9223372036854775808,"
                        "\"max\":9223372036854775807,\"zero\":0,\"yes\":true,\"no\":false,"
                        "\"nothing\":null,\"word\":\"ok\",\"rows\":[{},[],1,\"李\"],\"empty\":{}}");
    assert_int_equal(j.len, strlen(j.at));
    json_free(&j);
    assert_null(j.at);
}

/* RFC 8259, section 7. */
static void characters_are_escaped(void **state)
{
    struct json j;

    (void)state;
    json_start(&j, 4096);
    json_put_array(&j, NULL);
    json_put_text(&j, NULL, TEXT("a\"b\\c/\b\f\n\r\t\x01\x1f\x7f"));
    json_put_text(&j, NULL, (struct text){"\0", 1});
    json_put_text(&j, NULL, (struct text){NULL, 0});
    json_put_text(&j, NULL, TEXT("\xE2\x80\xA8"));           /* U+2028 stays */
    json_put_text(&j, NULL, TEXT("x\xFFy\xC0\x80\xE6\x9D")); /* not UTF-8 */
    json_put_array_end(&j);
    assert_string_equal(
        j.at,
        "[\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\",\"\\u0000\",\"\",\"\xE2\x80\xA8\","
        "\"x\xEF\xBF\xBDy\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"]");
    json_free(&j);
}

/* Whatever bytes come, a reader that is not ours accepts the outcome, and clean text unchanged. */
static void another_reader_accepts_it(void **state)
{
    struct random r;

    (void)state;
    random_seeded(&r, 10);
    for (int i = 0; i < 50000; i++) {
        char bytes[64];
        struct text t = {bytes, random_below(&r, sizeof bytes + 1)};
        json_t *read;
        struct json j;

        random_fill(&r, bytes, t.len);
        for (size_t k = 0; k < t.len && i % 2; k++)
            bytes[k] = (char)(0x20 + (bytes[k] & 0x3F)); /* clean ASCII with quotes */
        json_start(&j, 1024);
        json_put_array(&j, NULL);
        json_put_text(&j, NULL, t);
        json_put_array_end(&j);
        read = json_loadb(j.at, j.len, JSON_ALLOW_NUL, NULL);
        assert_non_null(read);
        if (text_is_clean_utf8(t)) {
            json_t *value = json_array_get(read, 0);

            assert_int_equal(json_string_length(value), t.len);
            assert_memory_equal(json_string_value(value), bytes, t.len);
        }
        json_decref(read);
        json_free(&j);
    }
}

/* At every limit below what is needed the writer fails, holds no more, and stays failed. */
static void limit_is_kept(void **state)
{
    static const char whole[] = "{\"a\":\"b\\n\",\"n\":123}";

    (void)state;
    for (size_t limit = 0; limit <= sizeof whole; limit++) {
        struct json j;

        json_start(&j, limit);
        json_put_object(&j, NULL);
        json_put_text(&j, "a", TEXT("b\n"));
        json_put_int(&j, "n", 123);
        json_put_object_end(&j);
        assert_true(j.len <= limit);
        assert_int_equal(j.failed, limit < sizeof whole - 1);
        if (j.failed) {
            size_t len = j.len;

            json_put_null(&j, NULL);
            assert_true(j.failed && j.len == len);
        } else {
            assert_string_equal(j.at, whole);
        }
        json_free(&j);
    }
}

static void memory_runs_out(void **state)
{
    (void)state;
    for (int allowed = 0; allowed < 8; allowed++) {
        struct json j;

        json_start(&j, 1 << 20);
        alloc_fault_after(allowed);
        json_put_array(&j, NULL);
        for (int i = 0; i < 10000; i++)
            json_put_int(&j, NULL, i);
        json_put_array_end(&j);
        alloc_fault_after(-1);
        /* 8 KiB doubled three times holds the 48,891 bytes */
        assert_int_equal(j.failed, allowed < 4);
        json_free(&j);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_written),     cmocka_unit_test(characters_are_escaped),
        cmocka_unit_test(another_reader_accepts_it), cmocka_unit_test(limit_is_kept),
        cmocka_unit_test(memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
