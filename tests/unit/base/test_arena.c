#include "check.h"

#include "base/arena.h"
#include "base/random.h"

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    struct arena *a = arena_new(64 << 20);
    struct random r;

    (void)state;
    random_seeded(&r, 11);
    for (int round = 0; round < 20; round++) {
        struct {
            unsigned char *at;
            size_t size;
        } got[400];

        for (size_t i = 0; i < COUNT(got); i++) {
            got[i].size = random_below(&r, random_below(&r, 20) ? 200 : 60000);
            got[i].at = arena_alloc(a, got[i].size);
            assert_non_null(got[i].at);
            assert_int_equal((uintptr_t)got[i].at % _Alignof(max_align_t), 0);
            for (size_t k = 0; k < got[i].size; k++)
                assert_int_equal(got[i].at[k], 0);
            memset(got[i].at, (int)(i % 255) + 1, got[i].size);
        }
        for (size_t i = 0; i < COUNT(got); i++) /* nobody wrote over another's */
            for (size_t k = 0; k < got[i].size; k++)
                assert_int_equal(got[i].at[k], i % 255 + 1);
        arena_reset(a);
    }
    arena_free(a);
    arena_free(NULL);
}

static void no_allocation_after_warm_up(void **state)
{
    struct arena *a = arena_new(1 << 20);

    (void)state;
    for (int round = 0; round < 10; round++) {
        if (round > 0)
            alloc_fault_after(0);
        for (int i = 0; i < 1000; i++)
            assert_non_null(arena_alloc(a, 500));
        alloc_fault_after(-1);
        arena_reset(a);
    }
    arena_free(a);
}

static void limit_is_kept(void **state)
{
    struct arena *a = arena_new(100000);
    size_t got = 0;

    (void)state;
    assert_null(arena_alloc(a, 100001));
    assert_null(arena_alloc(a, SIZE_MAX));
    assert_null(arena_alloc(a, SIZE_MAX - 8));
    while (arena_alloc(a, 1000))
        got += 1000;
    assert_true(got > 90000 && got <= 100000);
    assert_null(arena_alloc(a, 1000));
    arena_reset(a);
    /* The kept blocks are smaller than this, and must give way. */
    assert_non_null(arena_alloc(a, 99000));
    assert_null(arena_alloc(a, 2000));
    arena_reset(a);
    assert_non_null(arena_alloc(a, 16));
    assert_non_null(arena_alloc(a, 0));
    arena_free(a);

    a = arena_new(0);
    assert_null(arena_alloc(a, 1));
    arena_free(a);
}

/* A wish that no kept block holds gets one of its own behind them, and they are used on. */
static void large_wishes_come_on_top(void **state)
{
    struct arena *a = arena_new(64 << 20);

    (void)state;
    for (int i = 0; i < 4000; i++)
        assert_non_null(arena_alloc(a, 1000));
    arena_reset(a);
    assert_non_null(arena_alloc(a, 1000));
    memset(arena_alloc(a, 8 << 20), 1, 8 << 20);
    assert_non_null(arena_alloc(a, 1000));
    arena_reset(a);
    alloc_fault_after(0);
    assert_non_null(arena_alloc(a, 8 << 20));
    alloc_fault_after(-1);
    arena_free(a);
}

static void copies_and_prints(void **state)
{
    struct arena *a = arena_new(100000);
    char *text;

    (void)state;
    assert_string_equal(arena_copy(a, (struct text){"昆明市", 6}), "昆明");
    assert_string_equal(arena_copy(a, (struct text){NULL, 0}), "");
    assert_string_equal(arena_printf(a, "%s-%d", "abc", 7), "abc-7");
    assert_string_equal(arena_printf(a, "%s", ""), "");
    text = arena_printf(a, "%030000d", 5);
    assert_int_equal(strlen(text), 30000);
    assert_null(arena_printf(a, "%0200000d", 5));
    assert_null(arena_copy(a, (struct text){"", SIZE_MAX}));
    arena_free(a);
}

static void memory_runs_out(void **state)
{
    struct arena *a;

    (void)state;
    alloc_fault_after(0);
    assert_null(arena_new(1000));
    alloc_fault_after(1);
    a = arena_new(100000);
    assert_non_null(a);
    assert_null(arena_alloc(a, 10));
    assert_null(arena_copy(a, TEXT("a")));
    assert_null(arena_printf(a, "%d", 1));
    alloc_fault_after(-1);
    assert_non_null(arena_alloc(a, 10)); /* and it works again afterwards */
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(no_allocation_after_warm_up),
        cmocka_unit_test(limit_is_kept),
        cmocka_unit_test(large_wishes_come_on_top),
        cmocka_unit_test(copies_and_prints),
        cmocka_unit_test(memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
