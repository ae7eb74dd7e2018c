/* Whole cities, read by their own rules. */
#include "set.h"

#include <string.h>

/* Each kind of life is met in a town of this size. */
enum { TOWN = 2200 };

static void check_city(int64_t people, uint64_t seed, const char *until, struct coverage *c)
{
    char dir[FOLDER_MAX];

    folder_new(dir);
    set_write(dir, people, seed, until);
    set_check(dir, until, c);
    folder_remove(dir);
    assert_true(c->accounts >= people);
}

static void test_seeds(void **state)
{
    static const char *const dates[] = {"2026-11-23", "2026-06-30", "2026-07-01", "2026-01-01",
                                        "2024-02-29", "2027-01-20", "2026-12-31"};
    static struct coverage c;

    (void)state;
    for (uint64_t seed = 1; seed <= 7; seed++)
        check_city(200, seed, dates[seed - 1], &c);
    check_city(300, 999999999999, "2010-01-01", &c);
    check_city(300, 0, "2099-12-31", &c);
    check_city(1, 3, "2026-11-23", &c);
    check_city(5, 3, "2026-11-23", &c);
}

static void test_kinds_of_life(void **state)
{
    static const int kinds[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 71};
    static struct coverage c;

    (void)state;
    check_city(TOWN, 11, "2026-11-23", &c);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (c.entry_kinds[kinds[i]] == 0)
            fail_msg("no entry of kind %d", kinds[i]);
    for (int i = 1; i <= 6; i++)
        if (c.states[i] == 0)
            fail_msg("no account in state %d", i);
    for (int i = 1; i <= 5; i++)
        if (c.application_states[i] == 0)
            fail_msg("no application in state %d", i);
    for (int i = 1; i <= 3; i++)
        if (c.loan_states[i] == 0)
            fail_msg("no loan in state %d", i);
    for (int i = 0; i < 3; i++)
        if (c.documents[i] == 0)
            fail_msg("no document of sort %d", i);
    assert_true(c.methods[1] > 0 && c.methods[2] > 0);
    assert_true(c.loan_kinds[3] > 0 && c.loan_kinds[4] > 0 && c.loan_kinds[6] > 0);
    assert_true(c.permits > 0 && c.reversals > 0 && c.value_dates > 0 && c.closed_units > 0);
    assert_true(c.newest > 0); /* somebody whose first remittance has not come */
    /* about twelve million rows for a hundred thousand people */
    assert_in_range(c.entries / c.accounts, 95, 135);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_kinds_of_life),
    };

    return cmocka_run_group_tests_name("city sets", tests, NULL, NULL);
}
