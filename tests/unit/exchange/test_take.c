/* A set that is right: what stands in the database afterwards, and taking it again. */
#include "set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void numbers(struct fixture *f, const char *sql, int64_t expected)
{
    int64_t got = number_of(f, sql);

    if (got != expected)
        fail_msg("%s: %lld, should be %lld", sql, (long long)got, (long long)expected);
}

#define OF_ACCOUNT(column, account) \
    "SELECT " column " FROM ledger.account WHERE account = '" account "'"

static void whole_set(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    set_taken(&s, f);
    assert_false(s.report.already);
    assert_int_equal(s.report.records[FILE_LEDGER], 16);
    numbers(f, "SELECT COUNT(*) FROM ledger.unit", 2);
    numbers(f, "SELECT COUNT(*) FROM ledger.account", 4);
    numbers(f, "SELECT COUNT(*) FROM ledger.holder", 4);
    numbers(f, "SELECT COUNT(*) FROM ledger.terms", 4);
    numbers(f, "SELECT COUNT(*) FROM ledger.entry", 16);
    numbers(f, "SELECT COUNT(*) FROM ledger.application", 2);
    numbers(f, "SELECT COUNT(*) FROM ledger.application_step", 5);
    numbers(f, "SELECT COUNT(*) FROM ledger.loan_contract", 1);
    numbers(f, "SELECT COUNT(*) FROM ledger.loan", 1);
    numbers(f, "SELECT COUNT(*) FROM ledger.loan_entry", 5);
    numbers(f, "SELECT COUNT(*) FROM ledger.loan_rate", 1);
    numbers(f, "SELECT COUNT(*) FROM ledger.batch WHERE batch = 1 AND set_id = 'test-1'", 1);
    numbers(f, "SELECT COUNT(*) FROM ledger.batch_file", 10);
    numbers(f, "SELECT total FROM ledger.batch_file WHERE file = 'ledger.csv'", 628250);
    set_free(&s);
}

/* A column of one row as hex digits. */
static void hex_of(struct fixture *f, const char *column, const char *from, char *out, size_t room)
{
    char sql[200];

    snprintf(sql, sizeof sql,
             on_sqlite(f) ? "SELECT lower(hex(%s)) FROM %s" : "SELECT encode(%s, 'hex') FROM %s",
             column, from);
    text_of_query(f, sql, out, room);
}

/* The figures at the top of set_data.c; the hash of entry 2 is docs/stores.md's worked example. */
static void running_figures(void **state)
{
    struct fixture *f = *state;
    struct set s;
    char hash[65], head[65];

    set_make(&s);
    set_taken(&s, f);
    hex_of(f, "hash", "ledger.entry WHERE account = '5301990001' AND seq = 2", hash, sizeof hash);
    assert_string_equal(hash, "ddb95f08d27b1e89526763cec84ab6c313a20e6a3c0bf7d08ca3ed2c884d94dc");
    hex_of(f, "hash", "ledger.entry WHERE account = '5301990001' AND seq = 10", hash, sizeof hash);
    hex_of(f, "head_hash", "ledger.account WHERE account = '5301990001'", head, sizeof head);
    assert_string_equal(hash, head);
    numbers(f, OF_ACCOUNT("balance", "5301990001"), 578062);
    numbers(f, OF_ACCOUNT("carried", "5301990001"), 386062);
    numbers(f, OF_ACCOUNT("this_year", "5301990001"), 192000);
    numbers(f, OF_ACCOUNT("frozen", "5301990001"), 10000);
    numbers(f, OF_ACCOUNT("head_seq", "5301990001"), 10);
    numbers(f, OF_ACCOUNT("settled", "5301990001"), date_of(2024, 6, 30).day);
    numbers(f, OF_ACCOUNT("product_day", "5301990001"), date_of(2024, 7, 14).day);
    numbers(f, OF_ACCOUNT("product", "5301990001"), 5404868);
    numbers(f, OF_ACCOUNT("product_year", "5301990001"), 0);
    numbers(f, OF_ACCOUNT("product", "5301990002"), 6000000);
    numbers(f, OF_ACCOUNT("balance", "5301990002"), 0);
    numbers(f, OF_ACCOUNT("state", "5301990003"), 3);
    numbers(f, OF_ACCOUNT("settled", "5301990003"), date_of(2024, 1, 31).day);
    set_free(&s);
}

