/* The chain of access records: written by src/access, checked by anju verify. */
#include "behind.h"

#include <string.h>

#include "access/access.h"

/* A staff member's looks, each a line of its own, with characters beyond the first plane. */
static void look(struct fixture *f, const char *person, enum access_part part)
{
    struct clock clock;
    struct view view;
    struct access_request q = {
        .person = text_of(person),
        .account = TEXT("0871000000011"),
        .actor_kind = ACTOR_STAFF,
        .actor = TEXT("柜员 7 𠮷"),
        .place = TEXT("市本级"),
        .case_no = TEXT("2026-1"),
        .channel = CHANNEL_WEB,
        .part = part,
        .purpose = PURPOSE_SERVICE,
    };
    enum result r;

    clock_fixed(&clock, "Asia/Shanghai", INT64_C(1795410000000) + part);
    r = access_open(f->db, &clock, &q, &view, &f->err);
    assert_true(r == RESULT_OK || r == RESULT_REFUSED); /* both are recorded */
}

static void begin(struct fixture *f)
{
    for (int i = 0; i < 6; i++) {
        look(f, "P1", (enum access_part)(i % 4 + 1));
        look(f, "P2", PART_LEDGER);
    }
    open_guards(f);
}

static void test_clean(void **state)
{
    begin(*state);
    clean(*state);
    assert_int_equal(found.report.persons, 2);
    assert_int_equal(found.report.looks, 12);
}

static void test_every_column(void **state)
{
    static const char *const sets[] = {
        "at = at + 1", "actor_kind = 1",     "actor = ''",
        "place = '1'", "channel = 2",        "part = part + 1",
        "purpose = 3", "case_no = '2026-2'", "outcome = 3 - outcome",
    };
    static const char *const heads[] = {"seq = seq - 1", "seq = seq + 1"};
    static const char *const blobs[2] = {"hash = x'00'", "hash = '\\x00'"};
    struct fixture *f = *state;
    struct row r = {.side = "desk",
                    .table = "look",
                    .key = "person = 'P1' AND seq = 3",
                    .name = "desk.look P1 3:"};
    struct row head = {
        .side = "desk", .table = "look_head", .key = "person = 'P1'", .name = "desk.look_head P1:"};

    begin(f);
    each_is_found(f, &r, sets, COUNT(sets));
    each_is_found(f, &r, on_sqlite(f) ? &blobs[0] : &blobs[1], 1);
    each_is_found(f, &head, heads, COUNT(heads));
    each_is_found(f, &head, on_sqlite(f) ? &blobs[0] : &blobs[1], 1);
}

static void test_missing(void **state)
{
    struct fixture *f = *state;
    struct row middle = {.side = "desk", .table = "look", .key = "person = 'P1' AND seq = 3"};
    struct row last = {.side = "desk", .table = "look", .key = "person = 'P1' AND seq = 6"};
    struct row head = {.side = "desk", .table = "look_head", .key = "person = 'P1'"};

    begin(f);
    keep_row(f, &middle);
    drop(f, &middle);
    verify(f);
    says("desk.look P1 4: seq is 4 and should be 3");
    put_back(f, &middle, middle.key);
    keep_row(f, &middle);
    change(f, &middle, "person = 'P2', seq = 7");
    verify(f);
    says("desk.look P2 7: hash");
    put_back(f, &middle, "person = 'P2' AND seq = 7");
    keep_row(f, &last);
    drop(f, &last);
    verify(f);
    says("desk.look_head P1: seq is 6 and should be 5");
    put_back(f, &last, last.key);
    keep_row(f, &head);
    drop(f, &head);
    verify(f);
    says("desk.look P1 1: the person's chain has no head");
    put_back(f, &head, head.key);
    clean(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_every_column),
        cmocka_unit_test(test_missing),
    };

    return run_on_both("verify looks", tests, sizeof tests / sizeof *tests);
}
