#include "check.h"

#include "base/money.h"
#include "base/random.h"

static void parse_accepts_exactly_two_decimals(void **state)
{
    static const struct {
        const char *text;
        int64_t fen;
    } good[] = {
        {"0.00", 0},
        {"0.01", 1},
        {"-0.01", -1},
        {"-0.05", -5},
        {"12.30", 1230},
        {"1234.50", 123450},
        {"-1234.50", -123450},
        {"100000000000.00", FEN_LIMIT},
        {"-100000000000.00", -FEN_LIMIT},
    };
    static const char *const bad[] = {
        "",
        "-",
        "0",
        ".00",
        "-.00",
        "-0.00",
        "+1.00",
        "1.0",
        "1.000",
        "1,000.00",
        ":.00", /* the character after 9 */
        "1.:0",
        "01.00",
        "00.00",
        "1",
        "1.",
        " 1.00",
        "1.00 ",
        "1.0a",
        "a.00",
        "1.-1",
        "--1.00",
        "-+1.00",
        "1e5.00",
        "1..00",
        "0x1.00",
        "100000000000.01",
        "-100000000000.01",
        "999999999999.99",
        "1000000000000.00",
        "99999999999999999999999.00",
        "１.00",
    };
    fen out;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(fen_parse(text_of(good[i].text), &out));
        assert_int_equal(out.n, good[i].fen);
    }
    out = fen_of(77);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(fen_parse(text_of(bad[i]), &out));
    assert_false(fen_parse((struct text){NULL, 0}, &out));
    assert_int_equal(out.n, 77);
}

static void format_and_parse_are_inverse(void **state)
{
    struct random r;
    char out[FEN_TEXT_MAX];

    (void)state;
    random_seeded(&r, 1);
    for (int i = 0; i < 200000; i++) {
        /* Amounts of every length, not only long ones. */
        uint64_t scale = (uint64_t)1 << random_below(&r, 44);
        fen in = fen_of((int64_t)random_below(&r, scale) % (FEN_LIMIT + 1)), back;
        int len;

        if (i % 2)
            in = fen_negate(in);
        len = fen_format(in, out);
        assert_int_equal(len, strlen(out));
        assert_true(fen_parse(text_of(out), &back));
        assert_int_equal(back.n, in.n);
    }
    assert_int_equal(fen_format(fen_of(INT64_MIN), out), 21);
    assert_string_equal(out, "-92233720368547758.08");
    fen_format(fen_of(INT64_MAX), out);
    assert_string_equal(out, "92233720368547758.07");
}

/* The definition: the result is nearest to n / d, and at half way it is the one farther from
 * zero. Written with multiplication only, where the program divides. */
static bool is_rounded_half_up(__int128 n, int64_t d, __int128 q)
{
    __int128 magnitude = n < 0 ? -n : n, rounded = q < 0 ? -q : q;

    if (q != 0 && (n < 0) != (q < 0))
        return false;
    return 2 * magnitude >= 2 * rounded * d - d && 2 * magnitude < 2 * rounded * d + d;
}

static void rounding_holds_its_definition(void **state)
{
    struct random r;

    (void)state;
    assert_int_equal(round_half_up(0, 1), 0);
    assert_int_equal(round_half_up(1, 2), 1);
    assert_int_equal(round_half_up(-1, 2), -1);
    assert_int_equal(round_half_up(1, 3), 0);
    assert_int_equal(round_half_up(-5, 10), -1);
    assert_int_equal(round_half_up(-4, 10), 0);
    assert_int_equal(round_half_up(149, 100), 1);
    assert_int_equal(round_half_up(INT64_MAX, 1), INT64_MAX);
    assert_int_equal(round_half_up(INT64_MIN, 1), INT64_MIN);
    assert_int_equal(round_half_up(INT64_MAX, INT64_MAX), 1);
    assert_int_equal(round_half_up((__int128)INT64_MAX * INT64_MAX, INT64_MAX), INT64_MAX);
    random_seeded(&r, 2);
    for (int i = 0; i < 200000; i++) {
        int64_t d = 1 + (int64_t)random_below(&r, (uint64_t)1 << (1 + random_below(&r, 40)));
        __int128 n = (__int128)random_below(&r, (uint64_t)1 << 62) * (int64_t)random_below(&r, d);

        if (i % 3 == 0) /* half way and next to it */
            n = (__int128)random_below(&r, 1000) * d + d / 2 + (i % 9) / 3 - 1;
        if (i % 2)
            n = -n;
        assert_true(is_rounded_half_up(n, d, round_half_up(n, d)));
    }
}