#define FIRST_HOLDER "ledger.holder WHERE account = '5301990001'"

static size_t from_hex(const char *hex, uint8_t *out)
{
    size_t n = 0;

    for (; hex[0] && hex[1]; hex += 2) {
        char two[3] = {hex[0], hex[1], '\0'};

        out[n++] = (uint8_t)strtoul(two, NULL, 16);
    }
    return n;
}

/* What is sealed does not stand in the open, and what is searched is found. */
static void sealed_fields(void **state)
{
    struct fixture *f = *state;
    struct vault *vault;
    struct config config;
    uint8_t index[VAULT_INDEX_SIZE], sealed[128], plain[128];
    char hex[65], found[256];
    struct vault_item item;
    struct set s;

    set_make(&s);
    set_taken(&s, f);
    if (on_sqlite(f)) {
        assert_false(files_hold(f, "530199199003070015", 18));
        assert_false(files_hold(f, "10012345678", 11));
        assert_false(files_hold(f, "9999990000000000014", 19));
    }
    numbers(f,
            "SELECT COUNT(*) FROM ledger.holder WHERE id_mask = '530199********0015' AND "
            "phone_mask = '100****5678' AND card_mask = '999999*********0014'",
            1);
    numbers(f,
            "SELECT COUNT(*) FROM ledger.holder WHERE phone_sealed IS NULL AND phone_index IS "
            "NULL AND phone_mask = ''",
            2);
    set_home(f, &vault, &config);
    vault_index(vault, "id", TEXT("530199199003070015"), index);
    sha256_hex(index, hex);
    hex_of(f, "id_index", FIRST_HOLDER, found, sizeof found);
    assert_string_equal(found, hex);
    hex_of(f, "id_sealed", FIRST_HOLDER, found, sizeof found);
    item = (struct vault_item){.place = {"ledger.holder", "id", TEXT("P1")},
                               .in = {(const char *)sealed, from_hex(found, sealed)},
                               .out = plain};
    assert_int_equal(vault_open_fields(vault, &item, 1), RESULT_OK);
    assert_int_equal(item.out_len, 18);
    assert_memory_equal(plain, "530199199003070015", 18);
    vault_close(vault);
    set_free(&s);
}

static void again(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    set_taken(&s, f);
    set_taken(&s, f);
    assert_true(s.report.already);
    numbers(f, "SELECT COUNT(*) FROM ledger.entry", 16);

    s.as_of = "2024-08-01"; /* the same number and id with another manifest */
    set_refused(&s, f, "manifest.json:1:set_number E-SET", NULL);
    s.set_id = "other";
    set_refused(&s, f, "manifest.json:1:set_number E-SET", NULL);
    s.number = 3;
    s.kind = "increment";
    set_refused(&s, f, "manifest.json:1:set_number E-SET the next set has the number 2", NULL);
    s.number = 2;
    s.set_id = "test-1"; /* the id of the first */
    set_refused(&s, f, "manifest.json:1:set_number E-SET", NULL);
    set_free(&s);
}

/* CRLF, no newline at the end, quoted fields: the same rows. */
static void other_forms(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    for (int i = 0; i < FILE_COUNT; i++) {
        strcpy(s.files[i].line_end, "\r\n");
        s.files[i].no_newline = i % 2;
    }
    set_cell(&s, FILE_ACCOUNTS, 2, "XingMing", "\"李\"\"示\"\"范\"");
    set_taken(&s, f);
    numbers(f, "SELECT COUNT(*) FROM ledger.holder WHERE name = '李\"示\"范'", 1);
    numbers(f, "SELECT COUNT(*) FROM ledger.application_step WHERE words = '已付, \"到账\"'", 1);
    numbers(f, "SELECT COUNT(*) FROM ledger.unit WHERE name = '示范一厂, 分部'", 1);
    set_free(&s);
}

static void empty_set(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    for (int i = 0; i < FILE_COUNT; i++)
        while (s.files[i].count > 1)
            set_remove(&s, (enum file_id)i, s.files[i].count);
    set_taken(&s, f);
    numbers(f, "SELECT COUNT(*) FROM ledger.batch", 1);
    set_free(&s);
}

