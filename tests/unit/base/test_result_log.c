#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

#include "base/log.h"
#include "base/progress.h"
#include "base/result.h"
#include "base/text.h"

static void words_and_statuses(void **state)
{
    (void)state;
    assert_string_equal(result_word(RESULT_OK), "ok");
    assert_string_equal(result_word(RESULT_NOT_FOUND), "not-found");
    assert_int_equal(result_exit_status(RESULT_OK), 0);
    assert_int_equal(result_exit_status(RESULT_BUSY), 75); /* EX_TEMPFAIL of sysexits.h */
    for (int a = 0; a < RESULT_COUNT; a++) {
        assert_true(a == RESULT_OK || result_exit_status((enum result)a) > 0);
        for (int b = 0; b < a; b++)
            assert_string_not_equal(result_word((enum result)a), result_word((enum result)b));
    }
}

static void sentences(void **state)
{
    char longer[3 * ERROR_SENTENCE_MAX + 1];
    struct error err;

    (void)state;
    assert_int_equal(error_set(&err, RESULT_INVALID, "line %d: %s", 7, "x"), RESULT_INVALID);
    assert_int_equal(err.code, RESULT_INVALID);
    assert_string_equal(err.sentence, "line 7: x");
    assert_int_equal(error_set(NULL, RESULT_IO, "nobody reads %s", "this"), RESULT_IO);
    /* A sentence that is too long ends at a character, however it falls. */
    for (size_t ascii = 0; ascii < 4; ascii++) {
        size_t len = ascii;

        memset(longer, 'a', ascii);
        while (len + 3 < sizeof longer) {
            memcpy(longer + len, "昆", 3);
            len += 3;
        }
        longer[len] = '\0';
        error_set(&err, RESULT_INVALID, "%s", longer);
        len = strlen(err.sentence);
        assert_true(len >= ERROR_SENTENCE_MAX - 3 && len < ERROR_SENTENCE_MAX);
        assert_true(text_is_clean_utf8(text_of(err.sentence)));
        assert_int_equal((len - ascii) % 3, 0);
    }
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    error_set(&err, RESULT_INVALID, "%s", longer);
    assert_int_equal(strlen(err.sentence), ERROR_SENTENCE_MAX - 1);
}

/* Runs say() with standard error in a pipe and returns what it wrote. */
static const char *heard(void (*say)(void))
{
    static char out[65536];
    int ends[2], kept = dup(STDERR_FILENO);
    ssize_t n;

    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    dup2(ends[1], STDERR_FILENO);
    say();
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    n = read(ends[0], out, sizeof out - 1);
    out[n > 0 ? n : 0] = '\0';
    close(ends[0]);
    return out;
}

static void say_event(void)
{
    log_start("import", LOG_INFO);
    errno = ENOENT;
    log_event(LOG_DEBUG, "dropped", NULL);
    log_event(LOG_WARN, "rows-refused", "set", "17", "why", "a \"quote\"\n", "none", NULL, NULL);
}

static void a_line_is_json(void **state)
{
    const char *line = heard(say_event);
    json_t *j = json_loads(line, 0, NULL);
    const char *time;

    (void)state;
    assert_int_equal(errno, ENOENT); /* logging leaves errno alone */
    assert_non_null(j);
    assert_true(strchr(line, '\n') == line + strlen(line) - 1);
    assert_string_equal(json_string_value(json_object_get(j, "level")), "warn");
    assert_string_equal(json_string_value(json_object_get(j, "program")), "import");
    assert_string_equal(json_string_value(json_object_get(j, "event")), "rows-refused");
    assert_string_equal(json_string_value(json_object_get(j, "set")), "17");
    assert_string_equal(json_string_value(json_object_get(j, "why")), "a \"quote\"\n");
    assert_true(json_is_null(json_object_get(j, "none")));
    time = json_string_value(json_object_get(j, "time"));
    assert_int_equal(strlen(time), 24);
    assert_true(time[10] == 'T' && time[19] == '.' && time[23] == 'Z');
    json_decref(j);
}

static void say_much(void)
{
    static char much[5000];

    memset(much, '\x01', sizeof much - 1);
    alloc_fault_after(0);
    log_event(LOG_ERROR, "too-much", "first", "1", "much", much, "after", "2", NULL);
    alloc_fault_after(-1);
}

/* Too long a value is left out whole and the line says so; no memory is asked for. */
static void a_long_line_is_cut(void **state)
{
    json_t *j = json_loads(heard(say_much), 0, NULL);

    (void)state;
    assert_non_null(j);
    assert_true(json_is_true(json_object_get(j, "cut")));
    assert_string_equal(json_string_value(json_object_get(j, "first")), "1");
    assert_null(json_object_get(j, "much"));
    json_decref(j);
}

/* At every length around the limit the line stays whole. */
static char filler[4200];

static void say_filler(void)
{
    log_event(LOG_INFO, "filler", "text", filler, NULL);
}

static void no_length_breaks_a_line(void **state)
{
    (void)state;
    for (size_t len = 3800; len < 4100; len++) {
        const char *line;
        json_t *j;

        memset(filler, 'f', len);
        filler[len] = '\0';
        line = heard(say_filler);
        j = json_loads(line, 0, NULL);
        assert_non_null(j);
        assert_true(strlen(line) <= 4096);
        assert_true(json_object_get(j, "cut") || json_object_get(j, "text"));
        json_decref(j);
    }
}

static void say_progress(void)
{
    struct progress p;

    progress_start(&p, "import", 100);
    for (uint64_t i = 0; i <= 100; i++)
        progress_show(&p, i);
    progress_end(&p);
}

static void say_progress_drawn(void)
{
    struct progress p;

    progress_start(&p, "import", 200);
    p.on = 1; /* as on a terminal */
    for (uint64_t i = 0; i <= 200; i++)
        progress_show(&p, i);
    progress_show(&p, 500); /* more than was said is no more than all */
    progress_end(&p);
    progress_show(&p, 1);
    progress_start(&p, "count", 0);
    p.on = 1;
    progress_show(&p, 12345);
    progress_end(&p);
}

static void progress_is_for_terminals(void **state)
{
    const char *seen;

    (void)state;
    assert_string_equal(heard(say_progress), "");
    seen = heard(say_progress_drawn);
    assert_non_null(strstr(seen, "import [##############################] 100 %"));
    assert_non_null(strstr(seen, "import [..............................]   0 %"));
    assert_non_null(strstr(seen, "\rcount 12345\n"));
    assert_true(strlen(seen) < 1000); /* it did not draw two hundred times */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_statuses),      cmocka_unit_test(sentences),
        cmocka_unit_test(a_line_is_json),          cmocka_unit_test(a_long_line_is_cut),
        cmocka_unit_test(no_length_breaks_a_line), cmocka_unit_test(progress_is_for_terminals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
