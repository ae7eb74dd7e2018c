/* The program's own queries: SQL that an engine does not take is found here. */
#include "fixture.h"

static void every_query_is_taken(void **state)
{
    struct fixture *f = *state;

    ok(f, db_check_queries(f->db, &f->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_query_is_taken)};

    return run_on_both("queries", tests, sizeof tests / sizeof tests[0]);
}
