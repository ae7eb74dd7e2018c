/* The hash of an entry against vectors that another program worked out (docs/stores.md shows the
 * second one byte by byte), and the running figures against sums done by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>

#include "ledger/entry.h"
#include "ledger/loan_entry.h"

static const uint8_t zeros[SHA256_SIZE];

static void assert_hash(const uint8_t hash[SHA256_SIZE], const char *expected)
{
    char hex[65];

    sha256_hex(hash, hex);
    assert_string_equal(hex, expected);
}

static struct entry opening(void)
{
    return (struct entry){
        .account = TEXT("5301990001"),
        .seq = 1,
        .booked = date_of(2023, 5, 10),
        .value_day = date_of(2023, 5, 10),
        .kind = ENTRY_OPENING,
        .for_month = MONTH_NONE,
        .unit = TEXT("U001"),
        .flow = TEXT("F0001"),
        .batch = 1,
    };
}

static struct entry remittance(void)
{
    return (struct entry){
        .account = TEXT("5301990001"),
        .seq = 2,
        .booked = date_of(2023, 6, 15),
        .value_day = date_of(2023, 6, 15),
        .kind = ENTRY_REMITTANCE,
        .for_month = month_of(2023, 6),
        .unit = TEXT("U001"),
        .has_terms = true,
        .base = {800000},
        .unit_ratio = 120000,
        .own_ratio = 120000,
        .unit_amount = {96000},
        .own_amount = {96000},
        .amount = {192000},
        .amount_year = {192000},
        .balance = {192000},
        .flow = TEXT("F0002"),
        .batch = 1,
    };
}

static void vectors(void **state)
{
    struct sha256 *s = sha256_new();
    struct entry first = opening(), second = remittance();
    struct loan_entry loan = {
        .account = TEXT("5301990001"),
        .loan = TEXT("L1"),
        .seq = 1,
        .happened = date_of(2024, 1, 20),
        .booked = date_of(2024, 1, 20),
        .kind = LOAN_PAID_OUT,
        .amount = {-12000000},
        .principal = {12000000},
        .balance = {12000000},
        .flow = TEXT("G1"),
        .batch = 1,
    };
    uint8_t hash[SHA256_SIZE], next[SHA256_SIZE];

    (void)state;
    entry_hash(s, &first, zeros, hash);
    assert_hash(hash, "b028c338757bf1ea37c8255938b11787b9265d368af155d117290db4a00d8430");
    entry_hash(s, &second, hash, next);
    assert_hash(next, "ddb95f08d27b1e89526763cec84ab6c313a20e6a3c0bf7d08ca3ed2c884d94dc");
    loan_entry_hash(s, &loan, zeros, hash);
    assert_hash(hash, "5ac9d7ced7df3a91b7a815bd52f3923fb183cd00d1e65cb3bf852857d6d6cc1d");
    sha256_free(s);
}

/* Whatever single thing changes, the hash does. */
static void everything_is_inside(void **state)
{
    struct sha256 *s = sha256_new();
    struct entry all[24];
    uint8_t hashes[24][SHA256_SIZE], other[SHA256_SIZE] = {1};
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < 24; i++)
        all[i] = remittance();
    all[n++].account = TEXT("5301990002");
    all[n++].seq = 3;
    all[n++].booked.day++;
    all[n++].value_day.day++;
    all[n++].kind = ENTRY_BACK_PAYMENT;
    all[n++].for_month = MONTH_NONE;
    all[n++].unit = (struct text){NULL, 0};
    all[n++].unit = TEXT("");
    all[n++].has_terms = false;
    all[n++].base.n++;
    all[n++].unit_ratio++;
    all[n++].own_ratio++;
    all[n++].unit_amount.n++;
    all[n++].own_amount.n++;
    all[n++].amount.n++;
    all[n++].amount_year.n++;
    all[n++].amount_carried.n++;
    all[n++].interest.n++;
    all[n++].balance.n++;
    all[n++].reason = 1;
    all[n++].flow = TEXT("F0003");
    all[n++].reversing = true;
    all[n++].reverses = 1;
    all[n++].batch = 2;
    assert_int_equal(n, 24);
    for (size_t i = 0; i < n; i++)
        entry_hash(s, &all[i], zeros, hashes[i]);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(hashes[i], hashes[k], SHA256_SIZE);
    entry_hash(s, &all[0], other, other);
    assert_memory_not_equal(other, hashes[0], SHA256_SIZE);
    sha256_free(s);
}

/* A damaged row may hold anything: it is hashed without reading or writing beside it. */
static void long_texts(void **state)
{
    static const size_t sizes[] = {500, 512, 513, 65533, 65534, 65535, 70000};
    struct sha256 *s = sha256_new();
    struct entry e = remittance();
    uint8_t hash[SHA256_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *text = malloc(sizes[i]);

        memset(text, 'x', sizes[i]);
        e.flow = (struct text){text, sizes[i]};
        entry_hash(s, &e, zeros, hash);
        free(text);
    }
    sha256_free(s);
}

/* An entry of that amount in this year's part. */
static struct entry moved(const struct running *r, civil_date value_day, int64_t amount)
{
    return (struct entry){
        .seq = r->head_seq + 1,
        .booked = value_day,
        .value_day = value_day,
        .kind = ENTRY_REMITTANCE,
        .amount = {amount},
        .amount_year = {amount},
        .balance = {r->balance.n + amount},
        .hash = {(uint8_t)(r->head_seq + 1)},
    };
}

