/* A whole set and an increment say what a later whole set says: each life until one day is the
 * beginning of the same life until a later one. */
#include "set.h"

#include <stdlib.h>
#include <string.h>

enum { PEOPLE = 700, SEED = 5 };
static const char first_end[] = "2026-05-05", second_end[] = "2026-09-30",
                  third_end[] = "2028-03-01";

static civil_date parsed(const char *date)
{
    civil_date d;

    assert_true(date_parse(text_of(date), &d));
    return d;
}

static void write_set(char *dir, const char *from, const char *until, int number)
{
    struct error err = {0};
    struct city c = {.dir = dir,
                     .people = PEOPLE,
                     .seed = SEED,
                     .until = parsed(until),
                     .from = from ? parsed(from) : DATE_NONE,
                     .first = parsed(first_end),
                     .set_number = number};

    folder_new(dir);
    if (city_write(&c, &err) != RESULT_OK)
        fail_msg("%s", err.sentence);
}

/* The lines of a file after its header. */
struct pile {
    char *bytes;
    char **line;
    size_t count, room;
};

static char *read_file(const char *dir, const char *name)
{
    char path[FOLDER_MAX + 64];
    FILE *f;
    long size;
    char *bytes;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "r");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    size = ftell(f);
    rewind(f);
    bytes = malloc((size_t)size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)size, f), size);
    bytes[size] = '\0';
    fclose(f);
    return bytes;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct pile pile_of(const char *dir, const char *name)
{
    struct pile p = {.bytes = read_file(dir, name)};
    char *at = strchr(p.bytes, '\n');

    for (at = at ? at + 1 : p.bytes + strlen(p.bytes); *at;) {
        char *end = strchr(at, '\n');

        *end = '\0';
        if (p.count == p.room) {
            p.room = p.room ? p.room * 2 : 1024;
            p.line = realloc(p.line, p.room * sizeof *p.line);
            assert_non_null(p.line);
        }
        p.line[p.count++] = at;
        at = end + 1;
    }
    if (p.count > 0)
        qsort(p.line, p.count, sizeof *p.line, by_bytes);
    return p;
}

static void pile_free(struct pile *p)
{
    free(p->bytes);
    free(p->line);
}

static bool pile_has(const struct pile *p, char *line)
{
    return p->count > 0 && bsearch(&line, p->line, p->count, sizeof *p->line, by_bytes) != NULL;
}

static size_t held(const struct pile *whole, const struct pile *part)
{
    size_t n = 0;

    for (size_t i = 0; i < part->count; i++)
        n += pile_has(whole, part->line[i]);
    return n;
}

/* Every line of the last whole set stands in one of the sets before it, and the newest increment
 * has no line that the whole set has not. What only grows has no line twice. */
static void check_file(const char *name, char sets[3][FOLDER_MAX], const char *whole, bool grows)
{
    struct pile all = pile_of(whole, name), part[3];
    size_t lines = 0;

    for (int i = 0; i < 3; i++) {
        part[i] = pile_of(sets[i], name);
        lines += part[i].count;
    }
    for (size_t k = 0; k < all.count; k++)
        if (!pile_has(&part[0], all.line[k]) && !pile_has(&part[1], all.line[k]) &&
            !pile_has(&part[2], all.line[k]))
            fail_msg("%s: in the whole set only: %s", name, all.line[k]);
    assert_int_equal(held(&all, &part[2]), part[2].count);
    if (grows)
        assert_int_equal(lines, all.count);
    else
        assert_true(part[1].count <= all.count);
    for (int i = 0; i < 3; i++)
        pile_free(&part[i]);
    pile_free(&all);
}

static void test_increments_make_the_whole(void **state)
{
    static const struct {
        const char *name;
        bool grows;
    } files[] = {{"units.csv", false},         {"accounts.csv", false},
                 {"terms.csv", true},          {"ledger.csv", true},
                 {"applications.csv", false},  {"application_steps.csv", false},
                 {"loan_contracts.csv", true}, {"loan_accounts.csv", false},
                 {"loan_ledger.csv", true},    {"loan_rates.csv", true}};
    char sets[3][FOLDER_MAX], whole[FOLDER_MAX];
    char *truth, *expected;

    (void)state;
    write_set(sets[0], NULL, first_end, 1);
    write_set(sets[1], first_end, second_end, 2);
    write_set(sets[2], second_end, third_end, 3);
    write_set(whole, NULL, third_end, 1);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        check_file(files[i].name, sets, whole, files[i].grows);
    truth = read_file(sets[2], "truth.jsonl");
    expected = read_file(whole, "truth.jsonl");
    assert_string_equal(truth, expected);
    free(truth);
    free(expected);
    for (int i = 0; i < 3; i++)
        folder_remove(sets[i]);
    folder_remove(whole);
}

/* A day without anything is an increment all the same: its files hold their headers. */
static void test_day_after_day(void **state)
{
    char dir[FOLDER_MAX];
    char *manifest;

    (void)state;
    write_set(dir, first_end, "2026-05-06", 2);
    manifest = read_file(dir, "manifest.json");
    assert_non_null(strstr(manifest, "\"kind\":\"increment\""));
    assert_non_null(strstr(manifest, "\"set_number\":2"));
    assert_non_null(strstr(manifest, "\"as_of\":\"2026-05-06\""));
    assert_non_null(strstr(manifest, "loan_rates.csv"));
    free(manifest);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_increments_make_the_whole),
        cmocka_unit_test(test_day_after_day),
    };

    return cmocka_run_group_tests_name("city increments", tests, NULL, NULL);
}