/* A real home takes real numbers, and no demo set. */
static void real_home(void **state)
{
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    s.demo = false;
    set_refused(&s, f, "units.csv:2:ZZJGDM E-DEMO", "units.csv:3:ZZJGDM E-DEMO");
    set_write(&s);
    set_manifest_replace(&s, "\"demo\":false", "\"demo\":true");
    assert_int_equal(set_import(&s, f, false), RESULT_INVALID);
    assert_string_equal(s.said[0], "manifest.json:1:demo E-DEMO a home that is no demo takes no "
                                   "demo sets");
    set_free(&s);
}

static void increment(void **state)
{
    struct fixture *f = *state;
    struct set s, n;

    set_make(&s);
    set_taken(&s, f);
    set_make_next(&n);
    set_taken(&n, f);
    numbers(f, "SELECT COUNT(*) FROM ledger.account", 5);
    numbers(f, "SELECT COUNT(*) FROM ledger.entry", 18);
    numbers(f, OF_ACCOUNT("balance", "5301990001"), 570062);
    numbers(f, OF_ACCOUNT("head_seq", "5301990001"), 12);
    numbers(f, OF_ACCOUNT("frozen", "5301990001"), 0);
    numbers(f, OF_ACCOUNT("batch", "5301990001"), 2);
    numbers(f, OF_ACCOUNT("batch", "5301990002"), 1);
    /* 5,404,868 to 14 July, 578062 x 31 (15 July to 14 August), 770062 x 1 (15 August). */
    numbers(f, OF_ACCOUNT("product", "5301990001"), 5404868 + 578062 * 31 + 770062);
    /* This year's part: 192000 x 31 (from 15 July), 384000 x 1. */
    numbers(f, OF_ACCOUNT("product_year", "5301990001"), 192000 * 31 + 384000);
    numbers(f, "SELECT COUNT(*) FROM ledger.terms WHERE account = '5301990001'", 2);
    numbers(f, "SELECT COUNT(*) FROM ledger.application WHERE application = 'A2' AND state = 3", 1);
    numbers(f, "SELECT COUNT(*) FROM ledger.application_step WHERE application = 'A2'", 2);
    numbers(f, "SELECT COUNT(*) FROM ledger.application_step WHERE application = 'A1'", 4);
    numbers(f, "SELECT balance FROM ledger.loan", 11750000);
    numbers(f, "SELECT head_seq FROM ledger.loan", 6);
    numbers(f, "SELECT COUNT(*) FROM ledger.loan_rate", 2);
    numbers(f, "SELECT COUNT(*) FROM ledger.unit WHERE name = '示范二厂改名'", 1);
    numbers(f,
            "SELECT COUNT(*) FROM ledger.holder WHERE phone_mask = '100****5679' AND "
            "card_sealed IS NULL",
            1);
    set_taken(&n, f);
    assert_true(n.report.already);
    set_taken(&s, f);
    assert_true(s.report.already);
    set_free(&n);
    set_free(&s);
}