/* Kunming rounds each side's share to the whole yuan by itself: 20,010 x 5 % is 1,001 and
 * 2,270 x 5 % is 114. */
static void shares_are_whole_yuan(void **state)
{
    static const struct {
        int64_t base;
        millionths ratio;
        int64_t share;
    } cases[] = {
        {2001000, 50000, 100100}, {227000, 50000, 11400},     {3254300, 120000, 390500},
        {1000, 49999, 0},         {1000, 50000, 100},         {0, 50000, 0},
        {2000900, 50000, 100000}, {-2001000, 50000, -100100},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(fen_share_whole_yuan(fen_of(cases[i].base), cases[i].ratio).n,
                         cases[i].share);
}

/* Sum of balance x days, times the annual rate, over 360, rounded once. A year of 365 days at
 * 1.50 % on 50,000.00 gives 760.42 (2,737,500 / 3,600 = 760.416…), not 750.00. */
static void interest_is_exact(void **state)
{
    (void)state;
    assert_int_equal(fen_interest((__int128)5000000 * 365, 15000).n, 76042);
    assert_int_equal(fen_interest((__int128)5000000 * 366, 15000).n, 76250);
    assert_int_equal(fen_interest(0, 15000).n, 0);
    assert_int_equal(fen_interest(12000, 15000).n, 1); /* exactly half a fen: 12,000 / 24,000 */
    assert_int_equal(fen_interest(11999, 15000).n, 0);
    assert_int_equal(fen_interest(-12000, 15000).n, -1);
    /* FEN_LIMIT for a hundred years at 5 %: 10^13 x 36,500 x 0.05 / 360, by hand. */
    assert_int_equal(fen_interest((__int128)FEN_LIMIT * 36500, 50000).n, INT64_C(50694444444444));
}

static void percent_is_read_and_written_exactly(void **state)
{
    static const char *const bad[] = {"",      "5",       "5.0",  "5.000", "-5.00", "+5.00",
                                      "05.00", "1000.00", "5,00", "5.0x",  ".50",   "5.00%"};
    char out[PERCENT_TEXT_MAX];
    millionths rate = 7;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(millionths_parse_percent(text_of(bad[i]), &rate));
    assert_int_equal(rate, 7);
    for (int hundredths = 0; hundredths <= 99999; hundredths++) {
        char text[PERCENT_TEXT_MAX];

        snprintf(text, sizeof text, "%d.%02d", hundredths / 100, hundredths % 100);
        assert_true(millionths_parse_percent(text_of(text), &rate));
        assert_int_equal(rate, hundredths * 100);
        assert_int_equal(millionths_format_percent(rate, out), strlen(text));
        assert_string_equal(out, text);
    }
    assert_int_equal(millionths_format_percent(35750, out), 5);
    assert_string_equal(out, "3.575");
    millionths_format_percent(15001, out);
    assert_string_equal(out, "1.5001");
    millionths_format_percent(-1, out);
    assert_string_equal(out, "-0.0001");
    millionths_format_percent(INT32_MIN, out);
    assert_string_equal(out, "-214748.3648");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_accepts_exactly_two_decimals),
        cmocka_unit_test(format_and_parse_are_inverse),
        cmocka_unit_test(rounding_holds_its_definition),
        cmocka_unit_test(shares_are_whole_yuan),
        cmocka_unit_test(interest_is_exact),
        cmocka_unit_test(percent_is_read_and_written_exactly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