static void apply(struct running *r, struct entry e)
{
    struct error err = {.sentence = ""};

    if (running_apply(r, &e, &err) != RESULT_OK)
        fail_msg("%s", err.sentence);
}

static void products(void **state)
{
    struct running r;
    struct entry e;

    (void)state;
    running_open(&r, date_of(2024, 1, 1));
    assert_int_equal(r.settled.day, date_of(2023, 12, 31).day);
    apply(&r, moved(&r, date_of(2024, 1, 1), 10000));
    /* The day it came counts: one day to 1 January, 31 to its end. */
    assert_int_equal(running_product_at(&r, date_of(2024, 1, 1)), 10000);
    assert_int_equal(running_product_at(&r, date_of(2024, 1, 31)), 310000);
    apply(&r, moved(&r, date_of(2024, 2, 1), 5000));
    assert_int_equal(r.product, 310000);
    assert_int_equal(r.product_day.day, date_of(2024, 1, 31).day);
    /* Backdated to 22 January: ten days of 2000 more in January. */
    apply(&r, moved(&r, date_of(2024, 1, 22), 2000));
    assert_int_equal(r.product, 330000);
    /* To 29 February: 29 x 17000. */
    assert_int_equal(running_product_at(&r, date_of(2024, 2, 29)), 330000 + 29 * 17000);
    assert_int_equal(running_product_year_at(&r, date_of(2024, 2, 29)), 330000 + 29 * 17000);
    /* The settlement starts anew. */
    e = moved(&r, date_of(2024, 6, 30), 0);
    e.kind = ENTRY_INTEREST;
    e.amount = fen_of(118);
    e.amount_year = fen_of(-17000);
    e.amount_carried = fen_of(17118);
    e.balance = fen_of(17118);
    apply(&r, e);
    assert_int_equal(r.product, 0);
    assert_int_equal(r.settled.day, date_of(2024, 6, 30).day);
    assert_int_equal(r.carried.n, 17118);
    assert_int_equal(r.this_year.n, 0);
    assert_int_equal(running_product_at(&r, date_of(2024, 7, 1)), 17118);
    assert_int_equal(running_product_year_at(&r, date_of(2024, 7, 1)), 0);
    /* Backdated before it: what was settled stays settled. On 11 July the product stands at the
     * 10th; 100 fen of 1 June count from 1 July, 10 days. */
    apply(&r, moved(&r, date_of(2024, 7, 11), 1000));
    assert_int_equal(r.product, 171180);
    apply(&r, moved(&r, date_of(2024, 6, 1), 100));
    assert_int_equal(r.product, 171180 + 1000);
    assert_int_equal(r.product_year, 1000);
    assert_int_equal(r.head_hash[0], 6);
}

/* Reversing a settlement takes its amount out from 1 July and settles nothing. */
static void reversed_settlement(void **state)
{
    struct running r;
    struct entry e;

    (void)state;
    running_open(&r, date_of(2024, 6, 1));
    apply(&r, moved(&r, date_of(2024, 6, 1), 100000));
    e = moved(&r, date_of(2024, 6, 30), 130);
    e.kind = ENTRY_INTEREST;
    e.amount_year = fen_of(-100000);
    e.amount_carried = fen_of(100130);
    apply(&r, e);
    apply(&r, moved(&r, date_of(2024, 7, 11), 0));
    assert_int_equal(r.product, 1001300);
    e = moved(&r, date_of(2024, 6, 30), -130);
    e.kind = ENTRY_INTEREST;
    e.reversing = true;
    e.amount_year = fen_of(0);
    e.amount_carried = fen_of(-130);
    apply(&r, e);
    assert_int_equal(r.product, 1000000);
    assert_int_equal(r.settled.day, date_of(2024, 6, 30).day);
}

static void not_following(void **state)
{
    struct running r, before;
    struct entry good, bad[7];
    struct error err;

    (void)state;
    running_open(&r, date_of(2024, 1, 1));
    apply(&r, moved(&r, date_of(2024, 1, 10), 1000));
    apply(&r, moved(&r, date_of(2024, 2, 10), 1000));
    good = moved(&r, date_of(2024, 2, 11), -500);
    for (size_t i = 0; i < 7; i++)
        bad[i] = good;
    bad[0].seq++;
    bad[1].seq--;
    bad[2].balance.n++;
    bad[3].amount_carried.n++;
    bad[4].amount = bad[4].amount_year = fen_of(-2001);
    bad[4].balance = fen_of(-1);
    bad[5].amount_year = fen_of(-2001); /* a part */
    bad[5].amount_carried = fen_of(1501);
    bad[6].kind = ENTRY_INTEREST; /* a settlement of days that are counted */
    bad[6].value_day = date_of(2024, 2, 8);
    before = r;
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(running_apply(&r, &bad[i], &err), RESULT_INVALID);
        assert_memory_equal(&r, &before, sizeof r);
    }
    apply(&r, good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(everything_is_inside),
        cmocka_unit_test(long_texts),
        cmocka_unit_test(products),
        cmocka_unit_test(reversed_settlement),
        cmocka_unit_test(not_following),
    };

    return cmocka_run_group_tests_name("entries", tests, NULL, NULL);
}