/* What an increment says wrong against what was taken before. */
static void increment_refused(void **state)
{
    static const struct {
        enum file_id file;
        int line;
        const char *column, *value, *said;
    } cases[] = {
        {FILE_ACCOUNTS, 2, "KHRQ", "2023-05-09", "accounts.csv:2:KHRQ E-RULE"},
        {FILE_LEDGER, 2, "XH", "10", "ledger.csv:2:XH E-ORDER"},
        {FILE_LEDGER, 3, "XH", "13", "ledger.csv:3:XH E-ORDER"},
        {FILE_LEDGER, 2, "JZRQ", "2024-07-15", "ledger.csv:2:QXRQ E-RULE"},
        {FILE_LEDGER, 2, "YE", "7700.63", "ledger.csv:2:YE E-BALANCE"},
        {FILE_LEDGER, 2, "YWLSH", "F0004", "ledger.csv:2:YWLSH E-DUPLICATE"},
        {FILE_LEDGER, 2, "DWZH", "U003", "ledger.csv:2:DWZH E-REFERENCE"},
        {FILE_APPLICATIONS, 2, "YWLSH", "F0008", "applications.csv:2:YWLSH E-RULE"},
        {FILE_LOAN_LEDGER, 2, "XH", "5", "loan_ledger.csv:2:XH E-ORDER"},
        {FILE_LOAN_LEDGER, 2, "DKYE", "117500.01", "loan_ledger.csv:2:DKYE E-BALANCE"},
        {FILE_LOANS, 2, "DKYE", "118000.00", "loan_accounts.csv:2:DKYE E-BALANCE"},
        {FILE_LOANS, 2, "DKFFRQ", "2024-01-21", "loan_accounts.csv:2:DKFFRQ E-RULE"},
        {FILE_LOANS, 2, "JKHTBH", "C2", "loan_accounts.csv:2:JKHTBH E-REFERENCE"},
        {FILE_RATES, 2, "DKZH", "L2", "loan_rates.csv:2:DKZH E-REFERENCE"},
        {FILE_ACCOUNTS, 3, "GRBH", "P1", "accounts.csv:3:GRBH E-DUPLICATE"},
        {FILE_ACCOUNTS, 3, "ZJHM", "530199198511200029", "accounts.csv:3:ZJHM E-DUPLICATE"},
        {FILE_ACCOUNTS, 3, "GRBH", "P2", "accounts.csv:3:ZJHM E-RULE"},
    };
    struct fixture *f = *state;
    struct set s;

    set_make(&s);
    set_taken(&s, f);
    set_free(&s);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set_make_next(&s);
        set_cell(&s, cases[i].file, cases[i].line, cases[i].column, cases[i].value);
        assert_int_equal(set_import(&s, f, true), RESULT_INVALID);
        if (strncmp(s.said[0], cases[i].said, strlen(cases[i].said)) != 0)
            fail_msg("%s: %s", cases[i].said, s.said[0]);
        set_free(&s);
    }
    numbers(f, "SELECT COUNT(*) FROM ledger.batch", 1);
    numbers(f, OF_ACCOUNT("head_seq", "5301990001"), 10);
}

/* A reversal of an entry that an earlier set brought, once. */
static void increment_reversal(void **state)
{
    struct fixture *f = *state;
    struct set s, n;

    set_make(&s);
    set_taken(&s, f);
    set_make_next(&n);
    set_insert(&n, FILE_LEDGER, 4,
               "5301990001,13,2024-08-17,2024-07-15,01,2024-07,U001,8000.00,12.00,12.00,-960.00,"
               "-960.00,-1920.00,-1840.00,-80.00,0.00,3780.62,,F0013,1,10");
    set_cell(&n, FILE_ACCOUNTS, 2, "GRZHYE", "3780.62");
    set_cell(&n, FILE_ACCOUNTS, 2, "GRZHSNJZYE", "3780.62");
    set_cell(&n, FILE_ACCOUNTS, 2, "GRZHDNGJYE", "0.00");
    set_cell(&n, FILE_LEDGER, 4, "CZXH", "7");
    set_refused(&n, f, "ledger.csv:4:CZXH E-RULE a reversing entry cannot be reversed", NULL);
    set_cell(&n, FILE_LEDGER, 4, "CZXH", "6");
    set_refused(&n, f, "ledger.csv:4:CZXH E-RULE the entry was reversed before", NULL);
    set_cell(&n, FILE_LEDGER, 4, "CZXH", "10");
    set_taken(&n, f);
    numbers(f, OF_ACCOUNT("balance", "5301990001"), 378062);
    /* As if entry 10 had never been, 15 August: 386062 x 46 days; 16 August: the withdrawal counts
     * from that day only. */
    numbers(f, OF_ACCOUNT("product", "5301990001"), 386062 * 45 + (386062 + 192000));
    set_free(&n);
    set_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_set),         cmocka_unit_test(running_figures),
        cmocka_unit_test(sealed_fields),     cmocka_unit_test(again),
        cmocka_unit_test(other_forms),       cmocka_unit_test(empty_set),
        cmocka_unit_test(real_home),         cmocka_unit_test(increment),
        cmocka_unit_test(increment_refused), cmocka_unit_test(increment_reversal),
    };

    return run_on_both("import", tests, sizeof tests / sizeof tests[0]);
}
