#include "check.h"

#include "base/identity.h"
#include "base/random.h"

/* GB 11643-1999 (ISO 7064 MOD 11-2): 11010519491231002 has the check character X (the specimen
 * of the standard); 53010219900307001 has 6 and 53011119881231999 has 5. */
static void resident_ids(void **state)
{
    static const char *const good[] = {
        "11010519491231002X",
        "530102199003070016",
        "530111198812319995",
        /* residence permits of Hong Kong and Taiwan: specimens made public with their launch */
        "810000199408230021",
        "830000199201300022",
    };
    static const char *const bad[] = {
        "11010519491231002x",  /* small x */
        "110105194912310021",  /* wrong check */
        "11010519491231002",   /* 17 */
        "11010519491231002X ", /* 19 */
        "1101051949123100 2X", "", "X1010519491231002X",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_int_equal(id_check_character(good[i]), good[i][17]);
        assert_true(id_resident_valid(text_of(good[i])));
        assert_true(id_valid(ID_RESIDENT, text_of(good[i])));
        assert_false(id_is_demo(ID_RESIDENT, text_of(good[i])));
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(id_resident_valid(text_of(bad[i])));
    assert_int_equal(id_check_character("1101051949123100a"), '\0');
}

/* A good check character does not save a birth date that does not exist, nor region 0 or 9. */
static void resident_ids_need_a_real_birth_date(void **state)
{
    static const char *const first17[] = {
        "53010219900230001", "53010219901301001", "53010219000000001", "53010218991231001",
        "53010222000101001", "53010219910229001", "03010219900307001", "93010219900307001",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(first17); i++) {
        char id[19];

        snprintf(id, sizeof id, "%s%c", first17[i], id_check_character(first17[i]));
        assert_false(id_resident_valid(text_of(id)));
    }
}

/* MOD 11-2 finds every single wrong digit and every exchange of two neighbours. */
static void check_character_finds_slips(void **state)
{
    struct random r;

    (void)state;
    random_seeded(&r, 5);
    for (int i = 0; i < 3000; i++) {
        char id[64]; /* more than the numbers need: the compiler knows no bounds */

        snprintf(id, sizeof id, "530199%04d%02d%02d%03d", 1930 + (int)random_below(&r, 80),
                 1 + (int)random_below(&r, 12), 1 + (int)random_below(&r, 28),
                 (int)random_below(&r, 1000));
        id[17] = id_check_character(id);
        id[18] = '\0';
        assert_true(id_resident_valid(text_of(id)));
        assert_true(id_is_demo(ID_RESIDENT, text_of(id)));
        for (int at = 0; at < 17; at++) {
            char was = id[at], next = id[at + 1];

            id[at] = (char)('0' + (was - '0' + 1 + (int)random_below(&r, 9)) % 10);
            assert_false(id_resident_valid(text_of(id)));
            id[at] = was;
            if (was == next || at == 16)
                continue;
            id[at] = next;
            id[at + 1] = was;
            assert_false(id_resident_valid(text_of(id)));
            id[at] = was;
            id[at + 1] = next;
        }
    }
}

static void other_documents(void **state)
{
    char id[19] = "91156419881231000";

    (void)state;
    id[17] = id_check_character(id);
    assert_true(id_foreign_permanent_valid(text_of(id)));
    assert_true(id_valid(ID_FOREIGN_PERMANENT, text_of(id)));
    assert_false(id_resident_valid(text_of(id)));
    assert_true(id_is_demo(ID_FOREIGN_PERMANENT, text_of(id)));
    id[17] = id[17] == '1' ? '2' : '1';
    assert_false(id_foreign_permanent_valid(text_of(id)));
    assert_true(id_foreign_permanent_valid(TEXT("USA110088112233")));
    assert_false(id_foreign_permanent_valid(TEXT("UsA110088112233")));
    assert_false(id_foreign_permanent_valid(TEXT("USA11008811223X")));
    assert_false(id_foreign_permanent_valid(TEXT("US1110088112233")));
    assert_false(id_foreign_permanent_valid(TEXT("11010519491231002X")));

    assert_true(id_valid(ID_PASSPORT, TEXT("E12345678")));
    assert_true(id_valid(ID_OFFICER, TEXT("1")));
    assert_true(id_valid(ID_OTHER, TEXT("ABCDEFGHIJ01234567")));
    assert_false(id_valid(ID_OTHER, TEXT("ABCDEFGHIJ012345678")));
    assert_false(id_valid(ID_PASSPORT, TEXT("")));
    assert_false(id_valid(ID_PASSPORT, TEXT("e12345678")));
    assert_false(id_valid(ID_PASSPORT, TEXT("E1234-5678")));
    assert_false(id_valid((enum id_type)7, TEXT("E12345678")));
}

/* GB 32100-2015: 91350200MA2YJ1XR9 has the check character G, 91350200776049653 has A. */
static void credit_codes(void **state)
{
    char code[] = "91350200MA2YJ1XR9G";

    (void)state;
    assert_int_equal(credit_code_check_character("91350200MA2YJ1XR9"), 'G');
    assert_int_equal(credit_code_check_character("91350200776049653"), 'A');
    assert_true(credit_code_valid(text_of(code)));
    assert_true(credit_code_valid(TEXT("91350200776049653A")));
    assert_false(credit_code_valid(TEXT("91350200776049653B")));
    assert_false(credit_code_valid(TEXT("91350200776049653")));
    assert_false(credit_code_valid(TEXT("91350200776049653AA")));
    for (int at = 0; at < 17; at++) { /* I, O, S, V and Z are not of the alphabet */
        for (const char *c = "IOSVZa-"; *c; c++) {
            char was = code[at];

            code[at] = *c;
            assert_false(credit_code_valid(text_of(code)));
            assert_int_equal(credit_code_check_character(code), '\0');
            code[at] = was;
        }
    }
    assert_false(credit_code_valid((struct text){"91350200\0A2YJ1XR9G", 18}));
}

/* ISO/IEC 7812: 622576888888888 has the check digit 8. */
static void bank_cards(void **state)
{
    struct random r;

    (void)state;
    assert_int_equal(bank_card_check_digit(TEXT("622576888888888")), '8');
    assert_true(bank_card_valid(TEXT("6225768888888888")));
    assert_false(bank_card_valid(TEXT("6225768888888889")));
    assert_false(bank_card_valid(TEXT("622576888888888a")));
    assert_false(bank_card_valid(TEXT("")));
    assert_true(bank_card_valid(TEXT("000000000000")));
    assert_false(bank_card_valid(TEXT("00000000000")));
    assert_false(bank_card_valid(TEXT("00000000000000000000")));
    assert_int_equal(bank_card_check_digit(TEXT("")), '\0');
    assert_int_equal(bank_card_check_digit(TEXT("12a")), '\0');
    assert_int_equal(bank_card_check_digit(TEXT("0000000000000000000")), '\0');
    random_seeded(&r, 6);
    for (int i = 0; i < 20000; i++) { /* Luhn finds every single wrong digit */
        size_t len = 11 + random_below(&r, 8), at;
        char card[20];

        for (size_t k = 0; k < len; k++)
            card[k] = (char)('0' + random_below(&r, 10));
        card[len] = bank_card_check_digit((struct text){card, len});
        assert_true(bank_card_valid((struct text){card, len + 1}));
        at = random_below(&r, len + 1);
        card[at] = (char)('0' + (card[at] - '0' + 1 + (int)random_below(&r, 9)) % 10);
        assert_false(bank_card_valid((struct text){card, len + 1}));
    }
}

static void phones_and_demo_numbers(void **state)
{
    (void)state;
    assert_true(mobile_phone_valid(TEXT("13800138000")));
    assert_true(mobile_phone_valid(TEXT("10012345678")));
    assert_false(mobile_phone_valid(TEXT("23800138000")));
    assert_false(mobile_phone_valid(TEXT("1380013800")));
    assert_false(mobile_phone_valid(TEXT("138001380001")));
    assert_false(mobile_phone_valid(TEXT("1380013800a")));
    assert_false(mobile_phone_valid(TEXT("")));
    assert_true(phone_is_demo(TEXT("10012345678")));
    assert_false(phone_is_demo(TEXT("13800138000")));
    assert_false(phone_is_demo(TEXT("100")));
    assert_true(card_is_demo(TEXT("9999991234567890")));
    assert_false(card_is_demo(TEXT("6225768888888888")));
    assert_true(id_is_demo(ID_RESIDENT, TEXT("530199199003070016")));
    assert_false(id_is_demo(ID_RESIDENT, TEXT("530102199003070016")));
    assert_false(id_is_demo(ID_RESIDENT, TEXT("530102199003070006"))); /* 000 counts not there */
    assert_true(id_is_demo(ID_RESIDENT, TEXT("810000199408230001")));
    assert_false(id_is_demo(ID_RESIDENT, TEXT("810000199408230021")));
    assert_false(id_is_demo(ID_PASSPORT, TEXT("E12345678")));
    assert_true(id_is_demo(ID_FOREIGN_PERMANENT, TEXT("AAA000123456789")));
    assert_false(id_is_demo(ID_FOREIGN_PERMANENT, TEXT("CAN000123456789")));
}

static const char *masked(void (*mask)(struct text, char *, size_t), const char *in)
{
    static char out[128];

    mask(text_of(in), out, sizeof out);
    return out;
}

static void masks(void **state)
{
    char out[8];

    (void)state;
    assert_string_equal(masked(mask_id, "530199199003071234"), "530199********1234");
    assert_string_equal(masked(mask_id, "11010519491231002X"), "110105********002X");
    assert_string_equal(masked(mask_id, "USA110088112233"), "USA110*****2233");
    assert_string_equal(masked(mask_id, "E12345678"), "E1*****78");
    assert_string_equal(masked(mask_id, "E12"), "***");
    assert_string_equal(masked(mask_id, ""), "");
    assert_string_equal(masked(mask_phone, "10012345678"), "100****5678");
    assert_string_equal(masked(mask_phone, "087112345"), "08*****45");
    assert_string_equal(masked(mask_card, "9999990123456781234"), "999999*********1234");
    assert_string_equal(masked(mask_card, "6225768888888888"), "622576******8888");
    assert_string_equal(masked(mask_name, "李华"), "李*");
    assert_string_equal(masked(mask_name, "李小华"), "李*华");
    assert_string_equal(masked(mask_name, "欧阳娜娜"), "欧**娜");
    assert_string_equal(masked(mask_name, "华"), "华");
    assert_string_equal(masked(mask_name, "𠮷田"), "𠮷*");
    assert_string_equal(masked(mask_name, "Ann"), "A*n");
    assert_string_equal(masked(mask_name, ""), "");

    /* 李*华 has seven bytes. */
    mask_name(TEXT("李小华"), out, 8);
    assert_string_equal(out, "李*华");
    mask_name(TEXT("李小华"), out, 7);
    assert_string_equal(out, "");
    out[0] = 'x';
    mask_name(TEXT("李小华"), out, 0);
    assert_int_equal(out[0], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resident_ids),
        cmocka_unit_test(resident_ids_need_a_real_birth_date),
        cmocka_unit_test(check_character_finds_slips),
        cmocka_unit_test(other_documents),
        cmocka_unit_test(credit_codes),
        cmocka_unit_test(bank_cards),
        cmocka_unit_test(phones_and_demo_numbers),
        cmocka_unit_test(masks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
